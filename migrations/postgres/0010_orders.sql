-- Lists by up to three keys (the SQLite file of the same name does the same). Issues that are equal in all of them come by
-- their last sighting and then by id: the indexes of lists have that order, so that a list is read from its index as
-- before. The word in saved_view.sort may now be up to three, with commas between them, and :asc behind those that begin
-- with the least: events,first_seen:asc.
DROP INDEX issue_by_first_seen;
DROP INDEX issue_by_times_seen;
CREATE INDEX issue_by_first_seen ON issue (first_seen DESC, last_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, created_revision
);
-- Holds the columns of every order, so that one by several keys is sorted without a look at the table.
CREATE INDEX issue_by_times_seen ON issue (times_seen DESC, last_seen DESC, id DESC) INCLUDE (
    status, substatus, priority, group_type, project_id, assigned_user, assigned_team, first_seen, created_revision
);
