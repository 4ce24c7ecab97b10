//! What the parser knows about keys (search spec, section 1.1). It never asks a store.

use super::filter::{Aggregate, Key, TagKind};
use super::vocabulary::{self, KnownKey};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A set of keys.
pub type Keys = BTreeSet<Cow<'static, str>>;

/// The configuration of a search.
#[derive(Debug, Clone)]
pub struct SearchConfig {
    /// What may be typed, and the canonical key it stands for.
    pub aliases: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
    /// Keys whose values must be numbers.
    pub numeric_keys: Keys,
    /// Keys whose values may carry a unit of time; they are numeric.
    pub duration_keys: Keys,
    /// Keys whose values may carry a unit of bytes; they are numeric.
    pub size_keys: Keys,
    /// Keys whose values must be dates.
    pub date_keys: Keys,
    /// Keys whose values must be true or false.
    pub boolean_keys: Keys,
    /// Text keys on which `>`, `>=`, `<` and `<=` are real operators.
    pub text_operator_keys: Keys,
    /// The words of `is:`; empty where there is no `is:`.
    pub is_words: &'static [IsWord],
    /// Whether AND, OR, NOT and groups are available.
    pub allow_boolean: bool,
    /// Canonical keys that may be searched; empty means every key.
    pub allowed_keys: Keys,
    /// Canonical keys that may not be searched.
    pub blocked_keys: Keys,
    /// Where bare words are looked for.
    pub free_text_key: &'static str,
    /// What an aggregate without a column is about.
    pub default_column: &'static str,
    /// Whether typed tags and word operators are read (search spec, section 2.5).
    pub extensions: bool,
    /// The keys that are offered while typing, each with a few words about it.
    pub known_keys: &'static [KnownKey],
}

/// A word of `is:`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsWord {
    /// What is typed.
    pub word: &'static str,
    /// The key it stands for.
    pub key: &'static str,
    /// The value of that key.
    pub value: IsValue,
    /// A few words for people.
    pub about: &'static str,
}

/// What a word of `is:` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsValue {
    /// One of two.
    Flag(bool),
    /// A status or a substatus.
    Number(i16),
}

const NUMERIC: [&str; 7] = [
    "project_id",
    "project.id",
    "issue.id",
    "stack.colno",
    "stack.lineno",
    "stack.stack_level",
    "transaction.duration",
];

const DATES: [&str; 8] = [
    "start",
    "end",
    "time",
    "timestamp",
    "timestamp.to_hour",
    "timestamp.to_day",
    "error.received",
    "last_seen()",
];

const BOOLEANS: [&str; 6] = [
    "error.handled",
    "error.unhandled",
    "error.main_thread",
    "stack.in_app",
    "is_application",
    "team_key_transaction",
];

const TIME_MEASUREMENTS: [&str; 10] = [
    "fp",
    "fcp",
    "lcp",
    "fid",
    "ttfb",
    "ttfb.requesttime",
    "app_start_cold",
    "app_start_warm",
    "time_to_initial_display",
    "time_to_full_display",
];

const ISSUE_ALIASES: [(&str, &str); 10] = [
    ("assigned", "assigned_to"),
    ("bookmarks", "bookmarked_by"),
    ("subscribed", "subscribed_by"),
    ("first-release", "first_release"),
    ("firstRelease", "first_release"),
    ("age", "first_seen"),
    ("firstSeen", "first_seen"),
    ("lastSeen", "last_seen"),
    ("timesSeen", "times_seen"),
    ("event.timestamp", "date"),
];

/// Functions whose result is of the kind of their column.
const KEEPS_KIND: [&str; 12] = [
    "avg",
    "min",
    "max",
    "sum",
    "p50",
    "p75",
    "p90",
    "p95",
    "p99",
    "p100",
    "percentile",
    "any",
];

