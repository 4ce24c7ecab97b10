//! Messages for scenarios that are written in Rust: a valid one with an id and an event of its own, and what is
//! different about it.

use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// The day on which these scenarios begin, and when.
pub const DAY: &str = "2026-05-04";
/// Processing time of their first step: ten o'clock on a Monday.
pub const START: &str = "2026-05-04T10:00:00Z";

/// A message that is being written.
#[derive(Debug, Clone)]
pub struct Message(pub Value);

/// An occurrence of type 2007 in project 1, seen a minute before [`START`], with an event that is stored.
#[must_use]
pub fn occurrence(fingerprint: &str) -> Message {
    let (id, event_id) = (unused_id(), unused_id());
    Message(json!({
        "payload_type": "occurrence",
        "id": id,
        "event_id": event_id,
        "project_id": 1,
        "fingerprint": [fingerprint],
        "issue_title": "Printer on fire",
        "subtitle": "tray two",
        "evidence_display": [{ "name": "Tray", "value": "2", "important": true }],
        "type": 2007,
        "detection_time": 1_777_888_000,
        "event": {
            "event_id": event_id,
            "project_id": 1,
            "platform": "ruby",
            "tags": {},
            "timestamp": format!("{DAY}T09:59:00Z"),
            "received": format!("{DAY}T09:59:01Z"),
        },
    }))
}

/// A status change for the issue of a fingerprint in project 1.
#[must_use]
pub fn status_change(fingerprint: &str, status: i64, substatus: Option<i64>) -> Message {
    Message(json!({
        "payload_type": "status_change",
        "id": unused_id(),
        "project_id": 1,
        "fingerprint": [fingerprint],
        "new_status": status,
        "new_substatus": substatus,
    }))
}

/// An id that nothing else in this process has.
#[must_use]
pub fn unused_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:032x}", (0xab_u128 << 120) + u128::from(number))
}

/// A time of [`DAY`] such as `09:30:00.25`, or any other written in full.
#[must_use]
pub fn instant(text: &str) -> String {
    if text.contains('T') {
        text.to_owned()
    } else {
        format!("{DAY}T{text}Z")
    }
}

impl Message {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.to_string().into_bytes()
    }

    /// Sets a member, named like `event.release`.
    ///
    /// # Panics
    /// Where what is around it is no object.
    #[must_use]
    pub fn with(mut self, path: &str, value: impl Into<Value>) -> Self {
        let (object, key) = self.around(path);
        object.insert(key, value.into());
        self
    }

    /// Leaves a member out.
    ///
    /// # Panics
    /// As [`Self::with`].
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        let (object, key) = self.around(path);
        object.remove(&key);
        self
    }

    fn around(&mut self, path: &str) -> (&mut Map<String, Value>, String) {
        let mut keys: Vec<&str> = path.split('.').collect();
        let last = keys.pop().unwrap_or_default();
        let mut value = &mut self.0;
        for key in keys {
            value = &mut value[key];
        }
        let object = value.as_object_mut();
        (
            object.expect("what is around it is an object"),
            last.to_owned(),
        )
    }

    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.with("id", id)
    }

    /// The id of the event, in both places.
    #[must_use]
    pub fn event_id(self, id: &str) -> Self {
        let message = self.with("event_id", id);
        if message.0["event"].is_object() {
            message.with("event.event_id", id)
        } else {
            message
        }
    }

    #[must_use]
    pub fn project(self, id: i64) -> Self {
        let message = self.with("project_id", id);
        if message.0["event"].is_object() {
            message.with("event.project_id", id)
        } else {
            message
        }
    }

    #[must_use]
    pub fn group_type(self, number: u16) -> Self {
        self.with("type", number)
    }

    /// When the event happened; see [`instant`].
    #[must_use]
    pub fn at(self, time: &str) -> Self {
        self.with("event.timestamp", instant(time))
    }

    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.with("issue_title", title)
    }

    #[must_use]
    pub fn subtitle(self, subtitle: &str) -> Self {
        self.with("subtitle", subtitle)
    }

    #[must_use]
    pub fn culprit(self, culprit: &str) -> Self {
        self.with("culprit", culprit)
    }

    #[must_use]
    pub fn level(self, level: &str) -> Self {
        self.with("level", level)
    }

    #[must_use]
    pub fn priority(self, number: i64) -> Self {
        self.with("initial_issue_priority", number)
    }

    #[must_use]
    pub fn assignee(self, assignee: impl Into<Value>) -> Self {
        self.with("assignee", assignee)
    }

    #[must_use]
    pub fn release(self, version: &str) -> Self {
        self.with("event.release", version)
    }

    #[must_use]
    pub fn environment(self, name: &str) -> Self {
        self.with("event.environment", name)
    }

    #[must_use]
    pub fn platform(self, platform: &str) -> Self {
        self.with("event.platform", platform)
    }

    /// The id of the user who saw it.
    #[must_use]
    pub fn user(self, id: &str) -> Self {
        self.with("event.user", json!({ "id": id }))
    }

    #[must_use]
    pub fn evidence(self, data: Value) -> Self {
        self.with("evidence_data", data)
    }

    /// Its event only describes it and is not stored.
    #[must_use]
    pub fn light(self) -> Self {
        self.with("is_buffered_spans", true)
    }

    /// It refers to an event that is stored.
    #[must_use]
    pub fn of_event(self, id: &str) -> Self {
        self.without("event").event_id(id)
    }
}
