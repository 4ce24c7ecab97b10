//! What is noted about an issue and how it is listed (group-states spec, sections 1.6 and 1.7).

use super::world::*;
use chrono::TimeDelta;
use picket_core::model::{Assignee, Priority};
use picket_core::store::QueryStore;
use picket_core::triage::IssueChange;
use picket_tests::scenario::messages::{Message, occurrence, status_change};
use serde_json::{Value, json};

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

async fn listed(desk: &Desk, limit: u32) -> Vec<String> {
    let id = desk.id("a").await;
    let list = desk.0.store().activities(id, limit).await.unwrap();
    list.into_iter().map(|entry| entry.kind).collect()
}

/// Newest first, repetitions once, and the first sighting at the end of a list that is not full.
pub async fn activities_are_listed_newest_first(world: &World) {
    let mut desk = world.serial().await;
    desk.send([cron("a").priority(50).at("09:00:00")]).await;
    assert_eq!(listed(&desk, 5).await, ["FIRST_SEEN"]);
    desk.send([
        status_change("a", 2, Some(1)),
        status_change("a", 2, Some(5)),
    ])
    .await;
    desk.send([status_change("a", 2, Some(4)), status_change("a", 1, None)])
        .await;
    let stored = ["SET_IGNORED", "SET_IGNORED", "SET_IGNORED", "SET_RESOLVED"];
    assert_eq!(desk.activities("a").await, stored);
    assert_eq!(
        listed(&desk, 5).await,
        ["SET_RESOLVED", "SET_IGNORED", "FIRST_SEEN"]
    );
    assert_eq!(listed(&desk, 2).await, ["SET_RESOLVED", "SET_IGNORED"]);
    assert_eq!(listed(&desk, 1).await, ["SET_RESOLVED"]);

    let id = desk.id("a").await;
    let last = desk
        .0
        .store()
        .activities(id, 9)
        .await
        .unwrap()
        .pop()
        .unwrap();
    let data: Value = serde_json::from_str(&last.data).unwrap();
    assert_eq!(data, json!({"priority": "medium"}));
    assert_eq!(last.at, time("09:00:00").timestamp_millis() as f64);
    assert_eq!(last.actor, None);
}

/// Twice as many are read as are listed, so a long run of repetitions can hide what was before it.
pub async fn a_list_reads_twice_its_length(world: &World) {
    let mut desk = world.serial().await;
    desk.send([cron("a")]).await;
    desk.send([status_change("a", 1, None)]).await;
    for substatus in [1, 4, 5, 1] {
        desk.send([status_change("a", 2, Some(substatus))]).await;
    }
    assert_eq!(listed(&desk, 2).await, ["SET_IGNORED", "FIRST_SEEN"]);
    assert_eq!(
        listed(&desk, 3).await,
        ["SET_IGNORED", "SET_RESOLVED", "FIRST_SEEN"]
    );
}

/// The same by another person, or with other words, is not the same.
pub async fn only_what_says_the_same_is_a_repetition(world: &World) {
    let mut desk = world.serial().await;
    desk.send([cron("a")]).await;
    desk.change("a", IssueChange::Resolve).await;
    desk.change("a", IssueChange::Resolve).await;
    assert_eq!(listed(&desk, 9).await, ["SET_RESOLVED", "FIRST_SEEN"]);
    desk.send([status_change("a", 2, Some(5)), status_change("a", 1, None)])
        .await;
    desk.change("a", IssueChange::Resolve).await;
    let expected = [
        "SET_RESOLVED",
        "SET_RESOLVED",
        "SET_IGNORED",
        "SET_RESOLVED",
        "FIRST_SEEN",
    ];
    assert_eq!(listed(&desk, 9).await, expected);
    desk.change("a", IssueChange::SetPriority(Priority::Low))
        .await;
    desk.change("a", IssueChange::SetPriority(Priority::Medium))
        .await;
    assert_eq!(listed(&desk, 2).await, ["SET_PRIORITY", "SET_PRIORITY"]);
}

/// Each line points to the newest earlier one that it undoes.
pub async fn lines_of_history_undo_earlier_ones(world: &World) {
    let mut desk = world.serial().await;
    desk.send([cron("a").at("09:00:00")]).await;
    let mut expected: Vec<(&str, Option<&str>)> = Vec::new();
    let steps: [(IssueOr, &str, Option<&str>); 11] = [
        (IssueOr::Change(IssueChange::Resolve), "resolved", None),
        (IssueOr::Seen, "regressed", Some("10:01:00")),
        (
            IssueOr::Change(IssueChange::ArchiveForever),
            "archived_forever",
            None,
        ),
        (IssueOr::Message(0, Some(2)), "escalating", None),
        (
            IssueOr::Message(2, Some(4)),
            "archived_until_condition_met",
            None,
        ),
        (
            IssueOr::Message(2, Some(1)),
            "archived_until_escalating",
            None,
        ),
        (IssueOr::Message(0, Some(2)), "escalating", Some("10:06:00")),
        (IssueOr::Message(0, Some(3)), "ongoing", Some("10:07:00")),
        (
            IssueOr::Change(IssueChange::Assign(Some(Assignee::User(8)))),
            "assigned",
            None,
        ),
        (
            IssueOr::Change(IssueChange::Assign(None)),
            "unassigned",
            Some("10:09:00"),
        ),
        (
            IssueOr::Change(IssueChange::Resolve),
            "resolved",
            Some("10:08:00"),
        ),
    ];
    for (step, line, undoes) in steps {
        desk.advance(TimeDelta::minutes(1)).await;
        match step {
            IssueOr::Change(change) => desk.change("a", change).await,
            IssueOr::Seen => desk.send([cron("a").at("09:30:00")]).await,
            IssueOr::Message(status, substatus) => {
                desk.send([status_change("a", status, substatus)]).await;
            }
        }
        expected.push((line, undoes));
        let journal = desk.journal("a").await;
        let found: Vec<_> = journal
            .history
            .iter()
            .map(|line| (line.line.kind.as_str(), line.undoes))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, undoes)| (*line, undoes.map(time)))
            .collect();
        assert_eq!(found, expected);
    }
    let journal = desk.journal("a").await;
    assert_eq!(journal.history[0].line.actor, Some(7));
    assert_eq!(journal.history[1].line.actor, None);
}

enum IssueOr {
    Change(IssueChange),
    Message(i64, Option<i64>),
    Seen,
}

/// A regression names the release it was seen in.
pub async fn a_line_of_history_names_the_release(world: &World) {
    let mut desk = world.desk().await;
    desk.send([cron("a").at("09:00:00")]).await;
    desk.change("a", IssueChange::Resolve).await;
    desk.send([cron("a").at("09:30:00").release("app@1.0.0")])
        .await;
    let journal = desk.journal("a").await;
    assert_eq!(
        journal.history[1].line.release.as_deref(),
        Some("app@1.0.0")
    );
    assert_eq!(journal.activities[1].data["version"], "app@1.0.0");
    assert_eq!(
        journal.activities[1].data.get("follows_semver"),
        None,
        "nothing was resolved in a release"
    );
}
