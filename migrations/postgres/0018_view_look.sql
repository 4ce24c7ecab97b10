-- What else belongs to a view (the SQLite file of the same name has the same columns): the word of its icon, nothing
-- where it has none; the word of the density of its rows, nothing for that of other lists; whether it is opened
-- following the feed.
ALTER TABLE saved_view ADD COLUMN icon text;
ALTER TABLE saved_view ADD COLUMN density text;
ALTER TABLE saved_view ADD COLUMN follow boolean NOT NULL DEFAULT false;
