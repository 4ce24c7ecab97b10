//! Gives the items of a search text a meaning.

use super::ast::IssueFilter;
use super::lexer::{Item, Span, is_connective, items};
use super::problem::{Fix, Problem, ProblemCode, nearest};
use crate::model::{IssueStatus, Level};

/// What a search text may refer to.
#[derive(Debug, Clone, Copy)]
pub struct QueryContext<'a> {
    /// Slugs of the projects that exist.
    pub projects: &'a [String],
}

const KEYS: [&str; 3] = ["is", "level", "project"];

const STATUS_WORDS: [(&str, IssueStatus); 5] = [
    ("archived", IssueStatus::Ignored),
    ("ignored", IssueStatus::Ignored),
    ("muted", IssueStatus::Ignored),
    ("resolved", IssueStatus::Resolved),
    ("unresolved", IssueStatus::Unresolved),
];

/// Reads a search text. Terms side by side must all hold; an empty text matches everything.
///
/// # Errors
/// Every problem of the text, in order; the list is never empty.
pub fn parse(text: &str, context: QueryContext<'_>) -> Result<IssueFilter, Vec<Problem>> {
    let mut filters = Vec::new();
    let mut problems = Vec::new();
    for item in items(text) {
        match meaning(text, item, context) {
            Ok(filter) => filters.extend(filter),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(IssueFilter::All(filters))
    } else {
        Err(problems)
    }
}

/// What one item asks for; nothing for an empty quoted text.
fn meaning(
    text: &str,
    item: Item,
    context: QueryContext<'_>,
) -> Result<Option<IssueFilter>, Problem> {
    match item {
        Item::Text(span) => free_text(text, span).map(Some),
        Item::Quoted {
            span,
            closed: false,
        } => Err(unclosed_quote(span, text)),
        Item::Quoted { span, closed: true } => {
            let inner = unquote(span.of(text));
            Ok((!inner.is_empty()).then_some(IssueFilter::Text(inner)))
        }
        Item::Filter {
            negated,
            key,
            value,
            ..
        } => {
            let filter = match key.of(text) {
                "is" => status(text, value, item)?,
                "level" => levels(text, value, item)?,
                "project" => projects(text, value, item, context)?,
                unknown => return Err(unknown_key(text, unknown, key, item)),
            };
            Ok(Some(if negated.is_some() {
                IssueFilter::Not(Box::new(filter))
            } else {
                filter
            }))
        }
    }
}

fn free_text(text: &str, span: Span) -> Result<IssueFilter, Problem> {
    let word = span.of(text);
    if is_connective(word) {
        return Err(Problem {
            code: ProblemCode::BooleanNotAllowed,
            span,
            message: format!(
                "“{word}” cannot be used here: terms side by side must all hold. Quote it to search for it."
            ),
            fix: Some(Fix {
                span,
                replacement: format!("\"{word}\""),
            }),
        });
    }
    Ok(IssueFilter::Text(word.to_owned()))
}

fn status(text: &str, value: Span, item: Item) -> Result<IssueFilter, Problem> {
    if value.of(text).starts_with('[') {
        return Err(Problem {
            code: ProblemCode::IsInList,
            span: value,
            message: "`is:` takes one word. Write one `is:` for each.".to_owned(),
            fix: None,
        });
    }
    let word = single_value(text, value, item)?;
    STATUS_WORDS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|&(_, status)| IssueFilter::Status(status))
        .ok_or_else(|| {
            let words = STATUS_WORDS.map(|(word, _)| word);
            unknown_value(
                ProblemCode::IsUnknown,
                value,
                &word,
                "is not a status",
                &words,
            )
        })
}

fn levels(text: &str, value: Span, item: Item) -> Result<IssueFilter, Problem> {
    let words = Level::ALL.map(Level::as_str);
    values(text, value, item)?
        .into_iter()
        .map(|(span, word)| {
            Level::from_word(&word.to_lowercase()).ok_or_else(|| {
                unknown_value(
                    ProblemCode::UnknownLevel,
                    span,
                    &word,
                    "is not a level",
                    &words,
                )
            })
        })
        .collect::<Result<_, _>>()
        .map(IssueFilter::Level)
}

