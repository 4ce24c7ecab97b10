//! From a message to its event, on three ways, and what is stored on them (occurrences spec, sections 4.1, 5 and 6).

use super::world::*;
use picket_tests::scenario::messages::occurrence;
use serde_json::{Value, json};

const EVENT: &str = "00000000000040008000000000000e01";
const OTHER: &str = "00000000000040008000000000000e02";

fn ingest(slug: &str) -> String {
    format!("organizations:{slug}-ingest")
}

fn post_process(slug: &str) -> String {
    format!("organizations:{slug}-post-process-group")
}

pub async fn an_unreleased_type_needs_its_feature(world: &World) {
    const DROPPED: &str = "occurrence_ingest.dropped_feature_disabled";
    let mut desk = world.desk().await;
    desk.send([
        occurrence("a").group_type(2001),
        occurrence("a").group_type(1016).light(),
        occurrence("b").group_type(2007),
    ])
    .await;
    assert_eq!(desk.dropped().await, reasons([("feature_disabled", 2)]));
    assert_eq!(desk.counted_with(DROPPED, "occurrence_type", "2001"), 1);
    assert_eq!(desk.counted("occurrence_ingest.messages"), Some(3));
    assert_eq!(desk.stored().await, (1, 1), "of the released one");
    assert_eq!(desk.stand("b").await, NEW);

    let slug = "profile-file-io-main-thread";
    let features = [ingest(slug), post_process(slug)];
    let mut desk = world.with(|config| config.features = features.into()).await;
    desk.send([occurrence("a").group_type(2001)]).await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (NEW, Some("new"))
    );
    desk.send([occurrence("b").group_type(2002)]).await;
    assert_eq!(desk.dropped().await, reasons([("feature_disabled", 1)]));
}

/// Without post-processing an issue stays ongoing and out of the inbox, also when it comes back or escalates.
pub async fn without_post_processing_nothing_follows(world: &World) {
    use picket_core::triage::{ArchiveUntil, IssueChange};
    let features = [ingest("replay-click-dead")];
    let mut desk = world.with(|config| config.features = features.into()).await;
    let click = |time: &str| occurrence("click").group_type(5001).at(time);
    desk.send([click("09:00:00")]).await;
    assert_eq!(
        (desk.stand("click").await, desk.inbox("click").await),
        (ONGOING, None)
    );
    desk.change("click", IssueChange::Resolve).await;
    desk.send([click("09:30:00")]).await;
    assert_eq!(
        (desk.stand("click").await, desk.inbox("click").await),
        (REGRESSED, None)
    );
    let twice = ArchiveUntil {
        count: Some(2),
        ..ArchiveUntil::default()
    };
    desk.change("click", IssueChange::ArchiveUntil(twice)).await;
    desk.send([click("09:31:00"), click("09:32:00"), click("09:33:00")])
        .await;
    assert_eq!(desk.stand("click").await, UNTIL_CONDITION_MET);
}

pub async fn a_light_event_is_not_stored(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a").light().platform("genesis").event_id(EVENT)])
        .await;
    assert_eq!(desk.stored().await, (0, 1));
    assert_eq!(desk.event(EVENT).await, None);
    let issue = desk.issue("a").await;
    assert_eq!(issue.platform, "genesis", "taken as it comes");
    assert_eq!(issue.message, "Printer on fire tray two");
    assert_eq!(issue.data["type"], "default");
    assert_eq!(issue.title(), "Printer on fire");

    desk.send([occurrence("b").with("is_buffered_spans", "true")])
        .await;
    desk.send([occurrence("c").with("is_buffered_spans", 1)])
        .await;
    assert_eq!(desk.stored().await, (2, 3), "only true is true");
}

/// Releases and environments of a light event stand in its tags, else in its body; it adds no release.
pub async fn a_light_event_belongs_where_its_tags_say(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("seed").release("shop@1.0.0").environment("prod")])
        .await;
    let light = |name: &str| occurrence(name).group_type(4001).light();
    let tags = json!({"sentry:release": "shop@1.0.0", "environment": "tags"});
    desk.send([
        light("tags")
            .with("event.tags", tags)
            .release("shop@2.0.0")
            .environment("body"),
        light("pairs").with(
            "event.tags",
            json!([["environment", "pair"], null, ["k", null]]),
        ),
        light("body").release("shop@1.0.0").environment("body"),
        light("unknown").release("shop@9.0.0"),
        light("null").without("event.tags"),
    ])
    .await;
    let found = async |name: &str| {
        let detail = desk.detail(name).await;
        (desk.issue(name).await.first_release, detail.environments)
    };
    let known = || Some("shop@1.0.0".to_owned());
    assert_eq!(found("tags").await, (known(), vec!["tags".to_owned()]));
    assert_eq!(found("pairs").await, (None, vec!["pair".to_owned()]));
    assert_eq!(found("body").await, (known(), vec!["body".to_owned()]));
    assert_eq!(found("unknown").await, (None, vec![String::new()]));
    assert_eq!(found("null").await, (None, vec![String::new()]));
    let tags = desk.newest("tags").await.tags;
    assert!(
        tags.iter()
            .any(|tag| tag.key == "environment" && tag.value == "tags")
    );
}

