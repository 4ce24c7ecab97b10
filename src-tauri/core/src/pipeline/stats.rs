//! What a running feed has done so far, for the status that people see.

use super::batch::Partition;
use super::burst::{Burst, BurstGuard};
use crate::error::Error;
use crate::source::{HealthSnapshot, Record, SourceHealth, SourceState};
use crate::store::{Commit, Ending, OffsetAdvance, StoreError, Tally};
use crate::view::{
    CountersStatus, FeedAway, FeedPause, FeedState, FeedStatus, FeedTotals, Millis,
    PartitionStatus, ReasonCount, count,
};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Rates are taken over this long.
const RATE_WINDOW: Duration = Duration::from_secs(5);
/// A caught-up feed without records for this long counts as idle.
const IDLE_AFTER: Duration = Duration::from_secs(10);

/// Counts of one feed. The lanes add, displays read.
#[derive(Debug)]
pub(super) struct FeedStats {
    inner: Mutex<Inner>,
    revision: tokio::sync::watch::Sender<i64>,
    /// What the source says about itself; nothing until it has been started.
    source: OnceLock<Arc<SourceHealth>>,
}

#[derive(Debug)]
struct Inner {
    tally: Tally,
    partitions: BTreeMap<Partition, Place>,
    samples: VecDeque<Sample>,
    last_record: Instant,
    store_problem: Option<String>,
    failure: Option<String>,
    guard: Option<BurstGuard>,
    burst: Option<Burst>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    next_offset: i64,
    records: u64,
}

#[derive(Debug)]
struct Sample {
    at: Instant,
    records: u64,
    partitions: BTreeMap<Partition, u64>,
}

impl FeedStats {
    /// Counts of a feed that starts. With `guarded`, a burst of dead letters stops it.
    pub fn new(guarded: bool) -> Self {
        Self {
            inner: Mutex::new(Inner {
                tally: Tally::default(),
                partitions: BTreeMap::new(),
                samples: VecDeque::new(),
                last_record: Instant::now(),
                store_problem: None,
                failure: None,
                guard: guarded.then(BurstGuard::default),
                burst: None,
            }),
            revision: tokio::sync::watch::Sender::new(0),
            source: OnceLock::new(),
        }
    }

    /// Lets the source know from now on what has been stored.
    pub fn attach(&self, source: Arc<SourceHealth>) {
        let _ = self.source.set(source);
    }

    /// Follows the revision of the store.
    pub fn revisions(&self) -> tokio::sync::watch::Receiver<i64> {
        self.revision.subscribe()
    }

