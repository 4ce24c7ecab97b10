//! The search text while it is being typed.

use crate::error::CommandResult;
use crate::state::AppState;
use picket_core::engine::{desk, find};
use picket_core::query::{Problem, SearchConfig, Span, TokenKind, tokens};
use picket_core::view::{Completion, Explain, IssueOrder};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

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
    /// Between name and value, or between terms.
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
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let problems = match find::window_plan(&*store, &text, asking.asker(), asking.now).await {
        Ok(_) => Vec::new(),
        Err(find::FindError::Query(problems)) => problems,
        Err(find::FindError::Refused(problem)) => vec![problem],
        Err(error) => return Err(picket_core::Error::from(error).into()),
    };
    let stretches = tokens(&text, &SearchConfig::issues()).into_iter();
    Ok(QueryCheck {
        problems: problems
            .into_iter()
            .map(|problem| QueryProblem::new(&text, problem))
            .collect(),
        tokens: stretches
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

/// What can stand at a caret.
#[tauri::command]
#[specta::specta]
pub async fn query_complete(
    state: State<'_, AppState>,
    text: String,
    caret: u32,
) -> CommandResult<Completion> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    Ok(desk::complete(&*store, &text, caret, asking.asker(), asking.now).await?)
}

/// How a search is answered. By the name it is given, the question can be withdrawn.
#[tauri::command]
#[specta::specta]
pub async fn query_explain(
    window: WebviewWindow,
    state: State<'_, AppState>,
    query: String,
    sort: IssueOrder,
    question: Option<String>,
) -> CommandResult<Explain> {
    // The order has no part in what is found.
    let _ = sort;
    let answer = async {
        let store = state.store().await?;
        let asking = state.asking(&store).await?;
        let explained = desk::explain(&*store, &query, asking.asker(), asking.now).await;
        Ok(explained.map_err(picket_core::Error::from)?)
    };
    state
        .questions
        .answer(window.label(), question, answer)
        .await
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
            TokenKind::Key | TokenKind::Negation => Self::Key,
            TokenKind::Operator | TokenKind::Connective | TokenKind::Parenthesis => Self::Operator,
            TokenKind::Value => Self::Value,
            TokenKind::Text | TokenKind::Rest => Self::Text,
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
