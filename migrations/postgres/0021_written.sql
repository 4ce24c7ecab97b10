-- What was written since somebody looked is found by `issue_by_revision`, as before. The SQLite file of the same name
-- drops that index, and says why.
SELECT 1;
