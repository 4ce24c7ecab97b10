//! The journal and the jobs as they are read, and jobs as they begin and end.

use super::SqliteStore;
use super::statement::integers;
use crate::model::{IssueId, TransactionId};
use crate::store::action_rows::{
    EntryIssueRecord, EntryRecord, JobRecord, entry_columns, heads, job_columns, scope, scope_text,
    words_text,
};
use crate::store::column::{Stamp, storable};
use crate::store::rows::{json, rows_of};
use crate::store::{
    IssueHead, Job, JobState, JournalEntry, JournalFilter, JournalIssue, JournalKind, NewJob,
    StoreError,
};
use chrono::{DateTime, Utc};
use sqlx::Sqlite;
use sqlx::query::QueryScalar;
use sqlx::sqlite::SqliteArguments;
use std::time::Duration;

/// `issue` by its key. ?1: `[issue, …]`. Answers one text, for [`rows_of`].
const HEADS: &str = "
    SELECT json_group_array(json_array(i.id, i.project_id, i.status, i.group_type, i.times_seen))
    FROM json_each(?1) AS w CROSS JOIN issue AS i ON i.id = w.value";
/// `journal` by its key, from its end, and `journal_issue` by its key. ?1: the entry before which, ?2: limit, ?3: kind
/// or nothing, ?4: whether what was done along with something else is left out, ?5: a JSON list of
/// [`JournalWord`](crate::store::JournalWord)s.
const ENTRIES: &str = concat!(
    "SELECT ",
    entry_columns!(),
    " FROM journal AS j WHERE j.id < ?1 AND (?3 IS NULL OR j.kind = ?3) AND (NOT ?4 OR NOT j.automatic) AND NOT EXISTS (
        SELECT 1 FROM json_each(?5) AS w
        WHERE instr(j.title, w.value ->> 'typed') = 0 AND instr(lower(j.title), w.value ->> 'text') = 0
            AND instr(coalesce(j.query, ''), w.value ->> 'typed') = 0
            AND instr(lower(coalesce(j.query, '')), w.value ->> 'text') = 0
            AND NOT EXISTS (SELECT 1 FROM json_each(w.value, '$.actors') AS a WHERE a.value = j.actor)
            AND NOT EXISTS (SELECT 1 FROM json_each(w.value, '$.issues') AS n
                CROSS JOIN journal_issue AS i ON i.journal_id = j.id AND i.issue_id = n.value)
    ) ORDER BY j.id DESC LIMIT ?2"
);
/// `journal` by its key. ?1: entry.
const ENTRY: &str = concat!("SELECT ", entry_columns!(), " FROM journal WHERE id = ?1");
/// `journal` by its unique transaction_id. ?1: transaction.
const ENTRY_OF: &str = concat!(
    "SELECT ",
    entry_columns!(),
    " FROM journal WHERE transaction_id = ?1"
);
/// `journal_issue` by its key. ?1: entry, ?2: the issue after which, ?3: limit.
const ENTRY_ISSUES: &str = "
    SELECT issue_id, before, after, undone_by FROM journal_issue
    WHERE journal_id = ?1 AND issue_id > ?2 ORDER BY issue_id LIMIT ?3";
/// `journal` by its key. ?1: entry, ?2: microseconds.
const ADD_TOOK: &str = "UPDATE journal SET took = coalesce(took, 0) + ?2 WHERE id = ?1";
/// All of `journal`, which has an entry for each action, with how many issues those changed that are newer. ?1: issues.
const LAST_EXCESS: &str = "
    SELECT max(id) FROM (
        SELECT id, sum(issues) OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
        FROM journal) AS counted
    WHERE newer >= ?1";
/// `journal` by its key. ?1: the last entry, ?2: time, ?3: limit.
const EXCESS_ENTRIES: &str = "
    SELECT id FROM journal WHERE id <= ?1 AND (undo_until IS NULL OR undo_until <= ?2) ORDER BY id LIMIT ?3";
/// `journal_by_age`. ?1: the time before which, ?2: time, ?3: limit.
const OLD_ENTRIES: &str = "
    SELECT id FROM journal WHERE at < ?1 AND (undo_until IS NULL OR undo_until <= ?2) ORDER BY at LIMIT ?3";
/// `journal_issue` by the first part of its key. ?1: entry.
const FORGET_ISSUES: &str = "DELETE FROM journal_issue WHERE journal_id = ?1";
/// `journal_move` by the first part of its key. ?1: entry.
const FORGET_MOVES: &str = "DELETE FROM journal_move WHERE journal_id = ?1";
/// `journal` by its key. ?1: entry.
const FORGET_ENTRY: &str = "DELETE FROM journal WHERE id = ?1";

