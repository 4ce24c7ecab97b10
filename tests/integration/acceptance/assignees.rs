//! Whom a new issue is handed to (occurrences spec, section 3.4).

use super::world::*;
use picket_core::model::Assignee;
use picket_core::triage::IssueChange;
use picket_tests::scenario::messages::occurrence;
use serde_json::{Value, json};

pub async fn an_identifier_names_a_member_or_a_team(world: &World) {
    let mut desk = world.desk().await;
    let cases: [(Value, Option<&str>); 22] = [
        (json!(7), Some("user:7")),
        (json!("8"), Some("user:8")),
        (json!("user:8"), Some("user:8")),
        (json!("team:3"), Some("team:3")),
        (json!("Ana"), Some("user:7")),
        (json!("BEN@example.org"), Some("user:8")),
        (json!("user:9"), None),
        (json!("eve"), None),
        (json!("eve@example.org"), None),
        (json!(9), None),
        (json!(99), None),
        (json!("team:7"), None),
        (json!("core"), None),
        (json!("nobody"), None),
        (json!("user:"), None),
        (json!(7.5), None),
        (json!(["ana"]), None),
        (json!({"id": 7}), None),
        (json!(true), None),
        (json!(""), None),
        (json!(0), None),
        (Value::Null, None),
    ];
    for (place, (named, expected)) in cases.into_iter().enumerate() {
        let name = place.to_string();
        desk.send([occurrence(&name).group_type(4001).assignee(named.clone())])
            .await;
        let assignee = desk
            .issue(&name)
            .await
            .assignee
            .map(|assignee| assignee.to_string());
        assert_eq!(assignee.as_deref(), expected, "{named}");
        let said = desk.activities(&name).await;
        assert_eq!(said.len(), usize::from(expected.is_some()), "{named}");
    }
    assert_eq!(desk.counted("group.assignee.change"), Some(6));
    assert_eq!(desk.dropped().await, reasons([]));
}

pub async fn an_assignment_is_noted(world: &World) {
    let mut desk = world.desk().await;
    desk.send([
        occurrence("a").assignee("ben"),
        occurrence("b").assignee("team:3"),
    ])
    .await;
    let user = json!({"assignee": "8", "assigneeEmail": "ben@example.org", "assigneeType": "user"});
    assert_eq!(desk.said("a").await, [("ASSIGNED", user)]);
    assert_eq!(desk.history("a").await, ["assigned"]);
    let team = json!({"assignee": "3", "assigneeEmail": null, "assigneeType": "team"});
    assert_eq!(desk.said("b").await, [("ASSIGNED", team)]);
    assert_eq!(desk.stand("a").await, NEW);
    assert_eq!(desk.journal("a").await.activities[0].actor, None);
}

/// Only the occurrence that opens the issue is asked, and only if it really opens it.
pub async fn a_later_occurrence_assigns_nobody(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a"), occurrence("a").assignee("ana")])
        .await;
    assert_eq!(desk.issue("a").await.assignee, None);
    desk.send([
        occurrence("b").assignee("ana"),
        occurrence("b").assignee("ben"),
    ])
    .await;
    assert_eq!(desk.issue("b").await.assignee, Some(Assignee::User(7)));
    assert_eq!(desk.activities("b").await, ["ASSIGNED"]);
    // Ignored at first, so the third opens it.
    let slow = |assignee: &str| occurrence("slow").group_type(1006).assignee(assignee);
    desk.send([slow("ana"), slow("ana"), slow("ben")]).await;
    assert_eq!(desk.issue("slow").await.assignee, Some(Assignee::User(8)));
}

pub async fn a_person_assigns_and_takes_back(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")]).await;
    desk.change("a", IssueChange::Assign(Some(Assignee::Team(3))))
        .await;
    desk.change("a", IssueChange::Assign(Some(Assignee::Team(3))))
        .await;
    desk.change("a", IssueChange::Assign(None)).await;
    desk.change("a", IssueChange::Assign(None)).await;
    assert_eq!(desk.activities("a").await, ["ASSIGNED", "UNASSIGNED"]);
    assert_eq!(desk.history("a").await, ["assigned", "unassigned"]);
    let journal = desk.journal("a").await;
    assert_eq!(journal.activities[1].actor, Some(7));
    assert_eq!(journal.history[1].undoes, Some(time("10:00:00")));
}

/// The project of an assignee has to exist before anything else about the message is looked at.
pub async fn an_assignee_is_looked_up_in_its_project(world: &World) {
    let mut desk = world.desk().await;
    desk.send([occurrence("a")
        .project(99)
        .assignee("nobody")
        .with("type", 300)])
        .await;
    assert_eq!(desk.dropped().await, reasons([("project_not_found", 1)]));
}
