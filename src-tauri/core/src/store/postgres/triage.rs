//! What is due, what repeats, and what is over. The index or key that serves a statement is named above it, and a test
//! asks PostgreSQL whether that is so.

use super::{PostgresStore, write};
use crate::limits::CounterRow;
use crate::model::{IssueId, ProjectId};
use crate::store::column::Stamp;
use crate::store::records;
use crate::store::{DUPLICATE_WINDOW, Due, StoreError};
use chrono::{DateTime, Utc};

/// `issue_new`, in its order. $1: latest first sighting, $2: limit.
const DUE_NEW: &str = "
    SELECT id FROM issue WHERE status = 0 AND substatus = 7 AND first_seen <= $1 ORDER BY first_seen, id LIMIT $2";
/// `issue_watched` and `issue_history_by_kind`. $1: latest time of the newest row, $2: limit.
const DUE_REGRESSED: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus = 6 AND i.status = 0
        AND (SELECT max(h.at) FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 7) <= $1
    ORDER BY i.id LIMIT $2";
/// As [`DUE_REGRESSED`].
const DUE_ESCALATING: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus = 2 AND i.status = 0
        AND (SELECT max(h.at) FROM issue_history AS h WHERE h.issue_id = i.id AND h.kind = 14) <= $1
    ORDER BY i.id LIMIT $2";
/// `issue_snooze_by_end`, in its order. $1: latest end, $2: limit.
const DUE_SNOOZED: &str =
    "SELECT issue_id FROM issue_snooze WHERE until <= $1 ORDER BY until, issue_id LIMIT $2";
/// `issue_by_last_seen` from its end, which includes all but the group type; only for what that leaves over, `issue` by
/// its key. $1: project, $2: group types, $3: latest last sighting, $4: limit.
const DUE_QUIET: &str = "
    SELECT q.id FROM issue AS q JOIN issue AS i ON i.id = q.id
    WHERE q.last_seen <= $3 AND q.status = 0 AND q.project_id = $1 AND i.group_type = ANY($2)
    ORDER BY q.last_seen, q.id LIMIT $4";
/// `issue_watched`. $1: earliest last sighting, $2: limit.
const DUE_UNTIL_ESCALATING: &str = "
    SELECT i.id FROM issue AS i
    WHERE i.substatus = 1 AND i.status = 2 AND i.last_seen >= $1
    ORDER BY i.id LIMIT $2";

/// `task_run` by its key. Whoever comes second waits here for the first one's commit, and then finds its time. $1: task,
/// $2: project, $3: latest last run, $4: now.
const CLAIM_TASK: &str = "
    INSERT INTO task_run AS t (task, project_id, last_run) VALUES ($1, $2, $4)
    ON CONFLICT (task, project_id) DO UPDATE SET last_run = excluded.last_run WHERE t.last_run <= $3";

/// `issue_inbox_by_age`, in its order. $1: time, $2: limit.
const OLD_IN_INBOX: &str =
    "SELECT issue_id FROM issue_inbox WHERE since < $1 ORDER BY since LIMIT $2";
/// `issue` by its key. $1: issues. Whoever writes beside an issue has locked it before.
const LOCK_ISSUES: &str = "SELECT id FROM issue WHERE id = ANY($1) ORDER BY id FOR UPDATE";
/// `issue_inbox` by its key. $1: issues, $2: time.
const CLEAR_INBOX: &str =
    "DELETE FROM issue_inbox WHERE issue_id = ANY($1) AND since < $2 RETURNING issue_id";
/// `issue` by its key. $1: issues, $2: revision.
const TOUCH_ISSUES: &str = "UPDATE issue SET revision = $2 WHERE id = ANY($1)";

/// `message_mark_by_age`, then the places of the rows, which the locks keep. What a batch is about to mark anew is left
/// to the next time, so that neither waits for the other. $1: latest time, $2: limit.
const FORGET_MARKS: &str = "
    DELETE FROM message_mark WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM message_mark WHERE marked_at <= $1 ORDER BY marked_at LIMIT $2 FOR UPDATE SKIP LOCKED))";
/// `counter_by_end`, as [`FORGET_MARKS`]. $1: latest end, $2: limit.
const FORGET_COUNTERS: &str = "
    DELETE FROM counter WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM counter WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))";

/// $1: time.
const COUNTERS: &str = r#"
    SELECT key, count, expires_at FROM counter WHERE expires_at > $1 ORDER BY key COLLATE "C""#;
/// $1: project, $2: number.
const SET_SHORT_ID_COUNTER: &str = "
    INSERT INTO short_id_counter (project_id, last_number) VALUES ($1, $2)
    ON CONFLICT (project_id) DO UPDATE SET last_number = excluded.last_number";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CLAIM_TASK, COUNTERS, SET_SHORT_ID_COUNTER];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    DUE_NEW,
    DUE_REGRESSED,
    DUE_ESCALATING,
    DUE_SNOOZED,
    DUE_QUIET,
    DUE_UNTIL_ESCALATING,
    OLD_IN_INBOX,
    LOCK_ISSUES,
    CLEAR_INBOX,
    TOUCH_ISSUES,
    FORGET_MARKS,
    FORGET_COUNTERS,
];

/// Rows that one transaction removes, so that no batch waits long for it.
const SLICE: u32 = 1_000;

impl PostgresStore {
    pub(in crate::store) async fn revision(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(super::query::REVISION)
            .fetch_one(&self.pool)
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
                .bind(
                    group_types
                        .iter()
                        .map(|&number| i32::from(number))
                        .collect::<Vec<_>>(),
                )
                .bind(Stamp::of(*last_seen)),
        };
        let ids = query.bind(i64::from(limit)).fetch_all(&self.pool).await?;
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
        let before = Stamp::of(before);
        let mut cleared = 0;
        loop {
            let mut tx = self.begin_write().await?;
            let old: Vec<i64> = sqlx::query_scalar(OLD_IN_INBOX)
                .bind(before)
                .bind(i64::from(SLICE))
                .fetch_all(&mut *tx)
                .await?;
            if old.is_empty() {
                return Ok(cleared);
            }
            sqlx::query(LOCK_ISSUES)
                .bind(&old)
                .execute(&mut *tx)
                .await?;
            let issues: Vec<i64> = sqlx::query_scalar(CLEAR_INBOX)
                .bind(&old)
                .bind(before)
                .fetch_all(&mut *tx)
                .await?;
            cleared += issues.len() as u64;
            // Somebody else may have taken them out before the lock was given.
            if !issues.is_empty() {
                let revision = write::next_revision(&mut tx).await?;
                sqlx::query(TOUCH_ISSUES)
                    .bind(issues)
                    .bind(revision)
                    .execute(&mut *tx)
                    .await?;
            }
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
                .bind(i64::from(SLICE))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            if gone.rows_affected() < u64::from(SLICE) {
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
            .fetch_all(&self.pool)
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
