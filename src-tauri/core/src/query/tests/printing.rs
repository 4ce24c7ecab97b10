//! Trees back to text.

use super::{NOW, issues, plain, seen};
use crate::query::{
    Aggregate, Filter, Item, Key, Node, Op, SearchConfig, Span, TextValue, Value, literal_value,
    parse, print, print_tree,
};

#[track_caller]
fn prints(config: &SearchConfig, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let query = parse(text, config, NOW).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(print(&query.items, config), *expected, "{text:?}");
        assert_eq!(seen(expected, config), seen(text, config), "{text:?}");
    }
}

#[test]
fn a_search_is_written_in_one_way() {
    prints(
        &issues(),
        &[
            ("", ""),
            ("  a:1   b:2 ", "a:1 b:2"),
            ("assigned:me dist:1", "assigned_to:me \"sentry:dist\":1"),
            ("a:!=b !a:=b", "!a:b !a:b"),
            (
                "!is:muted is:until_escalating is:assigned",
                "!is:archived is:archived_until_escalating is:assigned",
            ),
            ("age:-24h age:+7d", "first_seen:-24h first_seen:+7d"),
            ("timestamp:2020-01-01", "timestamp:2020-01-01"),
            (
                "timestamp:2020-01-01T05:06:07.5Z",
                "timestamp:2020-01-01T05:06:07.500Z",
            ),
            ("timestamp:>2020-01-01", "timestamp:>2020-01-01T00:00:00Z"),
            (
                "timestamp:=2020-01-01 timestamp:!=2020-01-01T01:00:00+01:00",
                "timestamp:=2020-01-01T00:00:00Z timestamp:!=2020-01-01T00:00:00Z",
            ),
            (
                "times_seen:>1.5k !times_seen:5",
                "times_seen:>1500 !times_seen:5",
            ),
            (
                "!stack.in_app:0 stack.in_app:0",
                "stack.in_app:true stack.in_app:false",
            ),
            (
                "p95():>2m !failure_rate():5%",
                "p95():>120000 !failure_rate():0.05",
            ),
            (
                "count():>5% count():>2020-01-01 count():-2w",
                "count():>5% count():>2020-01-01 count():-2w",
            ),
            ("f( a,\"b, c\" ):1", "f(a, \"b, c\"):1"),
            ("!a:[x,\"y z\" , 1.0]", "!a:[x, \"y z\", 1.0]"),
            ("times_seen:[1,2k]", "times_seen:[1, 2000]"),
            (
                "has:a !has:tags[b] has:\"1d\" has:\"c:d\"",
                "has:a !has:tags[b] has:\"1d\" has:\"c:d\"",
            ),
            ("a:\"\" !a:\"\"", "a:\"\" !a:\"\""),
            (
                "tags[\"a:b\"]:c tags[d , number]:5",
                "tags[\"a:b\"]:c tags[d,number]:5",
            ),
            (
                "a:==b a:=[x] a:[x]y a:>b !a:>b",
                "a:==b a:=[x] a:=[x]y a:>b !a:>b",
            ),
            (
                "release.version:>=1.2 !release.version:>=1",
                "release.version:>=1.2 release.version:<1",
            ),
            ("a:\"x\\\"y\" a:x\\\"y", "a:\"x\\\"y\" a:x\\\"y"),
            ("some  words \"in quotes\"", "some  words \"in quotes\""),
            ("\"in quotes\" some words", "\"in quotes\" some words"),
            (
                "(a:1 or b:2) and not NOT (c)",
                "(a:1 OR b:2) AND not NOT (c)",
            ),
            ("(\"\")", "(\"\")"),
            ("\"say \\\"hi\\\"\"", "\"say \\\"hi\\\"\""),
        ],
    );
}

#[test]
fn groups_of_a_search_without_groups_are_text() {
    let mut config = plain();
    config.allow_boolean = false;
    prints(&config, &[("(a:1 b) c", "(a:1 b) c")]);
}

#[test]
fn a_tree_is_written_with_as_few_parentheses_as_possible() {
    for (text, expected) in [
        ("((a:1)) AND (b:2 c:3)", "a:1 b:2 c:3"),
        ("(a:1 b:2) OR c:3", "a:1 b:2 OR c:3"),
        ("(a:1 OR b:2) c:3", "(a:1 OR b:2) c:3"),
        ("(a:1 OR b:2) OR c:3", "(a:1 OR b:2) OR c:3"),
        ("NOT (a:1) NOT (b:2 c:3)", "NOT a:1 NOT (b:2 c:3)"),
        (
            "NOT timestamp:2020-01-01",
            "NOT (timestamp:>=2020-01-01T00:00:00Z timestamp:<2020-01-02T00:00:00Z)",
        ),
        ("words (more words)", "words (more words)"),
        ("a:1 (words) (more)", "a:1 words AND more"),
        ("(\"\") OR a:1", "(\"\") OR a:1"),
        ("NOT (\"\")", "NOT (\"\")"),
    ] {
        let tree = parse(text, &issues(), NOW).unwrap().tree();
        let printed = print_tree(&tree, &issues());
        assert_eq!(printed, expected, "{text}");
        let again = parse(&printed, &issues(), NOW).unwrap().tree();
        assert_eq!(bare(&again), bare(&tree), "{text}");
    }
}

