-- The tables behind the inbox: those of the PostgreSQL file of the same name, column by column, but for how ids are given.
--
-- Types: times are microseconds since the Unix epoch, hours are hours since it, UUIDs and MD5 digests are BLOBs of
-- 16 bytes, truth values are 0 and 1.
--
-- There are no foreign keys. A batch fills every table in one transaction, so a dangling row cannot come from a crash,
-- and a check per row would add a look-up to each insert of the hot tables.

-- One row. `revision` grows by one with each commit; `last_issue_id` is the last id given away, so that an id is never
-- used twice, not even after a delete.
CREATE TABLE store_state (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    revision      INTEGER NOT NULL,
    last_issue_id INTEGER NOT NULL
) STRICT;
INSERT INTO store_state (id, revision, last_issue_id) VALUES (1, 0, 0);

-- Clusters, files and the demo, by name. Other tables carry the number, because they repeat it in every row.
CREATE TABLE source (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The next offset to read, moved in the transaction that stores the records before it.
CREATE TABLE consumer_offset (
    source_id   INTEGER NOT NULL,
    topic       TEXT    NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (source_id, topic, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE project (
    id   INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE
) STRICT;

-- The last short id given in a project. Apart from `project`, so that locking it does not lock the project.
CREATE TABLE short_id_counter (
    project_id  INTEGER PRIMARY KEY,
    last_number INTEGER NOT NULL
) STRICT;

CREATE TABLE issue (
    id               INTEGER PRIMARY KEY,
    project_id       INTEGER NOT NULL,
    short_id         INTEGER NOT NULL,
    group_type       INTEGER NOT NULL,
    status           INTEGER NOT NULL,
    substatus        INTEGER,
    priority         INTEGER NOT NULL,
    level            INTEGER NOT NULL,
    platform         TEXT    NOT NULL,
    message          TEXT    NOT NULL,
    culprit          TEXT    NOT NULL,
    -- What `data` says for display, so that a list need not read it.
    title            TEXT    NOT NULL,
    subtitle         TEXT    NOT NULL,
    -- Title, subtitle, message and culprit in lower case, a line each.
    search_text      TEXT    NOT NULL,
    first_seen       INTEGER NOT NULL,
    last_seen        INTEGER NOT NULL,
    active_at        INTEGER NOT NULL,
    times_seen       INTEGER NOT NULL,
    score            INTEGER NOT NULL,
    first_release    TEXT,
    data             TEXT    NOT NULL,
    -- Revision of the store that last wrote the issue, and the one that opened it.
    revision         INTEGER NOT NULL,
    created_revision INTEGER NOT NULL,
    UNIQUE (project_id, short_id)
) STRICT;

-- The lists. Each index holds the order and what the cheap filters ask for, so that a list without free text never
-- touches the table.
CREATE INDEX issue_by_last_seen  ON issue (last_seen DESC, id DESC, status, level, project_id);
CREATE INDEX issue_by_first_seen ON issue (first_seen DESC, id DESC, status, level, project_id);
CREATE INDEX issue_by_times_seen ON issue (times_seen DESC, id DESC, status, level, project_id);
-- What has changed since a revision.
CREATE INDEX issue_by_revision   ON issue (revision, created_revision, status, level, project_id);

-- Which issue a fingerprint leads to.
CREATE TABLE grouphash (
    project_id INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    issue_id   INTEGER,
    PRIMARY KEY (project_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX grouphash_by_issue ON grouphash (issue_id);

-- Occurrences of an issue per hour of their event time.
CREATE TABLE issue_bucket (
    issue_id INTEGER NOT NULL,
    hour     INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (issue_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_environment (
    issue_id      INTEGER NOT NULL,
    environment   TEXT    NOT NULL,
    first_release TEXT,
    first_seen    INTEGER NOT NULL,
    PRIMARY KEY (issue_id, environment)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_release (
    issue_id    INTEGER NOT NULL,
    release     TEXT    NOT NULL,
    environment TEXT    NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,
    PRIMARY KEY (issue_id, release, environment)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_environment (
    project_id INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    PRIMARY KEY (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_release (
    project_id INTEGER NOT NULL,
    version    TEXT    NOT NULL,
    date_added INTEGER NOT NULL,
    -- Issues first seen in this release.
    new_groups INTEGER NOT NULL,
    PRIMARY KEY (project_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_release_environment (
    project_id  INTEGER NOT NULL,
    version     TEXT    NOT NULL,
    environment TEXT    NOT NULL,
    -- Issues seen in this environment for the first time, with this release.
    new_issues  INTEGER NOT NULL,
    PRIMARY KEY (project_id, version, environment)
) STRICT, WITHOUT ROWID;

-- Event bodies: JSON, compressed with zstd.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    event_id   BLOB    NOT NULL,
    event_type TEXT    NOT NULL,
    event_time INTEGER NOT NULL,
    json_bytes INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    UNIQUE (event_id, project_id)
) STRICT;

CREATE TABLE occurrence (
    -- Order of arrival.
    seq           INTEGER PRIMARY KEY,
    project_id    INTEGER NOT NULL,
    id            BLOB    NOT NULL,
    event_id      BLOB    NOT NULL,
    -- Nothing where the occurrence was stored and then dropped.
    issue_id      INTEGER,
    event_time    INTEGER NOT NULL,
    environment   TEXT    NOT NULL,
    release       TEXT,
    -- Tags of an event without a stored body: a JSON list of pairs.
    light_tags    TEXT,
    -- The occurrence record: JSON, compressed with zstd.
    payload       BLOB    NOT NULL,
    -- The record it came in.
    source_id     INTEGER NOT NULL,
    topic         TEXT    NOT NULL,
    partition     INTEGER NOT NULL,
    record_offset INTEGER NOT NULL,
    record_key    BLOB,
    stored_at     INTEGER NOT NULL,
    UNIQUE (id, project_id)
) STRICT;
-- Stepping through an issue's occurrences. `release` is at the end for the newest one that has a release.
CREATE INDEX occurrence_by_issue ON occurrence (issue_id, event_time, seq, release);

-- How records ended, per hour of processing.
CREATE TABLE outcome_bucket (
    hour       INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    outcome    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    quantity   INTEGER NOT NULL,
    PRIMARY KEY (hour, project_id, outcome, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id     INTEGER NOT NULL,
    topic         TEXT    NOT NULL,
    partition     INTEGER NOT NULL,
    record_offset INTEGER NOT NULL,
    reason        TEXT    NOT NULL,
    detail        TEXT    NOT NULL,
    -- Length of the value as it was read; `payload` is compressed with zstd.
    payload_bytes INTEGER NOT NULL,
    payload       BLOB    NOT NULL,
    record_key    BLOB,
    -- A JSON list of [name, value in base64].
    headers       TEXT    NOT NULL,
    attempts      INTEGER NOT NULL,
    -- `new` until someone replays or discards it.
    state         TEXT    NOT NULL,
    stored_at     INTEGER NOT NULL,
    UNIQUE (source_id, topic, partition, record_offset)
) STRICT;
