//! What people do to an issue (group-states spec, section 3, rows 12 to 20, and section 8).

use super::world::*;
use chrono::TimeDelta;
use picket_core::model::Priority;
use picket_core::triage::{ArchiveUntil, IssueChange};
use picket_tests::scenario::messages::{Message, START, occurrence, status_change};
use serde_json::{Value, json};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001).at("09:00:00")
}

const ALL: [Stand; 8] = [
    NEW,
    ONGOING,
    REGRESSED,
    ESCALATING,
    RESOLVED,
    UNTIL_ESCALATING,
    UNTIL_CONDITION_MET,
    FOREVER,
];

/// An issue in a stand, with a snooze row, a resolution and a place in the inbox where they can be.
async fn bring(desk: &mut Desk, name: &str, stand: Stand) {
    desk.send([cron(name)]).await;
    let (status, substatus) = match stand {
        NEW => return,
        ONGOING => (0, Some(3)),
        REGRESSED => (0, Some(6)),
        ESCALATING => {
            desk.send([status_change(name, 2, Some(1))]).await;
            (0, Some(2))
        }
        RESOLVED => (1, None),
        UNTIL_ESCALATING => (2, Some(1)),
        UNTIL_CONDITION_MET => (2, Some(4)),
        _ => (2, Some(5)),
    };
    desk.send([status_change(name, status, substatus)]).await;
    assert_eq!(desk.stand(name).await, stand);
}

/// Adds a snooze row without a limit that could be reached, and a row of the inbox.
async fn furnish(desk: &mut Desk, name: &str) {
    let stand = desk.stand(name).await;
    let far = ArchiveUntil {
        count: Some(1_000),
        ..ArchiveUntil::default()
    };
    desk.change(name, IssueChange::ArchiveUntil(far)).await;
    let (status, substatus) = match stand {
        RESOLVED => (1, None),
        UNTIL_CONDITION_MET => return,
        UNTIL_ESCALATING => (2, Some(1)),
        FOREVER => (2, Some(5)),
        ESCALATING => {
            desk.send([status_change(name, 0, Some(2))]).await;
            return;
        }
        REGRESSED => (0, Some(6)),
        _ => (0, Some(3)),
    };
    desk.send([status_change(name, status, substatus)]).await;
    assert!(desk.state(name).await.snooze.get().is_some());
}

pub async fn resolving_ends_everything_else(world: &World) {
    let mut desk = world.serial().await;
    for from in ALL {
        let name = format!("{from:?}");
        bring(&mut desk, &name, from).await;
        furnish(&mut desk, &name).await;
        desk.change(&name, IssueChange::AddToInbox).await;
        let before = desk.said(&name).await.len();
        desk.change(&name, IssueChange::Resolve).await;
        let state = desk.state(&name).await;
        assert_eq!(desk.stand(&name).await, RESOLVED, "{name}");
        assert_eq!(state.issue.resolved_at, Some(time(START)));
        assert!(
            state.snooze.get().is_none() && state.inbox.get().is_none(),
            "{name}"
        );
        let said = desk.said(&name).await;
        assert_eq!(said[before..], [("SET_RESOLVED", json!({}))], "{name}");
        assert_eq!(desk.history(&name).await.last(), Some(&"resolved"));
        assert_eq!(desk.journal(&name).await.activities[before].actor, Some(7));
    }
    // Again, and again it is noted.
    desk.advance(TimeDelta::minutes(1)).await;
    let name = format!("{NEW:?}");
    desk.change(&name, IssueChange::Resolve).await;
    let activities = desk.activities(&name).await;
    assert_eq!(
        activities[activities.len() - 2..],
        ["SET_RESOLVED", "SET_RESOLVED"]
    );
    assert_eq!(desk.issue(&name).await.resolved_at, Some(time("10:01:00")));
}

fn ignored(values: &Value) -> Value {
    let mut data = json!({
        "ignoreCount": null, "ignoreDuration": null, "ignoreUntil": null, "ignoreUserCount": null,
        "ignoreUserWindow": null, "ignoreWindow": null, "ignoreUntilEscalating": null,
    });
    for (key, value) in values.as_object().unwrap() {
        data[key] = value.clone();
    }
    data
}

