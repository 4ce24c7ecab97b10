//! Limits on opening issues: noise reduction and creation quotas (occurrences spec, sections 10 and 11).
//!
//! A batch asks once for all it may need, decides in memory with what was granted, and settles: what it did not use
//! is given back, and a batch that was not stored gives back everything, so that its repetition is not charged twice.
//! The limits are exact: decisions are those of one occurrence after the other.
//!
//! Types without noise reduction are not counted (D22). A counter is not reset when it lets an issue be opened; it
//! stays until the expiry of the occurrence that was ignored last (D23), so an issue that is deleted before then comes
//! back with the next occurrence. Where several batches are under way at once, each counts on top of what the others
//! have taken, whether or not they will use it.
//!
//! [`MemoryCounters`] are the default. The store mirrors them, [`CounterWrite`] by [`CounterWrite`] in the transaction
//! of the batch, and gives them back after a restart (D24). [`RedisCounters`] are for several writers on one store.

mod grants;
mod keys;
mod memory;
mod redis;
mod rows;
mod wants;

#[cfg(test)]
mod tests;

pub use self::redis::RedisCounters;
pub use grants::{Grants, NoiseUsed, Spending, Used};
pub use memory::MemoryCounters;
pub use rows::{CounterRow, CounterWrite};
pub use wants::{HashWant, NoiseWant, Span, Wants};

use chrono::{DateTime, Utc};

/// The counters of a pipeline, shared by its lanes.
#[derive(Debug)]
pub enum Counters {
    /// In this process.
    Memory(MemoryCounters),
    /// In Redis.
    Redis(RedisCounters),
    /// Nowhere: every occurrence may open an issue.
    Off,
}

/// Where counters live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountersKind {
    /// In this process.
    Memory,
    /// In Redis.
    Redis,
    /// Nowhere.
    Off,
}

/// How the counters are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountersStatus {
    /// Where they live.
    pub kind: CountersKind,
    /// The address of Redis, without its password.
    pub address: Option<String>,
    /// Since when they cannot be asked, in processing time; nothing while they can.
    pub away_since: Option<DateTime<Utc>>,
    /// Why they cannot be asked, and what to do about it.
    pub reason: Option<String>,
    /// Hashes that were ever decided without asking them, so without any limit.
    pub decided_without: u64,
}

impl CountersStatus {
    fn of(kind: CountersKind) -> Self {
        Self {
            kind,
            address: None,
            away_since: None,
            reason: None,
            decided_without: 0,
        }
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self::Memory(MemoryCounters::new())
    }
}

impl Counters {
    /// Takes what a batch may need. Never fails: when the counters cannot be asked within 50 ms, the grants are open,
    /// which is counted in the status.
    pub async fn take(&self, wants: &Wants, now: DateTime<Utc>) -> Grants {
        match self {
            Self::Memory(memory) => memory.take(wants, now),
            Self::Redis(redis) => redis.take(wants, now).await,
            Self::Off => Grants::open(now),
        }
    }

    /// Says what a batch will have used if it is stored, before it is. Whoever goes on behind a writer that was killed
    /// between storing a batch and [`Self::settle`] settles by it.
    pub async fn decided(&self, grants: &Grants, used: &Used, now: DateTime<Utc>) {
        match self {
            Self::Redis(redis) => redis.decided(grants, used, now).await,
            Self::Memory(_) | Self::Off => {}
        }
    }

    /// Gives back what was taken and not used: [`Used::default`] for a batch that was not stored. `now` may be later
    /// than when it was taken.
    pub async fn settle(&self, grants: Grants, used: &Used, now: DateTime<Utc>) {
        match self {
            Self::Memory(memory) => memory.settle(&grants, used),
            Self::Redis(redis) => redis.settle(&grants, used, now).await,
            Self::Off => {}
        }
    }

    /// What the store has to write in the transaction of the batch. Nothing for counters that are not this process's.
    #[must_use]
    pub fn rows(&self, grants: &Grants, used: &Used) -> Vec<CounterWrite> {
        match self {
            Self::Memory(_) => rows::rows(grants, used),
            Self::Redis(_) | Self::Off => Vec::new(),
        }
    }

    /// Takes over what the store mirrored, at the start and before any batch. Does nothing to counters that are not
    /// this process's.
    pub fn restore(&self, rows: impl IntoIterator<Item = CounterRow>, now: DateTime<Utc>) {
        match self {
            Self::Memory(memory) => memory.restore(rows, now),
            Self::Redis(_) | Self::Off => {}
        }
    }

    /// How the counters are.
    #[must_use]
    pub fn status(&self) -> CountersStatus {
        match self {
            Self::Memory(_) => CountersStatus::of(CountersKind::Memory),
            Self::Off => CountersStatus::of(CountersKind::Off),
            Self::Redis(redis) => {
                let (away, decided_without) = redis.report();
                let (away_since, reason) = away.unzip();
                CountersStatus {
                    kind: CountersKind::Redis,
                    address: Some(redis.address().to_owned()),
                    away_since,
                    reason,
                    decided_without,
                }
            }
        }
    }

    /// Whether the counters can be reached.
    ///
    /// # Errors
    /// Why not, and what to do about it. Takes up to about two seconds.
    pub async fn check(&self) -> Result<(), String> {
        match self {
            Self::Memory(_) | Self::Off => Ok(()),
            Self::Redis(redis) => redis.check().await,
        }
    }
}
