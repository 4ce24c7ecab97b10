//! What is decided before the fields: size, JSON, payload type, project, feature, and the order of it all.

use super::*;
use crate::decode::MAX_PAYLOAD_BYTES;
use crate::model::{DropReason, GroupType};

#[test]
fn a_valid_message_is_kept() {
    let message = kept(&message());
    assert_eq!(message.occurrence.id.to_string(), ID);
    assert_eq!(message.occurrence.event_id.to_string(), EVENT_ID);
    assert!(matches!(message.event, EventPath::Inline(_)));
}

#[test]
fn bytes_that_are_no_json_object() {
    let reject = |bytes: &[u8]| match decode_bytes(bytes, &context()) {
        Verdict::Reject(rejection) => rejection,
        other => panic!("{other:?}"),
    };
    for bytes in [
        &b"{"[..],
        b"",
        b"\xff\xfe",
        b"{\"id\": NaN}",
        b"\xef\xbb\xbf{}",
        br#"{"id": "\ud83d"}"#,
        b"nil",
    ] {
        assert_eq!(reject(bytes).reason, RejectReason::InvalidJson, "{bytes:?}");
    }
    assert_eq!(
        reject("[".repeat(100_000).as_bytes()).reason,
        RejectReason::InvalidJson
    );
    for (bytes, found) in [
        (&b"[]"[..], "an empty array"),
        (b"null", "null"),
        (b"5", "5"),
        (b"\"x\"", "the text \"x\""),
    ] {
        let rejection = reject(bytes);
        assert_eq!(rejection.reason, RejectReason::InvalidPayload);
        assert_eq!(
            rejection.detail,
            format!("expected a JSON object, found {found}")
        );
    }
}

#[test]
fn a_value_may_have_four_mebibytes() {
    let sized = |length: usize| {
        let mut message = message().to_string();
        message.extend(std::iter::repeat_n(' ', length - message.len()));
        decode_bytes(message.as_bytes(), &context())
    };
    assert!(matches!(sized(MAX_PAYLOAD_BYTES), Verdict::Keep(_)));
    let Verdict::Reject(rejection) = sized(MAX_PAYLOAD_BYTES + 1) else {
        panic!("too large")
    };
    assert_eq!(rejection.reason, RejectReason::InvalidPayload);
    assert_eq!(
        rejection.detail,
        "the value has 4194305 bytes; at most 4194304 are processed"
    );
}

#[test]
fn the_payload_type_selects_the_handler() {
    assert!(matches!(
        decode(&with("/payload_type", json!("occurrence"))),
        Verdict::Keep(_)
    ));
    for other in [
        json!("snapshot"),
        json!(null),
        json!(""),
        json!("Occurrence"),
        json!(1),
        json!(["occurrence"]),
    ] {
        let detail = rejected_as(
            RejectReason::InvalidPayloadType,
            &with("/payload_type", other),
        );
        assert!(detail.starts_with("payload_type: expected "), "{detail}");
    }
    // Nothing else of such a message is looked at, but it has to have a fingerprint.
    assert_eq!(
        rejected(&json!({"payload_type": "snapshot", "fingerprint": 5})).reason,
        RejectReason::InvalidPayloadType
    );
    assert!(invalid(&json!({"payload_type": "snapshot"})).contains("fingerprint is missing"));
}

#[test]
fn a_status_change_is_read() {
    let change = |key: &str, value: Value| {
        let message = json!({"payload_type": "status_change", "fingerprint": ["touch-id"], "project_id": 1,
            "new_status": 1, "new_substatus": null, "id": "x"});
        changed(message, &format!("/{key}"), value)
    };
    let read = |message: &Value| {
        let payload = message.to_string();
        match decode_record(payload.as_bytes(), &context()).verdict {
            Verdict::Keep(Message::StatusChange(change)) => (change.status, change.substatus),
            other => panic!("{message}: {other:?}"),
        }
    };
    for (message, pair) in [
        (change("new_status", json!(1)), (1, None)),
        (change("new_status", json!(77)), (77, None)),
        (change("new_substatus", json!(5)), (1, Some(5))),
        (change("fingerprint", json!("touch-id")), (1, None)),
        (change("id", json!(null)), (1, None)),
        (
            json!({"payload_type": "status_change", "fingerprint": ["touch-id"], "project_id": 1, "new_status": 0}),
            (0, None),
        ),
    ] {
        assert_eq!(read(&message), pair, "{message}");
    }
    assert_eq!(
        rejected_as(
            RejectReason::ProjectNotFound,
            &change("project_id", json!(99))
        ),
        "project_id: there is no project 99"
    );
    for (message, path) in [
        (change("fingerprint", json!([])), "fingerprint"),
        (change("fingerprint", json!("")), "fingerprint"),
        (change("fingerprint", json!([1])), "fingerprint[0]"),
        (change("project_id", json!("1")), "project_id"),
        (change("new_status", json!(true)), "new_status"),
        (change("new_status", json!(1.0)), "new_status"),
        (change("new_status", json!(null)), "new_status"),
        (change("new_substatus", json!("5")), "new_substatus"),
        (change("new_substatus", json!(false)), "new_substatus"),
        (
            json!({"payload_type": "status_change", "fingerprint": ["a"], "project_id": 1}),
            "new_status",
        ),
        (
            json!({"payload_type": "status_change", "fingerprint": ["a"], "new_status": 1}),
            "project_id",
        ),
        (
            json!({"payload_type": "status_change", "project_id": 1, "new_status": 1}),
            "fingerprint",
        ),
    ] {
        let detail = invalid(&message);
        assert!(detail.starts_with(path), "{message}: {detail}");
    }
}

