//! When a resolved issue comes back (occurrences spec, section 14.1).

use super::world::*;
use chrono::TimeDelta;
use picket_core::engine::UpkeepTask;
use picket_core::model::{Priority, ProjectRules};
use picket_core::triage::{ArchiveUntil, IssueChange};
use picket_tests::scenario::Config;
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::{Value, json};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

async fn resolved(desk: &mut Desk, fingerprint: &str, seen: &[&str]) {
    desk.send(seen.iter().map(|at| cron(fingerprint).at(at)))
        .await;
    desk.send([status_change(fingerprint, 1, None)]).await;
    assert_eq!(desk.stand(fingerprint).await, RESOLVED);
}

pub async fn an_issue_comes_back_with_what_brought_it(world: &World) {
    let mut desk = world.desk().await;
    resolved(&mut desk, "a", &["09:00:00"]).await;
    let resolved_at = desk.issue("a").await.resolved_at;
    let event_id = "000000000000400080000000000000aa";
    desk.send([cron("a").at("09:01:00").event_id(event_id)])
        .await;
    assert_eq!(
        (desk.stand("a").await, desk.inbox("a").await),
        (REGRESSED, Some("regression"))
    );
    let said = desk.said("a").await;
    assert_eq!(
        said[1],
        (
            "SET_REGRESSION",
            json!({"event_id": event_id, "version": ""})
        )
    );
    assert_eq!(desk.history("a").await, ["resolved", "regressed"]);
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.active_at, issue.last_seen),
        (time("09:01:00"), time("09:01:00"))
    );
    assert_eq!(issue.times_seen, 2);
    assert_eq!(issue.resolved_at, resolved_at);
    let journal = desk.journal("a").await;
    assert_eq!(journal.history[1].undoes, Some(journal.history[0].line.at));
}

/// Exactly five seconds are not enough.
pub async fn an_event_must_be_more_than_five_seconds_later(world: &World) {
    let mut desk = world.desk().await;
    for (after, stand) in [
        ("09:00:00", RESOLVED),
        ("09:00:05", RESOLVED),
        ("09:00:05.000001", REGRESSED),
        ("09:00:06", REGRESSED),
    ] {
        resolved(&mut desk, after, &["09:00:00"]).await;
        desk.send([cron(after).at(after)]).await;
        assert_eq!(desk.stand(after).await, stand, "{after}");
        assert_eq!(desk.times_seen(after).await, 2);
        let version = if stand == REGRESSED { 2 } else { 1 };
        assert_eq!(desk.activities(after).await.len(), version);
    }
}

/// What counts is when the issue was last active and last seen, not when it was resolved.
pub async fn an_event_from_before_the_resolution_reopens(world: &World) {
    let mut desk = world.desk().await;
    resolved(&mut desk, "a", &["09:00:00", "09:30:00"]).await;
    desk.send([cron("a").at("09:10:00")]).await;
    assert_eq!(desk.stand("a").await, REGRESSED);
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.last_seen, issue.active_at),
        (time("09:30:00"), time("09:30:00"))
    );
    // And once active there, it does not do so again.
    desk.send([status_change("a", 1, None)]).await;
    desk.send([cron("a").at("09:20:00")]).await;
    assert_eq!(
        (desk.stand("a").await, desk.times_seen("a").await),
        (RESOLVED, 4)
    );
}

/// The comparison is made after the occurrence was counted in: a late one that moved the last sighting helps the next.
pub async fn an_occurrence_that_changed_nothing_still_moves_the_last_sighting(world: &World) {
    let mut desk = world.desk().await;
    resolved(&mut desk, "a", &["09:00:00"]).await;
    desk.send([cron("a").at("09:00:05")]).await;
    assert_eq!(desk.stand("a").await, RESOLVED);
    desk.send([cron("a").at("08:00:00")]).await;
    assert_eq!(
        desk.stand("a").await,
        RESOLVED,
        "active at nine, seen five seconds later"
    );
    desk.send([cron("a").at("09:00:05.1")]).await;
    assert_eq!(desk.stand("a").await, REGRESSED);
}

