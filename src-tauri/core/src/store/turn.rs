//! Transactions that come one after the other, and what the next one starts from.

use super::{BatchState, LoadPlan};
use std::fmt;

/// One of a row of transactions, each about issues that the others are not about.
#[derive(Debug)]
pub struct Turn<'a, W> {
    /// What this one needs to know.
    pub this: Wanted<'a, W>,
    /// What the turn before it made of that already.
    pub ahead: Option<Ahead<W>>,
    /// What the one after it will need to know. It is read, and worked on, while this one is written, where the store can
    /// do so.
    pub next: Option<Wanted<'a, W>>,
}

/// What a transaction needs to know, and what it makes of it.
pub struct Wanted<'a, W> {
    /// What to load.
    pub plan: &'a LoadPlan,
    /// The part of deciding that needs no more than the state: it can be done before the transaction begins.
    pub work: &'a (dyn Fn(BatchState) -> W + Sync),
}

impl<'a> Turn<'a, BatchState> {
    /// A transaction by itself.
    #[must_use]
    pub fn alone(plan: &'a LoadPlan) -> Self {
        Self {
            this: Wanted {
                plan,
                work: &std::convert::identity,
            },
            ahead: None,
            next: None,
        }
    }
}

/// What a transaction made of the state it starts from, while the one before it was written. The store takes it only
/// where nothing else was written since; else it reads again.
#[derive(Debug)]
pub struct Ahead<W> {
    pub(super) work: W,
    /// Which of the store's transactions was written meanwhile.
    pub(super) during: u64,
}

impl<W> fmt::Debug for Wanted<'_, W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wanted")
            .field("plan", self.plan)
            .finish_non_exhaustive()
    }
}
