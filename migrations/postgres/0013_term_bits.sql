-- Which terms an event has, as far as one number can say it (the SQLite file of the same name adds the same). An issue may
-- have two terms in different events: which of its events has both was known only from the facts of each of them.
--
-- Two of 63 bits for each key and value. Null for events from before this migration, which may have any.
ALTER TABLE occurrence ADD COLUMN term_bits bigint;
-- The bits come along in the index, where a search looks at them before it looks at anything else of the event.
DROP INDEX occurrence_by_issue;
CREATE INDEX occurrence_by_issue ON occurrence (issue_id, event_time, seq) INCLUDE (release, user_key, term_bits);
