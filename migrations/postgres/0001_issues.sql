-- The tables behind the inbox: those of the SQLite file of the same name, column by column, but for how ids are given.
--
-- Types: hours are hours since the Unix epoch, MD5 digests are uuids because they have the same 16 bytes. JSON that no
-- statement looks into is text: jsonb would refuse U+0000 in it.
--
-- There are no foreign keys. A batch fills every table in one transaction, so a dangling row cannot come from a crash;
-- a check per row would add a look-up to each insert of the hot tables and a share lock on the parent, a row that
-- every writer needs.

-- One row. `revision` grows by one with each commit.
CREATE TABLE store_state (
    id       smallint PRIMARY KEY CHECK (id = 1),
    revision bigint   NOT NULL
);
INSERT INTO store_state (id, revision) VALUES (1, 0);

-- Issue ids. A sequence and not a column of `store_state`, which would make writers wait for each other long before
-- they commit.
CREATE SEQUENCE issue_id;

-- Clusters, files and the demo, by name. Other tables carry the number, because they repeat it in every row.
CREATE TABLE source (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text   NOT NULL UNIQUE
);

-- The next offset to read, moved in the transaction that stores the records before it.
CREATE TABLE consumer_offset (
    source_id   bigint  NOT NULL,
    topic       text    NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint  NOT NULL,
    PRIMARY KEY (source_id, topic, partition)
);

CREATE TABLE project (
    id   bigint PRIMARY KEY,
    slug text   NOT NULL UNIQUE
);

-- The last short id given in a project. Apart from `project`, so that locking it does not lock the project.
CREATE TABLE short_id_counter (
    project_id  bigint PRIMARY KEY,
    last_number bigint NOT NULL
);

CREATE TABLE issue (
    id               bigint      PRIMARY KEY,
    project_id       bigint      NOT NULL,
    short_id         bigint      NOT NULL,
    group_type       integer     NOT NULL,
    status           smallint    NOT NULL,
    substatus        smallint,
    priority         smallint    NOT NULL,
    level            smallint    NOT NULL,
    platform         text        NOT NULL,
    message          text        NOT NULL,
    culprit          text        NOT NULL,
    -- What `data` says for display, so that a list need not read it.
    title            text        NOT NULL,
    subtitle         text        NOT NULL,
    -- Title, subtitle, message and culprit in lower case, a line each.
    search_text      text        NOT NULL,
    first_seen       timestamptz NOT NULL,
    last_seen        timestamptz NOT NULL,
    active_at        timestamptz NOT NULL,
    times_seen       bigint      NOT NULL,
    score            bigint      NOT NULL,
    first_release    text,
    data             text        NOT NULL,
    -- Revision of the store that last wrote the issue, and the one that opened it.
    revision         bigint      NOT NULL,
    created_revision bigint      NOT NULL,
    UNIQUE (project_id, short_id)
);

-- The lists. Each index holds the order and what the cheap filters ask for, so that a list without free text never
-- touches the table.
CREATE INDEX issue_by_last_seen  ON issue (last_seen DESC, id DESC) INCLUDE (status, level, project_id);
CREATE INDEX issue_by_first_seen ON issue (first_seen DESC, id DESC) INCLUDE (status, level, project_id);
CREATE INDEX issue_by_times_seen ON issue (times_seen DESC, id DESC) INCLUDE (status, level, project_id);
-- What has changed since a revision.
CREATE INDEX issue_by_revision   ON issue (revision) INCLUDE (created_revision, status, level, project_id);

-- Which issue a fingerprint leads to.
CREATE TABLE grouphash (
    project_id bigint NOT NULL,
    hash       uuid   NOT NULL,
    issue_id   bigint,
    PRIMARY KEY (project_id, hash)
);
CREATE INDEX grouphash_by_issue ON grouphash (issue_id);

-- Occurrences of an issue per hour of their event time.
CREATE TABLE issue_bucket (
    issue_id bigint  NOT NULL,
    hour     integer NOT NULL,
    count    bigint  NOT NULL,
    PRIMARY KEY (issue_id, hour)
);

