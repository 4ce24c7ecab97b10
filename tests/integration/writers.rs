//! Several writers in one consumer group on one PostgreSQL, sharing their counters through Redis.

use picket_core::store::{OutcomeGrouping, QueryStore, Store};
use picket_tests::feeds::{open, picture};
use picket_tests::kafka::Topic;
use picket_tests::postgres::Database;
use picket_tests::program::program;
use picket_tests::service;
use picket_tests::traffic::{PARTITIONS, traffic};
use picket_tests::wait::wait_until;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const RECORDS: u64 = 100_000;
/// A killed member keeps its partitions until the broker misses it, 45 s later.
const PATIENCE: Duration = Duration::from_secs(400);

/// A writer as it runs on a server. What a batch prunes depends on where it ends, so nothing is pruned here.
fn writer(store: &str, topic: &Topic, folder: &Path, further: &[&str]) -> Command {
    let mut command = Command::new(program("picketctl"));
    command
        .args(["--store", store, "ingest", "--from", "earliest"])
        .args(["--brokers", topic.brokers(), "--topics", topic.name()])
        .args(further)
        .env("PICKET_DATA_DIR", folder)
        .env("PICKET_INGEST__PRUNE_STATUS_CHANGES", "false")
        .stdout(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn three_writers_one_killed_and_one_added_do_what_a_single_one_does() {
    let (Some(brokers), Some(server), Some(redis)) =
        (service::kafka(), service::postgres(), service::redis())
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(&server).await.unwrap();
    let topic = Topic::create(&brokers, "writers", PARTITIONS)
        .await
        .unwrap();
    // Projects that no other run has counted anything for.
    let first_project = 1_000 * u64::from_str_radix(&picket_tests::unique()[..6], 16).unwrap() + 1;
    let mut records = traffic(RECORDS, first_project);

    let group = format!("{}-group", topic.name());
    let join = || {
        writer(database.url(), &topic, folder.path(), &["--group", &group])
            .env("PICKET_INGEST__COUNTERS", &redis)
            // This machine does several things at once, and a limit that is passed over is a difference.
            .env("PICKET_INGEST__COUNTERS_DEADLINE_MS", "10000")
            .spawn()
            .unwrap()
    };
    topic.send(records.by_ref().take(40_000)).unwrap();
    let store = open(database.url()).await;
    let mut doomed = join();
    let mut writers: Vec<Child> = (0..2).map(|_| join()).collect();
    dealt_with(&store, 10_000).await;
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    writers.push(join());
    topic.send(records.by_ref().take(30_000)).unwrap();
    dealt_with(&store, 45_000).await;
    topic.send(records).unwrap();
    dealt_with(&store, RECORDS).await;
    for writer in &mut writers {
        let pid = writer.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        assert!(writer.wait().unwrap().success(), "it drains and ends well");
    }

    let alone = format!("sqlite://{}/alone.db", folder.path().display());
    let status = writer(&alone, &topic, folder.path(), &["--until-idle", "3"])
        .status()
        .unwrap();
    assert!(status.success());

    let (many, one) = (picture(&store).await, picture(&*open(&alone).await).await);
    assert_eq!(many.outcomes, one.outcomes);
    for (key, issue) in &one.issues {
        assert_eq!(many.issues.get(key), Some(issue), "{key:?}");
    }
    assert_eq!(many, one);
    // The traffic holds what it is meant to hold.
    for reason in [
        "created",
        "updated",
        "status_changed",
        "unchanged",
        "noise_reduction",
        "rate_limited",
        "duplicate",
        "status_change_invalid",
        "invalid_json",
    ] {
        let ended = one.outcomes.iter().filter(|((_, word), _)| word == reason);
        assert!(ended.map(|(_, count)| count).sum::<u64>() > 10, "{reason}");
    }
    assert_eq!(one.outcomes.values().sum::<u64>(), RECORDS);
    topic.delete().await.unwrap();
}

/// Waits until so many records have ended somehow.
async fn dealt_with(store: &Store, records: u64) {
    wait_until(&format!("{records} records"), PATIENCE, async || {
        let rows = store.outcomes(OutcomeGrouping::Reason).await.unwrap();
        rows.iter().map(|row| row.quantity).sum::<f64>() >= records as f64
    })
    .await;
}
