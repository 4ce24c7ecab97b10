//! Removing the data of deleted issues, a bounded number of rows at a time.

use super::{PostgresStore, Tx, write, write_search};
use crate::model::{IssueId, TransactionId};
use crate::store::action_rows::{DeletionRecord, deletion_columns, transaction};
use crate::store::column::{Stamp, storable};
use crate::store::{DeletionJob, PurgeStep, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use uuid::Uuid;

/// `deletion_job_by_due`, in its order. $1: time, $2: limit.
const DUE: &str = concat!(
    "SELECT ",
    deletion_columns!(),
    " FROM deletion_job WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"
);
/// `deletion_job_by_entry`, `deletion_job_issue` and `issue` by their keys. $1: transactions.
/// 3 is the status of an issue whose data is all there.
const WAITING: &str = "
    SELECT j.entry_transaction FROM deletion_job AS j
    WHERE j.entry_transaction = ANY($1) AND EXISTS (
        SELECT 1 FROM deletion_job_issue AS d JOIN issue AS i ON i.id = d.issue_id AND i.status = 3
        WHERE d.job_id = j.id)";
/// `deletion_job` by its key. $1: job, $2: when it was due, $3: when it is due again.
const CLAIM: &str = "
    UPDATE deletion_job SET due_at = $3, attempts = attempts + 1 WHERE id = $1 AND due_at = $2";
/// `deletion_job_issue` and `issue` by their keys. $1: job. Those that came back, and those that are gone.
const DROP_RETURNED: &str = "
    DELETE FROM deletion_job_issue AS d WHERE d.job_id = $1 AND NOT EXISTS (
        SELECT 1 FROM issue AS i WHERE i.id = d.issue_id AND i.status IN (3, 4))";
/// `deletion_job_issue` by its key, in its order. $1: job, $2: limit.
const NEXT_ISSUES: &str =
    "SELECT issue_id FROM deletion_job_issue WHERE job_id = $1 ORDER BY position LIMIT $2";
/// `issue` by its key. $1: issues. What somebody takes back meanwhile is not among them afterwards.
const LOCK_ISSUES: &str = "
    SELECT id FROM issue WHERE id = ANY($1) AND status IN (3, 4, 5) ORDER BY id FOR UPDATE";
/// `issue` by its key. $1: issues, which are locked, $2: revision.
const BEGIN: &str = "
    UPDATE issue SET status = 4, substatus = NULL, revision = $2 WHERE id = ANY($1)";
/// `issue_redirect_by_target`, `issue` by its key. $1: issues. What was merged into them goes with them.
const MERGED: &str = "
    SELECT r.old_id FROM issue_redirect AS r JOIN issue AS i ON i.id = r.old_id
    WHERE r.new_id = ANY($1) AND i.status = 5
    ORDER BY r.old_id";
/// `deletion_job_issue` by its key. $1: job, $2: issues.
const ADD_ISSUES: &str = "
    INSERT INTO deletion_job_issue (job_id, position, issue_id)
    SELECT $1, w.place - 1 + (
        SELECT coalesce(max(p.position) + 1, 0) FROM deletion_job_issue AS p WHERE p.job_id = $1), w.issue_id
    FROM unnest($2::bigint[]) WITH ORDINALITY AS w (issue_id, place)";

/// Rows beside issues, with the index that finds those of an issue. $1: issues, $2: limit. They belong to issues that
/// are being deleted, which nobody else writes beside.
const SATELLITES: &[&str] = &[
    // `grouphash_by_issue`
    "DELETE FROM grouphash WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM grouphash WHERE issue_id = ANY($1) LIMIT $2))",
    // Each of these by its key.
    "DELETE FROM issue_inbox WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_inbox WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_snooze WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_snooze WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_resolution WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_resolution WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_forecast WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_forecast WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_share WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_share WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_environment WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_environment WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_release WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_release WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_bucket WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_bucket WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_bookmark WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_bookmark WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_subscription WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_subscription WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_seen WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_seen WHERE issue_id = ANY($1) LIMIT $2))",
    "DELETE FROM issue_label WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_label WHERE issue_id = ANY($1) LIMIT $2))",
    // `issue_link` by its unique (issue_id, …)
    "DELETE FROM issue_link WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_link WHERE issue_id = ANY($1) LIMIT $2))",
    // `issue_owner_by_issue`
    "DELETE FROM issue_owner WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_owner WHERE issue_id = ANY($1) LIMIT $2))",
    // `activity_by_issue`
    "DELETE FROM activity WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM activity WHERE issue_id = ANY($1) LIMIT $2))",
    // `issue_history_by_kind`
    "DELETE FROM issue_history WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_history WHERE issue_id = ANY($1) LIMIT $2))",
    // `issue_redirect_by_target`
    "DELETE FROM issue_redirect WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_redirect WHERE new_id = ANY($1) LIMIT $2))",
    // `issue_redirect` by its key
    "DELETE FROM issue_redirect WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM issue_redirect WHERE old_id = ANY($1) LIMIT $2))",
];

/// `occurrence_by_issue`, from its end. $1: issue, $2: limit.
const NEWEST_OCCURRENCES: &str = "
    SELECT seq, project_id, event_id FROM occurrence WHERE issue_id = $1
    ORDER BY event_time DESC, seq DESC LIMIT $2";
/// `event_fact` by its key. $1: occurrences.
const DELETE_FACTS: &str = "DELETE FROM event_fact WHERE seq = ANY($1)";
/// `occurrence` by its key. $1: occurrences.
const DELETE_OCCURRENCES: &str = "DELETE FROM occurrence WHERE seq = ANY($1)";
/// `event` by its unique (event_id, project_id), the other occurrences of an event by `occurrence_by_event`.
/// $1: projects, $2: events. A body that another occurrence shows as well stays.
const DELETE_EVENTS: &str = "
    DELETE FROM event AS e USING unnest($1::bigint[], $2::uuid[]) AS w (project_id, event_id)
    WHERE e.event_id = w.event_id AND e.project_id = w.project_id AND NOT EXISTS (
        SELECT 1 FROM occurrence AS o WHERE o.event_id = w.event_id AND o.project_id = w.project_id)";
/// `issue` by its key. $1: issues.
const DELETE_ISSUES: &str = "DELETE FROM issue WHERE id = ANY($1)";
/// `issue_content` by its key. $1: issues.
const DELETE_CONTENTS: &str = "DELETE FROM issue_content WHERE issue_id = ANY($1)";
/// `deletion_job_issue_by_issue`. $1: issues.
const LEAVE_JOB: &str = "DELETE FROM deletion_job_issue WHERE issue_id = ANY($1)";
/// `deletion_job` by its key, `deletion_job_issue` by the first part of its key. $1: job.
const END: &str = "
    DELETE FROM deletion_job AS j WHERE j.id = $1
    AND NOT EXISTS (SELECT 1 FROM deletion_job_issue AS i WHERE i.job_id = $1)";
/// `deletion_job` by its key. $1: job, $2: time, $3: problem.
const DELAY: &str = "UPDATE deletion_job SET due_at = $2, problem = $3 WHERE id = $1";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DUE,
    WAITING,
    CLAIM,
    DROP_RETURNED,
    NEXT_ISSUES,
    LOCK_ISSUES,
    BEGIN,
    MERGED,
    ADD_ISSUES,
    NEWEST_OCCURRENCES,
    DELETE_FACTS,
    DELETE_OCCURRENCES,
    DELETE_EVENTS,
    DELETE_ISSUES,
    DELETE_CONTENTS,
    LEAVE_JOB,
    END,
    DELAY,
];
#[cfg(test)]
pub(super) const SERVED_SATELLITES: &[&str] = SATELLITES;

