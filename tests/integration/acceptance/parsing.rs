//! What is accepted of an occurrence and what is refused (occurrences spec, sections 3, 3.1 and 16.2).

use super::world::*;
use picket_core::model::Priority;
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::{Value, json};

/// Sends each message alone and checks what it was refused for.
async fn each_is_refused(world: &World, reason: &str, messages: Vec<Message>) {
    let mut desk = world.desk().await;
    for message in messages {
        desk.0.forget_counts();
        desk.send([message.clone()]).await;
        assert_eq!(desk.dropped().await, reasons([(reason, 1)]), "{message:?}");
    }
    assert_eq!(desk.stored().await, (0, 0), "nothing of it is stored");
}

pub async fn ids_may_be_written_in_many_ways(world: &World) {
    let mut desk = world.desk().await;
    let message = occurrence("jam")
        .id("{0A1B2C3D-4E5F-4A7B-8C9D-0E1F2A3B4C5D}")
        .event_id("urn:uuid:5d4c3b2a-1f0e-4d9c-8b7a-5f4e3d2c1b0a");
    desk.send([message]).await;
    let body = desk
        .event("5d4c3b2a1f0e4d9c8b7a5f4e3d2c1b0a")
        .await
        .unwrap();
    assert_eq!(body["event_id"], "5d4c3b2a1f0e4d9c8b7a5f4e3d2c1b0a");
    assert_eq!(body["type"], "generic");
    let occurrence = desk.newest("jam").await;
    assert_eq!(occurrence.id, "0a1b2c3d4e5f4a7b8c9d0e1f2a3b4c5d");
}

pub async fn what_is_missing_or_of_the_wrong_kind_is_refused(world: &World) {
    let jam = || occurrence("jam");
    let mut messages = vec![
        jam().id("hi"),
        jam().with("id", 5),
        jam().without("id"),
        jam().without("project_id"),
        jam().with("project_id", "1"),
        jam().with("project_id", 1.5),
        jam().with("fingerprint", json!([])),
        jam().with("fingerprint", json!(["jam", 5])),
        jam().with("fingerprint", Value::Null),
        jam().with("fingerprint", ""),
        jam().without("issue_title"),
        jam().with("issue_title", 5),
        jam().without("subtitle"),
        jam().with("resource_id", 5),
        jam().with("evidence_data", "x"),
        jam().without("evidence_display"),
        jam().with("evidence_display", Value::Null),
        jam().with("evidence_display", json!({})),
        jam().with("evidence_display", json!(["x"])),
        jam().with("evidence_display", json!([{"name": "a", "value": "b"}])),
        jam().without("type"),
        jam().without("detection_time"),
        jam().with("detection_time", 0),
        jam().with("detection_time", ""),
        jam().with("detection_time", Value::Null),
        jam().with("detection_time", "yesterday"),
        jam().with("detection_time", 1e12),
        jam().with("level", ""),
        jam().with("level", "critical"),
        jam().with("level", 40),
        jam().with("event_id", "hi"),
        jam().without("event").without("event_id"),
        jam().without("event").event_id(""),
        jam().with("culprit", 5),
    ];
    messages.extend([
        jam().with("event", Value::Null),
        jam().with("event", json!({})),
        jam().with("event", "x"),
        jam().with("event.project_id", 999),
        jam().with("event.project_id", "1"),
        jam().with("event.event_id", "hi"),
        jam().without("event.event_id"),
        jam().without("event_id").without("event.event_id"),
        jam().with("event_id", "0".repeat(32)),
        jam().light().with("event.timestamp", "noon"),
    ]);
    each_is_refused(world, "invalid_payload", messages).await;
}

pub async fn an_unknown_type_is_an_unknown_type(world: &World) {
    let types = [
        json!(300),
        json!(2000),
        json!(2005),
        json!("2007"),
        json!(null),
        json!(2007.5),
        json!([1]),
    ];
    let messages = types.map(|number| occurrence("jam").with("type", number));
    each_is_refused(world, "unknown_group_type", messages.into()).await;
}

