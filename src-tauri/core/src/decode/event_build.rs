//! An event that came along becomes an [`Event`] (occurrences spec, sections 5.1 and 5.2; events spec, sections 3, 5,
//! 6, 7, 14 and 15).

use super::event_input::EventInput;
use super::fields::{Object, invalid, take, text};
use super::tags::{self, Tags};
use super::{codec, culprit, json, names, timestamp};
use crate::model::{Event, EventBody, Occurrence, RejectReason, Rejection};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::io::Write;

/// How far ahead of the processing time an inline event may be.
const MAX_AHEAD: TimeDelta = TimeDelta::seconds(60);

/// How old an inline event may be.
const MAX_AGE: TimeDelta = TimeDelta::days(30);

/// Builds an event that only describes its occurrence (occurrences spec, section 5.1).
///
/// # Errors
/// `invalid_payload` where its timestamp cannot be read.
pub(super) fn light(input: EventInput, occurrence: &Occurrence) -> Result<Event, Rejection> {
    let EventInput { id, mut body } = input;
    let timestamp = timestamp::read(body.get("timestamp").unwrap_or(&Value::Null)).ok_or_else(|| {
        let found = json::found(body.get("timestamp").unwrap_or(&Value::Null));
        invalid(format!("event.timestamp: expected Unix seconds or an ISO 8601 text, found {found}"))
    })?;
    let tags = Tags::read(take(&mut body, "tags").unwrap_or_default());
    Ok(Event {
        project_id: occurrence.project_id,
        event_id: id,
        event_type: "default".to_owned(),
        timestamp,
        platform: take_text(&mut body, "platform").unwrap_or_default(),
        level: None,
        release: release_of(&tags, &body),
        environment: environment_of(&tags, &body),
        culprit: String::new(),
        message: String::new(),
        metadata: Map::new(),
        location: None,
        sdk: None,
        tags: tags.finish(),
        body: None,
    })
}

/// The release an event's tags name, else its body (occurrences spec, section 5.1, D18); nothing where that version
/// is not valid.
pub(super) fn release_of(tags: &Tags, body: &Object) -> Option<String> {
    let version = tags.get(tags::RELEASE).filter(|version| !version.is_empty()).or_else(|| text(body, "release"))?;
    names::is_valid_release(version).then(|| version.to_owned())
}

/// The environment an event's tags name, else its body; empty where neither does or the name is not valid.
pub(super) fn environment_of(tags: &Tags, body: &Object) -> String {
    let name = tags.get(tags::ENVIRONMENT).filter(|name| !name.is_empty()).or_else(|| text(body, "environment"));
    name.filter(|name| names::is_valid_environment(name)).unwrap_or_default().to_owned()
}

/// Builds an event that is stored (occurrences spec, section 5.2). `now` is the processing time.
///
/// # Errors
/// `internal_error` where the body cannot be written as JSON.
pub(super) fn inline(input: EventInput, occurrence: &Occurrence, now: DateTime<Utc>) -> Result<Event, Rejection> {
    let EventInput { id, mut body } = input;
    let timestamp = clamped(body.get("timestamp").and_then(timestamp::read), now);
    let platform = names::known_platform(text(&body, "platform").unwrap_or_default());
    let culprit = culprit::culprit(&body, platform);
    let sdk = names::sdk_names(body.get("sdk"));

    let mut tags = Tags::read(take(&mut body, "tags").unwrap_or_default());
    let mut errors = Vec::new();
    let names = EventNames::take(&mut body, &tags, &mut errors);
    set_tags(&mut tags, &names, &body, occurrence);
    let tags = tags.finish();

    let metadata = Map::from_iter([("title".to_owned(), json!(occurrence.issue_title))]);
    let mut stored = Map::with_capacity(32);
    let mut put = |key: &str, value: Value| stored.insert(key.to_owned(), value);
    put("event_id", json!(id));
    put("project", json!(occurrence.project_id));
    put("type", json!(GENERIC));
    put("level", json!(occurrence.level.as_str()));
    put("platform", json!(platform));
    put("timestamp", json!(timestamp::to_seconds(timestamp)));
    put("received", json!(timestamp::to_seconds(now)));
    put("title", json!(occurrence.issue_title.as_deref().unwrap_or("<untitled>")));
    put("culprit", json!(culprit));
    put("location", Value::Null);
    put("metadata", Value::Object(metadata.clone()));
    put("tags", json!(tags));
    names.put_into(&mut put);
    for key in KEPT_AS_SENT {
        if let Some(value) = take(&mut body, key).filter(|value| !value.is_null()) {
            put(key, normalized_member(key, value));
        }
    }
    if !errors.is_empty() {
        put("errors", Value::Array(errors));
    }

    let release = names.release;
    let environment = names.environment.unwrap_or_default();
    Ok(Event {
        project_id: occurrence.project_id,
        event_id: id,
        event_type: GENERIC.to_owned(),
        timestamp,
        platform: platform.to_owned(),
        level: Some(occurrence.level),
        release,
        environment,
        culprit,
        message: String::new(),
        metadata,
        location: None,
        sdk,
        tags,
        body: Some(stored_body(&stored, now)?),
    })
}

