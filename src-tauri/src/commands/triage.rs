//! What people do to issues, and what happened to them.

use super::issues::number;
use crate::error::{CommandError, CommandResult};
use crate::events;
use crate::state::AppState;
use picket_core::ErrorKind;
use picket_core::engine::change_issues;
use picket_core::model::{IssueId, ProjectId};
use picket_core::store::{QueryStore, TriageStore};
use picket_core::triage::Cause;
use picket_core::view::{Activity, ChangeReport, IssueChange, People};
use tauri::{AppHandle, State};

/// The most activities one call answers.
const MOST_ACTIVITIES: u32 = 500;

/// Changes issues.
#[tauri::command]
#[specta::specta]
pub async fn issue_change(
    app: AppHandle,
    state: State<'_, AppState>,
    ids: Vec<String>,
    change: IssueChange,
) -> CommandResult<ChangeReport> {
    let store = state.writable_store().await?;
    let ids = ids.iter().map(|id| number(id, "issue id").map(IssueId));
    let ids = ids.collect::<CommandResult<Vec<_>>>()?;
    let change = change
        .try_into()
        .map_err(|problem: String| CommandError::new(ErrorKind::InvalidInput, problem))?;
    let directory = store.directory().await?;
    let cause = Cause {
        now: state.clock.now(),
        actor: directory.users.first().map(|user| user.id),
    };
    let changed = change_issues(&*store, &ids, &change, &directory, cause).await?;
    events::store_changed(&app, changed.revision);
    Ok(ChangeReport::from(changed))
}

/// What happened to an issue, newest first.
#[tauri::command]
#[specta::specta]
pub async fn issue_activities(
    state: State<'_, AppState>,
    id: String,
    limit: u32,
) -> CommandResult<Vec<Activity>> {
    let id = IssueId(number(&id, "issue id")?);
    let limit = limit.min(MOST_ACTIVITIES);
    Ok(state.store().await?.activities(id, limit).await?)
}

/// Whom issues can be handed to.
#[tauri::command]
#[specta::specta]
pub async fn people(state: State<'_, AppState>) -> CommandResult<People> {
    Ok(People::from(state.store().await?.directory().await?))
}

/// Releases of a project, newest first.
#[tauri::command]
#[specta::specta]
pub async fn project_releases(
    state: State<'_, AppState>,
    project: String,
) -> CommandResult<Vec<String>> {
    let project = ProjectId(number(&project, "project id")?);
    Ok(state.store().await?.project_releases(project).await?)
}
