//! Status-change messages and their decision table (occurrences spec, section 15).

use super::world::*;
use chrono::TimeDelta;
use picket_core::model::Priority;
use picket_core::store::Ending;
use picket_core::triage::{ArchiveUntil, IssueChange};
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::{Value, json};

const MESSAGES: &str = "occurrence_ingest.status_change.messages";

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

/// Every stand a message can find, and how to get there.
async fn bring(desk: &mut Desk, fingerprint: &str, stand: Stand) {
    desk.send([cron(fingerprint).at("09:00:00")]).await;
    match stand {
        NEW => {}
        ONGOING => desk.send([status_change(fingerprint, 0, Some(3))]).await,
        REGRESSED => desk.send([status_change(fingerprint, 0, Some(6))]).await,
        ESCALATING => {
            desk.send([status_change(fingerprint, 2, Some(1))]).await;
            desk.send([status_change(fingerprint, 0, Some(2))]).await;
        }
        RESOLVED => desk.send([status_change(fingerprint, 1, None)]).await,
        UNTIL_ESCALATING => desk.send([status_change(fingerprint, 2, Some(1))]).await,
        UNTIL_CONDITION_MET => desk.send([status_change(fingerprint, 2, Some(4))]).await,
        FOREVER => desk.send([status_change(fingerprint, 2, Some(5))]).await,
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.stand(fingerprint).await, stand);
}

const STANDS: [(Stand, i64, Option<i64>); 8] = [
    (NEW, 0, Some(7)),
    (ONGOING, 0, Some(3)),
    (REGRESSED, 0, Some(6)),
    (ESCALATING, 0, Some(2)),
    (RESOLVED, 1, None),
    (UNTIL_ESCALATING, 2, Some(1)),
    (UNTIL_CONDITION_MET, 2, Some(4)),
    (FOREVER, 2, Some(5)),
];

/// What a row of the table says.
#[derive(Debug, Clone, Copy)]
enum Row {
    Nothing,
    Invalid,
    Becomes(Stand, &'static [&'static str], &'static [&'static str]),
}

/// The first row that fits.
fn row(from: Stand, status: i64, substatus: Option<i64>) -> Row {
    if STANDS.contains(&(from, status, substatus)) {
        return Row::Nothing;
    }
    match (status, substatus) {
        (1, None) => Row::Becomes(RESOLVED, &["SET_RESOLVED"], &["resolved"]),
        (2, Some(1)) => Row::Becomes(
            UNTIL_ESCALATING,
            &["SET_IGNORED"],
            &["archived_until_escalating"],
        ),
        (2, Some(4)) => Row::Becomes(
            UNTIL_CONDITION_MET,
            &["SET_IGNORED"],
            &["archived_until_condition_met"],
        ),
        (2, Some(5)) => Row::Becomes(FOREVER, &["SET_IGNORED"], &["archived_forever"]),
        // Of type 4001 the priority is high already, so it is not raised.
        (0, Some(2)) if from.0 == "ignored" => {
            Row::Becomes(ESCALATING, &["SET_ESCALATING"], &["escalating"])
        }
        (0, Some(2)) => Row::Nothing,
        (0, Some(6)) => Row::Becomes(REGRESSED, &["SET_REGRESSION"], &["regressed"]),
        (0, Some(3)) if from == ESCALATING => {
            Row::Becomes(ONGOING, &["AUTO_SET_ONGOING"], &["ongoing"])
        }
        (0, Some(3)) => Row::Becomes(ONGOING, &["SET_UNRESOLVED"], &["ongoing"]),
        _ => Row::Invalid,
    }
}

