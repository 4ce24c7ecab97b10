//! Records as they should not be. A feed that hides them would not be honest, so the demo has a few.

use super::dice::Dice;
use serde_json::{Value, json};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// The JSON text ends in the middle.
    Truncated,
    /// Bytes that are not UTF-8.
    NotText,
    /// A required field is missing.
    MissingField,
    /// The fingerprint is empty.
    EmptyFingerprint,
    /// Event and occurrence name different projects.
    ProjectMismatch,
    /// Event and occurrence name different event ids.
    EventMismatch,
    /// An id that is not a UUID.
    BadId,
    /// The type is not registered.
    UnknownType,
    /// The event fits neither schema.
    BadEvent,
    /// A kind of message nobody knows.
    UnknownMessage,
    /// Refers to an event that was never sent.
    EventNeverSeen,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 11] = [
        Self::Truncated,
        Self::NotText,
        Self::MissingField,
        Self::EmptyFingerprint,
        Self::ProjectMismatch,
        Self::EventMismatch,
        Self::BadId,
        Self::UnknownType,
        Self::BadEvent,
        Self::UnknownMessage,
        Self::EventNeverSeen,
    ];
}

/// Gives a good message, which carries its event, a defect.
pub(super) fn spoil(payload: &[u8], defect: Defect, dice: &mut Dice) -> Vec<u8> {
    match defect {
        Defect::Truncated => {
            let most = u64::try_from(payload.len().saturating_sub(1)).unwrap_or(1);
            let keep = usize::try_from(dice.between(1, most.max(1))).unwrap_or(1);
            return payload[..keep.min(payload.len())].to_vec();
        }
        Defect::NotText => {
            let mut spoiled = payload.to_vec();
            let middle = spoiled.len() / 2;
            spoiled.splice(middle..middle, [0xff, 0xfe, 0xc0]);
            return spoiled;
        }
        _ => {}
    }
    let mut message: Value = serde_json::from_slice(payload).unwrap_or_default();
    match defect {
        Defect::MissingField => {
            let field = *dice.pick(&[
                "id",
                "issue_title",
                "detection_time",
                "evidence_display",
                "fingerprint",
                "type",
            ]);
            if let Some(object) = message.as_object_mut() {
                object.shift_remove(field);
            }
        }
        Defect::EmptyFingerprint => message["fingerprint"] = json!([]),
        Defect::ProjectMismatch => message["event"]["project_id"] = json!(424_242),
        Defect::EventMismatch => message["event"]["event_id"] = json!(dice.hex()),
        Defect::BadId => message["id"] = json!(format!("occurrence-{}", dice.between(1, 9_999))),
        Defect::UnknownType => message["type"] = json!(dice.between(9_000, 9_999)),
        Defect::BadEvent => {
            message["event"]["platform"] = json!(0);
            message["event"]["tags"] = json!("none");
        }
        Defect::UnknownMessage => message["payload_type"] = json!("incident"),
        Defect::EventNeverSeen => {
            message["event_id"] = json!(dice.hex());
            if let Some(object) = message.as_object_mut() {
                object.shift_remove("event");
                object.shift_remove("is_buffered_spans");
            }
        }
        Defect::Truncated | Defect::NotText => {}
    }
    serde_json::to_vec(&message).unwrap_or_default()
}
