-- What people do to issues, and how it is taken back (the PostgreSQL file of the same name has the same tables).
--
-- `issue.priority` 0 stands for an issue without a priority.

-- `split`: the hash was divided, and its row outlives its issue. Otherwise nothing.
ALTER TABLE grouphash ADD COLUMN state TEXT;
-- Records with this fingerprint are dropped. A row belongs to an issue, to a tombstone, or to neither.
ALTER TABLE grouphash ADD COLUMN tombstone_id INTEGER;
CREATE INDEX grouphash_by_tombstone ON grouphash (tombstone_id) WHERE tombstone_id IS NOT NULL;

-- What is left of a discarded issue.
CREATE TABLE tombstone (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    previous_issue_id INTEGER NOT NULL UNIQUE,
    project_id        INTEGER NOT NULL,
    level             INTEGER NOT NULL,
    message           TEXT    NOT NULL,
    culprit           TEXT    NOT NULL,
    -- JSON.
    data              TEXT    NOT NULL,
    actor             INTEGER,
    at                INTEGER NOT NULL
) STRICT;

-- What single members have with an issue. A row of a kind is found from both ends.
CREATE TABLE issue_bookmark (
    issue_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (issue_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_bookmark_by_user ON issue_bookmark (user_id, issue_id);

CREATE TABLE issue_subscription (
    issue_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    active   INTEGER NOT NULL,
    -- Why: assigned, bookmark, status_change; nothing where the member said so.
    reason   TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (issue_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_subscription_by_user ON issue_subscription (user_id, issue_id) WHERE active = 1;

CREATE TABLE issue_seen (
    issue_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (issue_id, user_id)
) STRICT, WITHOUT ROWID;

-- Whom an issue is suggested to. Exactly one of the two is set.
CREATE TABLE issue_owner (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id INTEGER NOT NULL,
    -- suspectCommit, ownershipRule or codeowners.
    kind     TEXT    NOT NULL,
    user_id  INTEGER,
    team_id  INTEGER,
    added_at INTEGER NOT NULL,
    CHECK ((user_id IS NULL) <> (team_id IS NULL))
) STRICT;
CREATE INDEX issue_owner_by_issue ON issue_owner (issue_id, user_id, team_id);
CREATE INDEX issue_owner_by_user  ON issue_owner (user_id, issue_id) WHERE user_id IS NOT NULL;
CREATE INDEX issue_owner_by_team  ON issue_owner (team_id, issue_id) WHERE team_id IS NOT NULL;

-- What an issue has outside: an item of a tracker, or the commit that resolves it.
CREATE TABLE issue_link (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    issue_id INTEGER NOT NULL,
    -- external or resolves.
    kind     TEXT    NOT NULL,
    -- The tracker or the repository.
    source   TEXT    NOT NULL,
    -- The key of the item or the id of the commit.
    target   TEXT    NOT NULL,
    actor    INTEGER,
    added_at INTEGER NOT NULL,
    UNIQUE (issue_id, kind, source, target)
) STRICT;

CREATE TABLE issue_share (
    issue_id INTEGER PRIMARY KEY,
    -- 32 hex digits.
    share_id TEXT    NOT NULL UNIQUE,
    actor    INTEGER,
    at       INTEGER NOT NULL
) STRICT;

-- Which issue a merged one became part of.
CREATE TABLE issue_redirect (
    old_id INTEGER PRIMARY KEY,
    new_id INTEGER NOT NULL
) STRICT;
CREATE INDEX issue_redirect_by_target ON issue_redirect (new_id);

-- A team without projects belongs to every project.
CREATE TABLE team_member (
    team_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_by_user ON team_member (user_id, team_id);
CREATE TABLE team_project (
    team_id    INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    PRIMARY KEY (team_id, project_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_project_by_project ON team_project (project_id, team_id);
-- Whether an issue that a member resolves and nobody has is handed to that member.
ALTER TABLE member ADD COLUMN assigns_itself INTEGER NOT NULL DEFAULT 0;

-- What people did, newest last, and how to take it back.
CREATE TABLE journal (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    -- 32 hex digits. What is done in several transactions finds its entry by it.
    transaction_id TEXT    NOT NULL UNIQUE,
    at             INTEGER NOT NULL,
    actor          INTEGER,
    -- update, merge, delete, discard or undo.
    kind           TEXT    NOT NULL,
    title          TEXT    NOT NULL,
    -- How many issues, and how many of them were taken back.
    issues         INTEGER NOT NULL,
    undone         INTEGER NOT NULL DEFAULT 0,
    -- The entry this one takes back.
    undoes         INTEGER,
    -- From when on it cannot be taken back any more.
    undo_until     INTEGER
) STRICT;
CREATE INDEX journal_by_age ON journal (at);

CREATE TABLE journal_issue (
    journal_id INTEGER NOT NULL,
    issue_id   INTEGER NOT NULL,
    -- JSON objects with what differs between the two.
    before     TEXT    NOT NULL,
    after      TEXT    NOT NULL,
    -- The entry that took it back.
    undone_by  INTEGER,
    PRIMARY KEY (journal_id, issue_id)
) STRICT, WITHOUT ROWID;

-- Rows that a merge moved, with the issue they came from.
CREATE TABLE journal_move (
    journal_id INTEGER NOT NULL,
    -- activity, link, occurrence or owner.
    what       TEXT    NOT NULL,
    issue_id   INTEGER NOT NULL,
    row_id     INTEGER NOT NULL,
    PRIMARY KEY (journal_id, what, issue_id, row_id)
) STRICT, WITHOUT ROWID;

-- Actions on many issues.
CREATE TABLE job (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    -- That of its entry in the journal.
    transaction_id TEXT    NOT NULL UNIQUE,
    kind           TEXT    NOT NULL,
    title          TEXT    NOT NULL,
    -- JSON.
    request        TEXT    NOT NULL,
    actor          INTEGER,
    -- running, done, cancelled, interrupted or failed.
    state          TEXT    NOT NULL,
    -- Issues, those of them that were dealt with, and those of these that were left as they were.
    total          INTEGER NOT NULL,
    done           INTEGER NOT NULL,
    skipped        INTEGER NOT NULL,
    started_at     INTEGER NOT NULL,
    -- When it last went on.
    touched_at     INTEGER NOT NULL,
    ended_at       INTEGER,
    journal_id     INTEGER,
    problem        TEXT
) STRICT;
CREATE INDEX job_running ON job (touched_at) WHERE state = 'running';
-- The issues of a job: a JSON list in the order they are dealt with.
CREATE TABLE job_scope (
    job_id INTEGER PRIMARY KEY,
    issues TEXT    NOT NULL
) STRICT;

-- Deleted issues whose data goes when the time has come, one job a project and call.
CREATE TABLE deletion_job (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id     INTEGER NOT NULL,
    -- That of the entry in the journal.
    transaction_id TEXT    NOT NULL UNIQUE,
    -- delete or discard.
    kind           TEXT    NOT NULL,
    actor          INTEGER,
    created_at     INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    problem        TEXT
) STRICT;
CREATE INDEX deletion_job_by_due ON deletion_job (due_at, id);
CREATE TABLE deletion_job_issue (
    job_id   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    issue_id INTEGER NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX deletion_job_issue_by_issue ON deletion_job_issue (issue_id);

-- What cannot be denied later.
CREATE TABLE audit (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    at             INTEGER NOT NULL,
    actor          INTEGER,
    issue_id       INTEGER NOT NULL,
    -- The slug it had.
    project        TEXT    NOT NULL,
    transaction_id TEXT    NOT NULL,
    event          TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_transaction ON audit (transaction_id);
