//! `conform` as a script runs it.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn conform(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conform"))
        .args(arguments)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn summary(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.lines().last().unwrap_or_default().to_owned()
}

/// A printer jams twice and is repaired in between.
fn scenario() -> Value {
    let jam = |id: &str, at: &str| {
        json!({"payload": {
            "id": id, "event_id": id, "project_id": 5, "fingerprint": ["jam"], "issue_title": "Paper jam",
            "subtitle": null, "evidence_display": [], "type": 2007, "detection_time": 1,
            "event": {"event_id": id, "project_id": 5, "platform": "go", "tags": {}, "timestamp": at},
        }})
    };
    json!({
        "name": "a jam comes back", "why": "to see a line for it",
        "config": {
            "clock": "2026-05-04T10:00:00Z", "mode": "batched", "batch_size": 10, "prune_status_changes": true,
            "features": [], "projects": [{"id": 5, "slug": "print", "resolve_age_hours": null}],
            "users": [{"id": 1, "username": "ana", "member": true}], "teams": [],
        },
        "setup": [
            jam("00000000000000000000000000000001", "2026-05-04T09:00:00Z"),
            {"action": {"do": "resolve", "fingerprint": ["jam"]}},
        ],
        "messages": [
            jam("00000000000000000000000000000002", "2026-05-04T09:30:00Z"),
            {"raw": "{"}, {"flush": true}, {"advance_seconds": 60},
            {"action": {"do": "run_task", "task": "auto_remove_inbox"}},
        ],
        "expect": {
            "issues": [{"short_id": 1, "substatus": "regressed", "last_seen": "2026-05-04T11:30:00+02:00",
                "activities": ["SET_RESOLVED", "SET_REGRESSION"]}],
            "dropped": {"invalid_json": 1},
            "counters": {"occurrence_ingest.messages": 1},
            "events_stored": 2,
        },
    })
}

fn write(folder: &Path, name: &str, scenario: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, scenario.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn every_case_has_its_line_and_the_sum_comes_last() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.json", &scenario());
    let mut wrong = scenario();
    wrong.as_object_mut().unwrap().remove("name");
    wrong["expect"]["issues"][0]["short_id"] = json!(2);
    wrong["expect"]["dropped"] = json!({});
    let wrong = write(folder.path(), "wrong.json", &wrong);

    let output = conform(&["occurrences", &good]);
    assert_eq!(
        (output.status.code(), summary(&output).as_str()),
        (Some(0), "1 passed, 0 failed")
    );
    let output = conform(&["occurrences", &wrong, &good]);
    assert_eq!(
        (output.status.code(), summary(&output).as_str()),
        (Some(1), "1 passed, 1 failed")
    );
    let lines = lines(&output);
    assert_eq!(lines[0]["file"], wrong);
    assert_eq!(
        (&lines[0]["case"], &lines[0]["pass"]),
        (&json!("wrong"), &json!(false))
    );
    assert_eq!(
        lines[0]["diff"],
        json!([
            "issues[0].short_id: expected 2 got 1",
            "dropped.invalid_json: expected 0 got 1"
        ])
    );
    assert_eq!(
        (&lines[1]["case"], &lines[1]["pass"]),
        (&json!("a jam comes back"), &json!(true))
    );
    assert_eq!(lines[1]["diff"], json!([]));
    assert_eq!(
        lines[0]["actual"], lines[1]["actual"],
        "complete either way"
    );
    let actual = &lines[1]["actual"];
    assert_eq!(
        actual["counters"]["occurrence_consumer.checkin.parallel_batch_count"],
        2
    );
    assert_eq!(
        (&actual["events_stored"], &actual["occurrences_stored"]),
        (&json!(2), &json!(2))
    );
    let issue = json!({
        "project_id": 5, "fingerprint_hash": "5275cb415e5bc3948e8f2cd492859f26", "short_id": 1, "title": "Paper jam",
        "subtitle": null, "culprit": "", "type": 2007, "status": "unresolved", "substatus": "regressed",
        "priority": "low", "level": "info", "times_seen": 2, "first_seen": "2026-05-04T09:00:00Z",
        "last_seen": "2026-05-04T09:30:00Z", "platform": "go", "message": "Paper jam",
        "inbox_reason": "regression", "assignee": null, "activities": ["SET_RESOLVED", "SET_REGRESSION"],
    });
    assert_eq!(actual["issues"], json!([issue]));
}

