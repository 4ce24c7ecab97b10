//! Every key that single events answer finds what such an event says (search spec, section 7.2), on both stores: what is
//! read of a body, what is stored of it and what a search asks for are written in three places.

use super::base::{self, event, issue};
use super::shelf::Place;
use picket_tests::rows::format::{Data, EventRow};
use serde_json::{Value, json};

/// What an event can say, all of it once.
fn rich() -> Value {
    json!({
        "type": "error", "platform": "python", "logger": "app.jobs", "transaction": "/checkout", "dist": "7",
        "title": "ValueError: Bad Price", "location": "app/price.py", "culprit": "app.price in check",
        "received": 1_723_464_000.25, "logentry": {"formatted": "Could not CHECK"},
        "user": {"id": "7", "email": "ann@example.org", "username": "ann", "ip_address": "::1",
            "geo": {"country_code": "DE", "region": "Saxony", "city": "Leipzig", "subdivision": "SN"}},
        "request": {"method": "POST", "url": "https://shop/checkout", "headers": [["Referer", "https://shop/"]]},
        "sdk": {"name": "sentry.python", "version": "2.1.0"},
        "contexts": {
            "device": {"family": "Pixel", "model": "Pixel 9", "class": 2, "online": true, "memory_size": 8_000_000_000_u64,
                "battery_level": 0.5, "name": "Anns phone"},
            "os": {"name": "Android", "version": "15", "rooted": false, "build": "AP4A"},
            "app": {"in_foreground": true},
            "response": {"status_code": 503},
            "trace": {"trace_id": "9d6146dac25e0186a683fa7af7d62097", "span_id": "0141df84dfdd0649",
                "parent_span_id": "0242df84dfdd0649"},
        },
        "exception": {"values": [
            {"type": "ValueError", "value": "Bad Price", "mechanism": {"type": "celery", "handled": false}, "thread_id": 2,
                "stacktrace": {"frames": [
                    {"filename": "app/main.py", "abs_path": "/srv/app/main.py", "module": "app.main", "function": "Main",
                        "package": "libshop.so", "lineno": 44, "colno": 9, "in_app": true},
                ]}},
        ]},
        "threads": {"values": [{"id": 1, "main": false}, {"id": 2, "main": true}]},
    })
}

/// Issue 1 with an event that says everything, issue 2 with one that says next to nothing.
fn data() -> Data {
    let tags = [
        ("browser", "Firefox 128"),
        ("sentry:dist", "7"),
        ("n", "12"),
    ];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let rich = EventRow {
        tags: tags.into(),
        user: Some("7".to_owned()),
        environment: Some("prod".to_owned()),
        release: Some("shop@1.2.3+45".to_owned()),
        level: "fatal".to_owned(),
        body: serde_json::from_value(rich()).unwrap(),
        ..event(1, 1, 1)
    };
    Data {
        issues: vec![issue(1, 1), issue(2, 2)],
        events: vec![rich, event(2, 2, 2)],
        ..base::empty()
    }
}

