//! What a search means as a whole: the window, sums, implied statuses, and what its answer depends on.

use super::*;
use crate::search::condition::{Order, SumTest};
use crate::search::window::Bounds;

fn all(terms: Vec<Condition>) -> Condition {
    Condition::All(terms)
}

fn status(number: i16) -> Condition {
    issue(IssueTest::Status(vec![number]))
}

fn browser(value: &str) -> Condition {
    tag("browser", vec![is(value)])
}

#[test]
fn an_empty_search_asks_nothing() {
    for text in ["", "  ", "\"\""] {
        let search = search(text);
        assert_eq!(search.condition, Condition::everything());
        assert_eq!(search.bounds, Bounds::default());
        assert!(!search.asks_events && !search.shows_feedback);
        assert_eq!(search.only_statuses, None);
    }
}

#[test]
fn words_and_groups_keep_their_form() {
    assert_eq!(
        search("browser:a (is:resolved OR NOT (browser:b browser:c))").condition,
        all(vec![
            browser("a"),
            Condition::Any(vec![
                status(1),
                all(vec![browser("b"), browser("c")]).negated()
            ]),
        ])
    );
    assert_eq!(only("NOT NOT browser:a"), browser("a"));
    assert_eq!(only("NOT browser:a"), only("!browser:a"));
    // Only a comparison with something that is missing tells them apart.
    assert_ne!(only("NOT times_seen:>5"), only("!times_seen:>5"));
}

#[test]
fn times_of_top_level_terms_bound_the_window() {
    let search = search("browser:a date:>=2024-05-01 event.timestamp:<2024-05-03 timestamp:-2d");
    assert_eq!(search.condition, all(vec![browser("a")]));
    let bounds = Bounds::default()
        .since(at("2024-05-30T12:00:00Z"))
        .until(at("2024-05-03T00:00:00Z"));
    assert_eq!(search.bounds, bounds);
    let of_day = super::search("date:2024-05-01").bounds;
    let day = Bounds::default()
        .since(at("2024-05-01T00:00:00Z"))
        .until(at("2024-05-02T00:00:00Z"));
    assert_eq!(of_day, day);
}

/// Only what comes before or after a time narrows the window.
#[test]
fn to_be_at_a_time_or_not_is_asked_of_what_has_the_time() {
    let then = at("2024-05-01T10:00:00Z");
    let happened = event(EventTest::Happened(Order::Equal, then));
    let first = issue(IssueTest::FirstSeen(Order::Equal, then));
    let last = Condition::Sum(SumTest::LastSeen(Order::Equal, then));
    for (key, is_then) in [
        ("timestamp", happened.clone()),
        ("date", happened),
        ("first_seen", first.clone()),
        ("age", first),
        ("last_seen", last),
    ] {
        let search = super::search(&format!("{key}:=2024-05-01T10:00:00"));
        assert_eq!(search.bounds, Bounds::default(), "{key}");
        assert_eq!(search.condition, all(vec![is_then.clone()]), "{key}");
        let search = super::search(&format!("{key}:!=2024-05-01T10:00:00"));
        assert_eq!(search.bounds, Bounds::default(), "{key}");
        assert_eq!(search.condition, all(vec![is_then.negated()]), "{key}");
    }
}

#[test]
fn other_times_are_compared_with_the_event() {
    let happened = |order, when| event(EventTest::Happened(order, at(when)));
    let search = search("browser:a OR date:>2024-05-01");
    assert_eq!(search.bounds, Bounds::default());
    assert_eq!(
        search.condition,
        all(vec![Condition::Any(vec![
            browser("a"),
            happened(Order::Greater, "2024-05-01T00:00:00Z")
        ])])
    );
    assert_eq!(
        only("NOT timestamp:-1h"),
        happened(Order::GreaterOrEqual, "2024-06-01T11:00:00Z").negated()
    );
    assert_eq!(only("has:date"), Condition::everything());
}

