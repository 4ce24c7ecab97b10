-- What a search reads of events (the PostgreSQL file of the same name has the same tables). The pipeline works it out
-- once per event, so that no search decompresses a body.

-- A distinct searchable text of an issue, in lower case, a line each, at most 16 KiB. Events of an issue repeat each
-- other: most of them only point here.
CREATE TABLE search_text (
    id       INTEGER PRIMARY KEY,
    issue_id INTEGER NOT NULL,
    -- Of `text` and `facts`.
    hash     INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    -- A JSON object of lists: `error.*` beside the message of an event, `stack.*` beside its stack.
    facts    TEXT,
    UNIQUE (issue_id, hash)
) STRICT;

-- Which texts have three characters in a row. Positions are left out: the text itself decides about longer words.
CREATE VIRTUAL TABLE search_text_fts USING fts5 (
    text, content = 'search_text', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none'
);
CREATE TRIGGER search_text_added AFTER INSERT ON search_text BEGIN
    INSERT INTO search_text_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER search_text_removed AFTER DELETE ON search_text BEGIN
    INSERT INTO search_text_fts (search_text_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;

-- What can be asked of an event, for each occurrence that has an issue.
CREATE TABLE event_fact (
    -- That of the occurrence.
    seq        INTEGER PRIMARY KEY,
    -- Rows of `search_text`: message, title, exceptions; culprit, files, functions, modules.
    message_id INTEGER,
    stack_id   INTEGER,
    -- A flat JSON object, with the tags in an object of their own.
    facts      TEXT NOT NULL
) STRICT;

-- The text of the issue itself: title, subtitle, message and culprit.
ALTER TABLE issue ADD COLUMN text_id INTEGER;
-- Issues from before this migration, until upkeep has given them their text.
CREATE INDEX issue_without_text ON issue (id) WHERE text_id IS NULL;

-- That some event of the issue has this key and value. An issue may keep a term whose last event is gone, so a search
-- that finds it here looks at the events.
CREATE TABLE search_term (
    -- A hash of key and value.
    term     INTEGER NOT NULL,
    issue_id INTEGER NOT NULL,
    PRIMARY KEY (term, issue_id)
) STRICT, WITHOUT ROWID;
-- For issues that are deleted or merged.
CREATE INDEX search_term_by_issue ON search_term (issue_id);

-- Values seen for a key, to choose from.
CREATE TABLE search_value (
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key, value)
) STRICT, WITHOUT ROWID;

-- An event by its id alone.
CREATE INDEX occurrence_by_event ON occurrence (event_id);

-- One row. Occurrences from before this migration: those after `next_seq` up to `last_seq` wait for upkeep to read
-- them.
CREATE TABLE search_backlog (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    next_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;
INSERT INTO search_backlog (id, next_seq, last_seq) SELECT 1, 0, coalesce(max(seq), 0) FROM occurrence;
