-- One index for lists (the SQLite file of the same name does the same, and says why).
DROP INDEX issue_by_last_seen;
DROP INDEX issue_by_first_seen;
DROP INDEX issue_by_times_seen;
DROP INDEX issue_by_revision;
CREATE INDEX issue_by_last_seen ON issue (last_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, first_seen, times_seen,
    created_revision
);
-- What was written since somebody looked: few issues, whose rows are looked up.
CREATE INDEX issue_by_revision ON issue (revision, created_revision);
