//! What people do to issues: updates, merges, deletes, and taking any of it back (search spec, sections 11 and 12).
//!
//! Whatever is asked for is checked as a whole first, then carried out, a transaction for every few hundred issues. Each
//! transaction writes what it did into the journal, as the issues were and as they became, and taking back reads only
//! that: it works after a restart, and puts back only what still stands as it was left.
//!
//! Nothing here searches. Who calls names the issues; a search has found them before.

mod action;
mod answer;
mod body;
mod chunk;
mod delete;
mod job;
mod merge;
mod prepared;
mod purge;
mod request;
mod title;
mod transact;
mod undo;
mod undo_delete;
mod undo_merge;
mod undo_report;
mod undo_update;
mod update;
mod wording;

pub use action::Action;
pub use body::{IgnoreConditions, StatusDetails, StatusWord, UpdateBody};
pub use chunk::Skip;
pub use delete::{Deleted, Signal, delete, discard};
pub use job::{JobReport, Progress, interrupt_jobs, resume, run, standing};
pub use purge::{PURGE_BATCH, Purged, purge_due, purge_within, run_deletion};
pub use request::{Context, Origin, Rules, Scope};
pub use undo::{is_undo, undo, undo_watched};
pub use undo_report::{ChangedSince, HashTaken, Hindrance, NotRestored, UndoReport};
pub use undo_update::UndoRequest;
pub use update::{Answer, MOST_BY_ID, update};
pub use wording::LabelsBody;

use crate::error::{Error, ErrorKind};
use crate::store::StoreError;

/// A request that is refused as a whole; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {problem}")]
pub struct BadRequest {
    /// The part of the request that is not acceptable, as it was written.
    pub parameter: String,
    /// What is wrong with it, and what would be right.
    pub problem: String,
}

impl BadRequest {
    /// The code of every such refusal (search spec, section 4).
    pub const CODE: &'static str = "bad_request";

    fn new(parameter: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            parameter: parameter.into(),
            problem: problem.into(),
        }
    }
}

/// Why an action was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// It was refused.
    #[error(transparent)]
    Bad(#[from] BadRequest),
    /// The store failed; what was committed until then stays, and stands in the journal.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BulkError> for Error {
    fn from(error: BulkError) -> Self {
        match error {
            BulkError::Bad(bad) => Self::new(ErrorKind::InvalidInput, bad.to_string()),
            BulkError::Store(error) => error.into(),
        }
    }
}
