//! The fields of an event that have one value.

use super::lists::Lists;
use super::{Source, short, storable};
use crate::decode::fields::{Object, Value, parse_uuid};
use crate::model::Event;
use serde::ser::{Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;

/// A context has more members than this only to be a nuisance.
const MOST_MEMBERS: usize = 64;
/// Members of contexts with a longer name are left out.
const MEMBER_BYTES: usize = 64;

/// The key of a field.
#[derive(Debug)]
pub(super) enum Field<'a> {
    Named(&'static str),
    /// A member of a context.
    Member(&'static str, Cow<'a, str>),
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(key) => serializer.serialize_str(key),
            Self::Member(context, key) => serializer.collect_str(&format_args!("{context}.{key}")),
        }
    }
}

/// The value of a field.
#[derive(Debug)]
pub(super) enum Fact<'a> {
    Text(Cow<'a, str>),
    Flag(bool),
    Number(&'a Number),
    /// Microseconds since the Unix epoch.
    Instant(i64),
}

impl Fact<'_> {
    /// The value as terms have it.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Instant(micros) => Cow::Owned(micros.to_string()),
        }
    }
}

impl Serialize for Fact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Instant(micros) => serializer.serialize_i64(*micros),
        }
    }
}

/// Fields while they are collected.
#[derive(Default)]
struct Fields<'a>(Vec<(Field<'a>, Fact<'a>)>);

impl<'a> Fields<'a> {
    /// Adds a text that is there and not empty.
    fn text(&mut self, key: &'static str, text: Option<&'a str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.0.push((Field::Named(key), Fact::Text(short(text))));
        }
    }

    /// Adds a text of a handful of letters.
    fn word(&mut self, key: &'static str, word: Option<impl Into<Cow<'a, str>>>) {
        if let Some(word) = word {
            self.0.push((Field::Named(key), Fact::Text(word.into())));
        }
    }

    fn flag(&mut self, key: &'static str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.0.push((Field::Named(key), Fact::Flag(flag)));
        }
    }

    /// Adds a member that is a text or a number, as a text.
    fn named(&mut self, key: &'static str, value: Option<&'a Value<'a>>) {
        match value {
            Some(Value::String(text)) => self.text(key, Some(text)),
            Some(Value::Number(number)) => self.word(key, Some(number.to_string())),
            _ => {}
        }
    }

    /// Adds the plain members of a context.
    fn context(&mut self, name: &'static str, context: Option<&'a Object<'a>>) {
        let members = context
            .into_iter()
            .flat_map(Object::iter)
            .take(MOST_MEMBERS);
        for (key, value) in members {
            // `device.class` has words of its own; the type of a context is no fact about the device.
            let is_plain = key.len() <= MEMBER_BYTES && !matches!(key, "type" | "class");
            let fact = match value {
                Value::String(text) if !text.is_empty() => Fact::Text(short(text)),
                Value::Bool(flag) => Fact::Flag(*flag),
                Value::Number(number) => Fact::Number(number),
                _ => continue,
            };
            if is_plain {
                self.0.push((known(name, key), fact));
            }
        }
    }
}

/// The key of a member; those with terms have a name.
fn known<'a>(context: &'static str, key: &'a str) -> Field<'a> {
    match (context, key) {
        ("os", "name") => Field::Named("os.name"),
        _ => Field::Member(context, storable(key)),
    }
}

