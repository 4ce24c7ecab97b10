//! The real consumer against the client library's own mock cluster.

use super::context::{Callbacks, SourceContext};
use super::{Begin, KafkaSettings, KafkaSource};
use crate::config::{ConnectionProfile, ConsumeMode, StartPosition};
use crate::error::ErrorKind;
use crate::source::testing::{MemoryPositions, Recorder, Seen, intake, positions, until};
use crate::source::{SourceHandle, SourceState, StopSignal};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use rdkafka::statistics::{Broker, Statistics};
use rdkafka::{ClientConfig, ClientContext};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

const TOPIC: &str = "ingest-occurrences";
const RUN: &str = "kafka:test";

struct Cluster {
    mock: MockCluster<'static, DefaultProducerContext>,
    producer: BaseProducer,
}

impl Cluster {
    fn new(partitions: i32) -> Self {
        let mock = MockCluster::new(1).unwrap();
        mock.create_topic(TOPIC, partitions, 1).unwrap();
        let producer = ClientConfig::new()
            .set("bootstrap.servers", mock.bootstrap_servers())
            .set("linger.ms", "1")
            // One message set per message, so that the mock cluster deletes old ones one by one.
            .set("batch.num.messages", "1")
            .create()
            .unwrap();
        Self { mock, producer }
    }

    fn produce(&self, partition: i32, payloads: impl IntoIterator<Item = Vec<u8>>) {
        for payload in payloads {
            let record = BaseRecord::<[u8], [u8]>::to(TOPIC)
                .partition(partition)
                .payload(&payload)
                .key(b"k");
            self.producer
                .send(record)
                .map_err(|(error, _)| error)
                .unwrap();
            self.producer.poll(Duration::ZERO);
        }
        self.producer.flush(Duration::from_secs(20)).unwrap();
    }

    fn settings(&self) -> KafkaSettings {
        let profile = ConnectionProfile {
            bootstrap_servers: self.mock.bootstrap_servers(),
            start: StartPosition::Earliest,
            ..ConnectionProfile::default()
        };
        KafkaSettings {
            source: Some(RUN.into()),
            ..KafkaSettings::from(profile)
        }
    }
}

#[derive(Default)]
struct Pipeline {
    recorder: Arc<Recorder>,
    memory: Arc<MemoryPositions>,
    stop: StopSignal,
}

impl Pipeline {
    fn start(&self, settings: KafkaSettings) -> SourceHandle {
        let stop = self.stop.child_token();
        KafkaSource::start(
            settings,
            None,
            intake(&self.recorder),
            positions(&self.memory),
            stop,
        )
        .unwrap()
    }
}

fn numbered(range: std::ops::Range<u32>) -> impl Iterator<Item = Vec<u8>> {
    range.map(|n| format!("payload {n}").into_bytes())
}

