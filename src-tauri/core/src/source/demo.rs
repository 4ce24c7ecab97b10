//! A feed that needs no cluster: an in-process broker, the generator, and the real consumer between them.
//!
//! The broker is the client library's own mock cluster. It keeps about 5 MiB of a partition and deletes the oldest
//! records beyond that, read or not; so the producer is paced by what the consumer has not read yet, and nothing is
//! ever deleted unread.

use super::generator::{Generator, GeneratorOptions};
use super::{
    Intake, KafkaSettings, KafkaSource, Positions, SourceHandle, SourceHealth, StopSignal,
};
use crate::clock::SharedClock;
use crate::config::{ConnectionProfile, StartPosition};
use crate::error::{Error, ErrorKind, Result};
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The topic of the demo.
pub const DEMO_TOPIC: &str = "ingest-occurrences";
/// Its partitions.
const PARTITIONS: u32 = 4;
/// Unread bytes of a partition above which nothing is added to it; well below what the mock cluster keeps.
const UNREAD_BYTES: usize = 2 << 20;
/// How often the producer looks what is due.
const TICK: Duration = Duration::from_millis(5);

/// What the demo does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOptions {
    /// Records a second, after the backlog.
    pub rate: u32,
    /// Decides about everything but times and ids of the run.
    pub seed: u64,
    /// How long to produce; until stopped where nothing is given.
    pub seconds: Option<u64>,
    /// Distinct issues.
    pub issues: u32,
    /// Records of the day before, produced at once. Where there are at least as many as issues, each issue occurs.
    pub backlog: u64,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self {
            rate: 120,
            seed: 1,
            seconds: None,
            issues: 2_000,
            backlog: 4_000,
        }
    }
}

/// How many records the demo's broker has taken. Shared and live.
#[derive(Debug, Clone, Default)]
pub struct Produced(Arc<AtomicU64>);

impl Produced {
    /// The number now.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A running demo.
#[derive(Debug)]
pub struct DemoHandle {
    /// The source, as any other.
    pub source: SourceHandle,
    /// What it has produced.
    pub produced: Produced,
}

impl DemoHandle {
    /// Records the demo's broker has taken so far.
    #[must_use]
    pub fn produced(&self) -> u64 {
        self.produced.get()
    }
}

/// Starts demos.
#[derive(Debug)]
pub struct DemoSource;

impl DemoSource {
    /// Starts a broker, a producer and a consumer. Every run has offsets of its own. After
    /// [`DemoOptions::seconds`] the producer ends, and the source with it once everything produced has been read.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        options: DemoOptions,
        clock: SharedClock,
        intake: Arc<dyn Intake>,
        positions: Arc<dyn Positions>,
        stop: StopSignal,
    ) -> Result<DemoHandle> {
        let produced = Produced::default();
        let health = Arc::new(SourceHealth::new());
        let demo = Demo {
            options,
            clock,
            intake,
            positions,
            stop: stop.clone(),
            health: Arc::clone(&health),
            produced: produced.clone(),
        };
        let source = SourceHandle::spawn("demo-source", stop, health, move || demo.run())?;
        Ok(DemoHandle { source, produced })
    }
}

struct Demo {
    options: DemoOptions,
    clock: SharedClock,
    intake: Arc<dyn Intake>,
    positions: Arc<dyn Positions>,
    stop: StopSignal,
    health: Arc<SourceHealth>,
    produced: Produced,
}

impl Demo {
    fn run(self) -> Result<()> {
        let cluster = MockCluster::new(1).map_err(no_broker)?;
        cluster
            .create_topic(DEMO_TOPIC, i32::try_from(PARTITIONS).unwrap_or(1), 1)
            .map_err(no_broker)?;
        let servers = cluster.bootstrap_servers();
        let producer: DemoProducer = ClientConfig::new()
            .set("bootstrap.servers", &servers)
            .set("linger.ms", "5")
            .set("compression.type", "lz4")
            .set_log_level(RDKafkaLogLevel::Warning)
            .create_with_context(Deliveries {
                taken: self.produced.clone(),
            })
            .map_err(no_broker)?;
        let reading = self.stop.child_token();
        let consumer = self.consumer(servers, reading)?;
        let result = self
            .produce(&producer, &consumer)
            .and_then(|()| self.await_readers(&producer, &consumer));
        consumer.stop();
        // The broker lives as long as somebody reads from it.
        let read = consumer.join();
        drop(cluster);
        result.and(read)
    }

