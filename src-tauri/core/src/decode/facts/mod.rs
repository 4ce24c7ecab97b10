//! What a search can ask of an event, worked out while its body is at hand (search spec, sections 5.3 and 7.2).
//!
//! Only what is stored counts: the facts of an event that is read back are those it had when it came. Whatever shape a
//! member has, it is read or left out, and what comes of it is bounded.

mod fields;
mod lists;
#[cfg(test)]
mod tests;

use super::StoredOccurrence;
use super::fields::{Object, Value};
use crate::model::{
    Event, EventFacts, Level, Person, SeenValues, TERM_FIELDS, Term, TermBits, tells_who,
};
use chrono::{DateTime, Utc};
use fields::{Fact, Field, fields};
use lists::Lists;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::sync::Arc;

/// What is kept of a text, in bytes.
const TEXT_BYTES: usize = 1024;
/// Tags with a longer key are left out.
const KEY_BYTES: usize = 200;
/// Further tags are left out.
const MOST_TAGS: usize = 1_000;
/// Tags beyond this many bytes are left out.
const MOST_TAG_BYTES: usize = 48 * 1024;

/// Where the facts of an event come from, beside the [`Event`].
pub(super) struct Source<'a> {
    /// The event as it was sent or stored.
    pub body: &'a Object<'a>,
    /// Which members of `body` are stored.
    pub is_stored: fn(&str) -> bool,
    /// Title of the event.
    pub title: Option<&'a str>,
    /// Level, where the event itself has none.
    pub level: Option<Level>,
    /// When it was received.
    pub received: Option<DateTime<Utc>>,
}

impl<'a> Source<'a> {
    fn member(&self, key: &str) -> Option<&'a Value<'a>> {
        self.body.get(key).filter(|_| (self.is_stored)(key))
    }

    fn object(&self, key: &str) -> Option<&'a Object<'a>> {
        self.member(key)?.as_object()
    }

    fn context(&self, key: &str) -> Option<&'a Object<'a>> {
        self.object("contexts")?.get(key)?.as_object()
    }
}

/// The facts of an event.
pub(super) fn facts(event: &Event, source: &Source<'_>) -> Arc<EventFacts> {
    let lists = Lists::read(source);
    let fields = fields(event, source, &lists);
    let tags = tags(event);
    let mut seen = Seen::default();
    for (key, value) in &tags {
        seen.add(key, value);
    }
    for (key, fact) in &fields {
        if let Field::Named(key) = key
            && TERM_FIELDS.contains(key)
        {
            seen.add(key, &fact.text());
        }
    }
    seen.add("environment", &storable(&event.environment));
    if let Some(release) = &event.release {
        seen.add("release", &storable(release));
    }
    lists.terms(|key, value| seen.add(key, value));
    let person = seen.person();
    seen.terms.sort_unstable();
    seen.terms.dedup();
    Arc::new(EventFacts {
        json: json(&Facts {
            fields: &fields,
            tags: &tags,
        }),
        message: lists.message(&event.message, source.title),
        stack: lists.stack(&event.culprit),
        terms: seen.terms,
        bits: Some(seen.bits),
        person,
        values: seen.values,
    })
}

/// The facts of a light event: nothing of its body is stored. Its occurrence has level and title.
pub(super) fn light_facts(event: &Event, level: Level, title: &str) -> Arc<EventFacts> {
    let source = Source {
        body: &Object::new(),
        is_stored: |_| false,
        title: Some(title),
        level: Some(level),
        received: None,
    };
    facts(event, &source)
}

/// The facts of a light event as its stored occurrence tells them, without the platform of the event.
#[must_use]
pub fn stored_light_facts(
    occurrence: &StoredOccurrence,
    tags: Vec<(String, String)>,
    environment: String,
    release: Option<String>,
) -> Arc<EventFacts> {
    let event = Event {
        tags,
        environment,
        release,
        ..Event::light(occurrence.detection_time)
    };
    light_facts(&event, occurrence.level, &occurrence.title)
}

/// The tags that are kept.
fn tags(event: &Event) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut room = MOST_TAG_BYTES;
    let tags = event.tags.iter().take(MOST_TAGS);
    tags.filter(|(key, _)| key.len() <= KEY_BYTES)
        .map(|(key, value)| (storable(key), short(value)))
        .take_while(|(key, value)| {
            let bytes = key.len() + value.len();
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        })
        .collect()
}

/// Terms and values while they are collected.
#[derive(Default)]
struct Seen {
    terms: Vec<Term>,
    /// Terms of texts that tell who the user is.
    parts: Vec<Term>,
    /// Of each key with its value.
    bits: TermBits,
    values: SeenValues,
}

impl Seen {
    fn add(&mut self, key: &str, value: &str) {
        let of_key = Term::of_key(key);
        let term = of_key.with(value);
        self.bits.add(term);
        if value.is_empty() {
            self.terms.push(term);
        } else {
            let terms = if tells_who(key) {
                &mut self.parts
            } else {
                &mut self.terms
            };
            terms.push(term);
            self.terms.push(of_key);
            let key = key.strip_prefix("sentry:").unwrap_or(key);
            self.values.push(key, value);
        }
    }

    /// Gathers what tells who the user is under one term. A single text is its own term.
    fn person(&mut self) -> Option<Person> {
        self.parts.sort_unstable();
        self.parts.dedup();
        if self.parts.len() < 2 {
            self.terms.append(&mut self.parts);
            return None;
        }
        let parts = std::mem::take(&mut self.parts);
        let whole = Term::of_all(&parts);
        self.terms.push(whole);
        Some(Person { whole, parts })
    }
}

/// The JSON of an event's facts, written at once.
struct Facts<'a> {
    fields: &'a [(Field<'a>, Fact<'a>)],
    tags: &'a [(Cow<'a, str>, Cow<'a, str>)],
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("tags", &Tags(self.tags))?;
        for (key, fact) in self.fields {
            map.serialize_entry(key, fact)?;
        }
        map.end()
    }
}

struct Tags<'a>(&'a [(Cow<'a, str>, Cow<'a, str>)]);

impl Serialize for Tags<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Plain data into memory: there is nothing that could fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A text as far as it is kept.
fn short(text: &str) -> Cow<'_, str> {
    storable(crate::model::cut(text, TEXT_BYTES))
}

/// Databases refuse U+0000.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
