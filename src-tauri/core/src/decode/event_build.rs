//! An event that came along becomes an [`Event`] (occurrences spec, sections 5.1 and 5.2; events spec, sections 3, 5,
//! 6, 7, 14 and 15).

use super::event_input::EventInput;
use super::event_names::EventNames;
use super::facts::{self, Source};
use super::fields::{Object, Value, take, text, unexpected};
use super::stored_event::{self, GENERIC, StoredEvent, UNTITLED};
use super::tags::{self, Tags};
use super::{culprit, names, timestamp};
use crate::model::{Event, Occurrence, Rejection, USER_TAG};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, json};
use std::sync::Arc;

/// How far ahead of the processing time an inline event may be.
const MAX_AHEAD: TimeDelta = TimeDelta::seconds(60);

/// How old an inline event may be.
const MAX_AGE: TimeDelta = TimeDelta::days(30);

/// Builds an event that only describes its occurrence (occurrences spec, section 5.1).
///
/// # Errors
/// `invalid_payload` where its timestamp cannot be read.
pub(super) fn light(input: EventInput<'_>, occurrence: &Occurrence) -> Result<Event, Rejection> {
    let EventInput { id, mut body } = input;
    let sent = body.get("timestamp").unwrap_or(&Value::Null);
    let timestamp = timestamp::read(sent)
        .ok_or_else(|| unexpected("event.timestamp", "Unix seconds or an ISO 8601 text", sent))?;
    let tags = Tags::read(take(&mut body, "tags").unwrap_or_default());
    // The tags speak first here; without them the body does (D18).
    let release = tags
        .get_filled(tags::RELEASE)
        .or_else(|| text(&body, "release"));
    let environment = tags
        .get_filled(tags::ENVIRONMENT)
        .or_else(|| text(&body, "environment"));
    let mut event = Event {
        project_id: occurrence.project_id,
        event_id: id,
        platform: text(&body, "platform").unwrap_or_default().to_owned(),
        release: names::valid_release(release).map(str::to_owned),
        environment: names::valid_environment(environment)
            .unwrap_or_default()
            .to_owned(),
        tags: tags.finish(),
        ..Event::light(timestamp)
    };
    event.facts = facts::light_facts(&event, occurrence.level, title(occurrence));
    Ok(event)
}

/// Builds an event that is stored (occurrences spec, section 5.2). `now` is the processing time.
///
/// # Errors
/// `internal_error` where it cannot be written as JSON.
pub(super) fn inline(
    input: EventInput<'_>,
    occurrence: &Occurrence,
    now: DateTime<Utc>,
) -> Result<Event, Rejection> {
    let EventInput { id, mut body } = input;
    let mut tags = Tags::read(take(&mut body, "tags").unwrap_or_default());
    let mut errors = Vec::new();
    let names = EventNames::read(&body, &mut errors);
    // A sender may have set these tags itself.
    let release = names
        .release
        .or(names::valid_release(tags.get(tags::RELEASE)))
        .map(str::to_owned);
    let environment = names
        .environment
        .or(names::valid_environment(tags.get(tags::ENVIRONMENT)));
    let environment = environment.unwrap_or_default().to_owned();
    set_tags(&mut tags, &names, &environment, &body, occurrence);
    let tags = tags.finish();

    let timestamp = clamped(body.get("timestamp").and_then(timestamp::read), now);
    let platform = names::known_platform(text(&body, "platform").unwrap_or_default());
    let culprit = culprit::culprit(&body, platform);
    let metadata = Map::from_iter([("title".to_owned(), json!(occurrence.issue_title))]);
    let stored = StoredEvent {
        event_id: id,
        project_id: occurrence.project_id,
        level: occurrence.level,
        platform,
        timestamp,
        now,
        title: occurrence.issue_title.as_deref(),
        culprit: &culprit,
        metadata: &metadata,
        tags: &tags,
        names: &names,
        environment: &environment,
        errors: &errors,
        sent: &body,
    };
    let mut event = Event {
        body: Some(stored.body()?),
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
        sdk: names::sdk_names(body.get("sdk")),
        tags,
        facts: Arc::default(),
    };
    let source = Source {
        body: &body,
        is_stored: stored_event::keeps,
        title: Some(title(occurrence)),
        level: None,
        received: Some(now),
    };
    event.facts = facts::facts(&event, &source);
    Ok(event)
}

/// Title of an event that came along.
fn title(occurrence: &Occurrence) -> &str {
    occurrence.issue_title.as_deref().unwrap_or(UNTITLED)
}

/// The time of an event, or `now` where it cannot be read, lies too far ahead or too far back (occurrences spec,
/// section 3.2). Both limits themselves are allowed.
fn clamped(timestamp: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    match timestamp {
        Some(timestamp) if timestamp - now <= MAX_AHEAD && now - timestamp <= MAX_AGE => timestamp,
        _ => now,
    }
}

/// Adds the tags an event is stored with to those it was sent with.
fn set_tags(
    tags: &mut Tags,
    names: &EventNames<'_>,
    environment: &str,
    body: &Object<'_>,
    occurrence: &Occurrence,
) {
    tags.set("level", occurrence.level.as_str());
    if !environment.is_empty() {
        tags.set(tags::ENVIRONMENT, environment);
    }
    if let Some(transaction) = names.transaction {
        tags.set("transaction", transaction);
    }
    if let Some(release) = names.release {
        tags.pop("release");
        tags.set(tags::RELEASE, release);
        if let Some(dist) = names.dist {
            tags.pop("dist");
            tags.set("sentry:dist", dist);
        }
    }
    if let Some(user) = tags::user_tag(body.get("user")) {
        tags.pop("user");
        tags.set(USER_TAG, user);
    }
    tags::set_context_tags(tags, body.get("contexts"));
}
