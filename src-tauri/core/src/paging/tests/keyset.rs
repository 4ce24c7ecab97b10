use super::*;

/// Rows `(id, microseconds)`.
type Row = (i64, i64);

fn page(rows: &[Row], order: Order, rows_of_page: i64, at: &str) -> Page<i64> {
    let pager = Keyset::new(order, limit(rows_of_page), cursor(at));
    let read = pager.slice().read(rows, |row| Micros(row.1), |row| row.0);
    pager
        .page(read, |row| Micros(row.1))
        .map(|rows| rows.iter().map(|row| row.0).collect())
}

fn descending(rows: &[Row], rows_of_page: i64, at: &str) -> String {
    show(&page(rows, Order::Descending, rows_of_page, at))
}

fn ascending(rows: &[Row], rows_of_page: i64, at: &str) -> String {
    show(&page(rows, Order::Ascending, rows_of_page, at))
}

/// Rows whose id is their second.
fn seconds(seconds: impl IntoIterator<Item = i64>) -> Vec<Row> {
    let row = |second| (second, second * 1_000_000);
    seconds.into_iter().map(row).collect()
}

/// Rows 1, 2, … at these microseconds after 10 s.
fn micros_after_10_s(micros: &[i64]) -> Vec<Row> {
    let at = micros.iter().map(|micros| 10_000_000 + micros);
    (1..).zip(at).collect()
}

#[test]
fn pages_of_a_growing_list() {
    let mut rows = seconds([10, 20, 30]);
    assert_eq!(descending(&rows, 1, ""), "[30] 30000:0:1- 20000:0:0+");
    assert_eq!(
        descending(&rows, 1, "20000:0:0"),
        "[20] 20000:0:1+ 10000:0:0+"
    );
    assert_eq!(
        descending(&rows, 1, "10000:0:0"),
        "[10] 10000:0:1+ 10000:1:0-"
    );
    rows.extend(seconds([40]));
    assert_eq!(
        descending(&rows, 1, "30000:0:1"),
        "[40] 40000:0:1- 30000:0:0+"
    );
    assert_eq!(
        descending(&rows, 1, "20000:0:1"),
        "[30] 30000:0:1+ 20000:0:0+"
    );
}

#[test]
fn rows_within_a_millisecond_are_told_apart_by_counting() {
    let mut rows = micros_after_10_s(&[0, 200, 400]);
    rows.push((9, 9_000_000));
    for (at, shown) in [
        ("", "[3] 10000:0:1- 10001:1:0+"),
        ("10001:1:0", "[2] 10000:0:1+ 10000:0:0+"),
        ("10000:0:0", "[1] 10000:0:1+ 9000:0:0+"),
        ("9000:0:0", "[9] 9000:0:1+ 9000:1:0-"),
        ("9000:1:0", "[] 0:0:1+ 9000:1:0-"),
    ] {
        assert_eq!(descending(&rows, 1, at), shown, "{at}");
    }
}

#[test]
fn a_key_that_begins_on_the_page_is_counted_from_there() {
    // Two of the page's rows share the key of the surplus row.
    let mut rows = micros_after_10_s(&[0, 1, 2]);
    rows.push((8, 11_000_000));
    assert_eq!(descending(&rows, 3, ""), "[8 3 2] 11000:0:1- 10000:0:0+");
    let rows: Vec<Row> = rows.iter().map(|row| (row.0, row.1 + 1)).collect();
    assert_eq!(descending(&rows, 3, ""), "[8 3 2] 11000:0:1- 10001:2:0+");
    assert_eq!(
        descending(&rows, 3, "10001:2:0"),
        "[1] 10000:0:1+ 10001:5:0-"
    );
    // All that is left shares the key of the last row, and there is no surplus row.
    assert_eq!(descending(&rows, 4, ""), "[8 3 2 1] 11000:0:1- 10001:3:0-");
}

#[test]
fn ascending_keys_are_rounded_the_other_way() {
    let mut rows = micros_after_10_s(&[0, 1, 2, 3]);
    for (at, size, shown) in [
        ("", 3, "[1 2 3] 10000:0:1- 10000:3:0+"),
        ("10000:3:0", 10, "[4] 10001:0:1+ 10000:13:0-"),
        ("10001:0:1", 2, "[2 3] 10001:2:1+ 10001:0:0+"),
        ("10001:2:1", 1, "[1] 10000:0:1- 10001:0:0+"),
        ("10000:0:1", 10, "[] 0:0:1- 10000:0:0+"),
    ] {
        assert_eq!(ascending(&rows, size, at), shown, "{at}");
    }
    rows.insert(0, (8, 9_999_999));
    assert_eq!(
        ascending(&rows, 3, ""),
        "[8 1 2] 10000:0:1- 10000:2:0+",
        "counted from the end"
    );
}

