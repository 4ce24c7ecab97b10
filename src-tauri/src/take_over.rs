//! Writing to a store again once the other process that had it lets go.

use crate::events;
use crate::state::{AppState, Locked};
use picket_core::store::{Access, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// Pause between two waits for the lock, each of which lasts a moment itself.
const PAUSE: Duration = Duration::from_secs(1);

/// Opens a locked store for writing as soon as that is possible, and tells the window. Gives up where another store is
/// open by then.
pub fn when_free(app: AppHandle, locked: Arc<Locked>) {
    tauri::async_runtime::spawn(async move {
        let state = app.state::<AppState>();
        if !wait(&state, &locked).await {
            return;
        }
        state.keep_up(&app).await;
        // What the window shows was read before the other process ended.
        events::store_reopened(&app).await;
    });
}

/// Answers whether something has come of it: the store can be written to, or never will be by this process. Not so where
/// another one was opened meanwhile.
async fn wait(state: &AppState, locked: &Arc<Locked>) -> bool {
    while state.waits_for(locked).await {
        match Store::open(&locked.url, Access::ReadWrite).await {
            Ok(store) => return state.take_over(locked, store).await,
            Err(StoreError::Locked { .. }) => {}
            Err(error) if error.is_transient() => {}
            // As when a newer Picket had it.
            Err(error) => return state.give_up(locked, error).await,
        }
        tokio::time::sleep(PAUSE).await;
    }
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test should stop where it fails")]
mod tests {
    use super::*;
    use picket_core::config::Paths;
    use picket_core::store::TriageStore;

    /// A store that is written to by somebody else, and a window that can only read it.
    async fn second_window(folder: &std::path::Path) -> (Store, AppState) {
        let paths = Paths {
            data: folder.to_owned(),
            settings: folder.join("picket.toml"),
        };
        let other = Store::open(&paths.default_store(), Access::ReadWrite)
            .await
            .unwrap();
        (other, AppState::at(paths, false).await)
    }

    #[tokio::test]
    async fn a_window_that_could_only_read_writes_once_the_other_one_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (other, state) = second_window(folder.path()).await;
        let facts = state.store_facts().await;
        assert!(
            facts
                .read_only
                .unwrap()
                .contains("in use by another Picket")
        );
        assert!(state.writable_store().await.is_err());
        let read_only = state.store().await.unwrap();
        let locked = state.locked().await.unwrap();

        let waiting = wait(&state, &locked);
        tokio::pin!(waiting);
        let early = tokio::time::timeout(Duration::from_millis(300), &mut waiting).await;
        assert!(early.is_err(), "the other one is still there");
        other.close().await;
        assert!(waiting.await);
        assert!(state.store_facts().await.read_only.is_none());
        let store = state.writable_store().await.unwrap();
        assert!(
            read_only.revision().await.is_ok(),
            "what was asked before is still answered"
        );
        store.close().await;
    }

    #[tokio::test]
    async fn a_window_that_has_gone_on_to_another_store_takes_nothing_over() {
        let folder = tempfile::tempdir().unwrap();
        let (other, state) = second_window(folder.path()).await;
        let locked = state.locked().await.unwrap();
        other.close().await;
        // As when the window closes.
        state.shut_down().await;
        assert!(!wait(&state, &locked).await);
        let url = &locked.url;
        let free = Store::open(url, Access::ReadWrite).await.unwrap();
        assert!(
            !state.take_over(&locked, free).await,
            "it came too late for this window"
        );
        let free = Store::open(url, Access::ReadWrite).await.unwrap();
        free.close().await;
    }

    #[tokio::test]
    async fn a_store_that_a_newer_picket_has_left_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (other, state) = second_window(folder.path()).await;
        let locked = state.locked().await.unwrap();
        let why = state.store_facts().await.read_only.unwrap();
        assert!(why.contains("tries again by itself"), "{why}");
        other.close().await;
        let path = locked.url.trim_start_matches("sqlite:");
        std::fs::write(path, "what no Picket can open, and longer than a page").unwrap();
        assert!(wait(&state, &locked).await);
        let why = state.store_facts().await.read_only.unwrap();
        assert!(!why.contains("tries again"), "{why}");
        assert!(state.writable_store().await.is_err());
        assert!(!state.waits_for(&locked).await);
    }
}
