//! Whatever arrives, decoding ends with exactly one verdict, and what it keeps can be read back.

use super::*;
use crate::decode::{read_stored_event, read_stored_occurrence};
use chrono::TimeDelta;
use proptest::prelude::*;

/// Any JSON value, mostly small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(1)),
        Just(json!(EVENT_ID)),
        Just(json!("2024-08-12T11:59:00Z")),
        ".{0,12}".prop_map(Value::from),
        "[\\x00a-c]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any_key(), inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// A key that means something somewhere, or any other.
fn any_key() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 29] = [
        "assignee",
        "breadcrumbs",
        "contexts",
        "debug_meta",
        "dist",
        "environment",
        "event",
        "event_id",
        "extra",
        "frames",
        "id",
        "images",
        "important",
        "is_buffered_spans",
        "level",
        "name",
        "os",
        "payload_type",
        "platform",
        "release",
        "sdk",
        "sentry:release",
        "stacktrace",
        "tags",
        "timestamp",
        "transaction",
        "user",
        "values",
        "version",
    ];
    prop_oneof![
        prop::sample::select(&KNOWN[..]).prop_map(str::to_owned),
        ".{0,4}"
    ]
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| places(value, &format!("{at}/{key}"), all)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| places(item, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

/// A message with every member that means something.
fn full_message() -> Value {
    let mut message = message();
    message["event"]["tags"] = json!([["a", "b"], null]);
    message["event"]["stacktrace"] =
        json!({"frames": [{"module": "m", "function": "f", "in_app": true}]});
    message["event"]["contexts"] = json!({"os": {"name": "n", "version": "v"}});
    message["event"]["user"] = json!({"id": "7"});
    message["event"]["sdk"] = json!({"name": "sentry.go", "version": "1.0.0"});
    message["event"]["release"] = json!("1.0");
    message["event"]["breadcrumbs"] = json!({"values": [{}]});
    message["is_buffered_spans"] = json!(false);
    message["assignee"] = json!(null);
    message["initial_issue_priority"] = json!(50);
    message["payload_type"] = json!("occurrence");
    message
}

#[derive(Debug, Clone)]
enum Change {
    Replace(prop::sample::Index, Value),
    Insert(prop::sample::Index, String, Value),
    Remove(prop::sample::Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), any_json()).prop_map(|(place, value)| Change::Replace(place, value)),
        (place(), any_key(), any_json())
            .prop_map(|(place, key, value)| Change::Insert(place, key, value)),
        place().prop_map(Change::Remove),
    ]
}

fn apply(message: &mut Value, change: Change) {
    let mut all = Vec::new();
    places(message, "", &mut all);
    match change {
        Change::Replace(place, value) => {
            // A key may contain what a pointer would have to escape; such a place is left alone.
            if let Some(place) = message.pointer_mut(&all[place.index(all.len())]) {
                *place = value;
            }
        }
        Change::Insert(place, key, value) => {
            match message.pointer_mut(&all[place.index(all.len())]) {
                Some(Value::Object(object)) => drop(object.insert(key, value)),
                Some(Value::Array(items)) => items.push(value),
                _ => {}
            }
        }
        Change::Remove(place) => {
            let Some((parent, key)) = all[place.index(all.len())].rsplit_once('/') else {
                return;
            };
            match message.pointer_mut(parent) {
                Some(Value::Object(object)) => drop(object.shift_remove(key)),
                Some(Value::Array(items)) => drop(items.pop()),
                _ => {}
            }
        }
    }
}

/// Decodes and checks what has to hold of every verdict.
fn check(payload: &[u8]) -> Result<(), TestCaseError> {
    let message = match decode_record(payload, &context()).verdict {
        Verdict::Keep(Message::Occurrence(message)) => message,
        Verdict::Keep(Message::StatusChange(_)) | Verdict::Drop(_) => return Ok(()),
        Verdict::Reject(rejection) => {
            prop_assert!(!rejection.detail.is_empty());
            prop_assert!(
                rejection.detail.chars().count() < 700,
                "{}",
                rejection.detail
            );
            prop_assert!(rejection.reason != RejectReason::InternalError);
            return Ok(());
        }
    };
    prop_assert!(!message.occurrence.fingerprint.is_empty());
    let stored = read_stored_occurrence(&message.occurrence_json).map_err(TestCaseError::fail)?;
    // Instants are stored as floats, which far from the present are coarser than a microsecond.
    let deviation = stored.detection_time - message.occurrence.detection_time;
    prop_assert!(
        deviation.abs() < TimeDelta::milliseconds(1),
        "{}",
        deviation
    );
    prop_assert_eq!(stored.evidence, message.occurrence.evidence_display);
    if let EventPath::Inline(event) = message.event {
        let compressed = event
            .body
            .clone()
            .map(|body| body.compressed)
            .unwrap_or_default();
        let read = read_stored_event(event.project_id, event.event_id, &compressed)
            .map_err(TestCaseError::fail)?;
        prop_assert_eq!(
            read,
            Event {
                body: None,
                ..*event
            }
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_messages_end_with_one_verdict(changes in prop::collection::vec(any_change(), 0..4)) {
        let mut message = full_message();
        for change in changes {
            apply(&mut message, change);
        }
        check(message.to_string().as_bytes())?;
    }

    #[test]
    fn damaged_bytes_end_with_one_verdict(
        cut in any::<prop::sample::Index>(),
        replaced in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = full_message().to_string().into_bytes();
        for (place, byte) in replaced {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        check(&bytes)?;
        bytes.truncate(cut.index(bytes.len()));
        check(&bytes)?;
    }

    #[test]
    fn any_json_ends_with_one_verdict(value in any_json()) {
        check(value.to_string().as_bytes())?;
    }
}

#[test]
fn the_unchanged_message_is_kept() {
    assert!(matches!(decode(&full_message()), Verdict::Keep(_)));
}
