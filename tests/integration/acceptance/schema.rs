//! The body of an event has to fit one of two schemas (occurrences spec, section 3.3).

use super::world::*;
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::{Value, json};

const CURRENT: &str = "occurrence_ingest.event_payload_invalid";
const LEGACY: &str = "occurrence_ingest.legacy_event_payload_invalid";

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

pub async fn the_current_schema_is_tried_first(world: &World) {
    let mut desk = world.desk().await;
    let fits = [
        cron("a").with("event.timestamp", 1_777_887_000),
        cron("b").without("event.tags"),
        cron("c").with(
            "event.tags",
            json!([["k", "v"], null, [null, "v"], ["k", null]]),
        ),
        cron("d").with("event.debug_meta", json!({"images": [{}, null]})),
        cron("e").with("event.level", "anything at all"),
        cron("f").with("event.surprise", json!({"a": 1})),
        cron("g").with("event.trace_id", 5),
        cron("h").without("event.received"),
        cron("i").with("event.received", Value::Null),
        cron("j").with(
            "event.sdk",
            json!({"name": null, "version": "x", "packages": [1], "more": 1}),
        ),
    ];
    let count = fits.len();
    desk.send(fits).await;
    assert_eq!(desk.issues().await.len(), count);
    assert_eq!((desk.counted(CURRENT), desk.counted(LEGACY)), (None, None));
}

pub async fn the_legacy_schema_lets_pass_what_the_current_one_refuses(world: &World) {
    let mut desk = world.desk().await;
    let event_id = "00000000000040008000000000000005";
    let fits = [
        cron("a")
            .event_id(event_id)
            .with("event.tags", json!({"size": 5, "deep": [1]})),
        cron("b").with("event.breadcrumbs", json!([{}])),
        cron("c").with(
            "event.sdk",
            json!({"name": "s", "version": "1.2.3", "packages": {}}),
        ),
        cron("d").with("event.dist", json!({"dist": "7", "release": "1"})),
    ];
    desk.send(fits).await;
    assert_eq!(desk.issues().await.len(), 4);
    assert_eq!(
        (desk.counted(CURRENT), desk.counted(LEGACY)),
        (Some(4), None)
    );
    assert_eq!(desk.counted_with(CURRENT, "occurrence_type", "4001"), 4);
    let tags = desk.event(event_id).await.unwrap()["tags"].clone();
    let tag = |key: &str| {
        let pairs = tags.as_array().unwrap().iter();
        let mut found = pairs
            .filter(|pair| pair[0] == key)
            .map(|pair| pair[1].clone());
        found.next().unwrap()
    };
    assert_eq!((tag("size"), tag("deep")), (json!("5"), json!("[1]")));
}

pub async fn what_fits_neither_is_refused(world: &World) {
    let refused = [
        cron("a").without("event.timestamp"),
        cron("a").with("event.timestamp", Value::Null),
        cron("a").with("event.timestamp", true),
        cron("a").without("event.platform"),
        cron("a").with("event.platform", 0),
        cron("a").with("event.tags", "x"),
        cron("a").with("event.tags", json!([["only"]])),
        cron("a")
            .with("event.tags", json!({"size": 5}))
            .with("event.timestamp", 5),
        cron("a")
            .with("event.tags", json!({"size": 5}))
            .with("event.environment", ""),
        cron("a")
            .with("event.tags", json!({"size": 5}))
            .with("event.trace_id", 5),
        cron("a").with("event.environment", 5),
        cron("a").with("event.release", json!([])),
        cron("a").with("event.extra", json!([])),
        cron("a").with("event.modules", json!({"m": 5})),
        cron("a").with("event.contexts", json!({"os": "linux"})),
        cron("a").with("event.breadcrumbs", json!({"values": 5})),
        cron("a").with("event.debug_meta", json!({"images": [5]})),
        cron("a").with("event.sdk", json!({"name": "s"})),
        cron("a").with(
            "event.sdk",
            json!({"name": "s", "version": "1.02.3", "packages": {}}),
        ),
        cron("a").with("event.stacktrace", json!({"frames": [5]})),
        cron("a").with("event.request", "GET /"),
        cron("a").with("event.user", json!({"id": 5})),
        cron("a").with("event.dist", json!({"dist": 5, "release": "1"})),
    ];
    let mut desk = world.desk().await;
    for message in refused {
        desk.0.forget_counts();
        desk.send([message.clone()]).await;
        assert_eq!(
            desk.dropped().await,
            reasons([("invalid_event_schema", 1)]),
            "{message:?}"
        );
        assert_eq!(
            (desk.counted(CURRENT), desk.counted(LEGACY)),
            (Some(1), Some(1))
        );
        assert_eq!(desk.counted("occurrence_ingest.messages"), None);
    }
    assert_eq!(desk.stored().await, (0, 0));
}

/// What an occurrence's event cannot say, whatever was sent, and what it says by itself.
pub async fn only_known_members_survive(world: &World) {
    let mut desk = world.desk().await;
    let event_id = "00000000000040008000000000000006";
    let message = cron("jam")
        .event_id(event_id)
        .title("Out of paper")
        .level("warning")
        .with("event.level", "fatal")
        .with("event.fingerprint", json!(["mine"]))
        .with("event.exception", json!({"values": []}))
        .with("event.message", "hello")
        .with("event.logentry", json!({"formatted": "hello"}))
        .with("event.culprit", "mine")
        .with("event.title", "mine")
        .with("event.type", "transaction")
        .with("event.extra", json!({"ink": 3}))
        .with("event.contexts", json!({"os": {"name": "plan9"}}))
        .with("event.modules", json!({"ink": "1"}));
    desk.send([message]).await;
    let body = desk.event(event_id).await.unwrap();
    for gone in ["fingerprint", "exception", "message", "logentry"] {
        assert_eq!(body.get(gone), None, "{gone}");
    }
    assert_eq!(body["type"], "generic");
    assert_eq!(body["level"], "warning");
    assert_eq!(body["title"], "Out of paper");
    assert_eq!(body["metadata"], json!({"title": "Out of paper"}));
    assert_eq!(body["culprit"], "");
    assert_eq!(body["extra"], json!({"ink": 3}));
    assert_eq!(body["contexts"]["os"]["name"], "plan9");
    assert_eq!(body["received"], 1_777_888_800.0, "when it is processed");
    assert_eq!(desk.issue("jam").await.message, "Out of paper tray two");
}
