//! What may be typed next.

use super::{issues, plain, spans};
use crate::query::{
    Filter, Item, Key, SearchConfig, Stage, SuggestionKind, completion_at, parse, stored_key,
};

/// The stage, the replaced text and the first words at the bar in `text`.
fn at(text: &str, config: &SearchConfig) -> (String, String, Vec<&'static str>) {
    let caret = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let found = completion_at(&text, caret, config);
    let stage = match found.stage {
        Stage::Key => "key".to_owned(),
        Stage::Value { key } => format!("value of {key}"),
        Stage::Connective => "connective".to_owned(),
    };
    let words = found.words.iter().map(|word| word.word).take(3).collect();
    (stage, found.replace.of(&text).to_owned(), words)
}

#[track_caller]
fn offers(config: &SearchConfig, cases: &[(&str, &str, &str, &[&str])]) {
    for (text, stage, replaced, words) in cases {
        let found = at(text, config);
        let expected = ((*stage).to_owned(), (*replaced).to_owned(), words.to_vec());
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn keys_come_first() {
    offers(
        &issues(),
        &[
            ("|", "key", "", &["is", "has", "status"]),
            ("lev|", "key", "lev", &["level", "stack.stack_level"]),
            ("!lev|", "key", "lev", &["level", "stack.stack_level"]),
            (
                "some words times|",
                "key",
                "times",
                &["times_seen", "timestamp"],
            ),
            (
                "(is:new OR lev|",
                "key",
                "lev",
                &["level", "stack.stack_level"],
            ),
            ("((lev|", "key", "lev", &["level", "stack.stack_level"]),
            (
                "lev|el:error",
                "key",
                "level",
                &["level", "stack.stack_level"],
            ),
            ("a:1 OR |", "key", "", &["is", "has", "status"]),
            (
                "a:1 an|",
                "key",
                "an",
                &["AND", "transaction", "device.brand"],
            ),
            ("\"lev|", "key", "", &[]),
            ("\"lev|\"", "key", "", &[]),
        ],
    );
}

#[test]
fn after_a_term_comes_a_word_or_the_next_term() {
    offers(
        &issues(),
        &[
            ("a:1 |", "connective", "", &["AND", "OR", "NOT"]),
            ("some words |", "connective", "", &["AND", "OR", "NOT"]),
            ("(a:1) |", "connective", "", &["AND", "OR", "NOT"]),
            ("(a:1 |)", "connective", "", &["AND", "OR", "NOT"]),
        ],
    );
    let mut config = issues();
    config.allow_boolean = false;
    offers(
        &config,
        &[("a:1 |", "connective", "", &["is", "has", "status"])],
    );
}

#[test]
fn values_are_those_of_the_key() {
    offers(
        &issues(),
        &[
            (
                "is:|",
                "value of is",
                "",
                &["unresolved", "resolved", "archived"],
            ),
            (
                "is:arch|",
                "value of is",
                "arch",
                &[
                    "archived",
                    "archived_until_escalating",
                    "archived_until_condition_met",
                ],
            ),
            (
                "level:|",
                "value of level",
                "",
                &["fatal", "error", "warning"],
            ),
            ("level:er|ror x", "value of level", "error", &["error"]),
            ("!level:[error, wa|", "value of level", "wa", &["warning"]),
            ("level:[wa|]", "value of level", "wa", &["warning"]),
            (
                "level:[error,|",
                "value of level",
                "",
                &["fatal", "error", "warning"],
            ),
            (
                "level:[error, |",
                "value of level",
                "",
                &["fatal", "error", "warning"],
            ),
            (
                "issue.priority:h|",
                "value of issue.priority",
                "h",
                &["high"],
            ),
            (
                "issue.category:|",
                "value of issue.category",
                "",
                &["error", "performance", "profile"],
            ),
            (
                "status:|",
                "value of status",
                "",
                &["unresolved", "resolved", "ignored"],
            ),
            (
                "assigned:|",
                "value of assigned_to",
                "",
                &["me", "my_teams", "none"],
            ),
            ("age:|", "value of first_seen", "", &["-1h", "-24h", "-7d"]),
            ("firstSeen:+|", "value of first_seen", "+", &["+24h", "+7d"]),
            (
                "stack.in_app:|",
                "value of stack.in_app",
                "",
                &["true", "false"],
            ),
            (
                "has:rel|",
                "value of has",
                "rel",
                &["release", "release.version", "release.package"],
            ),
            ("color:bl|", "value of color", "bl", &[]),
            ("device.class:m|", "value of device.class", "m", &["medium"]),
            ("tags[x]:|", "value of tags[x]", "", &[]),
        ],
    );
    offers(
        &spans(),
        &[
            (
                "span.st|",
                "key",
                "span.st",
                &["span.status", "span.status_code"],
            ),
            (
                "span.status:in|",
                "value of span.status",
                "in",
                &["invalid_argument", "internal_error", "deadline_exceeded"],
            ),
            ("is:|", "value of is", "", &[]),
        ],
    );
    offers(
        &plain(),
        &[(
            "error.handled:|",
            "value of error.handled",
            "",
            &["true", "false"],
        )],
    );
}

#[test]
fn a_suggestion_says_what_it_is() {
    let found = completion_at("le", 2, &issues());
    let level = found
        .words
        .iter()
        .find(|word| word.word == "level")
        .unwrap();
    assert_eq!(
        (level.kind, level.about),
        (SuggestionKind::Key, "severity of the event")
    );
    let found = completion_at("has:lev", 7, &issues());
    assert_eq!(found.words[0].kind, SuggestionKind::Value);
}

/// However a tag is called, what is offered for it asks for that tag.
#[test]
fn stored_keys_are_written_as_they_are_read() {
    let config = issues();
    let written = |name| stored_key(name, &config);
    for (name, expected) in [
        ("browser", "browser"),
        ("a-b.c_d", "a-b.c_d"),
        ("web:browser", "tags[\"web:browser\"]"),
        // These would be read as something else.
        ("age", "tags[age]"),
        ("is", "tags[is]"),
        ("has", "tags[has]"),
        ("timestamp.to_day", "tags[timestamp.to_day]"),
        ("measurements.lcp", "tags[measurements.lcp]"),
    ] {
        let key = written(name).unwrap();
        assert_eq!(key, expected);
        let read = parse(&format!("{key}:x"), &config, chrono::DateTime::UNIX_EPOCH).unwrap();
        let [Item::Filter(Filter { key, .. })] = &*read.items else {
            panic!("{name} is read as {:?}", read.items);
        };
        match key {
            Key::Tag(tag) => assert_eq!(tag.name, name),
            key => assert_eq!(*key, Key::name(name)),
        }
    }
    // Those of the language, and what it cannot say.
    for name in [
        "level",
        "user.email",
        "",
        "gr\u{f6}\u{df}e",
        "a b",
        "a\"b",
        "a]",
    ] {
        assert_eq!(written(name), None, "{name}");
    }
}
