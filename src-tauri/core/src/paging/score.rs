//! Lists ordered by a score that is worked out for the request (search spec, section 10.3).
//!
//! Such a list is known as a whole: a place in it is a score and the number of items with that score in front of the
//! place. Where the list is in a database, the items themselves need not be read: [`ScorePager::range`] asks for two
//! counts, and [`ScorePager::links`] for the items at the two ends of the page.

use super::{Cursor, CursorValue, Limit, Link, Order, Page};
use std::cmp::Ordering;
use std::ops::Range;

/// An item at an end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Its score.
    pub score: i64,
    /// How many items of the list have a better score.
    pub better: i64,
}

/// Pages of a list that is ordered by score, then by id in the same direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScorePager {
    order: Order,
    limit: Limit,
    cursor: Option<Cursor>,
    always_newer: bool,
}

impl ScorePager {
    /// The page at `cursor`, or the first page, of a list in `order`.
    #[must_use]
    pub fn new(order: Order, limit: Limit, cursor: Option<Cursor>) -> Self {
        Self {
            order,
            limit,
            cursor,
            always_newer: false,
        }
    }

    /// As the issue search pages: descending, and whoever comes with a cursor may always look for newer issues.
    #[must_use]
    pub fn of_issues(limit: Limit, cursor: Option<Cursor>) -> Self {
        Self {
            always_newer: true,
            ..Self::new(Order::Descending, limit, cursor)
        }
    }

    fn place(&self) -> Cursor {
        self.cursor.unwrap_or(Cursor::FIRST)
    }

    /// Whether `score` stands before a place with `value` in this list.
    #[must_use]
    pub fn is_better(&self, score: i64, value: CursorValue) -> bool {
        value.order_of(score)
            == match self.order {
                Order::Descending => Ordering::Greater,
                Order::Ascending => Ordering::Less,
            }
    }

    /// Where the page lies in a list of `length` items. `better` counts the items whose score is better than a value,
    /// and is called where the cursor has one.
    ///
    /// # Errors
    /// Those of `better`.
    pub fn range<E>(
        &self,
        length: i64,
        better: impl FnOnce(CursorValue) -> Result<i64, E>,
    ) -> Result<Range<i64>, E> {
        let Cursor {
            value,
            offset,
            is_prev,
        } = self.place();
        let position = match (value.is_zero(), is_prev) {
            (true, true) => length,
            (true, false) => 0,
            (false, _) => better(value)?,
        };
        let position = position.saturating_add(offset).max(0);
        Ok(if is_prev {
            let end = position.min(length);
            (end - self.limit.get()).max(0)..end
        } else {
            position..position.saturating_add(self.limit.get()).min(length)
        })
    }

    /// The places of the list whose items [`Self::links`] needs; nothing for an empty list.
    #[must_use]
    pub fn edges(range: &Range<i64>, length: i64) -> Option<[i64; 2]> {
        (length > 0).then(|| [range.start, range.end].map(|place| place.min(length - 1)))
    }

    /// The neighbours of the page at `range`. `edges` are the items at the places of [`Self::edges`].
    #[must_use]
    pub fn links(&self, range: &Range<i64>, length: i64, edges: Option<[Edge; 2]>) -> (Link, Link) {
        let Some([first, behind]) = edges else {
            let nowhere = |is_prev| Link {
                cursor: Cursor {
                    is_prev,
                    ..self.place()
                },
                results: false,
            };
            return (nowhere(true), nowhere(false));
        };
        let is_blank = range.start >= range.end;
        let gave_up = self.place().is_prev && is_blank;
        let always = self.always_newer && self.cursor.is_some() && !gave_up;
        let prev = Link {
            cursor: Cursor::new(first.score, range.start - first.better, true),
            results: always || range.start > 0,
        };
        let next = Link {
            cursor: Cursor::new(behind.score, range.end - behind.better, false),
            results: range.end < length,
        };
        (prev, next)
    }

    /// The page of a list in memory, which is in the order of this paginator.
    #[must_use]
    pub fn page<I: Clone>(&self, items: &[(i64, I)]) -> Page<I> {
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let better = |value| {
            let better = items.partition_point(|(score, _)| self.is_better(*score, value));
            i64::try_from(better).unwrap_or(i64::MAX)
        };
        let counted = self.range(length, |value| {
            Ok::<_, std::convert::Infallible>(better(value))
        });
        let range = match counted {
            Ok(range) => range,
            Err(never) => match never {},
        };
        let place = |place: i64| usize::try_from(place).unwrap_or(usize::MAX);
        let edges = Self::edges(&range, length).map(|places| {
            places.map(|at| {
                let score = items[place(at)].0;
                let better = better(CursorValue::Integer(score));
                Edge { score, better }
            })
        });
        let rows = items.get(place(range.start)..place(range.end));
        let rows = rows.unwrap_or_default().iter().map(|(_, id)| id.clone());
        let (prev, next) = self.links(&range, length, edges);
        Page {
            rows: rows.collect(),
            prev,
            next,
        }
    }
}
