//! Section 2.5: typed tags and word operators.

use super::{NOW, issues, plain, read_as, seen};
use crate::query::{Item, Key, TagKind, TagScope, parse};

#[test]
fn typed_tags_say_how_their_values_are_read() {
    let config = plain().with_extensions();
    read_as(
        &config,
        &[
            ("tags[foo,number]:>5", "tags[foo,number] > 5"),
            ("tags[foo , number]:>5", "tags[foo,number] > 5"),
            ("!tags[foo,number]:[1, 2]", "tags[foo,number] NOT IN [1, 2]"),
            ("tags[foo,number]:2m", "tags[foo,number] = 2000000"),
            ("tags[foo,number]:2s", "! number_suffix"),
            ("tags[foo,number]:x", "! invalid_number"),
            ("tags[foo,number]:2018-01-01", "! invalid_number"),
            ("tags[foo,string]:123", "tags[foo,string] = '123'"),
            ("tags[foo,  string]:>5", "tags[foo,string] = '>5'"),
            ("tags[foo,boolean]:true", "tags[foo,boolean] = 1"),
            ("!tags[foo,boolean]:true", "tags[foo,boolean] = 0"),
            ("tags[foo,boolean]:5", "! invalid_boolean"),
            ("tags[\"a:b\",number]:5", "tags[a:b,number] = 5"),
            ("tags[a:b,number]:5", "tags[a:b,number] = 5"),
            ("flags[foo,number]:5", "flags[foo,number] = 5"),
            ("flags[foo]:5", "flags[foo] = '5'"),
            ("has:tags[foo,number]", "tags[foo,number] != ''"),
            ("tags[foo]:5", "tags[foo] = '5'"),
            ("tags[foo,text]:5", "message = 'tags[foo,text]:5'"),
        ],
    );
    read_as(
        &plain(),
        &[
            ("tags[foo,number]:>5", "message = 'tags[foo,number]:>5'"),
            ("tags[a:b]:5", "message = 'tags[a:b]:5'"),
        ],
    );
}

#[test]
fn a_typed_tag_is_told_in_parts() {
    let query = parse("flags[a, boolean]:1", &issues(), NOW).unwrap();
    let [Item::Filter(filter)] = query.items.as_slice() else {
        panic!("{query:?}");
    };
    let Key::Tag(tag) = &filter.key else {
        panic!("{filter:?}");
    };
    assert_eq!(
        (tag.scope, tag.name.as_str(), tag.kind),
        (TagScope::Flags, "a", Some(TagKind::Boolean))
    );
}

fn with_word(text: &str) -> String {
    let text = text.replace(['⟨', '⟩'], "\u{F00D}");
    seen(&text, &plain().with_extensions()).replace('\u{F00D}', "^")
}

#[test]
fn word_operators_become_wildcards() {
    for (text, expected) in [
        ("b:⟨Contains⟩fire", "b = '*fire*'"),
        ("b:⟨StartsWith⟩fire", "b = 'fire*'"),
        ("b:⟨EndsWith⟩fire", "b = '*fire'"),
        ("!b:⟨Contains⟩fire", "b != '*fire*'"),
        ("b:⟨Contains⟩\"fire fox\"", "b = '*fire fox*'"),
        ("b:⟨Contains⟩f*x", "b = '*f\\*x*'"),
        ("b:⟨Contains⟩f\\*x", "b = '*f\\*x*'"),
        ("b:⟨Contains⟩f\\\\*x", "b = '*f\\\\\\*x*'"),
        ("b:⟨StartsWith⟩C:\\dir", "b = 'C:\\\\dir*'"),
        ("b:⟨StartsWith⟩end\\", "b = 'end\\\\*'"),
        ("b:⟨Contains⟩a\\\\b", "b = '*a\\\\b*'"),
        ("b:⟨EndsWith⟩[x, \"y z\"]", "b IN ['*x', '*y z']"),
        ("!b:⟨EndsWith⟩[x,y]", "b NOT IN ['*x', '*y']"),
        ("b:⟨Contains⟩\"\"", "b = ''"),
        ("b:⟨Contains⟩", "! empty_value"),
        ("b:⟨Contains⟩123", "b = '*123*'"),
        ("tags[b]:⟨Contains⟩x", "tags[b] = '*x*'"),
        ("b:⟨Likes⟩x", "b = '^Likes^x'"),
        ("timestamp:⟨Contains⟩x", "! invalid_date"),
        ("has:⟨Contains⟩x", "! has_needs_key"),
        ("is:⟨Contains⟩x", "! is_unsupported"),
    ] {
        assert_eq!(with_word(text), expected, "{text}");
    }
    let typed = "b:\u{F00D}Contains\u{F00D}x";
    assert_eq!(seen(typed, &plain()), "b = '\u{F00D}Contains\u{F00D}x'");
}
