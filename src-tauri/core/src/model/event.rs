//! An event: the facts around an occurrence.

use super::{EventFacts, EventId, Level, ProjectId};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The tag that says who was affected (events spec, section 6).
pub const USER_TAG: &str = "sentry:user";

/// The stored form of an event: its JSON, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBody {
    /// zstd-compressed UTF-8 JSON object.
    pub compressed: Arc<[u8]>,
    /// Length of the JSON in bytes.
    pub json_bytes: usize,
}

/// A normalised event, with what the pipeline needs of it at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Project.
    pub project_id: ProjectId,
    /// Identity inside the project.
    pub event_id: EventId,
    /// `generic` for an inline body, `default` for a light event, the stored type for a looked-up one.
    pub event_type: String,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// Platform word.
    pub platform: String,
    /// Level of the body.
    pub level: Option<Level>,
    /// Valid release version, if any (events spec, section 5.1).
    pub release: Option<String>,
    /// Environment name, empty for the unnamed one (events spec, section 5.2).
    pub environment: String,
    /// Culprit computed from the event: transaction, else stack trace, else request URL, else empty.
    pub culprit: String,
    /// Formatted log entry, else message, else empty.
    pub message: String,
    /// What the event type extracted, overlaid with the event's own metadata.
    pub metadata: Map<String, Value>,
    /// Location for display, where the event type has one.
    pub location: Option<String>,
    /// SDK name and its normalised form, where the event names an SDK.
    pub sdk: Option<(String, String)>,
    /// Tags in order; keys are unique.
    pub tags: Vec<(String, String)>,
    /// The body to store; nothing for a light event.
    pub body: Option<EventBody>,
    /// What a search can ask of it.
    pub facts: Arc<EventFacts>,
}

impl Event {
    /// A light event of which nothing but its time is known.
    #[must_use]
    pub fn light(timestamp: DateTime<Utc>) -> Self {
        Self {
            project_id: ProjectId(0),
            event_id: EventId(uuid::Uuid::nil()),
            event_type: "default".to_owned(),
            timestamp,
            platform: String::new(),
            level: None,
            release: None,
            environment: String::new(),
            culprit: String::new(),
            message: String::new(),
            metadata: Map::new(),
            location: None,
            sdk: None,
            tags: Vec::new(),
            body: None,
            facts: Arc::default(),
        }
    }

    /// The value of a tag.
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags
            .iter()
            .find(|(tag, _)| tag == key)
            .map(|(_, value)| value.as_str())
    }
}
