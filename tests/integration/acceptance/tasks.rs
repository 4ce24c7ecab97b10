//! What happens to issues by itself (group-states spec, section 3, rows 1 and 6 to 11, and section 1.5).

use super::world::*;
use chrono::TimeDelta;
use picket_core::engine::{UpkeepSettings, UpkeepTask, tick};
use picket_core::model::{Priority, ProjectRules};
use picket_core::triage::IssueChange;
use picket_tests::scenario::Config;
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::json;

const SETTLE: UpkeepTask = UpkeepTask::AutoTransitionToOngoing;

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

pub async fn a_first_occurrence_is_new_and_in_the_inbox(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")]).await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (NEW, Some("new"))
    );
    assert_eq!(
        desk.journal("a").await,
        picket_core::store::Journal::default()
    );
    let issue = desk.issue("a").await;
    assert_eq!(issue.active_at, issue.first_seen);
}

/// Seven days after its first event an issue is no longer new. Seconds are cut.
pub async fn new_issues_settle_after_a_week(world: &World) {
    let mut desk = world.desk().await;
    desk.wait_until("10:00:00.7").await;
    let cases = [
        ("2026-04-27T09:59:59Z", true),
        ("2026-04-27T10:00:00Z", true),
        ("2026-04-27T10:00:00.000001Z", false),
        ("2026-04-27T10:00:00.7Z", false),
        ("2026-04-27T11:00:00Z", false),
    ];
    for (first_seen, _) in cases {
        desk.send([cron(first_seen).at(first_seen)]).await;
    }
    desk.run(SETTLE).await;
    for (first_seen, settles) in cases {
        let expected = if settles {
            (ONGOING, None)
        } else {
            (NEW, Some("new"))
        };
        assert_eq!(
            (desk.stand(first_seen).await, desk.inbox(first_seen).await),
            expected,
            "{first_seen}"
        );
        if settles {
            let said = ("AUTO_SET_ONGOING", json!({"after_days": 7}));
            assert_eq!(desk.said(first_seen).await, [said], "{first_seen}");
            assert_eq!(desk.history(first_seen).await, ["ongoing"]);
        } else {
            assert_eq!(desk.said(first_seen).await, []);
        }
    }
    // A late event makes an issue older than it was.
    desk.send([cron("2026-04-27T11:00:00Z").at("2026-04-20T00:00:00Z")])
        .await;
    desk.run(SETTLE).await;
    assert_eq!(desk.stand("2026-04-27T11:00:00Z").await, ONGOING);
}

/// For what came back its newest line of history counts.
pub async fn regressed_and_escalating_issues_settle(world: &World) {
    let mut desk = world.serial().await;
    for name in ["once", "twice"] {
        for (fingerprint, change) in [("regressed", (0, Some(6))), ("escalating", (0, Some(2)))] {
            let name = format!("{name} {fingerprint}");
            desk.send([cron(&name).priority(50)]).await;
            desk.send([
                status_change(&name, 2, Some(1)),
                status_change(&name, change.0, change.1),
            ])
            .await;
        }
    }
    let all = [
        "once regressed",
        "once escalating",
        "twice regressed",
        "twice escalating",
    ];
    desk.advance(TimeDelta::days(6)).await;
    for name in ["twice regressed", "twice escalating"] {
        let substatus = if name.ends_with("regressed") { 6 } else { 2 };
        desk.send([
            status_change(name, 2, Some(1)),
            status_change(name, 0, Some(substatus)),
        ])
        .await;
    }
    desk.wait_until("2026-05-11T09:59:59.9Z").await;
    desk.run(SETTLE).await;
    for name in all {
        assert_ne!(desk.stand(name).await, ONGOING, "{name}");
    }
    desk.wait_until("2026-05-11T10:00:00.9Z").await;
    desk.run(SETTLE).await;
    for name in all {
        assert_eq!(
            desk.stand(name).await == ONGOING,
            name.starts_with("once"),
            "{name}"
        );
    }
    // What escalated gets its priority back.
    assert_eq!(desk.priority("once escalating").await, "medium");
    let said = desk.said("once escalating").await;
    let end = [
        ("AUTO_SET_ONGOING", json!({"after_days": 7})),
        (
            "SET_PRIORITY",
            json!({"priority": "medium", "reason": "ongoing"}),
        ),
    ];
    assert_eq!(said[said.len() - 2..], end);
    let history = desk.history("once escalating").await;
    assert_eq!(history[history.len() - 2..], ["ongoing", "priority_medium"]);
    assert_eq!(desk.inbox("once escalating").await, None);
    assert_eq!(
        desk.activities("once regressed").await.last(),
        Some(&"AUTO_SET_ONGOING")
    );
    desk.advance(TimeDelta::days(6)).await;
    desk.run(SETTLE).await;
    assert_eq!(desk.stand("twice escalating").await, ONGOING);
}

pub async fn a_chosen_priority_survives_settling(world: &World) {
    let mut desk = world.serial().await;
    desk.send([cron("a").priority(25)]).await;
    desk.send([
        status_change("a", 2, Some(1)),
        status_change("a", 0, Some(2)),
    ])
    .await;
    desk.change("a", IssueChange::SetPriority(Priority::High))
        .await;
    desk.advance(TimeDelta::days(8)).await;
    desk.run(SETTLE).await;
    assert_eq!(
        (desk.stand("a").await, desk.priority("a").await),
        (ONGOING, "high")
    );
}

