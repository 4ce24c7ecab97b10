//! Saved connections.

use crate::error::{CommandError, CommandResult};
use crate::state::AppState;
use picket_core::ErrorKind;
use picket_core::config::{ConnectionProfile, Secret, delete_connection, save_connection, secrets};
use picket_core::source::{TestStep, test_connection};
use serde::Serialize;
use specta::Type;
use tauri::State;

/// Verdicts of a connection test.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TestReport {
    /// Steps in order.
    pub steps: Vec<TestStep>,
}

/// All saved connections, by name.
#[tauri::command]
#[specta::specta]
pub async fn connection_list(state: State<'_, AppState>) -> CommandResult<Vec<ConnectionProfile>> {
    Ok(state.settings()?.connections.into_values().collect())
}

/// Saves a connection. A password goes into the keyring; nothing leaves the stored one as it is, an empty one
/// removes it.
#[tauri::command]
#[specta::specta]
pub async fn connection_save(
    state: State<'_, AppState>,
    mut profile: ConnectionProfile,
    password: Option<String>,
    previous_name: Option<String>,
) -> CommandResult<ConnectionProfile> {
    let file = state.paths.settings.clone();
    blocking(move || {
        profile.validate()?;
        match password.as_deref() {
            None => {}
            Some("") => {
                secrets::remove(&profile.password_ref)?;
                profile.password_ref.clear();
            }
            Some(password) => {
                profile.password_ref =
                    secrets::store(&profile.name, &Secret::new(password.to_owned()))?;
            }
        }
        save_connection(&file, &profile, previous_name.as_deref())?;
        Ok(profile)
    })
    .await
}

/// Removes a connection and its password.
#[tauri::command]
#[specta::specta]
pub async fn connection_delete(state: State<'_, AppState>, name: String) -> CommandResult<()> {
    let reference = state
        .settings()?
        .connections
        .get(&name)
        .map(|profile| profile.password_ref.clone());
    let file = state.paths.settings.clone();
    blocking(move || {
        delete_connection(&file, &name)?;
        secrets::remove(reference.as_deref().unwrap_or_default())
    })
    .await
}

/// Tries a connection step by step, without saving it. Without a password the stored one is used.
#[tauri::command]
#[specta::specta]
pub async fn connection_test(
    profile: ConnectionProfile,
    password: Option<String>,
) -> CommandResult<TestReport> {
    blocking(move || {
        let password = match password {
            Some(password) => {
                Some(Secret::new(password)).filter(|password| !password.reveal().is_empty())
            }
            None => secrets::resolve(&profile.password_ref)?,
        };
        Ok(TestReport {
            steps: test_connection(&profile, password.as_ref().map(Secret::reveal)),
        })
    })
    .await
}

/// Runs what waits for files, the keyring or the network away from the runtime.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> picket_core::Result<T> + Send + 'static,
) -> CommandResult<T> {
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(CommandError::new(
            ErrorKind::Internal,
            "The work ended by a defect. Please report this.",
        )),
    }
}
