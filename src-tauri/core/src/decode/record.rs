//! A record's value becomes a message or the reason why it does not (occurrences spec, sections 1, 5 and 16.2).

use super::event_input::EventInput;
use super::fields::{self, Object, Value, invalid, missing};
use super::json::{self, HasNuls};
use super::occurrence::{self, Parsed};
use super::{
    DecodeContext, Decoded, Envelope, EventPath, MAX_PAYLOAD_BYTES, Message, Mode,
    OccurrenceMessage, event_build, require_project, status_change, stored_occurrence,
};
use crate::model::{DropReason, EventId, Measures, RejectReason, Rejection, Verdict};

/// Decodes the value of one record of the occurrence topic: everything about it that can be decided without the
/// store.
///
/// The checks run in the order of occurrences spec, section 16.2; the first failure decides. A rejection's detail
/// says what is wrong, where in the payload, and what was found there.
#[must_use]
pub fn decode_record(payload: &[u8], context: &DecodeContext) -> Decoded {
    let mut measures = Measures::default();
    let (envelope, result) = match parse(payload) {
        Ok((mut object, nuls)) => {
            let envelope = Envelope::of(&object);
            (envelope, decode(&mut object, nuls, context, &mut measures))
        }
        Err(rejection) => (None, Err(End::Reject(rejection))),
    };
    Decoded {
        envelope,
        verdict: match result {
            Ok(message) => Verdict::Keep(message),
            Err(End::Drop(reason)) => Verdict::Drop(reason),
            Err(End::Reject(rejection)) => Verdict::Reject(rejection),
        },
        measures,
    }
}

/// Why decoding ended early.
enum End {
    Drop(DropReason),
    Reject(Rejection),
}

impl From<Rejection> for End {
    fn from(rejection: Rejection) -> Self {
        Self::Reject(rejection)
    }
}

fn decode(
    object: &mut Object<'_>,
    nuls: HasNuls,
    context: &DecodeContext,
    measures: &mut Measures,
) -> Result<Message, End> {
    match payload_kind(object, context.mode, measures)? {
        PayloadKind::Occurrence => {}
        PayloadKind::StatusChange => {
            let change = status_change::read(object)?;
            measures.count(
                "occurrence_ingest.status_change.messages",
                &[("new_status", &change.status)],
            );
            require_project(change.project_id, context)?;
            return Ok(Message::StatusChange(change));
        }
    }
    if nuls.0 {
        strip_nuls(object);
    }
    let Parsed {
        occurrence,
        event,
        is_buffered_spans,
    } = occurrence::read(object, context, measures)?;
    let group_type = occurrence.group_type;
    measures.count(
        "occurrence_ingest.messages",
        &[("occurrence_type", &group_type.id)],
    );
    require_project(occurrence.project_id, context)?;
    if !group_type.allows_ingest(&context.features) {
        measures.count(
            "occurrence_ingest.dropped_feature_disabled",
            &[("occurrence_type", &group_type.id)],
        );
        return Err(End::Drop(DropReason::FeatureDisabled));
    }
    let event = match event {
        None => EventPath::Lookup,
        Some(event) => {
            require_same_event(occurrence.event_id, &event)?;
            if is_buffered_spans {
                EventPath::Light(Box::new(event_build::light(event, &occurrence)?))
            } else {
                EventPath::Inline(Box::new(event_build::inline(
                    event,
                    &occurrence,
                    context.now,
                )?))
            }
        }
    };
    Ok(Message::Occurrence(Box::new(OccurrenceMessage {
        occurrence_json: stored_occurrence::compressed(&occurrence)?,
        occurrence,
        event,
    })))
}

fn parse(payload: &[u8]) -> Result<(Object<'_>, HasNuls), Rejection> {
    if payload.len() > MAX_PAYLOAD_BYTES {
        let length = payload.len();
        return Err(invalid(format!(
            "the value has {length} bytes; at most {MAX_PAYLOAD_BYTES} are processed"
        )));
    }
    match json::parse(payload)? {
        (Value::Object(object), nuls) => Ok((object, nuls)),
        (other, _) => Err(invalid(format!(
            "expected a JSON object, found {}",
            json::found(&other)
        ))),
    }
}

enum PayloadKind {
    Occurrence,
    StatusChange,
}

/// Selects the handler (occurrences spec, section 1). In batches a message without a fingerprint has no bucket to go
/// into, so it is invalid whatever it claims to be (section 2.2, D2).
fn payload_kind(
    object: &Object<'_>,
    mode: Mode,
    measures: &mut Measures,
) -> Result<PayloadKind, Rejection> {
    if mode == Mode::Batched && !object.contains_key("fingerprint") {
        return Err(missing("fingerprint", fields::A_FINGERPRINT));
    }
    let kind = object.get("payload_type");
    match kind.map_or(Some("occurrence"), Value::as_str) {
        Some("occurrence") => Ok(PayloadKind::Occurrence),
        Some("status_change") => Ok(PayloadKind::StatusChange),
        word => {
            let found = kind.map_or_else(String::new, json::found);
            measures.count(
                "occurrence_consumer._process_message.dropped_invalid_payload_type",
                &[("payload_type", &word.unwrap_or(&found))],
            );
            Err(Rejection::new(
                RejectReason::InvalidPayloadType,
                format!(
                    "payload_type: expected \"occurrence\" or \"status_change\", found {found}"
                ),
            ))
        }
    }
}

/// Removes NULs from the members whose text is kept. The others are left as they came: a fingerprint is hashed as it
/// was sent, and an id or a word with a NUL in it is a wrong one.
fn strip_nuls(object: &mut Object<'_>) {
    const TEXTS: [&str; 6] = [
        "issue_title",
        "subtitle",
        "resource_id",
        "culprit",
        "evidence_data",
        "evidence_display",
    ];
    for key in TEXTS {
        if let Some(value) = object.get_mut(key) {
            json::strip_nuls(value);
        }
    }
    if let Some(Value::Object(event)) = object.get_mut("event") {
        for (_, value) in event.iter_mut().filter(|(key, _)| *key != "event_id") {
            json::strip_nuls(value);
        }
    }
}

/// The event that came along has to be the one the occurrence names (occurrences spec, sections 5.1 and 5.2).
fn require_same_event(event_id: EventId, event: &EventInput<'_>) -> Result<(), Rejection> {
    if event_id == event.id {
        return Ok(());
    }
    Err(invalid(format!(
        "event id mismatch: event_id is {event_id}, event.event_id is {}",
        event.id
    )))
}
