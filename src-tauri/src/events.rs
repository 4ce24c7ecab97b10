//! Events for the window. Hints, never data: a client that misses one is put right by the next.

use crate::state::AppState;
use picket_core::engine::Upkeep;
use picket_core::pipeline::Feed;
use picket_core::store::TriageStore;
use picket_core::view::FeedStatus;
use serde::Serialize;
use specta::Type;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tauri_specta::Event;

/// Shortest time between two [`StoreChanged`].
const CHANGES_EVERY: Duration = Duration::from_millis(250);
/// Time between two [`EngineStatus`] of a running feed.
const STATUS_EVERY: Duration = Duration::from_millis(500);

/// The store holds something new.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct StoreChanged {
    /// Its revision, as text.
    pub revision: String,
}

/// Another store is open, or the same one in another way: what is known about it has to be asked for again.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct StoreOpened;

/// How the feed is doing.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct EngineStatus(pub FeedStatus);

/// Tells the window about a feed until it ends.
pub fn follow(app: &AppHandle, feed: &Arc<Feed>) {
    let mut revisions = feed.revisions();
    let changes = app.clone();
    tauri::async_runtime::spawn(async move {
        while revisions.changed().await.is_ok() {
            let revision = *revisions.borrow_and_update();
            store_changed(&changes, revision);
            tokio::time::sleep(CHANGES_EVERY).await;
        }
    });
    let (app, feed) = (app.clone(), Arc::downgrade(feed));
    tauri::async_runtime::spawn(async move {
        while let Some(status) = feed.upgrade().map(|feed| feed.status()) {
            report(EngineStatus(status).emit(&app));
            tokio::time::sleep(STATUS_EVERY).await;
        }
        // Gone: stopped, or replaced by another feed that now has the word.
        let status = app.state::<AppState>().feed_status().await;
        report(EngineStatus(status).emit(&app));
    });
}

/// Tells the window that a command, a task or a feed has changed the open store. While a bundle is looked at, that is
/// no news.
pub fn store_changed(app: &AppHandle, revision: i64) {
    if app.state::<AppState>().bundles.shown().is_some() {
        return;
    }
    let revision = revision.to_string();
    report(StoreChanged { revision }.emit(app));
}

/// Tells the window that another store is open, or the same one in another way.
pub fn store_opened(app: &AppHandle) {
    report(StoreOpened.emit(app));
}

/// As [`store_opened`], for a store that may have changed unheard meanwhile: the window gets to know its revision, too.
pub async fn store_reopened(app: &AppHandle) {
    store_opened(app);
    // A store that cannot be read is reported by the commands that need it.
    if let Ok(store) = app.state::<AppState>().store().await
        && let Ok(revision) = store.revision().await
    {
        store_changed(app, revision);
    }
}

/// Tells the window whenever a task has changed the store, until the tasks end.
pub fn follow_upkeep(app: &AppHandle, upkeep: &Upkeep) {
    let (app, mut revisions) = (app.clone(), upkeep.revisions());
    tauri::async_runtime::spawn(async move {
        while revisions.changed().await.is_ok() {
            let revision = *revisions.borrow_and_update();
            store_changed(&app, revision);
        }
    });
}

fn report(result: tauri::Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "the window did not get an event");
    }
}