#[test]
fn the_row_that_made_the_cursor_is_left_out_unless_it_moved() {
    let unmoved = seconds([10]);
    assert_eq!(descending(&unmoved, 3, "10000:0:1"), "[] 0:0:1- 10000:0:0+");
    let moved = vec![(10, 11_000_000)];
    assert_eq!(
        descending(&moved, 3, "10000:0:1"),
        "[10] 11000:0:1- 10000:0:0+"
    );
    // It moved, and more rows follow than the page and its surplus row hold.
    let moved = vec![
        (10, 12_000_000),
        (11, 13_000_000),
        (12, 14_000_000),
        (13, 15_000_000),
    ];
    assert_eq!(
        descending(&moved, 1, "11000:0:1"),
        "[10] 12000:0:1+ 11000:0:0+"
    );
    assert_eq!(
        descending(&moved, 3, "11000:0:1"),
        "[12 11 10] 14000:0:1+ 11000:0:0+"
    );
    assert_eq!(
        descending(&moved, 3, "14000:0:1"),
        "[13] 15000:0:1- 14000:0:0+"
    );
}

#[test]
fn a_row_that_moved_up_is_found_by_prev_of_the_page_that_showed_it() {
    let mut rows = seconds([10, 20, 30]);
    let first = page(&rows, Order::Descending, 1, "");
    rows[2].1 = 35_000_000;
    let newer = page(&rows, Order::Descending, 1, &first.prev.cursor.to_string());
    assert_eq!(show(&newer), "[30] 35000:0:1- 30000:0:0+");
    let older = page(&rows, Order::Descending, 1, &first.next.cursor.to_string());
    assert_eq!(older.rows, [20], "and older pages have lost nothing");
}

#[test]
fn an_offset_counts_backwards_too() {
    let rows = micros_after_10_s(&[100, 200, 300, 400, 500]);
    // Keys of previous pages are rounded down in a descending list: all are 10000. Read: 1, then 2 to 4, of which the first is left
    // out as the maker of the cursor.
    assert_eq!(
        descending(&rows, 2, "10000:0:1"),
        "[3 2] 10000:2:1+ 10000:0:0+"
    );
    // Read behind two rows: 3, 4, 5. The first is left out again.
    assert_eq!(
        descending(&rows, 2, "10000:2:1"),
        "[5 4] 10000:4:1- 10000:0:0+"
    );
    assert_eq!(
        descending(&rows, 2, "10000:5:1"),
        "[] 0:5:1- 10000:0:0+",
        "nothing there: the offset stays"
    );
}

#[test]
fn with_an_offset_a_backward_page_may_have_a_row_more() {
    let rows = seconds([10, 20, 30, 40, 50, 60]);
    // Read behind one row: 20, 30, 40, none of them the maker and none too many for the rule that drops the last.
    assert_eq!(
        descending(&rows, 1, "10000:1:1"),
        "[30 20] 30000:0:1+ 10000:0:0+"
    );
}

#[test]
fn backwards_the_offset_counts_the_rows_that_share_the_first_ones_key() {
    let mut rows = seconds([10, 20]);
    rows.extend([(31, 30_000_100), (32, 30_000_200), (33, 30_000_300)]);
    // The surplus row 33 is passed over; 31 shares the key of 32.
    assert_eq!(
        descending(&rows, 3, "10000:0:1"),
        "[32 31 20] 30000:1:1+ 10000:0:0+"
    );
    assert_eq!(
        descending(&rows, 4, "10000:0:1"),
        "[33 32 31 20] 30000:2:1- 10000:0:0+"
    );
}

#[test]
fn backwards_without_a_value_reads_from_the_far_end() {
    let rows = seconds([10, 20, 30]);
    assert_eq!(
        descending(&rows, 2, "0:0:1"),
        "[20 10] 20000:0:1+ 30000:0:0+"
    );
    assert_eq!(descending(&[], 2, "0:0:1"), "[] 0:0:1- 0:0:0+");
    assert_eq!(
        descending(&rows, 2, "0:1:1"),
        "[30 20] 30000:0:1- 30000:0:0+"
    );
}

#[test]
fn an_empty_list_has_both_cursors() {
    assert_eq!(descending(&[], 5, ""), "[] 0:0:1- 0:0:0-");
    assert_eq!(ascending(&[], 5, ""), "[] 0:0:1- 0:0:0-");
    assert_eq!(descending(&[], 5, "7000:2:0"), "[] 0:0:1+ 7000:2:0-");
}

#[test]
fn an_offset_without_a_value_counts_from_the_top() {
    let rows = seconds([10, 20, 30]);
    assert_eq!(descending(&rows, 1, "0:1:0"), "[20] 20000:0:1+ 10000:0:0+");
}

#[test]
fn a_page_has_a_hundred_rows_at_most() {
    let rows = seconds(1..=250);
    let first = page(&rows, Order::Descending, 500, "");
    assert_eq!(first.rows.len(), 100);
    assert_eq!(first.next.cursor.to_string(), "150000:0:0");
    let bulk = Keyset::new(Order::Descending, Limit::BULK, None);
    assert_eq!(bulk.slice::<Micros>().take, 1001);
}

