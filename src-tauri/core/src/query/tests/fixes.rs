//! What is offered to put a text right, and that it does.

use super::{issues, plain, problems};
use crate::query::SearchConfig;

/// The text after the fix of its first problem.
fn fixed(text: &str, config: &SearchConfig) -> Option<String> {
    let problem = problems(text, config).remove(0);
    problem.fix.map(|fix| fix.apply(text))
}

#[track_caller]
fn becomes(config: &SearchConfig, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(fixed(text, config).as_deref(), Some(*expected), "{text:?}");
        assert_eq!(super::codes(expected, config), [""; 0], "{expected:?}");
    }
}

#[test]
fn left_over_text() {
    becomes(
        &issues(),
        &[
            ("(a:1", "(a:1)"),
            ("(a:1 (b:2", "(a:1 (b:2))"),
            ("x (a b", "x (a b)"),
            ("a:1)", "a:1"),
            ("a:1\nb:2", "a:1 b:2"),
            ("(a:1\nb:2)", "(a:1 b:2)"),
        ],
    );
}

#[test]
fn quotes() {
    becomes(
        &issues(),
        &[
            ("url:te\"st", "url:te\\\"st"),
            ("url:\"test", "url:\"test\""),
            ("title:\"hello world ", "title:\"hello world\" "),
            ("title:\"hello level:error", "title:\"hello\" level:error"),
            ("title:\"a\\", "title:\\\"a\\"),
            ("is:\"resolved", "is:\"resolved\""),
        ],
    );
}

#[test]
fn values_that_are_missing() {
    becomes(
        &issues(),
        &[
            ("release:", "has:release"),
            ("a:1 !release: b:2", "a:1 !has:release b:2"),
            ("release:>", "has:release"),
            ("tags[x]:", "has:tags[x]"),
            ("\"a:b\":", "has:\"a:b\""),
            ("123:", "has:\"123\""),
            ("a:[1,2,]", "a:[1, 2]"),
            ("a:[\"x y\", ] b", "a:[\"x y\"] b"),
            ("f(a,,b):1", "f(a, b):1"),
        ],
    );
}

#[test]
fn dates() {
    becomes(
        &issues(),
        &[
            ("age:24h", "age:-24h"),
            ("age:<24h", "age:-24h"),
            ("age:>24h", "age:+24h"),
            ("age:-3days", "age:-3d"),
            ("age:+2weeks", "age:+2w"),
            ("!age:-24h", "NOT age:-24h"),
            ("a:\"x\"!age:-24h", "a:\"x\" NOT age:-24h"),
            ("(!timestamp:>2020-01-01)", "(NOT timestamp:>2020-01-01)"),
            ("!timestamp:2020-01-01", "NOT timestamp:2020-01-01"),
            ("age:>2020-01-01T10:30Z", "age:>2020-01-01T10:30:00Z"),
        ],
    );
    assert_eq!(fixed("age:someday", &issues()), None);
    assert_eq!(fixed("!age:someday", &issues()), None);
}

#[test]
fn numbers_and_truth() {
    becomes(
        &issues(),
        &[
            ("times_seen:>1_000", "times_seen:>1000"),
            ("times_seen:\"5\"", "times_seen:5"),
            ("times_seen:>5s", "times_seen:>5"),
            ("count():5h", "count():5"),
            ("stack.in_app:yes", "stack.in_app:true"),
            ("stack.in_app:flase", "stack.in_app:false"), // typos:ignore
            ("!stack.in_app:off", "!stack.in_app:false"),
        ],
    );
    assert_eq!(fixed("times_seen:many", &issues()), None);
    assert_eq!(fixed("stack.in_app:perhaps", &issues()), None);
}

#[test]
fn words_of_is() {
    becomes(
        &issues(),
        &[
            ("is:unresolvd", "is:unresolved"),
            ("!is:esclating x", "!is:escalating x"), // typos:ignore
            ("is:[resolved, ignored] x", "(is:resolved OR is:ignored) x"),
            ("!is:[resolved,ignored]", "(!is:resolved !is:ignored)"),
        ],
    );
    assert_eq!(fixed("is:purple", &issues()), None);
    assert_eq!(fixed("is:[purple]", &issues()), None);
}

#[test]
fn words_between_terms() {
    becomes(
        &issues(),
        &[
            ("OR a:1", "a:1"),
            ("AND or a:1", "a:1"),
            ("a:1 OR", "a:1"),
            ("a:1 AND NOT ", "a:1"),
            ("a:1 OR \"\"", "a:1"),
            ("(a:1 OR) b:2", "(a:1) b:2"),
            ("a:1 AND OR b:2", "a:1 AND b:2"),
            ("a:1 AND OR and b:2", "a:1 AND b:2"),
            ("a:1 NOT OR b:2", "a:1 NOT b:2"),
            ("NOT", ""),
        ],
    );
    let mut config = plain();
    config.allow_boolean = false;
    becomes(&config, &[("a:1 or b:2", "a:1 \"or\" b:2")]);
}

#[test]
fn keys_that_are_not_allowed() {
    let mut config = plain();
    config.allowed_keys = ["release".into(), "environment".into()].into();
    becomes(
        &config,
        &[
            ("relase:1", "release:1"),             // typos:ignore
            ("has:enviroment", "has:environment"), // typos:ignore
            ("color:\"dark blue\"", "\"color:\\\"dark blue\\\"\""),
        ],
    );
}
