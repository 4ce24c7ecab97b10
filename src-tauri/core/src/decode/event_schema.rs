//! The two schemas of an event body, of which one has to hold (occurrences spec, section 3.3).
//!
//! Checked to the depth of the spec's table (D14): frames, images and the bodies of contexts are taken as they come.
//! The checks run on the event as it was sent. What the receiver decides itself is not checked again: the ids are
//! already read, `level` is the occurrence's, a missing `received` becomes the present, and unknown keys are dropped.

use super::fields::{Object, Value};
use super::json;
use crate::model::{Level, RejectReason, Rejection};

/// Which schema an event body fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    Current,
    LegacyOnly,
}

/// Checks an event body against the current schema and, if that fails, the legacy one.
///
/// # Errors
/// `invalid_event_schema`, naming the first failure under each schema.
pub(super) fn check(body: &Object<'_>, level: Level) -> Result<Fits, Rejection> {
    let Err(current) = check_current(body, level) else {
        return Ok(Fits::Current);
    };
    let Err(legacy) = check_rules(body, LEGACY) else {
        tracing::debug!(%current, "event fits the legacy schema only");
        return Ok(Fits::LegacyOnly);
    };
    let detail = format!("event fits neither schema. Current: {current}. Legacy: {legacy}");
    Err(Rejection::new(RejectReason::InvalidEventSchema, detail))
}

/// What is wrong with a body under one schema.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("event{path}: expected {expected}, found {found}")]
struct Fault {
    /// Where, from the value that was checked on.
    path: String,
    expected: &'static str,
    found: String,
}

impl Fault {
    /// The same fault, seen from the value that holds the checked one.
    fn inside(self, segment: String) -> Self {
        Self {
            path: segment + &self.path,
            ..self
        }
    }
}

type Checked = Result<(), Fault>;

type Check = fn(&Value<'_>) -> Checked;

/// What a schema says about one key.
struct Rule {
    key: &'static str,
    /// The body that is stored always has this key, with null where the sender left it out.
    always_present: bool,
    check: Check,
}

const fn always(key: &'static str, check: Check) -> Rule {
    Rule {
        key,
        always_present: true,
        check,
    }
}

const fn if_sent(key: &'static str, check: Check) -> Rule {
    Rule {
        key,
        always_present: false,
        check,
    }
}

const CURRENT: &[Rule] = &[
    always("platform", text),
    always("timestamp", number_or_text),
    always("tags", current_tags),
    if_sent("received", number_text_or_null),
    if_sent("environment", text_or_null),
    if_sent("release", text_or_null),
    if_sent("server_name", text_or_null),
    if_sent("transaction", text_or_null),
    if_sent("dist", text_or_null),
    if_sent("extra", object_or_null),
    if_sent("modules", modules),
    if_sent("contexts", current_contexts),
    if_sent("breadcrumbs", current_breadcrumbs),
    if_sent("debug_meta", current_debug_meta),
    if_sent("sdk", current_sdk),
    if_sent("stacktrace", current_stacktrace),
    if_sent("request", object_or_null),
    if_sent("user", current_user),
];

const LEGACY: &[Rule] = &[
    always("platform", filled_text),
    always("timestamp", text),
    always("tags", object),
    if_sent("received", text),
    if_sent("environment", filled_text_or_null),
    if_sent("release", filled_text_or_null),
    if_sent("server_name", filled_text_or_null),
    if_sent("transaction", filled_text_or_null),
    if_sent("trace_id", filled_text_or_null),
    if_sent("dist", legacy_dist),
    if_sent("extra", object_or_null),
    if_sent("modules", modules),
    if_sent("contexts", legacy_contexts),
    if_sent("breadcrumbs", legacy_breadcrumbs),
    if_sent("debug_meta", legacy_debug_meta),
    if_sent("sdk", legacy_sdk),
    if_sent("stacktrace", legacy_stacktrace),
    if_sent("request", legacy_request),
    if_sent("user", legacy_user),
];

fn check_current(body: &Object<'_>, level: Level) -> Checked {
    check_rules(body, CURRENT)?;
    // The only level of an occurrence that the current schema does not know.
    let known = level != Level::Sample;
    expect(
        known,
        "debug, info, warning, error or fatal",
        &Value::from(level.as_str()),
    )
    .map_err(|fault| fault.inside(json::segment("level")))
}

fn check_rules(body: &Object<'_>, rules: &[Rule]) -> Checked {
    for rule in rules {
        let checked = match body.get(rule.key) {
            Some(value) => (rule.check)(value),
            None if rule.always_present => (rule.check)(&Value::Null).map_err(|fault| Fault {
                found: "nothing".to_owned(),
                ..fault
            }),
            None => Ok(()),
        };
        checked.map_err(|fault| fault.inside(json::segment(rule.key)))?;
    }
    Ok(())
}

fn expect(holds: bool, expected: &'static str, found: &Value<'_>) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(Fault {
            path: String::new(),
            expected,
            found: json::found(found),
        })
    }
}