/// Archiving an issue that is archived otherwise counts; archiving it the same way does not.
pub async fn archiving_from_anywhere(world: &World) {
    let mut desk = world.serial().await;
    let until = ArchiveUntil {
        minutes: Some(30),
        count: Some(5),
        window: Some(60),
        user_count: Some(2),
        user_window: Some(0),
    };
    let conditions = json!({
        "ignoreDuration": 30, "ignoreUntil": "2026-05-04T10:30:00.000000Z", "ignoreCount": 5, "ignoreWindow": 60,
        "ignoreUserCount": 2,
    });
    for (change, to, data, line, keeps_snooze) in [
        (
            IssueChange::ArchiveForever,
            FOREVER,
            json!({}),
            "archived_forever",
            false,
        ),
        (
            IssueChange::ArchiveUntilEscalating,
            UNTIL_ESCALATING,
            json!({"ignoreUntilEscalating": true}),
            "archived_until_escalating",
            false,
        ),
        (
            IssueChange::ArchiveUntil(until),
            UNTIL_CONDITION_MET,
            conditions,
            "archived_until_condition_met",
            true,
        ),
    ] {
        for from in ALL {
            let name = format!("{from:?} {to:?}");
            bring(&mut desk, &name, from).await;
            furnish(&mut desk, &name).await;
            desk.change(&name, IssueChange::AddToInbox).await;
            let before = desk.said(&name).await.len();
            desk.change(&name, change.clone()).await;
            assert_eq!(desk.stand(&name).await, to, "{name}");
            let state = desk.state(&name).await;
            assert!(state.inbox.get().is_none(), "{name}");
            assert_eq!(state.snooze.get().is_some(), keeps_snooze, "{name}");
            assert_eq!(
                state.forecast.get().is_some(),
                to == UNTIL_ESCALATING,
                "{name}"
            );
            let said = desk.said(&name).await;
            if from == to {
                assert_eq!(said.len(), before, "{name}: as it was");
            } else {
                assert_eq!(said[before..], [("SET_IGNORED", ignored(&data))], "{name}");
                assert_eq!(desk.history(&name).await.last(), Some(&line), "{name}");
            }
        }
    }
}

/// A snooze row is written for what is set; nothing and zero are not.
pub async fn an_archive_without_conditions_has_no_snooze_row(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    let thrice = ArchiveUntil {
        count: Some(3),
        ..ArchiveUntil::default()
    };
    for until in [
        ArchiveUntil::default(),
        ArchiveUntil {
            minutes: Some(0),
            count: Some(0),
            window: Some(5),
            user_count: Some(0),
            user_window: Some(5),
        },
    ] {
        desk.change("a", IssueChange::ArchiveUntil(thrice)).await;
        assert!(desk.state("a").await.snooze.get().is_some());
        desk.change("a", IssueChange::ArchiveUntil(until)).await;
        assert!(
            desk.state("a").await.snooze.get().is_none(),
            "the earlier one is gone"
        );
        assert_eq!(desk.stand("a").await, UNTIL_CONDITION_MET);
    }
}

/// What is remembered of the moment of archiving, and for what.
pub async fn a_snooze_row_remembers_what_it_needs(world: &World) {
    let mut desk = world.desk().await;
    desk.send(["u1", "u2", "u2"].map(|user| cron("a").user(user)))
        .await;
    let archive = |count, window, user_count, user_window| {
        IssueChange::ArchiveUntil(ArchiveUntil {
            minutes: None,
            count,
            window,
            user_count,
            user_window,
        })
    };
    for (change, times_seen, users_seen) in [
        (archive(Some(5), None, None, None), Some(3), None),
        (archive(Some(5), Some(10), None, None), None, None),
        (archive(None, None, Some(5), None), None, Some(2)),
        (archive(None, None, Some(5), Some(10)), None, None),
        (archive(Some(1), None, Some(5), None), Some(3), Some(2)),
    ] {
        desk.change("a", change.clone()).await;
        let state = desk.state("a").await;
        let snooze = state.snooze.get().unwrap();
        assert_eq!(
            (snooze.times_seen, snooze.users_seen),
            (times_seen, users_seen),
            "{change:?}"
        );
        assert_eq!(snooze.actor, Some(7));
    }
}

