//! What has changed since a change was made, as people are told it.

use super::*;
use crate::triage::{Difference, Image, differences, images};

/// An issue after it was resolved by a change, with the images of that change.
fn after_resolving() -> (IssueState, Image, Image) {
    let before = unresolved(Substatus::New);
    let mut after = before.clone();
    after.issue.status = IssueStatus::Resolved;
    after.issue.substatus = None;
    after.issue.resolved_at = Some(now());
    let (was, is) = images(&before, &after);
    (after, was, is)
}

fn told(state: &IssueState, was: &Image, is: &Image) -> Vec<Difference> {
    let directory = Directory {
        users: vec![User {
            id: 3,
            username: "ana".to_owned(),
            ..User::default()
        }],
        ..Directory::default()
    };
    differences(state, (was, is), &directory)
}

#[test]
fn what_still_stands_differs_in_nothing() {
    let (state, was, is) = after_resolving();
    assert_eq!(told(&state, &was, &is), []);
}

#[test]
fn the_status_leads_and_the_time_of_resolving_follows() {
    let (mut state, was, is) = after_resolving();
    state.issue.status = IssueStatus::Ignored;
    state.issue.substatus = Some(Substatus::Forever);
    state.issue.resolved_at = None;
    let told = told(&state, &was, &is);
    let members: Vec<_> = told.iter().map(|one| (&*one.member, one.follows)).collect();
    assert_eq!(members, [("stand", false), ("resolved_at", true)]);
    assert_eq!(
        (&*told[0].what, &*told[0].before, &*told[0].now),
        ("status", "unresolved, new", "archived forever")
    );
}

#[test]
fn people_are_told_by_name() {
    let before = unresolved(Substatus::New);
    let mut after = before.clone();
    after.issue.assignee = Some(crate::model::Assignee::User(3));
    let (was, is) = images(&before, &after);
    after.issue.assignee = Some(crate::model::Assignee::Team(5));
    let told_of_team = told(&after, &was, &is);
    assert_eq!(
        (&*told_of_team[0].before, &*told_of_team[0].now),
        ("nobody", "team:5")
    );
    let (was, is) = (is.clone(), was);
    after.issue.assignee = Some(crate::model::Assignee::Team(5));
    assert_eq!(told(&after, &was, &is)[0].before, "ana");
}

#[test]
fn conditions_are_told_in_full() {
    let before = archived(Substatus::UntilConditionMet);
    let snoozed_for = |count| {
        snoozed(
            before.clone(),
            Snooze {
                until: Some(now()),
                count: Some(count),
                window: Some(60),
                user_count: Some(5),
                ..Snooze::default()
            },
        )
    };
    let mut start = before.clone();
    start.snooze = Kept::loaded(None);
    let (was, is) = images(&start, &snoozed_for(10));
    let told = told(&snoozed_for(20), &was, &is);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&*told[0].what, &*told[0].before, &*told[0].now),
        (
            "archived until",
            "none",
            "2026-03-04 12:30 UTC or 20 events within 60 min or 5 more users"
        )
    );
}
