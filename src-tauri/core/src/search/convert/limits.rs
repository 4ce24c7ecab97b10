//! How much a search may ask. Whatever is asked within these bounds is answered, by both stores.

use super::values;
use crate::query::{Filter, Key, Node, Problem, ProblemCode, TextValue, Value};

/// Characters of a value.
pub(super) const LONGEST_VALUE: usize = 4_096;
/// Wildcards of a value.
pub(super) const MOST_STARS: usize = 64;
/// Conditions of a search. Values of a list that are looked for at once are one condition.
pub(super) const MOST_CONDITIONS: usize = 500;

/// Refuses what asks too much; the first in the order typed.
pub(super) fn check(tree: &Node) -> Result<(), Problem> {
    let mut conditions = 0;
    for filter in tree.filters() {
        for text in filter.value.each().iter().filter_map(Value::as_text) {
            check_text(filter, text)?;
        }
        conditions += conditions_of(filter);
        if conditions > MOST_CONDITIONS {
            return Err(values::problem(
                ProblemCode::BadRequest,
                filter,
                format!(
                    "A search has at most {MOST_CONDITIONS} conditions, and here they become more. Remove terms, or search in parts."
                ),
            ));
        }
    }
    Ok(())
}

fn check_text(filter: &Filter, text: &TextValue) -> Result<(), Problem> {
    let refuse = |message: String| Err(values::problem(ProblemCode::BadRequest, filter, message));
    let length = text.text.chars().count();
    if length > LONGEST_VALUE {
        return refuse(format!(
            "A value has at most {LONGEST_VALUE} characters; one of `{}` has {length}. Shorten it.",
            filter.key
        ));
    }
    let stars = text.pattern().map_or(0, |pattern| pattern.pieces.len() - 1);
    if stars > MOST_STARS {
        return refuse(format!(
            "A value has at most {MOST_STARS} wildcards; one of `{}` has {stars}. Leave some out, or write \\* for a star.",
            filter.key
        ));
    }
    Ok(())
}

/// As many as are evaluated one after the other.
fn conditions_of(filter: &Filter) -> usize {
    let values = filter.value.each();
    let is_apart = |value: &Value| match value {
        Value::Text(text) => text.is_pattern() || filter.key.is("message"),
        Value::Number(_) => !matches!(
            &filter.key,
            Key::Name(name) if matches!(name.as_str(), "issue.id" | "project.id" | "project_id")
        ),
        _ => false,
    };
    values.iter().filter(|value| is_apart(value)).count().max(1)
}