/// The type of every event that comes along in an occurrence message and is stored.
const GENERIC: &str = "generic";

/// Members that are stored without a change, in the order they are stored. Together with the members that
/// [`inline`] writes itself these are all that survive (occurrences spec, section 3.3, step 6).
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

/// Lists that older senders put where an object with `values` belongs are wrapped.
fn normalized_member(key: &str, value: Value) -> Value {
    match value {
        Value::Array(values) if key == "breadcrumbs" => json!({ "values": values }),
        other => other,
    }
}

/// The time of an event, or `now` where it cannot be read, lies too far ahead or too far back (occurrences spec,
/// section 3.2). Both limits themselves are allowed.
fn clamped(timestamp: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    match timestamp {
        Some(timestamp) if timestamp - now <= MAX_AHEAD && now - timestamp <= MAX_AGE => timestamp,
        _ => now,
    }
}

/// The named things an inline event belongs to. Names that are not valid are left out (E16, E17).
struct EventNames {
    transaction: Option<String>,
    environment: Option<String>,
    release: Option<String>,
    dist: Option<String>,
}

impl EventNames {
    /// Moves the names out of a body. What is left out is noted in `errors`, the processing errors of the event.
    fn take(body: &mut Object, tags: &Tags, errors: &mut Vec<Value>) -> Self {
        let mut accept = |key: &str, name: String, is_valid: fn(&str) -> bool| {
            if is_valid(&name) {
                return Some(name);
            }
            let value = culprit::truncated(name, 200);
            errors.push(json!({ "type": "invalid_data", "name": key, "value": value }));
            None
        };
        let environment = take_text(body, "environment")
            .and_then(|name| accept("environment", name, names::is_valid_environment))
            .or_else(|| Some(tags.get(tags::ENVIRONMENT)?.to_owned()).filter(|name| names::is_valid_environment(name)));
        let release = take_text(body, "release").and_then(|version| accept("release", version, names::is_valid_release));
        // The legacy schema has the name of a distribution inside an object.
        let dist = match take(body, "dist") {
            Some(Value::Object(mut dist)) => take_text(&mut dist, "dist"),
            Some(Value::String(dist)) => Some(dist).filter(|dist| !dist.is_empty()),
            _ => None,
        };
        Self { transaction: take_text(body, "transaction"), environment, release, dist }
    }

    fn put_into(&self, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
        let named = [
            ("transaction", &self.transaction),
            ("environment", &self.environment),
            ("release", &self.release),
            ("dist", &self.dist),
        ];
        for (key, name) in named {
            if let Some(name) = name {
                put(key, json!(name));
            }
        }
    }
}

/// Adds the tags an event is stored with to those it was sent with.
fn set_tags(tags: &mut Tags, names: &EventNames, body: &Object, occurrence: &Occurrence) {
    tags.set("level", Some(occurrence.level.as_str().to_owned()));
    if let Some(environment) = names.environment.as_ref().filter(|name| !name.is_empty()) {
        tags.set(tags::ENVIRONMENT, Some(environment.clone()));
    }
    if let Some(transaction) = &names.transaction {
        tags.set("transaction", Some(transaction.clone()));
    }
    if let Some(release) = &names.release {
        tags.pop("release");
        tags.set(tags::RELEASE, Some(release.clone()));
        if let Some(dist) = &names.dist {
            tags.pop("dist");
            tags.set("sentry:dist", Some(dist.clone()));
        }
    }
    if let Some(user) = tags::user_tag(body.get("user")) {
        tags.pop("user");
        tags.set("sentry:user", Some(user));
    }
    tags::set_context_tags(tags, body.get("contexts"));
}

/// Writes the body as it is stored. The two last members describe the storing itself (events spec, section 15), so
/// they follow once the length of the rest is known.
fn stored_body(stored: &Object, now: DateTime<Utc>) -> Result<EventBody, Rejection> {
    let mut text = Vec::with_capacity(2048);
    let written = serde_json::to_writer(&mut text, stored).map_err(std::io::Error::from).and_then(|()| {
        let length = text.len();
        text.pop();
        let now = Value::from(timestamp::to_seconds(now));
        write!(text, r#","_metrics":{{"bytes.stored.event":{length}}},"nodestore_insert":{now}}}"#)
    });
    written.map_err(|error| Rejection::new(RejectReason::InternalError, format!("event body: {error}")))?;
    Ok(EventBody { compressed: codec::compress(&text), json_bytes: text.len() })
}

/// Moves a text that is not empty out of an object.
fn take_text(object: &mut Object, key: &str) -> Option<String> {
    match object.get_mut(key)? {
        Value::String(text) if !text.is_empty() => Some(std::mem::take(text)),
        _ => None,
    }
}
