//! What becomes of the event that came along.

use super::*;
use crate::decode::{read_stored_occurrence, stored_light_facts};
use crate::model::Level;

fn tags(event: &Event) -> Vec<(&str, &str)> {
    event
        .tags
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

/// A message whose event has these members beside the obligatory ones.
fn with_event(members: Value) -> Value {
    let mut message = message();
    let Value::Object(members) = members else {
        panic!("an object")
    };
    message["event"].as_object_mut().unwrap().extend(members);
    message
}

#[test]
fn an_inline_event_is_generic() {
    let event = inline(&message());
    assert_eq!(event.project_id, ProjectId(1));
    assert_eq!(event.event_id.to_string(), EVENT_ID);
    assert_eq!(event.event_type, "generic");
    assert_eq!(event.timestamp, instant("2024-08-12T11:59:00Z"));
    assert_eq!(event.platform, "python");
    assert_eq!(event.level, Some(Level::Warning));
    assert_eq!(
        event.metadata,
        json!({"title": "segfault"}).as_object().unwrap().clone()
    );
    assert_eq!((event.culprit.as_str(), event.message.as_str()), ("", ""));
    assert_eq!((event.release, event.environment.as_str()), (None, ""));
    assert_eq!((event.location, event.sdk), (None, None));
}

#[test]
fn different_ids_are_a_mismatch_on_both_paths() {
    let message = with("/event/event_id", json!(ID));
    let detail = format!("event id mismatch: event_id is {EVENT_ID}, event.event_id is {ID}");
    assert_eq!(invalid(&message), detail);
    assert_eq!(
        invalid(&changed(message, "/is_buffered_spans", json!(true))),
        detail
    );
}

#[test]
fn unknown_platforms_become_other_only_when_stored() {
    let message = with_event(json!({"platform": "genesis"}));
    assert_eq!(inline(&message).platform, "other");
    assert_eq!(body(&inline(&message))["platform"], "other");
    assert_eq!(light(message).platform, "genesis");
}

#[test]
fn an_inline_event_is_clamped_to_the_present() {
    let clamped = |timestamp: Value| inline(&with_event(json!({"timestamp": timestamp}))).timestamp;
    let now = instant(NOW);
    for (sent, read) in [
        (
            json!("2024-08-12T12:01:00Z"),
            instant("2024-08-12T12:01:00Z"),
        ),
        (json!("2024-08-12T12:01:00.000001Z"), now),
        (json!("2024-08-12T14:00:00Z"), now),
        (json!("2024-08-12T14:00:00+02:00"), now),
        (
            json!("2024-08-12T13:30:00+02:00"),
            instant("2024-08-12T11:30:00Z"),
        ),
        (
            json!("2024-07-13T12:00:00Z"),
            instant("2024-07-13T12:00:00Z"),
        ),
        (json!("2024-07-13T11:59:59.999999Z"), now),
        (json!(1_723_463_940.5), instant("2024-08-12T11:59:00.5Z")),
        (json!(0), now),
        (json!(1e300), now),
        (json!("yesterday"), now),
        (json!(""), now),
    ] {
        assert_eq!(clamped(sent.clone()), read, "{sent}");
    }
}

#[test]
fn a_light_event_is_not_clamped_and_needs_a_readable_time() {
    let at = |timestamp: Value| light(with_event(json!({"timestamp": timestamp}))).timestamp;
    assert_eq!(
        at(json!("2034-01-01T00:00:00Z")),
        instant("2034-01-01T00:00:00Z")
    );
    assert_eq!(
        at(json!("1999-01-01 00:00:00")),
        instant("1999-01-01T00:00:00Z")
    );
    assert_eq!(
        at(json!("2024-08-12T10:00:00+02:00")),
        instant("2024-08-12T08:00:00Z")
    );
    assert_eq!(at(json!(0)), instant("1970-01-01T00:00:00Z"));
    for unreadable in [json!("yesterday"), json!(""), json!(1e300)] {
        let message = changed(
            with_event(json!({"timestamp": unreadable})),
            "/is_buffered_spans",
            json!(true),
        );
        assert!(invalid(&message).starts_with("event.timestamp: "));
    }
}

#[test]
fn a_light_event_only_describes() {
    let event = light(with_event(json!({
        "tags": [["b", "2"], null, ["a", "1"]], "transaction": "/t", "user": {"id": "7"},
        "contexts": {"os": {"name": "Linux", "version": "6"}}, "sdk": {"name": "sentry.python", "version": "1.0.0"},
    })));
    assert_eq!(event.event_type, "default");
    assert_eq!(tags(&event), [("b", "2"), ("a", "1")]);
    assert!(event.metadata.is_empty() && event.culprit.is_empty() && event.message.is_empty());
    assert_eq!(
        (event.sdk, event.location, event.level, event.body),
        (None, None, None, None)
    );
}

#[test]
fn a_light_event_has_its_release_and_environment_from_its_tags() {
    let named = |members: Value| {
        let event = light(with_event(members));
        (event.release, event.environment)
    };
    let pair =
        |release: &str, environment: &str| (Some(release.to_owned()), environment.to_owned());
    assert_eq!(
        named(
            json!({"tags": {"sentry:release": "2.0", "environment": "prod"}, "release": "1.0", "environment": "dev"})
        ),
        pair("2.0", "prod")
    );
    assert_eq!(
        named(json!({"tags": [], "release": "1.0", "environment": "dev"})),
        pair("1.0", "dev")
    );
    assert_eq!(named(json!({"tags": null})), (None, String::new()));
    assert_eq!(
        named(json!({"release": "latest", "environment": "a/b"})),
        (None, String::new()),
        "names that are not valid are no names"
    );
}

#[test]
fn tags_of_an_inline_event_are_set_in_order() {
    let event = inline(&with_event(json!({
        "tags": {"level": "debug", "release": "user's", "dist": "user's", "user": "user's", "region": "eu"},
        "environment": "prod", "transaction": "/checkout", "release": "app@1.0", "dist": "7",
        "user": {"id": "42", "email": "a@b"}, "logger": "discarded",
        "contexts": {"os": {"name": "Linux", "version": "6.1"}, "trace": {"op": "db"}},
    })));
    assert_eq!(
        tags(&event),
        [
            ("region", "eu"),
            ("level", "warning"),
            ("environment", "prod"),
            ("transaction", "/checkout"),
            ("sentry:release", "app@1.0"),
            ("sentry:dist", "7"),
            ("sentry:user", "id:42"),
            ("os", "Linux 6.1"),
            ("os.name", "Linux"),
        ]
    );
    assert_eq!(event.release.as_deref(), Some("app@1.0"));
    assert_eq!(event.environment, "prod");
    assert_eq!(event.culprit, "/checkout");
}

#[test]
fn a_dist_needs_a_release() {
    let event = inline(&with_event(json!({"dist": "7", "tags": {"dist": "mine"}})));
    assert_eq!(tags(&event), [("dist", "mine"), ("level", "warning")]);
    let event = inline(&with_event(
        json!({"dist": {"dist": "7", "release": "x"}, "release": "1.0"}),
    ));
    assert_eq!(event.tag("sentry:dist"), Some("7"));
}

#[test]
fn names_that_are_not_valid_are_left_out_and_noted() {
    let event = inline(&with_event(json!({
        "release": "a/b", "environment": "line\nbreak", "dist": "7", "tags": {"release": "mine"},
    })));
    assert_eq!(
        (event.release.as_deref(), event.environment.as_str()),
        (None, "")
    );
    assert_eq!(tags(&event), [("release", "mine"), ("level", "warning")]);
    let body = body(&event);
    assert_eq!(
        body["errors"],
        json!([
            {"type": "invalid_data", "name": "environment", "value": "line\nbreak"},
            {"type": "invalid_data", "name": "release", "value": "a/b"},
        ])
    );
    assert_eq!((body.get("release"), body.get("environment")), (None, None));
}

#[test]
fn an_environment_tag_names_the_environment_of_an_event_without_one() {
    let event = inline(&with_event(
        json!({"tags": [["environment", "from-tag"], ["a", "1"]]}),
    ));
    assert_eq!(event.environment, "from-tag");
    assert_eq!(
        tags(&event),
        [
            ("a", "1"),
            ("level", "warning"),
            ("environment", "from-tag")
        ]
    );
    let event = inline(&with_event(
        json!({"tags": {"environment": "from-tag"}, "environment": "own"}),
    ));
    assert_eq!(event.environment, "own");
    assert_eq!(event.tag("environment"), Some("own"));
}

#[test]
fn a_release_tag_of_the_sender_counts_where_the_event_names_none() {
    let event = inline(&with_event(json!({"tags": {"sentry:release": "2.0"}})));
    assert_eq!(event.release.as_deref(), Some("2.0"));
    let event = inline(&with_event(
        json!({"tags": {"sentry:release": "2.0"}, "release": "1.0"}),
    ));
    assert_eq!(event.release.as_deref(), Some("1.0"));
    assert_eq!(event.tag("sentry:release"), Some("1.0"));
    let event = inline(&with_event(json!({"tags": {"sentry:release": "latest"}})));
    assert_eq!(event.release, None);
}

#[test]
fn tag_values_that_are_no_texts_are_kept_as_json() {
    let event = inline(&with_event(
        json!({"tags": {"n": 5, "flag": true, "list": [1, "a"]}}),
    ));
    assert_eq!(event.tag("n"), Some("5"));
    assert_eq!(event.tag("flag"), Some("true"));
    assert_eq!(event.tag("list"), Some("[1,\"a\"]"));
}

#[test]
fn the_culprit_comes_from_the_event() {
    let frames = json!({"frames": [{"module": "shop", "function": "pay", "in_app": true}]});
    let url = json!({"url": "http://shop/pay"});
    let culprit = |members: Value| inline(&with_event(members)).culprit;
    assert_eq!(
        culprit(json!({"transaction": "/t", "stacktrace": frames, "request": url})),
        "/t"
    );
    assert_eq!(
        culprit(json!({"stacktrace": frames, "request": url})),
        "shop in pay"
    );
    assert_eq!(
        culprit(json!({"platform": "node", "stacktrace": frames})),
        "pay(shop)"
    );
    assert_eq!(culprit(json!({"request": url})), "http://shop/pay");
    assert_eq!(
        culprit(json!({"culprit": "the event's own word is discarded"})),
        ""
    );
}

#[test]
fn the_stored_body_is_the_normalised_event() {
    let event = inline(&with_event(json!({
        "received": "1999-01-01T00:00:00Z",
        "tags": [["k", "v"]],
        "breadcrumbs": {"values": [{"message": "m"}]},
        "contexts": {"trace": {"op": "db"}},
        "debug_meta": {"images": []},
        "extra": {"e": 1},
        "modules": {"django": "1.0"},
        "request": null,
        "release": "1.0",
        "environment": "prod",
        "dist": "7",
        "sdk": {"name": "sentry.python", "version": "1.0.0"},
        "server_name": "host",
        "stacktrace": {"frames": []},
        "trace_id": "t",
        "transaction": "/t",
        "user": {"id": "7"},
        // None of these survives.
        "exception": {"values": []}, "logentry": {"message": "m"}, "message": "m", "logger": "l", "title": "t",
        "fingerprint": ["f"], "culprit": "c", "threads": [], "metadata": {"a": 1}, "type": "error", "unheard_of": 1,
    })));
    assert_eq!(
        event.sdk,
        Some(("sentry.python".to_owned(), "sentry.python".to_owned()))
    );
    let mut body = body(&event);
    let length = body["_metrics"]["bytes.stored.event"].take();
    assert!(length.as_u64().unwrap() > 500, "{length}");
    assert_eq!(
        body,
        json!({
            "event_id": EVENT_ID,
            "project": 1,
            "type": "generic",
            "level": "warning",
            "platform": "python",
            "timestamp": 1_723_463_940.0,
            "received": 1_723_464_000.0,
            "title": "segfault",
            "culprit": "/t",
            "location": null,
            "metadata": {"title": "segfault"},
            "tags": [
                ["k", "v"], ["level", "warning"], ["environment", "prod"], ["transaction", "/t"],
                ["sentry:release", "1.0"], ["sentry:dist", "7"], ["sentry:user", "id:7"],
            ],
            "transaction": "/t",
            "environment": "prod",
            "release": "1.0",
            "dist": "7",
            "server_name": "host",
            "user": {"id": "7"},
            "sdk": {"name": "sentry.python", "version": "1.0.0"},
            "contexts": {"trace": {"op": "db"}},
            "breadcrumbs": {"values": [{"message": "m"}]},
            "stacktrace": {"frames": []},
            "modules": {"django": "1.0"},
            "extra": {"e": 1},
            "debug_meta": {"images": []},
            "trace_id": "t",
            "_metrics": {"bytes.stored.event": null},
            "nodestore_insert": 1_723_464_000.0,
        })
    );
}

#[test]
fn an_event_without_a_title_is_untitled() {
    let event = inline(&with("/issue_title", json!(null)));
    assert_eq!(event.metadata["title"], Value::Null);
    assert_eq!(body(&event)["title"], "<untitled>");
    assert_eq!(body(&event)["metadata"], json!({"title": null}));
}

#[test]
fn a_bare_list_of_breadcrumbs_is_wrapped() {
    let event = inline(&with_event(json!({"breadcrumbs": [{"message": "m"}]})));
    assert_eq!(
        body(&event)["breadcrumbs"],
        json!({"values": [{"message": "m"}]})
    );
}

#[test]
fn nuls_are_removed_from_the_event() {
    let event = inline(&with_event(json!({
        "tags": {"k\u{0}": "v\u{0}"}, "release": "1\u{0}.0", "transaction": "/\u{0}t", "extra": {"\u{0}e": ["\u{0}"]},
        "platform": "py\u{0}thon",
    })));
    assert_eq!(event.tag("k"), Some("v"));
    assert_eq!(event.release.as_deref(), Some("1.0"));
    assert_eq!(
        (event.culprit.as_str(), event.platform.as_str()),
        ("/t", "python")
    );
    assert!(!body(&event).to_string().contains("\\u0000"));
}

#[test]
fn an_inline_event_has_facts_of_what_is_stored_only() {
    let mut message = message();
    message["event"]["tags"] = json!({"region": "eu"});
    message["event"]["logger"] = json!("not stored");
    message["event"]["exception"] = json!({"values": [{"type": "not stored"}]});
    message["event"]["user"] = json!({"id": "7", "email": "a@example.org"});
    message["event"]["stacktrace"] = json!({"frames": [{"module": "m", "function": "F"}]});
    let facts = inline(&message).facts;
    let json: Value = serde_json::from_str(&facts.json).unwrap();
    assert_eq!(json.get("logger"), None);
    assert_eq!(json["tags"]["sentry:user"], "id:7");
    assert_eq!(json["user.email"], "a@example.org");
    assert_eq!(json["level"], "warning");
    assert_eq!(json["error.received"], 1_723_464_000_000_000_i64);
    assert_eq!(facts.message.as_ref().unwrap().text, "segfault");
    assert_eq!(facts.message.as_ref().unwrap().facts, None);
    assert_eq!(facts.stack.as_ref().unwrap().text, "m in f\nf\nm");
}

#[test]
fn a_light_event_has_facts_of_its_tags_and_its_occurrence() {
    let mut message = with("/is_buffered_spans", json!(true));
    message["event"]["tags"] = json!([["region", "eu"], ["environment", "prod"]]);
    message["event"]["user"] = json!({"id": "not stored"});
    let decoded = kept(&message);
    let EventPath::Light(event) = decoded.event else {
        panic!("not a light event")
    };
    let json: Value = serde_json::from_str(&event.facts.json).unwrap();
    assert_eq!(
        json,
        json!({"tags": {"region": "eu", "environment": "prod"}, "level": "warning", "platform.name": "python",
            "type": "default", "title": "segfault"})
    );
    let occurrence = read_stored_occurrence(&decoded.occurrence_json).unwrap();
    let read = stored_light_facts(
        &occurrence,
        event.tags.clone(),
        event.environment.clone(),
        event.release.clone(),
    );
    let mut later: Value = serde_json::from_str(&read.json).unwrap();
    later["platform.name"] = json!("python");
    assert_eq!(later, json, "but for the platform, which is not stored");
    assert_eq!(read.message, event.facts.message);
}
