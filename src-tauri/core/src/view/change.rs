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
