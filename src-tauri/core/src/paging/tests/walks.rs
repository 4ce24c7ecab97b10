//! Walking through lists: whatever the list and the page size, `next` leads to every row once.

use super::*;
use proptest::prelude::*;

/// More pages than any of these lists can have.
const TOO_MANY: usize = 400;

/// Follows `next` from the first page to the end.
fn walk<T>(mut page_at: impl FnMut(Option<Cursor>, usize) -> Page<T>) -> Vec<T> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    for turn in 0..TOO_MANY {
        let page = page_at(cursor, turn);
        rows.extend(page.rows);
        if !page.next.results {
            return rows;
        }
        // As a client sends it back.
        cursor = Cursor::parse(&page.next.cursor.to_string()).unwrap();
    }
    panic!("the list does not end");
}

fn keyset_page<C: ColumnValue>(
    rows: &[(i64, C)],
    order: Order,
    size: i64,
    cursor: Option<Cursor>,
) -> Page<(i64, C)> {
    let pager = Keyset::new(order, limit(size), cursor);
    let read = pager.slice().read(rows, |row| row.1, |row| row.0);
    assert!(read.len() <= usize::try_from(size).unwrap() + 2);
    pager.page(read, |row| row.1)
}

fn ids<C>(rows: &[(i64, C)]) -> Vec<i64> {
    rows.iter().map(|row| row.0).collect()
}

/// The ids of all rows, in order.
fn in_order<C: ColumnValue>(rows: &[(i64, C)], order: Order) -> Vec<i64> {
    let all = Slice {
        order,
        bound: None,
        skip: 0,
        take: i64::MAX,
    };
    ids(&all.read(rows, |row: &(i64, C)| row.1, |row| row.0))
}

fn numbered<C>(values: Vec<C>) -> Vec<(i64, C)> {
    (1..).zip(values).collect()
}

/// Instants close together, so that many share a millisecond or even a microsecond.
fn instants() -> impl Strategy<Value = Vec<(i64, Micros)>> {
    let at = (0_i64..12, prop_oneof![Just(0), 0_i64..1000, Just(999)]);
    let at = at.prop_map(|(millis, micros)| Micros(1_700_000_000_000_000 + millis * 1000 + micros));
    prop::collection::vec(at, 0..60).prop_map(numbered)
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Ascending), Just(Order::Descending)]
}

