//! Tags of an event (events spec, section 3).

use super::culprit::truncated;
use super::tree::{Object, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// Longest value a tag can be set to, in characters.
const VALUE_LENGTH: usize = 200;

/// Tags while they are being written.
///
/// Kept as the sequence of writes, because setting a key moves it to the end: one pass over the writes at the end
/// costs the same for any number of them, while editing a list would cost its square.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// Key and value; a key without a value has been removed at that point.
    writes: Vec<(String, Option<String>)>,
}

impl Tags {
    /// Reads an event's `tags`: a list of pairs, or an object, whose pairs are taken in the order of their keys.
    ///
    /// Null entries, null values and empty keys are left out. Of several pairs with one key the first counts. A value
    /// that is not a text is kept as its JSON text (occurrences spec, section 3.3).
    pub(super) fn read(tags: Value<'_>) -> Self {
        let mut writes: Vec<(String, Option<String>)> = Vec::new();
        match tags {
            Value::Object(object) => {
                writes.extend(
                    object
                        .into_iter()
                        .filter_map(|(key, value)| pair(key, value)),
                );
                writes.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            }
            Value::Array(entries) => {
                writes.extend(entries.into_iter().filter_map(listed_pair));
                keep_first_of_each_key(&mut writes);
            }
            _ => {}
        }
        Self { writes }
    }

    /// Removes every tag with this key and appends one. Long values are cut.
    pub(super) fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let value = truncated(value.into(), VALUE_LENGTH);
        self.writes.push((key.into(), Some(value)));
    }

    /// Removes every tag with this key.
    pub(super) fn pop(&mut self, key: &str) {
        self.writes.push((key.to_owned(), None));
    }

    /// The value of a tag.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.writes
            .iter()
            .rfind(|(written, _)| written == key)?
            .1
            .as_deref()
    }

    /// The value of a tag, unless it is empty.
    pub(super) fn get_filled(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|value| !value.is_empty())
    }

    /// The tags in order. Each key occurs once.
    pub(super) fn finish(mut self) -> Vec<(String, String)> {
        self.writes.reverse();
        keep_first_of_each_key(&mut self.writes);
        self.writes
            .into_iter()
            .rev()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }
}

fn keep_first_of_each_key(writes: &mut Vec<(String, Option<String>)>) {
    let mut seen = HashSet::with_capacity(writes.len());
    let first: Vec<bool> = writes
        .iter()
        .map(|(key, _)| seen.insert(key.as_str()))
        .collect();
    drop(seen);
    let mut first = first.into_iter();
    writes.retain(|_| first.next().unwrap_or(false));
}

fn pair(key: Cow<'_, str>, value: Value<'_>) -> Option<(String, Option<String>)> {
    if key.is_empty() {
        return None;
    }
    let value = match value {
        Value::Null => return None,
        Value::String(text) => text.into_owned(),
        other => other.to_string(),
    };
    Some((key.into_owned(), Some(value)))
}

