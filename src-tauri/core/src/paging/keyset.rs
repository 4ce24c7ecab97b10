//! Lists ordered by one column, paged by the value of that column (search spec, section 10.2).
//!
//! A page begins where a value stands and not after a number of rows, so that rows which arrive meanwhile do not push
//! it along. Rows that share a key are told apart by counting them, and that holds only while their order is fixed:
//! whoever reads a [`Slice`] orders equal values by the row's id, in the same direction.

use super::cursor::to_integer;
use super::{Cursor, CursorValue, Limit, Link, Order, Page};

/// How a value becomes a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the next smaller one.
    Down,
    /// To the next greater one.
    Up,
}

/// A value of a column that a list can be paged by.
pub trait ColumnValue: Copy + PartialOrd {
    /// What of it a cursor holds.
    fn key(self, rounding: Rounding) -> i64;

    /// The value a cursor speaks of; where the column has no such value, the nearest one by `rounding`.
    fn bound(value: CursorValue, rounding: Rounding) -> Self;
}

/// An instant in microseconds since the epoch. Its cursors hold milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micros(pub i64);

impl ColumnValue for Micros {
    fn key(self, rounding: Rounding) -> i64 {
        let down = self.0.div_euclid(1000);
        down + i64::from(rounding == Rounding::Up && self.0.rem_euclid(1000) != 0)
    }

    fn bound(value: CursorValue, rounding: Rounding) -> Self {
        Self(match value {
            CursorValue::Integer(millis) => millis.saturating_mul(1000),
            CursorValue::Decimal(millis) => rounded(millis * 1000.0, rounding),
        })
    }
}

impl ColumnValue for i64 {
    fn key(self, _: Rounding) -> i64 {
        self
    }

    fn bound(value: CursorValue, rounding: Rounding) -> Self {
        match value {
            CursorValue::Integer(number) => number,
            CursorValue::Decimal(number) => rounded(number, rounding),
        }
    }
}

impl ColumnValue for f64 {
    fn key(self, rounding: Rounding) -> i64 {
        rounded(self, rounding)
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "the column itself is no more exact"
    )]
    fn bound(value: CursorValue, _: Rounding) -> Self {
        match value {
            CursorValue::Integer(number) => number as Self,
            CursorValue::Decimal(number) => number,
        }
    }
}

fn rounded(number: f64, rounding: Rounding) -> i64 {
    to_integer(match rounding {
        Rounding::Down => number.floor(),
        Rounding::Up => number.ceil(),
    })
}

/// The rows a page is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice<C> {
    /// How to order the rows: by the column, then by the row's id in the same direction. Not the order of the list
    /// where a page is read backwards.
    pub order: Order,
    /// Ascending only rows with at least this value, descending only rows with at most this value.
    pub bound: Option<C>,
    /// Rows to pass over.
    pub skip: i64,
    /// Rows to read after them.
    pub take: i64,
}

impl<C: ColumnValue> Slice<C> {
    /// Reads the slice of a list in memory. `column` and `id` tell where a row belongs.
    pub fn read<T: Clone, I: Ord>(
        &self,
        rows: &[T],
        column: impl Fn(&T) -> C,
        id: impl Fn(&T) -> I,
    ) -> Vec<T> {
        let within = |row: &&T| match (self.bound, self.order) {
            (None, _) => true,
            (Some(bound), Order::Ascending) => column(row) >= bound,
            (Some(bound), Order::Descending) => column(row) <= bound,
        };
        let mut read: Vec<&T> = rows.iter().filter(within).collect();
        read.sort_by(|a, b| {
            let by_column = column(a).partial_cmp(&column(b));
            let ascending = by_column
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| id(a).cmp(&id(b)));
            match self.order {
                Order::Ascending => ascending,
                Order::Descending => ascending.reverse(),
            }
        });
        let count = |number: i64| usize::try_from(number).unwrap_or_default();
        let slice = read.into_iter().skip(count(self.skip));
        slice.take(count(self.take)).cloned().collect()
    }
}

/// Pages of a list that is ordered by one column.
///
/// While only rows with a later key arrive at the top of a descending list, following `next` shows every row once;
/// `prev` finds the new ones, and those that have moved up. Following `prev` over many rows with one key is
/// approximate. So is a list in which a row has the key 0: in a cursor that means the end of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keyset {
    order: Order,
    limit: Limit,
    cursor: Cursor,
}

impl Keyset {
    /// The page at `cursor`, or the first page, of a list in `order`.
    #[must_use]
    pub fn new(order: Order, limit: Limit, cursor: Option<Cursor>) -> Self {
        Self {
            order,
            limit,
            cursor: cursor.unwrap_or(Cursor::FIRST),
        }
    }

