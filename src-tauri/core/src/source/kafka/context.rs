//! What the poll thread and the callbacks of the client share.
//!
//! The client library calls back only from inside `poll`, so everything here runs on the one thread of the source;
//! the locks exist because the library's types demand `Sync`, and are never contended.

use super::diagnose::Complaints;
use super::settings::KafkaSettings;
use crate::error::{Error, ErrorKind};
use crate::source::{
    Intake, Positions, Record, SourceEvent, SourceHealth, SourceState, StopSignal,
};
use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long the pipeline may take to let go of revoked partitions.
const REVOKE_PATIENCE: Duration = Duration::from_secs(5);

/// The consumer with our callbacks.
pub(super) type Consumer = BaseConsumer<Callbacks>;

/// What a client calls. A source that needs a new client gives it the same context.
pub(super) struct Callbacks(pub Arc<SourceContext>);

/// A topic and partition.
pub(super) type Place = (Arc<str>, i32);

/// State of one running source.
pub(super) struct SourceContext {
    pub settings: KafkaSettings,
    pub topics: Vec<Arc<str>>,
    pub intake: Arc<dyn Intake>,
    pub positions: Arc<dyn Positions>,
    pub health: Arc<SourceHealth>,
    pub stop: StopSignal,
    /// Known once the cluster has answered.
    pub source: OnceLock<Arc<str>>,
    pub complaints: Complaints,
    /// Records that were polled and not yet sent. Here, so that a revocation inside `poll` can send them first.
    pending: Mutex<Vec<Record>>,
    /// Partitions are paused, so newly assigned ones must be too.
    pub paused: AtomicBool,
    /// What is being retried is reaching a broker, so brokers that can be reached end it.
    unreachable: AtomicBool,
    /// Another client has to take over.
    given_up: AtomicBool,
    /// What a callback found that ends the source.
    fatal: Mutex<Option<Error>>,
}

impl SourceContext {
    pub(super) fn new(
        settings: KafkaSettings,
        intake: Arc<dyn Intake>,
        positions: Arc<dyn Positions>,
        health: Arc<SourceHealth>,
        stop: StopSignal,
    ) -> Self {
        Self {
            topics: settings.topics(),
            settings,
            intake,
            positions,
            health,
            stop,
            source: OnceLock::new(),
            complaints: Complaints::default(),
            pending: Mutex::default(),
            paused: AtomicBool::new(false),
            unreachable: AtomicBool::new(false),
            given_up: AtomicBool::new(false),
            fatal: Mutex::default(),
        }
    }

    /// Whether the cluster has answered before, so that what is wrong now should pass.
    pub(super) fn has_answered(&self) -> bool {
        self.source.get().is_some()
    }

    /// A client begins.
    pub(super) fn begin_client(&self) {
        self.given_up.store(false, Ordering::Relaxed);
    }

    /// This client reads on only when it is told where; a new one is.
    pub(super) fn give_client_up(&self) {
        if !self.given_up.swap(true, Ordering::Relaxed) {
            tracing::warn!("the Kafka client reads no more and is replaced");
        }
    }

    /// Whether the source was asked to stop, or this client is given up.
    pub(super) fn is_over(&self) -> bool {
        self.stop.is_cancelled() || self.given_up.load(Ordering::Relaxed)
    }

    /// Gives up what is still read, as it is when a client that belongs to no group ends.
    pub(super) fn give_back(&self) {
        let partitions = self.health.snapshot().partitions;
        let places = partitions.into_iter();
        let places: Vec<Place> = places.map(|place| (place.topic, place.partition)).collect();
        if places.is_empty() {
            return;
        }
        self.revoke(&places, false);
        for (topic, partition) in &places {
            self.health.end(topic, *partition);
        }
    }

    /// Name of the source. Asked for only after the cluster has answered.
    pub(super) fn source(&self) -> Arc<str> {
        self.source
            .get()
            .cloned()
            .unwrap_or_else(|| "kafka:unknown".into())
    }

    /// The shared text of a topic name, so that a record does not carry a copy of it.
    pub(super) fn topic(&self, name: &str) -> Arc<str> {
        self.topics
            .iter()
            .find(|topic| ***topic == *name)
            .cloned()
            .unwrap_or_else(|| name.into())
    }

    pub(super) fn pending(&self) -> MutexGuard<'_, Vec<Record>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what was polled.
    pub(super) fn flush(&self) {
        let records = std::mem::take(&mut *self.pending());
        if records.is_empty() {
            return;
        }
        // Only the last record of a run of one partition decides about its position.
        let next = records
            .iter()
            .map(|record| (&record.topic, record.partition, record.offset + 1));
        let mut last: Vec<(&Arc<str>, i32, i64)> = Vec::new();
        for (topic, partition, offset) in next {
            match last
                .iter_mut()
                .find(|(known, number, _)| *number == partition && *known == topic)
            {
                Some(known) => known.2 = offset,
                None => last.push((topic, partition, offset)),
            }
        }
        self.health.advanced(records.len(), last.into_iter());
        self.intake.send(SourceEvent::Records(records));
    }

