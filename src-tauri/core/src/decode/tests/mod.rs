//! Whole records through [`super::decode_record`], by subject.

mod envelope;
mod event_paths;
mod event_schema;
mod mutation;
mod occurrence_fields;
mod stored;

use super::{
    DecodeContext, EventPath, Message, Mode, OccurrenceMessage, ProjectPolicy, decode_record,
};
use crate::model::{Event, ProjectId, RejectReason, Rejection, Verdict};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

const NOW: &str = "2024-08-12T12:00:00Z";
const ID: &str = "b6e6e7d9e58240fd81015666e96eb038";
const EVENT_ID: &str = "0c6d75ac396941e0bc4b33c2ff7f3657";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Only project 1 exists, no feature is on.
fn context() -> DecodeContext {
    DecodeContext {
        now: instant(NOW),
        projects: ProjectPolicy::Known(Arc::new(HashSet::from([ProjectId(1)]))),
        features: Arc::new(BTreeSet::new()),
        directory: Arc::default(),
        mode: Mode::Batched,
    }
}

fn context_with(features: &[&str]) -> DecodeContext {
    let features = features.iter().map(|&feature| feature.to_owned()).collect();
    DecodeContext {
        features: Arc::new(features),
        ..context()
    }
}

/// A valid message with an event.
fn message() -> Value {
    json!({
        "id": ID,
        "event_id": EVENT_ID,
        "project_id": 1,
        "fingerprint": ["touch-id"],
        "issue_title": "segfault",
        "subtitle": "buffer overflow",
        "resource_id": "1234",
        "evidence_data": {"answer": 42},
        "evidence_display": [{"name": "hi", "value": "bye", "important": true}],
        "type": 2007,
        "detection_time": 1_723_464_000,
        "level": "warning",
        "culprit": "api/0/events",
        "event": {
            "event_id": EVENT_ID,
            "project_id": 1,
            "platform": "python",
            "tags": {},
            "timestamp": "2024-08-12T11:59:00Z",
            "received": "2024-08-12T11:59:01Z",
        },
    })
}

/// The valid message with one member replaced; `path` is a JSON pointer, whose last part may be new.
fn with(path: &str, value: Value) -> Value {
    changed(message(), path, value)
}

fn changed(mut message: Value, path: &str, value: Value) -> Value {
    let (parent, key) = path.rsplit_once('/').unwrap();
    message
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .insert(key.to_owned(), value);
    message
}

/// The valid message without one member.
fn without(path: &str) -> Value {
    let mut message = message();
    let (parent, key) = path.rsplit_once('/').unwrap();
    message
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .shift_remove(key)
        .unwrap();
    message
}

fn decode(message: &Value) -> Verdict<OccurrenceMessage> {
    decode_in(message, &context())
}

fn decode_in(message: &Value, context: &DecodeContext) -> Verdict<OccurrenceMessage> {
    decode_bytes(message.to_string().as_bytes(), context)
}

/// The verdict on what has to be an occurrence, if it is anything.
fn decode_bytes(payload: &[u8], context: &DecodeContext) -> Verdict<OccurrenceMessage> {
    match decode_record(payload, context).verdict {
        Verdict::Keep(Message::Occurrence(message)) => Verdict::Keep(*message),
        Verdict::Keep(Message::StatusChange(change)) => panic!("{change:?}"),
        Verdict::Drop(reason) => Verdict::Drop(reason),
        Verdict::Reject(rejection) => Verdict::Reject(rejection),
    }
}

#[track_caller]
fn kept(message: &Value) -> OccurrenceMessage {
    match decode(message) {
        Verdict::Keep(message) => message,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn rejected(message: &Value) -> Rejection {
    match decode(message) {
        Verdict::Reject(rejection) => rejection,
        other => panic!("{message}\n{other:?}"),
    }
}

/// The detail of an `invalid_payload` rejection.
#[track_caller]
fn invalid(message: &Value) -> String {
    rejected_as(RejectReason::InvalidPayload, message)
}

#[track_caller]
fn rejected_as(reason: RejectReason, message: &Value) -> String {
    let rejection = rejected(message);
    assert_eq!(rejection.reason, reason, "{message}\n{}", rejection.detail);
    rejection.detail
}

#[track_caller]
fn inline(message: &Value) -> Event {
    match kept(message).event {
        EventPath::Inline(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn light(message: Value) -> Event {
    match kept(&changed(message, "/is_buffered_spans", json!(true))).event {
        EventPath::Light(event) => *event,
        other => panic!("{other:?}"),
    }
}

/// The stored body of an inline event as JSON.
fn body(event: &Event) -> Value {
    let body = event.body.as_ref().unwrap();
    let bytes = super::decompress(&body.compressed, 1 << 22).unwrap();
    assert_eq!(bytes.len(), body.json_bytes);
    serde_json::from_slice(&bytes).unwrap()
}
