//! Status changes that a later one makes pointless (occurrences spec, section 2.3).

use super::world::*;
use picket_tests::scenario::messages::{Message, occurrence, status_change};

const PRUNED: &str = "occurrence_consumer.process_occurrence_group.dropped_status_changes";

fn resolve(fingerprint: &str) -> Message {
    status_change(fingerprint, 1, None)
}

fn three_and_three() -> Vec<Message> {
    let changes = [(); 3].map(|()| resolve("jam"));
    let occurrences = [(); 3].map(|()| occurrence("jam"));
    changes.into_iter().chain(occurrences).collect()
}

pub async fn the_last_change_stays_and_comes_last(world: &World) {
    let mut desk = world.desk().await;
    desk.send(three_and_three()).await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
    assert_eq!(desk.times_seen("jam").await, 3);
    assert_eq!(desk.activities("jam").await, ["SET_RESOLVED"]);
    assert_eq!(desk.counted(PRUNED), Some(2));
    assert_eq!(desk.dropped().await, reasons([("status_change_pruned", 2)]));
    assert_eq!(desk.kept(), [1, 2, 1, 0]);
}

pub async fn without_pruning_changes_stay_where_they_are(world: &World) {
    let mut desk = world
        .with(|config| config.prune_status_changes = false)
        .await;
    desk.send(three_and_three()).await;
    assert_eq!(desk.stand("jam").await, NEW);
    assert_eq!(desk.times_seen("jam").await, 3);
    assert_eq!(desk.counted(PRUNED), None);
    let expected = reasons([("status_change_group_not_found", 3)]);
    assert_eq!(desk.dropped().await, expected);
}

/// Resolved and then seen again ends as resolved, because the change moves behind.
pub async fn a_change_moves_behind_what_came_after_it(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("jam").at("09:00:00")]).await;
    desk.send([resolve("jam"), occurrence("jam").at("09:30:00")])
        .await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
    assert_eq!(
        desk.counted(PRUNED),
        Some(0),
        "nothing to drop, but counted"
    );

    let mut desk = world
        .with(|config| config.prune_status_changes = false)
        .await;
    desk.send([occurrence("jam").at("09:00:00")]).await;
    desk.send([resolve("jam"), occurrence("jam").at("09:30:00")])
        .await;
    assert_eq!(desk.stand("jam").await, REGRESSED);
}

pub async fn each_project_and_fingerprint_is_pruned_for_itself(world: &World) {
    let mut desk = world.desk().await;
    desk.send([
        occurrence("jam"),
        resolve("jam"),
        occurrence("jam").project(2),
        resolve("jam").project(2),
        occurrence("tea"),
        status_change("tea", 2, Some(5)),
    ])
    .await;
    assert_eq!(desk.counted(PRUNED), Some(0));
    let issues = desk.issues().await;
    let stands: Vec<_> = issues
        .iter()
        .map(|issue| (issue.project_id, issue.status))
        .collect();
    assert_eq!(stands, [(1, "resolved"), (1, "ignored"), (2, "resolved")]);
}

/// A pruned change is not looked at, and its id is free afterwards.
pub async fn a_pruned_change_leaves_no_trace(world: &World) {
    let mut desk = world.desk().await;
    let pruned = status_change("jam", 1, None).without("new_status");
    let id = pruned.0["id"].as_str().unwrap().to_owned();
    desk.send([occurrence("jam"), pruned, status_change("jam", 2, Some(5))])
        .await;
    assert_eq!(desk.stand("jam").await, FOREVER);
    assert_eq!(desk.dropped().await, reasons([("status_change_pruned", 1)]));
    desk.send([resolve("jam").id(&id)]).await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
}

/// The change that survives may turn out to be a repetition: then none is applied.
pub async fn pruning_comes_before_repetitions(world: &World) {
    let mut desk = world.desk().await;
    let resolved = resolve("jam");
    desk.send([occurrence("jam"), resolved.clone()]).await;
    desk.send([status_change("jam", 2, Some(5)), resolved])
        .await;
    assert_eq!(desk.stand("jam").await, RESOLVED);
    let expected = reasons([("duplicate", 1), ("status_change_pruned", 1)]);
    assert_eq!(desk.dropped().await, expected);
}

/// In a project that does not exist, and of messages that only look like changes, nothing is pruned.
pub async fn what_is_no_change_of_a_known_project_is_not_pruned(world: &World) {
    let mut desk = world.desk().await;
    desk.send([resolve("jam").project(99), resolve("jam").project(99)])
        .await;
    assert_eq!(desk.counted(PRUNED), None);
    desk.send([
        occurrence("jam").with("payload_type", "status"),
        occurrence("jam").with("payload_type", "status"),
        occurrence("jam"),
    ])
    .await;
    assert_eq!(desk.counted(PRUNED), None);
    let expected = reasons([("invalid_payload_type", 2), ("project_not_found", 2)]);
    assert_eq!(desk.dropped().await, expected);
}

pub async fn one_by_one_nothing_is_pruned(world: &World) {
    let mut desk = world.serial().await;
    desk.send(three_and_three()).await;
    assert_eq!(desk.stand("jam").await, NEW);
    assert_eq!(desk.counted(PRUNED), None);
    let expected = reasons([("status_change_group_not_found", 3)]);
    assert_eq!(desk.dropped().await, expected);
}
