//! The rules of the inbox (search spec, section 9, steps 4 to 6 and 9).

use super::error::FindError;
use crate::query::{Filter, Node, Op, Problem, ProblemCode, Value};
use crate::search::{Condition, IssueTest};

/// What a search for the inbox may ask for.
const KEYS: [&str; 4] = ["date", "status", "for_review", "assigned_or_suggested"];

/// Checks a search for the inbox, and answers what is left to ask of its issues.
pub(super) fn condition(tree: &Node, converted: &Condition) -> Result<Condition, FindError> {
    let offending: Vec<String> = tree.terms().iter().filter_map(offending).collect();
    if !offending.is_empty() {
        return Err(refuse(
            ProblemCode::InboxTerms,
            format!(
                "The inbox can be searched by date, status, for_review and assigned_or_suggested only, without OR, NOT \
                 and groups. Remove {}, or choose another order.",
                offending.join(", ")
            ),
        ));
    }
    if !tree.top_filters().any(is_for_review) {
        return Err(refuse(
            ProblemCode::InboxOnly,
            "The inbox lists issues for review. Add is:for_review, or choose another order.",
        ));
    }
    let mut statuses = tree
        .top_filters()
        .filter(|filter| filter.key.is("status"))
        .peekable();
    if statuses.peek().is_none() || !statuses.all(is_unresolved) {
        return Err(refuse(
            ProblemCode::InboxStatus,
            "The inbox lists unresolved issues. Ask for is:unresolved and no other status, or choose another order.",
        ));
    }
    // The opposite is accepted and means nothing here.
    let suggested = converted
        .terms()
        .iter()
        .filter(|term| matches!(term, Condition::Issue(IssueTest::Suggested(_))));
    Ok(Condition::All(suggested.cloned().collect()))
}

fn refuse(code: ProblemCode, message: impl Into<String>) -> FindError {
    FindError::Refused(Problem::of_request(code, message))
}

fn offending(term: &Node) -> Option<String> {
    match term {
        Node::Filter(filter) if KEYS.iter().any(|key| filter.key.is(key)) => None,
        Node::Filter(filter) => Some(format!("`{}`", filter.key)),
        Node::Any(_) => Some("OR".to_owned()),
        Node::Not(_) => Some("NOT".to_owned()),
        Node::All(_) => Some("the group".to_owned()),
    }
}

fn is_for_review(filter: &Filter) -> bool {
    filter.key.is("for_review")
        && !filter.op.is_negative()
        && filter.value.each().iter().any(is_true)
}

/// True, also where it was typed.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Flag(flag) => *flag,
        Value::Text(text) => text.text == "1" || text.text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn is_unresolved(filter: &Filter) -> bool {
    let is_word = |value: &Value| match value {
        Value::Number(number) => *number == 0.0,
        Value::Text(text) => text.text == "unresolved" || text.text == "0",
        _ => false,
    };
    matches!(filter.op, Op::Equal | Op::In)
        && filter.value.each().len() == 1
        && filter.value.each().iter().all(is_word)
}