#[test]
fn sums_are_compared_with_numbers_and_times() {
    let times = |order, number| Condition::Sum(SumTest::TimesSeen(order, number));
    let last = |order, when| Condition::Sum(SumTest::LastSeen(order, at(when)));
    mean([
        ("times_seen:5", times(Order::Equal, 5.0)),
        ("timesSeen:>1k", times(Order::Greater, 1_000.0)),
        ("!times_seen:5", times(Order::Equal, 5.0).negated()),
        ("!times_seen:>5", times(Order::LessOrEqual, 5.0)),
        (
            "times_seen:[1, 2]",
            Condition::Any(vec![times(Order::Equal, 1.0), times(Order::Equal, 2.0)]),
        ),
        (
            "lastSeen:-1h",
            last(Order::GreaterOrEqual, "2024-06-01T11:00:00Z"),
        ),
        (
            "last_seen:<2024-05-01",
            last(Order::Less, "2024-05-01T00:00:00Z"),
        ),
        ("has:times_seen", Condition::everything()),
    ]);
}

#[test]
fn a_substatus_implies_its_status() {
    let substatus = |number: i16| issue(IssueTest::Substatus(vec![number]));
    for (text, expected) in [
        // The first positive one decides, wherever it stands.
        (
            "!is:new is:forever is:ongoing",
            vec![
                substatus(7).negated(),
                substatus(5),
                substatus(3),
                status(2),
            ],
        ),
        (
            "!is:escalating !is:forever",
            vec![
                substatus(2).negated(),
                substatus(5).negated(),
                status(0).negated(),
            ],
        ),
        (
            "substatus:[forever, new]",
            vec![issue(IssueTest::Substatus(vec![5, 7])), status(2)],
        ),
        (
            "is:unresolved !is:escalating",
            vec![status(0), substatus(2).negated()],
        ),
        (
            "!is:resolved is:new",
            vec![status(1).negated(), substatus(7)],
        ),
        (
            "is:new OR is:forever",
            vec![Condition::Any(vec![substatus(7), substatus(5)])],
        ),
        ("NOT is:new", vec![substatus(7).negated()]),
        ("(is:new)", vec![substatus(7), status(0)]),
    ] {
        assert_eq!(search(text).condition, all(expected), "{text}");
    }
}

#[test]
fn feedback_is_shown_where_it_is_named() {
    for (text, shown) in [
        ("issue.category:feedback", true),
        ("issue.category:[error, Feedback]", true),
        ("issue.type:feedback", true),
        ("is:unresolved OR (NOT issue.category:feedback)", true),
        ("!issue.category:feedback", false),
        ("!issue.type:[feedback, error]", false),
        ("issue.category:error", false),
        ("feedback", false),
        ("", false),
    ] {
        assert_eq!(search(text).shows_feedback, shown, "{text}");
    }
}

#[test]
fn numbers_of_matching_events_exist_where_events_are_asked_for() {
    for (text, asks) in [
        ("is:unresolved assigned:me first_release:1 age:-1d", false),
        ("times_seen:>5 date:-1d", false),
        ("browser:a", true),
        ("is:resolved OR has:user", true),
        ("project:shop", true),
        ("issue.id:5", true),
    ] {
        assert_eq!(search(text).asks_events, asks, "{text}");
    }
}

#[test]
fn a_list_of_the_unresolved_keeps_to_its_words() {
    for (text, statuses) in [
        ("is:unresolved", Some(vec![0])),
        ("status:[resolved, unresolved]", Some(vec![1, 0])),
        ("!is:resolved is:unresolved", Some(vec![0])),
        ("is:resolved is:unresolved", None),
        ("is:resolved", None),
        ("!is:unresolved", None),
        ("is:unresolved OR browser:a", None),
        ("NOT is:unresolved", None),
    ] {
        assert_eq!(search(text).only_statuses, statuses, "{text}");
    }
}
