//! SIGKILL at random moments.

use picket_tests::feeds::{messages, observe, open, picture, wait_for_records};
use picket_tests::kafka::Topic;
use picket_tests::program::program;
use picket_tests::service;
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
