-- Above how many events an hour a new error issue of a project escalates (the SQLite file of the same name has the same
-- table). Measured about once a day, and only where early escalation is on.
CREATE TABLE escalation_threshold (
    project_id      bigint           PRIMARY KEY,
    events_per_hour double precision NOT NULL,
    measured_at     timestamptz      NOT NULL
);
