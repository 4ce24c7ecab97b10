//! Keys that single events answer (search spec, sections 5.3 and 7.2).

use super::{order, releases, values};
use crate::model::{Category, GroupType};
use crate::query::{Filter, Problem, ProblemCode, TagKey, TagKind, TagScope, Value};
use crate::search::condition::{Condition, EventTest, IssueTest, Order, TextField, TextTest};
use crate::search::known::Known;
use uuid::Uuid;

/// The condition of a key that is no key of issues: a field of events, or else a tag.
pub(super) fn condition(name: &str, filter: &Filter, known: &Known) -> Result<Condition, Problem> {
    if let Some(part @ ("version" | "package" | "build" | "stage")) = name.strip_prefix("release.")
    {
        return release_part(part, filter, known);
    }
    match name {
        "message" => message(filter),
        "release" => {
            if values::asks_empty(filter) {
                return text(filter, TextField::Release);
            }
            let versions = releases::versions(filter, known)?;
            let test = EventTest::Text(TextField::Release, versions);
            Ok(Condition::Event(test).negated_if(filter.op.is_negative()))
        }
        "environment" => text(filter, TextField::Environment),
        "user" => text(filter, TextField::User),
        "user.display" => text(filter, TextField::UserDisplay),
        "id" => event_ids(filter),
        "trace" => hex_ids(filter, "trace", 32, ProblemCode::BadEventId),
        "trace.span" => hex_ids(filter, "trace.span", 16, ProblemCode::BadSpanId),
        "trace.parent_span" => hex_ids(filter, "trace.parent_span", 16, ProblemCode::BadSpanId),
        "device.class" => device_class(filter),
        "error.handled" => handled(filter, true),
        "error.unhandled" => handled(filter, false),
        "error.main_thread" => truth(filter, "error.main_thread", false),
        "app.in_foreground" => in_foreground(filter),
        "error.received" => instant(filter, "error.received"),
        _ => {
            if let Some(&list) = LISTS.iter().find(|list| **list == name) {
                return element(filter, list);
            }
            if let Some(&list) = NUMBER_LISTS.iter().find(|list| **list == name) {
                return element_number(filter, list);
            }
            if name == "stack.in_app" {
                return element_flag(filter);
            }
            if let Some(&field) = FIELDS.iter().find(|field| **field == name) {
                return text(filter, TextField::Field(field));
            }
            if CONTEXTS.iter().any(|context| name.starts_with(context)) {
                return text(filter, TextField::Context(name.to_owned()));
            }
            if matches!(filter.value.each().first(), Some(Value::Number(_))) {
                return tag_number(filter, name);
            }
            text(filter, TextField::Tag(name.to_owned()))
        }
    }
}

/// Texts that events have once.
const FIELDS: [&str; 22] = [
    "culprit",
    "geo.city",
    "geo.country_code",
    "geo.region",
    "geo.subdivision",
    "http.method",
    "http.referer",
    "http.status_code",
    "http.url",
    "level",
    "location",
    "logger",
    "platform.name",
    "sdk.name",
    "sdk.version",
    "title",
    "transaction",
    "type",
    "user.email",
    "user.id",
    "user.ip",
    "user.username",
];

/// What keys of contexts begin with: events have whatever their senders know about a device or a system.
const CONTEXTS: [&str; 2] = ["device.", "os."];

/// Texts that events have several times.
const LISTS: [&str; 8] = [
    "error.mechanism",
    "error.type",
    "error.value",
    "stack.abs_path",
    "stack.filename",
    "stack.function",
    "stack.module",
    "stack.package",
];

/// Numbers that events have several times.
const NUMBER_LISTS: [&str; 3] = ["stack.colno", "stack.lineno", "stack.stack_level"];

/// An explicit tag, or a flag, which is stored as one.
pub(super) fn tag(filter: &Filter, tag: &TagKey) -> Result<Condition, Problem> {
    let name = match tag.scope {
        TagScope::Tags => tag.name.clone(),
        TagScope::Flags => format!("flags.{}", tag.name),
    };
    match tag.kind {
        Some(TagKind::Number) if !values::asks_empty(filter) => tag_number(filter, &name),
        Some(TagKind::Boolean) if !values::asks_empty(filter) => {
            let wanted = values::flag(filter).ok_or_else(|| not_boolean(filter))?;
            let words = if wanted {
                ["true", "True", "1", "yes"]
            } else {
                ["false", "False", "0", "no"]
            };
            let tests = words.map(|word| TextTest::Is(word.to_owned())).to_vec();
            let test = EventTest::Text(TextField::Tag(name), tests);
            Ok(Condition::Event(test).negated_if(filter.op.is_negative()))
        }
        _ => text(filter, TextField::Tag(name)),
    }
}

