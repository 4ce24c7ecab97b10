-- The journal tells more (the PostgreSQL file of the same name does the same).

-- The search whose issues it was; nothing where they were picked one by one.
ALTER TABLE journal ADD COLUMN query TEXT;
-- Microseconds.
ALTER TABLE journal ADD COLUMN took INTEGER;
-- Done along with something else, such as marking an issue as seen that is opened.
ALTER TABLE journal ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0;

-- Notes in the order of their time: a merge may bring older ones later. 8 is their kind.
DROP INDEX activity_notes;
CREATE INDEX activity_notes ON activity (issue_id, at, id) WHERE kind = 8;
