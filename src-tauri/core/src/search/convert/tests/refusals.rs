//! What is refused: the code, where it stands, and what it is about.

use super::*;
use crate::query::{Fix, Node, Value};

/// The problem of a search that is understood but not converted.
#[track_caller]
fn refused(text: &str) -> Problem {
    search_with(text, &known()).expect_err(text)
}

/// Code, the part of the text it is about, key and value.
#[track_caller]
fn told(text: &str) -> (&'static str, &str, String, String) {
    let problem = refused(text);
    let shown = |text: Option<Box<str>>| text.map(String::from).unwrap_or_default();
    (
        problem.code.as_str(),
        problem.span.of(text),
        shown(problem.key),
        shown(problem.value),
    )
}

/// Each text is refused with the code, the part of it, the key and the value beside it.
#[track_caller]
fn each<const N: usize>(cases: [[&'static str; 5]; N]) {
    for [text, code, part, key, value] in cases {
        let expected = (code, part, key.to_owned(), value.to_owned());
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn words_that_a_key_does_not_know() {
    each([
        [
            "a:1 status:open",
            "unknown_status",
            "open",
            "status",
            "open",
        ],
        ["status:7", "unknown_status", "7", "status", "7"],
        [
            "status:[resolved, open]",
            "unknown_status",
            "[resolved, open]",
            "status",
            "open",
        ],
        [
            "!substatus:old",
            "unknown_substatus",
            "old",
            "substatus",
            "old",
        ],
        ["substatus:8", "unknown_substatus", "8", "substatus", "8"],
        [
            "issue.priority:urgent",
            "unknown_priority",
            "urgent",
            "issue.priority",
            "urgent",
        ],
        [
            "issue.priority:75",
            "unknown_priority",
            "75",
            "issue.priority",
            "75",
        ],
        [
            "größe issue.category:crash",
            "unknown_category",
            "crash",
            "issue.category",
            "crash",
        ],
        [
            "issue.type:Error",
            "unknown_type",
            "Error",
            "issue.type",
            "Error",
        ],
        [
            "device.class:[low, huge]",
            "unknown_device_class",
            "[low, huge]",
            "device.class",
            "huge",
        ],
        [
            "project:[shop, gone]",
            "unknown_project",
            "[shop, gone]",
            "project",
            "gone",
        ],
        ["issue:SHOP-9", "unknown_issue", "SHOP-9", "issue", "SHOP-9"],
        [
            "!issue:[SHOP-A, \"x\"]",
            "unknown_issue",
            "[SHOP-A, \"x\"]",
            "issue",
            "x",
        ],
        ["!has:project", "project_empty", "project", "project", ""],
    ]);
}

#[test]
fn a_word_that_is_nearly_right_comes_with_the_right_one() {
    let text = "status:resolvd x";
    let fix = refused(text).fix.unwrap();
    assert_eq!(fix.apply(text), "status:resolved x");
    assert_eq!(refused("status:[resolvd, open]").fix, None::<Fix>);
    assert_eq!(refused("status:bananas").fix, None);
}

#[test]
fn keys_that_know_no_order() {
    for key in [
        "tags[n]",
        "level",
        "error.type",
        "message",
        "user",
        "environment",
        "release",
        "assigned",
        "browser",
    ] {
        // Of a text key the operator is part of the text.
        assert!(search_with(&format!("{key}:>x"), &known()).is_ok(), "{key}");
    }
    each([
        ["x issue.id:>5", "operator_not_valid", ">5", "issue.id", ""],
        [
            "project.id:<=5",
            "operator_not_valid",
            "<=5",
            "project.id",
            "",
        ],
        [
            "!project_id:>5",
            "operator_not_valid",
            ">5",
            "project_id",
            "",
        ],
        [
            "release.version:>1.*",
            "operator_not_valid",
            ">1.*",
            "release.version",
            "1.*",
        ],
    ]);
}

#[test]
fn ids_that_are_none() {
    let id = "0123456789abcdef0123456789abcdef";
    for (key, code) in [
        ("id", "bad_event_id"),
        ("trace", "bad_event_id"),
        ("trace.span", "bad_span_id"),
        ("trace.parent_span", "bad_span_id"),
    ] {
        let long = format!("{id}0");
        let (own, others) = match code {
            "bad_event_id" => (id, &id[..16]),
            _ => (&id[..16], id),
        };
        let no_hex = own.replace('a', "g");
        for value in ["1", "-", others, &long, &no_hex] {
            let text = format!("x {key}:{value}");
            assert_eq!(
                told(&text),
                (code, value, key.to_owned(), value.to_owned()),
                "{text}"
            );
        }
        let list = format!("{key}:[{own}, 1x]");
        assert_eq!(told(&list).0, code, "{list}");
        for pattern in ["0123*", "*", &format!("{own}*")] {
            let text = format!("!{key}:{pattern}");
            assert_eq!(told(&text).0, "wildcard_not_allowed", "{text}");
            assert_eq!(refused(&text).span.of(&text), pattern, "{text}");
        }
    }
}

#[test]
fn truth_values_that_are_none() {
    each([
        [
            "app.in_foreground:maybe",
            "invalid_boolean",
            "maybe",
            "app.in_foreground",
            "maybe",
        ],
        [
            "x !app.in_foreground:[1, 0]",
            "invalid_boolean",
            "[1, 0]",
            "app.in_foreground",
            "",
        ],
        [
            "unassigned:maybe",
            "invalid_boolean",
            "maybe",
            "unassigned",
            "maybe",
        ],
        ["for_review:2", "invalid_boolean", "2", "for_review", "2"],
    ]);
}

/// The language reads nothing else than 1 and 0 after these keys; a search may be put together elsewhere.
#[test]
fn handled_is_a_matter_of_one_or_zero() {
    for text in ["error.handled:1", "x error.unhandled:0"] {
        let mut terms = parse(text, &SearchConfig::issues(), NOW)
            .unwrap()
            .tree()
            .terms()
            .to_vec();
        let Some(Node::Filter(filter)) = terms.last_mut() else {
            panic!("no filter");
        };
        for value in [Value::Number(2.0), Value::List(vec![Value::Number(1.0)])] {
            filter.value = value;
            let problem = convert(&Node::Filter(filter.clone()), &known()).unwrap_err();
            assert_eq!(problem.code.as_str(), "boolean_domain");
            assert_eq!(problem.span.of(text), &text[text.len() - 1..]);
        }
    }
}

#[test]
fn versions_that_are_none() {
    each([
        [
            "release.version:>abc",
            "semver_invalid",
            ">abc",
            "release.version",
            "abc",
        ],
        [
            "release.version:shop@",
            "semver_invalid",
            "shop@",
            "release.version",
            "shop@",
        ],
        [
            "release.version:1.2.3.4.5",
            "semver_invalid",
            "1.2.3.4.5",
            "release.version",
            "1.2.3.4.5",
        ],
        [
            "release.version:[1.0, 2.0]",
            "semver_in",
            "[1.0, 2.0]",
            "release.version",
            "",
        ],
        [
            "!release.build:[1, 2]",
            "semver_in",
            "[1, 2]",
            "release.build",
            "",
        ],
    ]);
}

#[test]
fn sums_over_events_are_not_computed_here() {
    each([
        ["count():>5", "aggregate_not_allowed", ">5", "count()", ""],
        [
            "a:1 OR (NOT p95(transaction.duration):>1s)",
            "aggregate_not_allowed",
            ">1s",
            "p95(transaction.duration)",
            "",
        ],
    ]);
}

#[test]
fn the_first_problem_of_the_text_is_told_wherever_it_stands() {
    each([
        [
            "a:1 OR (NOT status:x) issue.type:y",
            "unknown_status",
            "x",
            "status",
            "x",
        ],
        [
            "NOT (browser:a OR issue.priority:p)",
            "unknown_priority",
            "p",
            "issue.priority",
            "p",
        ],
    ]);
    // Characters count, not bytes.
    let text = "größe status:x";
    assert_eq!(refused(text).column(text), 14);
}

#[test]
fn every_refusal_says_what_to_do_next() {
    for text in [
        "status:x",
        "issue:x",
        "!has:project",
        "issue.id:>1",
        "id:1",
        "trace:*",
        "count():1",
        "release.version:abc",
    ] {
        let problem = refused(text);
        assert!(problem.message.ends_with('.'), "{problem}");
        assert!(
            problem.message.matches(". ").count() + problem.message.matches(';').count() > 0,
            "{problem}"
        );
    }
}
