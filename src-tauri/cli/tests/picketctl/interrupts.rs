//! An interrupt while many issues are changed.

use crate::world::World;
use picket_core::store::{Access, ActionStore, JournalFilter, Store};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};

const ISSUES: usize = 4_000;

/// Waits until something is committed that the journal tells of, in so many entries.
async fn begun(world: &World, entries: usize) {
    let url = format!("sqlite://{}", world.path("picket.db").display());
    let store = Store::open(&url, Access::ReadOnly).await.unwrap();
    let started = Instant::now();
    while store
        .journal_entries(&JournalFilter::default(), 10)
        .await
        .unwrap()
        .len()
        < entries
    {
        assert!(started.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_stops_between_parts_and_says_what_is_done() {
    let world = World::crowd(ISSUES);
    let update = world.start(&[
        "--json",
        "update",
        "--query",
        "",
        "--priority",
        "low",
        "--yes",
    ]);
    begun(&world, 1).await;
    let pid = update.id().to_string();
    let kill = Command::new("kill").args(["-INT", &pid]).status();
    assert!(kill.unwrap().success());
    let output = update.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let changed = report["changed"].as_u64().unwrap();
    assert!(changed > 0 && changed < ISSUES as u64, "{report}");
    assert_eq!(report["skipped"], json!([]));
    let rest = ISSUES as u64 - changed;
    assert!(
        error.contains(&format!(
            "Interrupted: {changed} issues done, {rest} not reached"
        )) && error.contains("picketctl undo 1")
            && error.contains("picketctl jobs --resume 1"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);

    // As much as it said, all of it in one entry.
    let journal = world.json(&["journal"]);
    assert_eq!(journal.as_array().unwrap().len(), 1);
    assert_eq!(journal[0]["issues"], changed);
    let job = &world.json(&["jobs"])[0];
    let members: Vec<&str> = job
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members.join(" "),
        "id kind title state done total skipped started_at ended_at journal problem next"
    );
    assert_eq!(
        (&job["state"], &job["done"], &job["next"]),
        (
            &json!("cancelled"),
            &json!(changed),
            &json!("picketctl jobs --resume 1")
        )
    );
    let table = String::from_utf8(world.run(&["jobs"]).stdout).unwrap();
    assert!(table.contains("picketctl jobs --resume 1"), "{table}");

    // The rest is the same action, and what is done cannot be gone on with.
    let more = world.json(&["jobs", "--resume", "1"]);
    assert_eq!(
        (&more["job"], &more["changed"]),
        (&json!("1"), &json!(rest))
    );
    let job = &world.json(&["jobs"])[0];
    assert_eq!(
        (&job["state"], &job["next"]),
        (&json!("done"), &json!("picketctl undo 1"))
    );
    for (id, why) in [("1", "done"), ("2", "no job 2")] {
        let refused = world.run(&["jobs", "--resume", id]);
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(
            refused.status.code() == Some(1) && error.contains(why),
            "{error}"
        );
    }
    let undone = world.json(&["undo", "1"]);
    assert_eq!(undone["restored"].as_array().unwrap().len(), ISSUES);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_was_interrupted_is_a_job_that_goes_on() {
    let world = World::crowd(ISSUES);
    let update = ["update", "--query", "", "--priority", "low", "--yes"];
    assert!(world.run(&update).status.success());
    let undo = world.start(&["--json", "undo", "1"]);
    begun(&world, 2).await;
    let pid = undo.id().to_string();
    let kill = Command::new("kill").args(["-INT", &pid]).status();
    assert!(kill.unwrap().success());
    let output = undo.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let restored = report["restored"].as_array().unwrap().len();
    assert!(restored > 0 && restored < ISSUES, "{restored}");

    let job = &world.json(&["jobs"])[0];
    assert_eq!(
        (&job["kind"], &job["state"], &job["done"]),
        (&json!("undo"), &json!("cancelled"), &json!(restored))
    );
    assert_eq!(job["next"], "picketctl jobs --resume 2");
    let more = world.json(&["jobs", "--resume", "2"]);
    assert_eq!(
        (&more["undone"], &more["entry"]),
        (&json!("1"), &report["entry"])
    );
    let rest = more["restored"].as_array().unwrap().len();
    assert_eq!(restored + rest, ISSUES);
    // One entry took it all back.
    let journal = world.json(&["journal"]);
    assert_eq!(journal.as_array().unwrap().len(), 2);
    assert_eq!(journal[0]["issues"], ISSUES);
    assert_eq!(world.json(&["jobs"])[0]["state"], "done");
}
