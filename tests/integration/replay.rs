//! `picketctl` as its user runs it, on captured records.

use picket_tests::messages::{bad, fingerprint, occurrence};
use picket_tests::program::program;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

const RECORDS: u64 = 5_000;

fn picketctl(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// Without noise reduction and quotas.
fn unlimited(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = command(folder, arguments);
    command
        .env("PICKET_INGEST__LIMITS", "false")
        .output()
        .unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("picketctl"));
    command.args(arguments).env("PICKET_DATA_DIR", folder);
    command
}

/// The one JSON document on standard output.
fn answer(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn store(folder: &Path, name: &str) -> String {
    format!("sqlite://{}/{name}.db", folder.display())
}

fn write_records(path: &Path) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for n in 0..RECORDS {
        let problem = n % 40;
        let line = json!({
            "topic": "ingest-occurrences",
            "partition": problem % 4,
            "key": fingerprint(problem),
            "value": occurrence(n, 1 + problem % 3, problem),
        });
        writeln!(file, "{line}").unwrap();
    }
    for (_, payload) in bad() {
        use base64::Engine;
        let value = base64::engine::general_purpose::STANDARD.encode(payload);
        writeln!(
            file,
            "{}",
            json!({ "topic": "ingest-occurrences", "value_base64": value })
        )
        .unwrap();
    }
}

/// The sums of a run, without how long it took.
fn sums(mut report: Value) -> Value {
    report.as_object_mut().unwrap().remove("seconds");
    report
}

#[test]
fn replaying_a_file_gives_the_same_sums_on_every_fresh_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records.ndjson");
    write_records(&file);
    let file = file.to_str().unwrap();
    let run = |name: &str| {
        sums(answer(&picketctl(
            folder.path(),
            &[
                "--store",
                &store(folder.path(), name),
                "--json",
                "replay",
                file,
            ],
        )))
    };
    let (one, two) = (run("one"), run("two"));
    assert_eq!(one, two);
    let number = |key: &str| one[key].as_u64().unwrap();
    let dropped: u64 = one["dropped"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(number("records"), RECORDS + bad().len() as u64);
    assert_eq!(
        number("records"),
        number("created")
            + number("updated")
            + number("status_changed")
            + number("unchanged")
            + dropped
            + number("dead_lettered")
    );
    // Five of a type in each of three projects, and nothing else, within the hour.
    assert_eq!(
        (number("created"), number("dead_lettered")),
        (15, bad().len() as u64)
    );
    assert_eq!(one["dropped"]["rate_limited"], dropped);

    // The same file into the same store changes nothing.
    let before = answer(&picketctl(
        folder.path(),
        &[
            "--store",
            &store(folder.path(), "one"),
            "--json",
            "issues",
            "--query",
            "",
        ],
    ));
    let again = run("one");
    assert_eq!(again["records"], 0);
    let after = answer(&picketctl(
        folder.path(),
        &[
            "--store",
            &store(folder.path(), "one"),
            "--json",
            "issues",
            "--query",
            "",
        ],
    ));
    assert_eq!(before, after);
}

#[test]
fn what_was_stored_can_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records.ndjson");
    write_records(&file);
    let store = store(folder.path(), "look");
    let ask = |arguments: &[&str]| {
        answer(&unlimited(
            folder.path(),
            &[&["--store", &store, "--json"], arguments].concat(),
        ))
    };
    ask(&["replay", file.to_str().unwrap()]);

    let page = ask(&[
        "issues",
        "--limit",
        "25",
        "--query",
        "is:unresolved level:error",
    ]);
    assert_eq!(
        (
            page["hits"].as_f64(),
            page["issues"].as_array().unwrap().len()
        ),
        (Some(40.0), 25)
    );
    assert_eq!(page["next"]["results"], true);
    let rest = ask(&[
        "issues",
        "--limit",
        "25",
        "--cursor",
        page["next"]["cursor"].as_str().unwrap(),
        "--query",
        "is:unresolved level:error",
    ]);
    assert_eq!(
        (
            rest["issues"].as_array().unwrap().len(),
            &rest["next"]["results"]
        ),
        (15, &json!(false))
    );

    let short_id = page["issues"][0]["shortId"].as_str().unwrap();
    let issue = ask(&["issue", short_id]);
    assert_eq!(issue["title"], page["issues"][0]["title"]);
    let event = ask(&["event", issue["latestEvent"]["event_id"].as_str().unwrap()]);
    assert_eq!(event["type"], "generic");

    let letters = ask(&["dead-letters", "list"]);
    assert_eq!(letters.as_array().unwrap().len(), bad().len());
    let letter = ask(&["dead-letters", "show", letters[0]["id"].as_str().unwrap()]);
    assert_eq!(letter["row"]["reason"], letters[0]["reason"]);
    let outcomes = ask(&["outcomes"]);
    let accepted = outcomes.as_array().unwrap().iter();
    let accepted = accepted.filter(|row| row["outcome"] == "accepted");
    let accepted: f64 = accepted.map(|row| row["quantity"].as_f64().unwrap()).sum();
    assert_eq!(accepted, RECORDS as f64);
    assert!(
        ask(&["doctor"])["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["ok"] == true)
    );
    assert_eq!(ask(&["migrate", "--dry-run"])["applied"], json!([]));
}

#[test]
fn a_failure_says_in_one_line_what_why_and_what_next() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, status, words) in [
        (&["issues", "--project", "eror"][..], 1, "eror"),
        (
            &["replay", "/nowhere/at-all.ndjson"],
            1,
            "/nowhere/at-all.ndjson",
        ),
        (&["issue", "SHOP-1A"], 1, "SHOP-1A"),
        (&["event", "not-an-id"], 1, "not-an-id"),
        (&["--store", "mysql://x", "issues"], 1, "mysql"),
        (&["ingest", "--connection", "nowhere"], 1, "nowhere"),
        (&["frobnicate"], 2, "frobnicate"),
    ] {
        // Reading a store needs one.
        picketctl(folder.path(), &["migrate"]);
        let output = picketctl(folder.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(
            status == 2 || error.trim_end().lines().count() == 1,
            "{arguments:?}: {error}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_demo_accounts_for_every_record_it_produced() {
    let folder = tempfile::tempdir().unwrap();
    let report = answer(&picketctl(
        folder.path(),
        &[
            "--json",
            "demo",
            "--seconds",
            "3",
            "--rate",
            "500",
            "--seed",
            "7",
        ],
    ));
    let number = |key: &str| report[key].as_u64().unwrap();
    let dropped: u64 = report["dropped"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(
        number("records"),
        number("created")
            + number("updated")
            + number("status_changed")
            + number("unchanged")
            + dropped
            + number("dead_lettered")
    );
    let produced: u64 = report["partitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["high"].as_u64().unwrap())
        .sum();
    assert_eq!(number("records"), produced);
    assert!(number("created") > 100, "{report}");
    for partition in report["partitions"].as_array().unwrap() {
        assert_eq!(partition["next_offset"], partition["high"]);
    }
}
