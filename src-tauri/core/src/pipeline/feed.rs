//! A feed: one source, its lanes, and the store, running.

use super::budget::Budget;
use super::collect::Collector;
use super::process::Processor;
use super::settings::PipelineSettings;
use super::stats::FeedStats;
use super::write::Writer;
use crate::clock::SharedClock;
use crate::error::{Error, ErrorKind};
use crate::limits::Counters;
use crate::source::{
    Intake, Positions, Record, SourceEvent, SourceHandle, SourceHealth, StopSignal,
};
use crate::store::{IngestStore, OffsetAdvance, Store, Tally};
use crate::view::FeedStatus;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Batches that wait decoded for the writer of a lane: one, so that decoding and writing overlap and no more.
const DECODED_AHEAD: usize = 1;

/// What a source is started with.
pub struct SourceSeat {
    /// Takes what it reads.
    pub intake: Arc<dyn Intake>,
    /// Says where partitions stand.
    pub positions: Arc<dyn Positions>,
    /// Asks it to end.
    pub stop: StopSignal,
}

/// How a source ended; an error in its words.
type SourceEnd = Result<(), (ErrorKind, String)>;

/// A running feed. Dropping it stops the source but waits for nothing; call [`Feed::stop`] to drain.
#[derive(Debug)]
pub struct Feed {
    connection: String,
    since: f64,
    /// How the source ended, once it has.
    ended: watch::Receiver<Option<SourceEnd>>,
    health: Arc<SourceHealth>,
    stop: StopSignal,
    lanes: Arc<Lanes>,
    stats: Arc<FeedStats>,
    tasks: TaskTracker,
    abandon: CancellationToken,
    drain: Duration,
    counters: Arc<Counters>,
}

impl Feed {
    /// Starts the lanes, then the source that `start_source` makes. Call inside a tokio runtime.
    ///
    /// # Errors
    /// Whatever keeps the source from starting.
    pub fn start(
        connection: &str,
        store: Arc<Store>,
        clock: &SharedClock,
        settings: &PipelineSettings,
        start_source: impl FnOnce(SourceSeat) -> Result<SourceHandle, Error>,
    ) -> Result<Self, Error> {
        let stop = StopSignal::new();
        let abandon = CancellationToken::new();
        let stats = Arc::new(FeedStats::new(settings.burst_guard));
        let budget = Arc::new(Budget::new(settings.budget_bytes, settings.budget_records));
        let tasks = TaskTracker::new();
        let processor = Processor::new(Arc::clone(&store), settings.clone());
        let mut senders = Vec::new();
        for _ in 0..store.lanes() {
            let (event_sender, events) = mpsc::unbounded_channel();
            let (writer, commands) = mpsc::channel(DECODED_AHEAD);
            let collector = Collector::new(
                settings.clone(),
                processor.clone(),
                Arc::clone(clock),
                events,
                writer,
            );
            tasks.spawn(collector.run());
            tasks.spawn(
                Writer {
                    processor: processor.clone(),
                    commands,
                    budget: Arc::clone(&budget),
                    stats: Arc::clone(&stats),
                    abandon: abandon.clone(),
                    failed: stop.clone(),
                }
                .run(),
            );
            senders.push(event_sender);
        }
        tasks.close();
        let lanes = Arc::new(Lanes {
            senders: RwLock::new(senders),
            budget,
            runtime: Handle::current(),
        });
        spawn_sampler(Arc::clone(&stats), stop.clone());
        let seat = SourceSeat {
            intake: Arc::clone(&lanes) as Arc<dyn Intake>,
            positions: Arc::new(StorePositions {
                store,
                clock: Arc::clone(clock),
                runtime: Handle::current(),
            }),
            stop: stop.clone(),
        };
        let source = start_source(seat).inspect_err(|_| stop.cancel())?;
        let health = Arc::clone(source.health());
        stats.attach(Arc::clone(&health));
        let since = crate::view::millis(clock.now());
        Ok(Self {
            connection: connection.to_owned(),
            since,
            ended: watch_end(source),
            health,
            stop,
            lanes,
            stats,
            tasks,
            abandon,
            drain: settings.drain,
            counters: Arc::clone(&settings.counters),
        })
    }

    /// What it is doing and how its records ended.
    #[must_use]
    pub fn status(&self) -> FeedStatus {
        self.stats.status(
            &self.connection,
            self.since,
            &self.health.snapshot(),
            self.counters.status().into(),
        )
    }

    /// Exact counts of how the records ended so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.stats.tally()
    }

    /// Follows the store's revision as batches are committed.
    #[must_use]
    pub fn revisions(&self) -> watch::Receiver<i64> {
        self.stats.revisions()
    }

    /// What the source says about itself.
    #[must_use]
    pub fn health(&self) -> &SourceHealth {
        &self.health
    }

    /// Waits until the source has come to its end by itself, or was stopped, and everything it read is stored.
    ///
    /// # Errors
    /// What ended the source or the pipeline early. What was stored until then stays. May be given up and called again.
    pub async fn finish(&self) -> Result<FeedStatus, Error> {
        let mut ended = self.ended.clone();
        let ended = match ended.wait_for(Option::is_some).await {
            Ok(end) => end.clone().unwrap_or(Ok(())),
            Err(_) => Err((
                ErrorKind::Internal,
                "The source ended without a word. Please report this.".to_owned(),
            )),
        };
        // Without senders the lanes store what they hold and end.
        self.lanes.close();
        self.tasks.wait().await;
        self.stop.cancel();
        let status = self.status();
        match (self.stats.failure(), ended) {
            (Some(problem), _) => Err(Error::new(ErrorKind::StoreUnavailable, problem)),
            (None, Err((kind, problem))) => Err(Error::new(kind, problem)),
            (None, Ok(())) => Ok(status),
        }
    }

    /// Stops reading and stores what has been read. What the store has not taken within the drain time stays at the
    /// source and is read again by the next feed.
    ///
    /// # Errors
    /// As for [`Feed::finish`].
    pub async fn stop(&self) -> Result<FeedStatus, Error> {
        self.stop.cancel();
        let abandon = self.abandon.clone();
        let drain = self.drain;
        let deadline = tokio::spawn(async move {
            tokio::time::sleep(drain).await;
            abandon.cancel();
        });
        let result = self.finish().await;
        deadline.abort();
        result
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.cancel();
        self.abandon.cancel();
        self.lanes.close();
    }
}

