//! Removing the data of deleted issues, a bounded number of rows at a time.

use super::statement::{integer_uuid_pairs, integers, texts};
use super::{SqliteStore, Tx, write, write_search};
use crate::model::{IssueId, TransactionId};
use crate::store::action_rows::{DeletionRecord, deletion_columns, transaction};
use crate::store::column::{Stamp, storable};
use crate::store::{DeletionJob, PurgeStep, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use uuid::Uuid;

/// `deletion_job_by_due`, in its order. ?1: time, ?2: limit.
const DUE: &str = concat!(
    "SELECT ",
    deletion_columns!(),
    " FROM deletion_job WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2"
);
/// `deletion_job_by_entry`, `deletion_job_issue` and `issue` by their keys. ?1: `[transaction, …]`.
/// 3 is the status of an issue whose data is all there.
const WAITING: &str = "
    SELECT j.entry_transaction FROM json_each(?1) AS w CROSS JOIN deletion_job AS j ON j.entry_transaction = w.value
    WHERE EXISTS (
        SELECT 1 FROM deletion_job_issue AS d JOIN issue AS i ON i.id = d.issue_id AND i.status = 3
        WHERE d.job_id = j.id)";
/// `deletion_job` by its key. ?1: job, ?2: when it was due, ?3: when it is due again.
const CLAIM: &str = "
    UPDATE deletion_job SET due_at = ?3, attempts = attempts + 1 WHERE id = ?1 AND due_at = ?2";
/// `deletion_job_issue` and `issue` by their keys. ?1: job. Those that came back, and those that are gone.
const DROP_RETURNED: &str = "
    DELETE FROM deletion_job_issue WHERE job_id = ?1 AND NOT EXISTS (
        SELECT 1 FROM issue AS i WHERE i.id = deletion_job_issue.issue_id AND i.status IN (3, 4))";
/// `deletion_job_issue` by its key, in its order. ?1: job, ?2: limit.
const NEXT_ISSUES: &str =
    "SELECT issue_id FROM deletion_job_issue WHERE job_id = ?1 ORDER BY position LIMIT ?2";
/// `issue` by its key. ?1: `[issue, …]`, ?2: revision.
const BEGIN: &str = "
    UPDATE issue SET status = 4, substatus = NULL, revision = ?2 WHERE id IN (SELECT value FROM json_each(?1))";
/// `issue_redirect_by_target`, `issue` by its key. ?1: `[issue, …]`. What was merged into them goes with them.
const MERGED: &str = "
    SELECT r.old_id FROM json_each(?1) AS w CROSS JOIN issue_redirect AS r ON r.new_id = w.value
    CROSS JOIN issue AS i ON i.id = r.old_id AND i.status = 5";
/// `deletion_job_issue` by its key. ?1: job, ?2: `[issue, …]`.
const ADD_ISSUES: &str = "
    INSERT INTO deletion_job_issue (job_id, position, issue_id)
    SELECT ?1, w.key + (SELECT coalesce(max(p.position) + 1, 0) FROM deletion_job_issue AS p WHERE p.job_id = ?1),
        w.value
    FROM json_each(?2) AS w";

/// Rows beside issues, with the index that finds those of an issue. ?1: `[issue, …]`, ?2: limit.
const SATELLITES: &[&str] = &[
    // `grouphash_by_issue`
    "DELETE FROM grouphash WHERE (project_id, hash) IN (
        SELECT h.project_id, h.hash FROM json_each(?1) AS w CROSS JOIN grouphash AS h ON h.issue_id = w.value LIMIT ?2)",
    // Each of these by its key.
    "DELETE FROM issue_inbox WHERE issue_id IN (
        SELECT s.issue_id FROM json_each(?1) AS w CROSS JOIN issue_inbox AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_snooze WHERE issue_id IN (
        SELECT s.issue_id FROM json_each(?1) AS w CROSS JOIN issue_snooze AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_resolution WHERE issue_id IN (
        SELECT s.issue_id FROM json_each(?1) AS w CROSS JOIN issue_resolution AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_forecast WHERE issue_id IN (
        SELECT s.issue_id FROM json_each(?1) AS w CROSS JOIN issue_forecast AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_share WHERE issue_id IN (
        SELECT s.issue_id FROM json_each(?1) AS w CROSS JOIN issue_share AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_environment WHERE (issue_id, environment) IN (
        SELECT s.issue_id, s.environment
        FROM json_each(?1) AS w CROSS JOIN issue_environment AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_release WHERE (issue_id, release, environment) IN (
        SELECT s.issue_id, s.release, s.environment
        FROM json_each(?1) AS w CROSS JOIN issue_release AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_bucket WHERE (issue_id, hour) IN (
        SELECT s.issue_id, s.hour
        FROM json_each(?1) AS w CROSS JOIN issue_bucket AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_bookmark WHERE (issue_id, user_id) IN (
        SELECT s.issue_id, s.user_id
        FROM json_each(?1) AS w CROSS JOIN issue_bookmark AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_subscription WHERE (issue_id, user_id) IN (
        SELECT s.issue_id, s.user_id
        FROM json_each(?1) AS w CROSS JOIN issue_subscription AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_seen WHERE (issue_id, user_id) IN (
        SELECT s.issue_id, s.user_id
        FROM json_each(?1) AS w CROSS JOIN issue_seen AS s ON s.issue_id = w.value LIMIT ?2)",
    "DELETE FROM issue_label WHERE (issue_id, label) IN (
        SELECT s.issue_id, s.label
        FROM json_each(?1) AS w CROSS JOIN issue_label AS s ON s.issue_id = w.value LIMIT ?2)",
    // `issue_link` by its unique (issue_id, …)
    "DELETE FROM issue_link WHERE id IN (
        SELECT s.id FROM json_each(?1) AS w CROSS JOIN issue_link AS s ON s.issue_id = w.value LIMIT ?2)",
    // `issue_owner_by_issue`
    "DELETE FROM issue_owner WHERE id IN (
        SELECT s.id FROM json_each(?1) AS w CROSS JOIN issue_owner AS s ON s.issue_id = w.value LIMIT ?2)",
    // `activity_by_issue`
    "DELETE FROM activity WHERE id IN (
        SELECT s.id FROM json_each(?1) AS w CROSS JOIN activity AS s ON s.issue_id = w.value LIMIT ?2)",
    // `issue_history_by_kind`
    "DELETE FROM issue_history WHERE id IN (
        SELECT s.id FROM json_each(?1) AS w CROSS JOIN issue_history AS s ON s.issue_id = w.value LIMIT ?2)",
    // `issue_redirect_by_target`
    "DELETE FROM issue_redirect WHERE old_id IN (
        SELECT s.old_id FROM json_each(?1) AS w CROSS JOIN issue_redirect AS s ON s.new_id = w.value LIMIT ?2)",
    // `issue_redirect` by its key
    "DELETE FROM issue_redirect WHERE old_id IN (
        SELECT s.old_id FROM json_each(?1) AS w CROSS JOIN issue_redirect AS s ON s.old_id = w.value LIMIT ?2)",
];

/// `occurrence_by_issue`, from its end. ?1: issue, ?2: limit.
const NEWEST_OCCURRENCES: &str = "
    SELECT seq, project_id, event_id FROM occurrence WHERE issue_id = ?1
    ORDER BY event_time DESC, seq DESC LIMIT ?2";
/// `event_fact` by its key. ?1: `[seq, …]`.
const DELETE_FACTS: &str = "DELETE FROM event_fact WHERE seq IN (SELECT value FROM json_each(?1))";
/// `occurrence` by its key. ?1: `[seq, …]`.
const DELETE_OCCURRENCES: &str =
    "DELETE FROM occurrence WHERE seq IN (SELECT value FROM json_each(?1))";
/// `event` by its unique (event_id, project_id), the other occurrences of an event by `occurrence_event_fts`.
/// ?1: `[[project, event in hex], …]`. A body that another occurrence shows as well stays.
const DELETE_EVENTS: &str = "
    DELETE FROM event WHERE seq IN (
        SELECT e.seq FROM json_each(?1) AS w
        CROSS JOIN event AS e ON e.event_id = unhex(w.value ->> 1) AND e.project_id = w.value ->> 0
        WHERE NOT EXISTS (
            SELECT 1 FROM occurrence_event_fts AS f CROSS JOIN occurrence AS o ON o.seq = f.rowid
            WHERE f.occurrence_event_fts MATCH substr(w.value ->> 1, 1, 12)
                AND o.event_id = e.event_id AND o.project_id = e.project_id))";
/// `issue` by its key. ?1: `[issue, …]`.
const DELETE_ISSUES: &str = "DELETE FROM issue WHERE id IN (SELECT value FROM json_each(?1))";
/// `issue_content` by its key. ?1: `[issue, …]`.
const DELETE_CONTENTS: &str =
    "DELETE FROM issue_content WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `deletion_job_issue_by_issue`. ?1: `[issue, …]`.
const LEAVE_JOB: &str =
    "DELETE FROM deletion_job_issue WHERE issue_id IN (SELECT value FROM json_each(?1))";
/// `deletion_job` by its key, `deletion_job_issue` by the first part of its key. ?1: job.
const END: &str = "
    DELETE FROM deletion_job WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM deletion_job_issue AS i WHERE i.job_id = deletion_job.id)";
/// `deletion_job` by its key. ?1: job, ?2: time, ?3: problem.
const DELAY: &str = "UPDATE deletion_job SET due_at = ?2, problem = ?3 WHERE id = ?1";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DUE,
    WAITING,
    CLAIM,
    DROP_RETURNED,
    NEXT_ISSUES,
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

fn list(issues: &[IssueId]) -> String {
    integers(issues.iter().map(|id| id.0))
}

impl SqliteStore {
    pub(in crate::store) async fn due_deletions(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<DeletionJob>, StoreError> {
        let rows: Vec<DeletionRecord> = sqlx::query_as(DUE)
            .bind(Stamp::of(now))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(DeletionRecord::into_job).collect()
    }

    pub(in crate::store) async fn waiting_deletions(
        &self,
        entries: &[TransactionId],
    ) -> Result<HashSet<TransactionId>, StoreError> {
        let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
        let waiting: Vec<String> = sqlx::query_scalar(WAITING)
            .bind(texts(
                &entries.iter().map(String::as_str).collect::<Vec<_>>(),
            )?)
            .fetch_all(&self.readers)
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
        let issues: Vec<i64> = sqlx::query_scalar(NEXT_ISSUES)
            .bind(job)
            .bind(limit)
            .fetch_all(&mut *tx)
            .await?;
        let merged: Vec<i64> = sqlx::query_scalar(MERGED)
            .bind(integers(issues.iter().copied()))
            .fetch_all(&mut *tx)
            .await?;
        if !merged.is_empty() {
            sqlx::query(ADD_ISSUES)
                .bind(job)
                .bind(integers(merged.iter().copied()))
                .execute(&mut *tx)
                .await?;
        }
        if !issues.is_empty() {
            let revision = write::next_revision(&mut tx).await?;
            let all = issues.iter().chain(&merged).copied();
            self.written.note(revision, all.clone().collect());
            sqlx::query(BEGIN)
                .bind(integers(all))
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
    let places = integers(rows.iter().map(|(seq, ..)| *seq));
    for statement in [DELETE_FACTS, DELETE_OCCURRENCES] {
        sqlx::query(statement)
            .bind(&places)
            .execute(&mut **tx)
            .await?;
    }
    let events = rows.iter().map(|&(_, project, event)| (project, event));
    sqlx::query(DELETE_EVENTS)
        .bind(integer_uuid_pairs(events))
        .execute(&mut **tx)
        .await?;
    Ok(rows.len() as u64)
}
