-- What decides about the state of an issue, beside the issue itself (the PostgreSQL file of the same name has the same
-- tables). Rows that most issues never get stand in tables of their own, so that the hot table stays narrow.

ALTER TABLE project ADD COLUMN resolve_age_hours INTEGER;
ALTER TABLE project ADD COLUMN feedback_in_inbox INTEGER NOT NULL DEFAULT 1;

ALTER TABLE issue ADD COLUMN resolved_at INTEGER;
ALTER TABLE issue ADD COLUMN priority_locked_at INTEGER;
-- At most one of the two is set.
ALTER TABLE issue ADD COLUMN assigned_user INTEGER;
ALTER TABLE issue ADD COLUMN assigned_team INTEGER;
-- New issues that will become ongoing, oldest first.
CREATE INDEX issue_new ON issue (first_seen) WHERE status = 0 AND substatus = 7;
-- Issues a repeated task looks at: archived until escalating, escalating, regressed.
CREATE INDEX issue_watched ON issue (substatus, id) WHERE substatus IN (1, 2, 6);

-- The tag `sentry:user` of the event.
ALTER TABLE occurrence ADD COLUMN user_key TEXT;
-- It stands at the end of the index, so that the users of an issue are counted without reading its occurrences.
DROP INDEX occurrence_by_issue;
CREATE INDEX occurrence_by_issue ON occurrence (issue_id, event_time, seq, release, user_key);

-- The newest releases of a project; of equal age the greater text comes first.
CREATE INDEX project_release_by_age ON project_release (project_id, date_added, version);

CREATE TABLE issue_inbox (
    issue_id INTEGER PRIMARY KEY,
    reason   INTEGER NOT NULL,
    details  TEXT,
    since    INTEGER NOT NULL
) STRICT;
CREATE INDEX issue_inbox_by_age ON issue_inbox (since);

CREATE TABLE issue_snooze (
    issue_id    INTEGER PRIMARY KEY,
    until       INTEGER,
    count       INTEGER,
    -- Windows are minutes.
    window      INTEGER,
    user_count  INTEGER,
    user_window INTEGER,
    -- As they were when the issue was archived.
    times_seen  INTEGER,
    users_seen  INTEGER,
    actor       INTEGER
) STRICT;
CREATE INDEX issue_snooze_by_end ON issue_snooze (until) WHERE until IS NOT NULL;

CREATE TABLE issue_resolution (
    issue_id                INTEGER PRIMARY KEY,
    project_id              INTEGER NOT NULL,
    -- What the activity that announced it carries as its ident.
    id                      TEXT    NOT NULL,
    kind                    INTEGER,
    status                  INTEGER NOT NULL,
    release                 TEXT    NOT NULL,
    current_release_version TEXT
) STRICT;
-- Those that wait for the next release of their project.
CREATE INDEX issue_resolution_pending ON issue_resolution (project_id) WHERE status = 0;

CREATE TABLE issue_forecast (
    issue_id INTEGER PRIMARY KEY,
    -- A JSON list: occurrences per hour, a number a day.
    limits   TEXT    NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE activity (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    actor    INTEGER,
    ident    TEXT,
    -- JSON.
    data     TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_by_issue ON activity (issue_id, id);
-- What announced a resolution.
CREATE INDEX activity_by_ident ON activity (issue_id, ident, id) WHERE ident IS NOT NULL;

CREATE TABLE issue_history (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id    INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    actor       INTEGER,
    release     TEXT,
    at          INTEGER NOT NULL,
    -- The newest earlier row of an opposite kind.
    previous_id INTEGER,
    previous_at INTEGER
) STRICT;
CREATE INDEX issue_history_by_kind ON issue_history (issue_id, kind, id, at);

-- Messages that were processed and left no occurrence to be recognised by.
CREATE TABLE message_mark (
    project_id INTEGER NOT NULL,
    message_id TEXT    NOT NULL,
    marked_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_mark_by_age ON message_mark (marked_at);

-- Counters of noise reduction and quotas, as far as they are kept in a process and not in Redis.
CREATE TABLE counter (
    key        TEXT    PRIMARY KEY,
    count      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counter_by_end ON counter (expires_at);

-- When a repeated task last ran, so that one of several processes runs it.
CREATE TABLE task_run (
    task       TEXT    NOT NULL,
    -- 0 for a task that does not run per project.
    project_id INTEGER NOT NULL,
    last_run   INTEGER NOT NULL,
    PRIMARY KEY (task, project_id)
) STRICT, WITHOUT ROWID;

-- Whom an issue can be handed to, in the order of the settings.
CREATE TABLE member (
    id        INTEGER PRIMARY KEY,
    position  INTEGER NOT NULL,
    username  TEXT    NOT NULL,
    email     TEXT,
    is_member INTEGER NOT NULL
) STRICT;
CREATE TABLE team (
    id       INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    slug     TEXT    NOT NULL
) STRICT;

CREATE INDEX dead_letter_by_state ON dead_letter (state, reason, id);