/// The first check that fails decides, in the order of the table; only an assignee is looked up before the rest.
pub async fn the_first_failure_decides(world: &World) {
    let mut desk = world.desk().await;
    let jam = || occurrence("jam");
    for (reason, message) in [
        ("invalid_payload", jam().id("hi").with("type", 300)),
        (
            "unknown_group_type",
            jam().with("type", 300).with("level", "x"),
        ),
        ("unknown_group_type", jam().with("type", 300).project(99)),
        ("unknown_group_type", jam().with("type", 300).priority(75)),
        ("invalid_payload", jam().project(99).with("level", "x")),
        (
            "invalid_payload",
            jam().with("event.project_id", 2).with("event.tags", "x"),
        ),
        (
            "invalid_event_schema",
            jam()
                .with("event.tags", "x")
                .with("event_id", "0".repeat(32)),
        ),
        (
            "invalid_event_schema",
            jam().project(99).with("event.tags", "x"),
        ),
        (
            "project_not_found",
            jam().project(99).with("event_id", "0".repeat(32)),
        ),
        ("project_not_found", jam().project(99).group_type(5001)),
        (
            "feature_disabled",
            jam().group_type(5001).with("event_id", "0".repeat(32)),
        ),
        ("feature_disabled", jam().group_type(5001).without("event")),
        (
            "project_not_found",
            jam().project(99).assignee("ana").id("hi"),
        ),
        (
            "invalid_payload",
            jam().assignee("ana").without("project_id"),
        ),
        ("invalid_payload", jam().project(99).assignee("").id("hi")),
    ] {
        desk.0.forget_counts();
        desk.send([message.clone()]).await;
        assert_eq!(desk.dropped().await, reasons([(reason, 1)]), "{message:?}");
    }
    assert_eq!(desk.stored().await, (0, 0));
}

pub async fn what_is_left_out_has_its_default(world: &World) {
    let mut desk = world.desk().await;
    let event_id = "00000000000040008000000000000abc";
    let message = occurrence("jam")
        .event_id(event_id)
        .without("event_id")
        .with("culprit", Value::Null)
        .with("initial_issue_priority", Value::Null)
        .with("level", Value::Null)
        .with("evidence_display", json!([]));
    desk.send([message]).await;
    let issue = desk.issue("jam").await;
    assert_eq!(issue.level.as_str(), "info");
    assert_eq!(issue.priority.map(Priority::number), Some(25));
    assert_eq!(issue.culprit, "");
    let body = desk.event(event_id).await.unwrap();
    assert_eq!(
        body["level"], "info",
        "the event is labelled like its occurrence"
    );
    assert_eq!(desk.newest("jam").await.event_id, event_id);
}

/// A hyphenated id in the event alone is as good as any other.
pub async fn the_event_may_name_the_id_alone(world: &World) {
    let mut desk = world.desk().await;
    let hyphenated = "00000000-0000-4000-8000-0000000000ef";
    let messages = [
        occurrence("jam")
            .with("event_id", "")
            .with("event.event_id", hyphenated),
        occurrence("jam").with("event_id", Value::Null),
        occurrence("jam")
            .event_id(hyphenated)
            .with("event_id", hyphenated.replace('-', "").to_uppercase()),
    ];
    desk.send(messages).await;
    assert_eq!(desk.times_seen("jam").await, 3);
}

pub async fn priorities_are_25_50_and_75(world: &World) {
    let mut desk = world.desk().await;
    let cron = |name: &str| occurrence(name).group_type(4001);
    desk.send([
        cron("given").priority(25),
        cron("odd").priority(60),
        cron("text").with("initial_issue_priority", "50"),
        cron("newer key").with("priority", 50),
        cron("both").priority(25).with("priority", 50),
        cron("null")
            .with("initial_issue_priority", Value::Null)
            .with("priority", 50),
        cron("default"),
    ])
    .await;
    let issues = desk.issues().await;
    let priorities: Vec<_> = issues.iter().map(|issue| issue.priority).collect();
    assert_eq!(
        priorities,
        ["low", "high", "high", "medium", "low", "medium", "high"]
    );
}

pub async fn levels_are_words_in_lower_case(world: &World) {
    let mut desk = world.desk().await;
    let levels = ["sample", "debug", "info", "warning", "error", "fatal"];
    desk.send(levels.map(|level| occurrence(level).group_type(4001).level(level)))
        .await;
    let issues = desk.issues().await;
    let found: Vec<_> = issues.iter().map(|issue| issue.level).collect();
    assert_eq!(found, levels);
    // The current schema does not know the first one, the legacy schema takes any.
    assert_eq!(
        desk.counted("occurrence_ingest.event_payload_invalid"),
        Some(1)
    );
}

