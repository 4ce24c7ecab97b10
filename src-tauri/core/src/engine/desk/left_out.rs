//! Issues of a selection that an action is not meant for any more, and why.

use crate::engine::bulk::Skip;
use crate::model::{IssueId, IssueStatus};
use crate::store::{ActionStore, StoreError};
use crate::triage::Refusal;
use crate::view::{SkipReason, SkippedCount, count};
use std::collections::{BTreeMap, HashMap};

/// Heads that one statement reads.
const HEADS: usize = 5_000;

/// Why an issue of a selection is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// It was deleted or merged.
    #[error("it is no longer in the store")]
    Gone,
    /// The query asks for other statuses.
    #[error("it was resolved meanwhile")]
    Resolved,
    /// The query asks for other statuses.
    #[error("it was archived meanwhile")]
    Archived,
    /// The query does not find it any more.
    #[error("it no longer matches the search")]
    NoMatch,
    /// It has changed since the selection was made, and nobody knows any more whether it was in the list then.
    #[error("it has changed since it was selected, and may not have matched then")]
    Unsure,
}

impl From<LeftOut> for SkipReason {
    fn from(why: LeftOut) -> Self {
        match why {
            LeftOut::Gone => Self::Gone,
            LeftOut::Resolved => Self::ResolvedMeanwhile,
            LeftOut::Archived => Self::ArchivedMeanwhile,
            LeftOut::NoMatch => Self::NoMatch,
            LeftOut::Unsure => Self::Unsure,
        }
    }
}

/// What the reason of a skipped issue is to the window.
pub(super) fn reason_of(skip: Skip) -> SkipReason {
    match skip {
        Skip::Unchanged => SkipReason::Unchanged,
        Skip::NoError => SkipReason::NoError,
        Skip::Discarded => SkipReason::Discarded,
        Skip::Refused(Refusal::Gone) => SkipReason::Gone,
        Skip::Refused(_) => SkipReason::Refused,
    }
}

/// How many were left for each reason, most first.
pub(super) fn counted(reasons: impl Iterator<Item = SkipReason>) -> Vec<SkippedCount> {
    let mut numbers: BTreeMap<SkipReason, u64> = BTreeMap::new();
    for reason in reasons {
        *numbers.entry(reason).or_default() += 1;
    }
    let mut counted: Vec<_> = numbers
        .into_iter()
        .map(|(reason, issues)| SkippedCount {
            reason,
            issues: count(issues),
        })
        .collect();
    counted.sort_by(|a, b| b.issues.total_cmp(&a.issues));
    counted
}

/// Why issues that were in a list are not found any more. `statuses`: the only ones the query asks for, where it does.
///
/// # Errors
/// Where the store fails.
pub(super) async fn no_longer_found(
    store: &impl ActionStore,
    issues: Vec<IssueId>,
    statuses: Option<&[i16]>,
) -> Result<Vec<(IssueId, LeftOut)>, StoreError> {
    let mut standing = HashMap::new();
    for chunk in issues.chunks(HEADS) {
        let heads = store.issue_heads(chunk).await?.into_iter();
        standing.extend(heads.map(|head| (head.id, head.status)));
    }
    let is_asked =
        |status: IssueStatus| statuses.is_none_or(|asked| asked.contains(&status.number()));
    let why = |id: IssueId| match standing.get(&id) {
        None => LeftOut::Gone,
        Some(status) if status.is_hidden() => LeftOut::Gone,
        Some(status) if is_asked(*status) => LeftOut::NoMatch,
        Some(IssueStatus::Resolved) => LeftOut::Resolved,
        Some(IssueStatus::Ignored) => LeftOut::Archived,
        Some(_) => LeftOut::NoMatch,
    };
    Ok(issues.into_iter().map(|id| (id, why(id))).collect())
}