/// Every pair in every stand.
pub async fn the_table_decides(world: &World) {
    let mut desk = world.serial().await;
    for (from, _, _) in STANDS {
        for status in [0, 1, 2, 3, 6, -1] {
            for substatus in [
                None,
                Some(0),
                Some(1),
                Some(2),
                Some(3),
                Some(4),
                Some(5),
                Some(6),
                Some(7),
                Some(8),
            ] {
                let case = format!("{from:?} → {status}/{substatus:?}");
                bring(&mut desk, &case, from).await;
                let before = (desk.state(&case).await, desk.journal(&case).await);
                desk.0.forget_counts();
                desk.send([status_change(&case, status, substatus)]).await;
                let after = (desk.state(&case).await, desk.journal(&case).await);
                let said = &after.1.activities[before.1.activities.len()..];
                let noted = &after.1.history[before.1.history.len()..];
                let ending = match row(from, status, substatus) {
                    Row::Nothing => Ending::Unchanged,
                    Row::Invalid => {
                        Ending::Dropped(picket_core::model::DropReason::StatusChangeInvalid)
                    }
                    Row::Becomes(to, activities, history) => {
                        assert_eq!(desk.stand(&case).await, to, "{case}");
                        let names: Vec<_> = said.iter().map(|entry| entry.kind.as_str()).collect();
                        assert_eq!(names, activities, "{case}");
                        assert!(
                            said.iter()
                                .all(|entry| entry.data.is_null() && entry.actor.is_none())
                        );
                        let lines: Vec<_> =
                            noted.iter().map(|line| line.line.kind.as_str()).collect();
                        assert_eq!(lines, history, "{case}");
                        Ending::StatusChanged
                    }
                };
                assert_eq!(desk.ended(ending), 1, "{case}: {:?}", desk.0.tally());
                if ending != Ending::StatusChanged {
                    assert_eq!(before, after, "{case}");
                }
                assert_eq!(
                    desk.counted_with(MESSAGES, "new_status", &status.to_string()),
                    1
                );
            }
        }
    }
}

/// What a message leaves as it is, and what goes: the inbox on the way out, the time of the resolution.
pub async fn rows_beside_the_issue(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a").release("app@1.0.0").at("09:00:00")])
        .await;
    desk.change("a", IssueChange::ResolveInRelease("app@1.0.0".to_owned()))
        .await;
    desk.change("a", IssueChange::AddToInbox).await;
    desk.advance(TimeDelta::minutes(5)).await;
    desk.send([status_change("a", 0, Some(3))]).await;
    let state = desk.state("a").await;
    assert!(state.resolution.get().is_some());
    assert_eq!(desk.inbox("a").await, Some("manual"));
    assert_eq!(state.issue.resolved_at, Some(time("10:00:00")));
    desk.send([status_change("a", 1, None)]).await;
    let state = desk.state("a").await;
    assert_eq!(state.issue.resolved_at, Some(time("10:05:00")));
    assert_eq!(state.issue.active_at, time("09:00:00"));
    assert!(state.resolution.get().is_some());
    assert_eq!(desk.inbox("a").await, None);

    desk.send([occurrence("b")]).await;
    assert_eq!(desk.inbox("b").await, Some("new"));
    desk.send([status_change("b", 2, Some(5))]).await;
    assert_eq!(desk.inbox("b").await, None);

    let thrice = ArchiveUntil {
        count: Some(3),
        ..ArchiveUntil::default()
    };
    desk.change("b", IssueChange::ArchiveUntil(thrice)).await;
    desk.send([status_change("b", 1, None)]).await;
    assert!(desk.state("b").await.snooze.get().is_some());
    desk.send([status_change("b", 2, Some(1))]).await;
    assert!(
        desk.state("b").await.forecast.get().is_none(),
        "none is made"
    );
    desk.send([status_change("b", 2, Some(4))]).await;
    assert_eq!(desk.stand("b").await, UNTIL_CONDITION_MET);
}

/// Escalating raises the priority step by step, and going back to ongoing gives it back.
pub async fn priority_goes_up_and_back(world: &World) {
    let mut desk = world.serial().await;
    desk.send([occurrence("a").priority(25)]).await;
    let up = async |desk: &mut Desk| {
        desk.send([
            status_change("a", 2, Some(1)),
            status_change("a", 0, Some(2)),
        ])
        .await;
    };
    up(&mut desk).await;
    assert_eq!(
        (desk.priority("a").await, desk.inbox("a").await),
        ("medium", Some("escalating"))
    );
    let said = desk.said("a").await;
    assert_eq!(said[1], ("SET_ESCALATING", Value::Null));
    assert_eq!(
        said[2],
        (
            "SET_PRIORITY",
            json!({"priority": "medium", "reason": "escalating"})
        )
    );
    up(&mut desk).await;
    assert_eq!(desk.priority("a").await, "high");
    up(&mut desk).await;
    assert_eq!(desk.priority("a").await, "high");
    desk.send([status_change("a", 0, Some(3))]).await;
    assert_eq!(
        (desk.stand("a").await, desk.priority("a").await),
        (ONGOING, "low")
    );
    let said = desk.said("a").await;
    assert_eq!(said[said.len() - 2].0, "AUTO_SET_ONGOING");
    let reset = (
        "SET_PRIORITY",
        json!({"priority": "low", "reason": "ongoing"}),
    );
    assert_eq!(said[said.len() - 1], reset);
    let history = desk.history("a").await;
    assert_eq!(history[history.len() - 2..], ["ongoing", "priority_low"]);

    // The last occurrence's priority is the initial one.
    desk.send([occurrence("a").priority(50).at("09:00:00")])
        .await;
    up(&mut desk).await;
    desk.send([status_change("a", 0, Some(3))]).await;
    assert_eq!(desk.priority("a").await, "medium");
    // Only from escalating.
    desk.change("a", IssueChange::SetPriority(Priority::High))
        .await;
    desk.send([status_change("a", 1, None), status_change("a", 0, Some(3))])
        .await;
    assert_eq!(desk.priority("a").await, "high");
}