#[test]
fn every_record_arrives_once_with_all_that_belongs_to_it() {
    let cluster = Cluster::new(4);
    for partition in 0..4 {
        cluster.produce(partition, numbered(0..200));
    }
    let headers = OwnedHeaders::new()
        .insert(Header {
            key: "trace",
            value: Some(&b"\x00\xff"[..]),
        })
        .insert(Header::<&[u8]> {
            key: "none",
            value: None,
        });
    let record = BaseRecord::<[u8], [u8]>::to(TOPIC)
        .partition(2)
        .headers(headers)
        .timestamp(1_700_000_000_123);
    cluster
        .producer
        .send(record)
        .map_err(|(error, _)| error)
        .unwrap();
    cluster.producer.flush(Duration::from_secs(20)).unwrap();

    let pipeline = Pipeline::default();
    let handle = pipeline.start(cluster.settings());
    until(&handle, "801 records", || pipeline.recorder.count() == 801);
    until(&handle, "being caught up", || {
        handle.health().snapshot().is_caught_up()
    });
    let snapshot = handle.health().snapshot();
    assert_eq!(
        (snapshot.state, snapshot.records, snapshot.problem.clone()),
        (SourceState::Live, 801, None)
    );
    assert_eq!(
        snapshot
            .partitions
            .iter()
            .map(|place| place.position)
            .sum::<i64>(),
        801
    );
    assert_eq!(snapshot.lag(), Some(801), "nothing has been stored yet");
    handle.health().stored(&TOPIC.into(), 2, 201);
    assert_eq!(handle.health().snapshot().lag(), Some(600));
    handle.stop();
    handle.join().unwrap();

    for ((_, partition), offsets) in pipeline.recorder.offsets() {
        let last = if partition == 2 { 201 } else { 200 };
        assert_eq!(
            offsets,
            (0..last).collect::<Vec<i64>>(),
            "partition {partition}"
        );
    }
    let records = pipeline.recorder.records.lock().unwrap();
    let tombstone = records
        .iter()
        .find(|record| record.payload.is_empty())
        .unwrap();
    assert_eq!(
        (tombstone.key.clone(), tombstone.timestamp_ms),
        (None, Some(1_700_000_000_123))
    );
    assert_eq!(
        tombstone.headers,
        [
            ("trace".to_owned(), vec![0, 255]),
            ("none".to_owned(), Vec::new())
        ]
    );
    let plain = records
        .iter()
        .find(|record| record.partition == 1 && record.offset == 7)
        .unwrap();
    assert_eq!(
        (&*plain.payload, plain.key.as_deref()),
        (&b"payload 7"[..], Some(&b"k"[..]))
    );
    assert!(pipeline.recorder.largest_batch.load(Ordering::Relaxed) <= 500);
}

#[test]
fn reading_goes_on_where_the_store_stands() {
    let cluster = Cluster::new(2);
    cluster.produce(0, numbered(0..50));
    cluster.produce(1, numbered(0..50));
    let pipeline = Pipeline::default();
    pipeline.memory.set(RUN, TOPIC, 0, 30);
    // Leaves partition 1 to the beginning the connection names.
    let handle = pipeline.start(KafkaSettings {
        begin: Begin::Latest,
        ..cluster.settings()
    });
    until(&handle, "the assignments", || {
        pipeline.recorder.seen().len() == 2
    });
    cluster.produce(1, numbered(50..60));
    until(&handle, "30 records", || pipeline.recorder.count() == 30);
    handle.stop();
    handle.join().unwrap();
    assert_eq!(
        pipeline.recorder.seen(),
        [
            Seen::Assigned(TOPIC.to_owned(), 0, 30),
            Seen::Assigned(TOPIC.to_owned(), 1, 50)
        ]
    );
    let offsets = pipeline.recorder.offsets();
    assert_eq!(
        offsets[&(TOPIC.to_owned(), 0)],
        (30..50).collect::<Vec<i64>>()
    );
    assert_eq!(
        offsets[&(TOPIC.to_owned(), 1)],
        (50..60).collect::<Vec<i64>>()
    );
}

#[test]
fn a_store_that_is_away_at_the_start_is_waited_for() {
    let cluster = Cluster::new(1);
    cluster.produce(0, numbered(0..5));
    let pipeline = Pipeline::default();
    pipeline.memory.failures.store(3, Ordering::Relaxed);
    let handle = pipeline.start(cluster.settings());
    until(&handle, "the words", || {
        let snapshot = handle.health().snapshot();
        snapshot.state == SourceState::Retrying
            && snapshot.problem.as_deref() == Some("The store is away.")
    });
    until(&handle, "5 records", || pipeline.recorder.count() == 5);
    assert_eq!(handle.health().state(), SourceState::Live);
}

