-- Terms of issues are written for nearly every event, and were found by their issue only when one was deleted or merged:
-- the index for that was a third of what they cost. Now an issue that takes over events of another is its heir, as in
-- SQLite, and the terms of issues that are gone are swept out together.
ALTER TABLE search_term RENAME TO search_own_term;
ALTER INDEX search_term_pkey RENAME TO search_own_term_pkey;
DROP INDEX search_term_by_issue;

-- Issues that have taken over events of another, and with them its terms.
CREATE TABLE search_heir (
    from_id  bigint NOT NULL,
    issue_id bigint NOT NULL,
    PRIMARY KEY (from_id, issue_id)
);
CREATE INDEX search_heir_by_issue ON search_heir (issue_id, from_id);
CREATE VIEW search_term (term, issue_id) AS
    SELECT t.term, t.issue_id FROM search_own_term AS t
    UNION ALL
    SELECT t.term, h.issue_id FROM search_own_term AS t JOIN search_heir AS h ON h.from_id = t.issue_id;

-- Issues that are gone, and whose terms are not yet.
CREATE TABLE search_ghost (
    issue_id bigint PRIMARY KEY
);
