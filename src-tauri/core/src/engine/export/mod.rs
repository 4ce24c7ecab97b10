//! Exports: what a search finds, as rows (search spec, section 13).
//!
//! The ids are found first and the rows read in parts, so that an export of any size takes the memory of a part and of
//! the ids. Writing blocks, so it has a thread of its own; while that one writes a part, the next one is read.

mod bundle;
mod events;
mod issues;
mod parts;
mod rows;
#[cfg(test)]
mod tests;
mod writer;

pub use bundle::{BundleFace, bundle_rows, fits_bundle};
pub(super) use bundle::{MOST_ISSUES as BUNDLE_MOST_ISSUES, VERSION as BUNDLE_VERSION};
pub(super) use events::counted;
pub use events::{EventChoice, count_events, export_events, export_tag_values, tag_columns};
pub use issues::{export_bundle, export_issues, issue_tags};
pub(super) use parts::{Content, Parts, RowStream, Wanted};
pub(super) use rows::IssueCells;
pub(super) use writer::write_all;

use crate::engine::find::FindError;
use crate::error::Error;
use crate::export::ExportError;
use crate::store::StoreError;

/// Issues that are read at once. Fewer, and a statement costs more than its rows; more, and a person waits for the first
/// news of it.
pub(super) const PART: usize = 2_000;
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
