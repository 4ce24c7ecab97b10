//! What people do to issues, and what happened to them.

use super::issues::number;
use crate::error::CommandResult;
use crate::state::AppState;
use picket_core::model::IssueId;
use picket_core::store::{QueryStore, TriageStore};
use picket_core::view::{Activity, People};
use tauri::State;

/// The most activities one call answers.
const MOST_ACTIVITIES: u32 = 500;

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
    let directory = state.store().await?.directory().await?;
    let (me, _) = state.acting()?;
    Ok(People::of(&directory, me))
}

/// Releases of a project, newest first. `project` is its slug.
#[tauri::command]
#[specta::specta]
pub async fn project_releases(
    state: State<'_, AppState>,
    project: String,
) -> CommandResult<Vec<String>> {
    let store = state.store().await?;
    let projects = store.projects().await?.into_iter();
    let Some(named) = projects.into_iter().find(|named| named.slug == project) else {
        return Ok(Vec::new());
    };
    Ok(store.project_releases(named.id).await?)
}
