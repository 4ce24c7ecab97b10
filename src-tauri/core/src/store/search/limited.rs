//! Questions that are given up when their time is over: an answer that comes late is of no use to somebody who types.

use super::ask::Reader;
use crate::store::StoreError;
use sqlx::error::DatabaseError;
use sqlx::{Postgres, Sqlite};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Steps of SQLite's machine between two looks at the clock: some ten microseconds.
const STEPS: i32 = 1_000;
/// How PostgreSQL says that a statement was given up.
const CANCELLED: &str = "57014";
/// How SQLite says it.
const INTERRUPTED: &str = "9";

/// A limit of time on what a reading transaction still does. It ends with this.
#[derive(Debug)]
pub(super) struct Limited {
    deadline: Instant,
    /// Whether the limit is still meant: a connection may outlive what it was set for.
    is_meant: Arc<AtomicBool>,
}

impl Drop for Limited {
    fn drop(&mut self) {
        self.is_meant.store(false, Ordering::Relaxed);
    }
}

impl Limited {
    fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            is_meant: Arc::new(AtomicBool::new(true)),
        }
    }

    /// An answer; nothing where it was given up, or is late.
    ///
    /// # Errors
    /// Where the store failed for another reason.
    pub fn in_time<T>(&self, answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match answer {
            Ok(answer) => Ok((Instant::now() < self.deadline).then_some(answer)),
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
        let limited = Limited::new(deadline);
        let is_meant = Arc::clone(&limited.is_meant);
        let goes_on = move || !is_meant.load(Ordering::Relaxed) || Instant::now() < deadline;
        self.0
            .lock_handle()
            .await?
            .set_progress_handler(STEPS, goes_on);
        Ok(limited)
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
        Ok(Limited::new(deadline))
    }
}