/// ?1: transaction, ?2: kind, ?3: title, ?4: request, ?5: actor, ?6: issues, ?7: time.
const ADD_JOB: &str = "
    INSERT INTO job (transaction_id, kind, title, request, actor, state, total, done, skipped, started_at, touched_at)
    VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, 0, 0, ?7, ?7)
    RETURNING id";
/// ?1: job, ?2: issues.
const ADD_SCOPE: &str = "INSERT INTO job_scope (job_id, issues) VALUES (?1, ?2)";
/// `job` by its key. ?1: job.
const JOB: &str = concat!("SELECT ", job_columns!(), " FROM job WHERE id = ?1");
/// `job` by its key, from its end. ?1: the job before which, ?2: limit.
const JOBS: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM job WHERE id < ?1 ORDER BY id DESC LIMIT ?2"
);
/// `job_scope` by its key. ?1: job.
const SCOPE: &str = "SELECT issues FROM job_scope WHERE job_id = ?1";
/// `job` by its key. ?1: job, ?2: time.
const RESUME: &str = "
    UPDATE job SET state = 'running', touched_at = ?2, ended_at = NULL, problem = NULL
    WHERE id = ?1 AND state NOT IN ('running', 'done')";
/// `job` by its key. ?1: job, ?2: state, ?3: time, ?4: problem, ?5: issues that were dealt with.
const END: &str = "
    UPDATE job SET state = ?2, ended_at = ?3, problem = ?4
    WHERE id = ?1 AND state = 'running' AND done = ?5";
/// `job` by its key, from its beginning: it has a row for each action on very many issues. ?1: the time before which,
/// ?2: limit.
const OLD_JOBS: &str = "
    SELECT id FROM job WHERE state = 'done' AND ended_at < ?1 ORDER BY id LIMIT ?2";
/// `job_scope` by its key. ?1: job.
const FORGET_SCOPE: &str = "DELETE FROM job_scope WHERE job_id = ?1";
/// `job` by its key. ?1: job.
const FORGET_JOB: &str = "DELETE FROM job WHERE id = ?1";
/// `job_running`. ?1: the time not since, ?2: time.
const INTERRUPT: &str = "
    UPDATE job SET state = 'interrupted', ended_at = ?2 WHERE state = 'running' AND touched_at <= ?1";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    HEADS,
    ENTRY,
    ENTRY_OF,
    ENTRY_ISSUES,
    ADD_TOOK,
    EXCESS_ENTRIES,
    OLD_ENTRIES,
    FORGET_ISSUES,
    FORGET_MOVES,
    FORGET_ENTRY,
    ADD_JOB,
    ADD_SCOPE,
    JOB,
    SCOPE,
    RESUME,
    END,
    FORGET_SCOPE,
    FORGET_JOB,
    INTERRUPT,
];
/// They read a table from its end, and stop at their limit.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ENTRIES, LAST_EXCESS, JOBS, OLD_JOBS];

/// What belongs to an entry, and the entry.
const ENTRY_PARTS: [&str; 3] = [FORGET_ISSUES, FORGET_MOVES, FORGET_ENTRY];
/// Entries that one transaction forgets, so that no batch waits long for it.
const SLICE: u32 = 20;

impl SqliteStore {
    pub(in crate::store) async fn issue_heads(
        &self,
        ids: &[IssueId],
    ) -> Result<Vec<IssueHead>, StoreError> {
        let rows: String = sqlx::query_scalar(HEADS)
            .bind(integers(ids.iter().map(|id| id.0)))
            .fetch_one(&self.readers)
            .await?;
        heads(ids, rows_of(&rows, "heads of issues")?)
    }

    pub(in crate::store) async fn journal_entries(
        &self,
        filter: &JournalFilter,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let rows: Vec<EntryRecord> = sqlx::query_as(ENTRIES)
            .bind(filter.before.unwrap_or(i64::MAX))
            .bind(limit)
            .bind(filter.kind.map(JournalKind::as_str))
            .bind(filter.by_hand)
            .bind(words_text(&filter.words)?)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(EntryRecord::into_entry).collect()
    }

    pub(in crate::store) async fn journal_entry(
        &self,
        id: i64,
    ) -> Result<Option<JournalEntry>, StoreError> {
        let row: Option<EntryRecord> = sqlx::query_as(ENTRY)
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.map(EntryRecord::into_entry).transpose()
    }