fn tag_number(filter: &Filter, name: &str) -> Result<Condition, Problem> {
    let tests = values::numbers(filter)?.into_iter().map(|(order, number)| {
        Condition::Event(EventTest::TagNumber(name.to_owned(), order, number))
    });
    Ok(values::any(tests).negated_if(filter.op.is_negative()))
}

/// The empty text stands for one that is missing.
fn text(filter: &Filter, field: TextField) -> Result<Condition, Problem> {
    values::only_equality(filter)?;
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasText(field)).negated_if(!negated));
    }
    let test = EventTest::Text(field, values::text_tests(filter));
    Ok(Condition::Event(test).negated_if(negated))
}

fn element(filter: &Filter, list: &'static str) -> Result<Condition, Problem> {
    values::only_equality(filter)?;
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasElement(list)).negated_if(!negated));
    }
    let test = EventTest::Element(list, values::text_tests(filter));
    Ok(Condition::Event(test).negated_if(negated))
}

fn element_number(filter: &Filter, list: &'static str) -> Result<Condition, Problem> {
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasElement(list)).negated_if(!negated));
    }
    let tests = values::numbers(filter)?.into_iter();
    let tests = tests
        .map(|(order, number)| Condition::Event(EventTest::ElementNumber(list, order, number)));
    Ok(values::any(tests).negated_if(negated))
}

fn element_flag(filter: &Filter) -> Result<Condition, Problem> {
    const LIST: &str = "stack.in_app";
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasElement(LIST)).negated_if(!negated));
    }
    let wanted = values::flag(filter).ok_or_else(|| not_boolean(filter))?;
    let number = f64::from(u8::from(wanted));
    let test = EventTest::ElementNumber(LIST, Order::Equal, number);
    Ok(Condition::Event(test).negated_if(negated))
}

/// What bare words are looked for in.
fn message(filter: &Filter) -> Result<Condition, Problem> {
    values::only_equality(filter)?;
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasMessage).negated_if(!negated));
    }
    let tests = values::text_tests(filter).into_iter();
    let tests = tests.map(|test| Condition::Event(EventTest::Contains(test)));
    Ok(values::any(tests).negated_if(negated))
}

fn release_part(part: &str, filter: &Filter, known: &Known) -> Result<Condition, Problem> {
    if values::asks_empty(filter) {
        return text(filter, TextField::Release);
    }
    // Of `!=` the versions that are equal are looked up, and then left out.
    let versions = releases::semantic(part, filter, known)?;
    let tests = versions.into_iter().map(TextTest::Is).collect();
    let test = EventTest::Text(TextField::Release, tests);
    Ok(Condition::Event(test).negated_if(filter.op.is_negative()))
}

fn no_wildcard(filter: &Filter) -> Result<(), Problem> {
    let mut texts = filter.value.each().iter().filter_map(Value::as_text);
    if !texts.any(crate::query::TextValue::is_pattern) {
        return Ok(());
    }
    Err(values::problem(
        ProblemCode::WildcardNotAllowed,
        filter,
        format!(
            "`{}` takes whole ids only. Write all of it, without `*`.",
            filter.key
        ),
    ))
}

/// The hex digits of an id, without dashes.
fn hex(text: &str, length: usize) -> Option<String> {
    let digits = text.replace('-', "").to_ascii_lowercase();
    let is_hex = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then_some(digits)
}

fn ids(filter: &Filter, length: usize, code: ProblemCode) -> Result<Vec<String>, Problem> {
    values::only_equality(filter)?;
    no_wildcard(filter)?;
    let words = values::words(filter).into_iter();
    words
        .map(|word| {
            hex(&word, length).ok_or_else(|| {
                values::problem(
                    code,
                    filter,
                    format!(
                        "`{}` needs {length} hex digits; “{word}” is something else.",
                        filter.key
                    ),
                )
            })
        })
        .collect()
}

