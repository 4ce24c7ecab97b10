//! From a Kafka topic into the store.

use picket_tests::feeds::{SOON, messages, observe, open, picture, wait_for_records};
use picket_tests::kafka::{Outgoing, Topic};
use picket_tests::picture::Picture;
use picket_tests::postgres::Database;
use picket_tests::service;

const RECORDS: u64 = 4_000;
const PROBLEMS: u64 = 250;

/// Sends records, reads them all, and looks at what the store holds.
async fn ingest(brokers: &str, url: &str) -> Picture {
    let topic = Topic::create(brokers, "ingest", 4).await.unwrap();
    topic
        .send(messages(RECORDS, PROBLEMS).chain([Outgoing::new("{")]))
        .unwrap();
    let store = open(url).await;
    let feed = observe(&store, &topic);
    wait_for_records(&feed, RECORDS + 1).await;
    let status = feed.stop().await.unwrap();
    assert_eq!(status.totals.records, (RECORDS + 1) as f64);
    assert_eq!(
        topic
            .groups()
            .unwrap()
            .iter()
            .filter(|(group, _)| group.contains("picket-"))
            .count(),
        0
    );
    let picture = picture(&store).await;
    store.close().await;
    topic.delete().await.unwrap();
    picture
}

fn check(picture: &Picture) {
    let problems: std::collections::BTreeSet<_> = (0..RECORDS).map(|n| n * n % PROBLEMS).collect();
    assert_eq!(picture.issues.len(), problems.len());
    assert_eq!(picture.times_seen(), RECORDS);
    assert_eq!(
        (picture.occurrences, picture.events, picture.dead_letters),
        (RECORDS, RECORDS, 1)
    );
    assert_eq!(picture.outcome("accepted"), RECORDS);
    assert_eq!(picture.outcome("dead_lettered"), 1);
    for issue in picture.issues.values() {
        assert_eq!(
            (issue.hours, issue.occurrences),
            (issue.times_seen, issue.times_seen),
            "{issue:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_become_issues_in_both_stores_alike() {
    let (Some(brokers), Some(server)) = (service::kafka(), service::postgres()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = ingest(
        &brokers,
        &format!("sqlite://{}/picket.db", folder.path().display()),
    )
    .await;
    check(&sqlite);
    let database = Database::create(&server).await.unwrap();
    let postgres = ingest(&brokers, database.url()).await;
    check(&postgres);
    assert_eq!(sqlite, postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_loses_and_doubles_nothing() {
    let (Some(brokers), Some(server)) = (service::kafka(), service::postgres()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(&server).await.unwrap();
    for url in [
        format!("sqlite://{}/picket.db", folder.path().display()),
        database.url().to_owned(),
    ] {
        let topic = Topic::create(&brokers, "restart", 3).await.unwrap();
        topic.send(messages(RECORDS / 2, PROBLEMS)).unwrap();
        let store = open(&url).await;
        let feed = observe(&store, &topic);
        wait_for_records(&feed, 1).await;
        let first = feed.stop().await.unwrap().totals.records;
        store.close().await;

        topic
            .send(messages(RECORDS, PROBLEMS).skip(usize::try_from(RECORDS / 2).unwrap()))
            .unwrap();
        let store = open(&url).await;
        let feed = observe(&store, &topic);
        wait_for_records(&feed, RECORDS - first as u64).await;
        let second = feed.stop().await.unwrap().totals.records;
        assert_eq!(first + second, RECORDS as f64);
        let picture = picture(&store).await;
        assert_eq!(
            (picture.times_seen(), picture.occurrences),
            (RECORDS, RECORDS)
        );
        store.close().await;
        topic.delete().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_added_later_are_read_from_their_beginning() {
    let Some(brokers) = service::kafka() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut topic = Topic::create(&brokers, "grow", 1).await.unwrap();
    topic.send(messages(100, 10)).unwrap();
    let store = open(&format!("sqlite://{}/picket.db", folder.path().display())).await;
    let feed = observe(&store, &topic);
    wait_for_records(&feed, 100).await;
    topic.grow(3).await.unwrap();
    topic
        .send(
            messages(300, 10)
                .skip(100)
                .map(|record| record.partition(2)),
        )
        .unwrap();
    picket_tests::wait::wait_until("the records of the new partition", SOON, async || {
        feed.tally().records() >= 300
    })
    .await;
    feed.stop().await.unwrap();
    assert_eq!(picture(&store).await.times_seen(), 300);
    store.close().await;
    topic.delete().await.unwrap();
}
