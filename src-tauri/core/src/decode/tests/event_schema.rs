//! The two schemas of an event body.

use super::*;

/// The valid message with one member of its event replaced.
fn with_event(key: &str, value: Value) -> Value {
    with(&format!("/event/{key}"), value)
}

/// The valid message in a form that only the legacy schema accepts: a tag is a number.
fn legacy() -> Value {
    with_event("tags", json!({"n": 5}))
}

#[track_caller]
fn passes(message: &Value) {
    kept(message);
}

/// Asserts that both schemas refuse a message, each for what is named.
#[track_caller]
fn fails(message: &Value, current: &str, legacy: &str) {
    let detail = rejected_as(RejectReason::InvalidEventSchema, message);
    let (of_current, of_legacy) = detail.split_once(". Legacy: ").unwrap();
    let of_current = of_current.split_once("Current: ").unwrap().1;
    assert!(of_current.starts_with(current), "{detail}");
    assert!(of_legacy.starts_with(legacy), "{detail}");
}

#[test]
fn what_the_current_schema_alone_accepts() {
    for (key, value) in [
        ("timestamp", json!(1_723_463_940)),
        ("timestamp", json!(1_723_463_940.25)),
        ("tags", json!(null)),
        ("tags", json!([["a", "b"], null, [null, "x"], ["y", null]])),
        ("received", json!(null)),
        ("received", json!(1_723_463_940.25)),
        ("platform", json!("")),
        ("environment", json!("")),
        ("debug_meta", json!({"images": [{}, null]})),
        ("contexts", json!({"os": null})),
        ("breadcrumbs", json!({"values": [{}, null]})),
        ("trace_id", json!({"whatever": 1})),
        ("dist", json!("7")),
        ("sdk", json!({"name": null, "version": "1", "more": 1})),
        (
            "sdk",
            json!({"name": "a", "version": "1.0.0", "packages": [{}], "integrations": ["a", null]}),
        ),
        ("stacktrace", json!({"frames": null, "more": 1})),
        ("stacktrace", json!({"frames": [null, {}]})),
        ("request", json!({"anything": 1})),
        ("user", json!({"id": "", "name": null, "more": 1})),
        ("user", json!({"geo": {"planet": "earth"}})),
    ] {
        let message = with_event(key, value);
        passes(&message);
        // Under a level that only the legacy schema knows it is the same member that spoils it.
        fails(
            &changed(message, "/level", json!("sample")),
            "event.level: ",
            &format!("event.{key}"),
        );
    }
    passes(&without("/event/tags"));
    fails(
        &changed(without("/event/tags"), "/level", json!("sample")),
        "event.level: ",
        "event.tags: ",
    );
}

#[test]
fn what_both_schemas_accept() {
    passes(&without("/event/received"));
    passes(&changed(
        without("/event/received"),
        "/event/tags",
        json!({"n": 5}),
    ));
    passes(&with_event("debug_meta", json!({"images": [{}]})));
    passes(&with_event("modules", json!({"a": "1", "b": null})));
}

#[test]
fn what_the_legacy_schema_alone_accepts() {
    for (key, value, fault) in [
        (
            "tags",
            json!({"n": 5}),
            "event.tags.n: expected a text or null, found 5",
        ),
        (
            "tags",
            json!({"a": {"deep": true}, "c": null}),
            "event.tags.a: ",
        ),
        (
            "dist",
            json!({"dist": "7", "release": "1.0"}),
            "event.dist: ",
        ),
        (
            "breadcrumbs",
            json!([{"message": "m"}]),
            "event.breadcrumbs: ",
        ),
        (
            "stacktrace",
            json!(null),
            "event.stacktrace: expected an object, found null",
        ),
        (
            "stacktrace",
            json!({"lang": "c"}),
            "event.stacktrace.frames: expected this key",
        ),
        ("user", json!({"id": "7", "name": 5}), "event.user.name: "),
        (
            "sdk",
            json!({"name": "a", "version": "1.2.3", "packages": {}}),
            "event.sdk.packages: ",
        ),
    ] {
        let message = with_event(key, value);
        passes(&message);
        // With a time that only the current schema knows it is the same member that spoils it.
        fails(
            &changed(message, "/event/timestamp", json!(5)),
            fault,
            "event.timestamp: ",
        );
    }
    passes(&with("/level", json!("sample")));
}

