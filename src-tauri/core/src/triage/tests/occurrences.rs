//! What follows from an occurrence (group-states spec, sections 3 and 4).

use super::*;

fn opens() -> Reached<'static> {
    Reached {
        is_new: true,
        ..reached()
    }
}

fn regression() -> Reached<'static> {
    Reached {
        is_regression: true,
        ..reached()
    }
}

#[test]
fn a_first_occurrence_makes_its_issue_new() {
    for group_type in [PLAIN, NEVER_ESCALATES] {
        let mut state = unresolved(Substatus::Ongoing);
        state.issue.group_type = group_type;
        occur(&mut state, &opens());
        assert_eq!(
            pair(&state),
            (IssueStatus::Unresolved, Some(Substatus::New))
        );
        assert_eq!(inbox(&state), Some(InboxReason::New));
        assert_eq!(state.inbox.get().unwrap().since, now());
        assert!(state.activities.is_empty() && state.history.is_empty());
    }
    let mut there = unresolved(Substatus::New);
    let before = there.clone();
    occur(&mut there, &opens());
    assert_eq!(there, before);
}

#[test]
fn a_regression_enters_the_inbox() {
    let mut state = unresolved(Substatus::Regressed);
    occur(&mut state, &regression());
    assert_eq!(inbox(&state), Some(InboxReason::Regression));
    assert!(
        state.activities.is_empty(),
        "the regression has told itself"
    );

    let mut there = in_inbox(unresolved(Substatus::Regressed), InboxReason::New);
    occur(&mut there, &regression());
    assert_eq!(inbox(&there), Some(InboxReason::New));
    assert_eq!(there.inbox.get().unwrap().since, ago(TimeDelta::days(1)));
}

#[test]
fn types_that_never_escalate_come_back_quietly() {
    let mut state = unresolved(Substatus::Regressed);
    state.issue.group_type = NEVER_ESCALATES;
    occur(&mut state, &regression());
    assert_eq!(inbox(&state), None);

    let lapsed = Snooze {
        until: Some(ago(TimeDelta::days(1))),
        ..Snooze::default()
    };
    let mut away = snoozed(archived(Substatus::UntilConditionMet), lapsed);
    away.issue.group_type = NEVER_ESCALATES;
    occur(&mut away, &reached());
    assert!(away.snooze.get().is_some(), "only time lifts it");
    assert_eq!(away.issue.status, IssueStatus::Ignored);
}

#[test]
fn one_occurrence_more_changes_nothing_else() {
    let mut hidden = shown_states();
    hidden.push(standing(IssueStatus::PendingDeletion, None));
    for mut state in hidden {
        if state.issue.substatus == Some(Substatus::UntilEscalating) {
            continue;
        }
        let mut expected = state.clone();
        expected.issue.times_seen += 1;
        occur(&mut state, &reached());
        assert_eq!(state, expected);
    }
}