/// A task leaves alone what is in another state.
pub async fn other_states_do_not_settle(world: &World) {
    let mut desk = world.serial().await;
    for (name, status, substatus) in [
        ("resolved", 1, None),
        ("archived", 2, Some(5)),
        ("until escalating", 2, Some(1)),
        ("ongoing", 0, Some(3)),
    ] {
        desk.send([cron(name), status_change(name, status, substatus)])
            .await;
        let before = desk.stand(name).await;
        desk.advance(TimeDelta::days(8)).await;
        desk.run(SETTLE).await;
        assert_eq!(desk.stand(name).await, before, "{name}");
        assert_eq!(desk.activities(name).await.len(), 1, "{name}");
    }
}

fn aged(hours: u32) -> impl FnOnce(&mut Config) {
    move |config| {
        config.projects[0].rules = ProjectRules {
            resolve_age_hours: Some(hours),
            ..ProjectRules::default()
        };
    }
}

/// An issue that was quiet for the project's age is resolved, if its type allows it.
pub async fn quiet_issues_are_resolved(world: &World) {
    let mut desk = world.with(aged(24)).await;
    let cases = [
        ("older", 2007, "2026-05-03T09:00:00Z", true),
        ("exactly", 2007, "2026-05-03T10:00:00Z", true),
        ("younger", 2007, "2026-05-03T10:00:00.000001Z", false),
        ("regression", 1018, "2026-05-03T09:00:00Z", false),
    ];
    for (name, number, seen, _) in cases {
        desk.send([occurrence(name).group_type(number).at(seen)])
            .await;
    }
    desk.send([occurrence("other project")
        .project(2)
        .at("2026-05-03T09:00:00Z")])
        .await;
    desk.run(UpkeepTask::AutoResolve).await;
    for (name, _, _, resolves) in cases {
        if !resolves {
            assert_eq!(
                (desk.stand(name).await, desk.inbox(name).await),
                (NEW, Some("new")),
                "{name}"
            );
            continue;
        }
        assert_eq!(
            (desk.stand(name).await, desk.inbox(name).await),
            (RESOLVED, None),
            "{name}"
        );
        assert_eq!(
            desk.said(name).await,
            [("SET_RESOLVED_BY_AGE", json!({"age": 24}))]
        );
        assert_eq!(desk.history(name).await, ["auto_resolved"]);
        assert_eq!(desk.issue(name).await.resolved_at, Some(time("10:00:00")));
    }
    let other = desk.issues().await.pop().unwrap();
    assert_eq!((other.project_id, other.status), (2, "unresolved"));
    desk.run(UpkeepTask::AutoResolve).await;
    assert_eq!(desk.activities("older").await.len(), 1);
}

pub async fn archived_issues_are_not_resolved_by_age(world: &World) {
    let mut desk = world.with(aged(1)).await;
    desk.send([cron("a").at("08:00:00")]).await;
    desk.change("a", IssueChange::ArchiveForever).await;
    desk.run(UpkeepTask::AutoResolve).await;
    assert_eq!(desk.stand("a").await, FOREVER);
}

/// Rows of the inbox are older than seven days when they go, whatever the issue is then.
pub async fn the_inbox_is_cleared_after_a_week(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    desk.advance(TimeDelta::seconds(1)).await;
    desk.send([cron("b")]).await;
    desk.wait_until("2026-05-11T10:00:00Z").await;
    desk.run(UpkeepTask::AutoRemoveInbox).await;
    assert_eq!(
        desk.inbox("a").await,
        Some("new"),
        "seven days are not more"
    );
    desk.wait_until("2026-05-11T10:00:00.000001Z").await;
    desk.run(UpkeepTask::AutoRemoveInbox).await;
    assert_eq!(
        (desk.inbox("a").await, desk.inbox("b").await),
        (None, Some("new"))
    );
    assert_eq!(
        (desk.stand("a").await, desk.activities("a").await.len()),
        (NEW, 0)
    );
}

/// The first reason and date win: here an issue regresses that never left the inbox, because its project resolves by
/// age.
pub async fn a_row_of_the_inbox_stays_as_it_is(world: &World) {
    let mut desk = world.with(aged(1)).await;
    desk.send([cron("a").at("2026-05-03T09:00:00Z")]).await;
    desk.advance(TimeDelta::hours(1)).await;
    desk.send([cron("a").at("2026-05-03T10:00:00Z")]).await;
    assert_eq!(desk.stand("a").await, REGRESSED);
    let state = desk.state("a").await;
    let entry = state.inbox.get().unwrap();
    assert_eq!(
        (entry.reason.as_str(), entry.since),
        ("new", time("10:00:00"))
    );
}

/// The tasks run when they are due, and once among several processes.
pub async fn tasks_are_due_in_their_intervals(world: &World) {
    let mut desk = world.with(aged(24)).await;
    let store = desk.0.store();
    let start = desk.0.now();
    assert_eq!(
        tick(store, &UpkeepSettings::default(), start)
            .await
            .unwrap(),
        None,
        "there is nothing to do"
    );
    desk.send([cron("a").at("2026-04-20T00:00:00Z").light()])
        .await;
    let store = desk.0.store();
    for (minutes, changes) in [
        (4, false),
        (5, true),
        (9, false),
        (10, false),
        (50, false),
        (60, true),
    ] {
        let now = start + TimeDelta::minutes(minutes);
        let revision = tick(store, &UpkeepSettings::default(), now).await.unwrap();
        assert_eq!(revision.is_some(), changes, "after {minutes} minutes");
    }
    // First it settled, then, an hour after the project was looked at last, it was resolved by its age.
    assert_eq!(
        desk.activities("a").await,
        ["AUTO_SET_ONGOING", "SET_RESOLVED_BY_AGE"]
    );
}