    fn consumer(&self, servers: String, stop: StopSignal) -> Result<SourceHandle> {
        let profile = ConnectionProfile {
            name: "demo".to_owned(),
            bootstrap_servers: servers,
            topics: vec![DEMO_TOPIC.to_owned()],
            start: StartPosition::Earliest,
            ..ConnectionProfile::default()
        };
        let source = format!("demo:{:016x}", rand::random::<u64>());
        let settings = KafkaSettings {
            source: Some(source.into()),
            ..KafkaSettings::from(profile)
        };
        let (intake, positions) = (Arc::clone(&self.intake), Arc::clone(&self.positions));
        KafkaSource::start_with_health(
            settings,
            None,
            intake,
            positions,
            stop,
            Arc::clone(&self.health),
        )
    }

    /// Produces the backlog, then at the rate, until the time is up, the demo is stopped or nobody reads any more.
    fn produce(&self, producer: &DemoProducer, consumer: &SourceHandle) -> Result<()> {
        let options = &self.options;
        let generator = GeneratorOptions {
            issues: options.issues,
            backlog: options.backlog,
            // A past that has room for it holds every issue at least once.
            each_issue_first: options.backlog >= u64::from(options.issues),
            ..GeneratorOptions::new(self.clock.now())
        };
        let mut records = Generator::new(options.seed, generator);
        let mut unread = Unread::default();
        let started = Instant::now();
        let mut sent: u64 = 0;
        // Counted from the end of the backlog; moved on when readers were too slow, so that no burst follows.
        let mut live_since: Option<Instant> = None;
        let mut live_sent: u64 = 0;
        while self.goes_on(started, consumer) {
            let due = if sent < options.backlog {
                options.backlog - sent
            } else {
                let since = *live_since.get_or_insert_with(Instant::now);
                records_in(since.elapsed(), options.rate).saturating_sub(live_sent)
            };
            unread.drop_read(&self.health);
            for _ in 0..due {
                if unread.is_full() || !self.goes_on(started, consumer) {
                    break;
                }
                let record = records.next_at(self.clock.now());
                let partition = record.partition(PARTITIONS);
                send(
                    producer,
                    partition,
                    &record.key,
                    &record.payload,
                    record.time.timestamp_millis(),
                )?;
                unread.add(partition, record.payload.len());
                sent += 1;
                live_sent += u64::from(live_since.is_some());
            }
            if live_since.is_some() && unread.is_full() {
                live_since = None;
                live_sent = 0;
            }
            producer.poll(TICK);
        }
        Ok(())
    }

    fn goes_on(&self, started: Instant, consumer: &SourceHandle) -> bool {
        let in_time = self
            .options
            .seconds
            .is_none_or(|seconds| started.elapsed() < Duration::from_secs(seconds));
        in_time && !self.stop.is_cancelled() && !consumer.is_finished()
    }

    /// After the last record: waits until all of them are delivered and read.
    fn await_readers(&self, producer: &DemoProducer, consumer: &SourceHandle) -> Result<()> {
        while producer.in_flight_count() > 0 && !self.stop.is_cancelled() {
            producer.poll(TICK);
        }
        while !self.stop.is_cancelled() && !consumer.is_finished() {
            let snapshot = self.health.snapshot();
            let read: i64 = snapshot.partitions.iter().map(|place| place.position).sum();
            if u64::try_from(read).unwrap_or(0) >= self.produced.get() {
                return Ok(());
            }
            std::thread::sleep(TICK);
        }
        Ok(())
    }
}

type DemoProducer = BaseProducer<Deliveries>;

/// Counts what the broker has taken.
struct Deliveries {
    taken: Produced,
}

impl ClientContext for Deliveries {
    fn log(&self, _level: RDKafkaLogLevel, facility: &str, message: &str) {
        tracing::debug!(target: "librdkafka", facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(target: "librdkafka", %error, reason);
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): Self::DeliveryOpaque) {
        match result {
            Ok(_) => {
                self.taken.0.fetch_add(1, Ordering::Relaxed);
            }
            Err((error, _)) => tracing::error!(%error, "the demo's broker did not take a record"),
        }
    }
}

/// Sends one record, waiting for room in the producer's own queue.
fn send(
    producer: &DemoProducer,
    partition: i32,
    key: &[u8],
    payload: &[u8],
    time: i64,
) -> Result<()> {
    let mut record = BaseRecord::to(DEMO_TOPIC)
        .partition(partition)
        .key(key)
        .payload(payload)
        .timestamp(time);
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((
                KafkaError::MessageProduction(rdkafka::error::RDKafkaErrorCode::QueueFull),
                back,
            )) => {
                record = back;
                producer.poll(TICK);
            }
            Err((error, _)) => return Err(no_broker(error)),
        }
    }
}