    /// What has to be read for the page.
    #[must_use]
    pub fn slice<C: ColumnValue>(&self) -> Slice<C> {
        // Previous pages are read backwards, away from the cursor.
        let ascending = (self.order == Order::Descending) == self.cursor.is_prev;
        let (order, inwards) = if ascending {
            (Order::Ascending, Rounding::Up)
        } else {
            (Order::Descending, Rounding::Down)
        };
        let value = self.cursor.value;
        Slice {
            order,
            bound: (!value.is_zero()).then(|| C::bound(value, inwards)),
            skip: self.cursor.offset.max(0),
            take: self.limit.get().saturating_add(self.surplus()),
        }
    }

    /// One row tells whether there are more. Backwards, the row that made the cursor is read as well, unless it has
    /// moved since.
    fn surplus(&self) -> i64 {
        1 + i64::from(self.meets_its_maker())
    }

    fn meets_its_maker(&self) -> bool {
        self.cursor.is_prev && !self.cursor.value.is_zero()
    }

    /// The page, from the rows of [`Self::slice`] in the order they were read in. `column` tells a row's value.
    pub fn page<T, C: ColumnValue>(&self, mut rows: Vec<T>, column: impl Fn(&T) -> C) -> Page<T> {
        let limit = self.limit.rows();
        if self.meets_its_maker() {
            let is_maker = |row| self.cursor.value == integer(self.key_for_prev(column(row)));
            let full = self.cursor.offset.saturating_add(self.slice::<C>().take);
            if rows.first().is_some_and(is_maker) {
                rows.remove(0);
            } else if i64::try_from(rows.len()) == Ok(full) {
                rows.pop();
            }
        }
        if self.cursor.is_prev {
            rows.reverse();
        }
        let next = self.next(&rows, |row| self.key(column(row)));
        let prev = self.prev(&rows, |row| self.key_for_prev(column(row)));
        if !self.cursor.is_prev {
            rows.truncate(limit);
        } else if rows.len() > limit {
            rows.remove(0);
        }
        Page { rows, prev, next }
    }

    fn key<C: ColumnValue>(&self, value: C) -> i64 {
        value.key(match self.order {
            Order::Ascending => Rounding::Down,
            Order::Descending => Rounding::Up,
        })
    }

    /// Rounded the other way: the page before has to reach to this row.
    fn key_for_prev<C: ColumnValue>(&self, value: C) -> i64 {
        value.key(match self.order {
            Order::Ascending => Rounding::Up,
            Order::Descending => Rounding::Down,
        })
    }

    fn next<T>(&self, rows: &[T], key: impl Fn(&T) -> i64) -> Link {
        let Cursor { value, offset, .. } = self.cursor;
        let first = rows.first().map(&key);
        let page_value = match first {
            Some(first) if value.is_zero() => integer(first),
            _ => value,
        };
        if self.cursor.is_prev {
            return link(page_value, 0, false, true);
        }
        let Some(last) = rows.last().map(&key) else {
            return link(value, offset, false, false);
        };
        let more = rows.len() > self.limit.rows();
        let offset = if page_value == integer(last) {
            offset.saturating_add(self.limit.get())
        } else {
            let shown = rows.iter().rev().skip(usize::from(more));
            count(shown.take_while(|row| match self.order {
                Order::Descending => key(row) <= last,
                Order::Ascending => key(row) >= last,
            }))
        };
        link(integer(last), offset, false, more)
    }

    fn prev<T>(&self, rows: &[T], key: impl Fn(&T) -> i64) -> Link {
        let Cursor { value, offset, .. } = self.cursor;
        if !self.cursor.is_prev {
            let first = rows.first().map_or(0, key);
            return link(integer(first), 0, true, !value.is_zero() || offset != 0);
        }
        let more = rows.len() > self.limit.rows();
        let mut shown = rows.iter().skip(usize::from(more));
        let Some(first) = shown.next().map(&key) else {
            return link(integer(0), offset, true, more);
        };
        let offset = if value == integer(first) {
            offset.saturating_add(self.limit.get())
        } else {
            count(shown.take_while(|row| match self.order {
                Order::Descending => key(row) >= first,
                Order::Ascending => key(row) <= first,
            }))
        };
        link(integer(first), offset, true, more)
    }
}

fn integer(number: i64) -> CursorValue {
    CursorValue::Integer(number)
}

fn count<T>(rows: impl Iterator<Item = T>) -> i64 {
    i64::try_from(rows.count()).unwrap_or(i64::MAX)
}

fn link(value: CursorValue, offset: i64, is_prev: bool, results: bool) -> Link {
    let cursor = Cursor {
        value,
        offset,
        is_prev,
    };
    Link { cursor, results }
}
