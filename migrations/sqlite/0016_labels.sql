-- Labels and notes of issues (the PostgreSQL file of the same name does the same).
CREATE TABLE issue_label (
    issue_id INTEGER NOT NULL,
    -- In lower case.
    label    TEXT    NOT NULL,
    PRIMARY KEY (issue_id, label)
) STRICT, WITHOUT ROWID;
-- What has a label, and how many issues have which.
CREATE INDEX issue_label_by_label ON issue_label (label, issue_id);
-- The notes of an issue, which are few among its activities. 8 is their kind.
CREATE INDEX activity_notes ON activity (issue_id, id) WHERE kind = 8;