    pub fn stored<'a>(
        &self,
        commit: &Commit,
        moves: &[OffsetAdvance],
        records: impl Iterator<Item = &'a Record>,
    ) {
        let mut inner = self.lock();
        inner.tally.add(&commit.tally);
        for advance in moves {
            if let Some(source) = self.source.get() {
                source.stored(&advance.topic, advance.partition, advance.to);
            }
            let place = inner
                .partitions
                .entry((Arc::clone(&advance.topic), advance.partition))
                .or_default();
            place.next_offset = advance.to;
        }
        for record in records {
            if let Some(place) = inner
                .partitions
                .get_mut(&(Arc::clone(&record.topic), record.partition))
            {
                place.records += 1;
            }
        }
        inner.last_record = Instant::now();
        if inner.burst.is_none() {
            let burst = inner
                .guard
                .as_mut()
                .and_then(|guard| guard.look(&commit.tally));
            inner.burst = burst;
        }
        drop(inner);
        self.revision.send_replace(commit.revision);
    }

    pub fn waits(&self, error: &StoreError) {
        self.lock().store_problem = Some(format!(
            "Storing waits: {error}. Nothing is lost; it goes on by itself."
        ));
    }

    pub fn goes_on(&self) {
        self.lock().store_problem = None;
    }

    pub fn fail(&self, error: &Error) {
        let detail = error
            .detail()
            .map(|detail| format!(" ({detail})"))
            .unwrap_or_default();
        self.lock().failure = Some(format!("{}{detail}", error.message));
    }

    /// Why the feed ended, if it ended by an error of the pipeline.
    pub fn failure(&self) -> Option<String> {
        self.lock().failure()
    }

    /// Whether a burst of dead letters has stopped the feed.
    pub fn is_stopped_by_burst(&self) -> bool {
        self.lock().burst.is_some()
    }

    pub fn tally(&self) -> Tally {
        self.lock().tally.clone()
    }

    /// Takes a sample for the rates. Called about once a second.
    pub fn sample(&self) {
        let mut inner = self.lock();
        let now = Instant::now();
        let sample = Sample {
            at: now,
            records: inner.tally.records(),
            partitions: inner
                .partitions
                .iter()
                .map(|(partition, place)| (partition.clone(), place.records))
                .collect(),
        };
        inner.samples.push_back(sample);
        // One sample older than the window stays, so that the rate always spans the whole of it.
        while inner
            .samples
            .get(1)
            .is_some_and(|second| now - second.at >= RATE_WINDOW)
        {
            inner.samples.pop_front();
        }
    }

    /// The feed as the window shows it.
    pub fn status(
        &self,
        connection: &str,
        since: Millis,
        health: &HealthSnapshot,
        counters: CountersStatus,
    ) -> FeedStatus {
        let inner = self.lock();
        let rate = |records: u64, earlier: u64, at: Instant| {
            let seconds = at.elapsed().as_secs_f64();
            if seconds < 0.5 {
                0.0
            } else {
                count(records.saturating_sub(earlier)) / seconds
            }
        };
        let oldest = inner.samples.front();
        let partitions = inner.partition_rows(health, |partition, records| {
            oldest.map_or(0.0, |sample| {
                rate(
                    records,
                    sample.partitions.get(partition).copied().unwrap_or(0),
                    sample.at,
                )
            })
        });
        FeedStatus {
            state: inner.state(health),
            connection: connection.to_owned(),
            problem: inner
                .failure()
                .or_else(|| inner.store_problem.clone())
                .or_else(|| health.problem.clone())
                .or_else(|| health.notices.last().cloned()),
            since: Some(since),
            rate: oldest.map_or(0.0, |sample| {
                rate(inner.tally.records(), sample.records, sample.at)
            }),
            lag: partitions
                .iter()
                .filter_map(|partition| partition.lag)
                .reduce(|sum, lag| sum + lag),
            totals: totals(&inner.tally),
            partitions,
            counters,
            away: inner.away(health),
            paused: inner.paused(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Who does not answer; the store first, because nothing is asked of the broker without it.
    fn away(&self, health: &HealthSnapshot) -> Option<FeedAway> {
        if self.store_problem.is_some() {
            return Some(FeedAway::Store);
        }
        (health.state == SourceState::Retrying).then_some(FeedAway::Broker)
    }

    fn paused(&self) -> Option<FeedPause> {
        let burst = self.burst.as_ref()?;
        Some(FeedPause {
            reason: self.failure()?,
            rejected: count(burst.rejected as u64),
            of: count(burst.of as u64),
            top_reason: burst.reason.to_string(),
        })
    }

    fn failure(&self) -> Option<String> {
        self.failure.clone().or_else(|| {
            let Burst { rejected, of, reason } = self.burst.as_ref()?;
            Some(format!(
                "{rejected} of the last {of} records could not be read, most because of {reason}. Reading has \
                 stopped, so that a wrong schema does not fill the store. Look at the dead letters, then start again."
            ))
        })
    }

    fn state(&self, health: &HealthSnapshot) -> FeedState {
        if self.failure.is_some() || self.burst.is_some() {
            return FeedState::Failed;
        }
        if self.store_problem.is_some() {
            return FeedState::Retrying;
        }
        match health.state {
            SourceState::Connecting | SourceState::Rebalancing => FeedState::Connecting,
            SourceState::Live
                if health.is_caught_up() && self.last_record.elapsed() > IDLE_AFTER =>
            {
                FeedState::Idle
            }
            SourceState::Live => FeedState::Live,
            SourceState::StoreBound => FeedState::StoreBound,
            SourceState::Retrying => FeedState::Retrying,
            SourceState::Finished => FeedState::Draining,
            SourceState::Failed => FeedState::Failed,
        }
    }

    fn partition_rows(
        &self,
        health: &HealthSnapshot,
        rate: impl Fn(&Partition, u64) -> f64,
    ) -> Vec<PartitionStatus> {
        let mut rows: BTreeMap<Partition, PartitionStatus> = BTreeMap::new();
        for partition in &health.partitions {
            let key = (Arc::clone(&partition.topic), partition.partition);
            let place = self.partitions.get(&key);
            let row = PartitionStatus {
                topic: partition.topic.to_string(),
                partition: partition.partition,
                next_offset: partition.stored.to_string(),
                // What the broker said last may be older than what has been stored since.
                high: partition
                    .high
                    .map(|high| high.max(partition.stored).to_string()),
                lag: partition.lag().map(count),
                rate: place.map_or(0.0, |place| rate(&key, place.records)),
            };
            rows.insert(key, row);
        }
        for (key, place) in &self.partitions {
            rows.entry(key.clone()).or_insert_with(|| PartitionStatus {
                topic: key.0.to_string(),
                partition: key.1,
                next_offset: place.next_offset.to_string(),
                high: None,
                lag: None,
                rate: 0.0,
            });
        }
        rows.into_values().collect()
    }
}

/// Counts as the bridge carries them.
fn totals(tally: &Tally) -> FeedTotals {
    let mut totals = FeedTotals {
        records: count(tally.records()),
        ..FeedTotals::default()
    };
    for (&ending, &records) in &tally.0 {
        let records = count(records);
        match ending {
            Ending::Created => totals.created += records,
            Ending::Updated => totals.updated += records,
            Ending::StatusChanged => totals.status_changed += records,
            Ending::Unchanged => totals.unchanged += records,
            Ending::Dropped(reason) => {
                totals.dropped.push(ReasonCount {
                    reason: reason.to_string(),
                    count: records,
                });
            }
            Ending::DeadLettered(_) => totals.dead_lettered += records,
        }
    }
    totals
}
