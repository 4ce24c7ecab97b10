//! Questions that are given up: when their time is over, because an answer that comes late is of no use to somebody who
//! types; and when nobody waits for the answer any more.

use super::ask::Reader;
use crate::store::StoreError;
use crate::store::postgres::PostgresStore;
use crate::store::sqlite::SqliteStore;
use chrono::{DateTime, Utc};
use sqlx::error::DatabaseError;
use sqlx::{PgPool, Postgres, Sqlite, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Instant;

/// Steps of SQLite's machine between two looks at the clock: some ten microseconds.
const STEPS: i32 = 1_000;
/// How PostgreSQL says that a statement was given up.
const CANCELLED: &str = "57014";
/// How SQLite says it.
const INTERRUPTED: &str = "9";

/// Ends the statement of a transaction. One that is over is left alone, whatever its connection does by now. $1: process,
/// $2: when the transaction began.
const STOP: &str = "
    SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND xact_start = $2";

/// What a transaction is called from outside. What reads much of an index finds its pages in memory, where one is as near
/// as the next: with the cost of a disk that turns, a word is looked for in every text instead.
const BEGIN_LONG: &str =
    "SELECT pg_backend_pid(), now(), set_config('random_page_cost', '1.1', true)";

/// A limit on what a reading transaction still does, until [`Limited::end`].
///
/// Dropped before that, as with a question that nobody waits for any more, it gives up the statement that is under way:
/// the store would carry it out to its end, and nobody else could have its connection until then.
#[derive(Debug)]
pub(super) struct Limited {
    /// Nothing where only the one who asks limits it.
    deadline: Option<Instant>,
    watch: Arc<Watch>,
    /// What PostgreSQL has to be told to stop, where its own clock does not.
    running: Option<Running>,
}

impl Drop for Limited {
    fn drop(&mut self) {
        if self.watch.leave()
            && let Some(running) = self.running.take()
        {
            running.stop();
        }
    }
}

/// A transaction of PostgreSQL.
#[derive(Debug)]
struct Running {
    pool: PgPool,
    process: i32,
    began: DateTime<Utc>,
}

impl Running {
    /// Has its statement ended, over another connection.
    fn stop(self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            let stop = sqlx::query(STOP).bind(self.process).bind(self.began);
            if let Err(error) = stop.execute(&self.pool).await {
                tracing::debug!(%error, "a statement that nobody waits for runs to its end");
            }
        });
    }
}

/// What the statements of a connection are watched by. The connection keeps it beyond the limit.
#[derive(Debug)]
struct Watch(AtomicU8);

/// Statements have their time.
const LIMITED: u8 = 0;
/// There is no limit any more.
const ENDED: u8 = 1;
/// Nobody waits for the statements.
const LEFT: u8 = 2;

/// Watches that were left and that a connection still has. Only SQLite has connections that keep them.
static LEFT_BEHIND: AtomicUsize = AtomicUsize::new(0);

impl Watch {
    fn state(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn end(&self) {
        self.0.store(ENDED, Ordering::Relaxed);
    }

    /// Whether it was meant until now.
    fn leave(&self) -> bool {
        let was = self
            .0
            .compare_exchange(LIMITED, LEFT, Ordering::Relaxed, Ordering::Relaxed);
        if was.is_ok() {
            LEFT_BEHIND.fetch_add(1, Ordering::Relaxed);
        }
        was.is_ok()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.state() == LEFT {
            LEFT_BEHIND.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Makes a connection that is handed back one that carries out what it is asked, whatever it was watched by. Costs
/// nothing unless a question was left.
///
/// # Errors
/// Where the connection is gone.
pub(in crate::store) async fn forget_limit(
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    if LEFT_BEHIND.load(Ordering::Relaxed) > 0 {
        connection.lock_handle().await?.remove_progress_handler();
    }
    Ok(())
}

impl Limited {
    fn new(deadline: Option<Instant>) -> Self {
        Self {
            deadline,
            watch: Arc::new(Watch(AtomicU8::new(LIMITED))),
            running: None,
        }
    }

    fn is_in_time(&self) -> bool {
        self.deadline
            .is_none_or(|deadline| Instant::now() < deadline)
    }

    /// Takes the limit away: everything that was asked has been answered.
    pub fn end(self) {
        self.watch.end();
    }

    /// An answer; nothing where it was given up, or is late.
    ///
    /// # Errors
    /// Where the store failed for another reason.
    pub fn in_time<T>(&self, answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match answer {
            Ok(answer) => Ok(self.is_in_time().then_some(answer)),
            Err(error) if was_given_up(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn was_given_up(error: &StoreError) -> bool {
    let (StoreError::Refused(error) | StoreError::Unavailable(error)) = error else {
        return false;
    };
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some(CANCELLED | INTERRUPTED))
}

impl Reader<Sqlite> {
    /// Gives up every statement that is not done by then, also one that is under way.
    pub async fn limit(&mut self, deadline: Instant) -> Result<Limited, StoreError> {
        self.limited(Some(deadline)).await
    }

    async fn limited(&mut self, deadline: Option<Instant>) -> Result<Limited, StoreError> {
        let limited = Limited::new(deadline);
        let watch = Arc::clone(&limited.watch);
        let goes_on = move || match watch.state() {
            LIMITED => deadline.is_none_or(|deadline| Instant::now() < deadline),
            LEFT => false,
            _ => true,
        };
        self.0
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, goes_on);
        Ok(limited)
    }

    /// Gives up the statement that is under way when what this answers is dropped, however long it may take.
    pub async fn while_wanted(&mut self, _: &SqliteStore) -> Result<Limited, StoreError> {
        self.limited(None).await
    }
}

impl Reader<Postgres> {
    /// Gives up every statement that takes longer than there is time now: each by itself, so that all together may take
    /// a little more, and then their answer is late.
    pub async fn limit(&mut self, deadline: Instant) -> Result<Limited, StoreError> {
        let left = deadline.saturating_duration_since(Instant::now());
        // 0 would be no limit.
        let millis = left.as_millis().max(1).to_string();
        sqlx::query("SELECT set_config('statement_timeout', $1, true)")
            .bind(millis)
            .execute(&mut *self.0)
            .await?;
        Ok(Limited::new(Some(deadline)))
    }

    /// As for SQLite. What is under way is ended over another connection of the store.
    pub async fn while_wanted(&mut self, store: &PostgresStore) -> Result<Limited, StoreError> {
        let (process, began, _): (_, _, String) =
            sqlx::query_as(BEGIN_LONG).fetch_one(&mut *self.0).await?;
        let mut limited = Limited::new(None);
        limited.running = Some(Running {
            pool: store.pool().clone(),
            process,
            began,
        });
        Ok(limited)
    }
}
