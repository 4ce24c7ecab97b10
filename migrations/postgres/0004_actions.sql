-- What people do to issues, and how it is taken back (the SQLite file of the same name has the same tables).
--
-- `issue.priority` 0 stands for an issue without a priority.

-- `split`: the hash was divided, and its row outlives its issue. Otherwise nothing.
ALTER TABLE grouphash ADD COLUMN state text;
-- Records with this fingerprint are dropped. A row belongs to an issue, to a tombstone, or to neither.
ALTER TABLE grouphash ADD COLUMN tombstone_id bigint;
CREATE INDEX grouphash_by_tombstone ON grouphash (tombstone_id) WHERE tombstone_id IS NOT NULL;

-- What is left of a discarded issue.
CREATE TABLE tombstone (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    previous_issue_id bigint      NOT NULL UNIQUE,
    project_id        bigint      NOT NULL,
    level             smallint    NOT NULL,
    message           text        NOT NULL,
    culprit           text        NOT NULL,
    -- JSON.
    data              text        NOT NULL,
    actor             bigint,
    at                timestamptz NOT NULL
);

-- What single members have with an issue. A row of a kind is found from both ends.
CREATE TABLE issue_bookmark (
    issue_id bigint      NOT NULL,
    user_id  bigint      NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (issue_id, user_id)
);
CREATE INDEX issue_bookmark_by_user ON issue_bookmark (user_id, issue_id);

CREATE TABLE issue_subscription (
    issue_id bigint      NOT NULL,
    user_id  bigint      NOT NULL,
    active   boolean     NOT NULL,
    -- Why: assigned, bookmark, status_change; nothing where the member said so.
    reason   text,
    at       timestamptz NOT NULL,
    PRIMARY KEY (issue_id, user_id)
);
CREATE INDEX issue_subscription_by_user ON issue_subscription (user_id, issue_id) WHERE active;

CREATE TABLE issue_seen (
    issue_id bigint      NOT NULL,
    user_id  bigint      NOT NULL,
    seen_at  timestamptz NOT NULL,
    PRIMARY KEY (issue_id, user_id)
);

-- Whom an issue is suggested to. Exactly one of the two is set.
CREATE TABLE issue_owner (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id bigint      NOT NULL,
    -- suspectCommit, ownershipRule or codeowners.
    kind     text        NOT NULL,
    user_id  bigint,
    team_id  bigint,
    added_at timestamptz NOT NULL,
    CHECK ((user_id IS NULL) <> (team_id IS NULL))
);
CREATE INDEX issue_owner_by_issue ON issue_owner (issue_id, user_id, team_id);
CREATE INDEX issue_owner_by_user  ON issue_owner (user_id, issue_id) WHERE user_id IS NOT NULL;
CREATE INDEX issue_owner_by_team  ON issue_owner (team_id, issue_id) WHERE team_id IS NOT NULL;

-- What an issue has outside: an item of a tracker, or the commit that resolves it.
CREATE TABLE issue_link (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id bigint      NOT NULL,
    -- external or resolves.
    kind     text        NOT NULL,
    -- The tracker or the repository.
    source   text        NOT NULL,
    -- The key of the item or the id of the commit.
    target   text        NOT NULL,
    actor    bigint,
    added_at timestamptz NOT NULL,
    UNIQUE (issue_id, kind, source, target)
);

CREATE TABLE issue_share (
    issue_id bigint      PRIMARY KEY,
    -- 32 hex digits.
    share_id text        NOT NULL UNIQUE,
    actor    bigint,
    at       timestamptz NOT NULL
);

-- Which issue a merged one became part of.
CREATE TABLE issue_redirect (
    old_id bigint PRIMARY KEY,
    new_id bigint NOT NULL
);
CREATE INDEX issue_redirect_by_target ON issue_redirect (new_id);

