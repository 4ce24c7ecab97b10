//! What is done with each record, in batches and one by one (occurrences spec, sections 1, 2.1 and 2.2).

use super::world::*;
use picket_core::store::Ending;
use picket_tests::scenario::Step;
use picket_tests::scenario::messages::{occurrence, status_change};
use serde_json::{Value, json};

const BATCH_COUNT: &str = "occurrence_consumer.checkin.parallel_batch_count";
const BATCH_GROUPS: &str = "occurrence_consumer.checkin.parallel_batch_groups";
const INVALID_TYPE: &str = "occurrence_consumer._process_message.dropped_invalid_payload_type";

pub async fn a_message_becomes_an_issue_and_garbage_stops_nothing(world: &World) {
    let mut desk = world.serial().await;
    desk.send([occurrence("jam")]).await;
    for garbage in [
        &b"{"[..],
        b"[]",
        &[0xff, 0xfe],
        b"",
        b"NaN",
        b"\"text\"",
        b"null",
    ] {
        desk.send_bytes(garbage).await;
    }
    let after = occurrence("jam");
    desk.send([after.clone(), after]).await;
    assert_eq!(
        desk.times_seen("jam").await,
        3,
        "nothing is recognised here"
    );
    let expected = reasons([("invalid_json", 4), ("invalid_payload", 3)]);
    assert_eq!(desk.dropped().await, expected);
    assert_eq!(desk.counted(BATCH_COUNT), None);
}

pub async fn a_batch_is_sorted_by_project_and_fingerprint(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("1"), occurrence("2"), occurrence("2")])
        .await;
    assert_eq!(desk.counted(BATCH_COUNT), Some(3));
    assert_eq!(desk.counted(BATCH_GROUPS), Some(2));

    desk.send([occurrence("1"), occurrence("1").project(2)])
        .await;
    assert_eq!(desk.counted(BATCH_GROUPS), Some(2));
    let issues = desk.issues().await;
    let seen: Vec<_> = issues
        .iter()
        .map(|issue| (issue.project_id, issue.short_id, issue.times_seen))
        .collect();
    assert_eq!(seen, [(1, 1, 2), (1, 2, 2), (2, 1, 1)]);
}

/// A bare text is its own first part; what has no part that is a text shares one bucket.
pub async fn the_first_part_decides_the_bucket(world: &World) {
    let mut desk = world.desk().await;
    desk.send([
        occurrence("a"),
        occurrence("a").with("fingerprint", "a"),
        occurrence("a").with("fingerprint", json!(["a", "b"])),
        occurrence("b"),
    ])
    .await;
    assert_eq!(desk.counted(BATCH_GROUPS), Some(2));
    assert_eq!(desk.times_seen("a").await, 3);

    let odd = [
        json!(null),
        json!([]),
        json!(""),
        json!([5]),
        json!({"a": 1}),
    ];
    desk.send(odd.map(|fingerprint| occurrence("a").with("fingerprint", fingerprint)))
        .await;
    assert_eq!(desk.counted(BATCH_GROUPS), Some(1));
    assert_eq!(desk.dropped().await, reasons([("invalid_payload", 5)]));
}

pub async fn what_cannot_be_read_leaves_the_rest_of_its_batch_alone(world: &World) {
    let mut desk = world.desk().await;
    desk.send_bytes(occurrence("jam").bytes()).await;
    desk.send_bytes(&b"{\"id\": "[..]).await;
    desk.send_bytes(occurrence("jam").without("fingerprint").bytes())
        .await;
    desk.send_bytes(&b"[1]"[..]).await;
    desk.send([occurrence("jam").with("id", 5), occurrence("jam")])
        .await;
    assert_eq!(desk.times_seen("jam").await, 2);
    assert_eq!(desk.counted(BATCH_COUNT), Some(6));
    assert_eq!(desk.counted(BATCH_GROUPS), Some(1));
    let expected = reasons([("invalid_json", 1), ("invalid_payload", 3)]);
    assert_eq!(desk.dropped().await, expected);
}

/// In a batch the missing fingerprint comes first; alone, the unknown type does.
pub async fn without_a_fingerprint_a_message_has_no_place_in_a_batch(world: &World) {
    let odd = || {
        occurrence("jam")
            .without("fingerprint")
            .with("payload_type", "snapshot")
    };
    let mut desk = world.desk().await;
    desk.send([odd()]).await;
    assert_eq!(desk.dropped().await, reasons([("invalid_payload", 1)]));
    let mut desk = world.serial().await;
    desk.send([odd()]).await;
    assert_eq!(desk.dropped().await, reasons([("invalid_payload_type", 1)]));
}

pub async fn the_payload_type_selects_what_happens(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam").without("payload_type")]).await;
    assert_eq!(desk.stand("jam").await, NEW);
    desk.send([status_change("jam", 1, None)]).await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
    assert_eq!(desk.kept(), [1, 0, 1, 0]);

    desk.send([
        occurrence("jam").with("payload_type", "snapshot"),
        occurrence("jam").with("payload_type", Value::Null),
        occurrence("jam").with("payload_type", "Occurrence"),
        occurrence("jam").with("payload_type", 7),
    ])
    .await;
    assert_eq!(desk.dropped().await, reasons([("invalid_payload_type", 4)]));
    assert_eq!(desk.counted(INVALID_TYPE), Some(4));
    assert_eq!(
        desk.counted_with(INVALID_TYPE, "payload_type", "snapshot"),
        1
    );
    assert_eq!(desk.times_seen("jam").await, 1);
}

/// A whole batch has one processing time.
pub async fn a_batch_ends_when_it_is_full(world: &World) {
    let mut desk = world.with(|config| config.batch_size = 2).await;
    for fingerprint in ["a", "b", "c"] {
        desk.send_bytes(occurrence(fingerprint).bytes()).await;
    }
    assert_eq!(desk.counted(BATCH_COUNT), Some(2));
    assert_eq!(desk.ended(Ending::Created), 2);
    desk.step(Step::Flush).await;
    assert_eq!(desk.counted(BATCH_COUNT), Some(1));
    assert_eq!(desk.issues().await.len(), 3);
}
