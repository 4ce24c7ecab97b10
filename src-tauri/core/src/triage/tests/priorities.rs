//! Who decides about the priority, and when (group-states spec, section 8).

use super::*;
use crate::model::ProjectRules;
use crate::triage::{Task, carry_out, change_status};

const TO_ESCALATING: Option<i64> = Some(2);

fn escalated(priority: impl Into<Option<Priority>>, locked: bool) -> IssueState {
    let mut state = archived(Substatus::Forever);
    state.issue.priority = priority.into();
    state.issue.priority_locked_at = locked.then(|| ago(TimeDelta::days(9)));
    change_status(&mut state, 0, TO_ESCALATING, system());
    state
}

#[test]
fn escalating_steps_up() {
    let up = |priority| escalated(priority, false).issue.priority;
    assert_eq!(up(Some(Priority::Low)), Some(Priority::Medium));
    assert_eq!(up(Some(Priority::Medium)), Some(Priority::High));
    assert_eq!(up(None), Some(Priority::High));
    let high = escalated(Priority::High, false);
    assert_eq!(high.issue.priority, Some(Priority::High));
    assert_eq!(history(&high), ["escalating"], "nothing changed to tell of");
}

#[test]
fn a_chosen_priority_stays() {
    let state = escalated(Priority::Low, true);
    assert_eq!(state.issue.priority, Some(Priority::Low));
    assert_eq!(history(&state), ["escalating"]);

    let mut back = unresolved(Substatus::Escalating);
    back.issue.priority = Some(Priority::High);
    back.issue.priority_locked_at = Some(ago(TimeDelta::days(1)));
    let task = Task::Settle(Substatus::Escalating);
    assert!(carry_out(
        &mut back,
        task,
        ProjectRules::default(),
        system()
    ));
    assert_eq!(back.issue.priority, Some(Priority::High));
    assert_eq!(history(&back), ["ongoing"]);
}

#[test]
fn an_unknown_initial_priority_changes_nothing() {
    let mut state = unresolved(Substatus::Escalating);
    state.issue.priority = Some(Priority::High);
    state.issue.data.remove("metadata");
    change_status(&mut state, 0, Some(3), system());
    assert_eq!(state.issue.priority, Some(Priority::High));
    assert_eq!(history(&state), ["ongoing"]);
}

#[test]
fn choosing_locks_even_what_is_already_so() {
    let mut state = unresolved(Substatus::Ongoing);
    let low = IssueChange::SetPriority(Priority::Low);
    assert_eq!(ask(&mut state, &low), Ok(true));
    assert_eq!(state.issue.priority_locked_at, Some(now()));
    assert!(state.activities.is_empty() && state.history.is_empty());

    let mut state = unresolved(Substatus::Ongoing);
    let high = IssueChange::SetPriority(Priority::High);
    assert_eq!(ask(&mut state, &high), Ok(true));
    assert_eq!(state.issue.priority_locked_at, Some(now()));
    assert_eq!(
        activities(&state),
        [(
            "SET_PRIORITY",
            json!({ "priority": "high", "reason": null })
        )]
    );
    assert_eq!(history(&state), ["priority_high"]);
    assert_eq!(state.activities[0].actor, Some(3));
}
