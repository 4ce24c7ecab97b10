//! Saved views.

use super::issues::number;
use crate::error::{CommandError, CommandResult};
use crate::state::AppState;
use picket_core::engine::find;
use picket_core::store::ViewStore;
use picket_core::view::{SavedView, ViewCount, count};
use picket_core::{Error, ErrorKind};
use tauri::State;

/// Views whose issues one call counts.
const MOST_COUNTED: usize = 50;

/// All saved views, in their order.
#[tauri::command]
#[specta::specta]
pub async fn views(state: State<'_, AppState>) -> CommandResult<Vec<SavedView>> {
    Ok(state.store().await?.saved_views().await?)
}

/// Saves a view: a new one where it has no id.
#[tauri::command]
#[specta::specta]
pub async fn view_save(state: State<'_, AppState>, view: SavedView) -> CommandResult<SavedView> {
    if view.name.trim().is_empty() {
        return Err(CommandError::new(
            ErrorKind::InvalidInput,
            "A view needs a name. Write one.",
        ));
    }
    let id = match view.id.as_str() {
        "" => None,
        id => Some(number(id, "view")?),
    };
    Ok(state.writable_store().await?.save_view(id, &view).await?)
}

/// Removes a view.
#[tauri::command]
#[specta::specta]
pub async fn view_delete(state: State<'_, AppState>, id: String) -> CommandResult<()> {
    let id = number(&id, "view")?;
    Ok(state.writable_store().await?.delete_view(id).await?)
}

/// Puts views into this order, and answers all of them.
#[tauri::command]
#[specta::specta]
pub async fn views_reorder(
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<Vec<SavedView>> {
    let ids = ids.iter().map(|id| number(id, "view"));
    let ids = ids.collect::<CommandResult<Vec<_>>>()?;
    let store = state.writable_store().await?;
    store.order_views(&ids).await?;
    Ok(store.saved_views().await?)
}

/// How many issues views hold.
#[tauri::command]
#[specta::specta]
pub async fn view_counts(
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<Vec<ViewCount>> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let mut counts = Vec::new();
    for view in store.saved_views().await? {
        if counts.len() == MOST_COUNTED || !ids.contains(&view.id) {
            continue;
        }
        let totals = find::totals(&*store, &view.query, asking.asker(), asking.now).await;
        let (total, unseen) = match totals {
            Ok((total, unseen)) => (Some(count(total)), unseen.map(count)),
            Err(find::FindError::Store(error)) => return Err(Error::from(error).into()),
            // Its text cannot be run any more.
            Err(_) => (None, None),
        };
        counts.push(ViewCount {
            id: view.id,
            total,
            unseen,
        });
    }
    Ok(counts)
}
