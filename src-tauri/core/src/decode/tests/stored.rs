//! What is written and read back.

use super::*;
use crate::decode::{
    compress, decompress, occurrence_json, plain_event, read_stored_event, read_stored_occurrence,
};
use crate::model::{EventId, Level};

fn project_and_event() -> (ProjectId, EventId) {
    (ProjectId(1), EVENT_ID.parse().unwrap())
}

fn read_event(body: &Value) -> Result<Event, String> {
    let (project, event) = project_and_event();
    read_stored_event(project, event, &compress(body.to_string().as_bytes()))
}

#[test]
fn an_inline_event_survives_the_store() {
    let mut message = message();
    message["event"]["tags"] = json!({"region": "eu"});
    message["event"]["release"] = json!("1.0");
    message["event"]["environment"] = json!("prod");
    message["event"]["timestamp"] = json!("2024-08-12T11:59:00.123456Z");
    message["event"]["sdk"] = json!({"name": "sentry.ruby", "version": "5.0.0"});
    message["event"]["stacktrace"] =
        json!({"frames": [{"module": "m", "function": "f", "in_app": true}]});
    let event = inline(&message);
    let stored = event.body.clone().unwrap();
    let (project, id) = project_and_event();
    let read = read_stored_event(project, id, &stored.compressed).unwrap();
    assert_eq!(
        read,
        Event {
            body: None,
            ..event
        }
    );
    assert_eq!(read.culprit, "m in f");
}

#[test]
fn a_long_release_is_cut_in_its_tag_only() {
    let long = "r".repeat(250);
    let event = inline(&with("/event/release", json!(long)));
    assert_eq!(event.release, Some(long.clone()));
    assert_eq!(event.tag("sentry:release").map(str::len), Some(200));
    let stored = event.body.unwrap();
    let (project, id) = project_and_event();
    let read = read_stored_event(project, id, &stored.compressed).unwrap();
    assert_eq!(read.release, Some(long));
}

#[test]
fn a_stored_event_may_be_of_any_type() {
    let transaction = read_event(&json!({
        "type": "transaction", "timestamp": 1_600_000_000.5, "transaction": "/checkout", "platform": "python",
        "contexts": {"trace": {"description": "GET /checkout"}}, "release": "1.0", "environment": "prod",
        "tags": {"b": "2", "a": "1"}, "level": "info", "metadata": {"dogs": "great"},
    }))
    .unwrap();
    assert_eq!(transaction.event_type, "transaction");
    assert_eq!(transaction.timestamp, instant("2020-09-13T12:26:40.5Z"));
    assert_eq!(transaction.level, Some(Level::Info));
    assert_eq!(
        (
            transaction.release.as_deref(),
            transaction.environment.as_str()
        ),
        (Some("1.0"), "prod")
    );
    assert_eq!(transaction.culprit, "/checkout");
    assert_eq!(transaction.location.as_deref(), Some("/checkout"));
    assert_eq!(
        Value::Object(transaction.metadata),
        json!({"title": "GET /checkout", "location": "/checkout", "dogs": "great"})
    );
    assert_eq!(
        transaction.tags,
        [
            ("a".to_owned(), "1".to_owned()),
            ("b".to_owned(), "2".to_owned())
        ]
    );

    let default = |logentry: Value| {
        let event = read_event(
            &json!({"type": "odd", "timestamp": "2024-08-12T11:59:00Z", "logentry": logentry}),
        )
        .unwrap();
        assert_eq!(event.event_type, "default");
        (
            event.message,
            event.metadata["title"].as_str().unwrap().to_owned(),
        )
    };
    let texts = |message: &str, title: &str| (message.to_owned(), title.to_owned());
    assert_eq!(
        default(json!({"formatted": "a b\u{85}c", "message": "a %s"})),
        texts("a b\u{85}c", "a b")
    );
    assert_eq!(
        default(json!({"message": "x".repeat(101)})).1,
        "x".repeat(97) + "..."
    );
    assert_eq!(default(json!(null)), texts("", "<unlabeled event>"));

    let generic = read_event(&json!({
        "type": "generic", "timestamp": 1, "metadata": {"title": "t", "k": [1]}, "culprit": "own", "location": "there",
        "message": "m",
    }))
    .unwrap();
    assert_eq!(
        Value::Object(generic.metadata),
        json!({"title": "t", "k": [1]})
    );
    assert_eq!(
        (generic.culprit.as_str(), generic.message.as_str()),
        ("own", "m")
    );
    assert_eq!(generic.location.as_deref(), Some("there"));
}

#[test]
fn a_plain_event_keeps_its_type_and_time() {
    let (project, id) = project_and_event();
    let sent = json!({
        "event_id": "{0C6D75AC-3969-41E0-BC4B-33C2FF7F3657}", "project_id": 1, "type": "transaction",
        "timestamp": "2009-02-13T23:31:30.25+00:00", "transaction": "/pay", "environment": "prod",
        "release": "shop@1.2.0", "tags": {"b": 2, "a": "1"}, "user": {"id": 5},
    });
    let event = plain_event(project, sent.as_object().unwrap().clone()).unwrap();
    assert_eq!((event.project_id, event.event_id), (project, id));
    assert_eq!(event.event_type, "transaction");
    assert_eq!(event.timestamp, instant("2009-02-13T23:31:30.25Z"));
    assert_eq!(event.tag("sentry:user"), Some("id:5"));
    let stored = event.body.clone().unwrap();
    let read = read_stored_event(project, id, &stored.compressed).unwrap();
    assert_eq!(
        read,
        Event {
            body: None,
            ..event
        }
    );
    let body: Value =
        serde_json::from_slice(&decompress(&stored.compressed, 4096).unwrap()).unwrap();
    assert_eq!(body["event_id"], EVENT_ID);
    assert_eq!(body["timestamp"], 1_234_567_890.25);
    assert_eq!(
        body["tags"],
        json!([["a", "1"], ["b", "2"], ["sentry:user", "id:5"]])
    );
}

