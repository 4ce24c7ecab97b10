//! The codes of section 4, and the stretches of a text.

use super::{issues, plain, problems};
use crate::query::{Problem, ProblemCode, TokenKind, tokens};

#[test]
fn a_code_is_written_as_it_is_published() {
    for code in ProblemCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
    let mut words = ProblemCode::ALL.map(ProblemCode::as_str).to_vec();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), ProblemCode::ALL.len());
}

#[test]
fn a_problem_names_key_value_and_column() {
    let text = "größe a:1 times_seen:many";
    let problem = problems(text, &issues()).remove(0);
    assert_eq!(problem.key.as_deref(), Some("times_seen"));
    assert_eq!(problem.value.as_deref(), Some("many"));
    assert_eq!(problem.span.of(text), "many");
    assert_eq!(problem.column(text), 22);
    for word in ["times_seen", "many", "500"] {
        assert!(problem.message.contains(word), "{}", problem.message);
    }
    let date = problems("age:someday", &issues()).remove(0);
    for word in ["age", "someday", "2024-05-31", "-24h"] {
        assert!(date.message.contains(word), "{}", date.message);
    }
    let left = problems("ä:1 )", &plain()).remove(0);
    assert!(left.message.contains("column 5"), "{}", left.message);
    let whole = Problem::of_request(ProblemCode::SortUnknown, "There is no such order.");
    assert_eq!(
        (whole.to_string().as_str(), whole.span.start),
        ("There is no such order.", 0)
    );
}

#[test]
fn every_problem_of_a_text_has_its_place() {
    for (text, code, place) in [
        ("a (b:1", "parse_error", "("),
        ("a b) c", "parse_error", ")"),
        ("a:1\nb", "parse_error", "\nb"),
        ("x url:te\"st", "bad_quote", "te\"st"),
        ("x url:\"st", "bad_quote", "\"st"),
        ("x !url:", "empty_value", "!url:"),
        ("x a:[1,] y", "list_empty_value", "[1,]"),
        ("x f(a,):1 y", "list_empty_value", "f(a,)"),
        ("x age:>many y", "invalid_date", ">many"),
        ("x age:2020-02-31 y", "invalid_date", "2020-02-31"),
        ("x stack.in_app:maybe y", "invalid_boolean", "maybe"),
        ("x times_seen:=many y", "invalid_number", "=many"),
        ("x times_seen:>5s y", "number_suffix", "5s"),
        (
            "x p95():>1000000000d y",
            "duration_too_large",
            "1000000000d",
        ),
        ("x has:*y z", "has_needs_key", "*y"),
        ("x has: z", "has_needs_key", "has:"),
        ("x is:[new] y", "is_in_list", "[new]"),
        ("x is:unresolvd y", "is_unknown", "unresolvd"),
        ("or x:1", "operator_left", "or"),
        ("x:1 NOT", "operator_right", "NOT"),
        ("x:1 or and y:1", "operator_middle", "and"),
    ] {
        let found = problems(text, &issues()).remove(0);
        assert_eq!(
            (found.code.as_str(), found.span.of(text)),
            (code, place),
            "{text}"
        );
        assert!(found.message.ends_with('.'), "{}", found.message);
    }
    let found = problems("x is:new", &plain()).remove(0);
    assert_eq!(
        (found.code.as_str(), found.span.start),
        ("is_unsupported", 2)
    );
}

fn coloured(text: &str) -> Vec<(TokenKind, &str)> {
    tokens(text, &issues())
        .into_iter()
        .map(|token| (token.kind, token.span.of(text)))
        .collect()
}

#[test]
fn a_text_is_coloured_in_stretches() {
    use TokenKind::{Connective, Key, Negation, Operator, Parenthesis, Quoted, Rest, Text, Value};
    assert_eq!(
        coloured("!level:error  (some text OR tags[a]:>=5) NOT \"x\" has:b age:\n"),
        [
            (Negation, "!"),
            (Key, "level"),
            (Operator, ":"),
            (Value, "error"),
            (Parenthesis, "("),
            (Text, "some text"),
            (Connective, "OR"),
            (Key, "tags[a]"),
            (Operator, ":>="),
            (Value, "5"),
            (Parenthesis, ")"),
            (Connective, "NOT"),
            (Quoted, "\"x\""),
            (Key, "has"),
            (Operator, ":"),
            (Key, "b"),
            (Key, "age"),
            (Operator, ":"),
            (Rest, "\n"),
        ]
    );
}
