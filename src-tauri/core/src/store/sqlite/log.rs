//! Keeps the write-ahead log short without making batches wait for it.
//!
//! Moving the log into the database takes as long as several batches. Left to SQLite, the commit that fills the log does
//! it, and everything waits; so it is done beside the batches, on a connection of its own. A log to which batches are
//! added meanwhile is never moved to its end that way, and only then does it begin anew: the writer moves the little
//! that is left.

use crate::store::StoreError;
use sqlx::{SqlitePool, raw_sql};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Moves what can be moved without waiting for anybody.
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Rows in the log that are worth moving: about 64 MiB of pages. The ids of occurrences and events are random, so every
/// batch changes index pages all over the file; the longer they gather, the fewer of them are written to the file twice.
const FULL: u64 = 12_000;

/// After this time without a commit a log of any length is moved.
const IDLE: Duration = Duration::from_secs(5);

/// The log of a store that is open for writing.
#[derive(Debug)]
pub(super) struct Log {
    shared: Arc<Shared>,
    /// A connection of its own.
    pool: SqlitePool,
    _ends_the_task: DropGuard,
}

#[derive(Debug, Default)]
struct Shared {
    /// Rows committed since the log was last moved.
    rows: AtomicU64,
    committed: Notify,
    /// The rest is the writer's.
    has_rest: AtomicBool,
}

impl Log {
    /// Looks after the log through `pool`, until dropped.
    pub fn keep(pool: SqlitePool) -> Self {
        let shared = Arc::new(Shared::default());
        let end = CancellationToken::new();
        let task = keep_short(Arc::clone(&shared), pool.clone());
        let ended = end.clone();
        tokio::spawn(async move { ended.run_until_cancelled(task).await });
        Self {
            shared,
            pool,
            _ends_the_task: end.drop_guard(),
        }
    }

    /// Takes note of a commit.
    pub fn committed(&self, rows: usize) {
        self.shared.rows.fetch_add(rows as u64, Ordering::Relaxed);
        self.shared.committed.notify_one();
    }

    /// What the writer does before a transaction: moves the rest of a log that was moved beside it.
    pub async fn finish(&self, writer: &SqlitePool) -> Result<(), StoreError> {
        if self.shared.has_rest.swap(false, Ordering::Relaxed) {
            raw_sql(MOVE).execute(writer).await?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn keep_short(shared: Arc<Shared>, pool: SqlitePool) {
    loop {
        let idle = tokio::time::timeout(IDLE, shared.committed.notified())
            .await
            .is_err();
        let rows = shared.rows.load(Ordering::Relaxed);
        if rows == 0 || (rows < FULL && !idle) {
            continue;
        }
        shared.rows.store(0, Ordering::Relaxed);
        match raw_sql(MOVE).execute(&pool).await {
            Ok(_) => shared.has_rest.store(true, Ordering::Relaxed),
            // SQLite moves a log by itself when it becomes too long.
            Err(error) => tracing::debug!(%error, "the write-ahead log was not moved"),
        }
    }
}
