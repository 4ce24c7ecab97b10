//! What searches read, beside batches. The index or key that serves a statement is named above it, and a test asks
//! PostgreSQL whether that is so.

use super::{PostgresStore, write_search};
use crate::store::StoreError;
use crate::store::search_backlog::{self, Position, SearchBacklog, Unread, Untold};
use uuid::Uuid;

/// `search_backlog` by its key.
const POSITION: &str = "SELECT next_seq, last_seq FROM search_backlog WHERE id = 1";
/// `search_backlog` by its key, `issue_without_text`.
const REMAINING: &str = "
    SELECT greatest(b.last_seq - b.next_seq, 0) AS occurrences,
        EXISTS (SELECT 1 FROM issue WHERE text_hash IS NULL) AS has_issues
    FROM search_backlog AS b WHERE b.id = 1";
/// `occurrence` and `event_fact` by their keys, `event` by its unique (event_id, project_id). $1 and $2: after and up to
/// this, $3: limit.
const UNREAD: &str = "
    SELECT o.seq, o.project_id, o.id, o.event_id, o.issue_id, o.environment, o.release, o.user_key,
        o.light_tags, o.payload, e.body
    FROM occurrence AS o LEFT JOIN event AS e ON e.event_id = o.event_id AND e.project_id = o.project_id
    WHERE o.seq > $1 AND o.seq <= $2 AND o.issue_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM event_fact AS f WHERE f.seq = o.seq)
    ORDER BY o.seq LIMIT $3";
/// `search_backlog` by its key. $1: next, $2: what it was. One of several processes gets on.
const ADVANCE: &str =
    "UPDATE search_backlog SET next_seq = $1 WHERE id = 1 AND next_seq = $2 AND last_seq >= $1";
const RESTART: &str = "
    UPDATE search_backlog SET next_seq = 0, last_seq = (SELECT coalesce(max(seq), 0) FROM occurrence) WHERE id = 1";
/// `issue_without_text`, `issue_content` by its key. $1: limit. Issues come before texts in the order of locks; one that is being written gets its
/// text by that.
const UNTOLD: &str = "
    SELECT i.id, c.title, c.subtitle, c.message, c.culprit
    FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id
    WHERE i.text_hash IS NULL ORDER BY i.id LIMIT $1
    FOR UPDATE SKIP LOCKED";
/// `occurrence_by_event`. $1: event.
const ISSUES_OF_EVENT: &str = "
    SELECT DISTINCT project_id, issue_id FROM occurrence WHERE event_id = $1 AND issue_id IS NOT NULL ORDER BY 1, 2";
/// `search_ghost` in the order of its key. $1: limit.
const GHOSTS: &str = "SELECT issue_id FROM search_ghost ORDER BY issue_id LIMIT $1";
const TERM_PAGES: &str =
    "SELECT pg_relation_size('search_own_term') / current_setting('block_size')::bigint";
/// `search_own_term` by its pages. $1: issues, $2 and $3: first page, and the one behind the last.
const SWEEP_TERMS: &str = "
    DELETE FROM search_own_term AS t
    WHERE t.ctid >= format('(%s,0)', $2::bigint)::tid AND t.ctid < format('(%s,0)', $3::bigint)::tid
        AND t.issue_id = ANY($1)";
/// `search_ghost` by its key. $1: issues.
const DROP_GHOSTS: &str = "DELETE FROM search_ghost WHERE issue_id = ANY($1)";
/// Issues whose terms one sweep removes at most.
const MOST_GHOSTS: i64 = 100_000;
/// Pages one transaction of a sweep reads: about two million terms.
const SWEPT_PAGES: usize = 10_000;

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[RESTART, TERM_PAGES];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    POSITION,
    REMAINING,
    UNREAD,
    ADVANCE,
    UNTOLD,
    ISSUES_OF_EVENT,
    GHOSTS,
    SWEEP_TERMS,
    DROP_GHOSTS,
];

impl PostgresStore {
    pub(in crate::store) async fn search_backlog(&self) -> Result<SearchBacklog, StoreError> {
        Ok(sqlx::query_as(REMAINING).fetch_one(&self.pool).await?)
    }

    pub(in crate::store) async fn restart_search_backlog(&self) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        sqlx::query(RESTART).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Looks at up to `most` occurrences and as many issues. Answers whether there may be more.
    pub(in crate::store) async fn index_backlog(&self, most: u32) -> Result<bool, StoreError> {
        if self.search_backlog().await?.is_empty() {
            return Ok(false);
        }
        let position: Position = sqlx::query_as(POSITION).fetch_one(&self.pool).await?;
        let rows: Vec<Unread> = sqlx::query_as(UNREAD)
            .bind(position.next_seq)
            .bind(position.last_seq)
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?;
        let facts = search_backlog::facts(&rows);
        let next = position.after(&rows, most);

        let mut tx = self.begin_write().await?;
        let untold: Vec<Untold> = sqlx::query_as(UNTOLD)
            .bind(i64::from(most))
            .fetch_all(&mut *tx)
            .await?;
        let moved = sqlx::query(ADVANCE)
            .bind(next)
            .bind(position.next_seq)
            .execute(&mut *tx)
            .await?;
        // Another process was faster, or somebody has begun anew.
        if moved.rows_affected() == 0 {
            return Ok(true);
        }
        write_search::set_term_bits(&mut tx, &search_backlog::term_bits(&rows, &facts)).await?;
        let mut search = search_backlog::search_rows(&rows, &facts, &self.known);
        let texts: Vec<_> = untold.iter().map(Untold::text).collect();
        search.issue_texts(untold.iter().map(|issue| issue.id).zip(&texts));
        let learned = write_search::add(&mut tx, &mut search, &facts, &self.known).await?;
        write_search::set_issue_texts(&mut tx, &untold, &texts).await?;
        tx.commit().await?;
        self.known.learn(learned);
        Ok(true)
    }

    /// Removes the terms of issues that are gone, page by page: nothing finds them by their issue. One that is interrupted
    /// is done again.
    pub(in crate::store) async fn sweep_search(&self) -> Result<u64, StoreError> {
        let ghosts: Vec<i64> = sqlx::query_scalar(GHOSTS)
            .bind(MOST_GHOSTS)
            .fetch_all(&self.pool)
            .await?;
        if ghosts.is_empty() {
            return Ok(0);
        }
        let pages: i64 = sqlx::query_scalar(TERM_PAGES).fetch_one(&self.pool).await?;
        let mut swept = 0;
        for first in (0..pages).step_by(SWEPT_PAGES) {
            let behind = first.saturating_add(SWEPT_PAGES as i64);
            let mut tx = self.begin_write().await?;
            let removed = sqlx::query(SWEEP_TERMS)
                .bind(&ghosts)
                .bind(first)
                .bind(behind)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            swept += removed.rows_affected();
        }
        let mut tx = self.begin_write().await?;
        sqlx::query(DROP_GHOSTS)
            .bind(&ghosts)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(swept)
    }

    pub(in crate::store) async fn issues_of_event(
        &self,
        event: Uuid,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(sqlx::query_as(ISSUES_OF_EVENT)
            .bind(event)
            .fetch_all(&self.pool)
            .await?)
    }

    pub(in crate::store) async fn delete_search_rows(
        &self,
        issues: &[i64],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        write_search::delete_search_rows(&mut tx, issues).await?;
        Ok(tx.commit().await?)
    }

    pub(in crate::store) async fn move_search_rows(
        &self,
        from: i64,
        to: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        write_search::move_search_rows(&mut tx, from, to).await?;
        Ok(tx.commit().await?)
    }
}