#[test]
fn a_plain_event_needs_an_id_a_time_and_its_project() {
    let (project, _) = project_and_event();
    let sent = json!({"event_id": EVENT_ID, "timestamp": 5});
    assert!(plain_event(project, sent.as_object().unwrap().clone()).is_ok());
    for (key, value, words) in [
        ("event_id", json!("hi"), "event_id: expected a UUID"),
        ("event_id", Value::Null, "event_id: expected a UUID"),
        (
            "timestamp",
            json!("noon"),
            "timestamp: expected Unix seconds",
        ),
        ("project_id", json!(2), "project mismatch"),
        ("project_id", json!("1"), "project mismatch"),
    ] {
        let mut sent = sent.clone();
        sent[key] = value;
        let rejection = plain_event(project, sent.as_object().unwrap().clone()).unwrap_err();
        assert_eq!(rejection.reason, RejectReason::InvalidPayload, "{sent}");
        assert!(rejection.detail.starts_with(words), "{rejection}");
    }
}

#[test]
fn a_body_that_cannot_be_used_says_why() {
    let (project, event) = project_and_event();
    let error = |bytes: &[u8]| read_stored_event(project, event, bytes).unwrap_err();
    assert!(error(b"not zstd").contains(&format!(
        "stored event {EVENT_ID} of project 1 cannot be read"
    )));
    assert!(error(&compress(b"[]")).contains("is not a JSON object"));
    assert!(error(&compress(b"{\"timestamp\": \"soon\"}")).contains("no readable timestamp"));
    let nested = "{\"a\":".repeat(100_000);
    assert!(error(&compress(nested.as_bytes())).contains("is not a JSON object"));
}

#[test]
fn an_occurrence_is_stored_as_its_record() {
    let mut message = message();
    message["detection_time"] = json!(1_717_713_781.1);
    message["initial_issue_priority"] = json!(75);
    let message = kept(&message);
    let record = json!({
        "id": ID,
        "project_id": 1,
        "event_id": EVENT_ID,
        "fingerprint": ["85345ea2b9abf72d3d7a39737524235c"],
        "issue_title": "segfault",
        "subtitle": "buffer overflow",
        "resource_id": "1234",
        "evidence_data": {"answer": 42},
        "evidence_display": [{"name": "hi", "value": "bye", "important": true}],
        "type": 2007,
        "detection_time": 1_717_713_781.1,
        "level": "warning",
        "culprit": "api/0/events",
        "initial_issue_priority": 75,
        "assignee": null,
    });
    assert_eq!(occurrence_json(&message.occurrence), record);
    let stored = decompress(&message.occurrence_json, 1 << 20).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&stored).unwrap(), record);

    let read = read_stored_occurrence(&message.occurrence_json).unwrap();
    assert_eq!(
        (read.title.as_str(), read.subtitle.as_str()),
        ("segfault", "buffer overflow")
    );
    assert_eq!(
        (read.culprit.as_str(), read.level),
        ("api/0/events", Level::Warning)
    );
    assert_eq!(read.detection_time, message.occurrence.detection_time);
    assert_eq!(read.resource_id.as_deref(), Some("1234"));
    assert_eq!(read.fingerprint, ["85345ea2b9abf72d3d7a39737524235c"]);
    assert_eq!(read.evidence, message.occurrence.evidence_display);
    assert_eq!(read.evidence_data, message.occurrence.evidence_data);
    assert_eq!(read.group_type, 2007);
}

#[test]
fn an_older_record_reads_with_defaults() {
    let record = json!({
        "id": ID, "project_id": 1, "event_id": EVENT_ID, "fingerprint": ["a"], "issue_title": null, "subtitle": null,
        "type": 2005, "detection_time": "2024-08-12T11:59:00Z", "something": "new",
    });
    let read = read_stored_occurrence(&compress(record.to_string().as_bytes())).unwrap();
    assert_eq!((read.level, read.culprit.as_str()), (Level::Info, ""));
    assert_eq!(
        (read.title.as_str(), read.subtitle.as_str()),
        ("<untitled>", "")
    );
    assert_eq!((read.group_type, read.evidence.len()), (2005, 0));

    assert!(
        read_stored_occurrence(b"")
            .unwrap_err()
            .contains("cannot be read")
    );
    assert!(
        read_stored_occurrence(&compress(b"{}"))
            .unwrap_err()
            .contains("not an occurrence record")
    );
    let unreadable = changed(record, "/detection_time", json!(null));
    assert!(
        read_stored_occurrence(&compress(unreadable.to_string().as_bytes()))
            .unwrap_err()
            .contains("detection_time")
    );
}