pub async fn an_inline_event_is_stored_as_generic(world: &World) {
    let mut desk = world.desk().await;
    let message = occurrence("a")
        .event_id(EVENT)
        .platform("genesis")
        .release("shop@1.0.0")
        .environment("prod")
        .user("u-5")
        .with("event.transaction", "/print")
        .with("event.dist", "7")
        .with("event.server_name", "web-1")
        .with(
            "event.tags",
            json!({"release": "mine", "dist": "mine", "user": "mine", "b": "2", "a": "1"}),
        );
    desk.send([message]).await;
    assert_eq!(desk.stored().await, (1, 1));
    let issue = desk.issue("a").await;
    assert_eq!(issue.platform, "other");
    assert_eq!(issue.first_release.as_deref(), Some("shop@1.0.0"));
    let body = desk.event(EVENT).await.unwrap();
    assert_eq!(body["type"], "generic");
    assert_eq!(body["culprit"], "/print");
    let pairs: Vec<(String, String)> = serde_json::from_value(body["tags"].clone()).unwrap();
    let value = |key: &str| {
        let mut found = pairs.iter().filter(|(tag, _)| tag == key);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{key} is there once");
        value
    };
    assert_eq!(value("sentry:release"), Some("shop@1.0.0"));
    assert_eq!(value("sentry:dist"), Some("7"));
    assert_eq!(value("sentry:user"), Some("id:u-5"));
    assert_eq!(value("environment"), Some("prod"));
    assert_eq!(value("transaction"), Some("/print"));
    assert_eq!(value("level"), Some("info"));
    for replaced in ["release", "dist", "user"] {
        assert_eq!(value(replaced), None, "{replaced}");
    }
}

pub async fn differing_ids_store_nothing(world: &World) {
    let mut desk = world.desk().await;
    let differing = |name: &str| occurrence(name).with("event_id", OTHER);
    desk.send([differing("a"), differing("b").light()]).await;
    assert_eq!(desk.dropped().await, reasons([("invalid_payload", 2)]));
    assert_eq!(desk.stored().await, (0, 0));
}

fn transaction(id: &str, time: &str) -> Value {
    json!({
        "event_id": id, "project_id": 1, "type": "transaction", "timestamp": time, "platform": "python",
        "transaction": "/checkout", "environment": "night", "release": "shop@3.0.0",
        "metadata": {"dogs": "great"},
    })
}

pub async fn a_look_up_takes_what_is_stored(world: &World) {
    let mut desk = world.desk().await;
    let time_of_event = "2026-03-01T08:00:00Z";
    desk.send([occurrence("a").of_event(EVENT)]).await;
    assert_eq!(desk.dropped().await, reasons([("event_lookup_failed", 1)]));
    assert_eq!(desk.stored().await, (0, 0));

    desk.store_event(transaction(EVENT, time_of_event)).await;
    assert_eq!(desk.stored().await, (1, 0));
    desk.send([
        occurrence("a").of_event(EVENT),
        occurrence("b").of_event(EVENT).light(),
    ])
    .await;
    assert_eq!(desk.stored().await, (1, 2));
    for name in ["a", "b"] {
        let issue = desk.issue(name).await;
        assert_eq!(
            issue.first_seen,
            time(time_of_event),
            "not held to the clock"
        );
        assert_eq!(issue.platform, "python");
        assert_eq!(issue.data["type"], "transaction");
        assert_eq!(issue.data["location"], "/checkout");
        assert_eq!(issue.data["metadata"]["dogs"], "great");
        assert_eq!(issue.title(), "Printer on fire");
        assert_eq!(issue.culprit, "", "never the event's");
        assert_eq!(issue.first_release.as_deref(), Some("shop@3.0.0"));
        assert_eq!(desk.detail(name).await.environments, ["night"]);
        // Title of the event, its location and culprit, then what the occurrence says.
        assert_eq!(issue.message, "/checkout great Printer on fire tray two");
    }
    // The other project has no such event.
    desk.send([occurrence("a").of_event(EVENT).project(2)])
        .await;
    let expected = reasons([("event_lookup_failed", 2)]);
    assert_eq!(desk.dropped().await, expected);
}

