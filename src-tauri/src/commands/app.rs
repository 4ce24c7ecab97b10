//! Facts about the application.

use super::bundle::BundleInfo;
use crate::error::CommandResult;
use crate::state::AppState;
use picket_core::store::QueryStore;
use picket_core::view::Count;
use serde::Serialize;
use specta::Type;
use tauri::State;

/// What the window says about itself.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppInfo {
    /// Version of Picket.
    pub version: String,
    /// The open store, without its password.
    pub store: String,
    /// Its size on disk in bytes.
    pub store_bytes: Count,
    /// Issues in it.
    pub issues: Count,
    /// Whether it is the store of the demo.
    pub demo_store: bool,
    /// Why it can only be read, if so.
    pub read_only: Option<String>,
    /// The bundle that is looked at, if it is one and not a store.
    pub bundle: Option<BundleInfo>,
}

/// Facts about the application and its store.
#[tauri::command]
#[specta::specta]
#[allow(
    clippy::cast_precision_loss,
    reason = "counts for display are exact up to 2^53"
)]
pub async fn app_info(state: State<'_, AppState>) -> CommandResult<AppInfo> {
    let store = state.store().await?;
    let summary = store.summary().await?;
    let facts = state.store_facts().await;
    let of_bundle = facts.bundle.as_ref().map(|bundle| bundle.path.clone());
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: of_bundle.unwrap_or_else(|| store.describe().to_owned()),
        store_bytes: summary.bytes as Count,
        issues: summary.issues as Count,
        demo_store: facts.demo,
        read_only: facts.read_only,
        bundle: facts.bundle,
    })
}
