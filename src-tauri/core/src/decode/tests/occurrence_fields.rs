//! The table of fields, row by row.

use super::*;
use crate::model::{Level, Occurrence, Priority};

#[track_caller]
fn occurrence(message: &Value) -> Occurrence {
    kept(message).occurrence
}

/// Every kind of JSON value, for fields that accept few of them.
fn kinds() -> [Value; 8] {
    [
        json!(null),
        json!(true),
        json!(7),
        json!(1.5),
        json!(""),
        json!("text"),
        json!([1]),
        json!({"k": 1}),
    ]
}

/// Asserts that exactly the kinds of `wrong` are refused as invalid, naming the field.
#[track_caller]
fn refuses(key: &str, wrong: &[&str]) {
    for value in kinds() {
        let message = with(&format!("/{key}"), value.clone());
        let text = value.to_string();
        match decode(&message) {
            Verdict::Keep(_) => assert!(!wrong.contains(&text.as_str()), "{key}: {text} was kept"),
            Verdict::Reject(rejection) => {
                assert!(
                    wrong.contains(&text.as_str()),
                    "{key}: {text}: {}",
                    rejection.detail
                );
                assert_eq!(
                    rejection.reason,
                    RejectReason::InvalidPayload,
                    "{key}: {text}"
                );
                assert!(
                    rejection.detail.starts_with(key),
                    "{key}: {text}: {}",
                    rejection.detail
                );
            }
            Verdict::Drop(reason) => panic!("{key}: {text}: {reason}"),
        }
    }
}

#[test]
fn row_1_an_assignee_never_fails_a_known_project() {
    refuses("assignee", &[]);
    for assignee in [
        json!("user:7"),
        json!("team:3"),
        json!("ana"),
        json!("7"),
        json!(7),
        json!("a@b"),
        json!([1]),
    ] {
        assert_eq!(occurrence(&with("/assignee", assignee)).assignee, None);
    }
    // Nothing to look up, so the order of the table is undisturbed.
    for nobody in [
        json!(null),
        json!(""),
        json!(0),
        json!(0.0),
        json!(false),
        json!([]),
        json!({}),
    ] {
        let message = changed(
            with("/project_id", json!(99)),
            "/event/project_id",
            json!(99),
        );
        let message = changed(changed(message, "/assignee", nobody), "/id", json!("hi"));
        assert!(invalid(&message).starts_with("id: "));
    }
    let somebody = |mut message: Value| {
        message["assignee"] = json!("ana");
        message["id"] = json!("hi");
        message
    };
    assert!(invalid(&somebody(without("/project_id"))).contains("project_id is missing"));
    assert!(invalid(&somebody(with("/project_id", json!("1")))).starts_with("project_id"));
    assert!(invalid(&somebody(message())).starts_with("id: "));
}

#[test]
fn row_2_id() {
    refuses(
        "id",
        &[
            "null",
            "true",
            "7",
            "1.5",
            "\"\"",
            "\"text\"",
            "[1]",
            "{\"k\":1}",
        ],
    );
    assert!(invalid(&without("/id")).starts_with("id is missing"));
    assert_eq!(
        invalid(&with("/id", json!("hi"))),
        "id: expected a UUID (32 hex digits), found the text \"hi\""
    );
    for text in [
        "B6E6E7D9-E582-40FD-8101-5666E96EB038",
        "{urn:uuid:b6e6e7d9e58240fd81015666e96eb038}",
    ] {
        assert_eq!(occurrence(&with("/id", json!(text))).id.to_string(), ID);
    }
}

#[test]
fn row_3_project_id() {
    let in_both = |project: Value| {
        changed(
            with("/project_id", project.clone()),
            "/event/project_id",
            project,
        )
    };
    for project in [
        json!(null),
        json!(true),
        json!(1.0),
        json!(1.5),
        json!("1"),
        json!([1]),
        json!({}),
        json!(u64::MAX),
    ] {
        let detail = invalid(&in_both(project.clone()));
        assert!(
            detail.starts_with("project_id: expected an integer"),
            "{project}: {detail}"
        );
    }
    assert!(invalid(&without("/project_id")).starts_with("project_id is missing"));
}

