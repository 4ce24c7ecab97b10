//! What people do, archiving aside (group-states spec, section 3, rows 12 and 18 to 20).

use super::*;
use crate::model::Assignee;

#[test]
fn resolving_now_ends_everything_else() {
    for state in shown_states() {
        let mut state = in_inbox(state, InboxReason::Regression);
        state = snoozed(state, Snooze::default());
        state.resolution = Kept::loaded(Some(in_release("api@2.0.0")));
        assert_eq!(ask(&mut state, &IssueChange::Resolve), Ok(true));
        assert_eq!(pair(&state), (IssueStatus::Resolved, None));
        assert_eq!(activities(&state), [("SET_RESOLVED", json!({}))]);
        assert_eq!(history(&state), ["resolved"]);
        assert_eq!(state.issue.resolved_at, Some(now()));
        assert_eq!((inbox(&state), state.snooze.get()), (None, None));
        assert_eq!(state.resolution.get(), None, "G8");
        assert_eq!(state.issue.active_at, issue().active_at);
    }
}

#[test]
fn unresolving_keeps_the_inbox_and_when_it_was_resolved() {
    for state in shown_states() {
        if state.issue.substatus == Some(Substatus::Ongoing) {
            continue;
        }
        let mut state = in_inbox(state, InboxReason::Manual);
        state = snoozed(state, Snooze::default());
        state.resolution = Kept::loaded(Some(in_release("api@2.0.0")));
        state.issue.resolved_at = Some(ago(TimeDelta::days(2)));
        assert_eq!(ask(&mut state, &IssueChange::Unresolve), Ok(true));
        let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
        assert_eq!(pair(&state), ongoing);
        assert_eq!(activities(&state), [("SET_UNRESOLVED", json!({}))]);
        assert_eq!(history(&state), ["ongoing"]);
        assert_eq!(inbox(&state), Some(InboxReason::Manual));
        assert_eq!((state.snooze.get(), state.resolution.get()), (None, None));
        assert_eq!(state.issue.resolved_at, Some(ago(TimeDelta::days(2))));
        assert_eq!(state.issue.priority, Some(Priority::Low));
    }
    let mut ongoing = unresolved(Substatus::Ongoing);
    assert_eq!(ask(&mut ongoing, &IssueChange::Unresolve), Ok(false), "G7");
}

#[test]
fn an_archived_issue_that_is_young_and_alone_is_new_again() {
    let unresolve = |mut state: IssueState, age: TimeDelta, alone: bool| {
        state.issue.first_seen = ago(age);
        let (directory, releases) = (directory(), Releases::of(&[]));
        let around = Surroundings {
            cause: person(),
            directory: &directory,
            releases: releases.of_project(),
            seen_in: &[],
            alone,
            secret: "s",
        };
        change_issue(&mut state, &IssueChange::Unresolve, &around).unwrap();
        (state.issue.substatus, history(&state))
    };
    let week = TimeDelta::days(7);
    let (new, ongoing) = (Some(Substatus::New), Some(Substatus::Ongoing));
    let forever = || archived(Substatus::Forever);
    let line = vec!["ongoing"];
    let young = week - TimeDelta::seconds(1);
    assert_eq!(unresolve(forever(), young, true), (new, line.clone()));
    assert_eq!(unresolve(forever(), week, true).0, ongoing);
    assert_eq!(unresolve(forever(), young, false).0, ongoing);
    assert_eq!(unresolve(resolved(), young, true).0, ongoing);
}

#[test]
fn a_review_makes_an_open_issue_ongoing() {
    let reviewed = |substatus| {
        let mut state = in_inbox(unresolved(substatus), InboxReason::New);
        state.issue.priority = Some(Priority::High);
        assert_eq!(ask(&mut state, &IssueChange::MarkReviewed), Ok(true));
        assert_eq!(
            pair(&state),
            (IssueStatus::Unresolved, Some(Substatus::Ongoing))
        );
        assert_eq!(inbox(&state), None);
        state
    };
    let manually = ("AUTO_SET_ONGOING", json!({ "manually": true }));
    let mark = ("MARK_REVIEWED", Value::Null);
    for substatus in [Substatus::New, Substatus::Regressed] {
        let state = reviewed(substatus);
        assert_eq!(activities(&state), [mark.clone(), manually.clone()]);
        assert_eq!(history(&state), ["reviewed", "ongoing"]);
        assert_eq!(state.issue.priority, Some(Priority::High));
    }
    let state = reviewed(Substatus::Escalating);
    let back = (
        "SET_PRIORITY",
        json!({ "priority": "low", "reason": "ongoing" }),
    );
    assert_eq!(activities(&state), [mark, manually, back]);
    assert_eq!(history(&state), ["reviewed", "ongoing", "priority_low"]);
}

