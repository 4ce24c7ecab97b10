//! Exports: what a search finds, as rows (search spec, section 13).
//!
//! The ids are found first and the rows read in parts, so that an export of any size takes the memory of a part and of
//! the ids. Writing blocks, so it has a thread of its own; while that one writes a part, the next one is read.

mod events;
mod issues;
#[cfg(test)]
mod tests;
mod writer;

pub use events::{EventChoice, count_events, export_events, export_tag_values, tag_columns};
pub(super) use events::{EventPages, counted, row as event_row};
pub use issues::{export_issues, issue_tags};
pub(super) use issues::{object as issue_object, row as issue_row};
pub(super) use writer::{Rows, write};

use crate::engine::find::FindError;
use crate::error::Error;
use crate::export::ExportError;
use crate::store::StoreError;

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportFailure {
    /// The search was refused, or the store failed.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The rows were not taken, or somebody cancelled it.
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl From<StoreError> for ExportFailure {
    fn from(error: StoreError) -> Self {
        Self::Find(error.into())
    }
}

impl From<ExportFailure> for Error {
    fn from(failure: ExportFailure) -> Self {
        match failure {
            ExportFailure::Find(error) => error.into(),
            ExportFailure::Export(error) => error.into(),
        }
    }
}
