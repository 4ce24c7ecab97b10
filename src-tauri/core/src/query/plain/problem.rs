//! What is wrong with a search text, where, and how to put it right.

use super::lexer::Span;
use serde::Serialize;

/// Stable codes of the problems a search text can have (search spec, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A quote is missing or stands inside a value.
    BadQuote,
    /// Nothing stands after the colon.
    EmptyValue,
    /// A list has an empty element.
    ListEmptyValue,
    /// The key cannot be searched.
    KeyNotAllowed,
    /// `is:` does not know the word.
    IsUnknown,
    /// `is:` takes one word, not a list.
    IsInList,
    /// The level does not exist.
    UnknownLevel,
    /// The project does not exist.
    UnknownProject,
    /// AND, OR, NOT and parentheses cannot be used here.
    BooleanNotAllowed,
}

impl ProblemCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadQuote => "bad_quote",
            Self::EmptyValue => "empty_value",
            Self::ListEmptyValue => "list_empty_value",
            Self::KeyNotAllowed => "key_not_allowed",
            Self::IsUnknown => "is_unknown",
            Self::IsInList => "is_in_list",
            Self::UnknownLevel => "unknown_level",
            Self::UnknownProject => "unknown_project",
            Self::BooleanNotAllowed => "boolean_not_allowed",
        }
    }
}

/// A replacement that solves a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One problem of a search text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Stable code.
    pub code: ProblemCode,
    /// Where it is.
    pub span: Span,
    /// Cause and next step, for a person.
    pub message: String,
    /// How to put it right, where that is clear.
    pub fix: Option<Fix>,
}

/// The candidate nearest to `word`, if it is near enough to be meant.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = 1 + word.chars().count() / 4;
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words. Words are short, so the plain table will do; a very long word is near to nothing.
fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