/// A tree without its places.
pub(super) fn bare(node: &Node) -> Node {
    let nodes = |nodes: &[Node]| nodes.iter().map(bare).collect();
    match node {
        Node::All(inner) => Node::All(nodes(inner)),
        Node::Any(inner) => Node::Any(nodes(inner)),
        Node::Not(inner) => Node::Not(Box::new(bare(inner))),
        Node::Filter(filter) => Node::Filter(Filter {
            span: Span::default(),
            key_span: Span::default(),
            value_span: Span::default(),
            ..filter.clone()
        }),
    }
}

fn made(key: Key, op: Op, value: Value) -> Filter {
    let span = Span::default();
    Filter {
        key,
        op,
        value,
        free_text: false,
        span,
        key_span: span,
        value_span: span,
    }
}

#[test]
fn what_was_never_typed_is_quoted_where_it_must_be() {
    let text = |text: &str| Value::Text(TextValue::bare(text));
    for (filter, expected) in [
        (
            made(Key::name("a"), Op::Equal, text("two words")),
            "a:\"two words\"",
        ),
        (
            made(Key::name("a"), Op::NotEqual, text("f(x)")),
            "!a:\"f(x)\"",
        ),
        (made(Key::name("a"), Op::Equal, text("x\ty")), "a:\"x\ty\""),
        (
            made(
                Key::name("a"),
                Op::In,
                Value::List(vec![text("x y"), text("z")]),
            ),
            "a:[\"x y\", \"z\"]",
        ),
        (
            made(
                Key::Aggregate(Aggregate::new("count", Vec::new())),
                Op::Greater,
                Value::Number(5.0),
            ),
            "count():>5",
        ),
    ] {
        assert_eq!(print(&[Item::Filter(filter)], &issues()), expected);
    }
    let mut free = made(Key::name("message"), Op::Equal, text("level:error"));
    free.free_text = true;
    assert_eq!(print(&[Item::Filter(free)], &issues()), "\"level:error\"");
}

#[test]
fn a_value_can_be_written_so_that_it_is_found_literally() {
    for (value, written) in [
        ("chrome", "chrome"),
        ("Chrome 120", "\"Chrome 120\""),
        ("a*b", "a\\*b"),
        ("", "\"\""),
        (">5", "\">5\""),
        ("[x]", "\"[x]\""),
        ("say \"hi\"", "\"say \\\"hi\\\"\""),
        ("id:7", "id:7"),
        ("f(x)", "\"f(x)\""),
    ] {
        assert_eq!(literal_value(value).as_deref(), Some(written));
        let query = parse(&format!("k:{written}"), &plain(), NOW).unwrap();
        let [Item::Filter(filter)] = query.items.as_slice() else {
            panic!("{query:?}");
        };
        let found = filter.value.as_text().and_then(TextValue::literal);
        assert_eq!((filter.op, found.as_deref()), (Op::Equal, Some(value)));
    }
}

#[test]
fn bare_words_do_not_run_into_a_group() {
    let query = parse("x (\"\" (a))", &issues(), NOW).unwrap();
    let printed = print(&query.items, &issues());
    assert_eq!(printed, "x AND ((a))");
    assert_eq!(
        bare(&parse(&printed, &issues(), NOW).unwrap().tree()),
        bare(&query.tree())
    );
}

#[test]
fn some_values_cannot_be_written_literally() {
    for value in ["a\\*b", "two words\\"] {
        assert_eq!(literal_value(value), None, "{value}");
    }
    assert_eq!(literal_value("C:\\dir\\").as_deref(), Some("C:\\dir\\"));
}

#[test]
fn a_quote_that_is_open_stays_open() {
    // The alias is written in quotes, which must not close the one that was typed.
    let query = parse("\"abc dist:1", &issues(), NOW).unwrap();
    let printed = print(&query.items, &issues());
    assert_eq!(printed, "\"\\\"abc\" \"sentry:dist\":1");
    assert_eq!(seen(&printed, &issues()), seen("\"abc dist:1", &issues()));
    let query = parse("\"abc level:error", &issues(), NOW).unwrap();
    assert_eq!(print(&query.items, &issues()), "\"abc level:error");
}
