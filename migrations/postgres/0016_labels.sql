-- Labels and notes of issues (the SQLite file of the same name does the same).
CREATE TABLE issue_label (
    issue_id bigint NOT NULL,
    -- In lower case, compared byte by byte, as SQLite does.
    label    text   NOT NULL COLLATE "C",
    PRIMARY KEY (issue_id, label)
);
-- What has a label, and how many issues have which.
CREATE INDEX issue_label_by_label ON issue_label (label, issue_id);
-- The notes of an issue, which are few among its activities. 8 is their kind.
CREATE INDEX activity_notes ON activity (issue_id, id) WHERE kind = 8;
