//! Transactions that come one after the other, and what the next one starts from.

use super::{BatchState, LoadPlan};

/// One of a row of transactions, each about issues that the others are not about.
#[derive(Debug)]
pub struct Turn<'a> {
    /// What this one needs to know.
    pub plan: &'a LoadPlan,
    /// What the turn before it read of that already.
    pub read: Option<ReadAhead>,
    /// What the one after it will need to know. It is read while this one is written, where the store can do so.
    pub next: Option<&'a LoadPlan>,
}

impl<'a> Turn<'a> {
    /// A transaction by itself.
    #[must_use]
    pub fn alone(plan: &'a LoadPlan) -> Self {
        Self {
            plan,
            read: None,
            next: None,
        }
    }
}

/// What a transaction starts from, read while the one before it was written. The store takes it only where nothing else
/// was written since; else it reads again.
#[derive(Debug)]
pub struct ReadAhead {
    pub(super) state: BatchState,
    /// Which of the store's transactions was written meanwhile.
    pub(super) during: u64,
}
