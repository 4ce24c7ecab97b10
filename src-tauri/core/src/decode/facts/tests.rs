//! What becomes of events of every shape.

use crate::decode::{compress, plain_event, read_stored_event};
use crate::model::{Event, EventFacts, EventId, ProjectId, SearchText, SeenValues, Term};
use serde_json::{Value, json};
use std::sync::Arc;

const PROJECT: ProjectId = ProjectId(1);
const ID: &str = "0c6d75ac396941e0bc4b33c2ff7f3657";

/// The facts of a stored event with these members.
#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better with json!(…) at the call"
)]
fn of(members: Value) -> Arc<EventFacts> {
    event(&members).facts
}

fn event(members: &Value) -> Event {
    let mut body = json!({"event_id": ID, "timestamp": 1_723_464_000});
    let object = body.as_object_mut().unwrap();
    object.extend(members.as_object().unwrap().clone());
    plain_event(PROJECT, object.clone()).unwrap()
}

fn parsed(facts: &EventFacts) -> Value {
    serde_json::from_str(&facts.json).unwrap()
}

fn lists(text: Option<&SearchText>) -> Value {
    let facts = text.and_then(|text| text.facts.as_deref());
    facts.map_or(Value::Null, |facts| serde_json::from_str(facts).unwrap())
}

fn text(text: Option<&SearchText>) -> &str {
    text.map_or("", |text| text.text.as_str())
}

fn has(facts: &EventFacts, key: &str, value: &str) -> bool {
    let term = Term::of(key, value);
    let mut parts = facts.person.iter().flat_map(|person| &person.parts);
    facts.terms.contains(&term) || parts.any(|part| *part == term)
}

fn rich() -> Value {
    json!({
        "type": "error", "level": "fatal", "platform": "python", "logger": "app.jobs",
        "transaction": "/checkout", "release": "shop@1.0", "environment": "prod", "dist": "7",
        "title": "ValueError: Bad Price", "location": "app/price.py", "culprit": "app.price in check",
        "received": 1_723_464_000.25, "logentry": {"formatted": "Could not CHECK"},
        "tags": [["browser", "Firefox 128"], ["sentry:release", "shop@1.0"], ["empty", ""]],
        "user": {"id": 7, "email": "a@example.org", "username": "ann", "ip_address": "::1",
            "geo": {"country_code": "DE", "region": "Saxony", "city": "Leipzig", "subdivision": "SN"}},
        "request": {"method": "POST", "url": "https://shop/checkout", "headers": [["Accept", "*/*"], ["REFERER", "https://shop/"]]},
        "sdk": {"name": "sentry.python", "version": "2.1.0"},
        "contexts": {
            "device": {"type": "device", "family": "Pixel", "class": 2, "online": true, "memory_size": 8_000_000_000_u64, "nested": {"a": 1}},
            "os": {"name": "Android", "version": "15", "rooted": false},
            "app": {"in_foreground": true},
            "response": {"status_code": 503},
            "trace": {"trace_id": "9D6146DA-C25E-0186-A683-FA7AF7D62097", "span_id": "0141DF84DFDD0649", "parent_span_id": "x"},
        },
        "exception": {"values": [
            {"type": "KeyError", "value": "'price'", "mechanism": {"type": "generic", "handled": true}, "thread_id": 1,
                "stacktrace": {"frames": [
                    {"filename": "app/main.py", "abs_path": "/srv/app/main.py", "module": "app.main", "function": "Main",
                        "lineno": 3, "colno": 9, "in_app": true},
                ]}},
            {"type": "ValueError", "value": "Bad Price", "mechanism": {"type": "celery", "handled": false}, "thread_id": 2,
                "stacktrace": {"frames": [
                    {"filename": "app/main.py", "function": "Main", "lineno": 3, "in_app": false},
                    {"package": "libshop.so", "function": "check", "lineno": 44},
                ]}},
        ]},
        "threads": {"values": [{"id": 1, "main": false}, {"id": 2, "main": true}]},
    })
}