/// The mix of frames that grouping found in an error is counted where it opens an issue, and is no text.
pub async fn the_mix_of_frames_is_counted(world: &World) {
    let mut desk = world.desk().await;
    desk.store_event(json!({
        "event_id": EVENT, "project_id": 1, "type": "error", "timestamp": "2026-05-04T09:00:00Z", "platform": "python",
        "metadata": {"in_app_frame_mix": "mixed", "type": "ValueError", "value": "no ink", "depth": 3, "late": true,
            "none": null, "list": ["a"]},
    }))
    .await;
    desk.send([
        occurrence("a").of_event(EVENT),
        occurrence("a").of_event(EVENT),
    ])
    .await;
    let counter = "grouping.in_app_frame_mix";
    assert_eq!(desk.counted(counter), Some(1));
    assert_eq!(desk.counted_with(counter, "frame_mix", "mixed"), 1);
    let message = desk.issue("a").await.message;
    assert_eq!(
        message,
        "ValueError no ink [\"a\"] Printer on fire tray two"
    );
}

/// A look-up sees what was stored before it in its batch.
pub async fn a_look_up_finds_an_event_of_its_batch(world: &World) {
    let mut desk = world.desk().await;
    let later = occurrence("b").of_event(OTHER);
    desk.send([
        occurrence("a").event_id(EVENT).at("08:00:00"),
        occurrence("b").of_event(EVENT),
        later,
        occurrence("c").event_id(OTHER),
    ])
    .await;
    assert_eq!(desk.issue("b").await.first_seen, time("08:00:00"));
    assert_eq!(desk.dropped().await, reasons([("event_lookup_failed", 1)]));
}

/// What is dropped after the event was found is stored all the same.
pub async fn what_is_dropped_late_is_stored(world: &World) {
    let mut desk = world.desk().await;
    let slow = |name: &str| occurrence(name).group_type(1006);
    desk.send([slow("noise")]).await;
    assert_eq!(desk.stored().await, (1, 1));
    assert_eq!(desk.issues().await.len(), 0);
    desk.send([occurrence("cpu"), occurrence("cpu").group_type(4001)])
        .await;
    assert_eq!(desk.stored().await, (3, 3));
    let expected = reasons([("category_mismatch", 1), ("noise_reduction", 1)]);
    assert_eq!(desk.dropped().await, expected);
    assert_eq!(desk.times_seen("cpu").await, 1);
    for name in ["1", "2", "3", "4", "5", "6"] {
        desk.send([occurrence(name)]).await;
    }
    assert_eq!(desk.stored().await, (9, 9));
    assert_eq!(desk.issues().await.len(), 5);
}

/// The same occurrence again takes the place of the one that is stored.
pub async fn an_id_is_stored_once(world: &World) {
    let mut desk = world.serial().await;
    let again = |time: &str| occurrence("a").id(OTHER).event_id(EVENT).at(time);
    desk.send([again("08:00:00"), again("09:00:00")]).await;
    assert_eq!(desk.stored().await, (1, 1));
    assert_eq!(desk.times_seen("a").await, 2);
    assert_eq!(desk.newest("a").await.total, 1.0);
}

/// What of an event goes into its body as the culprit: the transaction, else the stack trace, else the request.
pub async fn the_culprit_of_an_event_is_computed(world: &World) {
    let cron = || occurrence("").group_type(4001);
    let frames = |frames: Value| cron().with("event.stacktrace", json!({ "frames": frames }));
    let in_app = json!({"module": "m", "filename": "f.rb", "function": "go", "in_app": true});
    let lib = json!({"filename": "lib.rb", "function": null, "in_app": false});
    let long = "x".repeat(300);
    let cut = format!("{}...", "x".repeat(197));
    let cases = [
        (cron(), ""),
        (frames(json!([in_app, lib])), "m in go"),
        (frames(json!([lib])), "lib.rb in ?"),
        (frames(json!([in_app])).platform("node"), "go(m)"),
        (frames(json!([in_app])).platform("cocoa"), "go"),
        (frames(json!([{"function": "go", "in_app": true}])), ""),
        (
            cron().with("event.request", json!({"url": "http://shop.example/pay"})),
            "http://shop.example/pay",
        ),
        (cron().with("event.transaction", long.clone()), &long),
        (frames(json!([{"module": long, "function": "go"}])), &cut),
    ];
    let mut desk = world.desk().await;
    for (place, (message, expected)) in cases.into_iter().enumerate() {
        let (name, id) = (place.to_string(), format!("{:032x}", 0x4000_8000 + place));
        desk.send([message.with("fingerprint", json!([name])).event_id(&id)])
            .await;
        assert_eq!(
            desk.event(&id).await.unwrap()["culprit"],
            expected,
            "{place}"
        );
        assert_eq!(desk.issue(&name).await.culprit, "");
    }
}