/// Bytes that were produced and not yet read, per partition. Offsets of the demo begin at 0 and have no holes.
#[derive(Default)]
struct Unread([Backlog; PARTITIONS as usize]);

#[derive(Default)]
struct Backlog {
    /// Offset of the first record in `sizes`.
    first: i64,
    sizes: VecDeque<usize>,
    bytes: usize,
}

impl Unread {
    fn add(&mut self, partition: i32, bytes: usize) {
        if let Some(backlog) = usize::try_from(partition)
            .ok()
            .and_then(|index| self.0.get_mut(index))
        {
            backlog.sizes.push_back(bytes);
            backlog.bytes += bytes;
        }
    }

    /// Any partition is full: records come in one sequence, so all of them wait.
    fn is_full(&self) -> bool {
        self.0.iter().any(|backlog| backlog.bytes >= UNREAD_BYTES)
    }

    fn drop_read(&mut self, health: &SourceHealth) {
        for place in health.snapshot().partitions {
            let Some(backlog) = usize::try_from(place.partition)
                .ok()
                .and_then(|index| self.0.get_mut(index))
            else {
                continue;
            };
            while backlog.first < place.position
                && let Some(size) = backlog.sizes.pop_front()
            {
                backlog.first += 1;
                backlog.bytes -= size;
            }
        }
    }
}

/// How many records a rate makes in a time.
fn records_in(time: Duration, rate: u32) -> u64 {
    u64::try_from(time.as_micros() * u128::from(rate) / 1_000_000).unwrap_or(u64::MAX)
}

fn no_broker(error: KafkaError) -> Error {
    Error::caused(
        ErrorKind::Internal,
        "The broker of the demo does not start. Please report this.",
        error,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::source::SourceState;
    use crate::source::testing::{MemoryPositions, Recorder, intake, positions, until};

    struct Run {
        recorder: Arc<Recorder>,
        demo: DemoHandle,
    }

    fn start(options: DemoOptions) -> Run {
        let (recorder, memory) = (
            Arc::<Recorder>::default(),
            Arc::<MemoryPositions>::default(),
        );
        let demo = DemoSource::start(
            options,
            Arc::new(SystemClock),
            intake(&recorder),
            positions(&memory),
            StopSignal::new(),
        )
        .unwrap();
        Run { recorder, demo }
    }

    #[test]
    fn everything_produced_is_read_and_then_it_ends() {
        let run = start(DemoOptions {
            rate: 400,
            seconds: Some(2),
            backlog: 1_500,
            ..DemoOptions::default()
        });
        until(&run.demo.source, "the end", || {
            run.demo.source.is_finished()
        });
        let produced = run.demo.produced();
        let health = Arc::clone(run.demo.source.health());
        run.demo.source.join().unwrap();
        assert_eq!(health.state(), SourceState::Finished);
        assert_eq!(produced, run.recorder.count() as u64);
        assert!((1_900..=2_300).contains(&produced), "{produced}");
        for offsets in run.recorder.offsets().values() {
            assert_eq!(
                *offsets,
                (0..i64::try_from(offsets.len()).unwrap()).collect::<Vec<_>>()
            );
        }
        let source = health.snapshot().source.unwrap();
        assert!(source.starts_with("demo:"), "{source}");
    }

    #[test]
    fn a_reader_that_stands_still_loses_nothing() {
        let run = start(DemoOptions {
            rate: 1,
            seconds: Some(20),
            backlog: 8_000,
            ..DemoOptions::default()
        });
        until(&run.demo.source, "the first records", || {
            run.recorder.count() > 0
        });
        run.recorder.over_budget.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(1_500));
        // About 20 MiB in four partitions would not fit: the producer must have waited.
        let waiting = run.demo.produced();
        assert!(waiting < 8_000, "{waiting}");
        run.recorder.over_budget.store(false, Ordering::Relaxed);
        until(&run.demo.source, "all of the backlog", || {
            run.recorder.count() >= 8_000
        });
        run.demo.source.stop();
        run.demo.source.join().unwrap();
        for offsets in run.recorder.offsets().values() {
            assert_eq!(
                *offsets,
                (0..i64::try_from(offsets.len()).unwrap()).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_rate_is_exact_over_time() {
        assert_eq!(records_in(Duration::from_millis(10), 150), 1);
        assert_eq!(records_in(Duration::from_secs(3_600), 500), 1_800_000);
    }
}