#[test]
fn a_rich_error_says_everything_under_its_search_key() {
    let facts = of(rich());
    let expected = json!({
        "tags": {"browser": "Firefox 128", "sentry:release": "shop@1.0", "empty": "", "sentry:user": "id:7"},
        "level": "fatal", "platform.name": "python", "type": "error", "title": "ValueError: Bad Price",
        "message": "Could not CHECK", "culprit": "app.price in check", "location": "app/price.py",
        "logger": "app.jobs", "transaction": "/checkout", "dist": "7",
        "user.id": "7", "user.email": "a@example.org", "user.username": "ann", "user.ip": "::1",
        "geo.country_code": "DE", "geo.region": "Saxony", "geo.city": "Leipzig", "geo.subdivision": "SN",
        "http.method": "POST", "http.url": "https://shop/checkout", "http.referer": "https://shop/",
        "http.status_code": 503, "sdk.name": "sentry.python", "sdk.version": "2.1.0",
        "device.family": "Pixel", "device.online": true, "device.memory_size": 8_000_000_000_u64, "device.class": "medium",
        "os.name": "Android", "os.version": "15", "os.rooted": false, "app.in_foreground": true,
        "error.handled": false, "error.main_thread": true, "error.received": 1_723_464_000_250_000_i64,
        "trace": "9d6146dac25e0186a683fa7af7d62097", "trace.span": "0141df84dfdd0649",
    });
    assert_eq!(parsed(&facts), expected);
    assert_eq!(
        text(facts.message.as_ref()),
        "could not check\nvalueerror: bad price\nkeyerror\nvalueerror\n'price'\nbad price"
    );
    assert_eq!(
        lists(facts.message.as_ref()),
        json!({"error.type": ["KeyError", "ValueError"], "error.value": ["'price'", "Bad Price"],
            "error.mechanism": ["generic", "celery"]})
    );
    assert_eq!(
        text(facts.stack.as_ref()),
        "app.price in check\napp/main.py\nmain\ncheck\napp.main"
    );
    assert_eq!(
        lists(facts.stack.as_ref()),
        json!({"stack.abs_path": ["/srv/app/main.py"], "stack.filename": ["app/main.py"],
            "stack.package": ["libshop.so"], "stack.module": ["app.main"], "stack.function": ["Main", "check"],
            "stack.in_app": [true, false], "stack.colno": [9], "stack.lineno": [3, 44],
            "stack.stack_level": [0, 1]})
    );
}

#[test]
fn tags_and_the_chosen_fields_have_terms() {
    let facts = of(rich());
    for (key, value) in [
        ("browser", "Firefox 128"),
        ("empty", ""),
        ("level", "fatal"),
        ("platform.name", "python"),
        ("logger", "app.jobs"),
        ("transaction", "/checkout"),
        ("environment", "prod"),
        ("release", "shop@1.0"),
        ("dist", "7"),
        ("user", "id:7"),
        ("user.id", "7"),
        ("user.email", "a@example.org"),
        ("user.username", "ann"),
        ("user.ip", "::1"),
        ("sdk.name", "sentry.python"),
        ("sdk.version", "2.1.0"),
        ("os.name", "Android"),
        ("device.class", "medium"),
        ("error.handled", "false"),
        ("error.type", "KeyError"),
        ("error.type", "ValueError"),
        ("error.mechanism", "celery"),
    ] {
        assert!(has(&facts, key, value), "{key}:{value}");
        let is_filled = facts.terms.contains(&Term::of_key(key));
        assert_eq!(is_filled, !value.is_empty(), "has:{key}");
    }
    for (key, value) in [("title", "ValueError: Bad Price"), ("os.version", "15")] {
        assert!(!has(&facts, key, value), "{key}:{value}");
    }
    assert!(facts.terms.is_sorted() && facts.terms.windows(2).all(|pair| pair[0] != pair[1]));
    let values: Vec<_> = facts.values.iter().collect();
    let seen = |key, value| values.contains(&(Term::of_key(key), Term::of(key, value), key, value));
    assert!(seen("release", "shop@1.0") && seen("user", "id:7") && seen("browser", "Firefox 128"));
    assert!(
        values
            .iter()
            .all(|(_, _, key, value)| !key.contains(':') && !value.is_empty())
    );
}

