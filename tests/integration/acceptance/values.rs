//! What an occurrence and its event make of an issue (occurrences spec, sections 8 and 9).

use super::world::*;
use picket_core::model::Priority;
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::{Value, json};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

pub async fn a_first_occurrence_fills_every_column(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")
        .level("error")
        .culprit("print.go")
        .at("09:12:13.5")])
        .await;
    let issue = desk.issue("a").await;
    assert_eq!((issue.group_type, issue.times_seen), (2007, 1));
    let seen = time("09:12:13.5");
    assert_eq!(
        (issue.first_seen, issue.last_seen, issue.active_at),
        (seen, seen, seen)
    );
    assert_eq!((issue.resolved_at, issue.priority_locked_at), (None, None));
    assert_eq!(
        (issue.level.number(), issue.priority),
        (40, Some(Priority::Low))
    );
    assert_eq!(issue.message, "Printer on fire tray two print.go");
    assert_eq!(issue.culprit, "print.go");
    assert_eq!(issue.platform, "ruby");
    assert_eq!(issue.score(), seen.timestamp());
    let expected = json!({
        "type": "generic",
        "title": "Printer on fire",
        "culprit": "print.go",
        "metadata": {"title": "Printer on fire", "value": "tray two", "initial_priority": 25},
        "location": null,
        "last_received": "2026-05-04T09:12:13.500000Z",
    });
    assert_eq!(Value::Object(issue.data), expected);
}

/// What is part of the message already is not added again.
pub async fn the_message_is_augmented_by_what_it_lacks(world: &World) {
    let mut desk = world.desk().await;
    let cases = [
        (
            cron("a").title("segmentation fault").subtitle("fault"),
            "segmentation fault",
        ),
        (cron("b").subtitle("Fault").title("fault"), "fault Fault"),
        (cron("c").title("").subtitle("only this"), "only this"),
        (
            cron("d")
                .with("issue_title", Value::Null)
                .with("subtitle", Value::Null)
                .culprit("c"),
            "c",
        ),
        (
            cron("e").with("event.transaction", "/print"),
            "Printer on fire /print tray two",
        ),
        (
            cron("f").with("event.transaction", "Printer"),
            "Printer on fire tray two",
        ),
        (
            cron("g").with("event.transaction", "/print").light(),
            "Printer on fire tray two",
        ),
    ];
    for (message, expected) in cases {
        let name = message.0["fingerprint"][0].as_str().unwrap().to_owned();
        desk.send([message]).await;
        assert_eq!(desk.issue(&name).await.message, expected, "{name}");
    }
}

/// The first line, of at most 255 characters.
pub async fn the_message_is_one_short_line(world: &World) {
    let mut desk = world.desk().await;
    let ends = [
        "\n", "\r", "\u{b}", "\u{c}", "\u{1c}", "\u{1d}", "\u{1e}", "\u{85}", "\u{2028}",
        "\u{2029}",
    ];
    for (place, end) in ends.into_iter().enumerate() {
        let name = format!("line {place}");
        desk.send([cron(&name).title(&format!(" \t first{end}second"))])
            .await;
        assert_eq!(desk.issue(&name).await.message, "first", "{end:?}");
    }
    let separated = "\u{1c}\u{1f} \u{a0}first\u{1e}second";
    desk.send([cron("separators").title(separated)]).await;
    assert_eq!(desk.issue("separators").await.message, "first");
    for (name, length, expected) in [("fits", 255, 255), ("is cut", 256, 255)] {
        let title = "é".repeat(length);
        desk.send([cron(name).title(&title).with("subtitle", Value::Null)])
            .await;
        let message = desk.issue(name).await.message;
        assert_eq!(message.chars().count(), expected);
        assert_eq!(message.ends_with("..."), length > 255);
        assert_eq!(
            message.chars().filter(|c| *c == 'é').count(),
            if length > 255 { 252 } else { 255 }
        );
    }
    // An update is cut like the first.
    let long = "z".repeat(300);
    desk.send([cron("fits").title(&format!("{long}\nmore"))])
        .await;
    let expected = format!("{}...", "z".repeat(252));
    assert_eq!(desk.issue("fits").await.message, expected);
}

