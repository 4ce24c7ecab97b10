//! What a source says about itself while it runs.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Notices kept; older ones make room.
const NOTICES_KEPT: usize = 50;

/// What a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceState {
    /// Started; no partition is being read yet.
    #[default]
    Connecting,
    /// Group mode: partitions are moving between the members.
    Rebalancing,
    /// Reading.
    Live,
    /// Paused until the store has caught up.
    StoreBound,
    /// The broker is away; the source keeps trying.
    Retrying,
    /// Everything it had to read has been handed over, or it was asked to stop.
    Finished,
    /// Ended by an error, which `problem` explains.
    Failed,
}

/// One partition as the source sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionHealth {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// Next offset to hand over. The store is at this offset or behind it.
    pub position: i64,
    /// Next offset to store, as the pipeline last said.
    pub stored: i64,
    /// Oldest offset the broker keeps; nothing while unknown.
    pub low: Option<i64>,
    /// End of the partition as the broker last said; nothing while unknown.
    pub high: Option<i64>,
}

impl PartitionHealth {
    /// Offsets between what is stored and the end of the partition; nothing while the end is unknown.
    #[must_use]
    pub fn lag(&self) -> Option<u64> {
        self.high
            .map(|high| u64::try_from(high.saturating_sub(self.stored)).unwrap_or(0))
    }

    /// Offsets that have not been handed over yet; nothing while the end is unknown.
    #[must_use]
    pub fn unread(&self) -> Option<u64> {
        self.high
            .map(|high| u64::try_from(high.saturating_sub(self.position)).unwrap_or(0))
    }
}

/// Everything known about a source at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthSnapshot {
    /// What it does.
    pub state: SourceState,
    /// Whose offsets it moves; nothing until it has found out.
    pub source: Option<Arc<str>>,
    /// What is wrong at the moment and what to do about it.
    pub problem: Option<String>,
    /// Things worth knowing that did not stop it, newest last.
    pub notices: Vec<String>,
    /// Partitions being read, in order.
    pub partitions: Vec<PartitionHealth>,
    /// Records handed over.
    pub records: u64,
    /// Records that were not handed over because the store has them already (replay).
    pub skipped: u64,
    /// Bytes handed on and bytes in all, where the source has an end (replay).
    pub progress: Option<(u64, u64)>,
}

impl HealthSnapshot {
    /// Whether every partition has been handed over to its end, as far as the broker has said. In a topic with
    /// transactions the last offset may hold no record, and a partition then never quite gets there.
    #[must_use]
    pub fn is_caught_up(&self) -> bool {
        match self.state {
            SourceState::Finished => true,
            SourceState::Live | SourceState::StoreBound => {
                !self.partitions.is_empty()
                    && self
                        .partitions
                        .iter()
                        .all(|partition| partition.unread() == Some(0))
            }
            _ => false,
        }
    }

    /// Sum of the known lags; nothing while none is known.
    #[must_use]
    pub fn lag(&self) -> Option<u64> {
        self.partitions
            .iter()
            .filter_map(PartitionHealth::lag)
            .reduce(|sum, lag| sum + lag)
    }
}

/// The live [`HealthSnapshot`] of one source. Shared: the source writes, displays read.
#[derive(Debug, Default)]
pub struct SourceHealth {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: SourceState,
    source: Option<Arc<str>>,
    problem: Option<String>,
    notices: VecDeque<String>,
    partitions: BTreeMap<(Arc<str>, i32), Place>,
    records: u64,
    skipped: u64,
    progress: Option<(u64, u64)>,
}

#[derive(Debug)]
struct Place {
    position: i64,
    stored: i64,
    low: Option<i64>,
    high: Option<i64>,
}

