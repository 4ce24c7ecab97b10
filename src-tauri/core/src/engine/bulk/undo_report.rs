//! What taking an entry back has brought back, and why not the rest.

use super::chunk::Skip;
use crate::model::{GroupHash, IssueId, IssueStatus};
use crate::store::{ActionStore, StoreError};
use crate::triage::Difference;
use std::collections::HashMap;

/// An issue that was left alone because it has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSince {
    /// The issue.
    pub issue: IssueId,
    /// What of it has changed; at least one member.
    pub differences: Vec<Difference>,
}

impl ChangedSince {
    /// The members that have changed, as the journal stores them.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.differences.iter().map(|one| one.member.as_str())
    }
}

/// A fingerprint that leads to another issue by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashTaken {
    /// The issue that came back without it.
    pub issue: IssueId,
    /// The fingerprint.
    pub hash: GroupHash,
    /// The issue that keeps it.
    pub now: IssueId,
}

/// An issue that could not be put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRestored {
    /// The issue.
    pub issue: IssueId,
    /// What stood in the way.
    pub why: Hindrance,
}

/// What stands in the way of putting an issue back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Hindrance {
    /// There is nothing of it any more.
    #[error("its data has been erased")]
    Erased,
    /// Its purge has begun.
    #[error("its data is being erased")]
    BeingErased,
    /// It was deleted by something else.
    #[error("it has been deleted since; take that back first")]
    Deleted,
    /// It was merged by something else.
    #[error("it has become part of another issue; take that back first")]
    Merged,
    /// What was to be taken back does not stand.
    #[error("it is not deleted any more")]
    Back,
    /// It has a tombstone of an earlier discard.
    #[error("it was discarded before")]
    Discarded,
    /// What the journal has of it is of no use.
    #[error("what the journal has of it cannot be read")]
    Unreadable,
}

impl Hindrance {
    /// Why an issue that stands so cannot be reached; nothing for no issue at all.
    pub(super) fn of(status: Option<IssueStatus>) -> Self {
        match status {
            None => Self::Erased,
            Some(IssueStatus::PendingDeletion) => Self::Deleted,
            Some(IssueStatus::DeletionInProgress) => Self::BeingErased,
            Some(IssueStatus::PendingMerge) => Self::Merged,
            Some(IssueStatus::Unresolved | IssueStatus::Resolved | IssueStatus::Ignored) => {
                Self::Back
            }
        }
    }
}

/// What taking back has brought back, and what not. Ids are ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoReport {
    /// What was taken back, as its entry is called; of an undo, the change that was done again.
    pub title: String,
    /// Issues that are as they were.
    pub restored: Vec<IssueId>,
    /// Issues that are gone, or on their way.
    pub not_restored: Vec<NotRestored>,
    /// Issues that have changed since.
    pub changed_since: Vec<ChangedSince>,
    /// Fingerprints that a newer issue keeps.
    pub hashes_taken: Vec<HashTaken>,
    /// The entry that taking back has made; nothing where it changed nothing.
    pub entry: Option<i64>,
    /// Revision of the store afterwards; nothing where it did not change.
    pub revision: Option<i64>,
    /// The job; nothing where there were too few issues for one, or all of them came back at once.
    pub job: Option<i64>,
    /// Issues it did not come to, because it was stopped: taking the entry back again goes on with them, and so does the
    /// job.
    pub remaining: u64,
}

impl UndoReport {
    pub(super) fn hindered(&mut self, issue: IssueId, why: Hindrance) {
        self.not_restored.push(NotRestored { issue, why });
    }

    /// Adds what a further transaction did.
    pub(super) fn add(&mut self, part: Self) {
        self.restored.extend(part.restored);
        self.not_restored.extend(part.not_restored);
        self.changed_since.extend(part.changed_since);
    }

    /// Puts its lists in the order of their issues.
    pub(super) fn sort(&mut self) {
        self.restored.sort_unstable();
        self.not_restored.sort_unstable_by_key(|one| one.issue);
    }
}

/// Why issues were skipped by what does something again: it says that they are gone, and the store where to.
pub(super) async fn hindered(
    store: &impl ActionStore,
    skipped: &[(IssueId, Skip)],
) -> Result<Vec<NotRestored>, StoreError> {
    let ids: Vec<IssueId> = skipped.iter().map(|(id, _)| *id).collect();
    let heads = store.issue_heads(&ids).await?;
    let status: HashMap<IssueId, IssueStatus> =
        heads.iter().map(|head| (head.id, head.status)).collect();
    let why = |(issue, skip): &(IssueId, Skip)| NotRestored {
        issue: *issue,
        why: match skip {
            Skip::Discarded => Hindrance::Discarded,
            _ => Hindrance::of(status.get(issue).copied()),
        },
    };
    Ok(skipped.iter().map(why).collect())
}
