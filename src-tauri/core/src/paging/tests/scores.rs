use super::*;
use std::convert::Infallible;

/// Scores 9, 7, 7, 7, 2, 0; the ids count from 1.
fn items() -> Vec<(i64, i64)> {
    [9, 7, 7, 7, 2, 0].into_iter().zip(1..).collect()
}

fn plain(rows: i64, at: &str) -> String {
    show(&ScorePager::new(Order::Descending, limit(rows), cursor(at)).page(&items()))
}

fn issues(items: &[(i64, i64)], rows: i64, at: &str) -> String {
    show(&ScorePager::of_issues(limit(rows), cursor(at)).page(items))
}

#[test]
fn a_place_is_a_score_and_the_items_with_it_in_front() {
    for (at, shown) in [
        ("", "[1 2] 9:0:1- 7:1:0+"),
        ("7:1:0", "[3 4] 7:1:1+ 2:0:0+"),
        ("2:0:0", "[5 6] 2:0:1+ 0:1:0-"),
        ("7:1:1", "[1 2] 9:0:1- 7:1:0+"),
        ("2:0:1", "[3 4] 7:1:1+ 2:0:0+"),
        // Backwards and near the top the page is short.
        ("7:0:1", "[1] 9:0:1- 7:0:0+"),
    ] {
        assert_eq!(plain(2, at), shown, "{at}");
    }
}

#[test]
fn a_score_that_is_gone_marks_its_place_still() {
    assert_eq!(plain(2, "8:0:0"), "[2 3] 7:0:1+ 7:2:0+");
    assert_eq!(plain(2, "8:0:1"), "[1] 9:0:1- 7:0:0+");
    assert_eq!(plain(2, "7.5:0:0"), "[2 3] 7:0:1+ 7:2:0+");
    assert_eq!(plain(2, "-1:0:1"), "[5 6] 2:0:1+ 0:1:0-");
}

#[test]
fn backwards_without_a_score_begins_at_the_end() {
    assert_eq!(plain(2, "0:0:1"), "[5 6] 2:0:1+ 0:1:0-");
    assert_eq!(plain(2, "0:3:1"), "[5 6] 2:0:1+ 0:1:0-");
}

#[test]
fn behind_the_end_nothing_follows() {
    assert_eq!(plain(2, "0:6:0"), "[] 0:1:1+ 0:1:0-");
    assert_eq!(plain(2, "0:10:0"), "[] 0:5:1+ 0:1:0-");
    assert_eq!(
        plain(2, "9:9223372036854775807:0"),
        "[] 0:9223372036854775802:1+ 0:1:0-"
    );
}

#[test]
fn before_the_start_nothing_comes() {
    assert_eq!(plain(2, "9:0:1"), "[] 9:0:1- 9:0:0+");
    assert_eq!(plain(2, "50:0:1"), "[] 9:0:1- 9:0:0+");
}

#[test]
fn an_empty_list_keeps_the_place() {
    for (at, shown) in [
        ("", "[] 0:0:1- 0:0:0-"),
        ("7:2:0", "[] 7:2:1- 7:2:0-"),
        ("7:2:1", "[] 7:2:1- 7:2:0-"),
        ("1.5:0:1", "[] 1.5:0:1- 1.5:0:0-"),
    ] {
        assert_eq!(issues(&[], 2, at), shown, "{at}");
        let pager = ScorePager::new(Order::Ascending, limit(2), cursor(at));
        assert_eq!(show(&pager.page(&[] as &[(i64, i64)])), shown, "{at}");
    }
}