pub async fn evidence_is_kept_as_text(world: &World) {
    let mut desk = world.desk().await;
    let evidence = json!([
        {"name": "Attempts", "value": 3, "important": "yes", "extra": 1},
        {"name": ["a"], "value": null, "important": true},
        {"name": "Late", "value": "b", "important": true},
    ]);
    desk.send([occurrence("jam").with("evidence_display", evidence)])
        .await;
    let rows: Vec<_> = desk
        .newest("jam")
        .await
        .evidence
        .into_iter()
        .map(|row| (row.name, row.value, row.important))
        .collect();
    let row = |name: &str, value: &str, important| (name.to_owned(), value.to_owned(), important);
    assert_eq!(
        rows,
        [
            row("Attempts", "3", false),
            row("[\"a\"]", "null", true),
            row("Late", "b", true)
        ]
    );
}

pub async fn parts_of_a_fingerprint_are_hashed_and_only_the_first_decides(world: &World) {
    let mut desk = world.desk().await;
    let parts = |parts: Value| occurrence("").with("fingerprint", parts);
    desk.send([
        parts(json!(["printer", "tray"])),
        parts(json!(["tray"])),
        parts(json!("printer")),
        parts(json!([""])),
        parts(json!(["ü"])),
    ])
    .await;
    let issues = desk.issues().await;
    let found: Vec<_> = issues
        .iter()
        .map(|issue| (issue.fingerprint_hash.as_deref().unwrap(), issue.times_seen))
        .collect();
    assert_eq!(
        found,
        [
            ("a9358f4ce02708d5b5a2a70818b2a6da", 2),
            ("75b2ade1102b7e4d92d03408ec074da5", 1),
            ("d41d8cd98f00b204e9800998ecf8427e", 1),
            ("c03410a5204b21cd8229ff754688d743", 1),
        ]
    );
    let fingerprint = desk.newest("printer").await.fingerprint;
    assert_eq!(fingerprint.len(), 1);
}

/// A time may be a number or a text, with or without an offset; the detection time never moves the issue.
pub async fn times_honour_their_offset(world: &World) {
    let mut desk = world.desk().await;
    for (place, (sent, meant)) in [
        (json!("2026-05-04T11:30:00+02:00"), "09:30:00"),
        (json!("2026-05-04 09:30:00.5"), "09:30:00.5"),
        (json!("2026-05-04T09:30"), "09:30:00"),
        (json!("2026-05-04T04:00:00-05:30"), "09:30:00"),
        (json!(1_777_887_000), "09:30:00"),
        (json!(1_777_887_000.25), "09:30:00.25"),
    ]
    .into_iter()
    .enumerate()
    {
        for light in [false, true] {
            let name = format!("{place} {light}");
            let message = occurrence(&name)
                .group_type(4001)
                .with("event.timestamp", sent.clone())
                .with("detection_time", "2001-01-01T00:00:00+05:00");
            desk.send([if light { message.light() } else { message }])
                .await;
            let issue = desk.issue(&name).await;
            assert_eq!(
                (issue.first_seen, issue.last_seen),
                (time(meant), time(meant)),
                "{sent} {light}"
            );
            let detected = desk.newest(&name).await.detection_time;
            assert_eq!(detected, 978_289_200_000.0);
        }
    }
}

/// An event that is stored is not from the future, and not older than 30 days.
pub async fn inline_events_are_held_to_the_clock(world: &World) {
    let mut desk = world.desk().await;
    for (place, (sent, meant)) in [
        ("10:01:00", "10:01:00"),
        ("10:01:00.000001", "10:00:00"),
        ("12:00:00", "10:00:00"),
        ("2026-04-04T10:00:00Z", "2026-04-04T10:00:00Z"),
        ("2026-04-04T09:59:59.999999Z", "10:00:00"),
        ("1970-01-01T00:00:00Z", "10:00:00"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("inline {place}");
        desk.send([occurrence(&name).group_type(4001).at(sent)])
            .await;
        assert_eq!(desk.issue(&name).await.last_seen, time(meant), "{sent}");
        let name = format!("light {place}");
        desk.send([occurrence(&name).group_type(4001).at(sent).light()])
            .await;
        assert_eq!(desk.issue(&name).await.last_seen, time(sent), "{sent}");
    }
    desk.send([occurrence("no time")
        .group_type(4001)
        .with("event.timestamp", "noon")])
        .await;
    assert_eq!(desk.issue("no time").await.last_seen, time("10:00:00"));
}