#[test]
fn what_tells_who_a_user_is_has_one_term() {
    let user = |user: Value| of(json!({"user": user}));
    let ann = user(json!({"id": 7, "email": "a@example.org", "ip_address": "::1"}));
    let person = ann.person.as_ref().unwrap();
    let mut parts = vec![
        Term::of("user", "id:7"),
        Term::of("user.id", "7"),
        Term::of("user.email", "a@example.org"),
    ];
    parts.sort_unstable();
    assert_eq!(person.parts, parts);
    assert!(ann.terms.contains(&person.whole));
    assert!(!parts.iter().any(|part| ann.terms.contains(part)));
    for term in [
        Term::of("user.ip", "::1"),
        Term::of_key("user"),
        Term::of_key("user.email"),
    ] {
        assert!(ann.terms.contains(&term));
    }

    let elsewhere = user(json!({"id": 7, "email": "a@example.org", "ip_address": "::2"}));
    assert_eq!(elsewhere.person, ann.person);
    let other = user(json!({"id": 7, "email": "b@example.org"}));
    assert_ne!(other.person.as_ref().unwrap().whole, person.whole);

    let tagged = of(json!({"tags": {"user.email": "a@example.org"}}));
    assert_eq!(tagged.person, None, "a single text is its own term");
    assert!(
        tagged
            .terms
            .contains(&Term::of("user.email", "a@example.org"))
    );
    assert_eq!(of(json!({})).person, None);
}

#[test]
fn an_event_that_says_little_has_few_facts() {
    let facts = of(json!({}));
    assert_eq!(
        parsed(&facts),
        json!({"tags": {}, "type": "default", "title": "<unlabeled event>"})
    );
    assert_eq!(text(facts.message.as_ref()), "<unlabeled event>");
    assert_eq!(facts.stack, None);
    assert!(has(&facts, "environment", ""));
    assert!(!facts.terms.contains(&Term::of_key("environment")));
}

#[test]
fn a_field_that_the_event_lacks_is_not_taken_from_a_tag() {
    let facts =
        of(json!({"tags": {"os.name": "Plan 9", "device.class": "high", "geo.city": "Oslo"}}));
    let json = parsed(&facts);
    assert_eq!(json.get("os.name"), None);
    assert_eq!(json.get("device.class"), None);
    assert_eq!(json["tags"]["geo.city"], "Oslo");
    assert!(has(&facts, "os.name", "Plan 9"), "the tag has its term");
}

#[test]
fn frames_come_from_exceptions_else_the_event_else_its_threads() {
    let frames = |function: &str| json!({"frames": [{"function": function}]});
    let mut members = json!({
        "exception": [{"stacktrace": frames("of_exception")}],
        "stacktrace": frames("of_event"),
        "threads": [{"stacktrace": frames("of_thread")}],
    });
    for expected in ["of_exception", "of_event", "of_thread"] {
        let facts = of(members.clone());
        assert_eq!(text(facts.stack.as_ref()), expected);
        assert_eq!(
            lists(facts.stack.as_ref())["stack.function"],
            json!([expected])
        );
        let gone = match expected {
            "of_exception" => "exception",
            _ => "stacktrace",
        };
        members[gone] = Value::Null;
    }
}

#[test]
fn handled_is_what_all_exceptions_say_together() {
    let handled = |flags: &[Value]| {
        let exceptions: Vec<Value> = flags
            .iter()
            .map(|flag| json!({"mechanism": {"handled": flag}}))
            .collect();
        parsed(&of(json!({"exception": {"values": exceptions}})))
            .get("error.handled")
            .cloned()
    };
    assert_eq!(handled(&[]), None);
    assert_eq!(handled(&[json!(null), json!("no")]), None);
    assert_eq!(handled(&[json!(true), json!(null)]), Some(json!(true)));
    assert_eq!(handled(&[json!(true), json!(0)]), Some(json!(false)));
    assert_eq!(handled(&[json!(false), json!(true)]), Some(json!(false)));
}

#[test]
fn read_back_an_event_has_the_facts_it_came_with() {
    let came = event(&rich());
    let stored = came.body.as_ref().unwrap();
    let read = read_stored_event(PROJECT, ID.parse::<EventId>().unwrap(), &stored.compressed);
    assert_eq!(read.unwrap().facts, came.facts);
}

#[test]
fn what_a_database_refuses_is_replaced() {
    let facts = of(json!({
        "tags": [["a\0b", "c\0d"]], "logger": "x\0y", "message": "m\0n",
        "exception": {"values": [{"type": "T\0", "value": "\0"}]},
        "contexts": {"device": {"na\0me": "\0"}},
    }));
    let everything = format!("{facts:?}{}", facts.json);
    assert!(!everything.contains("\\u0000") && !everything.contains("\\0"));
    assert_eq!(parsed(&facts)["tags"], json!({"a\u{fffd}b": "c\u{fffd}d"}));
    assert!(has(&facts, "a\u{fffd}b", "c\u{fffd}d"));
    assert_eq!(parsed(&facts)["device.na\u{fffd}me"], "\u{fffd}");
}

