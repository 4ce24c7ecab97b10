//! One occurrence of an issue, as the issue screen shows it.

use super::{Count, Millis};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Which occurrence of an issue to open. The order is by event time, then by arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum OccurrencePosition {
    /// The latest one.
    Newest,
    /// The earliest one.
    Oldest,
    /// The occurrence with this id (32 hex digits).
    Exact(String),
}

/// One line of an occurrence's evidence table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EvidenceRow {
    /// What the value is.
    pub name: String,
    /// The value, as text.
    pub value: String,
    /// Whether the sender marked it as the one to show first.
    pub important: bool,
}

/// One tag of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TagPair {
    /// Tag key.
    pub key: String,
    /// Tag value.
    pub value: String,
}

/// Where an occurrence came from.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RecordOrigin {
    /// Name of the source: a cluster, a file, or the demo.
    pub source: String,
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset of the record, a 64-bit integer as text.
    pub offset: String,
    /// Record key as text; bytes that are not UTF-8 are shown as `\xNN`. Nothing for a null key.
    pub key: Option<String>,
    /// When Picket stored it.
    pub stored_at: Millis,
}

/// A frame of a stack in a short look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct StackFrame {
    /// Its function, empty where it has none.
    pub function: String,
    /// Its file, or what stands for that, with the line; empty where it has none.
    pub place: String,
    /// What a search finds it by; nothing where nothing says its place.
    pub named_by: Option<FrameName>,
}

/// What says the place of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct FrameName {
    /// Key of the search language, such as `stack.filename`.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// One occurrence with its event.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct OccurrenceDetail {
    /// Occurrence id, 32 hex digits.
    pub id: String,
    /// Event id, 32 hex digits.
    pub event_id: String,
    /// Issue it belongs to.
    pub issue_id: String,
    /// Place in the issue, 1 is the oldest.
    pub position: Count,
    /// Stored occurrences of the issue.
    pub total: Count,
    /// The next older occurrence.
    pub older: Option<String>,
    /// The next newer occurrence.
    pub newer: Option<String>,
    /// Title of this occurrence.
    pub title: String,
    /// Subtitle, empty when there is none.
    pub subtitle: String,
    /// Full culprit.
    pub culprit: String,
    /// Level word.
    pub level: String,
    /// Time of the event.
    pub event_time: Millis,
    /// When the sender noticed the problem.
    pub detection_time: Millis,
    /// Resource the sender names, if any.
    pub resource_id: Option<String>,
    /// Hashed fingerprint parts; the first one decides the issue.
    pub fingerprint: Vec<String>,
    /// Evidence table, in the sender's order.
    pub evidence: Vec<EvidenceRow>,
    /// Evidence data as indented JSON, when there is any.
    pub evidence_data: Option<String>,
    /// Environment name, empty for the unnamed one.
    pub environment: String,
    /// Release, if any.
    pub release: Option<String>,
    /// Tags of the event.
    pub tags: Vec<TagPair>,
    /// The frames of the event that one wants to see first, the newest one first: those of the sender's own code, or all
    /// where none is marked as that, at most a hundred. None where the occurrence came without a body.
    pub top_frames: Vec<StackFrame>,
    /// The stored event body as indented JSON; nothing where the occurrence came without a body.
    pub event_json: Option<String>,
    /// Where it came from.
    pub origin: RecordOrigin,
}
