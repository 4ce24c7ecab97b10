-- Lists without a look at the table (the PostgreSQL file of the same name has the same indexes): behind the order of
-- each stands what searches most often ask of an issue. Before, the usual search read the row of every issue for its
-- priority.
DROP INDEX issue_by_last_seen;
DROP INDEX issue_by_first_seen;
DROP INDEX issue_by_times_seen;
DROP INDEX issue_by_revision;
CREATE INDEX issue_by_last_seen ON issue (
    last_seen DESC, id DESC, status, substatus, priority, group_type, project_id, assigned_user, assigned_team,
    first_seen, created_revision
);
CREATE INDEX issue_by_first_seen ON issue (
    first_seen DESC, id DESC, status, substatus, priority, group_type, project_id, assigned_user, assigned_team,
    last_seen, created_revision
);
CREATE INDEX issue_by_times_seen ON issue (
    times_seen DESC, id DESC, status, substatus, priority, group_type, project_id, assigned_user, assigned_team,
    first_seen, last_seen, created_revision
);
CREATE INDEX issue_by_revision ON issue (
    revision, created_revision, status, substatus, priority, group_type, project_id, assigned_user, assigned_team,
    first_seen, last_seen
);
-- Whose terms an issue has taken over: a search that asks one issue after the other begins with the issue.
CREATE INDEX search_heir_by_issue ON search_heir (issue_id, from_id);