/// Key and value that only the event of issue 1 has.
const FOUND: &[(&str, &str)] = &[
    ("level", "fatal"),
    ("platform.name", "python"),
    ("logger", "app.jobs"),
    ("transaction", "/checkout"),
    ("title", "\"ValueError: Bad Price\""),
    ("message", "\"could not check\""),
    ("culprit", "\"app.price in check\""),
    ("location", "app/price.py"),
    ("type", "error"),
    ("dist", "7"),
    ("environment", "prod"),
    ("release", "shop@1.2.3+45"),
    ("release.version", "1.2.3"),
    ("release.package", "shop"),
    ("release.build", "45"),
    ("user", "id:7"),
    ("user.id", "7"),
    ("user.email", "ann@example.org"),
    ("user.username", "ann"),
    ("user.ip", "::1"),
    ("user.display", "ann@example.org"),
    ("geo.country_code", "DE"),
    ("geo.region", "Saxony"),
    ("geo.city", "Leipzig"),
    ("geo.subdivision", "SN"),
    ("http.method", "POST"),
    ("http.url", "https://shop/checkout"),
    ("http.referer", "https://shop/"),
    ("http.status_code", "503"),
    ("sdk.name", "sentry.python"),
    ("sdk.version", "2.1.0"),
    ("device.family", "Pixel"),
    ("device.model", "\"Pixel 9\""),
    ("device.name", "Anns*"),
    ("device.online", "true"),
    ("device.memory_size", "8000000000"),
    ("device.battery_level", "0.5"),
    ("device.class", "medium"),
    ("os.name", "Android"),
    ("os.version", "15"),
    ("os.rooted", "false"),
    ("os.build", "ap4*"),
    ("app.in_foreground", "true"),
    ("error.type", "ValueError"),
    ("error.value", "\"Bad Price\""),
    ("error.mechanism", "celery"),
    ("error.handled", "0"),
    ("error.unhandled", "1"),
    ("error.main_thread", "1"),
    ("error.received", ">2024-08-01"),
    ("stack.abs_path", "/srv/app/main.py"),
    ("stack.filename", "app/main.py"),
    ("stack.package", "libshop.so"),
    ("stack.module", "app.main"),
    ("stack.function", "Main"),
    ("stack.in_app", "true"),
    ("stack.colno", "9"),
    ("stack.lineno", ">40"),
    ("stack.stack_level", "0"),
    ("trace", "9d6146dac25e0186a683fa7af7d62097"),
    ("trace.span", "0141df84dfdd0649"),
    ("trace.parent_span", "0242df84dfdd0649"),
    ("id", "00000000000000000000000000000001"),
    ("browser", "Firefox*"),
    ("tags[browser]", "\"Firefox 128\""),
    ("tags[n,number]", ">11"),
];

/// Keys of which every event says something.
const OF_ALL: &[&str] = &[
    "level",
    "platform.name",
    "title",
    "message",
    "type",
    "error.received",
    "id",
];

pub async fn every_key_finds_what_an_event_says(place: &Place) {
    let shelf = place.shelf(data()).await;
    for (key, value) in FOUND {
        let query = format!("{key}:{value}");
        assert_eq!(shelf.found(&query).await, [1], "{query}");
        assert_eq!(
            shelf.found(&format!("NOT {query}")).await,
            [2],
            "NOT {query}"
        );
        if key.starts_with("release.") || key.ends_with("handled") {
            continue;
        }
        let all = OF_ALL.contains(key);
        let has = shelf.found(&format!("has:{key}")).await;
        assert_eq!(has, if all { vec![1, 2] } else { vec![1] }, "has:{key}");
        let lacks = shelf.found(&format!("!has:{key}")).await;
        assert_eq!(lacks, if all { vec![] } else { vec![2] }, "!has:{key}");
    }
}

/// A tag may have the name of something that events say: it is found where they do not say it.
pub async fn a_tag_stands_in_for_what_is_not_said(place: &Place) {
    let mut data = data();
    data.events[1]
        .tags
        .insert("os.version".to_owned(), "14".to_owned());
    // Of a truth value the tag is made that completion offers.
    data.events[0]
        .tags
        .insert("os.rooted".to_owned(), "no".to_owned());
    let shelf = place.shelf(data).await;
    for (query, found) in [
        ("os.rooted:no", &[1][..]),
        ("os.rooted:yes", &[]),
        ("os.rooted:n*", &[1]),
        ("!os.rooted:no", &[2]),
        ("device.online:true", &[1]),
        ("os.version:14", &[2]),
        ("os.version:15", &[1]),
        ("os.version:[14, 15]", &[1, 2]),
        ("os.version:1*", &[1, 2]),
        ("has:os.version", &[1, 2]),
        ("tags[os.version]:14", &[2]),
        ("tags[os.version]:15", &[]),
    ] {
        assert_eq!(shelf.found(query).await, found, "{query}");
    }
}
