//! Feeds from a topic into a store, and records to send to it.

use crate::kafka::{Outgoing, Topic};
use crate::messages::{fingerprint, occurrence};
use crate::picture::{self, Picture};
use crate::wait::wait_until;
use picket_core::clock::{SharedClock, SystemClock};
use picket_core::config::{ConnectionProfile, ConsumeMode, StartPosition};
use picket_core::limits::Counters;
use picket_core::pipeline::{Feed, PipelineSettings};
use picket_core::source::KafkaSettings;
use picket_core::store::{Access, Store};
use std::sync::Arc;
use std::time::Duration;

/// Long enough for a busy machine, short enough to notice.
pub const SOON: Duration = Duration::from_secs(60);

pub fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

pub async fn open(url: &str) -> Arc<Store> {
    Arc::new(
        Store::open(url, Access::ReadWrite)
            .await
            .expect("the store opens"),
    )
}

pub async fn picture(store: &Store) -> Picture {
    picture::of(store, clock().now())
        .await
        .expect("the store can be read")
}

/// A feed that reads a topic from its beginning.
pub fn observe(store: &Arc<Store>, topic: &Topic) -> Feed {
    start(store, &profile(topic))
}

/// A feed that shares a topic with the other members of a group.
pub fn join(store: &Arc<Store>, topic: &Topic, group: &str) -> Feed {
    start(
        store,
        &ConnectionProfile {
            mode: ConsumeMode::Group,
            group_id: group.to_owned(),
            ..profile(topic)
        },
    )
}

fn profile(topic: &Topic) -> ConnectionProfile {
    ConnectionProfile {
        name: "test".to_owned(),
        bootstrap_servers: topic.brokers().to_owned(),
        topics: vec![topic.name().to_owned()],
        start: StartPosition::Earliest,
        ..ConnectionProfile::default()
    }
}

/// Without limits: which issues they let through depends on the order in which partitions are read.
fn start(store: &Arc<Store>, profile: &ConnectionProfile) -> Feed {
    let settings = PipelineSettings {
        counters: Arc::new(Counters::Off),
        burst_guard: false,
        ..PipelineSettings::default()
    };
    Feed::kafka(
        Arc::clone(store),
        &clock(),
        &settings,
        KafkaSettings::from(profile.clone()),
        None,
    )
    .expect("the feed starts")
}

/// Waits until a feed has accounted for so many records.
pub async fn wait_for_records(feed: &Feed, records: u64) {
    wait_until(&format!("{records} records"), SOON, async || {
        if let Some(problem) = feed.status().problem {
            eprintln!("{problem}");
        }
        feed.tally().records() >= records
    })
    .await;
}

/// `records` messages about `problems` problems in two projects, as a producer would key them.
pub fn messages(records: u64, problems: u64) -> impl Iterator<Item = Outgoing> {
    (0..records).map(move |n| {
        let problem = n * n % problems;
        let message = occurrence(n, 1 + problem % 2, problem);
        Outgoing::new(message.to_string()).key(fingerprint(problem))
    })
}
