//! Lists as text and in files.

use crate::error::CommandResult;
use crate::places;
use crate::state::AppState;
use picket_core::engine::desk::{self, Exporting};
use picket_core::store::Store;
use picket_core::view::{
    ExportOptions, ExportPreview, ExportReport, ExportSource, JobProgress, count,
};
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

/// The beginning of an export.
#[tauri::command]
#[specta::specta]
pub async fn export_preview(
    state: State<'_, AppState>,
    source: ExportSource,
    options: ExportOptions,
) -> CommandResult<ExportPreview> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let exporting = exporting(&state, &store, &source);
    Ok(desk::preview(&*store, &exporting, &options, asking.asker(), asking.now).await?)
}

/// Writes an export into a file; what does not begin at a root lies in the folder of downloads.
#[tauri::command]
#[specta::specta]
pub async fn export_run(
    app: AppHandle,
    state: State<'_, AppState>,
    source: ExportSource,
    options: ExportOptions,
    path: String,
    overwrite: bool,
    progress: Channel<JobProgress>,
) -> CommandResult<ExportReport> {
    let path = places::target(&app, &path)?;
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let exporting = exporting(&state, &store, &source);
    let run = state.runs.begin();
    let heard = |done, total| {
        let _ = progress.send(JobProgress {
            job: run.name.clone(),
            done: count(done),
            total: count(total),
        });
    };
    let file = (path, overwrite);
    let asked = (asking.asker(), asking.now);
    let report = desk::to_file(
        &*store,
        &exporting,
        &options,
        file,
        asked,
        heard,
        &run.cancel,
    )
    .await;
    state.runs.end(&run);
    Ok(report?)
}

/// A whole export as text.
#[tauri::command]
#[specta::specta]
pub async fn export_text(
    state: State<'_, AppState>,
    source: ExportSource,
    options: ExportOptions,
) -> CommandResult<String> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let exporting = exporting(&state, &store, &source);
    Ok(desk::to_text(&*store, &exporting, &options, asking.asker(), asking.now).await?)
}

/// The list that is meant, of issues with what it held.
fn exporting<'a>(state: &AppState, store: &Arc<Store>, source: &'a ExportSource) -> Exporting<'a> {
    match source {
        ExportSource::Issues { selection } => state.lists.chosen(store, selection).into(),
        ExportSource::Journal { wanted } => Exporting::Journal(wanted),
        ExportSource::Jobs => Exporting::Jobs,
    }
}

/// Where an export goes unless the user says otherwise: the folder of downloads, under a name that is free there.
#[tauri::command]
#[specta::specta]
pub async fn suggested_save_path(app: AppHandle, name: String) -> CommandResult<String> {
    let folder = places::downloads(&app)?;
    Ok(places::free_path(&folder, &name).display().to_string())
}

/// Asks where to save a file, beginning at `path`; nothing where the user does not say. The dialog itself asks whether
/// a file may be replaced.
#[tauri::command]
#[specta::specta]
pub async fn pick_save_path(app: AppHandle, path: String) -> CommandResult<Option<String>> {
    let path = places::target(&app, &path)?;
    let mut dialog = app.dialog().file();
    if let Some(folder) = path.parent() {
        dialog = dialog.set_directory(folder);
    }
    if let Some(name) = path.file_name() {
        dialog = dialog.set_file_name(name.to_string_lossy());
    }
    Ok(places::picked(|answer| dialog.save_file(answer)).await)
}
