//! What happens by itself (group-states spec, section 3, rows 6 to 9 and 11, section 6).

use super::*;
use crate::model::ProjectRules;
use crate::triage::{Task, carry_out, quiet_before, settled_before};

fn rules(hours: Option<u32>) -> ProjectRules {
    ProjectRules {
        resolve_age_hours: hours,
        ..ProjectRules::default()
    }
}

/// Carries a task out in a project that resolves after a day.
fn run(state: &mut IssueState, task: Task) -> bool {
    let before = state.clone();
    let changed = carry_out(state, task, rules(Some(24)), system());
    if !changed {
        assert_eq!(*state, before);
    }
    changed
}

#[test]
fn what_was_new_or_came_back_becomes_ongoing() {
    let after = ("AUTO_SET_ONGOING", json!({ "after_days": 7 }));
    for substatus in [Substatus::New, Substatus::Regressed] {
        let mut state = in_inbox(unresolved(substatus), InboxReason::New);
        state.issue.priority = Some(Priority::High);
        assert!(run(&mut state, Task::Settle(substatus)));
        let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
        assert_eq!((pair(&state), inbox(&state)), (ongoing, None));
        assert_eq!(activities(&state), std::slice::from_ref(&after));
        assert_eq!(history(&state), ["ongoing"]);
        assert_eq!(state.issue.priority, Some(Priority::High));
        assert_eq!(state.activities[0].actor, None);
    }
    let mut state = in_inbox(unresolved(Substatus::Escalating), InboxReason::Escalating);
    state.issue.priority = Some(Priority::High);
    assert!(run(&mut state, Task::Settle(Substatus::Escalating)));
    let back = (
        "SET_PRIORITY",
        json!({ "priority": "low", "reason": "ongoing" }),
    );
    assert_eq!(activities(&state), [after, back]);
    assert_eq!(history(&state), ["ongoing", "priority_low"]);
    assert_eq!(inbox(&state), None);
}

#[test]
fn an_issue_that_changed_meanwhile_is_left_alone() {
    for wanted in [Substatus::New, Substatus::Regressed, Substatus::Escalating] {
        for mut state in shown_states() {
            let waits = state.issue.substatus == Some(wanted);
            assert_eq!(run(&mut state, Task::Settle(wanted)), waits);
        }
    }
}

#[test]
fn a_week_is_cut_to_whole_seconds() {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    assert_eq!(
        settled_before(instant("2026-03-09T08:00:01.987654Z")),
        instant("2026-03-02T08:00:01Z")
    );
}

fn until(time: DateTime<Utc>) -> Snooze {
    Snooze {
        until: Some(time),
        count: Some(1),
        ..Snooze::default()
    }
}

#[test]
fn an_archive_whose_time_has_come_ends() {
    let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
    for substatus in [None, Some(Substatus::UntilConditionMet)] {
        let start = standing(IssueStatus::Ignored, substatus);
        let mut state = snoozed(start, until(now()));
        assert!(run(&mut state, Task::Wake));
        assert_eq!((pair(&state), state.snooze.get()), (ongoing, None));
        assert_eq!(activities(&state), [("SET_UNRESOLVED", Value::Null)]);
        assert_eq!(history(&state), ["ongoing"]);
        let entry = state.inbox.get().unwrap();
        assert_eq!((entry.reason, entry.details), (InboxReason::Ongoing, None));
    }
}

#[test]
fn a_row_goes_even_where_nothing_is_archived() {
    for state in [resolved(), unresolved(Substatus::Escalating)] {
        let before = pair(&state);
        let mut state = snoozed(state, until(ago(TimeDelta::days(1))));
        assert!(run(&mut state, Task::Wake));
        assert_eq!((pair(&state), state.snooze.get()), (before, None));
        assert!(state.activities.is_empty() && inbox(&state).is_none());
    }
}

#[test]
fn nothing_ends_before_its_time() {
    let later = until(now() + TimeDelta::microseconds(1));
    let never = Snooze {
        until: None,
        ..later.clone()
    };
    for snooze in [later, never] {
        let mut state = snoozed(archived(Substatus::UntilConditionMet), snooze);
        assert!(!run(&mut state, Task::Wake));
    }
    assert!(!run(&mut archived(Substatus::Forever), Task::Wake));
}

#[test]
fn a_quiet_issue_is_resolved() {
    for substatus in [
        Substatus::New,
        Substatus::Ongoing,
        Substatus::Escalating,
        Substatus::Regressed,
    ] {
        let mut state = in_inbox(unresolved(substatus), InboxReason::New);
        state.issue.last_seen = ago(TimeDelta::hours(24));
        assert!(run(&mut state, Task::ResolveQuiet));
        assert_eq!(
            (pair(&state), inbox(&state)),
            ((IssueStatus::Resolved, None), None)
        );
        assert_eq!(
            activities(&state),
            [("SET_RESOLVED_BY_AGE", json!({ "age": 24 }))]
        );
        assert_eq!(history(&state), ["auto_resolved"]);
        assert_eq!(state.issue.resolved_at, Some(now()));
    }
}

#[test]
fn an_issue_that_was_seen_or_is_not_open_is_not_quiet() {
    let mut seen = unresolved(Substatus::Ongoing);
    seen.issue.last_seen = ago(TimeDelta::hours(24)) + TimeDelta::microseconds(1);
    assert!(!run(&mut seen, Task::ResolveQuiet));

    let quiet = |mut state: IssueState| {
        state.issue.last_seen = ago(TimeDelta::days(9));
        state
    };
    assert!(!run(&mut quiet(resolved()), Task::ResolveQuiet));
    assert!(!run(
        &mut quiet(archived(Substatus::Forever)),
        Task::ResolveQuiet
    ));
    let mut other = quiet(unresolved(Substatus::Ongoing));
    other.issue.group_type = NEVER_ESCALATES;
    assert!(!run(&mut other, Task::ResolveQuiet));
    let mut unwanted = quiet(unresolved(Substatus::Ongoing));
    for hours in [None, Some(0)] {
        assert!(!carry_out(
            &mut unwanted,
            Task::ResolveQuiet,
            rules(hours),
            system()
        ));
    }
}

#[test]
fn no_age_is_too_great() {
    assert_eq!(quiet_before(rules(Some(u32::MAX)), now()), None);
    assert_eq!(
        quiet_before(rules(Some(2)), now()),
        Some(ago(TimeDelta::hours(2)))
    );
}

#[test]
fn a_watched_issue_gets_a_new_forecast() {
    let hour = ago(TimeDelta::minutes(30) + TimeDelta::hours(2));
    let counted = |state: IssueState| {
        let mut state = state;
        state.sightings = Some(Sightings {
            week: [(hour, 3)].into(),
            ..Sightings::default()
        });
        state.forecast = forecast_of(1, TimeDelta::days(3));
        state
    };
    let mut state = counted(archived(Substatus::UntilEscalating));
    assert!(run(&mut state, Task::Forecast));
    assert_eq!(
        state.forecast.get(),
        Some(&Forecast {
            values: vec![30; 14],
            made_at: now(),
        })
    );
    assert!(state.activities.is_empty());

    assert!(!run(
        &mut counted(archived(Substatus::Forever)),
        Task::Forecast
    ));
    let mut quiet = counted(archived(Substatus::UntilEscalating));
    quiet.sightings = Some(Sightings::default());
    assert!(!run(&mut quiet, Task::Forecast), "the old one stays");
}
