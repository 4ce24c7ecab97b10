//! Taking out of an export what should not leave the house: secrets, mail addresses, addresses of machines.
//!
//! What is taken out is replaced by a word in brackets, so that a reader sees that something stood there. Redaction
//! knows common forms and names; it cannot know what else is confidential, for which there is a pattern of one's own.

use super::columns::tag_of;
use super::{Cell, Columns, ExportRow};
use crate::paging::BadRequest;
use regex::{Captures, Regex, RegexBuilder};
use serde_json::Value;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::LazyLock;

const SECRET: &str = "[secret]";
const MAIL: &str = "[e-mail]";
const ADDRESS: &str = "[ip]";
const CUSTOM: &str = "[redacted]";

/// Largest program that a pattern of the user may become: enough for what people write by hand.
const PATTERN_LIMIT: usize = 1 << 20;

/// Columns and members that identify things of this program or of a release. A version such as `1.2.3.4` must not be
/// taken for an address.
const KEPT: [&str; 14] = [
    "shortId",
    "issueId",
    "issue",
    "project",
    "level",
    "status",
    "substatus",
    "priority",
    "issueType",
    "issueCategory",
    "firstRelease",
    "release",
    "version",
    "kind",
];

/// What the lines of a bundle hold together by, by their `kind` and as JSON pointers: without it nobody could open one.
const KEPT_IN_BUNDLES: [(&str, &[&str]); 3] = [
    ("bundle", &["/made"]),
    (
        "issue",
        &[
            "/id",
            "/shortId",
            "/type",
            "/count",
            "/firstSeen",
            "/lastSeen",
            "/priorityLockedAt",
            "/project/id",
            "/project/slug",
            "/assignedTo/type",
            "/assignedTo/id",
            "/statusDetails/actor/id",
            "/state/hashes",
            "/state/inbox",
            "/state/resolution/kind",
            "/state/resolution/status",
        ],
    ),
    (
        "occurrence",
        &[
            "/id",
            "/occurrence",
            "/issueId",
            "/time",
            "/record/id",
            "/record/event_id",
            "/record/detection_time",
            "/event/event_id",
            "/event/timestamp",
            "/event/received",
        ],
    ),
];

/// Parts of names whose values are secrets, in small letters and without `_` and `-`.
const SECRET_NAMES: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "credential",
    "cookie",
    "sessionid",
    "csrf",
];

/// Secrets by their form, whatever stands around them.
static FORMS: LazyLock<Regex> = LazyLock::new(|| {
    known(concat!(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?",
        r"|\bA[KS]IA[0-9A-Z]{16}\b",
        r"|\bgh[pousr]_[A-Za-z0-9]{20,}",
        r"|\bxox[abprs]-[A-Za-z0-9-]{10,}",
        r"|\bsk_(?:live|test)_[A-Za-z0-9]{10,}",
    ))
});

/// Secrets by the word before them. The first group stays.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    known(concat!(
        r#"(?i)((?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|authorization|cookie|session[_-]?id|csrf)"#,
        r#"[a-z_-]*["']?\s*[:=]\s*["']?(?:(?:bearer|basic)\s+)?)[^\s"',;&\[]+"#,
    ))
});

/// `Bearer …`, and the password of a URL. The first group stays, and so does the second.
static CARRIED: LazyLock<Regex> = LazyLock::new(|| {
    known(r"((?i:\b(?:bearer|basic)\s+))[A-Za-z0-9._~+/=-]{8,}|(://[^\s/:@]*:)[^\s/@]+")
});

static MAILS: LazyLock<Regex> = LazyLock::new(|| {
    known(
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]*[A-Za-z0-9])+",
    )
});

/// What may be an address; whether it is one, reading it tells.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    known(
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:\b[0-9A-Fa-f]{1,4}|:):(?:[0-9A-Fa-f]{0,4}:){0,6}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})",
    )
});

#[allow(
    clippy::expect_used,
    reason = "the patterns are constants, and tests use each of them"
)]
fn known(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern that is written here")
}

/// What is taken out of the rows of an export.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    /// Passwords, tokens, keys, cookies: by the name they stand under, or by their form.
    pub secrets: bool,
    /// Mail addresses.
    pub emails: bool,
    /// Addresses of machines (IPv4 and IPv6).
    pub addresses: bool,
    /// Whatever this finds.
    pub pattern: Option<Regex>,
}

