//! Runs a feed until it ends, is idle, or is interrupted.

use anyhow::Result;
use picket_core::pipeline::Feed;
use picket_core::view::FeedStatus;
use std::time::{Duration, Instant};

/// How often idleness is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Waits for the end of a feed. An interrupt drains it; so does `until_idle` without a record at the end of every
/// partition.
pub async fn run(feed: &Feed, until_idle: Option<Duration>) -> Result<FeedStatus> {
    let ended = tokio::select! {
        status = feed.finish() => return Ok(status?),
        () = interrupted() => "interrupted",
        () = idle(feed, until_idle) => "idle",
    };
    tracing::info!(why = ended, "draining");
    Ok(feed.stop().await?)
}

/// Waits for SIGINT or SIGTERM.
pub async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

async fn idle(feed: &Feed, until_idle: Option<Duration>) {
    let Some(patience) = until_idle else {
        return std::future::pending().await;
    };
    let mut last = (feed.tally().records(), Instant::now());
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let records = feed.tally().records();
        if records != last.0 || !feed.health().snapshot().is_caught_up() {
            last = (records, Instant::now());
        } else if last.1.elapsed() >= patience {
            return;
        }
    }
}
