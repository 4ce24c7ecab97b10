//! Rows to files: CSV, JSON, newline-delimited JSON and Markdown (search spec, section 13).
//!
//! Rows are pushed one by one and written as they come; nothing is kept of them, so an export of any size takes the
//! memory of its largest row.
//!
//! - [`ExportRow`]: a row, values by name
//! - [`ColumnSet`], [`Columns`]: which columns there are, and which of them an export has
//! - [`Redaction`]: what is taken out of them
//! - [`Times`]: how their instants are written
//! - [`RowWriter`]: rows as text, to wherever
//! - [`ExportFile`]: rows into a file that appears whole or not at all
//!
//! Where rows come from is not known here.

mod columns;
mod delimited;
mod error;
mod file;
mod format;
mod json;
mod markdown;
mod redact;
mod row;
#[cfg(test)]
mod tests;
mod times;
mod writer;

pub use columns::{ColumnSet, Columns};
pub use error::ExportError;
pub use file::{ExportFile, ExportOptions, Exported, Progress};
pub use format::{CsvOptions, Format, Separator};
pub use redact::Redaction;
pub use row::{Cell, ExportRow};
pub use times::Times;
pub use writer::RowWriter;
