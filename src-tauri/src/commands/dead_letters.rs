//! Records that could not be processed, and counted outcomes.

use super::issues::number;
use crate::error::{CommandError, CommandResult};
use crate::state::AppState;
use picket_core::ErrorKind;
use picket_core::store::{DeadLetterFilter, OutcomeGrouping, QueryStore};
use picket_core::view::{DeadLetterDetail, DeadLetterRow, OutcomeRow};
use tauri::State;

/// The newest dead letters.
#[tauri::command]
#[specta::specta]
pub async fn dead_letter_list(
    state: State<'_, AppState>,
    limit: u32,
) -> CommandResult<Vec<DeadLetterRow>> {
    let newest = DeadLetterFilter {
        state: None,
        reason: None,
        limit: limit.min(1000),
    };
    Ok(state.store().await?.dead_letters(newest).await?.rows)
}

/// One dead letter with its bytes.
#[tauri::command]
#[specta::specta]
pub async fn dead_letter_detail(
    state: State<'_, AppState>,
    id: String,
) -> CommandResult<DeadLetterDetail> {
    let letter = state
        .store()
        .await?
        .dead_letter(number(&id, "dead letter id")?)
        .await?;
    letter.ok_or_else(|| {
        CommandError::new(
            ErrorKind::NotFound,
            "This dead letter is no longer in the store.",
        )
    })
}

/// Counted outcomes by reason.
#[tauri::command]
#[specta::specta]
pub async fn outcome_totals(state: State<'_, AppState>) -> CommandResult<Vec<OutcomeRow>> {
    Ok(state
        .store()
        .await?
        .outcomes(OutcomeGrouping::Reason)
        .await?)
}
