//! Issues as text and in files.

use crate::error::CommandResult;
use crate::state::AppState;
use picket_core::engine::desk;
use picket_core::view::{
    ExportOptions, ExportPreview, ExportReport, JobProgress, Selection, count,
};
use std::path::PathBuf;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// The beginning of an export.
#[tauri::command]
#[specta::specta]
pub async fn export_preview(
    state: State<'_, AppState>,
    selection: Selection,
    options: ExportOptions,
) -> CommandResult<ExportPreview> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    Ok(desk::preview(&*store, &selection, &options, asking.asker(), asking.now).await?)
}

/// Writes an export into a file.
#[tauri::command]
#[specta::specta]
pub async fn export_run(
    state: State<'_, AppState>,
    selection: Selection,
    options: ExportOptions,
    path: String,
    overwrite: bool,
    progress: Channel<JobProgress>,
) -> CommandResult<ExportReport> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let run = state.begin_run(None).await;
    let heard = |done, total| {
        let _ = progress.send(JobProgress {
            job: run.id.clone(),
            done: count(done),
            total: count(total),
        });
    };
    let file = (PathBuf::from(path), overwrite);
    let asked = (asking.asker(), asking.now);
    let report = desk::to_file(
        &*store,
        &selection,
        &options,
        file,
        asked,
        heard,
        &run.cancel,
    )
    .await;
    state.end_run(&run.id).await;
    Ok(report?)
}

/// A whole export as text.
#[tauri::command]
#[specta::specta]
pub async fn export_text(
    state: State<'_, AppState>,
    selection: Selection,
    options: ExportOptions,
) -> CommandResult<String> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    Ok(desk::to_text(&*store, &selection, &options, asking.asker(), asking.now).await?)
}

/// Asks where to save a file; nothing where the user does not say. The dialog itself asks whether a file may be replaced.
#[tauri::command]
#[specta::specta]
pub async fn pick_save_path(app: AppHandle, suggested: String) -> CommandResult<Option<String>> {
    let (answer, answered) = oneshot::channel();
    app.dialog()
        .file()
        .set_file_name(suggested)
        .save_file(move |path| {
            let _ = answer.send(path);
        });
    // A dialog that goes away without a word has no answer.
    let path = answered.await.ok().flatten();
    Ok(path.map(|path| path.to_string()))
}