/// Unresolved by hand: an archived issue that is young becomes new again.
pub async fn unresolving(world: &World) {
    let mut desk = world.serial().await;
    for from in ALL {
        let name = format!("{from:?}");
        bring(&mut desk, &name, from).await;
        furnish(&mut desk, &name).await;
        desk.change(&name, IssueChange::AddToInbox).await;
        let before = desk.said(&name).await.len();
        let from = desk.stand(&name).await;
        let expected = if from.0 == "ignored" { NEW } else { ONGOING };
        desk.change(&name, IssueChange::Unresolve).await;
        assert_eq!(desk.stand(&name).await, expected, "{name}");
        assert!(desk.state(&name).await.snooze.get().is_none(), "{name}");
        assert!(
            desk.inbox(&name).await.is_some(),
            "{name}: stays where it is"
        );
        let said = desk.said(&name).await;
        if from == expected {
            assert_eq!(said.len(), before, "{name}");
        } else {
            assert_eq!(said[before..], [("SET_UNRESOLVED", json!({}))], "{name}");
        }
    }
}

/// Young is younger than seven days.
pub async fn unresolving_an_old_archived_issue(world: &World) {
    let mut desk = world.desk().await;
    for (first_seen, stand) in [
        ("2026-05-01T10:00:00Z", NEW),
        ("2026-04-27T10:00:01Z", NEW),
        ("2026-04-27T10:00:00Z", ONGOING),
        ("2026-04-26T10:00:00Z", ONGOING),
    ] {
        desk.send([cron(first_seen).at(first_seen)]).await;
        desk.change(first_seen, IssueChange::ArchiveForever).await;
        desk.change(first_seen, IssueChange::Unresolve).await;
        assert_eq!(desk.stand(first_seen).await, stand, "{first_seen}");
        // The substatus decides about the line of history; `new` has none, so the activity does.
        assert_eq!(
            desk.history(first_seen).await,
            ["archived_forever", "ongoing"]
        );
    }
}

/// A resolved issue keeps the time it was resolved, and loses its resolution.
pub async fn unresolving_a_resolved_issue(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").release("app@1.0.0")]).await;
    desk.change("a", IssueChange::ResolveInRelease("app@1.0.0".to_owned()))
        .await;
    desk.advance(TimeDelta::minutes(3)).await;
    desk.change("a", IssueChange::Unresolve).await;
    let state = desk.state("a").await;
    assert_eq!(state.issue.resolved_at, Some(time(START)));
    assert!(state.resolution.get().is_none());
    assert_eq!(desk.history("a").await, ["resolved_in_release", "ongoing"]);
    assert_eq!(desk.journal("a").await.history[1].undoes, Some(time(START)));
}

pub async fn reviewing_settles_what_is_open(world: &World) {
    let mut desk = world.serial().await;
    for from in ALL {
        let name = format!("{from:?}");
        bring(&mut desk, &name, from).await;
        desk.change(&name, IssueChange::AddToInbox).await;
        let (said_before, history_before) = (
            desk.said(&name).await.len(),
            desk.history(&name).await.len(),
        );
        desk.change(&name, IssueChange::MarkReviewed).await;
        assert_eq!(desk.inbox(&name).await, None, "{name}");
        let settles = from.0 == "unresolved" && from != ONGOING;
        assert_eq!(
            desk.stand(&name).await,
            if settles { ONGOING } else { from },
            "{name}"
        );
        let mut expected = vec![("MARK_REVIEWED", Value::Null)];
        let mut lines = vec!["reviewed"];
        if settles {
            expected.push(("AUTO_SET_ONGOING", json!({"manually": true})));
            lines.push("ongoing");
        }
        assert_eq!(desk.said(&name).await[said_before..], expected, "{name}");
        assert_eq!(desk.history(&name).await[history_before..], lines, "{name}");
        // There is nothing left to review.
        desk.change(&name, IssueChange::MarkReviewed).await;
        assert_eq!(
            desk.said(&name).await.len(),
            said_before + expected.len(),
            "{name}"
        );
    }
}

