//! What searches read, beside batches: the rest from earlier, events by their id, and issues that go or merge.

use super::StoreError;
use super::backend::{Backend, Store, each};
use super::search_backlog::SearchBacklog;
use crate::model::{EventId, IssueId, ProjectId};

impl Store {
    /// How much of what is stored searches do not know yet. Until it is nothing, they miss events.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn search_backlog(&self) -> Result<SearchBacklog, StoreError> {
        each!(self, backend => backend.search_backlog().await)
    }

    /// Has everything that is stored looked at once more, as after rows that came by another way than a batch. What
    /// searches know already stays.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Unavailable`].
    pub async fn restart_search_backlog(&self) -> Result<(), StoreError> {
        each!(self, backend => backend.restart_search_backlog().await)
    }

    /// Issues in which this event occurred, in every project, ascending.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn issues_of_event(
        &self,
        event: EventId,
    ) -> Result<Vec<(ProjectId, IssueId)>, StoreError> {
        let found = each!(self, backend => backend.issues_of_event(event.0).await)?;
        let issues = found.into_iter();
        Ok(issues
            .map(|(project, issue)| (ProjectId(project), IssueId(issue)))
            .collect())
    }

    /// Removes what searches read of issues that are deleted for good, and of their events. Their occurrences have to
    /// be there still.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Unavailable`].
    pub async fn delete_search_rows(&self, issues: &[IssueId]) -> Result<(), StoreError> {
        let issues: Vec<i64> = issues.iter().map(|issue| issue.0).collect();
        each!(self, backend => backend.delete_search_rows(&issues).await)
    }

    /// Lets searches find in `to` what its occurrences brought along that were moved from `from`.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Unavailable`].
    pub async fn move_search_rows(&self, from: IssueId, to: IssueId) -> Result<(), StoreError> {
        each!(self, backend => backend.move_search_rows(from.0, to.0).await)
    }
}
