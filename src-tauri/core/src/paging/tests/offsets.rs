use super::*;

fn numbered(rows: &[i64], size: i64, at: &str) -> String {
    let pager = PageNumbers::new(limit(size), cursor(at), None).unwrap();
    let PageSlice { skip, take } = pager.slice();
    let place = |number: i64| usize::try_from(number).unwrap();
    let slice = rows.iter().skip(place(skip)).take(place(take)).copied();
    show(&pager.page(slice))
}

fn refused(size: i64, at: &str, max_offset: Option<i64>) -> BadRequest {
    PageNumbers::new(limit(size), cursor(at), max_offset).unwrap_err()
}

#[test]
fn pages_have_numbers() {
    let rows = [1, 2, 3, 4, 5];
    for (at, shown) in [
        ("", "[1 2] 2:-1:1- 2:1:0+"),
        ("2:0:0", "[1 2] 2:-1:1- 2:1:0+"),
        ("2:1:0", "[3 4] 2:0:1+ 2:2:0+"),
        ("2:2:0", "[5] 2:1:1+ 2:3:0-"),
        ("2:3:0", "[] 2:2:1+ 2:4:0-"),
        ("2:1:1", "[3 4] 2:0:1+ 2:2:0+"),
    ] {
        assert_eq!(numbered(&rows, 2, at), shown, "{at}");
    }
    assert_eq!(numbered(&[1, 2], 1, ""), "[1] 1:-1:1- 1:1:0+");
    assert_eq!(numbered(&[], 3, ""), "[] 3:-1:1- 3:1:0-");
    assert_eq!(
        numbered(&rows[..4], 2, "2:1:0"),
        "[3 4] 2:0:1+ 2:2:0-",
        "no row behind it"
    );
}

#[test]
fn without_a_page_size_reading_begins_at_the_top() {
    assert_eq!(numbered(&[1, 2, 3], 2, "0:4:0"), "[1 2] 2:3:1+ 2:5:0+");
}

#[test]
fn of_a_page_of_another_size_the_end_is_used() {
    let rows: Vec<i64> = (0..20).collect();
    // Read: 5..11, of which the last three are looked at.
    assert_eq!(numbered(&rows, 2, "5:1:0"), "[8 9] 2:0:1+ 2:2:0+");
    // Read: 15..20.
    assert_eq!(numbered(&rows, 2, "5:3:0"), "[17 18] 2:2:1+ 2:4:0+");
    // Read: 2..5, fewer than a page.
    assert_eq!(numbered(&rows, 4, "2:1:0"), "[2 3 4] 4:0:1+ 4:2:0-");
}

#[test]
fn a_page_before_the_first_row_is_refused() {
    for at in ["-2:1:0", "-2:0:0", "-9223372036854775808:3:1"] {
        let refusal = refused(2, at, None);
        assert_eq!(refusal.parameter, "cursor");
        assert!(refusal.message.contains("before the first row"));
    }
    assert!(
        refused(2, "2.5:1:0", None)
            .message
            .contains("page size that is not whole")
    );
}

#[test]
fn a_bound_on_the_position_holds_from_the_bound_on() {
    assert!(PageNumbers::new(limit(10), cursor("10:1:0"), Some(11)).is_ok());
    for at in ["10:2:0", "20:1:0"] {
        assert!(refused(10, at, Some(20)).message.contains("further"));
    }
    assert!(
        refused(10, "", Some(0)).message.contains("further"),
        "nothing may be read"
    );
}

#[test]
fn a_page_far_out_is_empty() {
    let far = "9223372036854775807:9223372036854775807:0";
    assert_eq!(
        numbered(&[1], 2, far),
        "[] 2:9223372036854775806:1+ 2:9223372036854775807:0-"
    );
}

#[test]
fn rows_are_counted_from_the_top() {
    let rows: Vec<i64> = (0..7).collect();
    let get = |at: &str| {
        let pager = RowOffsets::new(limit(3), cursor(at));
        let PageSlice { skip, take } = pager.slice();
        assert_eq!(take, 4, "one more than the page");
        let skip = usize::try_from(skip).unwrap();
        show(&pager.page(rows.iter().skip(skip).take(4).copied().collect()))
    };
    for (at, shown) in [
        ("", "[0 1 2] 0:0:1- 0:3:0+"),
        ("0:3:0", "[3 4 5] 0:0:1+ 0:6:0+"),
        ("0:6:0", "[6] 0:3:1+ 0:9:0-"),
        ("0:2:0", "[2 3 4] 0:0:1+ 0:5:0+"),
        ("0:4:0", "[4 5 6] 0:1:1+ 0:7:0-"),
        ("0:9:0", "[] 0:6:1+ 0:12:0-"),
        ("77:3:1", "[3 4 5] 0:0:1+ 0:6:0+"),
        (
            "0:9223372036854775807:0",
            "[] 0:9223372036854775804:1+ 0:9223372036854775807:0-",
        ),
    ] {
        assert_eq!(get(at), shown, "{at}");
    }
}

#[test]
fn rows_beyond_the_asked_ones_are_not_shown() {
    let pager = RowOffsets::new(limit(2), None);
    assert_eq!(
        show(&pager.page(vec![1, 2, 3, 4, 5])),
        "[1 2] 0:0:1- 0:2:0+"
    );
}
