//! Issues and their occurrences.

use crate::error::{CommandError, CommandResult};
use crate::state::AppState;
use picket_core::engine::desk::Listed;
use picket_core::engine::find;
use picket_core::model::IssueId;
use picket_core::store::{QueryStore, ROWS_CAP};
use picket_core::view::{
    self, Count, IssueChanges, IssueColumn, IssueDetail, IssueExtras, IssueGrouping, IssueHead,
    IssueOrder, IssueRow, IssueSnapshot, OccurrenceDetail, OccurrencePosition, SimilarIssues,
};
use picket_core::{Error, ErrorKind};
use serde::Deserialize;
use specta::Type;
use tauri::{State, WebviewWindow};

/// Which snapshot a client holds.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct SnapshotMark {
    /// Its revision.
    pub revision: String,
    /// Its total.
    pub total: f64,
    /// The name of its list, where it has one.
    pub list: Option<String>,
}

/// Ids of all issues a query matches, in order; with a grouping, in groups. By the name it is given, the question can
/// be withdrawn.
#[tauri::command]
#[specta::specta]
pub async fn issue_snapshot(
    window: WebviewWindow,
    state: State<'_, AppState>,
    query: String,
    sort: IssueOrder,
    grouping: Option<IssueGrouping>,
    question: Option<String>,
) -> CommandResult<IssueSnapshot> {
    let answer = async {
        let store = state.store().await?;
        let asking = state.asking(&store).await?;
        let (asker, now) = (asking.asker(), asking.now);
        let snapshot = match grouping {
            None => find::snapshot(&*store, &query, sort, asker, now).await,
            Some(grouping) => {
                find::grouped_snapshot(&*store, &query, (grouping, sort), asker, now).await
            }
        };
        let mut snapshot = snapshot.map_err(Error::from)?;
        state.lists.keep(&store, &query, &mut snapshot);
        Ok(snapshot)
    };
    state
        .questions
        .answer(window.label(), question, answer)
        .await
}

/// The first ids of what [`issue_snapshot`] answers without groups; nothing where these would not be there much sooner. By
/// the name it is given, the question can be withdrawn.
#[tauri::command]
#[specta::specta]
pub async fn issue_head(
    window: WebviewWindow,
    state: State<'_, AppState>,
    query: String,
    sort: IssueOrder,
    question: Option<String>,
) -> CommandResult<Option<IssueHead>> {
    let answer = async {
        let store = state.store().await?;
        let asking = state.asking(&store).await?;
        let head = find::head(&*store, &query, sort, asking.asker(), asking.now).await;
        Ok(head.map_err(Error::from)?)
    };
    state
        .questions
        .answer(window.label(), question, answer)
        .await
}

/// How many issues a query matches. By the name it is given, the question can be withdrawn.
#[tauri::command]
#[specta::specta]
pub async fn issue_count(
    window: WebviewWindow,
    state: State<'_, AppState>,
    query: String,
    question: Option<String>,
) -> CommandResult<Count> {
    let answer = async {
        let store = state.store().await?;
        let asking = state.asking(&store).await?;
        let total = find::total(&*store, &query, asking.asker(), asking.now).await;
        Ok(view::count(total.map_err(Error::from)?))
    };
    state
        .questions
        .answer(window.label(), question, answer)
        .await
}

/// Withdraws a question. Where it was answered meanwhile, nothing happens.
#[tauri::command]
#[specta::specta]
#[allow(
    clippy::needless_pass_by_value,
    reason = "commands are handed the state"
)]
pub fn question_withdraw(state: State<'_, AppState>, question: String) {
    state.questions.withdraw(question);
}

/// Occurrences per hour of groups of a list, as rows show them of an issue, in the order of the keys.
#[tauri::command]
#[specta::specta]
pub async fn group_trends(
    state: State<'_, AppState>,
    query: String,
    grouping: IssueGrouping,
    keys: Vec<Option<String>>,
) -> CommandResult<Vec<Vec<Count>>> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let (asker, now) = (asking.asker(), asking.now);
    let trends = find::group_trends(&*store, &query, (grouping, &keys), asker, now).await;
    Ok(trends.map_err(Error::from)?)
}

