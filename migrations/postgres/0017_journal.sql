-- Notes in the order of their time, of which a merge may bring older ones later (the SQLite file of the same name does
-- the same). 8 is their kind.
DROP INDEX activity_notes;
CREATE INDEX activity_notes ON activity (issue_id, at, id) WHERE kind = 8;