fn listed_pair(entry: Value<'_>) -> Option<(String, Option<String>)> {
    let Value::Array(parts) = entry else {
        return None;
    };
    let [key, value] = <[Value<'_>; 2]>::try_from(parts).ok()?;
    match key {
        Value::String(key) => pair(key, value),
        _ => None,
    }
}

/// The value of tag `sentry:user`: how the event's `user` is identified (events spec, section 6). Nothing where it is
/// not (E18).
pub(super) fn user_tag(user: Option<&Value<'_>>) -> Option<String> {
    let user = user?.as_object()?;
    let member = |key: &str| {
        let value = match user.get(key)? {
            Value::String(text) => text.clone().into_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!value.is_empty()).then_some(value)
    };
    let address =
        || member("ip_address").filter(|address| address.parse::<std::net::IpAddr>().is_ok());
    let identified = |kind: &str, value: String| format!("{kind}:{value}");
    member("id")
        .map(|value| identified("id", value))
        .or_else(|| member("username").map(|value| identified("username", value)))
        .or_else(|| member("email").map(|value| identified("email", value)))
        .or_else(|| address().map(|value| identified("ip", value)))
}

/// Sets the tags that contexts stand for (events spec, section 7).
pub(super) fn set_context_tags(tags: &mut Tags, contexts: Option<&Value<'_>>) {
    let Some(contexts) = contexts.and_then(Value::as_object) else {
        return;
    };
    for (alias, context) in contexts.iter() {
        let Some(context) = context.as_object() else {
            continue;
        };
        let kind = context.get("type").and_then(Value::as_str).unwrap_or(alias);
        for (suffix, fields) in context_tags(kind) {
            if let Some(value) = context_text(context, fields) {
                let key = if suffix.is_empty() {
                    alias.to_owned()
                } else {
                    format!("{alias}.{suffix}")
                };
                tags.set(key, value);
            }
        }
    }
}

/// What a kind of context is tagged with: the key's suffix and the fields its value is made of.
type ContextTag = (&'static str, &'static [&'static str]);

fn context_tags(kind: &str) -> &'static [ContextTag] {
    match kind {
        "app" => &[("device", &["device_app_hash"])],
        "device" => &[("", &["model"]), ("family", &["family"])],
        "runtime" | "browser" => &[("", &["name", "version"]), ("name", &["name"])],
        "os" => &[
            ("", &["name", "version"]),
            ("name", &["name"]),
            ("rooted", &["rooted"]),
        ],
        "gpu" => &[("name", &["name"]), ("vendor", &["vendor_name"])],
        "monitor" => &[("id", &["id"]), ("slug", &["slug"])],
        _ => &[],
    }
}

/// The fields with a blank between them; nothing where one is missing or all are blank.
fn context_text(context: &Object<'_>, fields: &[&str]) -> Option<String> {
    let mut text = String::new();
    for field in fields {
        if !text.is_empty() {
            text.push(' ');
        }
        match context.get(field)? {
            Value::Null => return None,
            Value::Bool(true) => text.push_str("yes"),
            Value::Bool(false) => text.push_str("no"),
            Value::String(value) => text.push_str(value),
            other => text.push_str(&other.to_string()),
        }
    }
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The tag that carries an event's release.
pub(super) const RELEASE: &str = "sentry:release";

/// The tag that carries an event's environment.
pub(super) const ENVIRONMENT: &str = "environment";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    fn pairs(tags: Tags) -> Vec<(String, String)> {
        tags.finish()
    }

    fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|&(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn both_forms_are_read() {
        let list = tree!([
            ["b", "2"],
            null,
            ["a", "1"],
            ["a", "later"],
            [null, "x"],
            ["n", null],
            ["", "x"]
        ]);
        assert_eq!(pairs(Tags::read(list)), expected(&[("b", "2"), ("a", "1")]));
        let object = tree!({"b": "2", "a": 5, "c": true, "d": {"x": [1.5]}, "n": null, "": "x"});
        assert_eq!(
            pairs(Tags::read(object)),
            expected(&[
                ("a", "5"),
                ("b", "2"),
                ("c", "true"),
                ("d", r#"{"x":[1.5]}"#)
            ])
        );
        for odd in [
            tree!(null),
            tree!("x"),
            tree!(5),
            tree!([["a"], ["a", "b", "c"], "ab", 7]),
        ] {
            assert_eq!(pairs(Tags::read(odd)), []);
        }
    }

    #[test]
    fn setting_moves_a_key_to_the_end() {
        let mut tags = Tags::read(tree!([["logger", "x"], ["k", "v"]]));
        tags.set("level", "error");
        tags.set("logger", "a");
        assert_eq!(tags.get("logger"), Some("a"));
        assert_eq!(
            pairs(tags),
            expected(&[("k", "v"), ("level", "error"), ("logger", "a")])
        );
    }

    #[test]
    fn a_removed_key_can_be_set_again() {
        let mut tags = Tags::read(tree!([["a", "1"], ["b", "2"]]));
        tags.pop("a");
        assert_eq!(tags.get("a"), None);
        tags.pop("b");
        tags.set("b", "3");
        tags.pop("unknown");
        assert_eq!(pairs(tags), expected(&[("b", "3")]));
    }

    #[test]
    fn set_values_are_cut() {
        let mut tags = Tags::default();
        tags.set("long", "é".repeat(250));
        tags.set("fits", "é".repeat(200));
        assert_eq!(tags.get("long"), Some(("é".repeat(197) + "...").as_str()));
        assert_eq!(
            tags.get("fits").map(|value| value.chars().count()),
            Some(200)
        );
    }

    #[test]
    fn a_user_is_identified_by_the_first_name_it_has() {
        let tag = |user: Value<'_>| user_tag(Some(&user));
        assert_eq!(tag(tree!({"id": "7", "email": "a@b"})).unwrap(), "id:7");
        assert_eq!(
            tag(tree!({"id": "", "username": "ana"})).unwrap(),
            "username:ana"
        );
        assert_eq!(
            tag(tree!({"email": "a@b", "ip_address": "::1"})).unwrap(),
            "email:a@b"
        );
        assert_eq!(tag(tree!({"ip_address": "::1"})).unwrap(), "ip:::1");
        assert_eq!(
            tag(tree!({"ip_address": "10.0.0.1"})).unwrap(),
            "ip:10.0.0.1"
        );
        assert_eq!(tag(tree!({"ip_address": "{{auto}}"})), None);
        assert_eq!(tag(tree!({"id": null, "name": "Ana"})), None);
        assert_eq!(tag(tree!({})), None);
        assert_eq!(tag(tree!(null)), None);
        assert_eq!(user_tag(None), None);
    }

    #[test]
    fn contexts_become_tags() {
        let mut tags = Tags::default();
        let contexts = tree!({
            "os": {"name": "Linux", "version": "6.1", "rooted": false},
            "client_os": {"type": "os", "name": "Android", "version": null, "rooted": true},
            "runtime": {"name": " CPython ", "version": 3.12},
            "browser": {"name": "  ", "version": ""},
            "device": {"model": "Pixel", "family": ""},
            "app": {"device_app_hash": "f00"},
            "gpu": {"name": "G", "vendor_name": "V"},
            "monitor": {"id": "m1", "slug": "nightly"},
            "other_monitor": {"type": "cron_job", "id": "m2"},
            "trace": {"name": "n", "version": "v"},
            "empty": null,
        });
        set_context_tags(&mut tags, Some(&contexts));
        assert_eq!(
            pairs(tags),
            expected(&[
                ("os", "Linux 6.1"),
                ("os.name", "Linux"),
                ("os.rooted", "no"),
                ("client_os.name", "Android"),
                ("client_os.rooted", "yes"),
                ("runtime", "CPython  3.12"),
                ("runtime.name", "CPython"),
                ("device", "Pixel"),
                ("app.device", "f00"),
                ("gpu.name", "G"),
                ("gpu.vendor", "V"),
                ("monitor.id", "m1"),
                ("monitor.slug", "nightly"),
            ])
        );
    }

    #[test]
    fn many_tags_are_no_burden() {
        // Enough that a quadratic way would be noticed as a test that does not end.
        let list: Vec<Value<'_>> = (0..200_000)
            .map(|number| tree!([format!("k{number}"), "v"]))
            .collect();
        let mut tags = Tags::read(Value::Array(list));
        for number in 0..200_000 {
            tags.set(format!("k{number}"), "w");
        }
        let pairs = pairs(tags);
        assert_eq!(pairs.len(), 200_000);
        assert!(pairs.iter().all(|(_, value)| value == "w"));
    }
}