#[test]
fn over_budget_nothing_is_read_and_nothing_is_lost() {
    let cluster = Cluster::new(2);
    let pipeline = Pipeline::default();
    let handle = pipeline.start(cluster.settings());
    until(&handle, "reading", || {
        handle.health().state() == SourceState::Live
    });
    pipeline.recorder.over_budget.store(true, Ordering::Relaxed);
    until(&handle, "the pause", || {
        handle.health().state() == SourceState::StoreBound
    });
    cluster.produce(0, numbered(0..300));
    cluster.produce(1, numbered(0..300));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(pipeline.recorder.count(), 0);
    pipeline
        .recorder
        .over_budget
        .store(false, Ordering::Relaxed);
    until(&handle, "600 records", || pipeline.recorder.count() == 600);
    assert_eq!(handle.health().state(), SourceState::Live);
    for offsets in pipeline.recorder.offsets().values() {
        assert_eq!(*offsets, (0..300).collect::<Vec<i64>>());
    }
}

#[test]
fn what_the_broker_has_deleted_is_skipped_and_said() {
    let cluster = Cluster::new(1);
    // The mock cluster keeps 5 MiB of a partition.
    cluster.produce(0, (0..80).map(|_| vec![b'x'; 100_000]));
    let pipeline = Pipeline::default();
    pipeline.memory.set(RUN, TOPIC, 0, 3);
    let handle = pipeline.start(cluster.settings());
    until(&handle, "the rest", || {
        pipeline
            .recorder
            .offsets()
            .values()
            .any(|offsets| offsets.last() == Some(&79))
    });
    let gaps = pipeline.memory.gaps.lock().unwrap().clone();
    let [(_, 0, 3, low)] = gaps[..] else {
        panic!("one gap from 3 on, not {gaps:?}")
    };
    assert!(low > 3);
    assert_eq!(
        pipeline.recorder.seen(),
        [Seen::Assigned(TOPIC.to_owned(), 0, low)]
    );
    assert_eq!(
        pipeline.recorder.offsets()[&(TOPIC.to_owned(), 0)],
        (low..80).collect::<Vec<i64>>()
    );
    let notices = handle.health().snapshot().notices;
    assert!(
        notices[0].starts_with(&format!("{} records of partition 0", low - 3)),
        "{notices:?}"
    );
}

#[test]
fn a_place_behind_the_end_begins_as_the_connection_says() {
    let cluster = Cluster::new(1);
    cluster.produce(0, numbered(0..10));
    let pipeline = Pipeline::default();
    pipeline.memory.set(RUN, TOPIC, 0, 5_000);
    let handle = pipeline.start(cluster.settings());
    until(&handle, "10 records", || pipeline.recorder.count() == 10);
    assert_eq!(
        *pipeline.memory.gaps.lock().unwrap(),
        [(TOPIC.to_owned(), 0, 5_000, 0)]
    );
    assert!(handle.health().snapshot().notices[0].contains("made again"));
}

#[test]
fn records_deleted_while_paused_are_placed_again() {
    let cluster = Cluster::new(1);
    cluster.produce(0, numbered(0..10));
    let pipeline = Pipeline::default();
    let handle = pipeline.start(cluster.settings());
    until(&handle, "10 records", || pipeline.recorder.count() == 10);
    pipeline.memory.set(RUN, TOPIC, 0, 10);
    pipeline.recorder.over_budget.store(true, Ordering::Relaxed);
    until(&handle, "the pause", || {
        handle.health().state() == SourceState::StoreBound
    });
    cluster.produce(0, (0..80).map(|_| vec![b'x'; 100_000]));
    pipeline
        .recorder
        .over_budget
        .store(false, Ordering::Relaxed);
    until(&handle, "the rest", || {
        pipeline
            .recorder
            .offsets()
            .values()
            .any(|offsets| offsets.last() == Some(&89))
    });
    let gaps = pipeline.memory.gaps.lock().unwrap().clone();
    let [(_, 0, 10, low)] = gaps[..] else {
        panic!("one gap from 10 on, not {gaps:?}")
    };
    assert_eq!(
        pipeline.recorder.seen(),
        [
            Seen::Assigned(TOPIC.to_owned(), 0, 0),
            Seen::Revoked(vec![(TOPIC.to_owned(), 0)], false),
            Seen::Assigned(TOPIC.to_owned(), 0, low),
        ]
    );
    let expected: Vec<i64> = (0..10).chain(low..90).collect();
    assert_eq!(
        pipeline.recorder.offsets()[&(TOPIC.to_owned(), 0)],
        expected
    );
}