    pub(in crate::store) async fn journal_entry_of(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<JournalEntry>, StoreError> {
        let row: Option<EntryRecord> = sqlx::query_as(ENTRY_OF)
            .bind(transaction.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.map(EntryRecord::into_entry).transpose()
    }

    pub(in crate::store) async fn journal_issues(
        &self,
        entry: i64,
        after: IssueId,
        limit: u32,
    ) -> Result<Vec<JournalIssue>, StoreError> {
        let rows: Vec<EntryIssueRecord> = sqlx::query_as(ENTRY_ISSUES)
            .bind(entry)
            .bind(after.0)
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(EntryIssueRecord::into_issue).collect()
    }

    pub(in crate::store) async fn add_took(
        &self,
        entry: i64,
        took: Duration,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(ADD_TOOK)
            .bind(entry)
            .bind(i64::try_from(took.as_micros()).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn forget_journal(
        &self,
        before: DateTime<Utc>,
        most: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let (before, now) = (Stamp::of(before), Stamp::of(now));
        let old = || sqlx::query_scalar(OLD_ENTRIES).bind(before).bind(now);
        let forgotten = self.forget_each(old, &ENTRY_PARTS).await?;
        // No writer waits while all entries are read.
        let last: Option<i64> = sqlx::query_scalar(LAST_EXCESS)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_one(&self.readers)
            .await?;
        let excess = || sqlx::query_scalar(EXCESS_ENTRIES).bind(last).bind(now);
        let forgotten = forgotten + self.forget_each(excess, &ENTRY_PARTS).await?;
        let done = || sqlx::query_scalar(OLD_JOBS).bind(before);
        self.forget_each(done, &[FORGET_SCOPE, FORGET_JOB]).await?;
        Ok(forgotten)
    }

    /// Runs statements for each of what a statement answers whose last value is a limit, and answers how many those are.
    async fn forget_each<'q>(
        &self,
        which: impl Fn() -> QueryScalar<'q, Sqlite, i64, SqliteArguments>,
        statements: &[&'static str],
    ) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let mut tx = self.begin_write().await?;
            let old: Vec<i64> = which().bind(SLICE).fetch_all(&mut *tx).await?;
            for id in &old {
                for statement in statements {
                    sqlx::query(*statement).bind(id).execute(&mut *tx).await?;
                }
            }
            tx.commit().await?;
            forgotten += old.len() as u64;
            if old.len() < SLICE as usize {
                return Ok(forgotten);
            }
        }
    }

    pub(in crate::store) async fn add_job(
        &self,
        job: &NewJob<'_>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let mut tx = self.begin_write().await?;
        let id: i64 = sqlx::query_scalar(ADD_JOB)
            .bind(job.transaction.to_string())
            .bind(job.kind)
            .bind(storable(job.title).into_owned())
            .bind(storable(&json(job.request)?).into_owned())
            .bind(job.actor)
            .bind(i64::try_from(job.issues.len()).unwrap_or(i64::MAX))
            .bind(Stamp::of(now))
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query(ADD_SCOPE)
            .bind(id)
            .bind(scope_text(job.issues)?)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(in crate::store) async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        let row: Option<JobRecord> = sqlx::query_as(JOB)
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.map(JobRecord::into_job).transpose()
    }

    pub(in crate::store) async fn jobs(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let rows: Vec<JobRecord> = sqlx::query_as(JOBS)
            .bind(before.unwrap_or(i64::MAX))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(JobRecord::into_job).collect()
    }

    pub(in crate::store) async fn job_scope(&self, id: i64) -> Result<Vec<IssueId>, StoreError> {
        let text: Option<String> = sqlx::query_scalar(SCOPE)
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        text.map_or(Ok(Vec::new()), |text| scope(&text))
    }

    pub(in crate::store) async fn resume_job(
        &self,
        id: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let resumed = sqlx::query(RESUME)
            .bind(id)
            .bind(Stamp::of(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(resumed.rows_affected() > 0)
    }

    pub(in crate::store) async fn end_job(
        &self,
        id: i64,
        done: u64,
        state: JobState,
        now: DateTime<Utc>,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(END)
            .bind(id)
            .bind(state.as_str())
            .bind(Stamp::of(now))
            .bind(problem.map(|problem| storable(problem).into_owned()))
            .bind(i64::try_from(done).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn interrupt_jobs(
        &self,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        let interrupted = sqlx::query(INTERRUPT)
            .bind(Stamp::of(not_since))
            .bind(Stamp::of(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(interrupted.rows_affected())
    }
}