#[test]
fn the_project_has_to_exist() {
    let elsewhere = |project: i64| {
        let message = with("/project_id", json!(project));
        changed(message, "/event/project_id", json!(project))
    };
    assert_eq!(
        rejected_as(RejectReason::ProjectNotFound, &elsewhere(99)),
        "project_id: there is no project 99"
    );
    let open = DecodeContext {
        projects: ProjectPolicy::CreateUnknown,
        ..context()
    };
    assert!(matches!(decode_in(&elsewhere(99), &open), Verdict::Keep(_)));
    for project in [0, -1] {
        let Verdict::Reject(rejection) = decode_in(&elsewhere(project), &open) else {
            panic!("project {project}")
        };
        assert_eq!(rejection.reason, RejectReason::ProjectNotFound);
    }
}

#[test]
fn an_unreleased_type_needs_its_feature() {
    const INGEST: &str = "organizations:profile-file-io-main-thread-ingest";
    const POST_PROCESS: &str = "organizations:profile-file-io-main-thread-post-process-group";
    let message = with("/type", json!(2001));
    assert_eq!(decode(&message), Verdict::Drop(DropReason::FeatureDisabled));
    assert_eq!(
        decode_in(&message, &context_with(&[POST_PROCESS])),
        Verdict::Drop(DropReason::FeatureDisabled)
    );
    assert!(matches!(
        decode_in(&message, &context_with(&[INGEST])),
        Verdict::Keep(_)
    ));
}

#[test]
fn every_released_type_is_let_in() {
    for group_type in GroupType::all()
        .iter()
        .filter(|group_type| group_type.released)
    {
        let message = kept(&with("/type", json!(group_type.id)));
        assert_eq!(message.occurrence.group_type, group_type);
    }
}

#[test]
fn the_earlier_check_decides() {
    // Each message fails at two neighbouring stations; the first of them is reported.
    let unknown_project = |message| {
        changed(
            changed(message, "/project_id", json!(99)),
            "/event/project_id",
            json!(99),
        )
    };
    let unknown_type = |message| changed(message, "/type", json!(300));
    let unreleased = |message| changed(message, "/type", json!(2001));
    let no_schema = |message| changed(message, "/event/platform", json!(0));
    let other_event = |message| changed(message, "/event/event_id", json!(ID));

    let cases = [
        (
            RejectReason::InvalidPayloadType,
            unknown_type(with("/payload_type", json!("x"))),
        ),
        (
            RejectReason::InvalidPayload,
            unknown_type(with("/id", json!("hi"))),
        ),
        (
            RejectReason::InvalidPayload,
            unknown_type(with("/evidence_display", json!(null))),
        ),
        (
            RejectReason::UnknownGroupType,
            unknown_type(with("/detection_time", json!(0))),
        ),
        (
            RejectReason::UnknownGroupType,
            unknown_type(with("/level", json!(""))),
        ),
        (
            RejectReason::UnknownGroupType,
            unknown_type(no_schema(message())),
        ),
        (
            RejectReason::InvalidPayload,
            no_schema(with("/event/project_id", json!(2))),
        ),
        (
            RejectReason::InvalidPayload,
            no_schema(with("/event/event_id", json!("hi"))),
        ),
        (
            RejectReason::InvalidEventSchema,
            unknown_project(no_schema(message())),
        ),
        (
            RejectReason::InvalidEventSchema,
            other_event(no_schema(message())),
        ),
        (
            RejectReason::ProjectNotFound,
            unknown_project(unreleased(message())),
        ),
        (
            RejectReason::ProjectNotFound,
            unknown_project(other_event(message())),
        ),
        // With an assignee the project is looked up before anything else.
        (
            RejectReason::ProjectNotFound,
            unknown_project(with("/assignee", json!("user:1"))),
        ),
        (
            RejectReason::ProjectNotFound,
            unknown_project(changed(with("/id", json!("hi")), "/assignee", json!("ana"))),
        ),
    ];
    for (reason, message) in cases {
        rejected_as(reason, &message);
    }
    assert_eq!(
        decode(&unreleased(other_event(message()))),
        Verdict::Drop(DropReason::FeatureDisabled)
    );
}

#[test]
fn unknown_members_are_ignored() {
    let mut message = message();
    for key in ["future", "", "Type", "title"] {
        message[key] = json!({"anything": [1, 2, 3]});
    }
    assert_eq!(
        kept(&message).occurrence,
        kept(&super::message()).occurrence
    );
}

#[test]
fn the_public_example_of_the_topic_decodes() {
    // The shape of a monitor's message as producers document it.
    let message = json!({
        "id": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "project_id": 1, "event_id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        "fingerprint": ["cccccccccccccccccccccccccccccccc"], "issue_title": "Monitor failure: nightly",
        "subtitle": "Your monitor failed.", "resource_id": null, "evidence_data": {},
        "evidence_display": [{"name": "Failure reason", "value": "missed", "important": true}],
        "type": 4001, "detection_time": 1_717_713_781.1, "level": "error", "culprit": "",
        "initial_issue_priority": null, "assignee": null, "payload_type": "occurrence",
        "event": {
            "contexts": {"monitor": {"id": "m", "slug": "nightly", "config": {"timezone": "UTC"}, "type": "cron_job"}},
            "environment": "us", "event_id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "fingerprint": ["c"],
            "platform": "other", "project_id": 1, "received": "2024-06-06T22:43:01.100000+00:00", "sdk": null,
            "tags": {"monitor.slug": "nightly", "monitor.id": "m"}, "timestamp": "2024-06-06T22:43:01.100000+00:00",
        },
    });
    let event = inline(&message);
    assert_eq!(event.timestamp, instant(NOW), "more than 30 days old");
    assert_eq!(event.environment, "us");
    let keys: Vec<&str> = event.tags.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["monitor.id", "monitor.slug", "level", "environment"]);
}
