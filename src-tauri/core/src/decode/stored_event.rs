//! The JSON form of an inline event (events spec, section 15).

use super::event_names::{EventNames, ProcessingError};
use super::fields::{Object, Value};
use super::{codec, timestamp};
use crate::model::{EventBody, EventId, Level, ProjectId, RejectReason, Rejection};
use chrono::{DateTime, Utc};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::Write;

/// The type of every event that comes along in an occurrence message and is stored.
pub(super) const GENERIC: &str = "generic";

/// The title of an event whose occurrence has none.
pub(super) const UNTITLED: &str = "<untitled>";

/// Members that are stored as they were sent. Together with those that [`StoredEvent`] writes itself these are all
/// that survive (occurrences spec, section 3.3, step 6).
const KEPT_AS_SENT: [&str; 11] = [
    "server_name",
    "user",
    "request",
    "sdk",
    "contexts",
    "breadcrumbs",
    "stacktrace",
    "modules",
    "extra",
    "debug_meta",
    "trace_id",
];

/// Whether a member of an event survives, as it was sent or under the same name.
pub(super) fn keeps(key: &str) -> bool {
    KEPT_AS_SENT.contains(&key) || matches!(key, "transaction" | "dist")
}

/// What a stored event consists of, borrowed from where it is: writing it copies nothing but the text.
pub(super) struct StoredEvent<'a> {
    pub event_id: EventId,
    pub project_id: ProjectId,
    pub level: Level,
    pub platform: &'a str,
    pub timestamp: DateTime<Utc>,
    /// Processing time.
    pub now: DateTime<Utc>,
    pub title: Option<&'a str>,
    pub culprit: &'a str,
    pub metadata: &'a serde_json::Map<String, serde_json::Value>,
    pub tags: &'a [(String, String)],
    pub names: &'a EventNames<'a>,
    /// Of the event or its tags; empty for the default environment.
    pub environment: &'a str,
    pub errors: &'a [ProcessingError],
    /// The event as it was sent.
    pub sent: &'a Object<'a>,
}

impl StoredEvent<'_> {
    /// Writes and compresses the event.
    ///
    /// # Errors
    /// `internal_error` where it cannot be written as JSON.
    pub fn body(&self) -> Result<EventBody, Rejection> {
        let mut text = Vec::with_capacity(2048);
        self.write(&mut text).map_err(|error| {
            Rejection::new(RejectReason::InternalError, format!("event body: {error}"))
        })?;
        Ok(EventBody {
            compressed: codec::compress(&text),
            json_bytes: text.len(),
        })
    }

    /// The two last members describe the storing itself, so they follow once the length of the rest is known.
    fn write(&self, text: &mut Vec<u8>) -> std::io::Result<()> {
        serde_json::to_writer(&mut *text, self)?;
        let length = text.len();
        let now = serde_json::Value::from(timestamp::to_seconds(self.now));
        text.pop();
        write!(
            text,
            r#","_metrics":{{"bytes.stored.event":{length}}},"nodestore_insert":{now}}}"#
        )
    }
}

impl Serialize for StoredEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event_id", &self.event_id)?;
        map.serialize_entry("project", &self.project_id)?;
        map.serialize_entry("type", GENERIC)?;
        map.serialize_entry("level", self.level.as_str())?;
        map.serialize_entry("platform", self.platform)?;
        map.serialize_entry("timestamp", &timestamp::to_seconds(self.timestamp))?;
        map.serialize_entry("received", &timestamp::to_seconds(self.now))?;
        map.serialize_entry("title", self.title.unwrap_or(UNTITLED))?;
        map.serialize_entry("culprit", self.culprit)?;
        map.serialize_entry("location", &None::<&str>)?;
        map.serialize_entry("metadata", self.metadata)?;
        map.serialize_entry("tags", self.tags)?;
        let named = [
            ("transaction", self.names.transaction),
            (
                "environment",
                Some(self.environment).filter(|name| !name.is_empty()),
            ),
            ("release", self.names.release),
            ("dist", self.names.dist),
        ];
        for (key, name) in named {
            if let Some(name) = name {
                map.serialize_entry(key, name)?;
            }
        }
        for key in KEPT_AS_SENT {
            match self.sent.get(key) {
                None | Some(Value::Null) => {}
                Some(Value::Array(values)) if key == "breadcrumbs" => {
                    map.serialize_entry(key, &Values { values })?;
                }
                Some(value) => map.serialize_entry(key, value)?,
            }
        }
        if !self.errors.is_empty() {
            map.serialize_entry("errors", self.errors)?;
        }
        map.end()
    }
}

/// What a bare list of older senders is wrapped in.
#[derive(serde::Serialize)]
struct Values<'a> {
    values: &'a [Value<'a>],
}