fn keys<const N: usize>(names: [&'static str; N]) -> Keys {
    names.into_iter().map(Cow::Borrowed).collect()
}

impl SearchConfig {
    /// The default kinds and nothing else: no aliases, no `is:`.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            aliases: BTreeMap::new(),
            numeric_keys: keys(NUMERIC),
            duration_keys: keys(["transaction.duration"]),
            size_keys: Keys::new(),
            date_keys: keys(DATES),
            boolean_keys: keys(BOOLEANS),
            text_operator_keys: keys(["release.version", "release.build"]),
            is_words: &[],
            allow_boolean: true,
            allowed_keys: Keys::new(),
            blocked_keys: Keys::new(),
            free_text_key: "message",
            default_column: "transaction.duration",
            extensions: false,
            known_keys: &[],
        }
    }

    /// The search for issues, in the list and in the inbox (search spec, section 7.1).
    #[must_use]
    pub fn issues() -> Self {
        let mut config = Self::plain().with_extensions();
        let aliases = ISSUE_ALIASES.into_iter().chain([("dist", "sentry:dist")]);
        config.aliases = aliases
            .map(|(typed, key)| (Cow::Borrowed(typed), Cow::Borrowed(key)))
            .collect();
        config.numeric_keys.insert("times_seen".into());
        config
            .date_keys
            .extend(keys(["date", "first_seen", "last_seen"]));
        config.is_words = &vocabulary::IS_WORDS;
        config.known_keys = &vocabulary::ISSUE_KEYS;
        config
    }

    /// The search for spans (traces spec, section 3).
    #[must_use]
    pub fn spans() -> Self {
        let mut config = Self::plain().with_extensions();
        config
            .duration_keys
            .extend(keys(["span.duration", "span.self_time"]));
        config.numeric_keys.extend(keys([
            "is_transaction",
            "precise.start_ts",
            "precise.finish_ts",
        ]));
        config.default_column = "span.duration";
        config.known_keys = &vocabulary::SPAN_KEYS;
        config
    }

    /// With typed tags and word operators.
    #[must_use]
    pub fn with_extensions(mut self) -> Self {
        self.extensions = true;
        self
    }

    /// The key that is meant by `typed`.
    pub(super) fn canonical<'t>(&'t self, typed: &'t str) -> &'t str {
        self.aliases.get(typed).map_or(typed, |key| &**key)
    }

    /// Whether the key may be searched.
    #[must_use]
    pub fn allows(&self, key: &Key) -> bool {
        let text = key.to_string();
        let allowed = self.allowed_keys.is_empty() || self.allowed_keys.contains(text.as_str());
        allowed && !self.blocked_keys.contains(text.as_str())
    }

    /// Whether values must be numbers.
    #[must_use]
    pub fn is_numeric(&self, key: &Key) -> bool {
        match key {
            Key::Name(name) => {
                self.numeric_keys.contains(name.as_str())
                    || self.size_keys.contains(name.as_str())
                    || is_of("measurements.", name)
                    || self.is_duration_name(name)
            }
            Key::Tag(tag) => tag.kind == Some(TagKind::Number),
            Key::Aggregate(_) => false,
        }
    }

    /// Whether values may carry a unit of time.
    #[must_use]
    pub fn is_duration(&self, key: &Key) -> bool {
        match key {
            Key::Name(name) => self.is_duration_name(name),
            Key::Tag(_) => false,
            Key::Aggregate(aggregate) => self.is_duration_aggregate(aggregate),
        }
    }

    fn is_duration_name(&self, name: &str) -> bool {
        self.duration_keys.contains(name)
            || is_of("spans.", name)
            || name
                .strip_prefix("measurements.")
                .is_some_and(|name| TIME_MEASUREMENTS.contains(&name))
    }

    fn is_duration_aggregate(&self, aggregate: &Aggregate) -> bool {
        let column = aggregate.arguments.first();
        KEEPS_KIND.contains(&aggregate.function.as_str())
            && self.is_duration_name(column.map_or(self.default_column, String::as_str))
    }

    /// Whether values may carry a unit of bytes.
    #[must_use]
    pub fn is_size(&self, key: &Key) -> bool {
        matches!(key, Key::Name(name) if self.size_keys.contains(name.as_str()))
    }

    /// Whether values must be dates. An aggregate takes dates when its text holds the name of a date key.
    #[must_use]
    pub fn is_date(&self, key: &Key) -> bool {
        match key {
            Key::Name(name) => self.date_keys.contains(name.as_str()),
            Key::Tag(_) => false,
            Key::Aggregate(aggregate) => self
                .date_keys
                .iter()
                .any(|date| aggregate.text.contains(&**date)),
        }
    }

    /// Whether values must be true or false.
    #[must_use]
    pub fn is_boolean(&self, key: &Key) -> bool {
        match key {
            Key::Name(name) => self.boolean_keys.contains(name.as_str()),
            Key::Tag(tag) => tag.kind == Some(TagKind::Boolean),
            Key::Aggregate(_) => false,
        }
    }

    /// Whether the text key knows an order.
    #[must_use]
    pub fn takes_text_operators(&self, key: &Key) -> bool {
        matches!(key, Key::Name(name) if self.text_operator_keys.contains(name.as_str()))
    }

    /// The entry of the `is:` table for a word.
    #[must_use]
    pub fn is_word(&self, word: &str) -> Option<&'static IsWord> {
        self.is_words.iter().find(|known| known.word == word)
    }
}

/// Whether an aggregate is a share, which may be written in percent.
pub(super) fn is_percentage(aggregate: &Aggregate) -> bool {
    match aggregate.function.as_str() {
        "percentage" => true,
        "failure_rate" => aggregate.arguments.is_empty(),
        _ => false,
    }
}

/// Whether `name` is `prefix` and something behind it.
fn is_of(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty())
}