-- A team without projects belongs to every project.
CREATE TABLE team_member (
    team_id bigint NOT NULL,
    user_id bigint NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_member_by_user ON team_member (user_id, team_id);
CREATE TABLE team_project (
    team_id    bigint NOT NULL,
    project_id bigint NOT NULL,
    PRIMARY KEY (team_id, project_id)
);
CREATE INDEX team_project_by_project ON team_project (project_id, team_id);
-- Whether an issue that a member resolves and nobody has is handed to that member.
ALTER TABLE member ADD COLUMN assigns_itself boolean NOT NULL DEFAULT FALSE;

-- What people did, newest last, and how to take it back.
CREATE TABLE journal (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 32 hex digits. What is done in several transactions finds its entry by it.
    transaction_id text        NOT NULL UNIQUE,
    at             timestamptz NOT NULL,
    actor          bigint,
    -- update, merge, delete, discard or undo.
    kind           text        NOT NULL,
    title          text        NOT NULL,
    -- How many issues, and how many of them were taken back.
    issues         bigint      NOT NULL,
    undone         bigint      NOT NULL DEFAULT 0,
    -- The entry this one takes back.
    undoes         bigint,
    -- From when on it cannot be taken back any more.
    undo_until     timestamptz
);
CREATE INDEX journal_by_age ON journal (at);

CREATE TABLE journal_issue (
    journal_id bigint NOT NULL,
    issue_id   bigint NOT NULL,
    -- JSON objects with what differs between the two.
    before     text   NOT NULL,
    after      text   NOT NULL,
    -- The entry that took it back.
    undone_by  bigint,
    PRIMARY KEY (journal_id, issue_id)
);

-- Rows that a merge moved, with the issue they came from.
CREATE TABLE journal_move (
    journal_id bigint NOT NULL,
    -- activity, link, occurrence or owner.
    what       text   NOT NULL,
    issue_id   bigint NOT NULL,
    row_id     bigint NOT NULL,
    PRIMARY KEY (journal_id, what, issue_id, row_id)
);

-- Actions on many issues.
CREATE TABLE job (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- That of its entry in the journal.
    transaction_id text        NOT NULL UNIQUE,
    kind           text        NOT NULL,
    title          text        NOT NULL,
    -- JSON.
    request        text        NOT NULL,
    actor          bigint,
    -- running, done, cancelled, interrupted or failed.
    state          text        NOT NULL,
    -- Issues, those of them that were dealt with, and those of these that were left as they were.
    total          bigint      NOT NULL,
    done           bigint      NOT NULL,
    skipped        bigint      NOT NULL,
    started_at     timestamptz NOT NULL,
    -- When it last went on.
    touched_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    journal_id     bigint,
    problem        text
);
CREATE INDEX job_running ON job (touched_at) WHERE state = 'running';
-- The issues of a job: a JSON list in the order they are dealt with.
CREATE TABLE job_scope (
    job_id bigint PRIMARY KEY,
    issues text   NOT NULL
);

-- Deleted issues whose data goes when the time has come, one job a project and call.
CREATE TABLE deletion_job (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id     bigint      NOT NULL,
    -- That of the entry in the journal.
    transaction_id text        NOT NULL UNIQUE,
    -- delete or discard.
    kind           text        NOT NULL,
    actor          bigint,
    created_at     timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    attempts       integer     NOT NULL,
    problem        text
);
CREATE INDEX deletion_job_by_due ON deletion_job (due_at, id);
CREATE TABLE deletion_job_issue (
    job_id   bigint NOT NULL,
    position bigint NOT NULL,
    issue_id bigint NOT NULL,
    PRIMARY KEY (job_id, position)
);
CREATE INDEX deletion_job_issue_by_issue ON deletion_job_issue (issue_id);

-- What cannot be denied later.
CREATE TABLE audit (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    actor          bigint,
    issue_id       bigint      NOT NULL,
    -- The slug it had.
    project        text        NOT NULL,
    transaction_id text        NOT NULL,
    event          text        NOT NULL
);
CREATE INDEX audit_by_transaction ON audit (transaction_id);
