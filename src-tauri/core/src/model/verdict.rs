//! What a station of the pipeline can say about a record.

use super::{DropReason, RejectReason};

/// Every record ends as exactly one of these.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<T> {
    /// Goes on.
    Keep(T),
    /// Ends here in an orderly way and is counted.
    Drop(DropReason),
    /// Could not be processed; kept as a dead letter.
    Reject(Rejection),
}

/// Why a record could not be processed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Rejection {
    /// Closed reason.
    pub reason: RejectReason,
    /// What exactly is wrong and where in the payload, for a person.
    pub detail: String,
}

impl Rejection {
    /// A rejection with words for a person.
    pub fn new(reason: RejectReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}