/// All fields that the event has.
pub(super) fn fields<'a>(
    event: &'a Event,
    source: &Source<'a>,
    lists: &Lists<'a>,
) -> Vec<(Field<'a>, Fact<'a>)> {
    let mut fields = Fields(Vec::with_capacity(40));
    let level = event.level.or(source.level);
    fields.word("level", level.map(crate::model::Level::as_str));
    fields.text("platform.name", Some(&event.platform));
    fields.text("type", Some(&event.event_type));
    fields.text("title", source.title);
    fields.text("message", Some(&event.message));
    fields.text("culprit", Some(&event.culprit));
    fields.text("location", event.location.as_deref());
    for key in ["logger", "transaction"] {
        fields.text(key, source.member(key).and_then(Value::as_str));
    }
    let dist = source.member("dist");
    // The legacy schema has the name of a distribution inside an object.
    let dist = dist.map(|dist| dist.get("dist").unwrap_or(dist));
    fields.text("dist", dist.and_then(Value::as_str));
    user(&mut fields, source.object("user"));
    http(&mut fields, source);
    if let Some(sdk) = source.object("sdk") {
        fields.text("sdk.name", sdk.get("name").and_then(Value::as_str));
        fields.text("sdk.version", sdk.get("version").and_then(Value::as_str));
    }
    let device = source.context("device");
    fields.context("device", device);
    let class = device.and_then(|device| device.get("class"));
    fields.word("device.class", class.and_then(device_class));
    fields.context("os", source.context("os"));
    let in_foreground = source
        .context("app")
        .and_then(|app| app.get("in_foreground")?.as_bool());
    fields.flag("app.in_foreground", in_foreground);
    fields.flag("error.handled", lists.handled);
    fields.flag("error.main_thread", lists.main_thread);
    if let Some(received) = source.received {
        let micros = received.timestamp_micros();
        fields
            .0
            .push((Field::Named("error.received"), Fact::Instant(micros)));
    }
    trace(&mut fields, source);
    fields.0
}

fn user<'a>(fields: &mut Fields<'a>, user: Option<&'a Object<'a>>) {
    let Some(user) = user else { return };
    for (key, member) in [
        ("user.id", "id"),
        ("user.email", "email"),
        ("user.username", "username"),
        ("user.ip", "ip_address"),
    ] {
        fields.named(key, user.get(member));
    }
    let geo = user.get("geo").and_then(Value::as_object);
    for (key, member) in [
        ("geo.country_code", "country_code"),
        ("geo.region", "region"),
        ("geo.city", "city"),
        ("geo.subdivision", "subdivision"),
    ] {
        fields.named(key, geo.and_then(|geo| geo.get(member)));
    }
}

fn http<'a>(fields: &mut Fields<'a>, source: &Source<'a>) {
    if let Some(request) = source.object("request") {
        fields.text("http.method", request.get("method").and_then(Value::as_str));
        fields.text("http.url", request.get("url").and_then(Value::as_str));
        fields.text("http.referer", request.get("headers").and_then(referer));
    }
    let status = source
        .context("response")
        .and_then(|response| response.get("status_code"));
    if let Some(Value::Number(status)) = status {
        fields
            .0
            .push((Field::Named("http.status_code"), Fact::Number(status)));
    }
}

/// Headers come as an object or as a list of pairs, in any case of letters.
fn referer<'a>(headers: &'a Value<'_>) -> Option<&'a str> {
    let is_referer = |name: &str| name.eq_ignore_ascii_case("referer");
    match headers {
        Value::Object(headers) => headers
            .iter()
            .find(|(name, _)| is_referer(name))
            .and_then(|(_, value)| value.as_str()),
        Value::Array(headers) => headers
            .iter()
            .filter_map(|pair| match pair.as_array()? {
                [name, value, ..] => Some((name.as_str()?, value)),
                _ => None,
            })
            .find(|(name, _)| is_referer(name))
            .and_then(|(_, value)| value.as_str()),
        _ => None,
    }
}

/// Senders say it as a number from 1 to 3 or as a word.
fn device_class(class: &Value<'_>) -> Option<&'static str> {
    let number = class.as_u64();
    let word = class.as_str().unwrap_or_default();
    match (number, word) {
        (Some(1), _) | (_, "1" | "low") => Some("low"),
        (Some(2), _) | (_, "2" | "medium") => Some("medium"),
        (Some(3), _) | (_, "3" | "high") => Some("high"),
        _ => None,
    }
}

fn trace(fields: &mut Fields<'_>, source: &Source<'_>) {
    let context = source.context("trace");
    let text = |key| context.and_then(|context| context.get(key)?.as_str());
    let id = text("trace_id").or_else(|| source.member("trace_id")?.as_str());
    let id = id.and_then(parse_uuid);
    fields.word("trace", id.map(|id| id.simple().to_string()));
    fields.word("trace.span", text("span_id").and_then(span_id));
    fields.word(
        "trace.parent_span",
        text("parent_span_id").and_then(span_id),
    );
}

/// 16 hex digits; dashes are ignored.
fn span_id(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|digit| *digit != '-')
        .take(17)
        .collect();
    let is_id = digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_id.then(|| digits.to_ascii_lowercase())
}
