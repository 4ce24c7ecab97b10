//! A stored body becomes an [`Event`] again, for occurrences that refer to an event (occurrences spec, section 5.3).

use super::facts::{self, Source};
use super::fields::{self, Object, Value, invalid, text, unexpected};
use super::tags::{self, Tags};
use super::{STORED_LIMIT, codec, culprit, names, timestamp};
use crate::model::{
    Event, EventBody, EventId, Level, ProjectId, RejectReason, Rejection, USER_TAG,
};
use serde_json::{Map, json};
use std::sync::Arc;

/// Rebuilds an event from its stored body, which may be of any event type.
///
/// The event carries no body of its own: it is stored already.
///
/// # Errors
/// A sentence that says why the body cannot be used: it is damaged, larger than 64 MiB, not a JSON object, or has no
/// readable timestamp.
pub fn read_stored_event(
    project: ProjectId,
    event: EventId,
    compressed: &[u8],
) -> Result<Event, String> {
    let bytes = codec::decompress(compressed, STORED_LIMIT).map_err(|error| {
        format!("stored event {event} of project {project} cannot be read: {error}")
    })?;
    let body: Object<'_> = serde_json::from_slice(&bytes).map_err(|error| {
        format!("stored event {event} of project {project} is not a JSON object: {error}")
    })?;
    read_body(project, event, body).ok_or_else(|| {
        format!("stored event {event} of project {project} has no readable timestamp")
    })
}

/// An event that came by itself, without an occurrence: it keeps its type and its time, whatever they are, and can be
/// stored for occurrences that will refer to it.
///
/// # Errors
/// `invalid_payload` where it names another project, has no id or no readable timestamp; `internal_error` where it
/// cannot be written as JSON.
pub fn plain_event(
    project: ProjectId,
    body: Map<String, serde_json::Value>,
) -> Result<Event, Rejection> {
    let mut body = Object::from(body);
    if let Some(named) = body.get("project_id")
        && named.as_i64() != Some(project.0)
    {
        return Err(invalid(format!(
            "project mismatch: the event is stored in {project}, its project_id is {named}"
        )));
    }
    let id = body.get("event_id").unwrap_or(&Value::Null);
    let id = EventId(fields::uuid("event_id", id)?);
    let sent = body.get("timestamp").unwrap_or(&Value::Null);
    let time = timestamp::read(sent)
        .ok_or_else(|| unexpected("timestamp", "Unix seconds or an ISO 8601 text", sent))?;
    let mut tags = Tags::read(fields::take(&mut body, "tags").unwrap_or_default());
    if tags.get(USER_TAG).is_none()
        && let Some(user) = tags::user_tag(body.get("user"))
    {
        tags.set(USER_TAG, user);
    }
    // In the form in which every stored event has them.
    body.insert("event_id", json!(id));
    body.insert("project", json!(project));
    body.insert("timestamp", json!(timestamp::to_seconds(time)));
    body.insert("tags", json!(tags.finish()));
    let unwritable = |error| Rejection::new(RejectReason::InternalError, format!("{error}"));
    let json = serde_json::to_vec(&body).map_err(unwritable)?;
    let stored = EventBody {
        compressed: codec::compress(&json),
        json_bytes: json.len(),
    };
    let event = read_body(project, id, body).ok_or_else(|| invalid("timestamp cannot be read"))?;
    Ok(Event {
        body: Some(stored),
        ..event
    })
}

/// The event that a stored body describes; nothing where its timestamp cannot be read.
fn read_body(project: ProjectId, event: EventId, mut body: Object<'_>) -> Option<Event> {
    let timestamp = body.get("timestamp").and_then(timestamp::read)?;
    let event_type = text(&body, "type")
        .filter(|word| EVENT_TYPES.contains(word))
        .unwrap_or("default")
        .to_owned();
    let platform = text(&body, "platform").unwrap_or_default().to_owned();
    let culprit =
        text(&body, "culprit").map_or_else(|| culprit::culprit(&body, &platform), str::to_owned);
    let mut metadata = extracted_metadata(&event_type, &body);
    if let Some(Value::Object(sent)) = body.remove("metadata") {
        metadata.extend(sent.into_owned());
    }
    let location = match event_type.as_str() {
        "transaction" => text(&body, "location").or_else(|| text(&body, "transaction")),
        _ => text(&body, "location"),
    };
    let location = location.map(str::to_owned);
    let tags = Tags::read(body.remove("tags").unwrap_or_default());
    // The body speaks first: a long release is cut in its tag.
    let release = names::valid_release(text(&body, "release"))
        .or_else(|| names::valid_release(tags.get(tags::RELEASE)));
    let environment = names::valid_environment(text(&body, "environment"))
        .or_else(|| names::valid_environment(tags.get(tags::ENVIRONMENT)));
    let mut event = Event {
        project_id: project,
        event_id: event,
        timestamp,
        level: text(&body, "level").and_then(Level::from_word),
        release: release.map(str::to_owned),
        environment: environment.unwrap_or_default().to_owned(),
        message: message(&body).to_owned(),
        sdk: names::sdk_names(body.get("sdk")),
        event_type,
        platform,
        culprit,
        metadata,
        location,
        tags: tags.finish(),
        body: None,
        facts: Arc::default(),
    };
    let title = text(&body, "title").or_else(|| event.metadata.get("title")?.as_str());
    let source = Source {
        body: &body,
        is_stored: |_| true,
        title,
        level: None,
        received: body.get("received").and_then(timestamp::read),
    };
    event.facts = facts::facts(&event, &source);
    Some(event)
}

/// The event types there are (events spec, section 2). Any other is treated as `default` (E12).
const EVENT_TYPES: [&str; 10] = [
    "default",
    "error",
    "csp",
    "hpkp",
    "expectct",
    "expectstaple",
    "nel",
    "transaction",
    "feedback",
    "generic",
];

/// The formatted log entry, else its message, else the event's message, else empty.
fn message<'a>(body: &'a Object<'_>) -> &'a str {
    body.get("logentry")
        .and_then(Value::as_object)
        .and_then(|entry| text(entry, "formatted").or_else(|| text(entry, "message")))
        .or_else(|| text(body, "message"))
        .unwrap_or_default()
}

/// What a type of event says about itself where nothing was stored with it (events spec, section 10.1).
///
/// Errors and security reports are stored with their metadata by the path that saves them.
fn extracted_metadata(event_type: &str, body: &Object<'_>) -> Map<String, serde_json::Value> {
    match event_type {
        "transaction" => {
            let transaction = text(body, "transaction");
            let description = body
                .get("contexts")
                .and_then(|contexts| contexts.get("trace")?.get("description")?.as_str());
            let title = description
                .filter(|description| !description.is_empty())
                .or(transaction);
            Map::from_iter([
                ("title".to_owned(), json!(title)),
                ("location".to_owned(), json!(transaction)),
            ])
        }
        "default" => {
            let title = match message(body).trim().split(ends_line).next() {
                Some(line) if !line.is_empty() => culprit::truncated(line.to_owned(), 100),
                _ => "<unlabeled event>".to_owned(),
            };
            Map::from_iter([("title".to_owned(), json!(title))])
        }
        _ => Map::new(),
    }
}

/// Whether a line ends at this character (occurrences spec, section 9.3).
fn ends_line(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
