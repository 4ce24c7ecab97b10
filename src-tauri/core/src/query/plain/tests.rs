use super::ast::IssueFilter::{All, Level as IsLevel, Not, Project, Status, Text};
use super::*;
use crate::model::{IssueStatus, Level};
use proptest::prelude::*;

fn context(projects: &[String]) -> QueryContext<'_> {
    QueryContext { projects }
}

fn parsed(text: &str) -> Result<ast::IssueFilter, Vec<Problem>> {
    parse(
        text,
        context(&["shop".to_owned(), "checkout-api".to_owned()]),
    )
}

fn problem(text: &str) -> Problem {
    let mut problems = parsed(text).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn an_empty_text_matches_everything() {
    for text in ["", "   ", "\"\""] {
        assert_eq!(parsed(text), Ok(All(vec![])));
    }
}

#[test]
fn terms_side_by_side_must_all_hold() {
    let filter = parsed("is:unresolved level:error payment timeout !project:shop \"a b\"").unwrap();
    assert_eq!(
        filter,
        All(vec![
            Status(IssueStatus::Unresolved),
            IsLevel(vec![Level::Error]),
            Text("payment timeout".to_owned()),
            Not(Box::new(Project(vec!["shop".to_owned()]))),
            Text("a b".to_owned()),
        ])
    );
}

#[test]
fn archived_is_another_word_for_ignored() {
    for word in ["archived", "ignored", "muted"] {
        assert_eq!(
            parsed(&format!("is:{word}")),
            Ok(All(vec![Status(IssueStatus::Ignored)]))
        );
    }
}

#[test]
fn a_list_means_any_of() {
    assert_eq!(
        parsed("level:[error, \"fatal\"]"),
        Ok(All(vec![IsLevel(vec![Level::Error, Level::Fatal])]))
    );
}

#[test]
fn projects_are_found_in_any_case() {
    assert_eq!(
        parsed("project:Checkout-API"),
        Ok(All(vec![Project(vec!["checkout-api".to_owned()])]))
    );
}

#[test]
fn a_wrong_value_is_named_at_its_place_with_the_nearest_one() {
    let text = "is:unresolved level:eror";
    let problem = problem(text);
    assert_eq!(problem.code, ProblemCode::UnknownLevel);
    assert_eq!(problem.span.of(text), "eror");
    assert_eq!(
        problem.fix.map(|fix| fix.replacement).as_deref(),
        Some("error")
    );
}

#[test]
fn every_problem_has_its_code_and_place() {
    for (text, code, place) in [
        ("is:open", ProblemCode::IsUnknown, "open"),
        ("is:[resolved]", ProblemCode::IsInList, "[resolved]"),
        ("level:", ProblemCode::EmptyValue, "level:"),
        ("level:[error,]", ProblemCode::ListEmptyValue, "[error,]"),
        ("project:nowhere", ProblemCode::UnknownProject, "nowhere"),
        ("browser:firefox", ProblemCode::KeyNotAllowed, "browser"),
        ("\"open", ProblemCode::BadQuote, "\"open"),
        ("level:err\"or", ProblemCode::BadQuote, "err\"or"),
        (
            "level:error OR level:fatal",
            ProblemCode::BooleanNotAllowed,
            "OR",
        ),
    ] {
        let problem = problem(text);
        assert_eq!(
            (problem.code, problem.span.of(text)),
            (code, place),
            "{text}"
        );
        assert!(problem.message.ends_with('.'), "{}", problem.message);
    }
}

#[test]
fn all_problems_are_reported_in_order() {
    let codes: Vec<_> = parsed("level:x is:y text")
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, [ProblemCode::UnknownLevel, ProblemCode::IsUnknown]);
}

#[test]
fn a_fix_makes_the_text_valid() {
    for text in [
        "level:eror",
        "is:unresolvd",
        "lvel:error",
        "browser:firefox",
        "\"open",
        "a AND b",
    ] {
        let fix = problem(text).fix.expect(text);
        let mut fixed = text.to_owned();
        fixed.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        assert!(parsed(&fixed).is_ok(), "{text} became {fixed}");
    }
}

#[test]
fn tokens_colour_keys_values_and_text() {
    let text = "!level:error some \"quoted text\"";
    let kinds: Vec<_> = tokenize(text)
        .into_iter()
        .map(|token| (token.kind, token.span.of(text)))
        .collect();
    assert_eq!(
        kinds,
        [
            (TokenKind::Key, "!level"),
            (TokenKind::Operator, ":"),
            (TokenKind::Value, "error"),
            (TokenKind::Text, "some"),
            (TokenKind::Quoted, "\"quoted text\""),
        ]
    );
}

proptest! {
    #[test]
    fn no_text_panics_and_every_position_lies_inside_it(text in r#"([a-z:!\[\]", \\é]|is:|level:|"|OR ){0,40}"#) {
        for token in tokenize(&text) {
            prop_assert!(token.span.start < token.span.end && token.span.end <= text.len());
            prop_assert!(text.get(token.span.start..token.span.end).is_some());
        }
        if let Err(problems) = parsed(&text) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(text.get(problem.span.start..problem.span.end).is_some());
                if let Some(fix) = problem.fix {
                    prop_assert!(text.get(fix.span.start..fix.span.end).is_some());
                }
            }
        }
    }
}
