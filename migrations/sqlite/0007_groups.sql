-- What the list of a view is grouped by (the PostgreSQL file of the same name has the same column): level, first_seen_day,
-- project, service, release, error_type or assignee; nothing for a list without groups.
ALTER TABLE saved_view ADD COLUMN grouping TEXT;
