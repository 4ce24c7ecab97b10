-- What a search reads of events (the SQLite file of the same name has the same tables). The pipeline works it out once
-- per event, so that no search decompresses a body.

-- A distinct searchable text of an issue, in lower case, a line each, at most 16 KiB. Events of an issue repeat each
-- other: most of them only point here.
CREATE TABLE search_text (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id bigint NOT NULL,
    -- Of `text` and `facts`.
    hash     bigint NOT NULL,
    text     text   NOT NULL,
    -- An object of lists: `error.*` beside the message of an event, `stack.*` beside its stack.
    facts    jsonb,
    UNIQUE (issue_id, hash)
);
-- The extension belongs to the database and not to this schema: several stores may live beside each other, and none
-- takes it along when it is dropped. Whoever installed it before decided where.
DO $$
DECLARE
    home name;
BEGIN
    IF to_regnamespace('public') IS NULL THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    ELSE
        CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
    END IF;
    SELECT n.nspname INTO home
    FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX search_text_by_trigram ON search_text USING gin (text %I.gin_trgm_ops)', home);
END
$$;

-- What can be asked of an event, for each occurrence that has an issue.
CREATE TABLE event_fact (
    -- That of the occurrence.
    seq        bigint PRIMARY KEY,
    -- Rows of `search_text`: message, title, exceptions; culprit, files, functions, modules.
    message_id bigint,
    stack_id   bigint,
    -- A flat object, with the tags in an object of their own.
    facts      jsonb NOT NULL
);

-- The text of the issue itself: title, subtitle, message and culprit. It was a column before, without an index.
ALTER TABLE issue ADD COLUMN text_id bigint;
ALTER TABLE issue DROP COLUMN search_text;
-- Issues from before this migration, until upkeep has given them their text.
CREATE INDEX issue_without_text ON issue (id) WHERE text_id IS NULL;

-- That some event of the issue has this key and value. An issue may keep a term whose last event is gone, so a search
-- that finds it here looks at the events.
CREATE TABLE search_term (
    -- A hash of key and value.
    term     bigint NOT NULL,
    issue_id bigint NOT NULL,
    PRIMARY KEY (term, issue_id)
);
-- Issues that are deleted or merged.
CREATE INDEX search_term_by_issue ON search_term (issue_id);

-- Values seen for a key, to choose from, ordered byte by byte as in SQLite.
CREATE TABLE search_value (
    key   text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (key, value)
);

-- An event by its id alone.
CREATE INDEX occurrence_by_event ON occurrence (event_id);

-- One row. Occurrences from before this migration: those after `next_seq` up to `last_seq` wait for upkeep to read
-- them.
CREATE TABLE search_backlog (
    id       smallint PRIMARY KEY CHECK (id = 1),
    next_seq bigint   NOT NULL,
    last_seq bigint   NOT NULL
);
INSERT INTO search_backlog (id, next_seq, last_seq) SELECT 1, 0, coalesce(max(seq), 0) FROM occurrence;