fn list(issues: &[IssueId]) -> Vec<i64> {
    issues.iter().map(|id| id.0).collect()
}

impl PostgresStore {
    pub(in crate::store) async fn due_deletions(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<DeletionJob>, StoreError> {
        let rows: Vec<DeletionRecord> = sqlx::query_as(DUE)
            .bind(Stamp::of(now))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(DeletionRecord::into_job).collect()
    }

    pub(in crate::store) async fn waiting_deletions(
        &self,
        entries: &[TransactionId],
    ) -> Result<HashSet<TransactionId>, StoreError> {
        let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
        let waiting: Vec<String> = sqlx::query_scalar(WAITING)
            .bind(entries)
            .fetch_all(&self.pool)
            .await?;
        waiting.iter().map(|text| transaction(text)).collect()
    }

    pub(in crate::store) async fn claim_deletion(
        &self,
        job: &DeletionJob,
        again_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let claimed = sqlx::query(CLAIM)
            .bind(job.id)
            .bind(Stamp::of(job.due_at))
            .bind(Stamp::of(again_at))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(claimed.rows_affected() > 0)
    }

    pub(in crate::store) async fn take_deletion_batch(
        &self,
        job: i64,
        limit: u32,
    ) -> Result<Vec<IssueId>, StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(DROP_RETURNED)
            .bind(job)
            .execute(&mut *tx)
            .await?;
        let next: Vec<i64> = sqlx::query_scalar(NEXT_ISSUES)
            .bind(job)
            .bind(i64::from(limit))
            .fetch_all(&mut *tx)
            .await?;
        let mut wanted = next.clone();
        let merged: Vec<i64> = sqlx::query_scalar(MERGED)
            .bind(&next)
            .fetch_all(&mut *tx)
            .await?;
        wanted.extend(&merged);
        let locked: Vec<i64> = sqlx::query_scalar(LOCK_ISSUES)
            .bind(&wanted)
            .fetch_all(&mut *tx)
            .await?;
        let keep = |id: &i64| locked.binary_search(id).is_ok();
        let issues: Vec<i64> = next.into_iter().filter(keep).collect();
        let merged: Vec<i64> = merged.into_iter().filter(keep).collect();
        if !merged.is_empty() {
            sqlx::query(ADD_ISSUES)
                .bind(job)
                .bind(&merged)
                .execute(&mut *tx)
                .await?;
        }
        if !issues.is_empty() {
            let revision = write::next_revision(&mut tx).await?;
            sqlx::query(BEGIN)
                .bind(&locked)
                .bind(revision)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(issues.into_iter().map(IssueId).collect())
    }

    pub(in crate::store) async fn purge(
        &self,
        issues: &[IssueId],
        step: PurgeStep,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        let removed = match step {
            PurgeStep::Satellites => satellites(&mut tx, issues, limit.into()).await?,
            PurgeStep::Occurrences => occurrences(&mut tx, issues, limit.into()).await?,
        };
        tx.commit().await?;
        Ok(removed)
    }

    pub(in crate::store) async fn purge_issues(
        &self,
        issues: &[IssueId],
    ) -> Result<(), StoreError> {
        let ids: Vec<i64> = issues.iter().map(|id| id.0).collect();
        let mut tx = self.begin_write().await?;
        write_search::delete_search_rows(&mut tx, &ids).await?;
        for statement in [DELETE_ISSUES, DELETE_CONTENTS, LEAVE_JOB] {
            sqlx::query(statement)
                .bind(list(issues))
                .execute(&mut *tx)
                .await?;
        }
        write::next_revision(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn end_deletion(&self, job: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let ended = sqlx::query(END).bind(job).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(ended.rows_affected() > 0)
    }

    pub(in crate::store) async fn delay_deletion(
        &self,
        job: i64,
        due_at: DateTime<Utc>,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(DELAY)
            .bind(job)
            .bind(Stamp::of(due_at))
            .bind(problem.map(|problem| storable(problem).into_owned()))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

async fn satellites(tx: &mut Tx, issues: &[IssueId], limit: u64) -> Result<u64, StoreError> {
    let issues = list(issues);
    let mut removed = 0;
    for statement in SATELLITES {
        if removed >= limit {
            break;
        }
        let gone = sqlx::query(*statement)
            .bind(&issues)
            .bind(i64::try_from(limit - removed).unwrap_or(i64::MAX))
            .execute(&mut **tx)
            .await?;
        removed += gone.rows_affected();
    }
    Ok(removed)
}

async fn occurrences(tx: &mut Tx, issues: &[IssueId], limit: u64) -> Result<u64, StoreError> {
    let mut rows: Vec<(i64, i64, Uuid)> = Vec::new();
    for issue in issues {
        let left = limit - rows.len() as u64;
        if left == 0 {
            break;
        }
        let newest: Vec<(i64, i64, Uuid)> = sqlx::query_as(NEWEST_OCCURRENCES)
            .bind(issue.0)
            .bind(i64::try_from(left).unwrap_or(i64::MAX))
            .fetch_all(&mut **tx)
            .await?;
        rows.extend(newest);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let places: Vec<i64> = rows.iter().map(|(seq, ..)| *seq).collect();
    for statement in [DELETE_FACTS, DELETE_OCCURRENCES] {
        sqlx::query(statement)
            .bind(&places)
            .execute(&mut **tx)
            .await?;
    }
    let (projects, events): (Vec<i64>, Vec<Uuid>) = rows
        .iter()
        .map(|&(_, project, event)| (project, event))
        .unzip();
    sqlx::query(DELETE_EVENTS)
        .bind(projects)
        .bind(events)
        .execute(&mut **tx)
        .await?;
    Ok(rows.len() as u64)
}
