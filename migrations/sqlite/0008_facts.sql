-- What writing an event costs searches (the PostgreSQL file of the same name changes the same).

-- Texts are found by their issue and their hash alone. Facts and issues named their row by a number before, which had to
-- be asked for with each event, and changed when its issue was merged.
ALTER TABLE event_fact RENAME TO event_fact_before;
CREATE TABLE event_fact (
    -- That of the occurrence.
    seq     INTEGER PRIMARY KEY,
    -- Hashes of texts of its issue: message, title, exceptions; culprit, files, functions, modules.
    message INTEGER,
    stack   INTEGER,
    -- A flat JSON object, with the tags in an object of their own.
    facts   TEXT NOT NULL
) STRICT;
INSERT INTO event_fact (seq, message, stack, facts)
SELECT f.seq, m.hash, s.hash, f.facts
FROM event_fact_before AS f
LEFT JOIN search_text AS m ON m.id = f.message_id
LEFT JOIN search_text AS s ON s.id = f.stack_id
ORDER BY f.seq;
DROP TABLE event_fact_before;

-- The hash of the issue's own text: title, subtitle, message and culprit.
ALTER TABLE issue ADD COLUMN text_hash INTEGER;
UPDATE issue SET text_hash = (SELECT t.hash FROM search_text AS t WHERE t.id = issue.text_id);
DROP INDEX issue_without_text;
ALTER TABLE issue DROP COLUMN text_id;
CREATE INDEX issue_without_text ON issue (text_hash) WHERE text_hash IS NULL;

-- What tells who somebody is (user, its id, e-mail and name) comes together again and again, and most people meet an
-- issue once. So an issue has one term for all of it, which is the rowid here, and here it says once what that stands
-- for: terms of a key and its value.
CREATE VIRTUAL TABLE search_person_fts USING fts5 (
    parts, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);
