//! What of a message decides about its order and repetition, before anything else about it is looked at (occurrences
//! spec, sections 2.2 to 2.4).

use super::fields::{Object, Value, parse_uuid};
use crate::model::ProjectId;

/// A message's place among the others of its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The project it names; nothing where that is no integer.
    pub project: Option<ProjectId>,
    /// Its first fingerprint part as sent; empty where there is none that is a text. Messages of one project and part
    /// are processed one after another.
    pub part: String,
    /// Whether it is a status change.
    pub is_status_change: bool,
    /// Its id, by which a repetition is recognised: 32 hex digits where it is a UUID, else as sent; nothing where it
    /// is no text.
    pub id: Option<String>,
}

impl Envelope {
    /// Reads the envelope of a message. Nothing where it has no fingerprint: it then has no place in a bucket.
    pub(super) fn of(object: &Object<'_>) -> Option<Self> {
        let part = match object.get("fingerprint")? {
            Value::String(part) => part,
            Value::Array(parts) => parts.first().and_then(Value::as_str).unwrap_or_default(),
            _ => "",
        };
        let id = object.get("id").and_then(Value::as_str);
        Some(Self {
            project: object
                .get("project_id")
                .and_then(Value::as_i64)
                .map(ProjectId),
            part: part.to_owned(),
            is_status_change: object.get("payload_type").and_then(Value::as_str)
                == Some("status_change"),
            id: id.map(|id| match parse_uuid(id) {
                Some(uuid) => uuid.simple().to_string(),
                None => id.to_owned(),
            }),
        })
    }
}