#[test]
fn a_missing_topic_ends_it_and_names_the_nearest() {
    let cluster = Cluster::new(1);
    let mut settings = cluster.settings();
    settings.profile.topics = vec!["ingest-occurences".to_owned()];
    let pipeline = Pipeline::default();
    let handle = pipeline.start(settings);
    until(&handle, "the end", || handle.is_finished());
    let health = Arc::clone(handle.health());
    let error = handle.join().unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(
        error.message,
        "The cluster has no topic ingest-occurences. Did you mean ingest-occurrences?"
    );
    assert_eq!(
        (health.state(), health.snapshot().problem),
        (SourceState::Failed, Some(error.message))
    );
}

#[test]
fn a_broker_that_goes_away_and_comes_back_is_survived() {
    let cluster = Cluster::new(1);
    cluster.produce(0, numbered(0..10));
    let pipeline = Pipeline::default();
    let handle = pipeline.start(cluster.settings());
    until(&handle, "10 records", || pipeline.recorder.count() == 10);
    cluster.mock.broker_down(-1).unwrap();
    until(&handle, "the words", || {
        handle.health().snapshot().state == SourceState::Retrying
    });
    assert!(
        handle
            .health()
            .snapshot()
            .problem
            .is_some_and(|problem| !problem.is_empty())
    );
    cluster.mock.broker_up(-1).unwrap();
    until(&handle, "the recovery", || {
        handle.health().state() == SourceState::Live
    });
    assert_eq!(handle.health().snapshot().problem, None);
    cluster.produce(0, numbered(10..20));
    until(&handle, "20 records", || pipeline.recorder.count() == 20);
}

#[test]
fn a_client_without_brokers_is_given_up() {
    let pipeline = Pipeline::default();
    let profile = ConnectionProfile {
        bootstrap_servers: "127.0.0.1:9".to_owned(),
        ..ConnectionProfile::default()
    };
    let context = SourceContext::new(
        KafkaSettings::from(profile),
        intake(&pipeline.recorder),
        positions(&pipeline.memory),
        Arc::default(),
        pipeline.stop.clone(),
    );
    let callbacks = Callbacks(Arc::new(context));
    for (sources, is_over) in [
        (&["configured", "logical"][..], false),
        (&["learned", "logical"], false),
        // What the library keeps for itself cannot answer.
        (&["logical", "internal"], true),
        (&[], true),
    ] {
        callbacks.0.begin_client();
        let brokers = sources.iter().map(|source| {
            let broker = Broker {
                source: (*source).to_owned(),
                ..Broker::default()
            };
            ((*source).to_owned(), broker)
        });
        callbacks.stats(Statistics {
            brokers: brokers.collect(),
            ..Statistics::default()
        });
        assert_eq!(callbacks.0.is_over(), is_over, "{sources:?}");
    }
}

