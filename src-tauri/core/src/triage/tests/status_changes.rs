//! What messages do to the state of an issue (occurrences spec, section 15).

use super::*;
use crate::triage::{StatusChanged, change_status, is_unsupported};

fn change(state: &mut IssueState, status: i64, substatus: Option<i64>) -> StatusChanged {
    change_status(state, status, substatus, system())
}

fn everything_asked() -> impl Iterator<Item = (i64, Option<i64>)> {
    let substatuses = || std::iter::once(None).chain((-1..=9).map(Some));
    (-1..=7).flat_map(move |status| substatuses().map(move |substatus| (status, substatus)))
}

#[test]
fn the_state_it_is_in_is_no_change() {
    for mut state in shown_states() {
        let (status, substatus) = pair(&state);
        let substatus = substatus.map(|substatus| i64::from(substatus.number()));
        let before = state.clone();
        let answer = change(&mut state, i64::from(status.number()), substatus);
        assert_eq!(answer, StatusChanged::No, "{status:?} {substatus:?}");
        assert_eq!(state, before);
    }
}

#[test]
fn resolving_takes_an_issue_out_of_the_inbox() {
    for state in shown_states() {
        if state.issue.status == IssueStatus::Resolved {
            continue;
        }
        let mut state = in_inbox(state, InboxReason::Manual);
        assert_eq!(change(&mut state, 1, None), StatusChanged::Yes);
        assert_eq!(pair(&state), (IssueStatus::Resolved, None));
        assert_eq!(activities(&state), [("SET_RESOLVED", Value::Null)]);
        assert_eq!(history(&state), ["resolved"]);
        assert_eq!(
            (inbox(&state), state.issue.resolved_at),
            (None, Some(now()))
        );
        assert_eq!(state.activities[0].actor, None);
        assert_eq!(state.issue.active_at, issue().active_at);
    }
}

#[test]
fn archiving_keeps_rows_it_does_not_know_of() {
    let wanted = [
        (1, Substatus::UntilEscalating, "archived_until_escalating"),
        (
            4,
            Substatus::UntilConditionMet,
            "archived_until_condition_met",
        ),
        (5, Substatus::Forever, "archived_forever"),
    ];
    for (number, substatus, line) in wanted {
        for state in shown_states() {
            if state.issue.substatus == Some(substatus) {
                continue;
            }
            let mut state = in_inbox(state, InboxReason::New);
            state = snoozed(state, Snooze::default());
            state.resolution = Kept::loaded(Some(in_release("api@2.0.0")));
            assert_eq!(change(&mut state, 2, Some(number)), StatusChanged::Yes);
            assert_eq!(pair(&state), (IssueStatus::Ignored, Some(substatus)));
            assert_eq!(activities(&state), [("SET_IGNORED", Value::Null)]);
            assert_eq!(history(&state), [line]);
            assert_eq!(inbox(&state), None);
            assert!(!state.snooze.is_changed() && !state.resolution.is_changed());
            assert!(
                !state.forecast.is_changed(),
                "the first occurrence makes it"
            );
        }
    }
}

#[test]
fn only_an_archived_issue_escalates() {
    for mut state in shown_states() {
        let before = state.clone();
        if before.issue.substatus == Some(Substatus::Escalating) {
            continue;
        }
        let answer = change(&mut state, 0, Some(2));
        if before.issue.status != IssueStatus::Ignored {
            assert_eq!((answer, &state), (StatusChanged::No, &before));
            continue;
        }
        assert_eq!(answer, StatusChanged::Yes);
        let escalating = (IssueStatus::Unresolved, Some(Substatus::Escalating));
        assert_eq!(pair(&state), escalating);
        assert_eq!(
            activities(&state),
            [
                ("SET_ESCALATING", Value::Null),
                (
                    "SET_PRIORITY",
                    json!({ "priority": "medium", "reason": "escalating" })
                ),
            ]
        );
        assert_eq!(history(&state), ["escalating", "priority_medium"]);
        assert_eq!(inbox(&state), Some(InboxReason::Escalating));
        assert_eq!(state.inbox.get().unwrap().details, None);
    }
}

