//! New errors that come faster than others of their project (group-states spec, section 7).

use super::world::*;
use chrono::TimeDelta;
use picket_core::engine::{UpkeepSettings, UpkeepTask, tick};
use picket_core::triage::{EARLY_ESCALATION, IssueChange};
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::json;
use std::sync::Arc;

const MEASURE: UpkeepTask = UpkeepTask::MeasureVelocity;

fn error(fingerprint: &str, at: &str) -> Message {
    occurrence(fingerprint).group_type(1).priority(25).at(at)
}

fn crowd(fingerprint: &str, count: usize, at: &str) -> Vec<Message> {
    (0..count).map(|_| error(fingerprint, at)).collect()
}

/// Of the features, early escalation is on.
async fn eager(world: &World) -> Desk {
    let on = |config: &mut picket_tests::scenario::Config| {
        config.features.insert(EARLY_ESCALATION.to_owned());
    };
    world.with(on).await
}

/// Two events an hour, in an issue that is ten hours old; single events and the last hour are not measured.
async fn usual(desk: &mut Desk) {
    desk.send(crowd("usual", 20, "00:00:00")).await;
    desk.send(crowd("fast and fresh", 30, "09:30:00")).await;
    desk.send([error("once", "08:00:00")]).await;
    desk.run(MEASURE).await;
}

pub async fn a_new_error_that_comes_too_fast_escalates(world: &World) {
    let mut desk = eager(world).await;
    usual(&mut desk).await;
    // Five hours old: ten events are as fast as is usual, one more is faster.
    desk.send(crowd("a", 10, "05:00:00")).await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (NEW, Some("new"))
    );
    let event_id = "000000000000400080000000000000dd";
    desk.send([error("a", "09:59:00").event_id(event_id)]).await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (ESCALATING, Some("new"))
    );
    let said = [
        ("SET_ESCALATING", json!({ "event_id": event_id })),
        (
            "SET_PRIORITY",
            json!({ "priority": "medium", "reason": "escalating" }),
        ),
    ];
    assert_eq!(desk.said("a").await, said);
    assert_eq!(desk.history("a").await, ["escalating", "priority_medium"]);
    // Once is enough, and other types do not.
    desk.send(crowd("a", 5, "09:59:00")).await;
    assert_eq!(desk.said("a").await.len(), 2);
    let cron = |_| error("c", "09:50:00").group_type(4001);
    desk.send((0..50).map(cron)).await;
    assert_eq!(desk.stand("c").await, NEW);
}

/// All in one batch is the same.
pub async fn a_batch_brings_a_new_error_to_escalate(world: &World) {
    let mut desk = eager(world).await;
    usual(&mut desk).await;
    desk.send(crowd("a", 40, "09:40:00")).await;
    assert_eq!(desk.stand("a").await, ESCALATING);
    assert_eq!(
        desk.activities("a").await,
        ["SET_ESCALATING", "SET_PRIORITY"]
    );
}

pub async fn early_escalation_is_off_by_default(world: &World) {
    let mut desk = world.desk().await;
    usual(&mut desk).await;
    desk.send(crowd("a", 40, "09:40:00")).await;
    assert_eq!(desk.stand("a").await, NEW);
    assert!(desk.activities("a").await.is_empty());
}

/// What was measured holds for two days. Without it nothing escalates.
pub async fn a_threshold_holds_for_two_days(world: &World) {
    let mut desk = eager(world).await;
    desk.send(crowd("before", 40, "09:40:00")).await;
    assert_eq!(desk.stand("before").await, NEW, "nothing was measured yet");
    usual(&mut desk).await;
    desk.wait_until("2026-05-06T10:00:00Z").await;
    desk.send(crowd("a", 40, "2026-05-06T09:40:00Z")).await;
    assert_eq!(desk.stand("a").await, ESCALATING);
    desk.wait_until("2026-05-06T10:00:00.001Z").await;
    desk.send(crowd("b", 40, "2026-05-06T09:40:00Z")).await;
    assert_eq!(desk.stand("b").await, NEW);
}

/// Every day, by the task, where the feature is on.
pub async fn thresholds_are_measured_every_day(world: &World) {
    let mut desk = eager(world).await;
    let start = desk.0.now();
    desk.send(crowd("usual", 20, "00:00:00")).await;
    let with = |features: &[&str]| UpkeepSettings {
        features: Arc::new(features.iter().map(ToString::to_string).collect()),
        ..UpkeepSettings::default()
    };
    let (off, on) = (&with(&[]), &with(&[EARLY_ESCALATION]));
    let tick_at = async |desk: &Desk, features, hours| {
        let now = start + TimeDelta::hours(hours);
        tick(desk.0.store(), features, now).await.unwrap();
        let plan = picket_core::store::LoadPlan {
            projects: vec![SHOP],
            ..Default::default()
        };
        let threshold = desk.load(plan).await.projects[&SHOP].threshold;
        threshold.map(|threshold| (threshold.measured_at - start).num_hours())
    };
    assert_eq!(tick_at(&desk, off, 0).await, None, "it is off");
    assert_eq!(tick_at(&desk, on, 1).await, Some(1));
    assert_eq!(tick_at(&desk, on, 24).await, Some(1));
    assert_eq!(tick_at(&desk, on, 25).await, Some(25));
    // With nothing to measure the last one stays, for as long as it holds.
    assert_eq!(tick_at(&desk, on, 400).await, Some(25));
    desk.advance(TimeDelta::hours(1)).await;
}

/// With the feature on, what is archived within a day of its first event does not come back by its forecast.
pub async fn a_young_archived_issue_stays_away(world: &World) {
    for (is_on, comes_back) in [(false, ESCALATING), (true, UNTIL_ESCALATING)] {
        let mut desk = if is_on {
            eager(world).await
        } else {
            world.desk().await
        };
        desk.send([error("a", "09:00:00"), error("old", "2026-05-03T10:00:00Z")])
            .await;
        for fingerprint in ["a", "old"] {
            let archive = IssueChange::ArchiveUntilEscalating;
            desk.change(fingerprint, archive).await;
            desk.set_forecast(fingerprint, [1; 14]).await;
            desk.send(crowd(fingerprint, 3, "10:00:00")).await;
        }
        assert_eq!(desk.stand("a").await, comes_back);
        assert_eq!(desk.stand("old").await, ESCALATING);
    }
}
