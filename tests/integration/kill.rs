//! SIGKILL at random moments.

use picket_tests::feeds::{messages, observe, open, picture, wait_for_records};
use picket_tests::kafka::Topic;
use picket_tests::messages::occurrence;
use picket_tests::program::program;
use picket_tests::service;
use serde_json::json;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const RECORDS: u64 = 40_000;
const PROBLEMS: u64 = 300;
const KILLS: u32 = 10;

fn ingest(topic: &Topic, store: &str, folder: &std::path::Path) -> Child {
    Command::new(program("picketctl"))
        .args([
            "--store",
            store,
            "ingest",
            "--brokers",
            topic.brokers(),
            "--topics",
            topic.name(),
        ])
        .args(["--from", "earliest", "--until-idle", "2"])
        .env("PICKET_DATA_DIR", folder)
        .env("PICKET_INGEST__LIMITS", "false")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_end_with_the_sums_of_an_undisturbed_run() {
    let Some(brokers) = service::kafka() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let topic = Topic::create(&brokers, "kill", 4).await.unwrap();
    topic.send(messages(RECORDS, PROBLEMS)).unwrap();

    let undisturbed = open(&format!(
        "sqlite://{}/undisturbed.db",
        folder.path().display()
    ))
    .await;
    let feed = observe(&undisturbed, &topic);
    wait_for_records(&feed, RECORDS).await;
    feed.stop().await.unwrap();

    let killed = format!("sqlite://{}/killed.db", folder.path().display());
    let mut middles = 0;
    for _ in 0..KILLS {
        let mut child = ingest(&topic, &killed, folder.path());
        // Somewhere between before the first record and after some thousands.
        let wait = u64::from_str_radix(&picket_tests::unique()[..4], 16).unwrap() % 700;
        tokio::time::sleep(Duration::from_millis(100 + wait)).await;
        child.kill().unwrap();
        let status = child.wait().unwrap();
        middles += u32::from(!status.success());
    }
    assert!(middles > 0, "every run had ended before it could be killed");
    let mut last = ingest(&topic, &killed, folder.path());
    assert!(last.wait().unwrap().success());

    let killed = open(&killed).await;
    assert_eq!(picture(&killed).await, picture(&undisturbed).await);
    topic.delete().await.unwrap();
}

/// Issues each of whose fingerprints occurs twelve times, of a type that ignores fourteen.
fn write_noise(path: &std::path::Path) -> u64 {
    // Projects that no other run has counted anything for.
    let first = 1_000 * u64::from_str_radix(&picket_tests::unique()[..6], 16).unwrap();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut records = 0;
    for _ in 0..3 {
        for problem in 0..1_000 {
            for _ in 0..4 {
                let mut message = occurrence(records, first + problem / 5, problem);
                message["type"] = json!(1007);
                let line = json!({ "topic": "t", "partition": 0, "value": message });
                writeln!(file, "{line}").unwrap();
                records += 1;
            }
        }
    }
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_is_killed_and_comes_back_at_once_counts_nothing_twice_in_redis() {
    let Some(redis) = service::redis() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("noise.ndjson");
    let records = write_noise(&file);
    let url = format!("sqlite://{}/noise.db", folder.path().display());
    let replay = || {
        Command::new(program("picketctl"))
            .args(["--store", &url, "replay", file.to_str().unwrap()])
            .env("PICKET_DATA_DIR", folder.path())
            .env("PICKET_INGEST__COUNTERS", &redis)
            // A limit that is passed over on a busy machine is a difference.
            .env("PICKET_INGEST__COUNTERS_DEADLINE_MS", "10000")
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut middles = 0;
    for _ in 0..KILLS {
        let mut child = replay();
        let wait = u64::from_str_radix(&picket_tests::unique()[..4], 16).unwrap() % 500;
        tokio::time::sleep(Duration::from_millis(300 + wait)).await;
        child.kill().unwrap();
        middles += u32::from(!child.wait().unwrap().success());
    }
    assert!(middles > 0, "every run had ended before it could be killed");
    assert!(replay().wait().unwrap().success());
    let picture = picture(&*open(&url).await).await;
    assert_eq!(picture.issues.len(), 0);
    let noise = ("dropped".to_owned(), "noise_reduction".to_owned());
    assert_eq!(picture.outcomes, [(noise, records)].into());
}
