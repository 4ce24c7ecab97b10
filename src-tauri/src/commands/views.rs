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
    let store = state.writable_store().await?;
    if is_taken(&view, &store.saved_views().await?) {
        return Err(CommandError::new(
            ErrorKind::InvalidInput,
            format!(
                "There is a view “{}” already. Choose another name.",
                view.name.trim()
            ),
        ));
    }
    Ok(store.save_view(id, &view).await?)
}

/// Whether another view has the name that this one is given. One that has had it before may keep it: two views of an
/// older program can have the same.
fn is_taken(view: &SavedView, views: &[SavedView]) -> bool {
    let named: Vec<&SavedView> = views
        .iter()
        .filter(|known| known.name == view.name.trim())
        .collect();
    !named.is_empty() && named.iter().all(|known| known.id != view.id)
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

#[cfg(test)]
mod tests {
    use super::*;
    use picket_core::view::IssueOrder;

    fn named(id: &str, name: &str) -> SavedView {
        SavedView {
            id: id.to_owned(),
            name: name.to_owned(),
            query: String::new(),
            sort: IssueOrder::default(),
            grouping: None,
            columns: None,
            density: None,
            follow: false,
            icon: None,
            position: 0,
            pinned: true,
        }
    }

    #[test]
    fn a_name_stands_for_one_view() {
        let views = [named("1", "Mine"), named("2", "Ours"), named("3", "Ours")];
        assert!(is_taken(&named("", "Mine"), &views));
        assert!(is_taken(&named("", " Mine "), &views));
        assert!(is_taken(&named("2", "Mine"), &views));
        assert!(!is_taken(&named("1", "Mine"), &views));
        assert!(!is_taken(&named("", "mine"), &views));
        // From before names were looked at: what else is changed of them can be saved.
        assert!(!is_taken(&named("3", "Ours"), &views));
    }
}
