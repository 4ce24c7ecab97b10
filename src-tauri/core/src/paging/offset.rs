//! Lists paged by counting rows (search spec, section 10.4). They are for tables that do not grow while somebody
//! turns their pages: a row that arrives at the top pushes the others along.

use super::{BadRequest, Cursor, CursorValue, Limit, Link, Page};
use std::collections::VecDeque;

/// The rows a page is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSlice {
    /// Rows to pass over.
    pub skip: i64,
    /// Rows to read after them.
    pub take: i64,
}

/// Pages with numbers: a cursor holds the size of a page and the number of the page, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageNumbers {
    limit: Limit,
    slice: PageSlice,
    page: i64,
    /// Whether the cursor counts in pages of another size.
    other_size: bool,
}

impl PageNumbers {
    /// The page at `cursor`, or the first page. At `max_offset` and beyond nobody may read.
    ///
    /// # Errors
    /// When the cursor leads before the first row or too far, or its page size is no whole number.
    pub fn new(
        limit: Limit,
        cursor: Option<Cursor>,
        max_offset: Option<i64>,
    ) -> Result<Self, BadRequest> {
        let cursor = cursor.unwrap_or(Cursor::FIRST);
        let refuse = |problem: &str| {
            let message = format!(
                "“{cursor}” {problem}. Take a cursor as an answer gives it, or none for the first page."
            );
            BadRequest::new("cursor", message)
        };
        let CursorValue::Integer(size) = cursor.value else {
            return Err(refuse("has a page size that is not whole"));
        };
        let page = cursor.offset;
        let skip = size.saturating_mul(page);
        let size_or_limit = if size == 0 { limit.get() } else { size };
        let take = size_or_limit.saturating_add(1);
        if skip < 0 || size < 0 {
            return Err(refuse("leads before the first row"));
        }
        if max_offset.is_some_and(|max| skip >= max) {
            return Err(refuse("leads further than this list can be read"));
        }
        Ok(Self {
            limit,
            slice: PageSlice { skip, take },
            page,
            other_size: size != limit.get(),
        })
    }

    /// What has to be read for the page.
    #[must_use]
    pub fn slice(&self) -> PageSlice {
        self.slice
    }

    /// The page, from the rows of [`Self::slice`]. However many those are, no more than a page and one row are kept.
    pub fn page<T>(&self, rows: impl IntoIterator<Item = T>) -> Page<T> {
        let limit = self.limit.rows();
        let mut kept = VecDeque::new();
        for row in rows {
            kept.push_back(row);
            if self.other_size && kept.len() > limit + 1 {
                kept.pop_front();
            }
        }
        let more = kept.len() > limit;
        kept.truncate(limit);
        let link = |page, is_prev, results| Link {
            cursor: Cursor::new(self.limit.get(), page, is_prev),
            results,
        };
        Page {
            rows: kept.into(),
            prev: link(self.page.saturating_sub(1), true, self.page > 0),
            next: link(self.page.saturating_add(1), false, more),
        }
    }
}

/// Pages by the number of rows before them: a cursor holds that number only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowOffsets {
    limit: Limit,
    offset: i64,
}

impl RowOffsets {
    /// The page at `cursor`, or the first page.
    #[must_use]
    pub fn new(limit: Limit, cursor: Option<Cursor>) -> Self {
        let offset = cursor.map_or(0, |cursor| cursor.offset.max(0));
        Self { limit, offset }
    }

    /// What has to be read for the page.
    #[must_use]
    pub fn slice(&self) -> PageSlice {
        PageSlice {
            skip: self.offset,
            take: self.limit.get() + 1,
        }
    }

    /// The page, from the rows of [`Self::slice`].
    #[must_use]
    pub fn page<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let more = rows.len() > self.limit.rows();
        rows.truncate(self.limit.rows());
        let link = |offset, is_prev, results| Link {
            cursor: Cursor::new(0, offset, is_prev),
            results,
        };
        let before = (self.offset - self.limit.get()).max(0);
        let behind = self.offset.saturating_add(self.limit.get());
        Page {
            rows,
            prev: link(before, true, self.offset > 0),
            next: link(behind, false, more),
        }
    }
}
