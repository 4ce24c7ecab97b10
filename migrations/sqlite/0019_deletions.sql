-- Which entry of the journal a deletion belongs to (the PostgreSQL file of the same name has the same column): that of
-- what was done. One entry can have several deletions, one a project, and another one where it goes on late.
ALTER TABLE deletion_job ADD COLUMN entry_transaction TEXT;
UPDATE deletion_job SET entry_transaction = transaction_id;
CREATE INDEX deletion_job_by_entry ON deletion_job (entry_transaction);
