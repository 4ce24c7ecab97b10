//! Section 3: what values mean.

use super::{NOW, plain, read_as};
use crate::query::{Filter, Item, TextValue, Value, parse};

#[test]
fn units_of_numbers_and_time() {
    read_as(
        &plain(),
        &[
            ("project_id:>1.1k", "project_id > 1100"),
            ("project_id:>2m", "project_id > 2000000"),
            ("project_id:>3b", "project_id > 3000000000"),
        ],
    );
    for (unit, milliseconds) in [
        ("ms", "1"),
        ("s", "1000"),
        ("min", "60000"),
        ("m", "60000"),
        ("hr", "3600000"),
        ("h", "3600000"),
        ("day", "86400000"),
        ("d", "86400000"),
        ("wk", "604800000"),
        ("w", "604800000"),
    ] {
        let text = format!("transaction.duration:1{unit}");
        let expected = format!("transaction.duration = {milliseconds}");
        read_as(&plain(), &[(text.as_str(), expected.as_str())]);
    }
}

#[test]
fn durations_have_a_longest() {
    read_as(
        &plain(),
        &[
            (
                "transaction.duration:<=999999999d",
                "transaction.duration <= 86399999913600000",
            ),
            ("transaction.duration:>1000000000d", "! duration_too_large"),
            ("p95():>1000000000d", "! duration_too_large"),
        ],
    );
}

#[test]
fn units_of_size() {
    let mut config = plain();
    config.size_keys.insert("body".into());
    let units = [
        ("bit", 0.125),
        ("nb", 0.5),
        ("bytes", 1.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("pb", 1e15),
        ("eb", 1e18),
        ("zb", 1e21),
        ("yb", 1e24),
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("pib", 1024_f64.powi(5)),
        ("eib", 1024_f64.powi(6)),
        ("zib", 1024_f64.powi(7)),
        ("yib", 1024_f64.powi(8)),
    ];
    for (unit, bytes) in units {
        for unit in [unit.to_owned(), unit.to_uppercase()] {
            let value = value(&format!("body:2{unit}"), &config);
            assert_eq!(value, Value::Number(2.0 * bytes), "{unit}");
        }
    }
}

fn value(text: &str, config: &crate::query::SearchConfig) -> Value {
    only(text, config).value
}

fn only(text: &str, config: &crate::query::SearchConfig) -> Filter {
    let mut query = parse(text, config, NOW).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    match query.items.remove(0) {
        Item::Filter(filter) if query.items.is_empty() => filter,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_text_is_a_pattern_or_literal() {
    for (typed, literal, pieces) in [
        ("foo*bar", None, Some(&["foo", "bar"][..])),
        (r"foo\*bar", Some("foo*bar"), None),
        (r"foo\\*bar", None, Some(&[r"foo\", "bar"])),
        (r"foo\\\*bar", Some(r"foo\\*bar"), None),
        (r"*\**", None, Some(&["", "*", ""])),
        (r"\*bar", Some("*bar"), None),
        ("*", None, Some(&["", ""])),
        ("**", None, Some(&["", "", ""])),
        ("what?", Some("what?"), None),
        (r"C:\dir", Some(r"C:\dir"), None),
        (r"C:\dir*", None, Some(&["C:dir", ""])),
        (r"*\", None, Some(&["", r"\"])),
        ("plain", Some("plain"), None),
    ] {
        let text = TextValue::bare(typed);
        assert_eq!(text.is_pattern(), pieces.is_some(), "{typed}");
        assert_eq!(text.literal().as_deref(), literal, "{typed}");
        let found = text.pattern().map(|pattern| pattern.pieces);
        let expected = pieces.map(|pieces| pieces.iter().map(ToString::to_string).collect());
        assert_eq!(found, expected, "{typed}");
        // The language hands the text on as typed.
        let read = value(&format!("title:{typed}"), &plain());
        assert_eq!(read, Value::Text(text), "{typed}");
    }
}

#[test]
fn elements_of_a_list_may_be_patterns() {
    let Value::List(values) = value("title:[a*, \"b\"]", &plain()) else {
        panic!("no list");
    };
    let patterns: Vec<_> = values
        .iter()
        .filter_map(Value::as_text)
        .map(TextValue::is_pattern)
        .collect();
    assert_eq!(patterns, [true, false]);
}

#[test]
fn a_filter_remembers_how_it_was_typed() {
    let text = " !\"os:name\":>\"a b\"";
    let filter = only(text, &plain());
    assert_eq!(filter.span.of(text), "!\"os:name\":>\"a b\"");
    assert_eq!(filter.key_span.of(text), "\"os:name\"");
    assert_eq!(filter.value_span.of(text), ">\"a b\"");
    assert!(filter.value.as_text().unwrap().quoted);
    let text = "has:release";
    let filter = only(text, &plain());
    assert_eq!(filter.key_span.of(text), "release");
    let text = " two words ";
    let filter = only(text, &plain());
    assert!(filter.free_text && filter.key_span.is_empty());
    assert_eq!(filter.value_span.of(text), "two words");
}

#[test]
fn the_json_form_is_the_published_one() {
    let json = |text: &str| {
        parse(text, &crate::query::SearchConfig::issues(), NOW)
            .unwrap()
            .to_json()
    };
    assert_eq!(
        json("(age:2024-01-01 or is:linked) and NOT times_seen:[1,2.5] a:\"x\\\"y\" z"),
        serde_json::json!([
            {"group": [
                {"key": "first_seen", "op": ">=", "value": {"instant": "2024-01-01T00:00:00.000Z"}},
                {"key": "first_seen", "op": "<", "value": {"instant": "2024-01-02T00:00:00.000Z"}},
                "OR",
                {"key": "linked", "op": "=", "value": true},
            ]},
            "AND",
            "NOT",
            {"key": "times_seen", "op": "IN", "value": [1, 2.5]},
            {"key": "a", "op": "=", "value": "x\"y"},
            {"key": "message", "op": "=", "value": "z"},
        ])
    );
}