// Single values.

fn is_text_or_null(value: &Value<'_>) -> bool {
    value.is_string() || value.is_null()
}

fn is_filled(value: &Value<'_>) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn text(value: &Value<'_>) -> Checked {
    expect(value.is_string(), "a text", value)
}

fn text_or_null(value: &Value<'_>) -> Checked {
    expect(is_text_or_null(value), "a text or null", value)
}

fn filled_text(value: &Value<'_>) -> Checked {
    expect(is_filled(value), "a text that is not empty", value)
}

fn filled_text_or_null(value: &Value<'_>) -> Checked {
    expect(
        value.is_null() || is_filled(value),
        "a text that is not empty, or null",
        value,
    )
}

fn number_or_text(value: &Value<'_>) -> Checked {
    expect(
        value.is_number() || value.is_string(),
        "a number or a text",
        value,
    )
}

fn number_text_or_null(value: &Value<'_>) -> Checked {
    expect(
        value.is_number() || is_text_or_null(value),
        "a number, a text or null",
        value,
    )
}

fn object(value: &Value<'_>) -> Checked {
    expect(value.is_object(), "an object", value)
}

fn object_or_null(value: &Value<'_>) -> Checked {
    expect(
        value.is_object() || value.is_null(),
        "an object or null",
        value,
    )
}

fn array_or_null(value: &Value<'_>) -> Checked {
    expect(
        value.is_array() || value.is_null(),
        "an array or null",
        value,
    )
}

// Containers.

/// Null, or an object whose every value passes `check`.
fn values_or_null(value: &Value<'_>, check: Check) -> Checked {
    object_or_null(value)?;
    let Some(members) = value.as_object() else {
        return Ok(());
    };
    members.iter().try_for_each(|(key, member)| {
        check(member).map_err(|fault| fault.inside(json::segment(key)))
    })
}

/// Null, or an array whose every entry passes `check`.
fn entries_or_null(value: &Value<'_>, check: Check) -> Checked {
    array_or_null(value)?;
    let Some(entries) = value.as_array() else {
        return Ok(());
    };
    let mut numbered = entries.iter().enumerate();
    numbered.try_for_each(|(index, entry)| {
        check(entry).map_err(|fault| fault.inside(format!("[{index}]")))
    })
}

/// A member that passes `check` or is absent.
fn member(object: &Object<'_>, key: &str, check: Check) -> Checked {
    object.get(key).map_or(Ok(()), |value| {
        check(value).map_err(|fault| fault.inside(json::segment(key)))
    })
}

/// A member that is there and passes `check`.
fn required_member(object: &Object<'_>, key: &str, check: Check) -> Checked {
    if object.contains_key(key) {
        return member(object, key, check);
    }
    Err(Fault {
        path: json::segment(key),
        expected: "this key",
        found: "nothing".to_owned(),
    })
}

fn only_keys(object: &Object<'_>, allowed: &[&str]) -> Checked {
    match object.iter().find(|(key, _)| !allowed.contains(key)) {
        Some((key, value)) => Err(Fault {
            path: json::segment(key),
            expected: "no such key",
            found: json::found(value),
        }),
        None => Ok(()),
    }
}

fn modules(value: &Value<'_>) -> Checked {
    values_or_null(value, text_or_null)
}

fn integrations(value: &Value<'_>) -> Checked {
    entries_or_null(value, text_or_null)
}

// The current schema.

fn current_tags(value: &Value<'_>) -> Checked {
    match value {
        Value::Array(_) => entries_or_null(value, current_tag_pair),
        Value::Object(_) => values_or_null(value, text_or_null),
        other => expect(
            other.is_null(),
            "an object, an array of pairs, or null",
            other,
        ),
    }
}

