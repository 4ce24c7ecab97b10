-- What an issue says, apart from how it stands (the PostgreSQL file of the same name does the same). Nearly every batch
-- and every action writes how issues stand, few write what they say, and that is nine tenths of the row: a page held four
-- issues, and a change of one wrote all of it anew. Now a page of `issue` holds thirty.
CREATE TABLE issue_content (
    issue_id INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    culprit  TEXT    NOT NULL,
    -- What `data` says for display, so that a list need not read it.
    title    TEXT    NOT NULL,
    subtitle TEXT    NOT NULL,
    data     TEXT    NOT NULL
) STRICT;
INSERT INTO issue_content (issue_id, platform, message, culprit, title, subtitle, data)
SELECT id, platform, message, culprit, title, subtitle, data FROM issue ORDER BY id;

-- SQLite writes a table anew for each column that is dropped, so it is copied instead.
CREATE TABLE issue_standing (
    id                 INTEGER PRIMARY KEY,
    project_id         INTEGER NOT NULL,
    short_id           INTEGER NOT NULL,
    group_type         INTEGER NOT NULL,
    status             INTEGER NOT NULL,
    substatus          INTEGER,
    priority           INTEGER NOT NULL,
    level              INTEGER NOT NULL,
    first_seen         INTEGER NOT NULL,
    last_seen          INTEGER NOT NULL,
    active_at          INTEGER NOT NULL,
    resolved_at        INTEGER,
    priority_locked_at INTEGER,
    times_seen         INTEGER NOT NULL,
    score              INTEGER NOT NULL,
    -- At most one of the two is set.
    assigned_user      INTEGER,
    assigned_team      INTEGER,
    first_release      TEXT,
    -- The hash of the issue's own text: title, subtitle, message and culprit.
    text_hash          INTEGER,
    -- Revision of the store that last wrote the issue, and the one that opened it.
    revision           INTEGER NOT NULL,
    created_revision   INTEGER NOT NULL,
    UNIQUE (project_id, short_id)
) STRICT;
INSERT INTO issue_standing (
    id, project_id, short_id, group_type, status, substatus, priority, level, first_seen, last_seen, active_at,
    resolved_at, priority_locked_at, times_seen, score, assigned_user, assigned_team, first_release, text_hash, revision,
    created_revision)
SELECT
    id, project_id, short_id, group_type, status, substatus, priority, level, first_seen, last_seen, active_at,
    resolved_at, priority_locked_at, times_seen, score, assigned_user, assigned_team, first_release, text_hash, revision,
    created_revision
FROM issue ORDER BY id;
DROP TABLE issue;
ALTER TABLE issue_standing RENAME TO issue;

CREATE INDEX issue_by_last_seen ON issue (
    last_seen DESC, id DESC, status, substatus, priority, group_type, project_id, assigned_user, assigned_team,
    first_seen, times_seen, created_revision
);
CREATE INDEX issue_by_revision ON issue (revision, created_revision);
CREATE INDEX issue_new ON issue (first_seen) WHERE status = 0 AND substatus = 7;
CREATE INDEX issue_watched ON issue (substatus, id) WHERE substatus IN (1, 2, 6);
CREATE INDEX issue_without_text ON issue (text_hash) WHERE text_hash IS NULL;
