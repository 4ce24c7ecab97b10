//! Checks that the words between items join something (search spec, section 6.1).

use super::parser::{Part, What};
use super::problem::{Fix, Problem, ProblemCode};
use super::span::Span;
use super::syntax::Connective;

/// Adds what is wrong with the words of a text or of a group, whose items lie within `inner`. Groups are checked when
/// they are reached.
pub(super) fn check(parts: &[Part], inner: Span, problems: &mut Vec<Problem>) {
    let mut before: Option<Connective> = None;
    for (place, part) in parts.iter().enumerate() {
        before = match &part.what {
            What::Connective(Connective::Not) => Some(Connective::Not),
            What::Connective(word) => {
                if place == 0 {
                    problems.push(left(parts, *word));
                } else if let Some(before) = before {
                    problems.push(middle(&parts[place - 1..], before, *word));
                }
                Some(*word)
            }
            What::Group(parts) => {
                let inner = Span::new(part.span.start + 1, part.span.end - 1);
                check(parts, inner, problems);
                None
            }
            What::Operand(_) => None,
        };
    }
    if let Some(word) = before {
        problems.push(right(parts, word, inner.end));
    }
}

/// AND or OR comes first. All that come first have to go, or the next would.
fn left(parts: &[Part], word: Connective) -> Problem {
    let span = parts[0].span;
    let run = parts.iter().take_while(|part| joins(part)).count();
    let end = parts
        .get(run)
        .map_or(parts[run - 1].span.end, |next| next.span.start);
    Problem::new(
        ProblemCode::OperatorLeft,
        span,
        format!(
            "`{}` has nothing before it. Write a term before it, or remove it.",
            word.as_str()
        ),
    )
    .with_value(word.as_str())
    .with_fix(Fix::new(Span::new(span.start, end), ""))
}

/// AND or OR follows another word, which is the first of `parts`.
fn middle(parts: &[Part], before: Connective, word: Connective) -> Problem {
    let run = parts[1..].iter().take_while(|part| joins(part)).count();
    Problem::new(
        ProblemCode::OperatorMiddle,
        parts[1].span,
        format!(
            "Between `{}` and `{}` a term is missing. Write it, or remove one of the two words.",
            before.as_str(),
            word.as_str()
        ),
    )
    .with_value(word.as_str())
    .with_fix(Fix::new(
        Span::new(parts[0].span.end, parts[run].span.end),
        "",
    ))
}

/// A word comes last.
fn right(parts: &[Part], word: Connective, inner_end: usize) -> Problem {
    let run = parts.iter().rev().take_while(|part| is_word(part)).count();
    let (terms, words) = parts.split_at(parts.len() - run);
    let start = terms
        .last()
        .map_or(words[0].span.start, |term| term.span.end);
    Problem::new(
        ProblemCode::OperatorRight,
        words[run - 1].span,
        format!(
            "`{}` needs something after it. Write a term after it, or remove it.",
            word.as_str()
        ),
    )
    .with_value(word.as_str())
    .with_fix(Fix::new(Span::new(start, inner_end), ""))
}

fn is_word(part: &Part) -> bool {
    matches!(part.what, What::Connective(_))
}

/// Whether it is AND or OR.
fn joins(part: &Part) -> bool {
    matches!(part.what, What::Connective(word) if word != Connective::Not)
}
