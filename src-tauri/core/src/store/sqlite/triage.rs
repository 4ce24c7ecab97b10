//! What is due, what repeats, and what is over. The index or key that serves a statement is named above it, and a test
//! asks SQLite whether that is so.

use super::statement::integers;
use super::{SqliteStore, write};
use crate::limits::CounterRow;
use crate::model::{IssueId, ProjectId};
use crate::store::column::Stamp;
use crate::store::records;
use crate::store::{DUPLICATE_WINDOW, Due, StoreError};
use chrono::{DateTime, Utc};

/// `issue_new`, in its order. ?1: latest first sighting, ?2: limit.
const DUE_NEW: &str = "
    SELECT id FROM issue WHERE status = 0 AND substatus = 7 AND first_seen <= ?1 ORDER BY first_seen, id LIMIT ?2";
/// `issue_watched`, which SQLite only takes where the condition of the index is repeated, and
/// `issue_history_by_kind`. ?1: latest time of the newest row, ?2: limit.
const DUE_REGRESSED: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus IN (1, 2, 6) AND i.substatus = 6 AND i.status = 0
        AND (SELECT max(h.at) FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 7) <= ?1
    ORDER BY i.id LIMIT ?2";
/// As [`DUE_REGRESSED`].
const DUE_ESCALATING: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus IN (1, 2, 6) AND i.substatus = 2 AND i.status = 0
        AND (SELECT max(h.at) FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 14) <= ?1
    ORDER BY i.id LIMIT ?2";
/// `issue_snooze_by_end`, in its order. ?1: latest end, ?2: limit.
const DUE_SNOOZED: &str =
    "SELECT issue_id FROM issue_snooze WHERE until <= ?1 ORDER BY until, issue_id LIMIT ?2";
/// `issue_by_last_seen` from its end, which holds all but the group type. ?1: project, ?2: `[group type, …]`, ?3: latest
/// last sighting, ?4: limit.
const DUE_QUIET: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.last_seen <= ?3 AND i.status = 0 AND +i.project_id = ?1
        AND i.group_type IN (SELECT value FROM json_each(?2))
    ORDER BY i.last_seen, i.id LIMIT ?4";
/// `issue_watched`. ?1: earliest last sighting, ?2: limit.
const DUE_UNTIL_ESCALATING: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus IN (1, 2, 6) AND i.substatus = 1 AND i.status = 2 AND i.last_seen >= ?1
    ORDER BY i.id LIMIT ?2";

/// `task_run` by its key. ?1: task, ?2: project, ?3: latest last run, ?4: now.
const CLAIM_TASK: &str = "
    INSERT INTO task_run (task, project_id, last_run) VALUES (?1, ?2, ?4)
    ON CONFLICT (task, project_id) DO UPDATE SET last_run = excluded.last_run WHERE task_run.last_run <= ?3";

/// `issue_inbox_by_age`, in its order. ?1: time, ?2: limit.
const CLEAR_INBOX: &str = "
    DELETE FROM issue_inbox
    WHERE issue_id IN (SELECT issue_id FROM issue_inbox WHERE since < ?1 ORDER BY since LIMIT ?2)
    RETURNING issue_id";
/// `issue` by its key. ?1: `[id, …]`, ?2: revision.
const TOUCH_ISSUES: &str =
    "UPDATE issue SET revision = ?2 WHERE id IN (SELECT value FROM json_each(?1))";

/// `message_mark_by_age`. At least as many as the limit where there are as many, and with the last of them all of the
/// same time: a mark has no number to stop at. ?1: latest time, ?2: limit less one.
const FORGET_MARKS: &str = "
    DELETE FROM message_mark WHERE marked_at <= coalesce(
        (SELECT marked_at FROM message_mark WHERE marked_at <= ?1 ORDER BY marked_at LIMIT 1 OFFSET ?2), ?1)";
/// `counter_by_end`, as [`FORGET_MARKS`]. ?1: latest end, ?2: limit less one.
const FORGET_COUNTERS: &str = "
    DELETE FROM counter WHERE expires_at <= coalesce(
        (SELECT expires_at FROM counter WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 1 OFFSET ?2), ?1)";

/// ?1: time.
const COUNTERS: &str =
    "SELECT key, count, expires_at FROM counter WHERE expires_at > ?1 ORDER BY key";