#[test]
fn a_regression_by_message_reaches_no_inbox() {
    for mut state in shown_states() {
        if state.issue.substatus == Some(Substatus::Regressed) {
            continue;
        }
        assert_eq!(change(&mut state, 0, Some(6)), StatusChanged::Yes);
        let regressed = (IssueStatus::Unresolved, Some(Substatus::Regressed));
        assert_eq!(pair(&state), regressed);
        assert_eq!(activities(&state), [("SET_REGRESSION", Value::Null)]);
        assert_eq!(history(&state), ["regressed"]);
        assert_eq!(inbox(&state), None);
        assert_eq!(state.issue.active_at, issue().active_at);
    }
}

#[test]
fn what_no_longer_escalates_gets_its_priority_back() {
    let mut state = unresolved(Substatus::Escalating);
    state.issue.priority = Some(Priority::High);
    assert_eq!(change(&mut state, 0, Some(3)), StatusChanged::Yes);
    let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
    assert_eq!(pair(&state), ongoing);
    assert_eq!(
        activities(&state),
        [
            ("AUTO_SET_ONGOING", Value::Null),
            (
                "SET_PRIORITY",
                json!({ "priority": "low", "reason": "ongoing" })
            ),
        ]
    );
    assert_eq!(history(&state), ["ongoing", "priority_low"]);
}

#[test]
fn anything_else_that_becomes_ongoing_was_opened_again() {
    for mut state in shown_states() {
        let (_, substatus) = pair(&state);
        if matches!(substatus, Some(Substatus::Escalating | Substatus::Ongoing)) {
            continue;
        }
        state.issue.priority = Some(Priority::High);
        assert_eq!(change(&mut state, 0, Some(3)), StatusChanged::Yes);
        let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
        assert_eq!(pair(&state), ongoing);
        assert_eq!(activities(&state), [("SET_UNRESOLVED", Value::Null)]);
        assert_eq!(history(&state), ["ongoing"]);
        assert_eq!(state.issue.priority, Some(Priority::High));
    }
}

#[test]
fn pairs_that_cannot_be_set_are_refused() {
    let can_be_set = |status: i64, substatus: Option<i64>| {
        matches!(
            (status, substatus),
            (0, Some(2 | 3 | 6)) | (1, None) | (2, Some(1 | 4 | 5))
        )
    };
    for (status, substatus) in everything_asked() {
        for mut state in shown_states() {
            let before = state.clone();
            let current = (
                i64::from(state.issue.status.number()),
                state.issue.substatus.map(|now| i64::from(now.number())),
            );
            let answer = change(&mut state, status, substatus);
            let is_refused = !can_be_set(status, substatus) && current != (status, substatus);
            assert_eq!(
                answer == StatusChanged::Invalid,
                is_refused,
                "{current:?} to {status} {substatus:?}"
            );
            if answer == StatusChanged::Yes {
                assert!(state.issue.status.allows(state.issue.substatus));
            } else {
                assert_eq!(state, before);
            }
        }
    }
}

#[test]
fn only_an_unknown_status_without_substatus_is_unsupported() {
    let unsupported: Vec<_> = everything_asked()
        .filter(|&(status, substatus)| is_unsupported(status, substatus))
        .collect();
    let expected = [-1, 3, 4, 5, 6, 7].map(|status| (status, None));
    assert_eq!(unsupported, expected);
}

#[test]
fn hidden_issues_are_left_alone() {
    let hidden = [
        IssueStatus::PendingDeletion,
        IssueStatus::DeletionInProgress,
        IssueStatus::PendingMerge,
    ];
    for status in hidden {
        for (asked, substatus) in everything_asked() {
            let mut state = standing(status, None);
            let before = state.clone();
            assert_eq!(change(&mut state, asked, substatus), StatusChanged::No);
            assert_eq!(state, before);
        }
    }
}

#[test]
fn the_first_reason_stays_in_the_inbox() {
    let mut state = in_inbox(archived(Substatus::Forever), InboxReason::Manual);
    let before = state.inbox.clone();
    assert_eq!(change(&mut state, 0, Some(2)), StatusChanged::Yes);
    assert_eq!(state.inbox, before);
}
