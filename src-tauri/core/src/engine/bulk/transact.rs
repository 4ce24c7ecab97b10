//! A transaction whose decision has something to tell beside what it writes.

use crate::store::{
    ActionStore, Ahead, BatchState, Effects, LoadPlan, StoreError, TriageStore, Turn,
};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Notes in an entry of the journal that what it tells of has been going on since `started`. It is done by then, so that
/// a store that fails at this does not undo it.
pub(super) async fn journal_took(store: &impl ActionStore, entry: Option<i64>, started: Instant) {
    let Some(entry) = entry else {
        return;
    };
    if let Err(error) = store.add_took(entry, started.elapsed()).await {
        tracing::warn!(entry, %error, "the journal does not know how long this took");
    }
}

/// Runs a transaction. Answers what `decide` told of the try that was committed, and the revision of the store after it.
///
/// # Errors
/// When the store fails; nothing has changed then.
pub(super) async fn transact<T: Default + Send>(
    store: &impl TriageStore,
    plan: &LoadPlan,
    decide: impl Fn(BatchState) -> (Effects, T) + Send + Sync,
) -> Result<(T, i64), StoreError> {
    let (told, revision, _) = transact_turn(store, Turn::alone(plan), decide).await?;
    Ok((told, revision))
}

/// [`transact`] for one of a row of transactions. Answers also what the next one made of what was read for it.
pub(super) async fn transact_turn<W: Send, T: Default + Send>(
    store: &impl TriageStore,
    turn: Turn<'_, W>,
    decide: impl Fn(W) -> (Effects, T) + Send + Sync,
) -> Result<(T, i64, Option<Ahead<W>>), StoreError> {
    let told = Mutex::new(T::default());
    let decide = |state: W| {
        let (effects, tells) = decide(state);
        *told.lock().unwrap_or_else(PoisonError::into_inner) = tells;
        effects
    };
    let (commit, ahead) = store.apply_turn(turn, &decide).await?;
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((told, commit.revision, ahead))
}
