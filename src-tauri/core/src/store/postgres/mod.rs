//! The store on a PostgreSQL server.
//!
//! Several writers can work at once, in this process and in others. Each takes its locks in one order, so that they
//! wait for each other but never in a circle: offsets, projects, hashes, issues, dead letters, then the written tables one
//! after another, those of searches after the others; then what most batches write, so that they wait as late as can be:
//! releases, outcomes, counters of limits, short id counters, last the revision; and inside each of these by key. Rows
//! beside an issue belong to whoever has locked the issue. That is why the statements that lock or insert are sorted.

mod actions;
mod dead_letters;
pub(super) mod hot;
mod ingest;
mod inspect;
mod journal;
mod load;
mod load_beside;
mod open;
mod people;
mod projects;
mod purge;
mod query;
mod search_index;
mod state;
#[cfg(test)]
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

pub(super) use open::{MIGRATIONS, applied_on_server};

use super::known::Known;
use super::{Access, StoreError};
use sqlx::{PgPool, Postgres, Transaction};

#[cfg(test)]
pub(super) use statement::{all as all_statements, served as served_statements};

/// One message, so that it costs no more than any beginning.
const BEGIN_SEARCH: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan";

/// A PostgreSQL store.
#[derive(Debug)]
pub(super) struct PostgresStore {
    pool: PgPool,
    access: Access,
    /// What searches read and is written already.
    known: Known,
}

/// A transaction, reading or writing.
pub(in crate::store) type Tx = Transaction<'static, Postgres>;

impl PostgresStore {
    /// Begins a transaction that may write. Each of its statements sees what others have committed before the
    /// statement began, which is what waiting for a lock and then reading relies on.
    pub(in crate::store) async fn begin_write(&self) -> Result<Tx, StoreError> {
        match self.access {
            Access::ReadWrite => Ok(self
                .pool
                .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
                .await?),
            Access::ReadOnly => Err(StoreError::ReadOnly),
        }
    }

    /// Begins a transaction whose statements all see the same state.
    pub(in crate::store) async fn begin_read(&self) -> Result<Tx, StoreError> {
        Ok(self
            .pool
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await?)
    }

    /// As [`begin_read`](Self::begin_read), for searches. Their statements are planned for the values they have each time:
    /// what is looked for is one in a million or nearly everything, and a plan for any value at all reads every issue
    /// where the first few would do.
    pub(in crate::store) async fn begin_search(&self) -> Result<Tx, StoreError> {
        Ok(self.pool.begin_with(BEGIN_SEARCH).await?)
    }

    /// The connections.
    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    #[cfg(test)]
    pub(super) fn test_pool(&self) -> &PgPool {
        self.pool()
    }
}
