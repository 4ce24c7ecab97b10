//! How fast the issues of a project come (group-states spec, section 7). The index or key that serves a statement is named
//! above it, and a test asks PostgreSQL whether that is so.

use super::PostgresStore;
use crate::model::{EscalationThreshold, ProjectId};
use crate::store::column::Stamp;
use crate::store::{StoreError, records};
use crate::triage::Velocity;
use chrono::{DateTime, Utc};

/// $1: latest measurement.
const UNMEASURED: &str = "
    SELECT project.id FROM project LEFT JOIN escalation_threshold AS t ON t.project_id = project.id
    WHERE t.measured_at IS NULL OR t.measured_at <= $1 ORDER BY project.id";
/// `issue_by_last_seen`, which holds all it needs, and `occurrence_by_issue` likewise. $1: project, $2: first time, $3:
/// time after the last one.
const VELOCITIES: &str = "
    SELECT i.first_seen, (
        SELECT count(*) FROM occurrence AS o
        WHERE o.issue_id = i.id AND o.event_time >= $2 AND o.event_time < $3)
    FROM issue AS i WHERE i.last_seen >= $2 AND i.project_id = $1 AND i.status <= 2";
/// `escalation_threshold` by its key. $1: project, $2: events per hour, $3: time.
const SET_THRESHOLD: &str = "
    INSERT INTO escalation_threshold (project_id, events_per_hour, measured_at) VALUES ($1, $2, $3)
    ON CONFLICT (project_id) DO UPDATE SET
        events_per_hour = excluded.events_per_hour, measured_at = excluded.measured_at";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[UNMEASURED, SET_THRESHOLD];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[VELOCITIES];

impl PostgresStore {
    pub(in crate::store) async fn unmeasured_projects(
        &self,
        latest: DateTime<Utc>,
    ) -> Result<Vec<ProjectId>, StoreError> {
        let ids: Vec<i64> = sqlx::query_scalar(UNMEASURED)
            .bind(Stamp::of(latest))
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.into_iter().map(ProjectId).collect())
    }

    pub(in crate::store) async fn velocities(
        &self,
        project: ProjectId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Velocity>, StoreError> {
        let rows: Vec<(Stamp, i64)> = sqlx::query_as(VELOCITIES)
            .bind(project.0)
            .bind(Stamp::of(since))
            .bind(Stamp::of(now))
            .fetch_all(&self.pool)
            .await?;
        Ok(records::velocities(rows))
    }

    pub(in crate::store) async fn set_escalation_threshold(
        &self,
        project: ProjectId,
        threshold: EscalationThreshold,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(SET_THRESHOLD)
            .bind(project.0)
            .bind(threshold.events_per_hour)
            .bind(Stamp::of(threshold.measured_at))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