/// ?1: project, ?2: number.
const SET_SHORT_ID_COUNTER: &str = "
    INSERT INTO short_id_counter (project_id, last_number) VALUES (?1, ?2)
    ON CONFLICT (project_id) DO UPDATE SET last_number = excluded.last_number";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[COUNTERS, SET_SHORT_ID_COUNTER];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DUE_NEW,
    DUE_REGRESSED,
    DUE_ESCALATING,
    DUE_SNOOZED,
    DUE_QUIET,
    DUE_UNTIL_ESCALATING,
    CLAIM_TASK,
    CLEAR_INBOX,
    TOUCH_ISSUES,
    FORGET_MARKS,
    FORGET_COUNTERS,
];

/// Rows that one transaction removes, so that no batch waits long for it.
const SLICE: u32 = 1_000;

impl SqliteStore {
    pub(in crate::store) async fn revision(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(super::query::REVISION)
            .fetch_one(&self.readers)
            .await?)
    }

    pub(in crate::store) async fn due(
        &self,
        due: &Due,
        limit: u32,
    ) -> Result<Vec<IssueId>, StoreError> {
        let until = |statement, time: &DateTime<Utc>| {
            sqlx::query_scalar::<_, i64>(statement).bind(Stamp::of(*time))
        };
        let query = match due {
            Due::New(first_seen) => until(DUE_NEW, first_seen),
            Due::Regressed(since) => until(DUE_REGRESSED, since),
            Due::Escalating(since) => until(DUE_ESCALATING, since),
            Due::Snoozed(end) => until(DUE_SNOOZED, end),
            Due::UntilEscalating(last_seen) => until(DUE_UNTIL_ESCALATING, last_seen),
            Due::Quiet {
                project,
                group_types,
                last_seen,
            } => sqlx::query_scalar(DUE_QUIET)
                .bind(project.0)
                .bind(integers(group_types.iter().map(|&number| number.into())))
                .bind(Stamp::of(*last_seen)),
        };
        let ids = query.bind(limit).fetch_all(&self.readers).await?;
        Ok(ids.into_iter().map(IssueId).collect())
    }

    pub(in crate::store) async fn claim_task(
        &self,
        task: &str,
        project: ProjectId,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let claimed = sqlx::query(CLAIM_TASK)
            .bind(task)
            .bind(project.0)
            .bind(Stamp::of(not_since))
            .bind(Stamp::of(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(claimed.rows_affected() > 0)
    }

    pub(in crate::store) async fn clear_inbox(
        &self,
        before: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut cleared = 0;
        loop {
            let mut tx = self.begin_write().await?;
            let issues: Vec<i64> = sqlx::query_scalar(CLEAR_INBOX)
                .bind(Stamp::of(before))
                .bind(SLICE)
                .fetch_all(&mut *tx)
                .await?;
            if issues.is_empty() {
                return Ok(cleared);
            }
            cleared += issues.len() as u64;
            let revision = write::next_revision(&mut tx).await?;
            self.written.note(revision, issues.clone());
            sqlx::query(TOUCH_ISSUES)
                .bind(integers(issues))
                .bind(revision)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
    }

    pub(in crate::store) async fn forget_expired(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.forget(FORGET_MARKS, now - DUPLICATE_WINDOW).await?;
        self.forget(FORGET_COUNTERS, now).await
    }

    async fn forget(
        &self,
        statement: &'static str,
        latest: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        loop {
            let mut tx = self.begin_write().await?;
            let gone = sqlx::query(statement)
                .bind(Stamp::of(latest))
                .bind(SLICE - 1)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            if gone.rows_affected() < SLICE.into() {
                return Ok(());
            }
        }
    }

    pub(in crate::store) async fn counters(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<CounterRow>, StoreError> {
        let rows: Vec<(String, i64, Stamp)> = sqlx::query_as(COUNTERS)
            .bind(Stamp::of(now))
            .fetch_all(&self.readers)
            .await?;
        Ok(records::counters(rows))
    }

    pub(in crate::store) async fn set_short_id_counter(
        &self,
        project: ProjectId,
        last_number: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(SET_SHORT_ID_COUNTER)
            .bind(project.0)
            .bind(last_number)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
