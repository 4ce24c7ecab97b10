//! Issues that are like another one, as indexes find them.

use super::search::seen;
use super::support::*;
use crate::decode::plain_event;
use crate::model::{EventFacts, Issue, IssueId, IssueStatus, ProjectId};
use crate::similar::{Probe, Subject};
use crate::store::{Effects, IssueWrite, ListedStore, OccurrenceWrite, SearchStore, Store};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// An error of this type in these functions.
fn facts(kind: &str, functions: &[&str]) -> Arc<EventFacts> {
    let frames = functions
        .iter()
        .map(|function| json!({ "function": function, "filename": "Pay/Client.rs" }));
    let frames: Vec<_> = frames.collect();
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": kind,
        "exception": {"values": [{"type": kind, "value": "x", "stacktrace": {"frames": frames}}]},
    });
    plain_event(SHOP, body.as_object().unwrap().clone())
        .unwrap()
        .facts
}

async fn open(store: &Store, issues: Vec<Issue>, occurrences: Vec<OccurrenceWrite>) {
    let issues: Vec<IssueWrite> = issues
        .into_iter()
        .map(|issue| {
            let title = issue.title().to_owned();
            opening(issue, &title)
        })
        .collect();
    let effects = Effects {
        issues,
        occurrences,
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

async fn subject(store: &Store, id: i64) -> Subject {
    let mut portraits = store.portraits(&[IssueId(id)]).await.unwrap();
    Subject::new(portraits.remove(&IssueId(id)).unwrap(), None)
}

/// Ids of what is found for an issue.
async fn found(store: &Store, id: i64, most: usize) -> Vec<i64> {
    let subject = subject(store, id).await;
    let probes = subject.probes();
    assert!(probes.iter().any(|probe| matches!(probe, Probe::Texts(_))));
    let found = store.found_alike(IssueId(id), &subject.portrait, &probes, most);
    found.await.unwrap().into_iter().map(|id| id.0).collect()
}

pub async fn issues_are_found_by_what_they_share(store: &Store) {
    let titles = ["First of_all", "Second", "Third", "Fourth of_all", "Fifth"];
    let issues = titles.map(|title| issue(SHOP, title, at(0)));
    let occurrences = [
        facts("KeyError", &["Run", "WithRetry", "PostOrder"]),
        facts("KeyError", &["Run", "WithRetry", "PostOrder"]),
        facts("KeyError", &["Elsewhere"]),
        facts("IoError", &["Nothing"]),
        facts("IoError", &["WithRetry"]),
    ];
    let occurrences = (0..)
        .zip(&occurrences)
        .map(|(place, facts)| seen(u32::try_from(place).unwrap() + 1, Some(place), facts));
    open(store, issues.into(), occurrences.collect()).await;
    // The type and two functions; the functions one by one, the type, the words.
    assert_eq!(found(store, 1, 10).await, [2, 5, 4, 3]);
    assert_eq!(found(store, 1, 2).await, [2, 5]);
    assert_eq!(found(store, 4, 10).await, [5, 1]);
}

pub async fn only_what_can_be_merged_is_compared(store: &Store) {
    let of = |project: ProjectId, title: &str| issue(project, title, at(0));
    let gone = Issue {
        status: IssueStatus::PendingDeletion,
        substatus: None,
        ..of(SHOP, "gone")
    };
    let issues = vec![
        of(SHOP, "one"),
        of(SHOP, "two"),
        of(ProjectId(9), "elsewhere"),
        gone,
    ];
    let facts = facts("KeyError", &["WithRetry"]);
    let occurrences = (1..5).map(|number| seen(number, Some(number as usize - 1), &facts));
    open(store, issues, occurrences.collect()).await;
    assert_eq!(found(store, 1, 10).await, [2]);
    let mut other_kind = subject(store, 1).await;
    // A profile issue: of another category than all of them.
    other_kind.portrait.group_type = 2007;
    let probes = other_kind.probes();
    let found = store.found_alike(IssueId(1), &other_kind.portrait, &probes, 10);
    let expected = if subject(store, 2).await.portrait.group_type == 2007 {
        vec![IssueId(2)]
    } else {
        vec![]
    };
    assert_eq!(found.await.unwrap(), expected);
    assert_eq!(store.portraits(&[IssueId(77)]).await.unwrap().len(), 0);
}

pub async fn the_newest_event_speaks_for_its_issue(store: &Store) {
    let occurrences = vec![
        seen(2, Some(0), &facts("KeyError", &["Outer", "Newer"])),
        seen(1, Some(0), &facts("IoError", &["Older"])),
    ];
    open(
        store,
        vec![issue(SHOP, "one", at(0)), issue(SHOP, "two", at(0))],
        occurrences,
    )
    .await;
    let portraits = store.portraits(&[IssueId(1), IssueId(2)]).await.unwrap();
    let one = &portraits[&IssueId(1)];
    assert_eq!(one.functions, ["Outer", "Newer"]);
    assert!(one.error_types.contains("KeyError") && one.places.contains("Pay/Client.rs"));
    // An issue of which no event is stored has its title.
    assert_eq!(portraits[&IssueId(2)].title, "two");
    assert!(portraits[&IssueId(2)].functions.is_empty());
}

pub async fn a_merged_issue_is_found_by_what_it_took_over(store: &Store) {
    let occurrences = vec![
        seen(1, Some(0), &facts("KeyError", &["WithRetry"])),
        seen(2, Some(1), &facts("KeyError", &["WithRetry"])),
        seen(3, Some(2), &facts("IoError", &["Other"])),
    ];
    let titles = ["one", "two", "three"];
    open(
        store,
        titles.map(|title| issue(SHOP, title, at(0))).into(),
        occurrences,
    )
    .await;
    assert_eq!(found(store, 1, 10).await, [2]);
    store
        .move_search_rows(IssueId(2), IssueId(3))
        .await
        .unwrap();
    assert!(found(store, 1, 10).await.contains(&3));
}
