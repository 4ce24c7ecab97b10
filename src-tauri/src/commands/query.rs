//! The search text while it is being typed.

use crate::error::{CommandError, CommandResult};
use crate::state::AppState;
use picket_core::ErrorKind;
use picket_core::query::ast::IssueFilter;
use picket_core::query::plain::{Problem, QueryContext, Span, TokenKind, parse, tokenize};
use picket_core::store::{QueryStore, Store};
use serde::Serialize;
use specta::Type;
use tauri::State;

/// What an editor shows of a search text. Positions count UTF-16 code units, as web views do.
#[derive(Debug, Clone, Serialize, Type)]
pub struct QueryCheck {
    /// Problems in order of their position; none when the text can be run.
    pub problems: Vec<QueryProblem>,
    /// Stretches to colour.
    pub tokens: Vec<QueryToken>,
}

/// One problem.
#[derive(Debug, Clone, Serialize, Type)]
pub struct QueryProblem {
    /// Stable code.
    pub code: String,
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Cause and next step.
    pub message: String,
    /// What would put it right.
    pub fix: Option<QueryFix>,
}

/// A replacement.
#[derive(Debug, Clone, Serialize, Type)]
pub struct QueryFix {
    /// What the button says.
    pub label: String,
    /// What to put there.
    pub replacement: String,
    /// Where the replaced text begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// A coloured stretch.
#[derive(Debug, Clone, Serialize, Type)]
pub struct QueryToken {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What it is.
    pub kind: QueryTokenKind,
}

/// What a stretch of a search text is.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum QueryTokenKind {
    /// Name of a field.
    Key,
    /// Between name and value.
    Operator,
    /// Value of a field.
    Value,
    /// Free text.
    Text,
    /// Free text in quotes.
    Quoted,
}

/// Checks a search text without running it.
#[tauri::command]
#[specta::specta]
pub async fn query_check(state: State<'_, AppState>, text: String) -> CommandResult<QueryCheck> {
    let projects = project_slugs(&*state.store().await?).await?;
    let problems = parse(
        &text,
        QueryContext {
            projects: &projects,
        },
    )
    .err()
    .unwrap_or_default();
    Ok(QueryCheck {
        problems: problems
            .into_iter()
            .map(|problem| QueryProblem::new(&text, problem))
            .collect(),
        tokens: tokenize(&text)
            .into_iter()
            .map(|token| {
                let (start, end) = utf16(&text, token.span);
                QueryToken {
                    start,
                    end,
                    kind: token.kind.into(),
                }
            })
            .collect(),
    })
}

/// Reads a search text to run it.
pub(super) async fn read_query(store: &Store, text: &str) -> CommandResult<IssueFilter> {
    let projects = project_slugs(store).await?;
    parse(
        text,
        QueryContext {
            projects: &projects,
        },
    )
    .map_err(|problems| {
        let words = problems
            .first()
            .map_or_else(String::new, ToString::to_string);
        CommandError::new(ErrorKind::InvalidQuery, words)
    })
}

async fn project_slugs(store: &Store) -> CommandResult<Vec<String>> {
    Ok(store
        .projects()
        .await?
        .into_iter()
        .map(|project| project.slug)
        .collect())
}

impl QueryProblem {
    fn new(text: &str, problem: Problem) -> Self {
        let (start, end) = utf16(text, problem.span);
        let fix = problem.fix.map(|fix| {
            let (start, end) = utf16(text, fix.span);
            QueryFix {
                label: fix.replacement.clone(),
                replacement: fix.replacement,
                start,
                end,
            }
        });
        Self {
            code: problem.code.as_str().to_owned(),
            start,
            end,
            message: problem.message,
            fix,
        }
    }
}

impl From<TokenKind> for QueryTokenKind {
    fn from(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Key => Self::Key,
            TokenKind::Operator => Self::Operator,
            TokenKind::Value => Self::Value,
            TokenKind::Text => Self::Text,
            TokenKind::Quoted => Self::Quoted,
        }
    }
}

/// A span of bytes in UTF-16 code units.
fn utf16(text: &str, span: Span) -> (u32, u32) {
    let units = |byte: usize| {
        let units = text.get(..byte).unwrap_or(text).encode_utf16().count();
        u32::try_from(units).unwrap_or(u32::MAX)
    };
    (units(span.start), units(span.end))
}
