-- What writing an event costs searches (the SQLite file of the same name changes the same).

-- Texts are found by their issue and their hash alone. Facts and issues named their row by a number before, which had to
-- be asked for with each event, and changed when its issue was merged.
ALTER TABLE event_fact RENAME TO event_fact_before;
ALTER INDEX event_fact_pkey RENAME TO event_fact_before_pkey;
CREATE TABLE event_fact (
    -- That of the occurrence.
    seq     bigint PRIMARY KEY,
    -- Hashes of texts of its issue: message, title, exceptions; culprit, files, functions, modules.
    message bigint,
    stack   bigint,
    -- A flat object, with the tags in an object of their own.
    facts   jsonb NOT NULL
);
INSERT INTO event_fact (seq, message, stack, facts)
SELECT f.seq, m.hash, s.hash, f.facts
FROM event_fact_before AS f
LEFT JOIN search_text AS m ON m.id = f.message_id
LEFT JOIN search_text AS s ON s.id = f.stack_id;
DROP TABLE event_fact_before;

-- The hash of the issue's own text: title, subtitle, message and culprit.
ALTER TABLE issue ADD COLUMN text_hash bigint;
UPDATE issue AS i SET text_hash = t.hash FROM search_text AS t WHERE t.id = i.text_id;
DROP INDEX issue_without_text;
ALTER TABLE issue DROP COLUMN text_id;
CREATE INDEX issue_without_text ON issue (id) WHERE text_hash IS NULL;
ALTER TABLE search_text DROP COLUMN id;

-- What tells who somebody is (user, its id, e-mail and name) comes together again and again, and most people meet an
-- issue once. So an issue has one term for all of it, and here it says once what that stands for.
CREATE TABLE search_person (
    -- The term of a key and its value.
    part  bigint NOT NULL,
    -- The term that issues have.
    whole bigint NOT NULL,
    PRIMARY KEY (part, whole)
);
