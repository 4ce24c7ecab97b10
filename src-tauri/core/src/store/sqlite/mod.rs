//! The store in one SQLite file, or in memory.
//!
//! One connection writes, four read. The statements stand at the head of the file that runs them, those of the hot
//! paths in [`hot`].

mod actions;
mod dead_letters;
pub(super) mod hot;
mod ingest;
mod inspect;
mod journal;
mod load;
mod load_beside;
mod log;
mod open;
mod people;
mod projects;
mod purge;
mod query;
mod search_index;
mod state;
mod statement;
mod triage;
mod velocity;
mod write;
mod write_actions;
mod write_beside;
mod write_issues;
mod write_merge;
mod write_search;
mod write_states;
mod written;

pub(super) use open::{MIGRATIONS, applied_in_file};

use super::StoreError;
use super::known::Known;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use written::Written;

#[cfg(test)]
pub(super) use statement::{all as all_statements, served as served_statements};

/// A SQLite store.
#[derive(Debug)]
pub(super) struct SqliteStore {
    /// One connection; nothing where the store was opened for reading.
    writer: Option<SqlitePool>,
    /// Read-only connections. In memory it is the writer's pool: the database lives in that one connection.
    readers: SqlitePool,
    /// Keeps the write-ahead log short; nothing in memory and where the store was opened for reading.
    log: Option<log::Log>,
    /// The lock against other processes, held as long as the store.
    lock: Option<File>,
    /// What searches read and is written already.
    known: Arc<Known>,
    /// What was written lately.
    written: Arc<Written>,
    /// Transactions begun that may write. Whoever holds one knows that nothing was written since the number before.
    writes: AtomicU64,
}

/// A transaction, reading or writing.
pub(in crate::store) type Tx = Transaction<'static, Sqlite>;

impl SqliteStore {
    /// Begins a transaction that may write. It holds the write lock from its first moment, so that what it reads
    /// cannot change under it.
    pub(in crate::store) async fn begin_write(&self) -> Result<Tx, StoreError> {
        let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        if let Some(log) = &self.log {
            log.finish(writer).await?;
        }
        let tx = writer.begin_with("BEGIN IMMEDIATE").await?;
        self.writes.fetch_add(1, Ordering::Relaxed);
        Ok(tx)
    }

    /// Begins a transaction whose statements all see the same state.
    pub(in crate::store) async fn begin_read(&self) -> Result<Tx, StoreError> {
        Ok(self.readers.begin_with("BEGIN DEFERRED").await?)
    }

    /// All issues that were written after a revision, and maybe others; nothing where that is not known. To be asked when
    /// the reading transaction sees a state, so that nothing it sees is missing.
    pub(in crate::store) fn written_since(&self, revision: i64) -> Option<Vec<i64>> {
        self.written.since(revision)
    }

    /// The connections that write, or where there are none, those that read.
    pub(super) fn pool(&self) -> &SqlitePool {
        self.writer.as_ref().unwrap_or(&self.readers)
    }

    /// Whether it is read over other connections than it is written.
    #[cfg(test)]
    pub(super) fn reads_beside(&self) -> bool {
        self.log.is_some()
    }

    #[cfg(test)]
    pub(super) fn test_pool(&self) -> &SqlitePool {
        self.pool()
    }
}
