-- Lists without a look at the table (the SQLite file of the same name has the same indexes): behind the order of each
-- stands what searches most often ask of an issue. Before, the usual search read the row of every issue for its
-- priority.
DROP INDEX issue_by_last_seen;
DROP INDEX issue_by_first_seen;
DROP INDEX issue_by_times_seen;
DROP INDEX issue_by_revision;
CREATE INDEX issue_by_last_seen ON issue (last_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, first_seen, created_revision
);
CREATE INDEX issue_by_first_seen ON issue (first_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, last_seen, created_revision
);
CREATE INDEX issue_by_times_seen ON issue (times_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, first_seen, last_seen,
    created_revision
);
CREATE INDEX issue_by_revision ON issue (revision) INCLUDE (
    created_revision, status, substatus, priority, group_type, project_id, assigned_user, assigned_team, first_seen,
    last_seen
);