#[test]
fn row_4_fingerprint() {
    refuses(
        "fingerprint",
        &["null", "true", "7", "1.5", "\"\"", "[1]", "{\"k\":1}"],
    );
    for wrong in [json!([]), json!(["a", null]), json!([["a"]])] {
        assert!(invalid(&with("/fingerprint", wrong)).starts_with("fingerprint"));
    }
    assert!(invalid(&without("/fingerprint")).starts_with("fingerprint is missing"));

    let hashes = |fingerprint: Value| -> Vec<String> {
        occurrence(&with("/fingerprint", fingerprint))
            .fingerprint
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(
        hashes(json!(["hi", "bye"])),
        [
            "49f68a5c8493ec2c0bf489821c21fc3b",
            "bfa99df33b137bc8fb5f5407d7e58da8"
        ]
    );
    assert_eq!(
        hashes(json!("touch-id")),
        ["85345ea2b9abf72d3d7a39737524235c"]
    );
    assert_eq!(hashes(json!([""])), ["d41d8cd98f00b204e9800998ecf8427e"]);
}

#[test]
fn rows_5_and_6_title_and_subtitle_are_texts_or_null_and_never_absent() {
    for key in ["issue_title", "subtitle"] {
        refuses(key, &["true", "7", "1.5", "[1]", "{\"k\":1}"]);
        assert!(invalid(&without(&format!("/{key}"))).starts_with(&format!("{key} is missing")));
    }
    let untitled = occurrence(&changed(
        with("/issue_title", json!(null)),
        "/subtitle",
        json!(null),
    ));
    assert_eq!((untitled.issue_title, untitled.subtitle), (None, None));
    let titled = occurrence(&message());
    assert_eq!(titled.issue_title.as_deref(), Some("segfault"));
    assert_eq!(titled.subtitle.as_deref(), Some("buffer overflow"));
}

#[test]
fn row_7_resource_id() {
    refuses("resource_id", &["true", "7", "1.5", "[1]", "{\"k\":1}"]);
    assert_eq!(occurrence(&message()).resource_id.as_deref(), Some("1234"));
    assert_eq!(occurrence(&without("/resource_id")).resource_id, None);
    assert_eq!(
        occurrence(&with("/resource_id", json!(null))).resource_id,
        None
    );
}

#[test]
fn row_8_evidence_data() {
    refuses(
        "evidence_data",
        &["true", "7", "1.5", "\"\"", "\"text\"", "[1]"],
    );
    assert_eq!(
        occurrence(&message()).evidence_data.map(Value::from),
        Some(json!({"answer": 42}))
    );
    assert_eq!(occurrence(&without("/evidence_data")).evidence_data, None);
}

#[test]
fn row_9_evidence_display() {
    refuses(
        "evidence_display",
        &[
            "null",
            "true",
            "7",
            "1.5",
            "\"\"",
            "\"text\"",
            "[1]",
            "{\"k\":1}",
        ],
    );
    assert!(invalid(&without("/evidence_display")).starts_with("evidence_display is missing"));
    let entry = json!({"name": "n", "value": "v", "important": false});
    for key in ["name", "value", "important"] {
        let mut incomplete = entry.clone();
        incomplete.as_object_mut().unwrap().shift_remove(key);
        let detail = invalid(&with("/evidence_display", json!([entry, incomplete])));
        assert!(
            detail.starts_with(&format!("evidence_display[1].{key} is missing")),
            "{detail}"
        );
    }
    let detail = invalid(&with("/evidence_display", json!([entry, null])));
    assert_eq!(
        detail,
        "evidence_display[1]: expected an object with name, value and important, found null"
    );

    assert!(
        occurrence(&with("/evidence_display", json!([])))
            .evidence_display
            .is_empty()
    );
    let rows = json!([
        {"name": 5, "value": {"a": [1]}, "important": "yes", "extra": 1},
        {"name": null, "value": true, "important": 1},
        {"name": "n", "value": "v", "important": true},
    ]);
    let occurrence = occurrence(&with("/evidence_display", rows));
    let rows: Vec<_> = occurrence
        .evidence_display
        .iter()
        .map(|evidence| {
            (
                evidence.name.as_str(),
                evidence.value.as_str(),
                evidence.important,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("5", "{\"a\":[1]}", false),
            ("null", "true", false),
            ("n", "v", true)
        ]
    );
    assert_eq!(
        occurrence
            .important_evidence()
            .map(|evidence| evidence.name.as_str()),
        Some("n")
    );
}

#[test]
fn row_10_type() {
    assert_eq!(occurrence(&message()).group_type.id, 2007);
    assert!(invalid(&without("/type")).starts_with("type is missing"));
    for unknown in [
        json!(300),
        json!(null),
        json!("2007"),
        json!(2007.0),
        json!(true),
        json!(-1),
        json!(67_543),
        json!([]),
    ] {
        let detail = rejected_as(RejectReason::UnknownGroupType, &with("/type", unknown));
        assert!(detail.starts_with("type: "), "{detail}");
    }
    // A given priority does not spare the type the check.
    let message = changed(
        with("/type", json!(300)),
        "/initial_issue_priority",
        json!(75),
    );
    rejected_as(RejectReason::UnknownGroupType, &message);
}

#[test]
fn row_11_detection_time() {
    refuses(
        "detection_time",
        &["null", "true", "\"\"", "\"text\"", "[1]", "{\"k\":1}"],
    );
    for wrong in [
        json!(0),
        json!(0.0),
        json!(-0.0),
        json!(1e17),
        json!("0000-01-01T00:00:00Z"),
        json!(253_402_300_800_i64),
    ] {
        assert!(invalid(&with("/detection_time", wrong)).starts_with("detection_time: "));
    }
    assert!(invalid(&without("/detection_time")).starts_with("detection_time is missing"));
    for (sent, read) in [
        (json!(1_723_464_000), "2024-08-12T12:00:00Z"),
        (json!(1_723_464_000.5), "2024-08-12T12:00:00.5Z"),
        (json!(-1.5), "1969-12-31T23:59:58.5Z"),
        (json!("2024-08-12T10:00:00+02:00"), "2024-08-12T08:00:00Z"),
        (json!("2024-08-12 10:00:00"), "2024-08-12T10:00:00Z"),
    ] {
        assert_eq!(
            occurrence(&with("/detection_time", sent)).detection_time,
            instant(read)
        );
    }
}

#[test]
fn row_12_level() {
    refuses(
        "level",
        &["true", "7", "1.5", "\"\"", "\"text\"", "[1]", "{\"k\":1}"],
    );
    assert!(invalid(&with("/level", json!("Error"))).starts_with("level: "));
    assert_eq!(occurrence(&without("/level")).level, Level::Info);
    assert_eq!(occurrence(&with("/level", json!(null))).level, Level::Info);
    for level in Level::ALL
        .into_iter()
        .filter(|level| *level != Level::Sample)
    {
        let message = with("/level", json!(level.as_str()));
        assert_eq!(occurrence(&message).level, level);
        // The event takes over the occurrence's level, whatever it says itself.
        let event = inline(&changed(message, "/event/level", json!("debug")));
        assert_eq!(event.level, Some(level));
        assert_eq!(event.tag("level"), Some(level.as_str()));
    }
    assert_eq!(inline(&without("/level")).level, Some(Level::Info));
}

#[test]
fn row_13_event_id() {
    refuses(
        "event_id",
        &["true", "7", "1.5", "\"text\"", "[1]", "{\"k\":1}"],
    );
    for absent in [
        without("/event_id"),
        with("/event_id", json!(null)),
        with("/event_id", json!("")),
    ] {
        assert_eq!(occurrence(&absent).event_id.to_string(), EVENT_ID);
        let mut alone = absent;
        alone
            .as_object_mut()
            .unwrap()
            .shift_remove("event")
            .unwrap();
        assert!(invalid(&alone).starts_with("event_id is missing"));
    }
    let hyphens = json!("0c6d75ac-3969-41e0-bc4b-33c2ff7f3657");
    assert_eq!(
        occurrence(&with("/event_id", hyphens.clone()))
            .event_id
            .to_string(),
        EVENT_ID
    );
    // The event's own id is normalised before it is taken over (D12).
    let only_in_event = changed(without("/event_id"), "/event/event_id", hyphens);
    assert_eq!(occurrence(&only_in_event).event_id.to_string(), EVENT_ID);
}

#[test]
fn row_14_culprit() {
    refuses("culprit", &["true", "7", "1.5", "[1]", "{\"k\":1}"]);
    assert_eq!(occurrence(&message()).culprit, "api/0/events");
    assert_eq!(occurrence(&without("/culprit")).culprit, "");
    assert_eq!(occurrence(&with("/culprit", json!(null))).culprit, "");
    assert_eq!(
        occurrence(&with("/culprit", json!("c".repeat(5_000))))
            .culprit
            .len(),
        5_000
    );
}

#[test]
fn row_15_priority() {
    refuses("initial_issue_priority", &[]);
    refuses("priority", &[]);
    let both = |initial: Value, newer: Value| {
        let occurrence = occurrence(&changed(
            with("/initial_issue_priority", initial),
            "/priority",
            newer,
        ));
        (occurrence.initial_priority, occurrence.priority())
    };
    assert_eq!(
        both(json!(75), json!(50)),
        (Some(Priority::High), Priority::High)
    );
    assert_eq!(
        both(json!(null), json!(50)),
        (Some(Priority::Medium), Priority::Medium)
    );
    assert_eq!(both(json!(null), json!(null)), (None, Priority::Low));
    // A priority that was given but makes no sense is not replaced by the other key.
    for odd in [
        json!(99),
        json!("75"),
        json!(75.0),
        json!(-25),
        json!(1_i64 << 40),
        json!(true),
    ] {
        assert_eq!(both(odd, json!(50)), (None, Priority::Low));
    }
    assert_eq!(
        occurrence(&with("/priority", json!(75))).initial_priority,
        Some(Priority::High)
    );
}

#[test]
fn row_16_only_the_literal_true_means_buffered_spans() {
    refuses("is_buffered_spans", &[]);
    for value in kinds() {
        let is_true = value == json!(true);
        match kept(&with("/is_buffered_spans", value)).event {
            EventPath::Light(_) => assert!(is_true),
            EventPath::Inline(_) => assert!(!is_true),
            EventPath::Lookup => panic!("an event came along"),
        }
    }
    let detached = changed(without("/event"), "/is_buffered_spans", json!(true));
    assert_eq!(kept(&detached).event, EventPath::Lookup);
    assert!(matches!(
        kept(&with("/is_buffered_spans", json!("true"))).event,
        EventPath::Inline(_)
    ));
}

#[test]
fn row_17_event() {
    for wrong in [json!(null), json!(true), json!(7), json!("x"), json!([])] {
        assert!(invalid(&with("/event", wrong)).starts_with("event: expected an object"));
    }
    assert_eq!(kept(&without("/event")).event, EventPath::Lookup);
    assert!(invalid(&with("/event", json!({}))).contains("project mismatch"));

    for project in [json!(999), json!("1"), json!(null), json!(1.0), json!(true)] {
        let found = project
            .as_str()
            .map_or_else(|| project.to_string(), |text| format!("the text {text:?}"));
        assert_eq!(
            invalid(&with("/event/project_id", project)),
            format!("project mismatch: project_id is 1, event.project_id is {found}")
        );
    }
    assert!(invalid(&without("/event/project_id")).contains("project mismatch"));

    for wrong in [json!("hi"), json!(5), json!([]), json!(true)] {
        assert!(
            invalid(&with("/event/event_id", wrong)).starts_with("event.event_id: expected a UUID")
        );
    }
    for absent in [json!(null), json!("")] {
        let message = with("/event/event_id", absent.clone());
        assert!(invalid(&message).starts_with("event.event_id is missing"));
        assert_eq!(
            invalid(&changed(message, "/event_id", absent)),
            "event_id and event.event_id are both missing"
        );
    }
    assert!(invalid(&without("/event/event_id")).starts_with("event.event_id is missing"));
}

#[test]
fn found_values_are_quoted_briefly() {
    let detail = invalid(&with("/detection_time", json!("x".repeat(1 << 20))));
    assert!(detail.chars().count() < 250, "{}", detail.chars().count());
    let detail = invalid(&with("/issue_title", json!(vec![1; 1 << 20])));
    assert!(
        detail.chars().count() < 200 && detail.contains("[1,1,1,"),
        "{detail}"
    );
}

#[test]
fn nuls_are_removed_from_what_is_kept_and_from_nothing_else() {
    let occurrence = occurrence(&json!({
        "id": ID,
        "project_id": 1,
        "event_id": EVENT_ID,
        "fingerprint": ["touch\u{0}-id"],
        "issue_title": "seg\u{0}fault",
        "subtitle": "\u{0}",
        "resource_id": "r\u{0}",
        "evidence_data": {"k\u{0}": ["v\u{0}", {"\u{0}n": "\u{0}"}]},
        "evidence_display": [{"name": "n\u{0}", "value": "v\u{0}", "important": true}],
        "type": 2007,
        "detection_time": 1_723_464_000,
        "culprit": "c\u{0}",
    }));
    // The part is hashed as it was sent: without the NUL it would be another fingerprint.
    assert_eq!(
        occurrence.primary_hash(),
        crate::model::GroupHash::of("touch\u{0}-id")
    );
    assert_eq!(occurrence.issue_title.as_deref(), Some("segfault"));
    assert_eq!(occurrence.subtitle.as_deref(), Some(""));
    assert_eq!(occurrence.resource_id.as_deref(), Some("r"));
    assert_eq!(
        occurrence.evidence_data.map(Value::from),
        Some(json!({"k": ["v", {"n": ""}]}))
    );
    assert_eq!(
        (
            occurrence.evidence_display[0].name.as_str(),
            occurrence.evidence_display[0].value.as_str()
        ),
        ("n", "v")
    );
    assert_eq!(occurrence.culprit, "c");

    assert!(invalid(&with("/id", json!(format!("{ID}\u{0}")))).starts_with("id: "));
    assert!(invalid(&with("/level", json!("err\u{0}or"))).starts_with("level: "));
    assert!(
        invalid(&with("/event/event_id", json!(format!("{EVENT_ID}\u{0}"))))
            .starts_with("event.event_id: ")
    );
}