#[test]
fn a_review_of_any_other_issue_only_takes_it_out_of_the_inbox() {
    for state in shown_states() {
        let is_open = state.issue.status == IssueStatus::Unresolved;
        if is_open && state.issue.substatus != Some(Substatus::Ongoing) {
            continue;
        }
        let before = pair(&state);
        let mut bare = state.clone();
        assert_eq!(ask(&mut bare, &IssueChange::MarkReviewed), Ok(false));
        let mut state = in_inbox(state, InboxReason::Manual);
        assert_eq!(ask(&mut state, &IssueChange::MarkReviewed), Ok(true));
        assert_eq!((pair(&state), inbox(&state)), (before, None));
        assert_eq!(activities(&state), [("MARK_REVIEWED", Value::Null)]);
        assert_eq!(history(&state), ["reviewed"]);
    }
}

#[test]
fn a_review_needs_a_row_and_a_person_to_be_told_of() {
    let mut without_row = unresolved(Substatus::New);
    ask(&mut without_row, &IssueChange::MarkReviewed).unwrap();
    assert_eq!(history(&without_row), ["ongoing"]);

    let mut nobody = in_inbox(unresolved(Substatus::New), InboxReason::New);
    let (directory, releases) = (directory(), Releases::of(&[]));
    let around = Surroundings {
        cause: system(),
        directory: &directory,
        releases: releases.of_project(),
        seen_in: &[],
        alone: true,
        secret: "s",
    };
    change_issue(&mut nobody, &IssueChange::MarkReviewed, &around).unwrap();
    assert_eq!((history(&nobody), inbox(&nobody)), (vec!["ongoing"], None));
}

#[test]
fn a_person_puts_an_issue_into_the_inbox_once() {
    let mut state = archived(Substatus::Forever);
    assert_eq!(ask(&mut state, &IssueChange::AddToInbox), Ok(true));
    assert_eq!(inbox(&state), Some(InboxReason::Manual));
    assert_eq!(state.inbox.get().unwrap().since, now());
    assert!(state.activities.is_empty());

    let mut there = in_inbox(archived(Substatus::Forever), InboxReason::Escalating);
    assert_eq!(ask(&mut there, &IssueChange::AddToInbox), Ok(false));
    assert_eq!(inbox(&there), Some(InboxReason::Escalating));
}

#[test]
fn an_issue_is_handed_to_somebody_who_is_there() {
    let mut state = unresolved(Substatus::New);
    let to = |assignee| IssueChange::Assign(Some(assignee));
    assert_eq!(ask(&mut state, &to(Assignee::User(3))), Ok(true));
    assert_eq!(ask(&mut state, &to(Assignee::User(3))), Ok(false));
    assert_eq!(ask(&mut state, &to(Assignee::Team(9))), Ok(true));
    for nobody in [Assignee::User(4), Assignee::User(5), Assignee::Team(3)] {
        assert_eq!(ask(&mut state, &to(nobody)), Err(Refusal::UnknownAssignee));
    }
    assert_eq!(state.issue.assignee, Some(Assignee::Team(9)));
    assert_eq!(ask(&mut state, &IssueChange::Assign(None)), Ok(true));
    assert_eq!(ask(&mut state, &IssueChange::Assign(None)), Ok(false));
    let assigned = |id: &str, email: Option<&str>, kind: &str| {
        let data = json!({ "assignee": id, "assigneeEmail": email, "assigneeType": kind });
        ("ASSIGNED", data)
    };
    assert_eq!(
        activities(&state),
        [
            assigned("3", Some("rosa@example.org"), "user"),
            assigned("9", None, "team"),
            ("UNASSIGNED", Value::Null),
        ]
    );
    assert_eq!(history(&state), ["assigned", "assigned", "unassigned"]);
}

#[test]
fn the_first_occurrence_replaces_no_assignment() {
    let mut state = unresolved(Substatus::Ongoing);
    let hand = |state: &mut IssueState, assignee| {
        super::super::assign_new(state, assignee, &directory(), system())
    };
    assert!(hand(&mut state, Assignee::Team(9)));
    assert!(!hand(&mut state, Assignee::User(3)));
    assert_eq!(state.issue.assignee, Some(Assignee::Team(9)));
    assert_eq!(history(&state), ["assigned"]);
}

#[test]
fn a_deleted_issue_is_hidden_and_gives_up_its_hashes() {
    let mut state = in_inbox(unresolved(Substatus::New), InboxReason::New);
    assert_eq!(ask(&mut state, &IssueChange::Delete), Ok(true));
    assert_eq!(pair(&state), (IssueStatus::PendingDeletion, None));
    assert!(state.gives_up_hashes && state.activities.is_empty());
    assert_eq!(inbox(&state), None);
    for change in [
        IssueChange::Resolve,
        IssueChange::Unresolve,
        IssueChange::Delete,
    ] {
        let before = state.clone();
        assert_eq!(ask(&mut state, &change), Err(Refusal::Gone));
        assert_eq!(state, before);
    }
}
