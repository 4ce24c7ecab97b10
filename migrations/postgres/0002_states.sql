-- What decides about the state of an issue, beside the issue itself (the SQLite file of the same name has the same
-- tables). Rows that most issues never get stand in tables of their own, so that the hot table stays narrow.

ALTER TABLE project ADD COLUMN resolve_age_hours integer;
ALTER TABLE project ADD COLUMN feedback_in_inbox boolean NOT NULL DEFAULT TRUE;

ALTER TABLE issue ADD COLUMN resolved_at timestamptz;
ALTER TABLE issue ADD COLUMN priority_locked_at timestamptz;
-- At most one of the two is set.
ALTER TABLE issue ADD COLUMN assigned_user bigint;
ALTER TABLE issue ADD COLUMN assigned_team bigint;
-- New issues that will become ongoing, oldest first.
CREATE INDEX issue_new ON issue (first_seen) WHERE status = 0 AND substatus = 7;
-- Issues a repeated task looks at: archived until escalating, escalating, regressed.
CREATE INDEX issue_watched ON issue (substatus, id) WHERE substatus IN (1, 2, 6);

-- The tag `sentry:user` of the event.
ALTER TABLE occurrence ADD COLUMN user_key text;
-- It comes along in the index, so that the users of an issue are counted without reading its occurrences.
DROP INDEX occurrence_by_issue;
CREATE INDEX occurrence_by_issue ON occurrence (issue_id, event_time, seq) INCLUDE (release, user_key);

-- The newest releases of a project; of equal age the greater text comes first, byte by byte as in SQLite.
CREATE INDEX project_release_by_age ON project_release (project_id, date_added, version COLLATE "C");

CREATE TABLE issue_inbox (
    issue_id bigint      PRIMARY KEY,
    reason   smallint    NOT NULL,
    details  text,
    since    timestamptz NOT NULL
);
CREATE INDEX issue_inbox_by_age ON issue_inbox (since);

CREATE TABLE issue_snooze (
    issue_id    bigint PRIMARY KEY,
    until       timestamptz,
    count       bigint,
    -- Windows are minutes.
    "window"    bigint,
    user_count  bigint,
    user_window bigint,
    -- As they were when the issue was archived.
    times_seen  bigint,
    users_seen  bigint,
    actor       bigint
);
CREATE INDEX issue_snooze_by_end ON issue_snooze (until) WHERE until IS NOT NULL;

CREATE TABLE issue_resolution (
    issue_id                bigint   PRIMARY KEY,
    project_id              bigint   NOT NULL,
    -- What the activity that announced it carries as its ident.
    id                      text     NOT NULL,
    kind                    smallint,
    status                  smallint NOT NULL,
    release                 text     NOT NULL,
    current_release_version text
);
-- Those that wait for the next release of their project.
CREATE INDEX issue_resolution_pending ON issue_resolution (project_id) WHERE status = 0;

CREATE TABLE issue_forecast (
    issue_id bigint      PRIMARY KEY,
    -- A JSON list: occurrences per hour, a number a day.
    limits   text        NOT NULL,
    made_at  timestamptz NOT NULL
);

CREATE TABLE activity (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id bigint      NOT NULL,
    kind     smallint    NOT NULL,
    actor    bigint,
    ident    text,
    -- JSON.
    data     text        NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX activity_by_issue ON activity (issue_id, id);
-- What announced a resolution.
CREATE INDEX activity_by_ident ON activity (issue_id, ident, id) WHERE ident IS NOT NULL;

CREATE TABLE issue_history (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id    bigint      NOT NULL,
    kind        smallint    NOT NULL,
    actor       bigint,
    release     text,
    at          timestamptz NOT NULL,
    -- The newest earlier row of an opposite kind.
    previous_id bigint,
    previous_at timestamptz
);
CREATE INDEX issue_history_by_kind ON issue_history (issue_id, kind, id) INCLUDE (at);

-- Messages that were processed and left no occurrence to be recognised by.
CREATE TABLE message_mark (
    project_id bigint      NOT NULL,
    message_id text        NOT NULL,
    marked_at  timestamptz NOT NULL,
    PRIMARY KEY (project_id, message_id)
);
CREATE INDEX message_mark_by_age ON message_mark (marked_at);

-- Counters of noise reduction and quotas, as far as they are kept in a process and not in Redis.
CREATE TABLE counter (
    key        text        PRIMARY KEY,
    count      bigint      NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX counter_by_end ON counter (expires_at);

-- When a repeated task last ran, so that one of several processes runs it.
CREATE TABLE task_run (
    task       text        NOT NULL,
    -- 0 for a task that does not run per project.
    project_id bigint      NOT NULL,
    last_run   timestamptz NOT NULL,
    PRIMARY KEY (task, project_id)
);

-- Whom an issue can be handed to, in the order of the settings.
CREATE TABLE member (
    id        bigint  PRIMARY KEY,
    position  integer NOT NULL,
    username  text    NOT NULL,
    email     text,
    is_member boolean NOT NULL
);
CREATE TABLE team (
    id       bigint  PRIMARY KEY,
    position integer NOT NULL,
    slug     text    NOT NULL
);

CREATE INDEX dead_letter_by_state ON dead_letter (state, reason, id);
