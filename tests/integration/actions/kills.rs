//! A program that is killed in the middle of an action on many issues: what it did stays, the rest is gone on with.

use super::desk::Desk;
use super::jobs::many;
use picket_core::store::{Access, ActionStore, Connections, JobState, JournalFilter, Store};
use picket_tests::postgres::Database;
use picket_tests::program::program;
use picket_tests::service;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Enough for several transactions.
const ISSUES: i64 = 8_000;
/// Those of the base that are found as well: all but the one that is on its way.
const OTHERS: u64 = 7;

fn picketctl(folder: &Path, store: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("picketctl"));
    command
        .args(["--json", "--store", store])
        .args(arguments)
        .env("PICKET_DATA_DIR", folder)
        .stdout(Stdio::piped());
    command
}

fn answer(folder: &Path, store: &str, arguments: &[&str]) -> Value {
    let output = picketctl(folder, store, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Waits until something is committed that the journal tells of.
async fn begun(store: &str, entries: usize) {
    let store = Store::open(store, Access::ReadOnly).await.unwrap();
    let started = Instant::now();
    let all = JournalFilter::default();
    while store.journal_entries(&all, 100).await.unwrap().len() == entries {
        assert!(started.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    store.close().await;
}

async fn open(store: &str) -> Arc<Store> {
    Arc::new(Store::open(store, Access::ReadWrite).await.unwrap())
}

/// Lets a minute pass in which nobody hears of the job.
async fn silence(desk: &Desk) {
    let earlier = match desk.store.connections() {
        Connections::Sqlite(_) => "touched_at - 61000000",
        Connections::Postgres(_) => "touched_at - interval '61 seconds'",
    };
    desk.execute(&format!("UPDATE job SET touched_at = {earlier}"))
        .await;
}

async fn play(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut desk = Desk::at(open(url).await).await;
    many(&desk, ISSUES).await;
    let before = desk.rows().await;
    let everything = ["--query", "", "--yes", "--non-error"];
    let actions: [(&str, &[&str]); 3] = [
        ("update", &["update", "--priority", "low"]),
        ("delete", &["delete"]),
        ("discard", &["update", "--discard"]),
    ];
    for (kind, action) in actions {
        let entries = desk.journal().await.len();
        desk.store.close().await;
        let mut child: Child = picketctl(folder, url, &[action, &everything[..]].concat())
            .spawn()
            .unwrap();
        begun(url, entries).await;
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "{action:?} had ended");

        desk.store = open(url).await;
        let job = desk.store.jobs(None, 1).await.unwrap().remove(0);
        // What took the action before it back was a job as well.
        assert_eq!(job.kind, kind);
        assert!(job.done > 0 && job.done < job.total, "{job:?}");
        assert_eq!(
            (job.state, job.total),
            (JobState::Running, ISSUES.unsigned_abs() + OTHERS)
        );
        let entry = desk.journal().await.remove(0);
        assert_eq!(
            entry.issues + job.skipped,
            job.done,
            "all of a transaction or nothing"
        );
        desk.store.close().await;
        let id = job.id.to_string();
        assert_eq!(answer(folder, url, &["jobs"])[0]["state"], "running");
        let early = picketctl(folder, url, &["jobs", "--resume", &id]).output();
        assert_eq!(
            early.unwrap().status.code(),
            Some(1),
            "its program may be alive"
        );

        desk.store = open(url).await;
        silence(&desk).await;
        desk.store.close().await;
        let listed = answer(folder, url, &["jobs"]);
        let (state, next) = (&listed[0]["state"], &listed[0]["next"]);
        let resume = format!("picketctl jobs --resume {id}");
        assert_eq!((state, next), (&json!("interrupted"), &json!(resume)));
        let rest = answer(folder, url, &["jobs", "--resume", &id]);
        assert_eq!(rest["changed"], job.total - job.done, "{action:?}");
        assert_eq!(answer(folder, url, &["jobs"])[0]["state"], "done");

        desk.store = open(url).await;
        let whole = desk.journal().await.remove(0);
        assert_eq!(
            (whole.id, whole.issues),
            (entry.id, job.total - job.skipped)
        );
        let undone = desk.undo(whole.id).await;
        assert_eq!(undone.restored.len() as u64, whole.issues);
        assert_eq!(desk.rows().await, before, "{action:?}");
    }
    desk.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_is_gone_on_with_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.db");
    play(&format!("sqlite://{}", file.display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_is_gone_on_with_on_postgres() {
    let Some(server) = service::postgres() else {
        return;
    };
    let database = Database::create(&server).await.unwrap();
    play(database.url()).await;
}
