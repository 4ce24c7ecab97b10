//! The fields of an occurrence message, in the order that decides which failure is reported (occurrences spec,
//! section 3).

use super::event_input::{EventInput, Named};
use super::fields::{
    self, Object, Value, invalid, missing, nullable_text, optional_text, optional_uuid, require,
    take, unexpected,
};
use super::{DecodeContext, assignee, json, timestamp};
use crate::model::{
    EventId, Evidence, GroupType, Level, Measures, Occurrence, OccurrenceId, Priority,
    RejectReason, Rejection,
};

/// What the table of section 3 makes of a message.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    /// The occurrence.
    pub occurrence: Occurrence,
    /// The event that came along.
    pub event: Option<EventInput<'a>>,
    /// Whether that event only describes the occurrence and is not to be stored.
    pub is_buffered_spans: bool,
}

/// Reads and checks everything the table names; the members are moved out of `object`.
pub(super) fn read<'a>(
    object: &mut Object<'a>,
    context: &DecodeContext,
    measures: &mut Measures,
) -> Result<Parsed<'a>, Rejection> {
    let assignee = assignee::read(object, context)?;
    let id = OccurrenceId(fields::id(object)?);
    let project_id = fields::project_id(object)?;
    let fingerprint = fields::fingerprint(object)?;
    let issue_title = nullable_text(object, "issue_title")?;
    let subtitle = nullable_text(object, "subtitle")?;
    let resource_id = optional_text(object, "resource_id")?;
    let evidence_data = evidence_data(object)?.map(Object::into_owned);
    let evidence_display = evidence_display(object)?;
    let group_type = group_type(object)?;
    let detection_time = {
        let value = require(object, "detection_time", AN_INSTANT)?;
        let zero = value.as_f64() == Some(0.0);
        let instant = timestamp::read(&value).filter(|_| !zero);
        instant.ok_or_else(|| unexpected("detection_time", AN_INSTANT, &value))?
    };
    let level = level(object)?;
    let sent_event_id = optional_uuid("event_id", object.get("event_id"))?.map(EventId);
    let culprit = optional_text(object, "culprit")?.unwrap_or_default();
    let initial_priority = initial_priority(object);
    let is_buffered_spans = object.get("is_buffered_spans") == Some(&Value::Bool(true));
    let event = match take(object, "event") {
        None => None,
        Some(Value::Object(event)) => {
            let named = Named {
                project_id,
                event_id: sent_event_id,
                level,
                group_type,
            };
            Some(EventInput::check(event, &named, measures)?)
        }
        Some(other) => return Err(unexpected("event", "an object", &other)),
    };
    let event_id = sent_event_id
        .or_else(|| event.as_ref().map(|event| event.id))
        .ok_or_else(|| {
            invalid("event_id is missing, and no event came along that could name it")
        })?;

    let occurrence = Occurrence {
        id,
        project_id,
        event_id,
        fingerprint,
        issue_title,
        subtitle,
        resource_id,
        evidence_data,
        evidence_display,
        group_type,
        detection_time,
        level,
        culprit,
        initial_priority,
        assignee,
    };
    Ok(Parsed {
        occurrence,
        event,
        is_buffered_spans,
    })
}

const AN_INSTANT: &str = "Unix seconds other than 0 or an ISO 8601 text, in the years 1 to 9999";

fn evidence_data<'a>(object: &mut Object<'a>) -> Result<Option<Object<'a>>, Rejection> {
    match take(object, "evidence_data") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(data)) => Ok(Some(data)),
        Some(other) => Err(unexpected("evidence_data", "an object or null", &other)),
    }
}

fn evidence_display(object: &mut Object<'_>) -> Result<Vec<Evidence>, Rejection> {
    const KEY: &str = "evidence_display";
    const EXPECTED: &str = "an array of objects with name, value and important";
    match require(object, KEY, EXPECTED)? {
        Value::Array(entries) => entries
            .into_iter()
            .enumerate()
            .map(|(index, entry)| evidence(&format!("{KEY}[{index}]"), entry))
            .collect(),
        other => Err(unexpected(KEY, EXPECTED, &other)),
    }
}

fn evidence(path: &str, entry: Value<'_>) -> Result<Evidence, Rejection> {
    let Value::Object(mut entry) = entry else {
        return Err(unexpected(
            path,
            "an object with name, value and important",
            &entry,
        ));
    };
    let mut member = |key: &str, expected| {
        take(&mut entry, key).ok_or_else(|| missing(&json::join(path, key), expected))
    };
    Ok(Evidence {
        name: text_or_json(member("name", "a text")?),
        value: text_or_json(member("value", "a text")?),
        important: member("important", "true or false")? == Value::Bool(true),
    })
}

/// A text as it is; any other value as its JSON text.
fn text_or_json(value: Value<'_>) -> String {
    match value {
        Value::String(text) => text.into_owned(),
        other => other.to_string(),
    }
}

fn group_type(object: &Object<'_>) -> Result<&'static GroupType, Rejection> {
    const EXPECTED: &str = "the number of a registered group type";
    let value = object
        .get("type")
        .ok_or_else(|| missing("type", EXPECTED))?;
    let number = value.as_u64().and_then(|id| u16::try_from(id).ok());
    number.and_then(GroupType::by_id).ok_or_else(|| Rejection {
        reason: RejectReason::UnknownGroupType,
        ..unexpected("type", EXPECTED, value)
    })
}

fn level(object: &Object<'_>) -> Result<Level, Rejection> {
    match object.get("level") {
        None | Some(Value::Null) => Ok(Level::Info),
        Some(value) => value.as_str().and_then(Level::from_word).ok_or_else(|| {
            unexpected(
                "level",
                "one of sample, debug, info, warning, error, fatal, or null",
                value,
            )
        }),
    }
}

/// An unusable priority is no priority; the newer key counts where the older one is absent or null (D7).
fn initial_priority(object: &Object<'_>) -> Option<Priority> {
    let (key, value) = ["initial_issue_priority", "priority"]
        .into_iter()
        .filter_map(|key| Some((key, object.get(key)?)))
        .find(|(_, value)| !value.is_null())?;
    let number = value.as_i64().and_then(|number| i16::try_from(number).ok());
    let priority = number.and_then(Priority::from_number);
    if priority.is_none() {
        tracing::warn!(
            key,
            found = json::found(value),
            "priority is none of 25, 50 and 75; the type's default is used"
        );
    }
    priority
}
