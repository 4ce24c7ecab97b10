//! Messages that come twice (occurrences spec, section 2.4).

use super::world::*;
use chrono::TimeDelta;
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::{Value, json};

const X: &str = "11111111-2222-4333-8444-555555555555";
const Y: &str = "99999999222243338444555555555555";

fn seconds(count: i64) -> TimeDelta {
    TimeDelta::seconds(count)
}

pub async fn the_second_of_two_is_skipped(world: &World) {
    let mut desk = world.desk().await;
    let of = |id| occurrence("jam").id(id);
    desk.send([of(X), of(Y), of(Y)]).await;
    assert_eq!(desk.times_seen("jam").await, 2);
    assert_eq!(desk.dropped().await, reasons([("duplicate", 1)]));
    desk.send([of(Y)]).await;
    assert_eq!(desk.dropped().await, reasons([("duplicate", 2)]));
    assert_eq!(desk.stored().await, (2, 2));
}

/// A mark of t is gone at t + 300 s, and a skipped repetition does not renew it.
pub async fn a_mark_lasts_for_300_seconds(world: &World) {
    let mut desk = world.desk().await;
    for message in [
        occurrence("jam").id(X),
        status_change("jam", 1, None).id(Y),
        occurrence("slow").group_type(1006),
    ] {
        let start = desk.0.now();
        desk.send([message.clone()]).await;
        let mut repetitions = 0;
        desk.0.forget_counts();
        for (after, is_known) in [(1, true), (299, true), (300, false), (301, true)] {
            desk.advance(start + seconds(after) - desk.0.now()).await;
            desk.send([message.clone()]).await;
            repetitions += u64::from(is_known);
            let skipped = desk.dropped().await.get("duplicate").copied();
            assert_eq!(skipped, Some(repetitions), "{after} s: {message:?}");
        }
    }
}

pub async fn the_mark_of_the_first_counts_to_the_microsecond(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam").id(X)]).await;
    desk.advance(seconds(300) - TimeDelta::microseconds(1))
        .await;
    desk.send([occurrence("jam").id(X)]).await;
    assert_eq!(desk.times_seen("jam").await, 1);
    desk.advance(TimeDelta::microseconds(1)).await;
    desk.send([occurrence("jam").id(X)]).await;
    assert_eq!(desk.times_seen("jam").await, 2);
}

/// An id is the same however it is written, in its project and for both kinds of messages.
pub async fn ids_are_compared_as_what_they_are(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam").id(X)]).await;
    let braced = format!("{{{}}}", X.to_uppercase());
    desk.send([occurrence("tea").id(&braced)]).await;
    desk.send([status_change("jam", 1, None).id(&X.replace('-', ""))])
        .await;
    assert_eq!(desk.dropped().await, reasons([("duplicate", 2)]));
    assert_eq!(desk.stand("jam").await, NEW);
    desk.send([occurrence("jam").id(X).project(2)]).await;
    assert_eq!(desk.dropped().await, reasons([("duplicate", 2)]));
    assert_eq!(desk.issues().await.len(), 2);
}

/// A status change may have any text as its id, or none: without one nothing is recognised.
pub async fn a_change_without_an_id_is_always_applied(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam")]).await;
    for id in [json!(null), json!(5), json!(["a"])] {
        for (status, substatus, stand) in [(1, None, RESOLVED), (2, Some(5), FOREVER)] {
            let change = status_change("jam", status, substatus).with("id", id.clone());
            desk.send([change]).await;
            assert_eq!(desk.stand("jam").await, stand, "{id}");
        }
    }
    desk.send([status_change("jam", 1, None).id("deploy 5")])
        .await;
    desk.send([status_change("jam", 2, Some(5)).id("deploy 5")])
        .await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
    desk.send([status_change("jam", 2, Some(5)).without("id")])
        .await;
    assert_eq!(desk.stand("jam").await, FOREVER);
    assert_eq!(desk.dropped().await, reasons([("duplicate", 1)]));
}

/// What ended in an orderly way is not looked at again.
pub async fn what_was_dropped_in_order_is_marked(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("cpu")]).await;
    let orderly = [
        ("noise_reduction", occurrence("slow").group_type(1006)),
        ("feature_disabled", occurrence("click").group_type(5001)),
        ("category_mismatch", occurrence("cpu").group_type(4001)),
        (
            "status_change_group_not_found",
            status_change("nobody", 1, None),
        ),
        (
            "invalid_payload_type",
            occurrence("cpu").with("payload_type", "x"),
        ),
        ("status_change_invalid", status_change("cpu", 2, None)),
    ];
    for (reason, message) in orderly {
        desk.0.forget_counts();
        desk.send([message.clone()]).await;
        desk.send([message]).await;
        let expected = reasons([("duplicate", 1), (reason, 1)]);
        assert_eq!(desk.dropped().await, expected, "{reason}");
    }
    for place in 0..5 {
        desk.send([occurrence(&format!("quota {place}"))]).await;
    }
    desk.0.forget_counts();
    let late = occurrence("one too many");
    desk.send([late.clone()]).await;
    desk.send([late]).await;
    let expected = reasons([("duplicate", 1), ("rate_limited", 1)]);
    assert_eq!(desk.dropped().await, expected);
}

/// What failed is tried again, in the same batch already.
pub async fn what_failed_is_not_marked(world: &World) {
    let failing: [(&str, Message); 7] = [
        ("invalid_payload", occurrence("jam").without("subtitle")),
        (
            "invalid_event_schema",
            occurrence("jam").with("event.tags", "x"),
        ),
        ("unknown_group_type", occurrence("jam").with("type", 300)),
        ("project_not_found", occurrence("jam").project(99)),
        ("event_lookup_failed", occurrence("jam").without("event")),
        ("status_change_invalid", status_change("jam", 3, None)),
        (
            "invalid_payload",
            status_change("jam", 1, None).with("new_status", Value::Null),
        ),
    ];
    let mut desk = world
        .with(|config| config.prune_status_changes = false)
        .await;
    desk.send([occurrence("jam")]).await;
    for (reason, message) in failing {
        desk.0.forget_counts();
        desk.send([message.clone(), message.clone()]).await;
        desk.send([message.clone()]).await;
        assert_eq!(desk.dropped().await, reasons([(reason, 3)]), "{message:?}");
    }
}

pub async fn what_is_repaired_is_processed(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam").id(X).without("event")]).await;
    desk.send([occurrence("jam").id(X)]).await;
    assert_eq!(desk.times_seen("jam").await, 1);
    assert_eq!(desk.dropped().await, reasons([("event_lookup_failed", 1)]));
}
