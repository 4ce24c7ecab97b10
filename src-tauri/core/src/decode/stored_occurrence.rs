//! The stored form of an occurrence (occurrences spec, section 7).

use super::stored_event::UNTITLED;
use super::tree;
use super::{STORED_LIMIT, codec, timestamp};
use crate::model::{
    EventId, Evidence, GroupHash, Level, Occurrence, OccurrenceId, Priority, ProjectId,
    RejectReason, Rejection,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The record as it is written. The instant is a float of Unix seconds.
#[derive(Serialize)]
struct Written<'a> {
    id: OccurrenceId,
    project_id: ProjectId,
    event_id: EventId,
    fingerprint: &'a [GroupHash],
    issue_title: Option<&'a str>,
    subtitle: Option<&'a str>,
    resource_id: Option<&'a str>,
    evidence_data: Option<&'a Map<String, Value>>,
    evidence_display: &'a [Evidence],
    #[serde(rename = "type")]
    group_type: u16,
    detection_time: f64,
    level: &'static str,
    culprit: &'a str,
    initial_issue_priority: Option<i16>,
    assignee: Option<String>,
}

impl<'a> From<&'a Occurrence> for Written<'a> {
    fn from(occurrence: &'a Occurrence) -> Self {
        Self {
            id: occurrence.id,
            project_id: occurrence.project_id,
            event_id: occurrence.event_id,
            fingerprint: &occurrence.fingerprint,
            issue_title: occurrence.issue_title.as_deref(),
            subtitle: occurrence.subtitle.as_deref(),
            resource_id: occurrence.resource_id.as_deref(),
            evidence_data: occurrence.evidence_data.as_ref(),
            evidence_display: &occurrence.evidence_display,
            group_type: occurrence.group_type.id,
            detection_time: timestamp::to_seconds(occurrence.detection_time),
            level: occurrence.level.as_str(),
            culprit: &occurrence.culprit,
            initial_issue_priority: occurrence.initial_priority.map(Priority::number),
            assignee: occurrence.assignee.map(|assignee| assignee.to_string()),
        }
    }
}

/// The JSON form of an occurrence.
#[must_use]
pub fn occurrence_json(occurrence: &Occurrence) -> Value {
    // Only maps with keys that are no texts can fail, and there are none.
    serde_json::to_value(Written::from(occurrence)).unwrap_or_default()
}

/// The compressed JSON form of an occurrence.
pub(super) fn compressed(occurrence: &Occurrence) -> Result<Arc<[u8]>, Rejection> {
    let text = serde_json::to_vec(&Written::from(occurrence)).map_err(|error| {
        Rejection::new(
            RejectReason::InternalError,
            format!("occurrence record: {error}"),
        )
    })?;
    Ok(codec::compress(&text))
}

/// What a stored occurrence says, for display.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredOccurrence {
    /// Title; `<untitled>` where the sender gave none.
    pub title: String,
    /// Second line, empty where the sender gave none.
    pub subtitle: String,
    /// Where it happened, uncut.
    pub culprit: String,
    /// Level.
    pub level: Level,
    /// When the sender noticed it.
    pub detection_time: DateTime<Utc>,
    /// Resource the sender names.
    pub resource_id: Option<String>,
    /// Hashed fingerprint parts, 32 hex digits each; the first decides the issue.
    pub fingerprint: Vec<String>,
    /// Evidence for people, in the sender's order.
    pub evidence: Vec<Evidence>,
    /// Structured evidence.
    pub evidence_data: Option<Map<String, Value>>,
    /// Number of the group type. It need not be registered any more.
    pub group_type: u16,
}

/// The record as it is read. What older records may lack has a default.
#[derive(Deserialize)]
struct Read<'a> {
    fingerprint: Vec<String>,
    issue_title: Option<String>,
    subtitle: Option<String>,
    resource_id: Option<String>,
    evidence_data: Option<Map<String, Value>>,
    #[serde(default)]
    evidence_display: Vec<Evidence>,
    #[serde(rename = "type")]
    group_type: u16,
    #[serde(borrow)]
    detection_time: tree::Value<'a>,
    level: Option<String>,
    culprit: Option<String>,
}

/// A stored record or event just as it is stored, for whoever hands it on.
///
/// # Errors
/// A sentence that says why it cannot be read: it is damaged, larger than 64 MiB, or no JSON.
pub fn read_stored_json(compressed: &[u8]) -> Result<Value, String> {
    let bytes = codec::decompress(compressed, STORED_LIMIT)
        .map_err(|error| format!("what is stored cannot be read: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("what is stored is no JSON: {error}"))
}

/// Reads a stored occurrence. One without level or culprit reads as `info` and empty.
///
/// # Errors
/// A sentence that says why the record cannot be used: it is damaged, larger than 64 MiB, or not such a record.
pub fn read_stored_occurrence(compressed: &[u8]) -> Result<StoredOccurrence, String> {
    let bytes = codec::decompress(compressed, STORED_LIMIT)
        .map_err(|error| format!("the stored occurrence cannot be read: {error}"))?;
    let read: Read<'_> = serde_json::from_slice(&bytes)
        .map_err(|error| format!("the stored occurrence is not an occurrence record: {error}"))?;
    let detection_time = timestamp::read(&read.detection_time)
        .ok_or_else(|| "the stored occurrence has no readable detection_time".to_owned())?;
    Ok(StoredOccurrence {
        title: read.issue_title.unwrap_or_else(|| UNTITLED.to_owned()),
        subtitle: read.subtitle.unwrap_or_default(),
        culprit: read.culprit.unwrap_or_default(),
        level: read
            .level
            .as_deref()
            .and_then(Level::from_word)
            .unwrap_or(Level::Info),
        detection_time,
        resource_id: read.resource_id,
        fingerprint: read.fingerprint,
        evidence: read.evidence_display,
        evidence_data: read.evidence_data,
        group_type: read.group_type,
    })
}
