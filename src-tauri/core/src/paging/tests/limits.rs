use super::*;

#[test]
fn a_limit_is_capped_without_a_word() {
    for (asked, rows) in [(1, 1), (99, 99), (100, 100), (101, 100), (i64::MAX, 100)] {
        assert_eq!(Limit::new(asked, PAGE_CAP).unwrap().get(), rows);
    }
    assert_eq!(Limit::new(5000, BULK_CAP), Ok(Limit::BULK));
    assert_eq!((Limit::PAGE.get(), Limit::BULK.get()), (100, 1000));
}

#[test]
fn a_limit_in_a_request_is_an_integer_of_at_least_one() {
    for (text, rows) in [
        ("1", 1),
        ("007", 7),
        ("+9", 9),
        ("500", 100),
        ("99999999999999999999", 100),
    ] {
        assert_eq!(Limit::parse(text, PAGE_CAP).unwrap().get(), rows, "{text}");
    }
    for text in [
        "",
        "abc",
        "1.0",
        "1e2",
        " 1",
        "-",
        "+",
        "0",
        "-1",
        "-99999999999999999999",
        "٣",
    ] {
        let refusal = Limit::parse(text, PAGE_CAP).unwrap_err();
        assert_eq!(refusal.parameter, "limit", "{text}");
        assert!(refusal.message.contains("1 to 100"), "{refusal}");
    }
}