fn current_tag_pair(value: &Value<'_>) -> Checked {
    let holds = match value.as_array() {
        Some([key, value]) => is_text_or_null(key) && is_text_or_null(value),
        Some(_) => false,
        None => value.is_null(),
    };
    expect(holds, "a pair of texts, or null", value)
}

fn current_contexts(value: &Value<'_>) -> Checked {
    values_or_null(value, object_or_null)
}

fn current_breadcrumbs(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(breadcrumbs) = value.as_object() else {
        return Ok(());
    };
    required_member(breadcrumbs, "values", |values| {
        expect(values.is_array(), "an array", values)?;
        entries_or_null(values, object_or_null)
    })
}

fn current_debug_meta(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(debug_meta) = value.as_object() else {
        return Ok(());
    };
    member(debug_meta, "images", |images| {
        entries_or_null(images, object_or_null)
    })
}

fn current_sdk(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(sdk) = value.as_object() else {
        return Ok(());
    };
    required_member(sdk, "name", text_or_null)?;
    required_member(sdk, "version", text_or_null)?;
    member(sdk, "integrations", integrations)?;
    member(sdk, "packages", array_or_null)
}

fn current_stacktrace(value: &Value<'_>) -> Checked {
    object(value)?;
    let Some(trace) = value.as_object() else {
        return Ok(());
    };
    required_member(trace, "frames", |frames| {
        entries_or_null(frames, object_or_null)
    })
}

const USER_NAMES: [&str; 5] = ["id", "email", "username", "segment", "ip_address"];

fn current_user(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(user) = value.as_object() else {
        return Ok(());
    };
    for key in USER_NAMES.into_iter().chain(["name"]) {
        member(user, key, text_or_null)?;
    }
    member(user, "geo", object_or_null)?;
    member(user, "data", object_or_null)
}

// The legacy schema.

fn legacy_dist(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(dist) = value.as_object() else {
        return Ok(());
    };
    required_member(dist, "dist", text)?;
    required_member(dist, "release", text)
}

fn legacy_contexts(value: &Value<'_>) -> Checked {
    values_or_null(value, object)
}

fn legacy_breadcrumbs(value: &Value<'_>) -> Checked {
    entries_or_null(value, object)
}

fn legacy_debug_meta(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(debug_meta) = value.as_object() else {
        return Ok(());
    };
    member(debug_meta, "images", |images| {
        entries_or_null(images, object)
    })
}

fn legacy_sdk(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(sdk) = value.as_object() else {
        return Ok(());
    };
    required_member(sdk, "name", filled_text)?;
    required_member(sdk, "version", |version| {
        let holds = version.as_str().is_some_and(is_three_part_version);
        expect(holds, "a version MAJOR.MINOR.PATCH", version)
    })?;
    member(sdk, "integrations", integrations)?;
    member(sdk, "packages", object_or_null)?;
    only_keys(sdk, &["name", "version", "integrations", "packages"])
}

/// `MAJOR.MINOR.PATCH`, digits only, without leading zeros.
fn is_three_part_version(version: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    version.split('.').count() == 3 && version.split('.').all(is_number)
}

fn legacy_stacktrace(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(trace) = value.as_object() else {
        return Ok(());
    };
    member(trace, "frames", |frames| entries_or_null(frames, object))?;
    only_keys(trace, &["frames", "lang", "registers", "snapshot"])
}

const REQUEST_KEYS: [&str; 10] = [
    "body_size",
    "cookies",
    "data",
    "env",
    "fragment",
    "headers",
    "inferred_content_type",
    "method",
    "query_string",
    "url",
];

fn legacy_request(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    value
        .as_object()
        .map_or(Ok(()), |request| only_keys(request, &REQUEST_KEYS))
}

fn legacy_user(value: &Value<'_>) -> Checked {
    object_or_null(value)?;
    let Some(user) = value.as_object() else {
        return Ok(());
    };
    for key in USER_NAMES {
        member(user, key, filled_text_or_null)?;
    }
    member(user, "geo", |geo| {
        object_or_null(geo)?;
        geo.as_object().map_or(Ok(()), |geo| {
            only_keys(geo, &["city", "country_code", "region"])
        })
    })?;
    member(user, "data", object_or_null)
}
