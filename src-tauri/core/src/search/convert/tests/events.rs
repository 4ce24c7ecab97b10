//! Keys that single events answer, and tags.

use super::*;
use crate::model::{Category, GroupType};
use crate::search::condition::Order;
use uuid::Uuid;

/// Texts that an event has once.
const TEXTS: [&str; 22] = [
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

/// Every shape of a value that is a text.
#[track_caller]
fn is_text(key: &str, field: &TextField) {
    let asks = |tests| text(field.clone(), tests);
    for (value, tests) in [
        ("Abc", vec![is("Abc")]),
        ("\"a b\"", vec![is("a b")]),
        ("a*c", vec![like(&["a", "c"])]),
        (r"a\*c", vec![is("a*c")]),
        ("[a, b*]", vec![is("a"), like(&["b", ""])]),
        ("[1, 2]", vec![is("1"), is("2")]),
    ] {
        let typed = format!("{key}:{value}");
        assert_eq!(only(&typed), asks(tests.clone()), "{typed}");
        let typed = format!("!{key}:{value}");
        assert_eq!(only(&typed), asks(tests.clone()).negated(), "{typed}");
        let typed = format!("NOT {key}:{value}");
        assert_eq!(only(&typed), asks(tests).negated(), "{typed}");
    }
    for (typed, is_there) in [
        (format!("has:{key}"), true),
        (format!("!has:{key}"), false),
        (format!("!{key}:\"\""), true),
        (format!("{key}:\"\""), false),
    ] {
        assert_eq!(
            only(&typed),
            has_text(field.clone()).negated_if(!is_there),
            "{typed}"
        );
    }
}

#[test]
fn texts_are_compared_as_a_whole() {
    for name in TEXTS {
        is_text(name, &TextField::Field(name));
    }
    for name in [
        "device.model",
        "device.online",
        "os.name",
        "os.version",
        "os.x",
    ] {
        is_text(name, &TextField::Context(name.to_owned()));
    }
    is_text("environment", &TextField::Environment);
    is_text("release", &TextField::Release);
    is_text("user", &TextField::User);
    is_text("user.display", &TextField::UserDisplay);
}

#[test]
fn what_is_no_field_is_a_tag() {
    for (key, name) in [
        ("browser", "browser"),
        ("user_count", "user_count"),
        ("\"a:b\"", "a:b"),
        ("tags[level]", "level"),
        ("tags[project_id]", "project_id"),
        ("tags[\"a:b\"]", "a:b"),
        ("tags[n,string]", "n"),
        ("dist", "sentry:dist"),
    ] {
        // A tag written with a kind has no `has:`.
        if !key.contains(',') {
            is_text(key, &TextField::Tag(name.to_owned()));
        }
        assert_eq!(only(&format!("{key}:x")), tag(name, vec![is("x")]), "{key}");
    }
    assert_eq!(only("flags[beta]:on"), tag("flags.beta", vec![is("on")]));
    // Of a tag without a kind an operator is part of the text.
    assert_eq!(only("random:>500"), tag("random", vec![is(">500")]));
}

#[test]
fn a_word_in_a_list_may_be_empty() {
    assert_eq!(
        only("environment:[prod, \"\"]"),
        text(TextField::Environment, vec![is("prod"), is("")])
    );
    assert_eq!(
        only("!browser:[Chrome, \"\"]"),
        tag("browser", vec![is("Chrome"), is("")]).negated()
    );
}

#[test]
fn a_tag_with_a_kind_is_compared_as_that() {
    let number = |order, number| event(EventTest::TagNumber("n".to_owned(), order, number));
    mean([
        ("tags[n,number]:>5", number(Order::Greater, 5.0)),
        ("tags[n,number]:1.5k", number(Order::Equal, 1_500.0)),
        ("!tags[n,number]:5", number(Order::Equal, 5.0).negated()),
        (
            "tags[n,number]:[1, 2]",
            Condition::Any(vec![number(Order::Equal, 1.0), number(Order::Equal, 2.0)]),
        ),
        // A negation is of the value here.
        (
            "tags[b,boolean]:true",
            tag("b", ["true", "True", "1", "yes"].map(is).to_vec()),
        ),
        (
            "!tags[b,boolean]:0",
            tag("b", ["true", "True", "1", "yes"].map(is).to_vec()),
        ),
    ]);
}

#[test]
fn free_text_is_looked_for_inside() {
    let contains = |test| event(EventTest::Contains(test));
    mean([
        ("refused", contains(is("refused"))),
        ("Disk  full", contains(is("Disk  full"))),
        ("\"NOT found\"", contains(is("NOT found"))),
        ("NOT found", contains(is("found")).negated()),
        ("!message:found", contains(is("found")).negated()),
        ("message:a*b", contains(like(&["a", "b"]))),
        (
            "message:[a, b*]",
            Condition::Any(vec![contains(is("a")), contains(like(&["b", ""]))]),
        ),
        (
            "!message:[a, b]",
            Condition::Any(vec![contains(is("a")), contains(is("b"))]).negated(),
        ),
        ("has:message", event(EventTest::HasMessage)),
        ("!has:message", event(EventTest::HasMessage).negated()),
    ]);
    // Two texts are two filters, each of which must hold.
    assert_eq!(
        search("\"a\" \"b\"").condition,
        Condition::All(vec![contains(is("a")), contains(is("b"))])
    );
}

#[test]
fn lists_are_looked_through() {
    for list in [
        "error.mechanism",
        "error.type",
        "error.value",
        "stack.abs_path",
        "stack.filename",
        "stack.function",
        "stack.module",
        "stack.package",
    ] {
        let element = |tests| event(EventTest::Element(list, tests));
        assert_eq!(only(&format!("{list}:Abc")), element(vec![is("Abc")]));
        assert_eq!(
            only(&format!("!{list}:A*c")),
            element(vec![like(&["A", "c"])]).negated()
        );
        assert_eq!(
            only(&format!("{list}:[a, b]")),
            element(vec![is("a"), is("b")])
        );
        assert_eq!(
            only(&format!("has:{list}")),
            event(EventTest::HasElement(list))
        );
        assert_eq!(
            only(&format!("!has:{list}")),
            event(EventTest::HasElement(list)).negated()
        );
    }
    for list in ["stack.colno", "stack.lineno", "stack.stack_level"] {
        let element = |order, number| event(EventTest::ElementNumber(list, order, number));
        assert_eq!(
            only(&format!("{list}:>3m")),
            element(Order::Greater, 3_000_000.0)
        );
        assert_eq!(
            only(&format!("!{list}:3")),
            element(Order::Equal, 3.0).negated()
        );
        // A negated comparison is the opposite comparison.
        assert_eq!(
            only(&format!("!{list}:>3")),
            element(Order::LessOrEqual, 3.0)
        );
        assert_eq!(
            only(&format!("NOT {list}:>3")),
            element(Order::Greater, 3.0).negated()
        );
        assert_eq!(
            only(&format!("!{list}:[1, 2]")),
            Condition::Any(vec![element(Order::Equal, 1.0), element(Order::Equal, 2.0)]).negated()
        );
        assert_eq!(
            only(&format!("has:{list}")),
            event(EventTest::HasElement(list))
        );
    }
    let in_app = |number| {
        event(EventTest::ElementNumber(
            "stack.in_app",
            Order::Equal,
            number,
        ))
    };
    mean([
        ("stack.in_app:1", in_app(1.0)),
        ("stack.in_app:false", in_app(0.0)),
        ("!stack.in_app:TRUE", in_app(0.0)),
        (
            "has:stack.in_app",
            event(EventTest::HasElement("stack.in_app")),
        ),
    ]);
}

/// Problems of performance say nothing about errors.
fn of_errors(test: EventTest) -> Condition {
    let performance = GroupType::in_category(Category::Performance).map(|known| known.id);
    let performance = issue(IssueTest::GroupType(performance.collect()));
    Condition::All(vec![performance.negated(), event(test)])
}

#[test]
fn an_error_is_handled_unless_it_says_otherwise() {
    let handled = |wanted| of_errors(EventTest::Flag("error.handled", wanted, true));
    for (typed, wanted) in [
        ("error.handled:1", true),
        ("error.handled:true", true),
        ("error.handled:0", false),
        ("!error.handled:1", false),
        ("error.unhandled:1", false),
        ("error.unhandled:false", true),
        ("!error.unhandled:1", true),
        ("has:error.handled", true),
        ("!has:error.handled", false),
        ("has:error.unhandled", false),
    ] {
        // Alone, the two parts of the condition are two terms.
        let expected = Condition::All(vec![handled(wanted)]);
        assert_eq!(search(typed).condition, expected, "{typed}");
    }
    let main_thread = |wanted| of_errors(EventTest::Flag("error.main_thread", wanted, false));
    mean([
        ("error.main_thread:1", main_thread(true)),
        ("!error.main_thread:1", main_thread(false)),
        (
            "has:error.main_thread",
            of_errors(EventTest::Has("error.main_thread")),
        ),
    ]);
}

#[test]
fn an_app_that_does_not_say_is_neither_in_front_nor_behind() {
    let flag = |wanted| event(EventTest::Flag("app.in_foreground", wanted, !wanted));
    mean([
        ("app.in_foreground:true", flag(true)),
        ("app.in_foreground:0", flag(false)),
        ("!app.in_foreground:1", flag(true).negated()),
        (
            "has:app.in_foreground",
            event(EventTest::Has("app.in_foreground")),
        ),
    ]);
}

#[test]
fn an_event_was_received_at_a_time() {
    let received = |order, when| event(EventTest::Instant("error.received", order, at(when)));
    mean([
        (
            "error.received:-1h",
            received(Order::GreaterOrEqual, "2024-06-01T11:00:00Z"),
        ),
        (
            "error.received:<2024-05-01",
            received(Order::Less, "2024-05-01T00:00:00Z"),
        ),
        (
            "!has:error.received",
            event(EventTest::Has("error.received")).negated(),
        ),
    ]);
}

#[test]
fn ids_are_hex_digits_with_or_without_dashes() {
    let id = "0123456789abcdef0123456789ABCDEF";
    let dashed = "01234567-89ab-cdef-0123-456789abcdef";
    let is_event = event(EventTest::EventId(vec![Uuid::try_parse(id).unwrap()]));
    for typed in [format!("id:{id}"), format!("id:{dashed}")] {
        assert_eq!(only(&typed), is_event, "{typed}");
        assert_eq!(
            only(&format!("!{typed}")),
            is_event.clone().negated(),
            "{typed}"
        );
    }
    assert_eq!(only("has:id"), Condition::everything());
    assert_eq!(only("!has:id"), Condition::everything().negated());
    let trace = |tests| text(TextField::Field("trace"), tests);
    assert_eq!(
        only(&format!("trace:{dashed}")),
        trace(vec![is(&id.to_lowercase())])
    );
    assert_eq!(
        only("!has:trace"),
        has_text(TextField::Field("trace")).negated()
    );
    for key in ["trace.span", "trace.parent_span"] {
        let spans = vec![is("0123456789abcdef"), is("00000000000000ff")];
        assert_eq!(
            only(&format!("{key}:[0123456789ABCDEF, \"00000000000000ff\"]")),
            text(TextField::Field(key), spans)
        );
    }
}

#[test]
fn a_device_class_is_a_word() {
    let class = |tests| text(TextField::Field("device.class"), tests);
    mean([
        ("device.class:low", class(vec![is("low")])),
        (
            "!device.class:[medium, high]",
            class(vec![is("medium"), is("high")]).negated(),
        ),
        (
            "has:device.class",
            has_text(TextField::Field("device.class")),
        ),
    ]);
}
