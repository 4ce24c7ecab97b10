-- No index by revision any more (the PostgreSQL file of the same name keeps it: there, several processes write). Each
-- change of an issue wrote it twice, a fifth of what the change cost. The one process that writes a file remembers what it
-- wrote lately, and what was written before that is found by a look at each issue.
DROP INDEX issue_by_revision;
