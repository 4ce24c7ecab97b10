//! What a search reads of an event (search spec, sections 5.3 and 7.2).

use super::TermBits;
use std::fmt;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// A key with a value, or a key alone, as a number.
///
/// Two different ones may share a number, so what has a term still has to be looked at; what lacks it need not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u64);

impl Term {
    /// That `key` has exactly this value; the value of a flag is `true` or `false`.
    ///
    /// XXH3 of the value, seeded with XXH3 of the key. Stored numbers depend on it: it never changes.
    #[must_use]
    pub fn of(key: &str, value: &str) -> Self {
        Self::of_key(key).with(value)
    }

    /// That `key` is there and not empty. Tags that the pipeline sets stand for a field, and have its terms.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self(xxh3_64(
            key.strip_prefix("sentry:").unwrap_or(key).as_bytes(),
        ))
    }

    /// The term of a value, from that of its key.
    #[must_use]
    pub fn with(self, value: &str) -> Self {
        Self(xxh3_64_with_seed(value.as_bytes(), self.0))
    }

    /// One that stands for all of these. Like [`Self::of`], it never changes.
    #[must_use]
    pub fn of_all(terms: &[Self]) -> Self {
        let bytes: Vec<u8> = terms.iter().flat_map(|term| term.0.to_be_bytes()).collect();
        Self(xxh3_64(&bytes))
    }

    /// The number as databases store it.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0.cast_signed()
    }

    /// The term with this [number](Self::number).
    #[must_use]
    pub fn numbered(number: i64) -> Self {
        Self(number.cast_unsigned())
    }
}

impl fmt::Display for Term {
    /// 16 hex digits, as SQLite stores it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Fields that have terms, beside all tags.
pub const TERM_FIELDS: [&str; 19] = [
    "level",
    "platform.name",
    "logger",
    "transaction",
    "environment",
    "release",
    "dist",
    "user",
    "user.id",
    "user.email",
    "user.username",
    "user.ip",
    "sdk.name",
    "sdk.version",
    "os.name",
    "device.class",
    "error.handled",
    "error.type",
    "error.mechanism",
];

/// Fields of an event that have no terms: only the facts of an event say what they are.
const OTHER_FIELDS: [&str; 22] = [
    "title",
    "message",
    "culprit",
    "location",
    "type",
    "id",
    "trace",
    "trace.span",
    "trace.parent_span",
    "user.display",
    "app.in_foreground",
    "error.value",
    "error.unhandled",
    "error.main_thread",
    "error.received",
    "geo.country_code",
    "geo.region",
    "geo.city",
    "geo.subdivision",
    "project",
    "issue",
    "timestamp",
];

/// Whether every event that has `key` also has its terms, so that a search may rely on a missing one: true for the
/// fields of [`TERM_FIELDS`] and for tags. An event without the field `error.handled` has no term for it either.
///
/// A tag may bear the name of a field that has no terms. Asked for explicitly as a tag, it can be relied on.
#[must_use]
pub fn has_terms(key: &str, is_tag: bool) -> bool {
    const OTHER_FAMILIES: [&str; 4] = ["device.", "os.", "http.", "stack."];
    is_tag
        || TERM_FIELDS.contains(&key)
        || !(OTHER_FIELDS.contains(&key)
            || OTHER_FAMILIES.iter().any(|family| key.starts_with(family)))
}

/// Whether a key tells who a user is: one event's values of these keys come together again in most events of that user.
/// Addresses change too often.
#[must_use]
pub fn tells_who(key: &str) -> bool {
    let key = key.strip_prefix("sentry:").unwrap_or(key);
    matches!(key, "user" | "user.id" | "user.email" | "user.username")
}

/// Who a user is.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Stands for all parts: an issue has this term and not them.
    pub whole: Term,
    /// The terms of what [tells who](tells_who) the user is, two at least.
    pub parts: Vec<Term>,
}

/// A text as it is compared where case does not matter (search spec, section 5.3): in lower case, with the one sigma that
/// stands inside words as well as at their end, so that a part of a word is found in it.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.contains('ς') {
        lower.replace('ς', "σ")
    } else {
        lower
    }
}

/// A text to search in, in lower case, a line each, with lists that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    /// Tells it from the other texts of its issue.
    pub hash: i64,
    /// The text, at most [`Self::MOST_BYTES`] of it.
    pub text: String,
    /// A JSON object of lists.
    pub facts: Option<String>,
}

impl SearchText {
    /// What is kept of a text.
    pub const MOST_BYTES: usize = 16 * 1024;

    /// Puts `text` into lower case and cuts it. U+0000, which databases refuse, becomes U+FFFD.
    #[must_use]
    pub fn new(text: &str, facts: Option<String>) -> Self {
        let mut text = fold(cut(text, Self::MOST_BYTES));
        if text.contains('\0') {
            text = text.replace('\0', "\u{fffd}");
        }
        // A character may be longer in lower case.
        text.truncate(cut(&text, Self::MOST_BYTES).len());
        let of_facts = facts.as_ref().map_or(0, |facts| xxh3_64(facts.as_bytes()));
        Self {
            hash: xxh3_64_with_seed(text.as_bytes(), of_facts).cast_signed(),
            text,
            facts,
        }
    }
}

