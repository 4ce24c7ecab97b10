//! What a further occurrence changes of its issue (occurrences spec, section 14).

use super::world::*;
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::{Value, json};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

pub async fn times_and_counts_follow_every_occurrence(world: &World) {
    let mut desk = world.desk().await;
    for (at, first, last) in [
        ("09:00:00", "09:00:00", "09:00:00"),
        ("08:00:00", "08:00:00", "09:00:00"),
        ("08:30:00", "08:00:00", "09:00:00"),
        ("09:30:00", "08:00:00", "09:30:00"),
        ("09:30:00", "08:00:00", "09:30:00"),
    ] {
        desk.send([cron("a").at(at)]).await;
        let issue = desk.issue("a").await;
        assert_eq!(
            (issue.first_seen, issue.last_seen),
            (time(first), time(last)),
            "{at}"
        );
        assert_eq!(
            issue.active_at,
            time("09:00:00"),
            "stays at the first that came"
        );
    }
    let issue = desk.issue("a").await;
    assert_eq!(issue.times_seen, 5);
    // log10(5) · 600 = 419.38
    assert_eq!(issue.score(), time("09:30:00").timestamp() + 419);
    assert_eq!(issue.data["last_received"], "2026-05-04T09:30:00.000000Z");
}

/// Level and culprit are those of the last occurrence, also where it names none.
pub async fn level_and_culprit_are_replaced(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").level("error").culprit("print.go")])
        .await;
    desk.send([cron("a").level("fatal").culprit("scan.go")])
        .await;
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.level.as_str(), issue.culprit.as_str()),
        ("fatal", "scan.go")
    );
    assert_eq!(issue.message, "Printer on fire tray two scan.go");
    desk.send([cron("a")]).await;
    let issue = desk.issue("a").await;
    assert_eq!((issue.level.as_str(), issue.culprit.as_str()), ("info", ""));
    assert_eq!(issue.data["culprit"], "");
}

pub async fn some_columns_never_change(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a").release("1.0").priority(50)])
        .await;
    let before = desk.issue("a").await;
    desk.send([occurrence("a")
        .group_type(1010)
        .release("2.0")
        .priority(75)
        .platform("go")])
        .await;
    let after = desk.issue("a").await;
    assert_eq!(after.group_type, before.group_type);
    assert_eq!(after.platform, "ruby");
    assert_eq!(after.priority, before.priority);
    assert_eq!(after.first_release.as_deref(), Some("1.0"));
    assert_eq!(after.active_at, before.active_at);
    assert_eq!(
        after.data["metadata"]["initial_priority"], 75,
        "but this one does"
    );
    assert_eq!(desk.detail("a").await.row.short_id, "SHOP-1");
    // Nothing given is the default of the new type.
    desk.send([occurrence("a").group_type(1018)]).await;
    assert_eq!(
        desk.issue("a").await.data["metadata"]["initial_priority"],
        50
    );
}

/// A title that says nothing does not take the place of one that does.
pub async fn titles_that_say_nothing_give_way(world: &World) {
    let cases: [(Value, Value, &str); 10] = [
        (json!("jam"), json!("fire"), "fire"),
        (json!("jam"), json!("Error"), "jam"),
        (json!("jam"), json!("<untitled>"), "jam"),
        (json!("jam"), json!("<unknown>"), "jam"),
        (json!("jam"), json!("<unlabeled event>"), "jam"),
        (json!("jam"), json!(""), "jam"),
        (json!("jam"), Value::Null, "jam"),
        (json!("jam"), json!("error"), "error"),
        (json!("Error"), json!("<unknown>"), "<unknown>"),
        (json!("<unknown>"), json!("jam"), "jam"),
    ];
    let mut desk = world.desk().await;
    for (place, (first, second, expected)) in cases.into_iter().enumerate() {
        let name = place.to_string();
        let titled = |title: &Value| cron(&name).with("issue_title", title.clone());
        desk.send([titled(&first)]).await;
        desk.send([titled(&second)]).await;
        let issue = desk.issue(&name).await;
        assert_eq!(issue.title(), expected, "{first} then {second}");
        assert_eq!(issue.data["title"], expected, "{first} then {second}");
    }
}

/// The message is that of the last occurrence, unless that says nothing or came with a transaction.
pub async fn the_message_follows_if_it_says_something(world: &World) {
    let mut desk = world.desk().await;
    let bare = |name: &str, title: &str| cron(name).title(title).with("subtitle", Value::Null);
    desk.send([bare("a", "jam")]).await;
    for (title, expected) in [
        ("fire", "fire"),
        ("", "fire"),
        ("Error", "fire"),
        ("<unlabeled event>", "fire"),
        ("Errors", "Errors"),
    ] {
        desk.send([bare("a", title)]).await;
        assert_eq!(desk.issue("a").await.message, expected, "{title}");
    }
    let event = "00000000000040008000000000000f01";
    desk.store_event(json!({
        "event_id": event, "project_id": 1, "type": "transaction", "timestamp": "2026-05-04T09:00:00Z",
        "transaction": "/pay",
    }))
    .await;
    desk.send([bare("a", "another").of_event(event)]).await;
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.message.as_str(), issue.title()),
        ("Errors", "another")
    );
    assert_eq!(issue.data["type"], "transaction");
}

/// Data is merged key by key, metadata one level deeper.
pub async fn data_is_merged(world: &World) {
    let features =
        ["ingest", "post-process-group"].map(|what| format!("organizations:feedback-{what}"));
    let mut desk = world.with(|config| config.features = features.into()).await;
    let feedback = |data: Value| occurrence("a").group_type(6001).evidence(data);
    desk.send([feedback(json!({"name": "Ann", "source": "s"}))
        .with("event.sdk", json!({"name": "sentry.go", "version": "1"}))])
        .await;
    desk.send([feedback(json!({"message": "again"})).subtitle("tray three")])
        .await;
    let metadata = desk.issue("a").await.data["metadata"].clone();
    let expected = json!({
        "title": "Printer on fire", "value": "tray three", "initial_priority": 50, "contact_email": null,
        "message": "again", "name": null, "source": null,
        "sdk": {"name": "sentry.go", "name_normalized": "sentry.go"},
    });
    assert_eq!(metadata, expected);
}

/// A looked-up event brings its own type and place.
pub async fn the_type_of_the_event_follows(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    assert_eq!(desk.issue("a").await.data["type"], "generic");
    desk.send([cron("a").light()]).await;
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.data["type"].as_str(), issue.title()),
        (Some("default"), "Printer on fire")
    );
}

/// An issue that a batch opens and meets again is the same as one that two batches meet.
pub async fn a_batch_updates_what_it_opened(world: &World) {
    let messages = || {
        [
            cron("a")
                .at("09:00:00")
                .level("error")
                .culprit("one")
                .release("1.0"),
            cron("a").at("08:00:00").title("Error").user("u"),
            cron("a").at("09:30:00").culprit("two").level("warning"),
        ]
    };
    let mut together = world.desk().await;
    together.send(messages()).await;
    let mut apart = world.serial().await;
    apart.send(messages()).await;
    let (one, other) = (together.state("a").await, apart.state("a").await);
    assert_eq!(one.issue.data, other.issue.data);
    assert_eq!(together.issues().await, apart.issues().await);
    assert_eq!(together.stored().await, apart.stored().await);
}