#[test]
fn what_is_read_follows_from_the_cursor_alone() {
    let slice = |order, at| Keyset::new(order, limit(10), cursor(at)).slice::<Micros>();
    let expected = |order, bound: Option<i64>, skip, take| Slice {
        order,
        bound: bound.map(Micros),
        skip,
        take,
    };
    use Order::{Ascending, Descending};
    for (order, at, read) in [
        (Descending, "", expected(Descending, None, 0, 11)),
        (Ascending, "", expected(Ascending, None, 0, 11)),
        (Descending, "5:2:0", expected(Descending, Some(5000), 2, 11)),
        (Ascending, "5:2:0", expected(Ascending, Some(5000), 2, 11)),
        (Descending, "5:2:1", expected(Ascending, Some(5000), 2, 12)),
        (Ascending, "5:2:1", expected(Descending, Some(5000), 2, 12)),
        (Descending, "0:3:1", expected(Ascending, None, 3, 11)),
        (Ascending, "0:0:1", expected(Descending, None, 0, 11)),
        (
            Descending,
            "1.5:0:0",
            expected(Descending, Some(1500), 0, 11),
        ),
        (
            Descending,
            "1.0009:0:0",
            expected(Descending, Some(1000), 0, 11),
        ),
        (
            Ascending,
            "1.0009:0:0",
            expected(Ascending, Some(1001), 0, 11),
        ),
        (
            Descending,
            "9223372036854775807:0:0",
            expected(Descending, Some(i64::MAX), 0, 11),
        ),
    ] {
        assert_eq!(slice(order, at), read, "{order:?} {at}");
    }
}

#[test]
fn instants_before_the_epoch_are_rounded_alike() {
    for (micros, down, up) in [
        (0, 0, 0),
        (1, 0, 1),
        (999, 0, 1),
        (1000, 1, 1),
        (-1, -1, 0),
        (-1000, -1, -1),
        (-1001, -2, -1),
        (i64::MAX, 9_223_372_036_854_775, 9_223_372_036_854_776),
        (i64::MIN, -9_223_372_036_854_776, -9_223_372_036_854_775),
    ] {
        let keys = [Rounding::Down, Rounding::Up].map(|rounding| Micros(micros).key(rounding));
        assert_eq!(keys, [down, up], "{micros}");
    }
}

#[test]
fn numbers_are_keys_as_they_stand() {
    let rows: Vec<(i64, i64)> = vec![(1, 5), (2, 7), (3, 7), (4, -3)];
    let get = |order, at: &str| {
        let pager = Keyset::new(order, limit(2), cursor(at));
        let read = pager.slice().read(&rows, |row| row.1, |row| row.0);
        show(
            &pager
                .page(read, |row| row.1)
                .map(|rows| rows.iter().map(|row| row.0).collect()),
        )
    };
    assert_eq!(get(Order::Descending, ""), "[3 2] 7:0:1- 5:0:0+");
    assert_eq!(get(Order::Descending, "5:0:0"), "[1 4] 5:0:1+ -3:1:0-");
    assert_eq!(get(Order::Ascending, ""), "[4 1] -3:0:1- 7:0:0+");
    assert_eq!(get(Order::Ascending, "7:0:0"), "[2 3] 7:0:1+ 7:2:0-");
    assert_eq!(get(Order::Descending, "6.5:0:0"), "[1 4] 5:0:1+ -3:1:0-");
    assert_eq!(get(Order::Ascending, "6.5:0:0"), "[2 3] 7:0:1+ 7:2:0-");
}

#[test]
fn fractions_are_rounded_in_the_direction_of_the_list() {
    let rows: Vec<(i64, f64)> = vec![(1, 1.5), (2, 2.25), (3, 2.5), (4, 9.0)];
    let get = |order, at: &str| {
        let pager = Keyset::new(order, limit(1), cursor(at));
        let read = pager.slice().read(&rows, |row| row.1, |row| row.0);
        show(
            &pager
                .page(read, |row| row.1)
                .map(|rows| rows.iter().map(|row| row.0).collect()),
        )
    };
    for (at, shown) in [
        ("", "[4] 9:0:1- 3:0:0+"),
        ("3:0:0", "[3] 2:0:1+ 3:1:0+"),
        ("3:1:0", "[2] 2:0:1+ 2:0:0+"),
        ("2:0:0", "[1] 1:0:1+ 2:1:0-"),
    ] {
        assert_eq!(get(Order::Descending, at), shown, "{at}");
    }
    assert_eq!(get(Order::Ascending, ""), "[1] 2:0:1- 2:0:0+");
}

#[test]
fn rows_with_one_value_are_in_the_order_of_their_ids() {
    let rows: Vec<Row> = [3, 1, 2].map(|id| (id, 5_000_000)).to_vec();
    assert_eq!(descending(&rows, 2, ""), "[3 2] 5000:0:1- 5000:2:0+");
    assert_eq!(descending(&rows, 2, "5000:2:0"), "[1] 5000:0:1+ 5000:4:0-");
    assert_eq!(ascending(&rows, 2, ""), "[1 2] 5000:0:1- 5000:2:0+");
    assert_eq!(ascending(&rows, 2, "5000:2:0"), "[3] 5000:0:1+ 5000:4:0-");
}
