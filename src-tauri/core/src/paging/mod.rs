//! Pages of long lists: cursors, what to read for them, and which cursors lead on from what was read (search spec,
//! section 10).
//!
//! Nothing here reads anything. A paginator says which slice of a list it needs, whoever holds the list reads it, and
//! the paginator makes the page of it. A table in a database and a list in memory so have the same pages.
//!
//! - [`Cursor`]: a place in a list, as text
//! - [`Keyset`]: lists ordered by a date or a number
//! - [`ScorePager`]: lists ordered by a score
//! - [`PageNumbers`], [`RowOffsets`]: lists paged by counting rows
//! - [`Hits`]: how many rows there are in all, up to a bound

mod cursor;
mod hits;
mod keyset;
mod limit;
mod offset;
mod refusal;
mod score;
#[cfg(test)]
mod tests;

pub use cursor::{Cursor, CursorValue};
pub use hits::{HITS_CAP, Hits};
pub use keyset::{ColumnValue, Keyset, Micros, Rounding, Slice};
pub use limit::{BULK_CAP, Limit, PAGE_CAP};
pub use offset::{PageNumbers, PageSlice, RowOffsets};
pub use refusal::BadRequest;
pub use score::{Edge, ScorePager};

use serde::Serialize;

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

/// The way to a neighbouring page. It is there even when nothing lies behind it yet: clients poll with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Link {
    /// Where the neighbouring page is.
    pub cursor: Cursor,
    /// Whether it had rows when this page was read.
    pub results: bool,
}

/// A page and its neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub rows: Vec<T>,
    /// Towards the start of the list.
    pub prev: Link,
    /// Towards the end of the list.
    pub next: Link,
}

impl<T> Page<T> {
    /// The page with other rows in place of these. The neighbours stay: a page that is thinned out afterwards leads
    /// to the same places.
    pub fn map<U>(self, change: impl FnOnce(Vec<T>) -> Vec<U>) -> Page<U> {
        Page {
            rows: change(self.rows),
            prev: self.prev,
            next: self.next,
        }
    }
}
