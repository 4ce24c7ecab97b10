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

-- The text of the issue itself: title, subtitle, message and culprit. It was a column before, without an index.
ALTER TABLE issue ADD COLUMN text_id INTEGER;
ALTER TABLE issue DROP COLUMN search_text;
-- Issues from before this migration, until upkeep has given them their text.
CREATE INDEX issue_without_text ON issue (text_id) WHERE text_id IS NULL;

-- That some event of an issue has a key and a value: `search_term (term, issue_id)`, to be read like the table of that
-- name in PostgreSQL, with the term in 16 hex digits. An issue may keep a term whose last event is gone, so a search
-- that finds it here looks at the events.
--
-- Terms are hashes, and as rows of a table each new one would write a page of its own. The index of a full-text table
-- is written in runs and merged later: measured with three new terms a record, 4 µs a record instead of 36, and a
-- seventh of the space. A row is what one transaction adds to one issue; its rowid has the issue in its upper bits.
CREATE VIRTUAL TABLE search_term_fts USING fts5 (
    terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);
CREATE VIRTUAL TABLE search_term_row USING fts5vocab (search_term_fts, instance);
-- Issues that have taken over events of another, and with them its terms.
CREATE TABLE search_heir (
    from_id  INTEGER NOT NULL,
    issue_id INTEGER NOT NULL,
    PRIMARY KEY (from_id, issue_id)
) STRICT, WITHOUT ROWID;
CREATE VIEW search_term (term, issue_id) AS
    SELECT r.term, r.doc >> 30 FROM search_term_row AS r
    UNION ALL
    SELECT r.term, h.issue_id FROM search_term_row AS r CROSS JOIN search_heir AS h ON h.from_id = r.doc >> 30;

-- Values seen for a key, to choose from.
CREATE TABLE search_value (
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key, value)
) STRICT, WITHOUT ROWID;

-- Occurrences with an issue by the first 12 hex digits of their event; the rowid is the occurrence's `seq`. Ids are as
-- random as terms are.
CREATE VIRTUAL TABLE occurrence_event_fts USING fts5 (
    event_id, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);

-- One row. Occurrences from before this migration: those after `next_seq` up to `last_seq` wait for upkeep to read
-- them.
CREATE TABLE search_backlog (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    next_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;
INSERT INTO search_backlog (id, next_seq, last_seq) SELECT 1, 0, coalesce(max(seq), 0) FROM occurrence;
