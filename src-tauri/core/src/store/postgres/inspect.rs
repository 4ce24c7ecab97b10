//! Single occurrences and events, outcomes, and the store in numbers.

use super::{PostgresStore, Tx, hot};
use crate::model::{EventId, IssueId, OccurrenceId, ProjectId};
use crate::store::records::{OccurrenceRecord, PlacedOccurrence, SummaryRecord};
use crate::store::{OutcomeGrouping, StoreError, StoreSummary, assemble};
use crate::view::{OccurrenceDetail, OccurrencePosition, OutcomeRow};
use uuid::Uuid;

/// $1: event.
const BODIES_OF_EVENT: &str =
    "SELECT project_id, body FROM event WHERE event_id = $1 ORDER BY project_id";
const OUTCOMES_BY_REASON: &str = "
    SELECT outcome, reason, sum(quantity)::bigint FROM outcome_bucket GROUP BY outcome, reason ORDER BY outcome COLLATE \"C\", reason COLLATE \"C\"";
const OUTCOMES_BY_HOUR: &str = "
    SELECT outcome, hour, sum(quantity)::bigint FROM outcome_bucket GROUP BY hour, outcome ORDER BY hour DESC, outcome COLLATE \"C\"";
const SUMMARY: &str = "
    SELECT (SELECT count(*) FROM issue) AS issues, (SELECT count(*) FROM occurrence) AS occurrences,
        (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM dead_letter) AS dead_letters,
        (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace) AS bytes,
        (SELECT revision FROM store_state WHERE id = 1) AS revision";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    BODIES_OF_EVENT,
    OUTCOMES_BY_REASON,
    OUTCOMES_BY_HOUR,
    SUMMARY,
];

impl PostgresStore {
    pub(in crate::store) async fn occurrence(
        &self,
        issue: IssueId,
        position: &OccurrencePosition,
    ) -> Result<Option<OccurrenceDetail>, StoreError> {
        let mut tx = self.begin_read().await?;
        let found = match position {
            OccurrencePosition::Newest => {
                sqlx::query_as(hot::NEWEST_OCCURRENCE)
                    .bind(issue.0)
                    .fetch_optional(&mut *tx)
                    .await?
            }
            OccurrencePosition::Oldest => {
                sqlx::query_as(hot::OLDEST_OCCURRENCE)
                    .bind(issue.0)
                    .fetch_optional(&mut *tx)
                    .await?
            }
            OccurrencePosition::Exact(id) => {
                let Ok(id) = id.parse::<OccurrenceId>() else {
                    return Ok(None);
                };
                sqlx::query_as(hot::EXACT_OCCURRENCE)
                    .bind(issue.0)
                    .bind(id.0)
                    .fetch_optional(&mut *tx)
                    .await?
            }
        };
        match found {
            Some(occurrence) => {
                let placed = place(&mut tx, issue, occurrence).await?;
                tx.commit().await?;
                assemble::occurrence_detail(&placed).map(Some)
            }
            None => Ok(None),
        }
    }

    pub(in crate::store) async fn event_bodies(
        &self,
        id: EventId,
    ) -> Result<Vec<(ProjectId, String)>, StoreError> {
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(BODIES_OF_EVENT)
            .bind(id.0)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter()
            .map(|(project, body)| {
                Ok((ProjectId(project), assemble::unpacked_text(&body, "event")?))
            })
            .collect()
    }

    pub(in crate::store) async fn outcomes(
        &self,
        by: OutcomeGrouping,
    ) -> Result<Vec<OutcomeRow>, StoreError> {
        Ok(match by {
            OutcomeGrouping::Reason => assemble::outcomes_by_reason(
                sqlx::query_as(OUTCOMES_BY_REASON)
                    .fetch_all(&self.pool)
                    .await?,
            ),
            OutcomeGrouping::Hour => assemble::outcomes_by_hour(
                sqlx::query_as(OUTCOMES_BY_HOUR)
                    .fetch_all(&self.pool)
                    .await?,
            ),
        })
    }

    pub(in crate::store) async fn summary(&self) -> Result<StoreSummary, StoreError> {
        let record: SummaryRecord = sqlx::query_as(SUMMARY).fetch_one(&self.pool).await?;
        Ok(record.into())
    }
}

/// Finds what surrounds an occurrence.
async fn place(
    tx: &mut Tx,
    issue: IssueId,
    occurrence: OccurrenceRecord,
) -> Result<PlacedOccurrence, StoreError> {
    let (time, seq) = (occurrence.event_time, occurrence.seq);
    let beside = |statement| {
        sqlx::query_scalar::<_, Uuid>(statement)
            .bind(issue.0)
            .bind(time)
            .bind(seq)
    };
    Ok(PlacedOccurrence {
        issue_id: issue.0,
        position: sqlx::query_scalar(hot::OCCURRENCES_UP_TO)
            .bind(issue.0)
            .bind(time)
            .bind(seq)
            .fetch_one(&mut **tx)
            .await?,
        total: sqlx::query_scalar(hot::OCCURRENCES_OF_ISSUE)
            .bind(issue.0)
            .fetch_one(&mut **tx)
            .await?,
        older: beside(hot::OLDER_OCCURRENCE)
            .fetch_optional(&mut **tx)
            .await?,
        newer: beside(hot::NEWER_OCCURRENCE)
            .fetch_optional(&mut **tx)
            .await?,
        event_body: sqlx::query_scalar(hot::EVENT_BODY)
            .bind(occurrence.event_id)
            .bind(occurrence.project_id)
            .fetch_optional(&mut **tx)
            .await?,
        occurrence,
    })
}
