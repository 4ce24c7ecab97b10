//! The same from a command line: `picketctl` on a SQLite file and on PostgreSQL.

use super::desk::Desk;
use picket_core::store::{Access, Store};
use picket_tests::postgres::Database;
use picket_tests::program::program;
use picket_tests::rows::{self, look};
use picket_tests::service;
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::sync::Arc;

/// Somebody at a command line.
struct Terminal {
    folder: tempfile::TempDir,
    store: String,
}

impl Terminal {
    /// On a store that gets the rows of [`super::desk::base`].
    async fn at(store: String) -> Self {
        let opened = Store::open(&store, Access::ReadWrite).await.unwrap();
        let desk = Desk::at(Arc::new(opened)).await;
        desk.store.close().await;
        let folder = tempfile::tempdir().unwrap();
        Self { folder, store }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[])
    }

    /// With further settings.
    fn run_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        Command::new(program("picketctl"))
            .envs(settings.iter().copied())
            .args(["--json", "--store", &self.store])
            .args(arguments)
            .env("PICKET_DATA_DIR", self.folder.path())
            .output()
            .unwrap()
    }

    fn answer(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        error
    }

    /// Everything a list shows of every issue.
    fn stand(&self) -> Value {
        let columns = "id,shortId,status,substatus,priority,assignee,count,firstSeen,lastSeen";
        self.answer(&[
            "export",
            "issues",
            "--all-time",
            "--query",
            "",
            "--columns",
            columns,
        ])
    }

    fn undo(&self, restored: &Value) {
        let report = self.answer(&["undo", "--last"]);
        assert_eq!(&report["restored"], restored, "{report}");
        assert_eq!(report["conflicts"], json!([]), "{report}");
    }
}

fn updates(terminal: &Terminal) {
    let before = terminal.stand();
    let gone = "the issue is gone, or is being deleted or merged";
    let archive = ["update", "--id", "1,2,6,99", "--ignore-user-count", "5"];
    assert_eq!(
        terminal.answer(&archive),
        json!({
            "changed": 2,
            "skipped": [{ "id": "6", "reason": gone }, { "id": "99", "reason": gone }],
        })
    );
    assert_ne!(terminal.stand(), before);
    terminal.undo(&json!(["1", "2"]));
    let assign = [
        "update",
        "--project",
        "foo",
        "--query",
        "is:unresolved",
        "--assign",
    ];
    let error = terminal.refusal(&[&assign[..], &["eve"]].concat());
    assert!(error.contains("--assign is “eve”"), "{error}");
    assert!(
        error.contains("There are: ann, ben, eve, team:5."),
        "{error}"
    );
    let changed = terminal.answer(&[&assign[..], &["team:5"]].concat());
    assert_eq!(changed, json!({ "changed": 4, "skipped": [] }));
    terminal.undo(&json!(["1", "2", "3", "7"]));
    assert_eq!(terminal.stand(), before);
}

fn merges(terminal: &Terminal) {
    let before = terminal.stand();
    let merge = ["update", "--merge", "--project", "foo", "--query"];
    let error = terminal.refusal(&[&merge[..], &["is:unresolved"]].concat());
    assert!(
        error.contains("--merge names issues that are no errors"),
        "{error}"
    );
    let apart = terminal.answer(&["update", "--merge", "--id", "1,10"]);
    let detail = "Issues of several projects are not merged; choose those of one project.";
    assert_eq!(
        apart,
        json!({ "changed": 0, "skipped": [], "detail": detail })
    );
    let errors = "is:unresolved issue.category:error";
    let merged = terminal.answer(&[&merge[..], &[errors]].concat());
    assert_eq!(merged, json!({ "changed": 3, "skipped": [] }));
    let after = terminal.stand();
    let winner = after.as_array().unwrap().iter().find(|it| it["id"] == "2");
    assert_eq!(winner.unwrap()["count"], 4);
    terminal.undo(&json!(["1", "2", "3"]));
    assert_eq!(terminal.stand(), before);
}