fn event_ids(filter: &Filter) -> Result<Condition, Problem> {
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        // Every event has one.
        let always = Condition::everything();
        return Ok(always.negated_if(!negated));
    }
    let ids = ids(filter, 32, ProblemCode::BadEventId)?;
    let ids = ids.iter().filter_map(|id| Uuid::try_parse(id).ok());
    Ok(Condition::Event(EventTest::EventId(ids.collect())).negated_if(negated))
}

fn hex_ids(
    filter: &Filter,
    field: &'static str,
    length: usize,
    code: ProblemCode,
) -> Result<Condition, Problem> {
    let negated = filter.op.is_negative();
    let field = TextField::Field(field);
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasText(field)).negated_if(!negated));
    }
    let ids = ids(filter, length, code)?;
    let test = EventTest::Text(field, ids.into_iter().map(TextTest::Is).collect());
    Ok(Condition::Event(test).negated_if(negated))
}

fn device_class(filter: &Filter) -> Result<Condition, Problem> {
    const CLASSES: [&str; 3] = ["low", "medium", "high"];
    values::only_equality(filter)?;
    let field = TextField::Field("device.class");
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::HasText(field)).negated_if(!negated));
    }
    let words = values::words(filter);
    if let Some(unknown) = words.iter().find(|word| !CLASSES.contains(&word.as_str())) {
        let code = ProblemCode::UnknownDeviceClass;
        return Err(values::unknown_word(code, filter, unknown, &CLASSES));
    }
    let tests = words.into_iter().map(TextTest::Is).collect();
    Ok(Condition::Event(EventTest::Text(field, tests)).negated_if(negated))
}

/// Errors that were handled. One that does not say was. Problems of performance never match, whichever way it is asked.
fn handled(filter: &Filter, wanted: bool) -> Result<Condition, Problem> {
    let asked = if values::asks_empty(filter) {
        filter.op.is_negative()
    } else {
        let holds = values::flag(filter).ok_or_else(|| {
            let message = format!("`{}` is 1 or 0.", filter.key);
            values::problem(ProblemCode::BooleanDomain, filter, message)
        })?;
        holds != filter.op.is_negative()
    };
    let test = EventTest::Flag("error.handled", asked == wanted, true);
    Ok(not_of_performance(Condition::Event(test)))
}

fn truth(filter: &Filter, field: &'static str, missing: bool) -> Result<Condition, Problem> {
    let test = if values::asks_empty(filter) {
        Condition::Event(EventTest::Has(field)).negated_if(!filter.op.is_negative())
    } else {
        let wanted = values::flag(filter).ok_or_else(|| not_boolean(filter))?;
        let wanted = wanted != filter.op.is_negative();
        Condition::Event(EventTest::Flag(field, wanted, missing))
    };
    Ok(not_of_performance(test))
}

fn not_of_performance(condition: Condition) -> Condition {
    let types = GroupType::in_category(Category::Performance).map(|group_type| group_type.id);
    let performance = Condition::Issue(IssueTest::GroupType(types.collect()));
    Condition::All(vec![performance.negated(), condition])
}

fn in_foreground(filter: &Filter) -> Result<Condition, Problem> {
    const FIELD: &str = "app.in_foreground";
    let negated = filter.op.is_negative();
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::Has(FIELD)).negated_if(!negated));
    }
    match values::flag(filter) {
        // A missing one is neither.
        Some(wanted) => {
            let is = Condition::Event(EventTest::Flag(FIELD, wanted, !wanted));
            Ok(is.negated_if(negated))
        }
        None => Err(not_boolean(filter)),
    }
}

fn instant(filter: &Filter, field: &'static str) -> Result<Condition, Problem> {
    if values::asks_empty(filter) {
        return Ok(Condition::Event(EventTest::Has(field)).negated_if(!filter.op.is_negative()));
    }
    let (_, at) = values::instant(filter)?;
    Ok(
        Condition::Event(EventTest::Instant(field, order(filter.op), at))
            .negated_if(filter.op.is_negative()),
    )
}

fn not_boolean(filter: &Filter) -> Problem {
    values::problem(
        ProblemCode::InvalidBoolean,
        filter,
        format!("`{}` is true or false, 1 or 0.", filter.key),
    )
}