impl Redaction {
    /// A pattern of the user; nothing for an empty text.
    ///
    /// # Errors
    /// Where it is no regular expression, or one that is too large.
    pub fn pattern(text: &str) -> Result<Option<Regex>, BadRequest> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let pattern = RegexBuilder::new(text.trim())
            .size_limit(PATTERN_LIMIT)
            .build();
        pattern.map(Some).map_err(|error| {
            let message = format!("“{text}” is no pattern that can be searched for. {error}");
            BadRequest::new("redact", message)
        })
    }

    /// Whether nothing is taken out.
    #[must_use]
    pub fn is_off(&self) -> bool {
        !self.secrets && !self.emails && !self.addresses && self.pattern.is_none()
    }

    /// Whether something is taken out of a text.
    #[must_use]
    pub fn changes(&self, text: &str) -> bool {
        self.text(text) != text
    }

    /// A row as it may leave the house, with these columns.
    pub(super) fn row(&self, columns: &Columns, row: &ExportRow) -> ExportRow {
        columns.names().fold(ExportRow::new(), |redacted, name| {
            let cell = match row.get(name) {
                Cell::Text(text) => Cell::Text(self.member(name, text).into_owned()),
                Cell::Nested(value) => {
                    let mut redacted = self.value(name, value);
                    if let ("data", Cell::Text(kind)) = (name, row.get("kind")) {
                        keep_together(kind, value, &mut redacted);
                    }
                    Cell::Nested(redacted)
                }
                other => other.clone(),
            };
            redacted.with(name.to_owned(), cell)
        })
    }

    fn value(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.member(name, text).into_owned()),
            // Whatever shape a secret has: a number, a list of cookies, an object of them.
            Value::Number(_) | Value::Array(_) | Value::Object(_)
                if self.secrets && is_secret(name) =>
            {
                Value::String(SECRET.to_owned())
            }
            // What many events have is pairs: `["authorization", "…"]`.
            Value::Array(items) => match &items[..] {
                [Value::String(name), value @ Value::String(_)] => {
                    let shown = self.text(name).into_owned();
                    Value::Array(vec![Value::String(shown), self.value(name, value)])
                }
                items => items.iter().map(|item| self.value(name, item)).collect(),
            },
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.value(name, value)))
                .collect(),
            other => other.clone(),
        }
    }

    /// A text under its name.
    fn member<'t>(&self, name: &str, text: &'t str) -> Cow<'t, str> {
        if self.secrets && !text.is_empty() && is_secret(tag_of(name).unwrap_or(name)) {
            return SECRET.into();
        }
        if KEPT.contains(&name) {
            // A sender may call anything so.
            return self.people_and_secrets(text);
        }
        self.text(text)
    }

    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = self.people_and_secrets(text);
        if self.addresses {
            text = replaced(text, &ADDRESSES, |found| {
                let is_address = found[0].parse::<IpAddr>().is_ok();
                if is_address { ADDRESS } else { &found[0] }.to_owned()
            });
        }
        match &self.pattern {
            Some(pattern) => replaced(text, pattern, |_| CUSTOM.into()),
            None => text,
        }
    }

    fn people_and_secrets<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text: Cow<'t, str> = text.into();
        if self.secrets {
            text = replaced(text, &FORMS, |_| SECRET.into());
            text = replaced(text, &NAMED, |found| format!("{}{SECRET}", &found[1]));
            text = replaced(text, &CARRIED, |found| {
                let kept = found
                    .get(1)
                    .or(found.get(2))
                    .map_or("", |kept| kept.as_str());
                // The end of a URL's password is the at sign, which is no part of what was found.
                format!("{kept}{SECRET}")
            });
        }
        if self.emails {
            text = replaced(text, &MAILS, |_| MAIL.into());
        }
        text
    }
}

/// Puts back what a line of a bundle holds together by.
fn keep_together(kind: &str, whole: &Value, redacted: &mut Value) {
    let places = KEPT_IN_BUNDLES.iter().filter(|(of, _)| *of == kind);
    for place in places.flat_map(|(_, places)| *places) {
        if let (Some(kept), Some(redacted)) = (whole.pointer(place), redacted.pointer_mut(place)) {
            redacted.clone_from(kept);
        }
    }
}

fn replaced<'t>(
    text: Cow<'t, str>,
    pattern: &Regex,
    by: impl Fn(&Captures<'_>) -> String,
) -> Cow<'t, str> {
    match pattern.replace_all(&text, |found: &Captures<'_>| by(found)) {
        Cow::Borrowed(_) => text,
        Cow::Owned(changed) => changed.into(),
    }
}

/// Whether what stands under this name is a secret.
fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|char| char.to_ascii_lowercase())
        .collect();
    SECRET_NAMES.iter().any(|part| plain.contains(part))
}
