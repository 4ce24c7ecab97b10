//! Where the store keeps what a condition asks of an event.

use super::sql::{Dialect, Sql};
use super::text::Missing;
use crate::search::{TextField, TextTest};

/// The path to a member of a JSON object in SQLite. Names come from keys, which hold no quotes (search spec, section 2).
fn path(parent: &str, name: &str) -> String {
    format!("$.{parent}\"{}\"", name.replace('"', ""))
}

/// A member of the event's facts, as a number, a text or null.
pub(super) fn member(sql: &mut Sql, field: &str) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("json_extract(f.facts, ")
                .word(&path("", field))
                .push(")");
        }
        Dialect::Postgres => {
            sql.push("(f.facts ->> ").word(field).push(")");
        }
    }
}

/// Appends that the text of the facts holds the value of a tag, where that is worth while: looking for it takes a
/// fraction of the time it takes to read the object, and most events do not have it. Says whether it did.
pub(super) fn stands_in(sql: &mut Sql, field: &TextField, tests: &[TextTest]) -> bool {
    let (Dialect::Sqlite, TextField::Tag(_), [TextTest::Is(value)]) = (sql.dialect, field, tests)
    else {
        return false;
    };
    // Others may be written in several ways.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'/');
    if value.is_empty() || !value.bytes().all(is_plain) {
        return false;
    }
    sql.push("instr(coalesce(f.facts, ''), ")
        .word(&format!("\"{value}\""))
        .push(") > 0");
    true
}

/// A text of the event's facts, else the tag of its name, else a truth value or number as JSON writes it; or null. Tags
/// are in front of the latter: of those that are made of contexts, `os.rooted` says `no` where the fact is `false`.
fn said(sql: &mut Sql, name: &str) {
    match sql.dialect {
        Dialect::Sqlite => {
            let path = path("", name);
            sql.push("coalesce(CASE json_type(f.facts, ")
                .word(&path)
                .push(") WHEN 'text' THEN json_extract(f.facts, ")
                .word(&path)
                .push(") END, ");
            tag(sql, name);
            sql.push(", f.facts -> ").word(&path).push(")");
        }
        Dialect::Postgres => {
            sql.push("coalesce(CASE jsonb_typeof(f.facts -> ")
                .word(name)
                .push(") WHEN 'string' THEN f.facts ->> ")
                .word(name)
                .push(" END, ");
            tag(sql, name);
            sql.push(", ");
            member(sql, name);
            sql.push(")");
        }
    }
}

/// A truth value as 1, 0 or null.
pub(super) fn flag(sql: &mut Sql, field: &str) {
    match sql.dialect {
        Dialect::Sqlite => member(sql, field),
        Dialect::Postgres => {
            sql.push("(f.facts ->> ")
                .word(field)
                .push(")::boolean::integer");
        }
    }
}

/// A tag, or null.
pub(super) fn tag(sql: &mut Sql, tag: &str) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("json_extract(f.facts, ")
                .word(&path("tags.", tag))
                .push(")");
        }
        Dialect::Postgres => {
            sql.push("(f.facts -> 'tags' ->> ").word(tag).push(")");
        }
    }
}

/// What the text counts as where it is null. An event without an environment is in the unnamed one.
pub(super) fn missing(field: &TextField) -> Missing {
    match field {
        TextField::Tag(_) | TextField::Environment => Missing::Empty,
        TextField::Field(_)
        | TextField::Context(_)
        | TextField::Release
        | TextField::User
        | TextField::UserDisplay => Missing::Nothing,
    }
}

/// A text, or null.
pub(super) fn text(sql: &mut Sql, field: &TextField) {
    match field {
        TextField::Tag(name) => tag(sql, name),
        TextField::Field(name) => {
            sql.push("coalesce(");
            match sql.dialect {
                Dialect::Sqlite => {
                    sql.push("CAST(");
                    member(sql, name);
                    sql.push(" AS TEXT)");
                }
                Dialect::Postgres => member(sql, name),
            }
            sql.push(", ");
            tag(sql, name);
            sql.push(")");
        }
        TextField::Context(name) => said(sql, name),
        TextField::Environment => {
            sql.push("o.environment");
        }
        TextField::Release => {
            sql.push("o.release");
        }
        TextField::User => {
            sql.push("o.user_key");
        }
        TextField::UserDisplay => {
            sql.push("coalesce(");
            for (place, field) in ["user.email", "user.username", "user.id", "user.ip"]
                .into_iter()
                .enumerate()
            {
                if place > 0 {
                    sql.push(", ");
                }
                text(sql, &TextField::Field(field));
            }
            sql.push(")");
        }
    }
}

/// `EXISTS (SELECT 1 FROM` the elements of a list `AS e(value)`; the caller closes it.
pub(super) fn elements(sql: &mut Sql, list: &str) {
    let facts = if list.starts_with("error.") {
        ["m.facts", "m.facts -> "]
    } else {
        ["s.facts", "s.facts -> "]
    };
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("EXISTS (SELECT 1 FROM json_each(")
                .push(facts[0])
                .push(", ")
                .word(&path("", list))
                .push(") AS e");
        }
        Dialect::Postgres => {
            sql.push("EXISTS (SELECT 1 FROM jsonb_array_elements_text(coalesce(")
                .push(facts[1])
                .word(list)
                .push(", '[]'::jsonb)) AS e(value)");
        }
    }
}
