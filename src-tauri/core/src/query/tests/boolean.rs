//! Sections 6.1 to 6.3, as far as they are about text.

use super::{NOW, codes, issues, plain, read_as};
use crate::query::parse;

#[test]
fn words_at_a_wrong_place_are_refused() {
    read_as(
        &issues(),
        &[
            ("OR a:1", "! operator_left"),
            ("AND a:1", "! operator_left"),
            ("a:1 OR", "! operator_right"),
            ("a:1 AND", "! operator_right"),
            ("a:1 NOT", "! operator_right"),
            ("NOT", "! operator_right"),
            ("OR", "! operator_left"),
            ("a:1 AND OR b:2", "! operator_middle"),
            ("a:1 OR OR b:2", "! operator_middle"),
            ("a:1 NOT OR b:2", "! operator_middle"),
            ("NOT AND a:1", "! operator_middle"),
            ("a:1 OR OR", "! operator_middle"),
            ("a:1 OR NOT b:2", "a = '1'; OR; NOT; b = '2'"),
            ("NOT NOT a:1", "NOT; NOT; a = '1'"),
            ("NOT a:1", "NOT; a = '1'"),
            ("(OR a:1) AND", "! operator_left"),
            ("a:1 (b:2 OR)", "! operator_right"),
            ("a:1 (b:2 OR (c:3 NOT))", "! operator_right"),
        ],
    );
}

#[test]
fn a_dropped_text_is_no_item() {
    read_as(
        &issues(),
        &[
            ("\"\" OR a:1", "! operator_left"),
            ("a:1 OR \"\"", "! operator_right"),
            ("a:1 OR \"\" OR b:2", "! operator_middle"),
            ("a:1 \"\" b:2", "a = '1'; b = '2'"),
        ],
    );
}

#[test]
fn problems_come_in_their_order() {
    let config = issues();
    assert_eq!(
        codes("OR times_seen:x (", &config),
        ["parse_error", "invalid_number"]
    );
    assert_eq!(
        codes("OR times_seen:x AND AND age:y (OR", &config),
        ["parse_error", "invalid_number", "invalid_date"]
    );
    assert_eq!(
        codes("OR (times_seen:x NOT) OR AND age:y AND", &config),
        [
            "invalid_number",
            "invalid_date",
            "operator_left",
            "operator_right",
            "operator_middle",
            "operator_right"
        ]
    );
    // What stands beside something wrong is not blamed for it.
    assert_eq!(
        codes("times_seen:x OR age:y", &config),
        ["invalid_number", "invalid_date"]
    );
}

#[test]
fn without_words_and_groups() {
    let mut config = issues();
    config.allow_boolean = false;
    read_as(
        &config,
        &[
            ("(a:1 b)", "message = '(a:1 b)'"),
            ("x:1 ( a )y", "x = '1'; message = '( a )'; message = 'y'"),
            ("a:1 OR b:2", "! boolean_not_allowed"),
            ("a:1 and b:2", "! boolean_not_allowed"),
            ("NOT a:1", "! boolean_not_allowed"),
            ("(a:1 OR b:2)", "! boolean_not_allowed"),
            ("(times_seen:x)", "! invalid_number"),
            ("\"a OR b\"", "message = 'a OR b'"),
            ("android", "message = 'android'"),
        ],
    );
    assert_eq!(
        codes("OR (NOT", &config),
        ["parse_error", "boolean_not_allowed"]
    );
}

/// The normal form: AND as `[…]`, OR as `{…}`, NOT as `-`.
fn normal(text: &str) -> String {
    fn shown(node: &crate::query::Node) -> String {
        let list =
            |nodes: &[crate::query::Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(" ");
        match node {
            crate::query::Node::All(nodes) => format!("[{}]", list(nodes)),
            crate::query::Node::Any(nodes) => format!("{{{}}}", list(nodes)),
            crate::query::Node::Not(node) => format!("-{}", shown(node)),
            crate::query::Node::Filter(filter) => filter.key.to_string(),
        }
    }
    shown(&parse(text, &issues(), NOW).unwrap().tree())
}

#[test]
fn words_bind_in_their_order() {
    for (text, expected) in [
        ("", "[]"),
        ("a:1", "a"),
        ("a:1 b:2", "[a b]"),
        ("a:1 AND b:2", "[a b]"),
        ("a:1 OR b:2 c:3", "{a [b c]}"),
        ("a:1 b:2 OR c:3 AND d:4", "{[a b] [c d]}"),
        ("a:1 NOT b:2 c:3 OR d:4", "{[a -b c] d}"),
        ("NOT a:1 OR b:2", "{-a b}"),
        ("NOT (a:1 OR b:2)", "-{a b}"),
        ("NOT NOT a:1", "a"),
        ("NOT NOT NOT a:1", "-a"),
        ("NOT (NOT a:1)", "a"),
        ("NOT (NOT (a:1 b:2)) c:3", "[a b c]"),
        ("NOT one two a:1", "[-message a]"),
        ("((a:1))", "a"),
        ("(a:1 b:2) c:3", "[a b c]"),
        ("(a:1 (b:2 AND c:3)) d:4", "[a b c d]"),
        ("(a:1 OR b:2) c:3", "[{a b} c]"),
        ("(a:1 b:2) OR c:3", "{[a b] c}"),
        ("(a:1 OR b:2) OR c:3", "{{a b} c}"),
        ("NOT (a:1 b:2)", "-[a b]"),
        ("NOT timestamp:2020-01-01", "-[timestamp timestamp]"),
        ("timestamp:2020-01-01 OR a:1", "{[timestamp timestamp] a}"),
        ("timestamp:2020-01-01 a:1", "[timestamp timestamp a]"),
        ("(\"\") a:1", "a"),
        ("(\"\") OR a:1", "{[] a}"),
        ("NOT (\"\")", "-[]"),
    ] {
        assert_eq!(normal(text), expected, "{text}");
    }
}

#[test]
fn top_level_terms_are_the_operands_of_the_outermost_and() {
    let terms = |text: &str| {
        let tree = parse(text, &issues(), NOW).unwrap().tree();
        let filters: Vec<_> = tree
            .top_filters()
            .map(|filter| filter.key.to_string())
            .collect();
        (tree.terms().len(), filters.join(" "), tree.filters().len())
    };
    assert_eq!(terms(""), (0, String::new(), 0));
    assert_eq!(terms("a:1"), (1, "a".to_owned(), 1));
    assert_eq!(terms("a:1 (b:2 c:3)"), (3, "a b c".to_owned(), 3));
    assert_eq!(terms("a:1 (b:2 OR c:3)"), (2, "a".to_owned(), 3));
    assert_eq!(terms("a:1 OR b:2"), (1, String::new(), 2));
    assert_eq!(terms("NOT a:1"), (1, String::new(), 1));
    assert_eq!(terms("NOT NOT a:1"), (1, "a".to_owned(), 1));
}

#[test]
fn plain_configurations_allow_words() {
    read_as(
        &plain(),
        &[("title:a OR title:b", "title = 'a'; OR; title = 'b'")],
    );
}