#[test]
fn a_body_needs_a_platform_a_time_and_tags() {
    fails(
        &without("/event/timestamp"),
        "event.timestamp: expected a number or a text, found nothing",
        "event.timestamp",
    );
    fails(
        &with_event("timestamp", json!(null)),
        "event.timestamp: ",
        "event.timestamp: expected a text, found null",
    );
    fails(
        &without("/event/platform"),
        "event.platform: expected a text, found nothing",
        "event.platform: ",
    );
    fails(
        &with_event("platform", json!(0)),
        "event.platform: expected a text, found 0",
        "event.platform: ",
    );
    fails(
        &with_event("tags", json!("x")),
        "event.tags: ",
        "event.tags: expected an object, found the text \"x\"",
    );
    fails(
        &with_event("tags", json!([["a", 1]])),
        "event.tags[0]: expected a pair of texts, or null",
        "event.tags: ",
    );
    fails(
        &with_event("tags", json!([null, ["a"]])),
        "event.tags[1]: ",
        "event.tags: ",
    );
}

#[test]
fn what_both_schemas_refuse() {
    let text = json!("x");
    for key in [
        "extra",
        "modules",
        "contexts",
        "breadcrumbs",
        "debug_meta",
        "sdk",
        "stacktrace",
        "request",
        "user",
    ] {
        fails(
            &with_event(key, text.clone()),
            &format!("event.{key}: "),
            &format!("event.{key}: "),
        );
    }
    for key in [
        "environment",
        "release",
        "server_name",
        "transaction",
        "dist",
    ] {
        fails(
            &with_event(key, json!(5)),
            &format!("event.{key}: "),
            &format!("event.{key}: "),
        );
    }
    for (key, value, current, legacy) in [
        (
            "received",
            json!(true),
            "event.received: ",
            "event.received: ",
        ),
        (
            "modules",
            json!({"a b": 5}),
            "event.modules[\"a b\"]: expected a text or null, found 5",
            "event.modules",
        ),
        (
            "contexts",
            json!({"os": "x"}),
            "event.contexts.os: ",
            "event.contexts.os: ",
        ),
        (
            "breadcrumbs",
            json!({}),
            "event.breadcrumbs.values: expected this key, found nothing",
            "event.breadcrumbs: ",
        ),
        (
            "breadcrumbs",
            json!({"values": null}),
            "event.breadcrumbs.values: ",
            "event.breadcrumbs: ",
        ),
        (
            "breadcrumbs",
            json!({"values": [1]}),
            "event.breadcrumbs.values[0]: ",
            "event.breadcrumbs: ",
        ),
        (
            "breadcrumbs",
            json!([null]),
            "event.breadcrumbs: ",
            "event.breadcrumbs[0]: ",
        ),
        (
            "debug_meta",
            json!({"images": {}}),
            "event.debug_meta.images: ",
            "event.debug_meta.images: ",
        ),
        (
            "debug_meta",
            json!({"images": [{}, 1]}),
            "event.debug_meta.images[1]: ",
            "event.debug_meta.images[1]: ",
        ),
        (
            "sdk",
            json!({"name": "a"}),
            "event.sdk.version: expected this key",
            "event.sdk.version: ",
        ),
        (
            "sdk",
            json!({"version": "1"}),
            "event.sdk.name: ",
            "event.sdk.name: ",
        ),
        (
            "sdk",
            json!({"name": "a", "version": 1}),
            "event.sdk.version: ",
            "event.sdk.version: expected a version",
        ),
        (
            "stacktrace",
            json!({"frames": [1]}),
            "event.stacktrace.frames[0]: ",
            "event.stacktrace.frames[0]: ",
        ),
        (
            "stacktrace",
            json!({"frames": {}}),
            "event.stacktrace.frames: ",
            "event.stacktrace.frames: ",
        ),
        (
            "user",
            json!({"id": 7}),
            "event.user.id: ",
            "event.user.id: ",
        ),
        (
            "user",
            json!({"geo": "x"}),
            "event.user.geo: ",
            "event.user.geo: ",
        ),
        (
            "user",
            json!({"data": [1]}),
            "event.user.data: ",
            "event.user.data: ",
        ),
    ] {
        fails(&with_event(key, value), current, legacy);
    }
}

