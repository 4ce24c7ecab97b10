//! Several writers on one PostgreSQL in one consumer group.

use picket_tests::feeds::{SOON, join, messages, open, picture, wait_for_records};
use picket_tests::kafka::Topic;
use picket_tests::postgres::Database;
use picket_tests::service;
use picket_tests::wait::wait_until;

const RECORDS: u64 = 6_000;
const PROBLEMS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_rebalance_between_two_writers_loses_and_doubles_nothing() {
    let (Some(brokers), Some(server)) = (service::kafka(), service::postgres()) else {
        return;
    };
    let database = Database::create(&server).await.unwrap();
    let topic = Topic::create(&brokers, "rebalance", 6).await.unwrap();
    let group = format!("{}-group", topic.name());
    let mut records = messages(RECORDS, PROBLEMS);

    let (one, two) = (open(database.url()).await, open(database.url()).await);
    topic.send(records.by_ref().take(2_000)).unwrap();
    let first = join(&one, &topic, &group);
    wait_for_records(&first, 1).await;
    // The second writer takes partitions away from the first while there is still much to read.
    let second = join(&two, &topic, &group);
    topic.send(records.by_ref().take(2_000)).unwrap();
    wait_until("partitions at both writers", SOON, async || {
        let held = |feed: &picket_core::pipeline::Feed| feed.health().snapshot().partitions.len();
        (held(&first), held(&second)) == (3, 3)
    })
    .await;
    topic.send(records.by_ref().take(1_000)).unwrap();
    wait_until("records at the second writer", SOON, async || {
        second.tally().records() > 0
    })
    .await;
    // The first leaves; the second gets everything.
    let by_first = first.stop().await.unwrap().totals.records as u64;
    topic.send(records).unwrap();
    wait_for_records(&second, RECORDS - by_first).await;
    let by_second = second.stop().await.unwrap().totals.records as u64;

    assert_eq!(by_first + by_second, RECORDS);
    let picture = picture(&two).await;
    assert_eq!(
        (picture.issues.len() as u64, picture.times_seen()),
        (distinct_problems(), RECORDS)
    );
    assert_eq!(
        (picture.occurrences, picture.outcome("accepted")),
        (RECORDS, RECORDS)
    );
    one.close().await;
    two.close().await;
    topic.delete().await.unwrap();
}

fn distinct_problems() -> u64 {
    (0..RECORDS)
        .map(|n| n * n % PROBLEMS)
        .collect::<std::collections::BTreeSet<_>>()
        .len() as u64
}