#[test]
fn whoever_comes_with_a_cursor_may_look_for_newer_issues() {
    let items = items();
    for (at, shown) in [
        ("", "[1 2] 9:0:1- 7:1:0+"),
        // The first page again, but with a cursor.
        ("0:0:0", "[1 2] 9:0:1+ 7:1:0+"),
        ("9:0:0", "[1 2] 9:0:1+ 7:1:0+"),
        ("7:1:0", "[3 4] 7:1:1+ 2:0:0+"),
        ("7:1:1", "[1 2] 9:0:1+ 7:1:0+"),
        ("7:0:1", "[1] 9:0:1+ 7:0:0+"),
        // Backwards and nothing there: the only one that ends the search.
        ("9:0:1", "[] 9:0:1- 9:0:0+"),
        ("0:6:0", "[] 0:1:1+ 0:1:0-"),
    ] {
        assert_eq!(issues(&items, 2, at), shown, "{at}");
    }
}

#[test]
fn ascending_the_smaller_scores_come_first() {
    let items: Vec<(i64, i64)> = [1, 4, 4, 4, 8].into_iter().zip(1..).collect();
    let get =
        |at: &str| show(&ScorePager::new(Order::Ascending, limit(2), cursor(at)).page(&items));
    for (at, shown) in [
        ("", "[1 2] 1:0:1- 4:1:0+"),
        ("4:1:0", "[3 4] 4:1:1+ 8:0:0+"),
        ("8:0:0", "[5] 8:0:1+ 8:1:0-"),
        ("8:0:1", "[3 4] 4:1:1+ 8:0:0+"),
        ("4:1:1", "[1 2] 1:0:1- 4:1:0+"),
        ("3:0:0", "[2 3] 4:0:1+ 4:2:0+"),
        ("0:0:1", "[4 5] 4:2:1+ 8:1:0-"),
    ] {
        assert_eq!(get(at), shown, "{at}");
    }
}

#[test]
fn new_issues_do_not_shift_older_pages() {
    let mut items = items();
    let first = ScorePager::of_issues(limit(2), None).page(&items);
    items.insert(0, (20, 100));
    let second = ScorePager::of_issues(limit(2), Some(first.next.cursor)).page(&items);
    assert_eq!(show(&second), "[3 4] 7:1:1+ 2:0:0+");
    let newer = ScorePager::of_issues(limit(2), Some(first.prev.cursor)).page(&items);
    assert_eq!(show(&newer), "[100] 20:0:1+ 9:0:0+");
}

/// The same pages for a list of which only counts and single items can be had.
#[test]
fn counts_are_enough() {
    let list = items();
    let length = i64::try_from(list.len()).unwrap();
    for order in [Order::Descending, Order::Ascending] {
        let mut list = list.clone();
        if order == Order::Ascending {
            list.reverse();
        }
        for value in -1..11 {
            for offset in 0..8 {
                for is_prev in [false, true] {
                    for rows in 1..8 {
                        let cursor = Some(Cursor::new(value, offset, is_prev));
                        let pager = ScorePager::new(order, limit(rows), cursor);
                        let better = |value| {
                            let scores = list.iter().map(|(score, _)| *score);
                            let better = scores.filter(|score| pager.is_better(*score, value));
                            Ok::<_, Infallible>(i64::try_from(better.count()).unwrap())
                        };
                        let Ok(range) = pager.range(length, better);
                        let edges = ScorePager::edges(&range, length).map(|places| {
                            places.map(|at| {
                                let score = list[usize::try_from(at).unwrap()].0;
                                let Ok(better) = better(CursorValue::Integer(score));
                                Edge { score, better }
                            })
                        });
                        let page = pager.page(&list);
                        let links = pager.links(&range, length, edges);
                        assert_eq!((page.prev, page.next), links);
                        let shown = usize::try_from((range.end - range.start).max(0)).unwrap();
                        assert_eq!(page.rows.len(), shown);
                    }
                }
            }
        }
    }
}

#[test]
fn a_bulk_action_takes_a_thousand() {
    let items: Vec<(i64, i64)> = (0..1500).map(|id| (5, id)).collect();
    let page = ScorePager::of_issues(Limit::BULK, None).page(&items);
    assert_eq!(page.rows.len(), 1000);
    assert_eq!(page.next.cursor.to_string(), "5:1000:0");
}