/// What has changed for a query since a snapshot: by issue, as long as its list is kept. By the name it is given, the
/// question can be withdrawn.
#[tauri::command]
#[specta::specta]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count that the store gave out"
)]
pub async fn issue_changes(
    window: WebviewWindow,
    state: State<'_, AppState>,
    query: String,
    snapshot: SnapshotMark,
    question: Option<String>,
) -> CommandResult<IssueChanges> {
    let answer = async {
        let store = state.store().await?;
        let asking = state.asking(&store).await?;
        let revision = number(&snapshot.revision, "revision")?;
        let name = snapshot.list.as_deref();
        let list = name.and_then(|name| state.lists.held(&store, &query, name));
        let ids = list.as_deref().and_then(Listed::whole);
        let held = (revision, snapshot.total.max(0.0) as u64, ids);
        let changes = find::changes(&*store, &query, held, asking.asker(), asking.now).await;
        Ok(changes.map_err(Error::from)?)
    };
    state
        .questions
        .answer(window.label(), question, answer)
        .await
}

/// Rows for some ids, in their order.
#[tauri::command]
#[specta::specta]
pub async fn issue_rows(
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<Vec<IssueRow>> {
    let ids = ids
        .iter()
        .map(|id| issue_id(id))
        .collect::<Result<Vec<_>, _>>()?;
    let ids = ids.get(..ROWS_CAP).unwrap_or(&ids);
    let store = state.store().await?;
    let (me, now) = state.acting()?;
    let rows = find::rows(&*store, ids, me, now).await;
    Ok(rows.map_err(Error::from)?)
}

/// What the columns of a list show of some of its issues beside their rows, in their order. `query`, `sort`: those of the
/// list.
#[tauri::command]
#[specta::specta]
pub async fn issue_extras(
    state: State<'_, AppState>,
    ids: Vec<String>,
    query: String,
    sort: IssueOrder,
    columns: Vec<IssueColumn>,
) -> CommandResult<Vec<IssueExtras>> {
    let ids = ids
        .iter()
        .map(|id| issue_id(id))
        .collect::<Result<Vec<_>, _>>()?;
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let shown = find::Shown {
        query: &query,
        order: sort,
        columns: &columns,
    };
    let extras = find::extras(&*store, &ids, shown, asking.asker(), asking.now).await;
    Ok(extras.map_err(Error::from)?)
}

/// The head of an issue.
#[tauri::command]
#[specta::specta]
pub async fn issue_detail(state: State<'_, AppState>, id: String) -> CommandResult<IssueDetail> {
    let id = issue_id(&id)?;
    let store = state.store().await?;
    let (me, now) = state.acting()?;
    let detail = find::detail(&*store, id, me, now).await;
    detail.map_err(Error::from)?.ok_or_else(|| {
        CommandError::new(ErrorKind::NotFound, "This issue is no longer in the store.")
    })
}

/// One occurrence of an issue.
#[tauri::command]
#[specta::specta]
pub async fn occurrence_detail(
    state: State<'_, AppState>,
    issue_id: String,
    position: OccurrencePosition,
) -> CommandResult<OccurrenceDetail> {
    let issue = self::issue_id(&issue_id)?;
    let occurrence = state.store().await?.occurrence(issue, &position).await?;
    occurrence.ok_or_else(|| {
        CommandError::new(ErrorKind::NotFound, "This occurrence is not in the store.")
    })
}

/// Issues that could be merged with this one, the one most like it first.
#[tauri::command]
#[specta::specta]
pub async fn issue_similar(
    state: State<'_, AppState>,
    id: String,
    limit: u32,
) -> CommandResult<SimilarIssues> {
    let id = issue_id(&id)?;
    let store = state.store().await?;
    let (me, now) = state.acting()?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = find::similar(&*store, id, most, me, now).await;
    let missing =
        || CommandError::new(ErrorKind::NotFound, "This issue is no longer in the store.");
    found.map_err(Error::from)?.ok_or_else(missing)
}

fn issue_id(text: &str) -> CommandResult<IssueId> {
    number(text, "issue id").map(IssueId)
}

/// A 64-bit number, which crosses the bridge as text.
pub(super) fn number(text: &str, what: &str) -> CommandResult<i64> {
    text.parse()
        .map_err(|_| CommandError::new(ErrorKind::InvalidInput, format!("“{text}” is no {what}.")))
}