CREATE TABLE issue_environment (
    issue_id      bigint      NOT NULL,
    environment   text        NOT NULL,
    first_release text,
    first_seen    timestamptz NOT NULL,
    PRIMARY KEY (issue_id, environment)
);

CREATE TABLE issue_release (
    issue_id    bigint      NOT NULL,
    release     text        NOT NULL,
    environment text        NOT NULL,
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    PRIMARY KEY (issue_id, release, environment)
);

CREATE TABLE project_environment (
    project_id bigint NOT NULL,
    name       text   NOT NULL,
    PRIMARY KEY (project_id, name)
);

CREATE TABLE project_release (
    project_id bigint      NOT NULL,
    version    text        NOT NULL,
    date_added timestamptz NOT NULL,
    -- Issues first seen in this release.
    new_groups bigint      NOT NULL,
    PRIMARY KEY (project_id, version)
);

CREATE TABLE project_release_environment (
    project_id  bigint NOT NULL,
    version     text   NOT NULL,
    environment text   NOT NULL,
    -- Issues seen in this environment for the first time, with this release.
    new_issues  bigint NOT NULL,
    PRIMARY KEY (project_id, version, environment)
);

-- Event bodies: JSON, compressed with zstd.
CREATE TABLE event (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint      NOT NULL,
    event_id   uuid        NOT NULL,
    event_type text        NOT NULL,
    event_time timestamptz NOT NULL,
    json_bytes bigint      NOT NULL,
    body       bytea       NOT NULL,
    UNIQUE (event_id, project_id)
);

CREATE SEQUENCE occurrence_seq;

CREATE TABLE occurrence (
    -- Order of arrival, from `occurrence_seq`.
    seq           bigint      PRIMARY KEY,
    project_id    bigint      NOT NULL,
    id            uuid        NOT NULL,
    event_id      uuid        NOT NULL,
    -- Nothing where the occurrence was stored and then dropped.
    issue_id      bigint,
    event_time    timestamptz NOT NULL,
    environment   text        NOT NULL,
    release       text,
    -- Tags of an event without a stored body: a JSON list of pairs.
    light_tags    text,
    -- The occurrence record: JSON, compressed with zstd.
    payload       bytea       NOT NULL,
    -- The record it came in.
    source_id     bigint      NOT NULL,
    topic         text        NOT NULL,
    partition     integer     NOT NULL,
    record_offset bigint      NOT NULL,
    record_key    bytea,
    stored_at     timestamptz NOT NULL,
    UNIQUE (id, project_id)
);
-- Stepping through an issue's occurrences. `release` comes along for the newest one that has a release.
CREATE INDEX occurrence_by_issue ON occurrence (issue_id, event_time, seq) INCLUDE (release);

-- How records ended, per hour of processing.
CREATE TABLE outcome_bucket (
    hour       integer NOT NULL,
    project_id bigint  NOT NULL,
    outcome    text    NOT NULL,
    reason     text    NOT NULL,
    quantity   bigint  NOT NULL,
    PRIMARY KEY (hour, project_id, outcome, reason)
);

CREATE TABLE dead_letter (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id     bigint      NOT NULL,
    topic         text        NOT NULL,
    partition     integer     NOT NULL,
    record_offset bigint      NOT NULL,
    reason        text        NOT NULL,
    detail        text        NOT NULL,
    -- Length of the value as it was read; `payload` is compressed with zstd.
    payload_bytes bigint      NOT NULL,
    payload       bytea       NOT NULL,
    record_key    bytea,
    -- A JSON list of [name, value in base64].
    headers       text        NOT NULL,
    attempts      integer     NOT NULL,
    -- `new` until someone replays or discards it.
    state         text        NOT NULL,
    stored_at     timestamptz NOT NULL,
    UNIQUE (source_id, topic, partition, record_offset)
);

-- Compressed already: trying to compress it once more would only cost time.
ALTER TABLE event       ALTER COLUMN body    SET STORAGE EXTERNAL;
ALTER TABLE occurrence  ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE dead_letter ALTER COLUMN payload SET STORAGE EXTERNAL;
