//! Opening a bundle (UX 18, ADR 0012): what somebody else has exported, to be looked at and left alone.
//!
//! The file is read once, line by line, into a store in memory; nothing of it is written anywhere else, and no name in
//! it is ever used as a path. Whoever made it may mean harm: every length, number and word is checked before it counts,
//! and what does not fit together is refused with its line.

mod error;
mod fill;
mod form;
mod lines;
#[cfg(test)]
mod tests;

pub use error::BundleError;

use crate::store::{Access, Store};
use crate::view::BundleView;
use chrono::{DateTime, Utc};
use form::{NewIssue, NewOccurrence, Person};
use std::path::Path;
use tokio::sync::mpsc;

/// Largest file, in bytes. It is kept in memory in another form, which can be as large.
pub const MOST_BYTES: u64 = 256 << 20;
/// Most issues. Each of them is a transaction of its own where their numbers have gaps.
pub const MOST_ISSUES: u64 = 20_000;
/// Longest line, in bytes: an occurrence has a record and an event, and each came in at most 4 MiB.
const MOST_LINE_BYTES: u64 = 16 << 20;

/// A bundle that is open.
#[derive(Debug)]
pub struct OpenBundle {
    /// Its issues and occurrences, numbered anew; short ids are those they had.
    pub store: Store,
    /// What it says of itself.
    pub head: BundleHead,
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
    let (parts, mut read) = mpsc::channel(1);
    let reader = tokio::task::spawn_blocking(move || {
        lines::read(&lines, |part| parts.blocking_send(part).is_ok())
    });
    let store = Store::open("sqlite::memory:", Access::ReadWrite).await?;
    let mut filled = Ok(());
    let mut known = fill::Known::default();
    while let Some(part) = read.recv().await {
        filled = fill::store(&store, part, &mut known, now).await;
        if filled.is_err() {
            break;
        }
    }
    // The reader ends with the next part where storing has failed.
    drop(read);
    let head = match reader.await {
        Ok(head) => head,
        Err(source) => Err(BundleError::Unreadable {
            file,
            source: std::io::Error::other(source),
        }),
    };
    filled?;
    Ok(OpenBundle { store, head: head? })
}