#[test]
fn what_cannot_be_carried_out_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, change: fn(&mut Value)| {
        let mut scenario = scenario();
        change(&mut scenario);
        write(folder.path(), name, &scenario)
    };
    let files = [
        with("unknown.json", |file| {
            file["messages"][0] = json!({"wait": 1});
        }),
        with("nobody.json", |file| {
            file["setup"] = json!([{"action": {"do": "resolve", "fingerprint": ["nobody"]}}]);
        }),
        folder
            .path()
            .join("missing.json")
            .to_str()
            .unwrap()
            .to_owned(),
        with("good.json", |_| {}),
    ];
    let mut arguments = vec!["occurrences"];
    arguments.extend(files.iter().map(String::as_str));
    let output = conform(&arguments);
    assert_eq!(
        (output.status.code(), summary(&output).as_str()),
        (Some(1), "1 passed, 3 failed")
    );
    let lines = lines(&output);
    let errors: Vec<_> = lines
        .iter()
        .map(|line| line["actual"]["error"].as_str())
        .collect();
    assert_eq!(
        errors,
        [
            Some("unsupported"),
            Some("failed"),
            Some("unreadable"),
            None
        ]
    );
    for (line, word) in lines.iter().zip(["wait", "nobody", "read"]) {
        assert!(line["diff"][0].as_str().unwrap().contains(word), "{line}");
    }
    assert_eq!(lines[1]["case"], "a jam comes back");
}

#[test]
fn pages_of_lists_are_a_kind() {
    let folder = tempfile::tempdir().unwrap();
    let link = |cursor: &str, results: bool| json!({"cursor": cursor, "results": results});
    let case = |name: &str, ids: Value| {
        let expect =
            json!({"ids": ids, "prev": link("1:-1:1", false), "next": link("1:1:0", true)});
        json!({"name": name, "paginator": "offset_page", "rows": [1, 2], "steps": [{"get": {"limit": 1, "cursor": null}, "expect": expect}]})
    };
    let cases =
        json!({"about": "pages", "cases": [case("right", json!([1])), case("wrong", json!([2]))]});
    let file = write(folder.path(), "cursors.json", &cases);
    let output = conform(&["cursors", &file]);
    assert_eq!(
        (output.status.code(), summary(&output).as_str()),
        (Some(1), "1 passed, 1 failed")
    );
    let lines = lines(&output);
    let actual = json!([{"ids": [1], "prev": link("1:-1:1", false), "next": link("1:1:0", true)}]);
    assert_eq!(
        lines[0],
        json!({"file": file, "case": "right", "pass": true, "actual": actual, "diff": []})
    );
    assert_eq!(
        lines[1],
        json!({"file": file, "case": "wrong", "pass": false, "actual": actual, "diff": ["[0].ids[0]: expected 2 got 1"]})
    );
}