/// Waits for the end of a source on a thread of its own, so that any number of callers can wait and give up.
fn watch_end(source: SourceHandle) -> watch::Receiver<Option<SourceEnd>> {
    let (sender, receiver) = watch::channel(None);
    tokio::task::spawn_blocking(move || {
        let end = source.join().map_err(|error| (error.kind, error.message));
        sender.send_replace(Some(end));
    });
    receiver
}

fn spawn_sampler(stats: Arc<FeedStats>, stop: StopSignal) {
    tokio::spawn(async move {
        while stop
            .run_until_cancelled(tokio::time::sleep(Duration::from_secs(1)))
            .await
            .is_some()
        {
            stats.sample();
        }
    });
}

/// The lanes of a feed as its source sees them.
#[derive(Debug)]
struct Lanes {
    /// Empty once the feed ends.
    senders: RwLock<Vec<mpsc::UnboundedSender<SourceEvent>>>,
    budget: Arc<Budget>,
    runtime: Handle,
}

impl Lanes {
    fn close(&self) {
        self.senders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// A partition always goes through the same lane, so its records stay in order. The partitions of a topic are dealt out
/// in turn: the lane with most of them is the one that finishes last.
fn lane_of(topic: &str, partition: i32, lanes: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    topic.hash(&mut hasher);
    let turn = hasher
        .finish()
        .wrapping_add(u64::from(partition.cast_unsigned()));
    usize::try_from(turn % lanes as u64).unwrap_or(0)
}

impl Intake for Lanes {
    fn send(&self, event: SourceEvent) {
        let senders = self.senders.read().unwrap_or_else(PoisonError::into_inner);
        if senders.is_empty() {
            return;
        }
        // A lane that has failed no longer listens; it has stopped the source and said why.
        match event {
            SourceEvent::Assigned {
                ref topic,
                partition,
                ..
            } => {
                let _ = senders[lane_of(topic, partition, senders.len())].send(event);
            }
            SourceEvent::Records(records) => {
                self.budget
                    .take(records.iter().map(Record::weight).sum(), records.len());
                for (lane, records) in by_lane(records, senders.len()) {
                    let _ = senders[lane].send(SourceEvent::Records(records));
                }
            }
            SourceEvent::Revoked {
                partitions,
                lost,
                done,
            } => {
                let mut answers = Vec::new();
                for sender in senders.iter() {
                    let (answer, answered) = tokio::sync::oneshot::channel();
                    answers.push(answered);
                    let _ = sender.send(SourceEvent::Revoked {
                        partitions: partitions.clone(),
                        lost,
                        done: answer,
                    });
                }
                self.runtime.spawn(async move {
                    for answer in answers {
                        let _ = answer.await;
                    }
                    let _ = done.send(());
                });
            }
        }
    }

    fn is_over_budget(&self) -> bool {
        self.budget.is_exceeded()
    }

    fn is_below_resume(&self) -> bool {
        self.budget.is_low()
    }
}

/// Splits records by lane, keeping their order.
fn by_lane(records: Vec<Record>, lanes: usize) -> BTreeMap<usize, Vec<Record>> {
    if lanes == 1 {
        return BTreeMap::from([(0, records)]);
    }
    let mut split: BTreeMap<usize, Vec<Record>> = BTreeMap::new();
    for record in records {
        split
            .entry(lane_of(&record.topic, record.partition, lanes))
            .or_default()
            .push(record);
    }
    split
}

/// The store's offsets, for the source's own thread.
struct StorePositions {
    store: Arc<Store>,
    clock: SharedClock,
    runtime: Handle,
}

impl Positions for StorePositions {
    fn claim(&self, source: &str, topic: &str, partition: i32, initial: i64) -> Result<i64, Error> {
        self.runtime
            .block_on(
                self.store
                    .claim_partition(source, topic, partition, initial),
            )
            .map_err(Error::from)
    }

    fn skip_gap(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        from: i64,
        to: i64,
    ) -> Result<(), Error> {
        let advance = OffsetAdvance {
            topic: Arc::from(topic),
            partition,
            from,
            to,
        };
        self.runtime
            .block_on(self.store.skip_gap(source, &advance, self.clock.now()))
            .map_err(Error::from)
    }
}

#[cfg(test)]
mod tests {
    use super::lane_of;

    #[test]
    fn lanes_get_as_many_partitions_of_a_topic_one_as_the_other() {
        for topic in ["ingest-occurrences", "orders", ""] {
            let mut partitions = [0; 4];
            for partition in 0..12 {
                partitions[lane_of(topic, partition, 4)] += 1;
            }
            assert_eq!(partitions, [3; 4], "{topic}");
        }
    }
}
