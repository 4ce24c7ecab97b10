use super::*;
use crate::error::{Error, ErrorKind};
use proptest::prelude::*;

#[test]
fn a_cursor_is_printed_as_it_was_read() {
    for text in [
        "0:0:0",
        "0:0:1",
        "1717200001000:2:0",
        "-5:0:1",
        "9223372036854775807:9223372036854775807:1",
        "-9223372036854775808:0:0",
        "1.5:0:0",
        "-0.25:3:1",
        "2.0:0:0",
        "100000000000000000000.0:0:0",
    ] {
        assert_eq!(cursor(text).unwrap().to_string(), text);
    }
}

#[test]
fn a_point_makes_the_value_a_decimal_number() {
    for (text, value) in [("1.5", 1.5), ("2.0", 2.0), ("7.", 7.0), (".5", 0.5)] {
        let read = cursor(&format!("{text}:0:0")).unwrap().value;
        assert!(
            matches!(read, CursorValue::Decimal(number) if number == value),
            "{text}"
        );
    }
    assert!(matches!(
        cursor("2:0:0").unwrap().value,
        CursorValue::Integer(2)
    ));
}

#[test]
fn any_third_part_but_zero_means_backwards() {
    for (part, is_prev) in [
        ("0", false),
        ("1", true),
        ("2", true),
        ("-1", true),
        ("00", false),
    ] {
        let read = cursor(&format!("10:0:{part}")).unwrap();
        assert_eq!(read.is_prev, is_prev, "{part}");
        assert_eq!(read.to_string(), format!("10:0:{}", i64::from(is_prev)));
    }
}

#[test]
fn an_empty_cursor_is_none() {
    assert_eq!(Cursor::parse(""), Ok(None));
    assert_eq!(Cursor::FIRST.to_string(), "0:0:0");
}

#[test]
fn what_is_no_cursor_is_refused_by_the_name_of_the_parameter() {
    for text in [
        "1:2",
        "1",
        ":",
        "::",
        "1:2:3:4",
        "1:2:0:",
        ":0:0",
        "1::0",
        "1:0:",
        "a:0:0",
        "1:x:0",
        "1:0:y",
        "1:0:true",
        " 1:0:0",
        "1:0:0 ",
        "1 :0:0",
        "1_000:0:0",
        "0x10:0:0",
        "1e3:0:0",
        "1.5e3:0:0",
        ".:0:0",
        "-.:0:0",
        "+:0:0",
        "--1.0:0:0",
        "1.2.3:0:0",
        "inf:0:0",
        "NaN:0:0",
        "1:1.0:0",
        "1:0:1.0",
        "1:-1:0",
        "0:-1:1",
        "١:0:0",
        "99999999999999999999:0:0",
        "1:99999999999999999999:0",
        "1:0:99999999999999999999",
    ] {
        let refusal = Cursor::parse(text).unwrap_err();
        assert_eq!(refusal.parameter, "cursor", "{text}");
        assert!(refusal.message.contains(&format!("“{text}”")), "{refusal}");
        assert!(refusal.message.contains("Take a cursor"), "{refusal}");
    }
    let huge = format!("{}.0:0:0", "9".repeat(400));
    let refusal = Cursor::parse(&huge).unwrap_err();
    assert!(refusal.message.len() < 250, "a long text is cut: {refusal}");
}

#[test]
fn a_refusal_is_an_error_of_the_input() {
    let error = Error::from(Cursor::parse("1:2").unwrap_err());
    assert_eq!(error.kind, ErrorKind::InvalidInput);
    assert_eq!(
        error.message,
        "cursor: “1:2” is not a place in a list: it needs exactly three parts. Take a cursor as an answer gives it, or none for the first page."
    );
}

#[test]
fn a_link_is_written_with_its_cursor_as_text() {
    let link = Link {
        cursor: Cursor::new(5, 1, true),
        results: false,
    };
    assert_eq!(
        serde_json::json!(link),
        serde_json::json!({"cursor": "5:1:1", "results": false})
    );
}

#[test]
fn integers_compare_exactly_with_decimal_numbers() {
    use std::cmp::Ordering::{Equal, Greater, Less};
    for (integer, number, order) in [
        (2, 2.0, Equal),
        (2, 2.5, Less),
        (3, 2.5, Greater),
        (-3, -2.5, Less),
        (-2, -2.5, Greater),
        (i64::MAX, 9_223_372_036_854_775_808.0, Less),
        (i64::MIN, -9_223_372_036_854_775_808.0, Equal),
        (i64::MIN, -1e300, Greater),
        (i64::MAX, 1e300, Less),
        // The next float below is 1024 away.
        (
            9_223_372_036_854_775_000,
            9_223_372_036_854_774_784.0,
            Greater,
        ),
    ] {
        let value = CursorValue::Decimal(number);
        assert_eq!(value.order_of(integer), order, "{integer} and {number}");
        assert_eq!(value == CursorValue::Integer(integer), order == Equal);
    }
}

proptest! {
    #[test]
    fn every_cursor_survives_its_text(value in any::<i64>(), offset in 0..i64::MAX, is_prev: bool) {
        let before = Cursor::new(value, offset, is_prev);
        prop_assert_eq!(Cursor::parse(&before.to_string()), Ok(Some(before)));
    }

    #[test]
    fn every_decimal_number_survives_its_text(value in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
        let before = Cursor { value: CursorValue::Decimal(value), offset: 0, is_prev: false };
        let after = cursor(&before.to_string()).unwrap();
        prop_assert!(matches!(after.value, CursorValue::Decimal(number) if number == value));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[-+.:0-9a-z \u{0}é]{0,24}") {
        if let Ok(Some(read)) = Cursor::parse(&text) {
            prop_assert_eq!(Cursor::parse(&read.to_string()), Ok(Some(read)));
        }
    }
}