proptest! {
    #[test]
    fn dates(rows in instants(), order in orders(), size in 1_i64..9) {
        let walked = walk(|cursor, _| keyset_page(&rows, order, size, cursor));
        prop_assert_eq!(ids(&walked), in_order(&rows, order));
    }

    #[test]
    fn numbers(
        values in prop::collection::vec((-6_i64..7).prop_filter("0 is no place", |value| *value != 0), 0..40),
        order in orders(),
        size in 1_i64..9,
    ) {
        let rows = numbered(values);
        let walked = walk(|cursor, _| keyset_page(&rows, order, size, cursor));
        prop_assert_eq!(ids(&walked), in_order(&rows, order));
    }

    #[test]
    fn fractions(values in prop::collection::vec(1.0..6.0_f64, 0..40), order in orders(), size in 1_i64..9) {
        let rows = numbered(values);
        let walked = walk(|cursor, _| keyset_page(&rows, order, size, cursor));
        prop_assert_eq!(ids(&walked), in_order(&rows, order));
    }

    /// New rows arrive at the top between any two pages.
    #[test]
    fn dates_while_newer_rows_arrive(
        rows in instants(),
        arrivals in prop::collection::vec(0_i64..5, TOO_MANY),
        size in 1_i64..9,
    ) {
        let before = in_order(&rows, Order::Descending);
        let mut growing = rows.clone();
        let walked = walk(|cursor, turn| {
            let page = keyset_page(&growing, Order::Descending, size, cursor);
            for _ in 0..arrivals[turn] {
                let id = i64::try_from(growing.len()).unwrap() + 1;
                growing.push((id, Micros(1_700_000_001_000_000 + id * 300)));
            }
            page
        });
        prop_assert_eq!(ids(&walked), before);
    }

    /// A list without equal keys can be walked back to its start.
    #[test]
    fn dates_backwards(millis in prop::collection::btree_set(1_i64..400, 1..60), order in orders(), size in 1_i64..9) {
        let rows = numbered(millis.into_iter().map(|millis| Micros(millis * 1000)).collect());
        let mut forward = Vec::new();
        walk(|cursor, _| {
            let page = keyset_page(&rows, order, size, cursor);
            forward.push(page.clone());
            page.map(|rows| rows)
        });
        // From the last page to the first.
        for pair in forward.windows(2).rev() {
            let back = keyset_page(&rows, order, size, Some(pair[1].prev.cursor));
            prop_assert_eq!(ids(&back.rows), ids(&pair[0].rows));
            prop_assert!(back.next.results);
        }
    }

    /// Rows that arrive after the first page was read are all found by following `prev` from it.
    #[test]
    fn prev_finds_every_newer_row_once(
        old in prop::collection::btree_set(1_i64..100, 1..20),
        new in prop::collection::btree_set(101_i64..300, 0..40),
        size in 1_i64..9,
    ) {
        let at = |millis: &i64| (*millis, Micros(millis * 1000));
        let mut rows: Vec<_> = old.iter().map(at).collect();
        let mut link = keyset_page(&rows, Order::Descending, size, None).prev;
        rows.extend(new.iter().map(at));
        let mut found = Vec::new();
        for _ in 0..TOO_MANY {
            let page = keyset_page(&rows, Order::Descending, size, Some(link.cursor));
            found.splice(0..0, ids(&page.rows));
            link = page.prev;
            if !link.results {
                break;
            }
        }
        let newest_first: Vec<i64> = new.iter().rev().copied().collect();
        prop_assert_eq!(found, newest_first);
    }

    #[test]
    fn scores(
        scores in prop::collection::vec(-3_i64..7, 0..50),
        order in orders(),
        size in 1_i64..9,
    ) {
        // 0 is no place here either, except at the end of the list.
        let mut items: Vec<(i64, i64)> = scores.into_iter().filter(|score| *score != 0).zip(1..).collect();
        items.sort_unstable();
        if order == Order::Descending {
            items.reverse();
        }
        let walked = walk(|cursor, _| ScorePager::new(order, limit(size), cursor).page(&items));
        let all: Vec<i64> = items.iter().map(|item| item.1).collect();
        prop_assert_eq!(&walked, &all);
        if order == Order::Descending {
            let issues = walk(|cursor, _| ScorePager::of_issues(limit(size), cursor).page(&items));
            prop_assert_eq!(&issues, &all);
        }
    }

    #[test]
    fn page_numbers(length in 0_i64..60, size in 1_i64..9) {
        let walked = walk(|cursor, _| {
            let pager = PageNumbers::new(limit(size), cursor, None).unwrap();
            let PageSlice { skip, take } = pager.slice();
            pager.page(skip.min(length)..(skip + take).min(length))
        });
        prop_assert_eq!(walked, (0..length).collect::<Vec<_>>());
    }

    #[test]
    fn row_offsets(length in 0_i64..60, size in 1_i64..9) {
        let walked = walk(|cursor, _| {
            let pager = RowOffsets::new(limit(size), cursor);
            let PageSlice { skip, take } = pager.slice();
            pager.page((skip.min(length)..(skip + take).min(length)).collect())
        });
        prop_assert_eq!(walked, (0..length).collect::<Vec<_>>());
    }

    /// Whatever a client sends, there is a page, and its cursors can be sent again.
    #[test]
    fn no_cursor_breaks_a_pager(
        rows in instants(),
        value in prop_oneof![any::<i64>(), 1_699_999_999_990_i64..1_700_000_000_020],
        offset in prop_oneof![0..i64::MAX, 0_i64..9],
        is_prev: bool,
        order in orders(),
        size in 1_i64..9,
    ) {
        let cursor = Some(Cursor::new(value, offset, is_prev));
        let page = keyset_page(&rows, order, size, cursor);
        prop_assert!(page.rows.len() <= usize::try_from(size).unwrap() + 1);
        for link in [page.prev, page.next] {
            prop_assert!(Cursor::parse(&link.cursor.to_string()).is_ok());
        }
        let mut items: Vec<_> = rows.iter().map(|row| (row.1.0 / 1000, row.0)).collect();
        items.sort_unstable();
        items.reverse();
        let page = ScorePager::of_issues(limit(size), cursor).page(&items);
        prop_assert!(page.rows.len() <= usize::try_from(size).unwrap());
        for link in [page.prev, page.next] {
            prop_assert!(Cursor::parse(&link.cursor.to_string()).is_ok());
        }
    }
}