pub async fn a_chosen_priority_stays(world: &World) {
    let mut desk = world.serial().await;
    desk.send([occurrence("a")]).await;
    desk.change("a", IssueChange::SetPriority(Priority::Medium))
        .await;
    desk.send([
        status_change("a", 2, Some(1)),
        status_change("a", 0, Some(2)),
    ])
    .await;
    assert_eq!(desk.priority("a").await, "medium");
    desk.send([status_change("a", 0, Some(3))]).await;
    assert_eq!(desk.priority("a").await, "medium");
    let expected = [
        "SET_PRIORITY",
        "SET_IGNORED",
        "SET_ESCALATING",
        "AUTO_SET_ONGOING",
    ];
    assert_eq!(desk.activities("a").await, expected);
}

pub async fn a_change_finds_its_issue_by_project_and_fingerprint(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a"), cron("a").project(2)]).await;
    desk.send([
        status_change("a", 1, None).project(2),
        status_change("nobody", 1, None),
        status_change("a", 2, Some(5)).with("fingerprint", json!(["nobody", "a"])),
    ])
    .await;
    let stands: Vec<_> = desk
        .issues()
        .await
        .iter()
        .map(|issue| issue.status)
        .collect();
    assert_eq!(stands, ["unresolved", "resolved"]);
    for counter in [
        "occurrence_ingest.grouphash.not_found",
        "occurrence_ingest.status_change.dropped_group_not_found",
    ] {
        assert_eq!(desk.counted(counter), Some(1), "{counter}");
    }
    let expected = reasons([
        ("status_change_group_not_found", 1),
        ("status_change_pruned", 1),
    ]);
    assert_eq!(desk.dropped().await, expected);
    // Further parts and a bare text.
    desk.send([status_change("a", 2, Some(5)).with("fingerprint", json!(["a", "b"]))])
        .await;
    assert_eq!(desk.stand("a").await, FOREVER);
    desk.send([status_change("a", 1, None).with("fingerprint", "a")])
        .await;
    assert_eq!(desk.stand("a").await, RESOLVED);
    // A deleted issue is none.
    desk.change("a", IssueChange::Delete).await;
    desk.send([status_change("a", 2, Some(5))]).await;
    assert_eq!(desk.dropped().await["status_change_group_not_found"], 2);
}

/// Type and features play no role.
pub async fn a_type_that_is_switched_off_can_be_changed(world: &World) {
    let features = ["organizations:replay-click-dead-ingest".to_owned()];
    let mut on = world.with(|config| config.features = features.into()).await;
    on.send([occurrence("a").group_type(5001)]).await;
    on.send([status_change("a", 1, None)]).await;
    assert_eq!(on.stand("a").await, RESOLVED);
}

pub async fn what_is_no_change_is_invalid(world: &World) {
    let change = || status_change("a", 1, None);
    let mut desk = world.desk().await;
    desk.send([cron("a")]).await;
    for message in [
        change().without("project_id"),
        change().with("project_id", "1"),
        change().without("new_status"),
        change().with("new_status", true),
        change().with("new_status", "1"),
        change().with("new_status", 1.5),
        change().with("new_status", Value::Null),
        change().with("new_substatus", "5"),
        change().with("new_substatus", false),
        change().with("fingerprint", json!([])),
        change().with("fingerprint", json!([5])),
        change().with("fingerprint", Value::Null),
    ] {
        desk.0.forget_counts();
        desk.send([message.clone()]).await;
        assert_eq!(
            desk.dropped().await,
            reasons([("invalid_payload", 1)]),
            "{message:?}"
        );
        assert_eq!(desk.counted(MESSAGES), None, "refused before it is counted");
    }
    assert_eq!(desk.stand("a").await, NEW);
    desk.0.forget_counts();
    desk.send([change().project(99), change().without("new_substatus")])
        .await;
    assert_eq!(desk.dropped().await, reasons([("project_not_found", 1)]));
    assert_eq!(desk.counted(MESSAGES), Some(2));
    assert_eq!(desk.stand("a").await, RESOLVED);
}
