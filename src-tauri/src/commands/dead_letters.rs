//! Records that could not be processed, and counted outcomes.

use super::issues::number;
use crate::error::{CommandError, CommandResult};
use crate::events;
use crate::state::AppState;
use picket_core::ErrorKind;
use picket_core::engine::replay_dead_letters;
use picket_core::pipeline::Processor;
use picket_core::store::{
    DeadLetterFilter, DeadLetterState, OutcomeGrouping, QueryStore, TriageStore,
};
use picket_core::view::{
    DeadLetterDetail, DeadLetterList, DeadLettersChanged, OutcomeRow, ReplayReport,
};
use std::sync::Arc;
use tauri::{AppHandle, State};

/// The most rows one call answers.
const MOST_ROWS: u32 = 1_000;

/// The newest dead letters that a filter keeps, and how many there are.
#[tauri::command]
#[specta::specta]
pub async fn dead_letters(
    state: State<'_, AppState>,
    filter: DeadLetterFilter,
) -> CommandResult<DeadLetterList> {
    let filter = DeadLetterFilter {
        limit: filter.limit.min(MOST_ROWS),
        ..filter
    };
    Ok(state.store().await?.dead_letters(filter).await?)
}

/// One dead letter with its bytes.
#[tauri::command]
#[specta::specta]
pub async fn dead_letter(
    state: State<'_, AppState>,
    id: String,
) -> CommandResult<DeadLetterDetail> {
    let id = number(&id, "dead letter id")?;
    let letter = state.store().await?.dead_letter(id).await?;
    letter.ok_or_else(|| {
        CommandError::new(
            ErrorKind::NotFound,
            "This dead letter is no longer in the store.",
        )
    })
}

/// Processes dead letters again, as if they had just been read.
#[tauri::command]
#[specta::specta]
pub async fn dead_letters_replay(
    app: AppHandle,
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<ReplayReport> {
    let store = state.writable_store().await?;
    let processor = Processor::new(Arc::clone(&store), state.pipeline(&store).await?);
    let now = state.clock.now();
    let replayed = replay_dead_letters(&processor, &*store, &numbers(&ids)?, now).await?;
    events::store_changed(&app, replayed.revision);
    Ok(replayed.into())
}

/// Marks dead letters as discarded.
#[tauri::command]
#[specta::specta]
pub async fn dead_letters_discard(
    app: AppHandle,
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<DeadLettersChanged> {
    let (from, to) = (DeadLetterState::New, DeadLetterState::Discarded);
    move_letters(&app, &state, &ids, from, to).await
}

/// Takes a discard back.
#[tauri::command]
#[specta::specta]
pub async fn dead_letters_restore(
    app: AppHandle,
    state: State<'_, AppState>,
    ids: Vec<String>,
) -> CommandResult<DeadLettersChanged> {
    let (from, to) = (DeadLetterState::Discarded, DeadLetterState::New);
    move_letters(&app, &state, &ids, from, to).await
}

/// Counted outcomes, by reason or by hour.
#[tauri::command]
#[specta::specta]
pub async fn outcomes(
    state: State<'_, AppState>,
    by: OutcomeGrouping,
) -> CommandResult<Vec<OutcomeRow>> {
    Ok(state.store().await?.outcomes(by).await?)
}

async fn move_letters(
    app: &AppHandle,
    state: &AppState,
    ids: &[String],
    from: DeadLetterState,
    to: DeadLetterState,
) -> CommandResult<DeadLettersChanged> {
    let store = state.writable_store().await?;
    let changed = store.move_dead_letters(&numbers(ids)?, from, to).await?;
    let revision = store.revision().await?;
    events::store_changed(app, revision);
    Ok(DeadLettersChanged::new(changed, revision))
}

fn numbers(ids: &[String]) -> CommandResult<Vec<i64>> {
    ids.iter().map(|id| number(id, "dead letter id")).collect()
}
