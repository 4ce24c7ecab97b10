//! Values of filters, read for a key.

use super::order;
use crate::query::{Filter, Fix, Problem, ProblemCode, TextValue, Value, nearest};
use crate::search::condition::{Condition, Order, TextTest};
use chrono::{DateTime, Utc};

/// A problem of a filter's value.
pub(super) fn problem(code: ProblemCode, filter: &Filter, message: impl Into<String>) -> Problem {
    let span = if filter.value_span.start == filter.value_span.end {
        filter.span
    } else {
        filter.value_span
    };
    let value = filter.value.as_text().map(|text| text.text.clone());
    let problem = Problem::new(code, span, message).with_key(filter.key.to_string());
    match value {
        Some(value) => problem.with_value(value),
        None => problem,
    }
}

/// A word that a key does not know, with those it does.
pub(super) fn unknown_word(
    code: ProblemCode,
    filter: &Filter,
    word: &str,
    known: &[&str],
) -> Problem {
    const SHOWN: usize = 12;
    let mut sorted = known.to_vec();
    sorted.sort_unstable();
    let list = match sorted.len() {
        0 => "There is none yet".to_owned(),
        count if count > SHOWN => {
            format!(
                "Known: {} and {} more",
                sorted[..SHOWN].join(", "),
                count - SHOWN
            )
        }
        _ => format!("Known: {}", sorted.join(", ")),
    };
    let message = format!("`{}` does not know “{word}”. {list}.", filter.key);
    // The place of one word of a list is not known.
    let alone = !matches!(filter.value, Value::List(_));
    let near = nearest(word, known.iter().copied()).filter(|_| alone);
    let fix = near.map(|known| Fix {
        span: filter.value_span,
        replacement: known.to_owned(),
    });
    problem(code, filter, message)
        .with_value(word)
        .with_fix(fix)
}

/// Refuses `>`, `>=`, `<` and `<=` for a key that knows no order.
pub(super) fn only_equality(filter: &Filter) -> Result<(), Problem> {
    if !filter.op.is_ordering() {
        return Ok(());
    }
    Err(problem(
        ProblemCode::OperatorNotValid,
        filter,
        format!(
            "`{}` knows no order, so `{}` cannot be used. Write the value alone, or a list in brackets.",
            filter.key,
            filter.op.as_str()
        ),
    ))
}

/// The values of a filter as words.
pub(super) fn words(filter: &Filter) -> Vec<String> {
    let each = filter.value.each().iter();
    each.map(|value| match value {
        Value::Text(text) => text.literal().unwrap_or_else(|| text.text.clone()),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => u8::from(*flag).to_string(),
        Value::Instant(instant) => instant.at.to_rfc3339(),
        Value::List(_) => String::new(),
    })
    .collect()
}

/// Whether the filter asks for the empty text: what `!has:key` is.
pub(super) fn asks_empty(filter: &Filter) -> bool {
    matches!(&filter.value, Value::Text(text) if text.text.is_empty())
}

/// What a text has to be.
pub(super) fn text_tests(filter: &Filter) -> Vec<TextTest> {
    let each = filter.value.each().iter();
    each.map(|value| match value {
        Value::Text(text) => text_test(text),
        other => TextTest::Is(plain(other)),
    })
    .collect()
}

pub(super) fn text_test(text: &TextValue) -> TextTest {
    match text.pattern() {
        Some(pattern) => TextTest::Like(pattern),
        None => TextTest::Is(text.literal().unwrap_or_else(|| text.text.clone())),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Instant(instant) => instant.at.to_rfc3339(),
        Value::Text(text) => text.text.clone(),
        Value::List(_) => String::new(),
    }
}

/// The comparisons with numbers a filter asks for, any of which may hold.
pub(super) fn numbers(filter: &Filter) -> Result<Vec<(Order, f64)>, Problem> {
    let order = order(filter.op);
    let each = filter.value.each().iter();
    each.map(|value| match value {
        Value::Number(number) => Ok((order, *number)),
        _ => Err(problem(
            ProblemCode::InvalidNumber,
            filter,
            format!("`{}` needs a number, such as 5, 1.5 or 2k.", filter.key),
        )),
    })
    .collect()
}

/// The whole numbers of a filter on ids. What no id can be is left out.
pub(super) fn ids(filter: &Filter) -> Result<Vec<i64>, Problem> {
    only_equality(filter)?;
    let numbers = numbers(filter)?.into_iter();
    Ok(numbers.filter_map(|(_, number)| whole(number)).collect())
}

/// A number without a fraction, exactly.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole and small enough to be exact"
    )]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// A comparison with a point in time.
pub(super) fn instant(filter: &Filter) -> Result<(Order, DateTime<Utc>), Problem> {
    match &filter.value {
        Value::Instant(instant) => Ok((order(filter.op), instant.at)),
        _ => Err(problem(
            ProblemCode::InvalidDate,
            filter,
            format!(
                "`{}` needs a date such as 2024-05-31, 2024-05-31T14:00:00Z, -24h (within the last day) or +7d (older than a week).",
                filter.key
            ),
        )),
    }
}

/// A truth value.
pub(super) fn flag(filter: &Filter) -> Option<bool> {
    match &filter.value {
        Value::Flag(flag) => Some(*flag),
        Value::Number(number) if *number == 1.0 => Some(true),
        Value::Number(number) if *number == 0.0 => Some(false),
        Value::Text(text) => match text.text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Any of these; one alone is itself.
pub(super) fn any(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let mut conditions: Vec<_> = conditions.into_iter().collect();
    match (conditions.len(), conditions.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            conditions.push(last);
            Condition::Any(conditions)
        }
        (_, None) => Condition::nothing(),
    }
}
