//! What searches read, beside batches. The index or key that serves a statement is named above it, and a test asks
//! SQLite whether that is so.

use super::{SqliteStore, write, write_search};
use crate::store::StoreError;
use crate::store::search_backlog::{self, Position, SearchBacklog, Unread, Untold};
use uuid::Uuid;

const POSITION: &str = "SELECT next_seq, last_seq FROM search_backlog WHERE id = 1";
/// `issue_without_text`.
const REMAINING: &str = "
    SELECT max(b.last_seq - b.next_seq, 0) AS occurrences,
        EXISTS (SELECT 1 FROM issue WHERE text_hash IS NULL) AS has_issues
    FROM search_backlog AS b WHERE b.id = 1";
/// `occurrence` and `event_fact` by their keys, `event` by its unique (event_id, project_id). ?1 and ?2: after and up to
/// this, ?3: limit.
const UNREAD: &str = "
    SELECT o.seq, o.project_id, o.id, o.event_id, o.issue_id, o.environment, o.release, o.user_key,
        o.light_tags, o.payload, e.body
    FROM occurrence AS o LEFT JOIN event AS e ON e.event_id = o.event_id AND e.project_id = o.project_id
    WHERE o.seq > ?1 AND o.seq <= ?2 AND +o.issue_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM event_fact AS f WHERE f.seq = o.seq)
    ORDER BY o.seq LIMIT ?3";
/// ?1: next, ?2: what it was.
const ADVANCE: &str =
    "UPDATE search_backlog SET next_seq = ?1 WHERE id = 1 AND next_seq = ?2 AND last_seq >= ?1";
const RESTART: &str = "
    UPDATE search_backlog SET next_seq = 0, last_seq = (SELECT coalesce(max(seq), 0) FROM occurrence) WHERE id = 1";
/// `issue_without_text`, `issue_content` by its key. ?1: limit.
const UNTOLD: &str = "
    SELECT i.id, c.title, c.subtitle, c.message, c.culprit
    FROM issue AS i CROSS JOIN issue_content AS c ON c.issue_id = i.id
    WHERE i.text_hash IS NULL ORDER BY i.id LIMIT ?1";
/// `occurrence` by its key, as the full-text index names it. ?1: the first 12 digits in quotes, ?2: event.
const ISSUES_OF_EVENT: &str = "
    SELECT DISTINCT o.project_id, o.issue_id
    FROM occurrence_event_fts AS t CROSS JOIN occurrence AS o ON o.seq = t.rowid
    WHERE t.occurrence_event_fts MATCH ?1 AND o.event_id = ?2 AND o.issue_id IS NOT NULL
    ORDER BY 1, 2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[POSITION, RESTART, ADVANCE, ISSUES_OF_EVENT];
/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[REMAINING, UNREAD, UNTOLD];

impl SqliteStore {
    pub(in crate::store) async fn search_backlog(&self) -> Result<SearchBacklog, StoreError> {
        Ok(sqlx::query_as(REMAINING).fetch_one(&self.readers).await?)
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
        // Read and worked out beside the writer, which would have to wait.
        let position: Position = sqlx::query_as(POSITION).fetch_one(&self.readers).await?;
        let rows: Vec<Unread> = sqlx::query_as(UNREAD)
            .bind(position.next_seq)
            .bind(position.last_seq)
            .bind(most)
            .fetch_all(&self.readers)
            .await?;
        let facts = search_backlog::facts(&rows);
        let next = position.after(&rows, most);

        let mut tx = self.begin_write().await?;
        // It tells rows of an issue apart; nothing that a list shows changes.
        let revision = write::next_revision(&mut tx).await?;
        let moved = sqlx::query(ADVANCE)
            .bind(next)
            .bind(position.next_seq)
            .execute(&mut *tx)
            .await?;
        // Somebody has begun anew.
        if moved.rows_affected() == 0 {
            return Ok(true);
        }
        let untold: Vec<Untold> = sqlx::query_as(UNTOLD)
            .bind(most)
            .fetch_all(&mut *tx)
            .await?;
        let mut search = search_backlog::search_rows(&rows, &facts, &self.known);
        let texts: Vec<_> = untold.iter().map(Untold::text).collect();
        search.issue_texts(untold.iter().map(|issue| issue.id).zip(&texts));
        let learned =
            write_search::add(&mut tx, &mut search, &facts, &self.known, revision).await?;
        write_search::set_issue_texts(&mut tx, &untold, &texts).await?;
        write_search::set_term_bits(&mut tx, &search_backlog::term_bits(&rows, &facts)).await?;
        tx.commit().await?;
        self.known.learn(learned);
        Ok(true)
    }

    pub(in crate::store) async fn issues_of_event(
        &self,
        event: Uuid,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(sqlx::query_as(ISSUES_OF_EVENT)
            .bind(format!("\"{}\"", write_search::event_token(event)))
            .bind(event)
            .fetch_all(&self.readers)
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