/// As much of a text as fits into `most` bytes, in whole characters.
#[must_use]
pub fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// Everything a search reads of one event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventFacts {
    /// A flat JSON object: the fields under their search keys, and `tags` as an object.
    pub json: String,
    /// Message, title and exceptions, with the lists `error.*`.
    pub message: Option<SearchText>,
    /// Culprit, files, functions and modules, with the lists `stack.*`.
    pub stack: Option<SearchText>,
    /// Its terms, sorted, each once; of `person` the one that stands for the others.
    pub terms: Vec<Term>,
    /// Of its terms of a key with a value, a person's parts among them; nothing where nobody has worked them out.
    pub bits: Option<TermBits>,
    /// Its user, as far as more than one text tells who that is.
    pub person: Option<Person>,
    /// Its values of the keys that have terms.
    pub values: SeenValues,
}

/// Values seen for keys, to choose from. Kept in one text, because nearly all of them are known already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenValues {
    text: String,
    entries: Vec<SeenValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SeenValue {
    key: Term,
    term: Term,
    /// Where the key begins; the value follows it.
    start: usize,
    value: usize,
    end: usize,
}

impl SeenValues {
    /// Longest value to choose from, in characters.
    pub const LONGEST: usize = 200;

    /// Adds a value, unless it is empty or too long to be chosen.
    pub fn push(&mut self, key: &str, value: &str) {
        // A text cannot have more characters than bytes.
        let is_long = value.len() > Self::LONGEST && value.chars().nth(Self::LONGEST).is_some();
        if value.is_empty() || is_long {
            return;
        }
        let of_key = Term::of_key(key);
        let start = self.text.len();
        self.text.push_str(key);
        let middle = self.text.len();
        self.text.push_str(value);
        self.entries.push(SeenValue {
            key: of_key,
            term: of_key.with(value),
            start,
            value: middle,
            end: self.text.len(),
        });
    }

    /// The terms of key and value, the key and the value of each.
    pub fn iter(&self) -> impl Iterator<Item = (Term, Term, &str, &str)> {
        self.entries.iter().map(|entry| {
            (
                entry.key,
                entry.term,
                &self.text[entry.start..entry.value],
                &self.text[entry.value..entry.end],
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_what_they_were_when_they_were_stored() {
        // XXH3 of the empty text is a published test vector.
        assert_eq!(Term::of_key("").to_string(), "2d06800538d394c2");
        assert_eq!(
            Term::of("browser", "Firefox").to_string(),
            "2273f0c4df9cb438"
        );
        assert_eq!(
            Term::of("browser", "Firefox").number(),
            0x2273_f0c4_df9c_b438
        );
    }

    #[test]
    fn key_and_value_do_not_run_into_each_other() {
        assert_ne!(Term::of("a", "bc"), Term::of("ab", "c"));
        assert_ne!(Term::of("a", ""), Term::of_key("a"));
        let (one, other) = (Term::of("a", "b"), Term::of("a", "c"));
        assert_ne!(Term::of_all(&[one, other]), Term::of_all(&[one]));
        assert_eq!(Term::numbered(one.number()), one);
        assert_eq!(Term::of("sentry:user", "id:7"), Term::of("user", "id:7"));
        assert_eq!(Term::of_key("sentry:release"), Term::of_key("release"));
    }

    #[test]
    fn a_search_relies_on_terms_of_tags_and_of_the_fields_that_have_them() {
        for key in ["browser", "level", "user.email", "os.name", "sentry:dist"] {
            assert!(has_terms(key, false), "{key}");
        }
        for key in [
            "title",
            "os.version",
            "http.url",
            "stack.module",
            "geo.city",
        ] {
            assert!(!has_terms(key, false), "{key}");
            assert!(has_terms(key, true), "{key} as a tag");
        }
    }

    #[test]
    fn texts_are_lower_case_and_bounded() {
        let text = SearchText::new("ÄB\0c\nSecond", None);
        assert_eq!(text.text, "äb\u{fffd}c\nsecond");
        // Longer in lower case: two bytes become three.
        let grown = SearchText::new(&"İ".repeat(10_000), None);
        assert!(grown.text.len() <= SearchText::MOST_BYTES);
        assert!(grown.text.len() > SearchText::MOST_BYTES - 4);
    }

    #[test]
    fn lists_tell_texts_apart() {
        let plain = SearchText::new("a", None);
        let listed = SearchText::new("a", Some("{}".to_owned()));
        assert_ne!(plain.hash, listed.hash);
        assert_eq!(plain.hash, SearchText::new("A", None).hash);
    }

    #[test]
    fn values_are_kept_as_they_are_unless_too_long() {
        let mut values = SeenValues::default();
        values.push("k", "Ä");
        values.push("k", "");
        values.push("long", &"é".repeat(201));
        values.push("fits", &"é".repeat(200));
        let seen: Vec<_> = values
            .iter()
            .map(|(_, _, key, value)| (key, value))
            .collect();
        assert_eq!(seen, [("k", "Ä"), ("fits", &*"é".repeat(200))]);
    }
}
