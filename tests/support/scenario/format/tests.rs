//! What is read of scenario files, and what is refused.

use super::super::Action;
use super::*;
use picket_core::model::Priority;
use picket_core::triage::{ArchiveUntil, IssueChange};
use serde_json::json;

fn parsed(change: impl FnOnce(&mut Value)) -> Result<Scenario, String> {
    let mut file = json!({
        "name": "a jam", "why": "to see it",
        "config": {"clock": "2026-05-04T10:00:00Z", "projects": [{"id": 3, "slug": "shop"}]},
        "messages": [{"payload": {"a": [1e2, 18446744073709551616_f64]}}, {"flush": true}],
        "expect": {"issues": [{"short_id": 1}]},
    });
    change(&mut file);
    parse(&file.to_string(), "file.json")
}

#[test]
fn what_is_left_out_has_its_default() {
    let scenario = parsed(|file| {
        file.as_object_mut().unwrap().remove("name");
    })
    .unwrap();
    assert_eq!(scenario.name, "file.json");
    assert_eq!(scenario.config.batch_size, 100);
    assert_eq!(scenario.config.mode, Mode::Batched);
    assert!(scenario.config.prune_status_changes);
    assert!(scenario.setup.is_empty() && scenario.expect.dropped.is_empty());
    assert_eq!(scenario.messages.len(), 2);
}

#[test]
fn a_payload_is_sent_as_it_stands() {
    let text = r#"{"config": {"clock": "2026-05-04T10:00:00Z"},
        "messages": [{"payload": {"a": 1.0e400, "b": "\ud800",  "a": 2}}, {"payload": null},
            {"raw": "{\n"}, {"raw_base64": "//4="}]}"#;
    let scenario = parse(text, "").unwrap();
    let sent: Vec<&[u8]> = scenario
        .messages
        .iter()
        .map(|step| match step {
            Step::Message(bytes) => bytes.as_slice(),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected: [&[u8]; 4] = [
        br#"{"a": 1.0e400, "b": "\ud800",  "a": 2}"#,
        b"null",
        b"{\n",
        &[0xff, 0xfe],
    ];
    assert_eq!(sent, expected);
}

#[test]
fn actions_are_read() {
    let scenario = parsed(|file| {
        file["setup"] = json!([
            {"action": {"do": "archive", "fingerprint": ["a"], "substatus": "archived_until_condition_met",
                "ignore_count": 3, "ignore_duration_minutes": 30}},
            {"action": {"do": "set_priority", "project_id": 3, "fingerprint": ["a"], "priority": "high"}},
            {"action": {"do": "set_forecast", "fingerprint": ["a"], "values": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}},
            {"action": {"do": "run_task", "task": "auto_remove_inbox"}},
            {"action": {"do": "store_event", "event": {"event_id": "x"}}},
            {"action": {"do": "set_short_id_counter", "project_id": 3, "value": 7}},
            {"action": {"do": "resolve_in_release", "fingerprint": ["a"], "release": "shop@1"}},
            {"action": {"do": "delete_issue", "fingerprint": ["a"]}},
            {"advance_seconds": 0.5},
        ]);
    })
    .unwrap();
    let until = ArchiveUntil {
        minutes: Some(30),
        count: Some(3),
        ..ArchiveUntil::default()
    };
    assert!(matches!(
        &scenario.setup[0],
        Step::Act(Action::Change { project: None, change: IssueChange::ArchiveUntil(found), .. }) if *found == until
    ));
    assert!(matches!(
        scenario.setup[1],
        Step::Act(Action::Change {
            project: Some(ProjectId(3)),
            change: IssueChange::SetPriority(Priority::High),
            ..
        })
    ));
    assert!(matches!(scenario.setup[8], Step::Advance(by) if by == TimeDelta::milliseconds(500)));
}

#[test]
fn what_is_not_known_is_not_supported() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 9] = [
        (|file| file["speed"] = json!(1), "speed"),
        (|file| file["config"]["speed"] = json!(1), "speed"),
        (
            |file| file["config"]["mode"] = json!("parallel"),
            "parallel",
        ),
        (|file| file["expect"]["speed"] = json!(1), "speed"),
        (
            |file| file["expect"]["issues"][0]["speed"] = json!(1),
            "speed",
        ),
        (|file| file["setup"] = json!([{"wait": 1}]), "wait"),
        (|file| file["setup"] = json!([{}]), "setup[0]"),
        (
            |file| file["setup"] = json!([{"action": {"do": "merge"}}]),
            "merge",
        ),
        (
            |file| {
                file["setup"] =
                    json!([{"action": {"do": "resolve", "fingerprint": ["a"], "why": 1}}]);
            },
            "why",
        ),
    ];
    for (change, word) in cases {
        let problem = parsed(change).unwrap_err();
        assert!(problem.contains(word), "{word}: {problem}");
    }
}
