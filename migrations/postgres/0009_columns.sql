-- Which columns the list of a view has (the SQLite file of the same name has the same column): their words in order
-- with commas between them; nothing for a view that has those of other lists.
ALTER TABLE saved_view ADD COLUMN columns text;