fn projects(
    text: &str,
    value: Span,
    item: Item,
    context: QueryContext<'_>,
) -> Result<IssueFilter, Problem> {
    let slugs: Vec<&str> = context.projects.iter().map(String::as_str).collect();
    values(text, value, item)?
        .into_iter()
        .map(|(span, word)| {
            let slug = word.to_lowercase();
            if slugs.contains(&slug.as_str()) {
                Ok(slug)
            } else {
                Err(unknown_value(
                    ProblemCode::UnknownProject,
                    span,
                    &word,
                    "is not a project of this store",
                    &slugs,
                ))
            }
        })
        .collect::<Result<_, _>>()
        .map(IssueFilter::Project)
}

/// The values of a filter with the place of each: one word, one quoted text, or a list of them.
fn values(text: &str, value: Span, item: Item) -> Result<Vec<(Span, String)>, Problem> {
    let raw = value.of(text);
    let Some(inner) = raw.strip_prefix('[').and_then(|raw| raw.strip_suffix(']')) else {
        return Ok(vec![(value, single_value(text, value, item)?)]);
    };
    let mut at = value.start + 1;
    inner
        .split(',')
        .map(|element| {
            let trimmed = element.trim();
            let start = at + (element.len() - element.trim_start().len());
            at += element.len() + 1;
            let span = Span {
                start,
                end: start + trimmed.len(),
            };
            if trimmed.is_empty() {
                return Err(Problem {
                    code: ProblemCode::ListEmptyValue,
                    span: value,
                    message: "A value of this list is missing. Remove the comma or add the value."
                        .to_owned(),
                    fix: None,
                });
            }
            Ok((span, unquote(trimmed)))
        })
        .collect()
}

fn single_value(text: &str, value: Span, item: Item) -> Result<String, Problem> {
    let raw = value.of(text);
    if raw.is_empty() {
        let name = item.span().of(text);
        return Err(Problem {
            code: ProblemCode::EmptyValue,
            span: item.span(),
            message: format!("`{name}` has no value. Write one after the colon."),
            fix: None,
        });
    }
    let quoted = raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"');
    if raw.contains('"') && !quoted {
        return Err(unclosed_quote(value, text));
    }
    Ok(unquote(raw))
}

fn unquote(raw: &str) -> String {
    let inner = raw
        .strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .unwrap_or(raw);
    inner.replace("\\\"", "\"")
}

fn unclosed_quote(span: Span, text: &str) -> Problem {
    Problem {
        code: ProblemCode::BadQuote,
        span,
        message: "A quote is open here. Close it, or write \\\" for the character itself."
            .to_owned(),
        fix: (span.end == text.len()).then(|| Fix {
            span: Span {
                start: span.end,
                end: span.end,
            },
            replacement: "\"".to_owned(),
        }),
    }
}

fn unknown_key(text: &str, key: &str, span: Span, item: Item) -> Problem {
    let fix = match nearest(key, KEYS) {
        Some(known) => Fix {
            span,
            replacement: known.to_owned(),
        },
        None => {
            let whole = item.span();
            Fix {
                span: whole,
                replacement: format!("\"{}\"", whole.of(text).replace('"', "\\\"")),
            }
        }
    };
    Problem {
        code: ProblemCode::KeyNotAllowed,
        span,
        message: format!(
            "`{key}` is not a field. Fields are {}; quote the term to search for its text.",
            KEYS.join(", ")
        ),
        fix: Some(fix),
    }
}

fn unknown_value(code: ProblemCode, span: Span, word: &str, what: &str, known: &[&str]) -> Problem {
    let list = match known {
        [] => "There is none yet".to_owned(),
        few if few.len() <= 12 => format!("Known: {}", few.join(", ")),
        many => format!(
            "Known: {} and {} more",
            many[..12].join(", "),
            many.len() - 12
        ),
    };
    Problem {
        code,
        span,
        message: format!("“{word}” {what}. {list}."),
        fix: nearest(word, known.iter().copied()).map(|known| Fix {
            span,
            replacement: known.to_owned(),
        }),
    }
}
