//! Exports: what a search finds, as rows (search spec, section 13).
//!
//! The ids are found first and the rows read in parts, so that an export of any size takes the memory of a part and of
//! the ids. Writing blocks, so it has a thread of its own; while that one writes a part, the next one is read.

mod events;
mod issues;
mod rows;
#[cfg(test)]
mod tests;
mod writer;

pub use events::{EventChoice, count_events, export_events, export_tag_values, tag_columns};
pub(super) use events::{EventPages, counted, row as event_row};
pub(super) use issues::object as issue_object;
pub use issues::{export_issues, issue_tags};
pub(super) use rows::{extent_of, row as issue_row};
pub(super) use writer::{Rows, write};

use crate::engine::find::FindError;
use crate::error::Error;
use crate::export::ExportError;
use crate::store::StoreError;
use futures_util::{Stream, StreamExt, stream};

/// Issues that are read at once. Fewer, and a statement costs more than its rows; more, and a person waits for the first
/// news of it.
pub(super) const PART: usize = 1_000;
/// Parts that are read at the same time, each by a connection of its own: while one waits for its rows, another one
/// unpacks them.
const AHEAD: usize = 2;

/// What the readers of the parts answer, in their order.
pub(super) fn ahead<R: Future>(readers: impl Iterator<Item = R>) -> impl Stream<Item = R::Output> {
    // Collected, because a stream that makes its readers as it goes could not move between threads for every lifetime.
    let readers: Vec<R> = readers.collect();
    stream::iter(readers).buffered(AHEAD)
}

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