/// A merge gives the events of one issue to another, and a release is the latest of the environments it was seen in.
#[test]
fn events_are_of_the_issue_that_has_them_now() {
    let folder = tempfile::tempdir().unwrap();
    let issue = |id: i64| {
        json!({"id": id, "project": 1, "short_id": id, "status": 0, "substatus": 3, "priority": 75,
            "category": "error", "type": "error", "first_seen": "2024-06-01T07:00:00Z",
            "last_seen": "2024-06-01T11:00:00Z", "times_seen": 1, "first_release": null})
    };
    let event = |number: i64, issue: i64, release: &str, environment: &str| {
        json!({"event_id": format!("{number:032x}"), "issue": issue, "project": 1,
            "at": format!("2024-06-01T11:00:0{number}Z"), "tags": {}, "user": null,
            "environment": environment, "release": release, "level": "error", "message": "m"})
    };
    let environment = |issue: i64, name: &str| json!({"issue": issue, "environment": name, "first_release": null, "first_seen": "2024-06-01T11:00:00Z"});
    let data = json!({
        "now": "2024-06-01T12:00:00Z", "projects": [{"id": 1, "slug": "shop"}],
        "members": [{"id": 1, "username": "ann", "email": "ann@example.org"}], "teams": [], "acting_member": 1,
        "issues": [issue(1), issue(2)],
        "events": [event(1, 1, "a@1.0.0", "prod"), event(2, 1, "a@1.0.0", "prod"), event(3, 2, "a@2.0.0", "dev")],
        "assignees": [], "owners": [], "bookmarks": [], "subscriptions": [], "inbox": [],
        "issue_environments": [environment(1, "prod"), environment(2, "dev")],
    });
    let merged = json!({"name": "merged", "action": {"op": "update", "project": [1], "id": [1, 2], "body": {"merge": true}},
        "expect": {"ok": true, "events_of": {"1": 0, "2": 3}}});
    let bulk = json!({"about": "merges", "data": data, "hashes": [], "cases": [merged]});
    let latest = |name: &str, ids: Value| {
        let request = json!({"project": [1], "environment": [name], "query": "release:latest"});
        json!({"name": name, "request": request, "expect": {"ids": ids}})
    };
    let cases = [latest("prod", json!([1])), latest("dev", json!([2]))];
    let search = json!({"about": "latest", "data": data, "cases": cases});
    for (kind, cases, passed) in [("bulk", bulk, 1), ("search", search, 2)] {
        let file = write(folder.path(), &format!("{kind}.json"), &cases);
        let output = conform(&[kind, &file]);
        assert_eq!(
            (output.status.code(), summary(&output)),
            (Some(0), format!("{passed} passed, 0 failed")),
            "{:?}",
            lines(&output)
        );
    }
}

#[test]
fn search_texts_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let filters = json!([{"key": "color", "op": "!=", "value": "red"}, "OR", {"key": "message", "op": "=", "value": "b"}]);
    let reduced = json!({"name": "own", "config": "issue", "cases": [
        {"query": "!color:red or b", "filters": filters},
        {"query": "is:purple", "error": "is_in_list"},
    ]});
    let reduced = write(folder.path(), "reduced.json", &reduced);
    let tokens =
        json!([{"query": "b", "result": [{"type": "freeText", "value": "b", "quoted": false}]}]);
    let tokens = write(folder.path(), "tokens.json", &tokens);
    let riddle = write(folder.path(), "riddle.json", &json!(7));

    let output = conform(&["search-syntax", &reduced, &tokens, &riddle]);
    assert_eq!(
        (output.status.code(), summary(&output).as_str()),
        (Some(1), "2 passed, 2 failed")
    );
    let lines = lines(&output);
    let seen: Vec<_> = lines
        .iter()
        .map(|line| (&line["case"], &line["actual"]))
        .collect();
    let message = json!({"filters": [{"key": "message", "op": "=", "value": "b"}]});
    let expected = [
        (&json!("!color:red or b"), &json!({"filters": filters})),
        (&json!("is:purple"), &json!({"error": "is_unknown"})),
        (&json!("b"), &message),
        (&json!("riddle"), &json!({"error": "unsupported"})),
    ];
    assert_eq!(seen, expected);
    assert_eq!(
        lines[1]["diff"],
        json!(["error: expected \"is_in_list\" got \"is_unknown\""])
    );
}

#[test]
fn wrong_arguments_are_said() {
    for (arguments, words) in [
        (&["occurrences"][..], "FILE"),
        (&["soup", "x.json"], "occurrences"),
        (
            &["occurrences", "x.json", "--store", "sqlite:///tmp/used.db"],
            "fresh stores",
        ),
        (&["occurrences", "x.json", "--speed"], "--speed"),
    ] {
        let output = conform(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}
