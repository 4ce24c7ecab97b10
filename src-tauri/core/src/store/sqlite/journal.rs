//! What was noted about an issue.

use super::SqliteStore;
use crate::model::IssueId;
use crate::store::StoreError;
use crate::store::journal::{ActivityRow, HistoryRow, Journal};

/// `activity_by_issue`, in its order. ?1: issue.
const ACTIVITIES: &str =
    "SELECT kind, actor, ident, data, at FROM activity WHERE issue_id = ?1 ORDER BY id";
/// `issue_history_by_kind` by the first part of its key. ?1: issue.
const HISTORY: &str = "
    SELECT kind, actor, release, at, previous_at FROM issue_history WHERE issue_id = ?1 ORDER BY id";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ACTIVITIES, HISTORY];

impl SqliteStore {
    pub(in crate::store) async fn journal(&self, issue: IssueId) -> Result<Journal, StoreError> {
        let mut tx = self.begin_read().await?;
        let activities: Vec<ActivityRow> = sqlx::query_as(ACTIVITIES)
            .bind(issue.0)
            .fetch_all(&mut *tx)
            .await?;
        let history: Vec<HistoryRow> = sqlx::query_as(HISTORY)
            .bind(issue.0)
            .fetch_all(&mut *tx)
            .await?;
        Journal::read(activities, history)
    }
}
