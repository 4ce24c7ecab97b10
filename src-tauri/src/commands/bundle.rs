//! Bundles: opened, looked at, closed.

use crate::error::CommandResult;
use crate::events;
use crate::places;
use crate::state::AppState;
use picket_core::engine::bundle::BundleHead;
use picket_core::view::{Count, Millis, SavedView, count, millis};
use serde::Serialize;
use specta::Type;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;

/// A bundle that is open.
#[derive(Debug, Clone, Serialize, Type)]
pub struct BundleInfo {
    /// Which opening of this window it is; no other one has this number.
    pub opening: u32,
    /// The name of its file, without its folder.
    pub name: String,
    /// The whole path of its file.
    pub path: String,
    /// When it was made.
    pub made: Millis,
    /// Issues in it.
    pub issues: Count,
    /// Occurrences in it.
    pub occurrences: Count,
    /// Whether anything was taken out.
    pub is_redacted: bool,
    /// The view to show first.
    pub view: SavedView,
}

impl BundleInfo {
    /// What the window says of a bundle.
    pub fn new(path: &Path, head: &BundleHead, view: SavedView, opening: u32) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self {
            opening,
            name: name.to_string_lossy().into_owned(),
            path: path.display().to_string(),
            made: millis(head.made),
            issues: count(head.issues),
            occurrences: count(head.occurrences),
            is_redacted: head.is_redacted,
            view,
        }
    }
}

/// Shows a bundle in place of the store, until it is closed. Where it does not open, nothing changes.
#[tauri::command]
#[specta::specta]
pub async fn bundle_open(
    app: AppHandle,
    state: State<'_, AppState>,
    path: String,
) -> CommandResult<BundleInfo> {
    let info = state
        .bundles
        .open(&PathBuf::from(path), state.clock.now())
        .await?;
    events::store_opened(&app);
    Ok(info)
}

/// Shows the store again.
#[tauri::command]
#[specta::specta]
pub async fn bundle_close(app: AppHandle, state: State<'_, AppState>) -> CommandResult<()> {
    state.bundles.close();
    // Nothing was told of what a feed has stored meanwhile.
    events::store_reopened(&app).await;
    Ok(())
}

/// The file that Picket was asked to open from outside; nothing where there is none, or where it was asked for before.
#[tauri::command]
#[specta::specta]
pub async fn bundle_given(state: State<'_, AppState>) -> CommandResult<Option<String>> {
    let given = state.bundles.take_given();
    Ok(given.map(|path| path.display().to_string()))
}

/// Asks which bundle to open; nothing where the user does not say.
#[tauri::command]
#[specta::specta]
pub async fn pick_bundle(app: AppHandle) -> CommandResult<Option<String>> {
    let mut dialog = app
        .dialog()
        .file()
        .set_title("Open a bundle")
        .add_filter("Picket bundle", &["picket"])
        .add_filter("All files", &["*"]);
    // Where exports go unless the user says otherwise.
    if let Ok(folder) = app.path().download_dir() {
        dialog = dialog.set_directory(folder);
    }
    Ok(places::picked(|answer| dialog.pick_file(answer)).await)
}
