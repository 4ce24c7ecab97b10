//! What changing things by hand did.

use super::{Count, count};
use serde::Serialize;
use specta::Type;

/// An issue that a change left as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct SkippedIssue {
    /// Its id, a 64-bit integer as text.
    pub id: String,
    /// Why, in words.
    pub reason: String,
}

/// Why a change leaves an issue as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// It is so already.
    Unchanged,
    /// It was deleted or merged.
    Gone,
    /// It was resolved after it had been selected.
    ResolvedMeanwhile,
    /// It was archived after it had been selected.
    ArchivedMeanwhile,
    /// The search it was selected in does not find it any more.
    NoMatch,
    /// It has changed since it was selected, and may not have matched then.
    Unsure,
    /// It is no error, and only errors may be deleted.
    NoError,
    /// It was discarded before.
    Discarded,
    /// It cannot be changed so.
    Refused,
}

/// Issues that a change leaves as they are for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SkippedCount {
    /// The reason.
    pub reason: SkipReason,
    /// How many.
    pub issues: Count,
}

/// What a change of dead letters did.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DeadLettersChanged {
    /// Letters whose state changed.
    pub changed: Count,
    /// Revision of the store after it, a 64-bit counter as text.
    pub revision: String,
}

impl DeadLettersChanged {
    /// So many changed, and this is the revision now.
    #[must_use]
    pub fn new(changed: u64, revision: i64) -> Self {
        Self {
            changed: count(changed),
            revision: revision.to_string(),
        }
    }
}

/// How dead letters ended that were tried again.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ReplayReport {
    /// Letters that became part of an issue or changed one.
    pub stored: Count,
    /// Letters that were dropped with a counted reason.
    pub dropped: Count,
    /// Letters that could not be processed this time either.
    pub failed: Count,
    /// Revision of the store after it, a 64-bit counter as text.
    pub revision: String,
}