    /// Takes partitions away from the pipeline and waits until it has let go of them, or has had its time.
    pub(super) fn revoke(&self, places: &[Place], lost: bool) {
        self.flush();
        let (done, mut answer) = oneshot::channel();
        self.intake.send(SourceEvent::Revoked {
            partitions: places.to_vec(),
            lost,
            done,
        });
        let deadline = Instant::now() + REVOKE_PATIENCE;
        while matches!(answer.try_recv(), Err(oneshot::error::TryRecvError::Empty)) {
            if Instant::now() >= deadline {
                self.health.notice(
                    "The store did not finish in time when partitions were taken away. \
                     What was in flight will be read again by their next owner.",
                );
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub(super) fn fail(&self, error: Error) {
        self.fatal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }

    pub(super) fn take_failure(&self) -> Option<Error> {
        self.fatal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The broker is away; says so with the best explanation there is.
    pub(super) fn retrying(&self, otherwise: &str) {
        self.unreachable.store(true, Ordering::Relaxed);
        match self.complaints.diagnosis() {
            Some(diagnosis) => self
                .health
                .retrying(format!("{} {}", diagnosis.problem, diagnosis.fix)),
            None => self.health.retrying(otherwise),
        }
    }

    /// Partitions are read, or paused.
    pub(super) fn settle(&self) {
        self.unreachable.store(false, Ordering::Relaxed);
        let paused = self.paused.load(Ordering::Relaxed);
        self.health.set_state(if paused {
            SourceState::StoreBound
        } else {
            SourceState::Live
        });
        self.complaints.clear();
    }

    /// Takes over what the broker says about the ends of partitions, and whether it can be reached at all.
    fn take_statistics(&self, statistics: &Statistics) {
        // A broker that is starting or stopping may answer that the cluster has the topic and no broker at all. The
        // client then forgets every broker, those of the connection included, and never asks anybody again
        // (librdkafka issue 5301).
        let mut sources = statistics.brokers.values().map(|broker| &*broker.source);
        if !sources.any(|source| matches!(source, "configured" | "learned")) {
            self.give_client_up();
        }
        let snapshot = self.health.snapshot();
        let mut unreachable = None;
        for place in &snapshot.partitions {
            let Some(partition) = statistics
                .topics
                .get(&*place.topic)
                .and_then(|topic| topic.partitions.get(&place.partition))
            else {
                continue;
            };
            let known = |offset: i64| (offset >= 0).then_some(offset);
            let (low, high) = (known(partition.lo_offset), known(partition.hi_offset));
            self.health
                .watermarks(&place.topic, place.partition, low, high);
            let leader = statistics
                .brokers
                .values()
                .find(|broker| broker.nodeid == partition.leader);
            if leader.is_none_or(|broker| !matches!(broker.state.as_str(), "UP" | "UPDATE")) {
                unreachable.get_or_insert((place, leader.map(|broker| broker.nodename.clone())));
            }
        }
        match (unreachable, snapshot.state) {
            (None, SourceState::Retrying)
                if !snapshot.partitions.is_empty() && self.unreachable.load(Ordering::Relaxed) =>
            {
                self.settle();
            }
            (Some((place, broker)), SourceState::Live) => {
                let broker = broker.map_or_else(String::new, |name| format!(" ({name})"));
                self.retrying(&format!(
                    "The broker{broker} that leads partition {} of {} cannot be reached. Picket tries again.",
                    place.partition, place.topic
                ));
            }
            _ => {}
        }
    }
}

impl ClientContext for Callbacks {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.complaints.hear(level, message);
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => {
                tracing::warn!(target: "librdkafka", facility, message);
            }
            _ => tracing::debug!(target: "librdkafka", facility, message),
        }
    }

    fn stats(&self, statistics: Statistics) {
        self.0.take_statistics(&statistics);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.complaints.push(reason);
        tracing::warn!(target: "librdkafka", %error, reason);
    }
}

impl ConsumerContext for Callbacks {
    fn rebalance(
        &self,
        consumer: &Consumer,
        kind: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        super::rebalance::handle(&self.0, consumer, kind, partitions);
    }

    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::debug!(%error, "the broker did not take the offsets for its dashboards");
        }
    }
}

/// An error of the client library in our words.
pub(super) fn broker_error(what: impl Into<String>, error: KafkaError) -> Error {
    Error::caused(ErrorKind::BrokerUnreachable, what, error)
}
