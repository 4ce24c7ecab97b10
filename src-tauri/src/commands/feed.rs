//! The feed: start, stop, status.

use super::connections::blocking;
use crate::error::{CommandError, CommandResult};
use crate::events;
use crate::state::{AppState, DEMO};
use picket_core::ErrorKind;
use picket_core::config::secrets;
use picket_core::pipeline::Feed;
use picket_core::source::{DemoOptions, KafkaSettings};
use picket_core::view::FeedStatus;
use std::sync::Arc;
use tauri::{AppHandle, Manager, State};

/// Starts a saved connection, or the demo, in place of the feed that runs.
#[tauri::command]
#[specta::specta]
pub async fn feed_start(app: AppHandle, connection: String) -> CommandResult<FeedStatus> {
    start(&app, &connection).await
}

/// Stops the feed once everything it has read is stored.
#[tauri::command]
#[specta::specta]
pub async fn feed_stop(state: State<'_, AppState>) -> CommandResult<FeedStatus> {
    state.stop_feed().await
}

/// What the feed is doing.
#[tauri::command]
#[specta::specta]
pub async fn feed_status(state: State<'_, AppState>) -> CommandResult<FeedStatus> {
    Ok(state.feed_status().await)
}

/// Starts a feed and tells the window about it until it ends.
pub async fn start(app: &AppHandle, connection: &str) -> CommandResult<FeedStatus> {
    let state = app.state::<AppState>();
    // A feed that runs is not stopped for one that cannot be started.
    state.bundles.refuse()?;
    state.stop_feed().await?;
    let mut running = state.feed.lock().await;
    let opened = open(&state, connection).await;
    // Also where no feed came of it: another store may be open now.
    state.keep_up(app).await;
    let feed = Arc::new(opened?);
    events::follow(app, &feed);
    let status = feed.status();
    *running = Some(feed);
    Ok(status)
}

async fn open(state: &AppState, connection: &str) -> CommandResult<Feed> {
    let settings = state.settings()?;
    state.use_store(connection == DEMO).await;
    let store = state.writable_store().await?;
    let pipeline = state.pipeline(&store).await?;
    let clock = &state.clock;
    if connection == DEMO {
        return Ok(Feed::demo(store, clock, &pipeline, DemoOptions::default()).await?);
    }
    let Some(profile) = settings.connections.get(connection) else {
        return Err(CommandError::new(
            ErrorKind::NotFound,
            format!("There is no connection called {connection}."),
        ));
    };
    profile.validate()?;
    let reference = profile.password_ref.clone();
    let password = blocking(move || secrets::resolve(&reference)).await?;
    Ok(Feed::kafka(
        store,
        clock,
        &pipeline,
        KafkaSettings::from(profile.clone()),
        password,
    )?)
}
