-- What an issue says, apart from how it stands (the SQLite file of the same name does the same, and says why).
CREATE TABLE issue_content (
    issue_id bigint PRIMARY KEY,
    platform text   NOT NULL,
    message  text   NOT NULL,
    culprit  text   NOT NULL,
    -- What `data` says for display, so that a list need not read it.
    title    text   NOT NULL,
    subtitle text   NOT NULL,
    data     text   NOT NULL
);
INSERT INTO issue_content (issue_id, platform, message, culprit, title, subtitle, data)
SELECT id, platform, message, culprit, title, subtitle, data FROM issue ORDER BY id;
ALTER TABLE issue
    DROP COLUMN platform, DROP COLUMN message, DROP COLUMN culprit, DROP COLUMN title, DROP COLUMN subtitle,
    DROP COLUMN data;
-- Columns that were dropped stay in the rows until they are written anew.
CLUSTER issue USING issue_pkey;
ALTER TABLE issue SET WITHOUT CLUSTER;