/// Every member that is looked at, with `value` in its place.
fn wrong(value: &Value) -> Value {
    let mut members = rich();
    let mut paths = Vec::new();
    collect(&members, String::new(), &mut paths);
    // The outermost last: replacing it takes the others along.
    for path in paths.iter().rev() {
        if !matches!(path.as_str(), "" | "/tags") {
            let mut one = members.clone();
            *one.pointer_mut(path).unwrap() = value.clone();
            let _ = of(one);
        }
    }
    for member in members.as_object_mut().unwrap().values_mut() {
        *member = value.clone();
    }
    members
}

fn collect(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, member) in object {
                collect(member, format!("{path}/{}", key.replace('/', "~1")), paths);
            }
        }
        Value::Array(list) => {
            for (place, entry) in list.iter().enumerate() {
                collect(entry, format!("{path}/{place}"), paths);
            }
        }
        _ => {}
    }
    paths.push(path);
}

#[test]
fn members_of_the_wrong_type_are_left_out() {
    for value in [
        json!(null),
        json!(true),
        json!(-1.5),
        json!("text"),
        json!([]),
        json!({}),
        json!([[["deep"]]]),
        json!({"values": {"frames": 5}}),
        json!([{"stacktrace": {"frames": [null, 5, {"function": [], "lineno": -1}]}}]),
    ] {
        let facts = of(wrong(&value));
        let json = parsed(&facts);
        for (key, fact) in json.as_object().unwrap() {
            assert!(
                key == "tags" || !(fact.is_object() || fact.is_array() || fact.is_null()),
                "{key}: {fact}"
            );
        }
    }
}

#[test]
fn hostile_events_have_bounded_facts() {
    let long = "é".repeat(2_000);
    let tags: Vec<Value> = (0..5_000)
        .map(|n| json!([format!("key{n}"), long]))
        .collect();
    let frames: Vec<Value> = (0..5_000)
        .map(|n| json!({"function": format!("{n}{long}"), "filename": format!("{n}"), "lineno": n, "colno": n}))
        .collect();
    let members: serde_json::Map<String, Value> = (0..5_000)
        .map(|n| (format!("member{n}"), json!(long)))
        .collect();
    let facts = of(json!({
        "tags": tags, "message": long, "title": long, "logger": long, "transaction": long,
        "contexts": {"device": members, "os": {"name": long}},
        "exception": {"values": (0..500).map(|n| json!({"type": format!("{n}{long}"), "value": long})).collect::<Vec<_>>()},
        "stacktrace": {"frames": frames},
    }));
    assert!(facts.json.len() < 200_000, "{}", facts.json.len());
    for text in [&facts.message, &facts.stack] {
        let text = text.as_ref().unwrap();
        assert!(text.text.len() <= SearchText::MOST_BYTES);
        assert!(text.facts.as_ref().unwrap().len() < 120_000);
    }
    let stack = lists(facts.stack.as_ref());
    assert_eq!(stack["stack.lineno"].as_array().unwrap().len(), 200);
    assert!(facts.terms.len() < 5_000);
    let longest = facts
        .values
        .iter()
        .map(|(_, _, _, value)| value.chars().count());
    assert!(longest.max() <= Some(SeenValues::LONGEST));

    let mut deep = json!("x");
    for _ in 0..120 {
        deep = json!({"values": [deep]});
    }
    let _ = of(json!({"exception": deep, "threads": deep, "contexts": deep, "user": deep}));
}

#[test]
fn a_thousand_tags_are_kept_and_no_more() {
    let tags: Vec<Value> = (0..5_000).map(|n| json!([format!("k{n}"), "v"])).collect();
    let mut tags = vec![json!(["k".repeat(201), "long key"])]
        .into_iter()
        .chain(tags)
        .collect::<Vec<_>>();
    tags.truncate(3_000);
    let facts = of(json!({ "tags": tags }));
    let json = parsed(&facts);
    // The one with the long key counts, and is not kept.
    assert_eq!(json["tags"].as_object().unwrap().len(), 999);
    assert!(has(&facts, "k998", "v") && !has(&facts, "k999", "v"));
}

#[test]
fn a_body_that_is_stored_otherwise_is_read_as_it_is() {
    let body = json!({"timestamp": 1, "tags": [["a", "b"], null, ["a", "c"]], "device": 5});
    let read = read_stored_event(
        PROJECT,
        ID.parse::<EventId>().unwrap(),
        &compress(body.to_string().as_bytes()),
    );
    assert_eq!(parsed(&read.unwrap().facts)["tags"], json!({"a": "b"}));
}