fn deletes(terminal: &Terminal) {
    let before = terminal.stand();
    let error = terminal.refusal(&["delete", "--query", "", "--yes"]);
    assert!(error.contains("only error issues are deleted"), "{error}");
    let delete = ["delete", "--id", "1,2,10"];
    assert_eq!(
        terminal.answer(&delete),
        json!({
            "deleted": 0, "jobs": 0,
            "issues": 3, "occurrences": 4, "projects": { "foo": 2, "bar": 1 }, "non_error": 0,
        })
    );
    assert_eq!(terminal.stand(), before);
    // What is on its way counts with nothing that belongs to it, and an id of an event is a text like any other.
    terminal.answer(&["delete", "--id", "4", "--yes"]);
    let gone = terminal.answer(&["delete", "--id", "3,4"]);
    assert_eq!(
        (&gone["issues"], &gone["occurrences"]),
        (&json!(1), &json!(1))
    );
    terminal.undo(&json!(["4"]));
    let event = format!("{:032x}", 1);
    let elsewhere = terminal.answer(&["delete", "--query", &event, "--project", "bar"]);
    assert_eq!(
        (&elsewhere["issues"], &elsewhere["occurrences"]),
        (&json!(0), &json!(0))
    );
    let deleted = terminal.answer(&[&delete[..], &["--yes"]].concat());
    assert_eq!(deleted, json!({ "deleted": 3, "jobs": 2 }));
    terminal.undo(&json!(["1", "2", "10"]));
    let discarded = terminal.answer(&["update", "--id", "3", "--discard", "--yes"]);
    assert_eq!(discarded, json!({ "changed": 1, "skipped": [] }));
    let newest = terminal.answer(&["journal", "--limit", "1"]);
    assert_eq!(newest[0]["title"], "Delete and discard");
    terminal.undo(&json!(["3"]));
    assert_eq!(terminal.stand(), before);
}

/// A delete that cannot be taken back leaves nothing, also where no window ever runs.
async fn deletes_for_good(terminal: &Terminal) {
    let count = async |sql: &str| {
        let store = Store::open(&terminal.store, Access::ReadOnly)
            .await
            .unwrap();
        let found = look::number(&store, sql).await.unwrap();
        store.close().await;
        found
    };
    let left = "SELECT (SELECT count(*) FROM issue WHERE id IN (1, 3))
        + (SELECT count(*) FROM occurrence WHERE issue_id IN (1, 3))";
    assert_eq!(count(left).await, Some(2 + 3));
    let at_once = ("PICKET_TRIAGE__PURGE_DELAY_SECS", "0");
    let deleted = terminal.run_with(&["delete", "--id", "1", "--yes"], &[at_once]);
    assert!(deleted.status.success(), "{deleted:?}");
    assert_eq!(count(left).await, Some(1 + 1));
    let discard = ["update", "--id", "3", "--discard", "--yes"];
    let discarded = terminal.run_with(&discard, &[at_once]);
    assert!(discarded.status.success(), "{discarded:?}");
    assert_eq!(count(left).await, Some(0));
    // What was due before goes along with the next command that writes.
    terminal.answer(&["delete", "--id", "2", "--yes"]);
    let waits = "SELECT count(*) FROM issue WHERE id = 2";
    let store = Store::open(&terminal.store, Access::ReadWrite)
        .await
        .unwrap();
    rows::execute(&store, "UPDATE deletion_job SET due_at = created_at")
        .await
        .unwrap();
    store.close().await;
    assert_eq!(count(waits).await, Some(1));
    terminal.answer(&["update", "--id", "4", "--priority", "high"]);
    assert_eq!(count(waits).await, Some(0));
}

async fn play(terminal: &Terminal) {
    updates(terminal);
    merges(terminal);
    deletes(terminal);
    deletes_for_good(terminal).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_changed_and_taken_back_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picket.db");
    play(&Terminal::at(format!("sqlite://{}", file.display())).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn issues_are_changed_and_taken_back_on_postgres() {
    let Some(server) = service::postgres() else {
        return;
    };
    let database = Database::create(&server).await.unwrap();
    play(&Terminal::at(database.url().to_owned()).await).await;
}