pub async fn an_archived_issue_does_not_regress(world: &World) {
    let mut desk = world.desk().await;
    let archives = [
        ("a", IssueChange::ArchiveForever, FOREVER),
        ("b", IssueChange::ArchiveUntilEscalating, UNTIL_ESCALATING),
        (
            "c",
            IssueChange::ArchiveUntil(ArchiveUntil::default()),
            UNTIL_CONDITION_MET,
        ),
    ];
    for (name, archive, stand) in archives {
        desk.send([cron(name).at("09:00:00")]).await;
        desk.change(name, archive).await;
        desk.send([cron(name).at("09:30:00")]).await;
        assert_eq!(
            (desk.stand(name).await, desk.times_seen(name).await),
            (stand, 2)
        );
        assert_eq!(desk.activities(name).await, ["SET_IGNORED"]);
    }
}

fn with_age(hours: u32) -> impl FnOnce(&mut Config) {
    move |config| {
        config.projects[0].rules = ProjectRules {
            resolve_age_hours: Some(hours),
            ..ProjectRules::default()
        };
    }
}

/// In a project that resolves by age, an open issue that was quiet for long enough counts as resolved, but the sighting
/// itself is taken into account first: only one that is as old brings it back.
pub async fn a_quiet_issue_counts_as_resolved(world: &World) {
    let mut desk = world.with(with_age(24)).await;
    let (monday, sunday) = ("2026-05-04T12:00:00Z", "2026-05-03T12:00:00Z");
    desk.send([
        cron("a").at("2026-05-03T11:00:00Z"),
        cron("b").at("2026-05-03T11:00:00Z"),
    ])
    .await;
    desk.wait_until(monday).await;
    desk.send([cron("a").at(monday)]).await;
    assert_eq!(
        desk.stand("a").await,
        NEW,
        "seen right now, so it is not quiet"
    );
    desk.send([cron("b").at(sunday)]).await;
    assert_eq!(
        desk.stand("b").await,
        NEW,
        "a day ago is not older than a day"
    );
    desk.send([cron("c").at("2026-05-03T11:00:00Z")]).await;
    desk.send([cron("c").at("2026-05-03T11:59:59Z")]).await;
    assert_eq!(desk.stand("c").await, REGRESSED);
    assert_eq!(desk.inbox("c").await, Some("new"), "the first reason stays");
    // Two hours later everything but the first is old, yet nothing moved.
    desk.advance(TimeDelta::hours(2)).await;
    desk.send([cron("c").at("2026-05-03T11:59:59Z")]).await;
    assert_eq!(desk.activities("c").await, ["SET_REGRESSION"]);
}

/// An issue that was resolved by age comes back like any other.
pub async fn what_was_resolved_by_age_comes_back(world: &World) {
    let mut desk = world.with(with_age(24)).await;
    desk.send([cron("a").at("09:00:00")]).await;
    desk.wait_until("2026-05-05T09:00:00Z").await;
    desk.run(UpkeepTask::AutoResolve).await;
    assert_eq!(desk.stand("a").await, RESOLVED);
    desk.send([cron("a").at("2026-05-05T09:00:00Z")]).await;
    assert_eq!(
        desk.activities("a").await,
        ["SET_RESOLVED_BY_AGE", "SET_REGRESSION"]
    );
    let journal = desk.journal("a").await;
    assert_eq!(
        journal.history[1].undoes,
        Some(time("2026-05-05T09:00:00Z"))
    );
}

/// Several in one batch: the first that is late enough brings it back, the others only count.
pub async fn a_batch_regresses_once(world: &World) {
    let mut desk = world.desk().await;
    resolved(&mut desk, "a", &["09:00:00"]).await;
    desk.send(["09:00:03", "09:10:00", "09:20:00"].map(|at| cron("a").at(at)))
        .await;
    assert_eq!(
        desk.activities("a").await,
        ["SET_RESOLVED", "SET_REGRESSION"]
    );
    let issue = desk.issue("a").await;
    assert_eq!(
        (issue.active_at, issue.last_seen),
        (time("09:10:00"), time("09:20:00"))
    );
}

/// An assignment, a priority and the first sighting survive.
pub async fn the_rest_of_an_issue_is_untouched(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").at("09:00:00").assignee("ben").priority(50)])
        .await;
    desk.send([status_change("a", 1, None)]).await;
    desk.send([cron("a").at("09:30:00").priority(75)]).await;
    let issue = desk.issue("a").await;
    assert_eq!(issue.priority, Some(Priority::Medium));
    assert!(issue.assignee.is_some());
    assert_eq!(issue.first_seen, time("09:00:00"));
    let nulls: Vec<Value> = desk
        .said("a")
        .await
        .into_iter()
        .map(|(_, data)| data)
        .collect();
    assert_eq!(
        nulls[1],
        Value::Null,
        "a resolution by message says nothing more"
    );
}