impl SourceHealth {
    /// Health of a source that has just been started.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known now. Copies a few words per partition; meant for a few calls a second.
    #[must_use]
    pub fn snapshot(&self) -> HealthSnapshot {
        let inner = self.lock();
        let partitions = inner
            .partitions
            .iter()
            .map(|((topic, partition), place)| PartitionHealth {
                topic: Arc::clone(topic),
                partition: *partition,
                position: place.position,
                stored: place.stored,
                low: place.low,
                high: place.high,
            })
            .collect();
        HealthSnapshot {
            state: inner.state,
            source: inner.source.clone(),
            problem: inner.problem.clone(),
            notices: inner.notices.iter().cloned().collect(),
            partitions,
            records: inner.records,
            skipped: inner.skipped,
            progress: inner.progress,
        }
    }

    /// What the source does now.
    #[must_use]
    pub fn state(&self) -> SourceState {
        self.lock().state
    }

    /// The pipeline has committed this partition up to `next_offset`. Feeds the lag, and in group mode what is
    /// told to the broker.
    pub fn stored(&self, topic: &Arc<str>, partition: i32, next_offset: i64) {
        if let Some(place) = self
            .lock()
            .partitions
            .get_mut(&(Arc::clone(topic), partition))
        {
            place.stored = next_offset;
        }
    }

    /// Enters a state in which nothing is wrong. A source that has failed stays so.
    pub(super) fn set_state(&self, state: SourceState) {
        let mut inner = self.lock();
        if inner.state != SourceState::Failed {
            inner.state = state;
            inner.problem = None;
        }
    }

    /// The broker is away, in words.
    pub(super) fn retrying(&self, problem: impl Into<String>) {
        let mut inner = self.lock();
        if inner.state != SourceState::Failed {
            inner.state = SourceState::Retrying;
            inner.problem = Some(problem.into());
        }
    }

    /// It has ended, and why.
    pub(super) fn failed(&self, problem: impl Into<String>) {
        let mut inner = self.lock();
        inner.state = SourceState::Failed;
        inner.problem = Some(problem.into());
    }

    /// Adds a notice.
    pub(super) fn notice(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!(notice = %text, "source");
        let mut inner = self.lock();
        if inner.notices.len() == NOTICES_KEPT {
            inner.notices.pop_front();
        }
        inner.notices.push_back(text);
    }

    pub(super) fn set_source(&self, source: &Arc<str>) {
        self.lock().source = Some(Arc::clone(source));
    }

    /// A partition is read from `position` on.
    pub(super) fn begin(&self, topic: &Arc<str>, partition: i32, position: i64) {
        self.lock().partitions.insert(
            (Arc::clone(topic), partition),
            Place {
                position,
                stored: position,
                low: None,
                high: None,
            },
        );
    }

    /// A partition is no longer read.
    pub(super) fn end(&self, topic: &Arc<str>, partition: i32) {
        self.lock()
            .partitions
            .remove(&(Arc::clone(topic), partition));
    }

    /// `records` were handed over; `positions` are the next offsets behind them.
    pub(super) fn advanced<'a>(
        &self,
        records: usize,
        positions: impl Iterator<Item = (&'a Arc<str>, i32, i64)>,
    ) {
        let mut inner = self.lock();
        inner.records += records as u64;
        for (topic, partition, position) in positions {
            if let Some(place) = inner.partitions.get_mut(&(Arc::clone(topic), partition)) {
                place.position = position;
            }
        }
    }

    /// What the broker keeps of a partition, as far as it has said.
    pub(super) fn watermarks(
        &self,
        topic: &Arc<str>,
        partition: i32,
        low: Option<i64>,
        high: Option<i64>,
    ) {
        if let Some(place) = self
            .lock()
            .partitions
            .get_mut(&(Arc::clone(topic), partition))
        {
            place.low = low.or(place.low);
            place.high = high.or(place.high);
        }
    }

    pub(super) fn skipped(&self, records: u64) {
        self.lock().skipped += records;
    }

    pub(super) fn progress(&self, done: u64, total: u64) {
        self.lock().progress = Some((done, total));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