#[test]
fn an_unreachable_cluster_can_be_stopped_at_once() {
    let profile = ConnectionProfile {
        bootstrap_servers: "127.0.0.1:9".to_owned(),
        ..ConnectionProfile::default()
    };
    let pipeline = Pipeline::default();
    let handle = pipeline.start(KafkaSettings::from(profile));
    until(&handle, "the words", || {
        let snapshot = handle.health().snapshot();
        snapshot.state == SourceState::Retrying
            && snapshot
                .problem
                .is_some_and(|problem| problem.contains("nothing listens"))
    });
    let asked = std::time::Instant::now();
    handle.stop();
    handle.join().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[test]
fn two_members_of_a_group_share_and_hand_over() {
    let cluster = Cluster::new(4);
    let mut settings = cluster.settings();
    settings.profile.mode = ConsumeMode::Group;
    settings.profile.group_id = "triage".to_owned();
    settings.extra = vec![
        ("heartbeat.interval.ms".into(), "200".into()),
        ("session.timeout.ms".into(), "6000".into()),
    ];
    let (first, second) = (
        Pipeline::default(),
        Pipeline {
            memory: Arc::default(),
            ..Pipeline::default()
        },
    );
    let second = Pipeline {
        memory: Arc::clone(&first.memory),
        ..second
    };
    let one = first.start(settings.clone());
    until(&one, "all partitions", || {
        one.health().snapshot().partitions.len() == 4
    });
    for partition in 0..4 {
        cluster.produce(partition, numbered(0..20));
    }
    until(&one, "80 records", || first.recorder.count() == 80);
    for partition in 0..4 {
        first.memory.set(RUN, TOPIC, partition, 20);
    }
    let two = second.start(settings);
    until(&two, "half of them", || {
        let partitions = |handle: &SourceHandle| handle.health().snapshot().partitions.len();
        partitions(&one) == 2 && partitions(&two) == 2
    });
    let revoked: usize = first
        .recorder
        .seen()
        .iter()
        .map(|seen| match seen {
            Seen::Revoked(partitions, false) => partitions.len(),
            _ => 0,
        })
        .sum();
    assert_eq!(
        revoked,
        2,
        "only what moves is taken away: {:?}",
        first.recorder.seen()
    );
    for partition in 0..4 {
        cluster.produce(partition, numbered(20..30));
    }
    until(&two, "the other 40 records", || {
        first.recorder.count() + second.recorder.count() == 120
    });
    assert_eq!(second.recorder.count(), 20);
    one.stop();
    one.join().unwrap();
    until(&two, "all partitions", || {
        two.health().snapshot().partitions.len() == 4
    });
    two.stop();
    two.join().unwrap();
    assert!(
        second
            .recorder
            .seen()
            .iter()
            .any(|seen| matches!(seen, Seen::Revoked(partitions, _) if partitions.len() == 4))
    );
}

#[test]
fn a_pipeline_that_does_not_answer_delays_a_revocation_only_so_long() {
    let cluster = Cluster::new(1);
    let mut settings = cluster.settings();
    settings.profile.mode = ConsumeMode::Group;
    settings.profile.group_id = "triage".to_owned();
    let pipeline = Pipeline::default();
    pipeline
        .recorder
        .silent_on_revoke
        .store(true, Ordering::Relaxed);
    let handle = pipeline.start(settings);
    until(&handle, "the partition", || {
        handle.health().snapshot().partitions.len() == 1
    });
    let health = Arc::clone(handle.health());
    let asked = std::time::Instant::now();
    handle.stop();
    handle.join().unwrap();
    let took = asked.elapsed();
    assert!(
        took >= Duration::from_secs(5) && took < Duration::from_secs(12),
        "{took:?}"
    );
    assert!(health.snapshot().notices[0].contains("did not finish in time"));
}

#[test]
fn new_partitions_of_no_group_do_not_touch_the_broker() {
    let cluster = Cluster::new(1);
    cluster.produce(0, numbered(0..3));
    let pipeline = Pipeline::default();
    let handle = pipeline.start(KafkaSettings {
        source: None,
        ..cluster.settings()
    });
    until(&handle, "3 records", || pipeline.recorder.count() == 3);
    let source = handle.health().snapshot().source.unwrap();
    assert!(source.starts_with("kafka:") && source.len() > 6, "{source}");
    let offsets = pipeline.memory.offsets.lock().unwrap().clone();
    assert_eq!(
        offsets.keys().next().unwrap().0,
        *source,
        "offsets belong to the cluster, not to the connection"
    );
}

#[test]
fn places_are_corrected_to_what_the_broker_has() {
    for (stored, low, high, begin, next) in [
        (5, 0, 10, 0, 5),
        (0, 0, 0, 0, 0),
        (10, 0, 10, 0, 10),
        (3, 7, 10, 10, 7),
        (11, 2, 10, 2, 2),
        (11, 2, 10, 10, 10),
    ] {
        assert_eq!(
            super::placement::corrected(stored, low, high, begin),
            next,
            "{stored} in {low}..{high}"
        );
    }
}
