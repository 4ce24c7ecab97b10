//! Opening a bundle (UX 18, ADR 0012): what somebody else has exported, to be looked at and left alone.
//!
//! The file is read once, line by line, into a store in memory; nothing of it is written anywhere else, and no name in
//! it is ever used as a path. Whoever made it may mean harm: every length, number and word is checked before it counts,
//! and what does not fit together is refused with its line.

mod error;
mod fill;
mod form;
mod lines;
mod shape;
#[cfg(test)]
mod tests;

pub use error::BundleError;

use crate::store::Store;
use crate::view::{BundleView, SavedView};
use chrono::{DateTime, Utc};
use form::{NewIssue, NewOccurrence, Person};
use std::path::Path;
use tokio::sync::mpsc;

/// Largest file, in bytes. It is kept in memory in another form, which can be as large.
pub const MOST_BYTES: u64 = 256 << 20;
/// Longest line, in bytes: an occurrence has a record and an event, and each came in at most 4 MiB.
const MOST_LINE_BYTES: u64 = 16 << 20;

/// A bundle that is open.
#[derive(Debug)]
pub struct OpenBundle {
    /// Its issues and occurrences, numbered anew; short ids are those they had.
    pub store: Store,
    /// What it says of itself.
    pub head: BundleHead,
    /// The view to show first, which is one of the store's: the list it comes from, or else all of it.
    pub view: SavedView,
}

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleHead {
    /// When it was made.
    pub made: DateTime<Utc>,
    /// Issues in it.
    pub issues: u64,
    /// Occurrences in it.
    pub occurrences: u64,
    /// Whether anything was taken out.
    pub is_redacted: bool,
    /// How the list looked that it comes from; nothing where it does not say so, or in words that are not known here.
    pub view: Option<BundleView>,
}

/// What is read goes to the store in these parts.
enum Part {
    /// All issues, and the people who are named with them.
    Issues(Vec<NewIssue>, Vec<Person>),
    /// Occurrences of issues that came before.
    Occurrences(Vec<NewOccurrence>),
}

/// Opens a bundle. `now` is the time it is opened at.
///
/// # Errors
/// [`BundleError`], which says where the file is not what it should be.
pub async fn open(path: &Path, now: DateTime<Utc>) -> Result<OpenBundle, BundleError> {
    let (file, lines) = (path.to_owned(), path.to_owned());
    // Reading and unpacking block; while a part is stored, the next one is read.
    let (parts, read) = mpsc::channel(1);
    let reader = tokio::task::spawn_blocking(move || {
        lines::read(&lines, |part| parts.blocking_send(part).is_ok())
    });
    let filled = fill::all(read, now).await;
    let head = match reader.await {
        Ok(head) => head,
        Err(source) => Err(BundleError::Unreadable {
            file,
            source: std::io::Error::other(source),
        }),
    };
    let (store, head) = match (filled?, head) {
        (Some(store), Ok(head)) => (store, head),
        (_, Err(error)) => return Err(error),
        // Nothing came of it, not even an empty list of issues.
        (None, Ok(_)) => {
            return Err(BundleError::NotABundle {
                file: path.to_owned(),
            });
        }
    };
    let view = fill::views(&store, &head).await?;
    Ok(OpenBundle { store, head, view })
}