/// Without a place in the inbox there is nothing to be marked, but the issue settles all the same.
pub async fn reviewing_what_is_not_in_the_inbox(world: &World) {
    let mut desk = world.serial().await;
    desk.send([occurrence("a").priority(25)]).await;
    desk.send([
        status_change("a", 2, Some(5)),
        status_change("a", 0, Some(2)),
    ])
    .await;
    desk.change("a", IssueChange::MarkReviewed).await;
    let reset = json!({"priority": "low", "reason": "ongoing"});
    assert_eq!(desk.said("a").await.pop().unwrap(), ("SET_PRIORITY", reset));
    desk.send([status_change("a", 0, Some(6))]).await;
    desk.change("a", IssueChange::MarkReviewed).await;
    assert_eq!(desk.stand("a").await, ONGOING);
    assert_eq!(
        desk.activities("a")
            .await
            .iter()
            .filter(|name| **name == "MARK_REVIEWED")
            .count(),
        1
    );
}

/// Nobody acts where there are no users: then a review is not marked.
pub async fn the_program_acts_where_there_are_no_people(world: &World) {
    let mut desk = world.with(|config| config.directory.users.clear()).await;
    desk.send([cron("a")]).await;
    desk.change("a", IssueChange::MarkReviewed).await;
    assert_eq!(desk.activities("a").await, ["AUTO_SET_ONGOING"]);
    assert_eq!(desk.history("a").await, ["ongoing"]);
    assert_eq!(desk.journal("a").await.activities[0].actor, None);
}

pub async fn adding_to_the_inbox(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a"), cron("b")]).await;
    desk.change("a", IssueChange::AddToInbox).await;
    assert_eq!(desk.inbox("a").await, Some("new"), "it was there already");
    desk.change("b", IssueChange::Resolve).await;
    desk.advance(TimeDelta::minutes(1)).await;
    desk.change("b", IssueChange::AddToInbox).await;
    let state = desk.state("b").await;
    let entry = state.inbox.get().unwrap();
    assert_eq!(
        (entry.reason.as_str(), entry.since),
        ("manual", time("10:01:00"))
    );
    assert_eq!(
        (desk.stand("b").await, desk.activities("b").await.len()),
        (RESOLVED, 1)
    );
}

/// A priority that was chosen is kept, and only a different one is noted.
pub async fn choosing_a_priority(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")]).await;
    assert_eq!(desk.issue("a").await.priority_locked_at, None);
    desk.change("a", IssueChange::SetPriority(Priority::Low))
        .await;
    assert_eq!(desk.issue("a").await.priority_locked_at, Some(time(START)));
    assert_eq!(desk.activities("a").await, [""; 0]);
    desk.advance(TimeDelta::minutes(1)).await;
    desk.change("a", IssueChange::SetPriority(Priority::High))
        .await;
    assert_eq!(
        desk.issue("a").await.priority_locked_at,
        Some(time("10:01:00"))
    );
    let said = json!({"priority": "high", "reason": null});
    assert_eq!(desk.said("a").await, [("SET_PRIORITY", said)]);
    assert_eq!(desk.history("a").await, ["priority_high"]);
    assert_eq!(desk.journal("a").await.activities[0].actor, Some(7));
}

/// A deleted issue can be seen nowhere and changed by nobody, and its fingerprint is free.
pub async fn deleting(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a"), cron("b")]).await;
    let id = desk.id("a").await;
    desk.change("a", IssueChange::Delete).await;
    assert_eq!(desk.issues().await.len(), 1);
    assert!(!desk.has("a").await);
    let plan = picket_core::store::LoadPlan {
        issues: vec![id],
        ..picket_core::store::LoadPlan::default()
    };
    let mut state = desk.load(plan).await;
    let gone = state.issues.remove(&id).unwrap();
    assert_eq!(
        (gone.issue.status.as_str(), gone.issue.substatus),
        ("pending_deletion", None)
    );
    assert!(gone.inbox.get().is_none());
    desk.send([cron("a")]).await;
    let numbers: Vec<_> = desk
        .issues()
        .await
        .iter()
        .map(|issue| issue.short_id)
        .collect();
    assert_eq!(numbers, [2, 3]);
}