pub async fn culprit_and_platform_are_cut(world: &World) {
    let mut desk = world.desk().await;
    let (fits, long) = ("ü".repeat(200), "ü".repeat(201));
    let cut = format!("{}...", "ü".repeat(197));
    let platform = "p".repeat(70);
    desk.send([
        cron("a").culprit(&fits),
        cron("b").culprit(&long).light().platform(&platform),
    ])
    .await;
    assert_eq!(desk.issue("a").await.culprit, fits);
    let issue = desk.issue("b").await;
    assert_eq!(
        (&issue.culprit, &issue.data["culprit"]),
        (&cut, &json!(cut))
    );
    assert_eq!(issue.platform, "p".repeat(64), "without dots");
    assert_eq!(
        desk.newest("b").await.culprit,
        long,
        "the occurrence keeps it whole"
    );
}

pub async fn feedback_says_more(world: &World) {
    let features =
        ["ingest", "post-process-group"].map(|what| format!("organizations:feedback-{what}"));
    let mut desk = world.with(|config| config.features = features.into()).await;
    let said = json!({"contact_email": "c@example.org", "message": "it burns", "source": "new_feedback_envelope", "x": 1});
    desk.send([occurrence("a").group_type(6001).evidence(said.clone())])
        .await;
    desk.send([occurrence("b").evidence(said)]).await;
    let metadata = desk.issue("a").await.data["metadata"].clone();
    let expected = json!({
        "title": "Printer on fire", "value": "tray two", "initial_priority": 50, "contact_email": "c@example.org",
        "message": "it burns", "name": null, "source": "new_feedback_envelope",
    });
    assert_eq!(metadata, expected);
    let metadata = desk.issue("b").await.data["metadata"].clone();
    assert_eq!(metadata.get("message"), None);
}

/// A creation also notes the SDK.
pub async fn the_sdk_is_noted_at_creation(world: &World) {
    let mut desk = world.desk().await;
    let sdk = |name: Value| json!({"name": name, "version": "1.2.3"});
    desk.send([
        cron("a").with("event.sdk", sdk(json!("sentry.javascript.react.native"))),
        cron("b").with("event.sdk", sdk(Value::Null)),
        cron("c"),
        cron("d").with("event.sdk", sdk(json!("acme"))),
    ])
    .await;
    let found = async |name: &str| desk.issue(name).await.data["metadata"].get("sdk").cloned();
    let native = "sentry.javascript.react.native";
    assert_eq!(
        found("a").await,
        Some(json!({"name": native, "name_normalized": native}))
    );
    assert_eq!(found("b").await.unwrap()["name"], "unknown");
    assert_eq!(found("c").await, None);
    assert_eq!(
        found("d").await,
        Some(json!({"name": "acme", "name_normalized": "other"}))
    );
    const CREATED: &str = "group.created";
    assert_eq!(desk.counted_with(CREATED, "sdk", native), 1);
    assert_eq!(desk.counted_with(CREATED, "sdk", "other"), 3);
    assert_eq!(desk.counted_with(CREATED, "platform", "ruby"), 4);
    assert_eq!(desk.counted_with(CREATED, "type", "4001"), 4);
}

/// Only the category of an issue binds; its type is that of the first occurrence.
pub async fn an_issue_takes_occurrences_of_its_category(world: &World) {
    let mut desk = world.desk().await;
    desk.send([
        occurrence("a").group_type(1010),
        occurrence("a").group_type(2007),
        occurrence("a").group_type(1006),
    ])
    .await;
    let issue = desk.issue("a").await;
    assert_eq!((issue.group_type, issue.times_seen), (1010, 3));
    desk.send([cron("a"), occurrence("a").group_type(7001)])
        .await;
    assert_eq!(desk.times_seen("a").await, 3);
    let expected = reasons([("category_mismatch", 1), ("feature_disabled", 1)]);
    assert_eq!(desk.dropped().await, expected);
    assert_eq!(desk.stored().await, (4, 4));
}

pub async fn an_untitled_issue_is_called_untitled(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")
        .with("issue_title", Value::Null)
        .with("subtitle", Value::Null)])
        .await;
    let issue = &desk.issues().await[0];
    assert_eq!(
        (issue.title.as_str(), issue.subtitle.as_deref()),
        ("<untitled>", None)
    );
    desk.send([occurrence("a")]).await;
    let issue = &desk.issues().await[0];
    assert_eq!(
        (issue.title.as_str(), issue.subtitle.as_deref()),
        ("Printer on fire", Some("tray two"))
    );
}