#[test]
fn what_the_legacy_schema_refuses() {
    let refused = |key: &str, value: Value, fault: &str| {
        fails(
            &changed(legacy(), &format!("/event/{key}"), value),
            "event.tags.n: ",
            fault,
        );
    };
    refused("platform", json!(""), "event.platform: ");
    refused(
        "timestamp",
        json!(1_723_463_940),
        "event.timestamp: expected a text, found 1723463940",
    );
    refused("received", json!(null), "event.received: ");
    refused("received", json!(5), "event.received: ");
    refused("environment", json!(""), "event.environment: ");
    refused("trace_id", json!(5), "event.trace_id: ");
    refused("dist", json!("7"), "event.dist: expected an object or null");
    refused("dist", json!({"dist": "7"}), "event.dist.release: ");
    refused(
        "dist",
        json!({"dist": 7, "release": "1"}),
        "event.dist.dist: ",
    );
    refused(
        "contexts",
        json!({"os": null}),
        "event.contexts.os: expected an object",
    );
    refused(
        "breadcrumbs",
        json!({"values": []}),
        "event.breadcrumbs: expected an array or null",
    );
    refused("breadcrumbs", json!([{}, 1]), "event.breadcrumbs[1]: ");
    refused(
        "debug_meta",
        json!({"images": [null]}),
        "event.debug_meta.images[0]: ",
    );
    refused(
        "sdk",
        json!({"name": "", "version": "1.2.3"}),
        "event.sdk.name: ",
    );
    for version in [
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.x",
        "1..3",
        "",
        "1.2.3-beta",
    ] {
        refused(
            "sdk",
            json!({"name": "a", "version": version}),
            "event.sdk.version: ",
        );
    }
    refused(
        "sdk",
        json!({"name": "a", "version": "1.2.3", "packages": []}),
        "event.sdk.packages: ",
    );
    refused(
        "sdk",
        json!({"name": "a", "version": "1.2.3", "integrations": [1]}),
        "event.sdk.integrations[0]: ",
    );
    refused(
        "sdk",
        json!({"name": "a", "version": "1.2.3", "more": 1}),
        "event.sdk.more: expected no such key, found 1",
    );
    refused(
        "stacktrace",
        json!({"frames": [null]}),
        "event.stacktrace.frames[0]: ",
    );
    refused(
        "stacktrace",
        json!({"frames": [], "more": 1}),
        "event.stacktrace.more: ",
    );
    refused(
        "request",
        json!({"url": "u", "proxy": 1}),
        "event.request.proxy: ",
    );
    refused("user", json!({"id": ""}), "event.user.id: ");
    refused(
        "user",
        json!({"geo": {"planet": "earth"}}),
        "event.user.geo.planet: ",
    );

    // What it accepts beside the number in a tag.
    for (key, value) in [
        ("environment", json!(null)),
        ("transaction", json!("t")),
        ("dist", json!(null)),
        (
            "sdk",
            json!({"name": "a", "version": "0.10.3", "packages": null, "integrations": ["a", null]}),
        ),
        (
            "request",
            json!({"url": "u", "body_size": 5, "inferred_content_type": null}),
        ),
        (
            "user",
            json!({"id": null, "geo": {"city": 5}, "name": 5, "more": 1}),
        ),
        (
            "stacktrace",
            json!({"frames": [{}], "lang": 1, "registers": 2, "snapshot": 3}),
        ),
    ] {
        passes(&changed(legacy(), &format!("/event/{key}"), value));
    }
}

#[test]
fn only_the_current_schema_misses_the_level_sample() {
    let message = changed(
        with("/level", json!("sample")),
        "/event/timestamp",
        json!(5),
    );
    fails(
        &message,
        "event.level: expected debug, info, warning, error or fatal, found the text \"sample\"",
        "event.timestamp",
    );
}

#[test]
fn members_that_do_not_survive_are_not_checked() {
    let mut message = legacy();
    for key in [
        "fingerprint",
        "exception",
        "logentry",
        "message",
        "logger",
        "culprit",
        "threads",
        "title",
        "level",
    ] {
        message["event"][key] = json!(17);
    }
    passes(&message);
}
