//! New errors that come faster than others of their project (group-states spec, section 7).

use super::*;
use crate::model::EscalationThreshold;
use crate::triage::{EARLY_ESCALATION, EarlyEscalation, Velocity, usual_velocity};

const ERROR: u16 = 1;
const HOUR: TimeDelta = TimeDelta::hours(1);
/// The smallest span there is.
const TICK: TimeDelta = TimeDelta::milliseconds(1);

fn early(events_per_hour: f64, age: TimeDelta) -> Option<EarlyEscalation> {
    let threshold = EscalationThreshold {
        events_per_hour,
        measured_at: ago(age),
    };
    EarlyEscalation::of(
        &[EARLY_ESCALATION.to_owned()].into(),
        Some(threshold),
        now(),
    )
}

/// A new error of this age that was seen so often before.
fn fresh(seen: i64, age: TimeDelta) -> IssueState {
    let mut state = in_inbox(unresolved(Substatus::New), InboxReason::New);
    state.issue.group_type = ERROR;
    state.issue.first_seen = ago(age);
    state.issue.times_seen = seen;
    state
}

/// One more occurrence.
fn seen_again(state: &mut IssueState, early: Option<EarlyEscalation>) {
    state.issue.times_seen += 1;
    let mut measures = Measures::default();
    crate::triage::post_process(state, &reached(), early, &mut measures, system());
}

fn escalates(mut state: IssueState, early: Option<EarlyEscalation>) -> bool {
    let before = pair(&state);
    seen_again(&mut state, early);
    let escalating = (IssueStatus::Unresolved, Some(Substatus::Escalating));
    assert!(pair(&state) == before || pair(&state) == escalating);
    pair(&state) != before
}

#[test]
fn a_new_error_that_comes_too_fast_escalates() {
    let mut state = fresh(20, HOUR * 2);
    seen_again(&mut state, early(10.0, HOUR));
    assert_eq!(
        pair(&state),
        (IssueStatus::Unresolved, Some(Substatus::Escalating))
    );
    assert_eq!(
        activities(&state),
        [
            ("SET_ESCALATING", json!({ "event_id": event_text() })),
            (
                "SET_PRIORITY",
                json!({ "priority": "medium", "reason": "escalating" })
            ),
        ]
    );
    assert_eq!(history(&state), ["escalating", "priority_medium"]);
    assert_eq!(inbox(&state), Some(InboxReason::New), "it was there");

    let mut reviewed = fresh(20, HOUR * 2);
    reviewed.inbox = Kept::default();
    seen_again(&mut reviewed, early(10.0, HOUR));
    assert_eq!(inbox(&reviewed), Some(InboxReason::Escalating));
}

#[test]
fn faster_is_more_than_the_threshold() {
    assert!(!escalates(fresh(19, HOUR * 2), early(10.0, HOUR)), "equal");
    assert!(escalates(fresh(20, HOUR * 2), early(10.0, HOUR)));
    // The first hour counts as a whole one.
    assert!(!escalates(fresh(19, HOUR / 4), early(20.0, HOUR)));
    assert!(escalates(fresh(20, HOUR / 4), early(20.0, HOUR)));
    // Its first event may lie after now.
    assert!(escalates(fresh(20, -HOUR), early(20.0, HOUR)));
}

#[test]
fn what_is_seldom_old_or_no_new_error_does_not_escalate() {
    let fast = early(0.1, HOUR);
    assert!(!escalates(fresh(8, HOUR), fast), "nine times");
    assert!(escalates(fresh(9, HOUR), fast), "ten times");
    assert!(!escalates(fresh(99, HOUR * 24), fast));
    assert!(escalates(fresh(99, HOUR * 24 - TICK), fast));

    let mut other = fresh(99, HOUR);
    other.issue.group_type = PLAIN;
    assert!(!escalates(other, fast), "no error");
    for mut state in shown_states() {
        let is_new = state.issue.substatus == Some(Substatus::New);
        state.issue.group_type = ERROR;
        state.issue.first_seen = ago(HOUR);
        assert_eq!(escalates(state, fast), is_new);
    }
}

#[test]
fn without_a_threshold_nothing_escalates() {
    let state = || fresh(99, HOUR);
    assert!(!escalates(state(), None), "the feature is off");
    let features = &[EARLY_ESCALATION.to_owned()].into();
    let unknown = EarlyEscalation::of(features, None, now());
    assert!(unknown.is_some());
    assert!(!escalates(state(), unknown));
    assert!(!escalates(state(), early(0.0, HOUR)));
    assert!(escalates(state(), early(1.0, HOUR * 48)));
    assert!(!escalates(state(), early(1.0, HOUR * 48 + TICK)), "too old");
    assert_eq!(EarlyEscalation::of(&[].into(), None, now()), None);
}

/// An archived issue of this age, far above its forecast, that lies in the inbox only if it came back.
fn watched(age: TimeDelta) -> IssueState {
    let mut state = archived(Substatus::UntilEscalating);
    state.issue.first_seen = ago(age);
    state.forecast = forecast_of(1, HOUR);
    state.sightings = Some(Sightings {
        this_hour: 50,
        ..Sightings::default()
    });
    state
}

#[test]
fn a_young_issue_that_is_archived_does_not_watch_its_forecast() {
    let on = early(1.0, HOUR);
    assert!(escalates(watched(HOUR), None));
    assert!(!escalates(watched(HOUR), on));
    assert!(!escalates(watched(HOUR * 24 - TICK), on));
    assert!(escalates(watched(HOUR * 24), on));
    // A snooze row that came with it is looked at.
    let mut state = snoozed(
        watched(HOUR),
        Snooze {
            until: Some(ago(HOUR)),
            ..Snooze::default()
        },
    );
    seen_again(&mut state, on);
    assert_eq!(
        pair(&state),
        (IssueStatus::Unresolved, Some(Substatus::Ongoing))
    );
}

fn velocity(events: i64, age: TimeDelta) -> Velocity {
    Velocity {
        first_seen: ago(age),
        events,
    }
}

fn usual(issues: &[Velocity]) -> Option<f64> {
    usual_velocity(issues.iter().copied(), now())
}

#[test]
fn velocity_is_events_by_hours_of_a_week_at_most() {
    assert_eq!(usual(&[velocity(336, HOUR * 500)]), Some(2.0));
    assert_eq!(usual(&[velocity(336, HOUR * 168)]), Some(2.0));
    assert_eq!(usual(&[velocity(336, HOUR * 84)]), Some(4.0));
    assert_eq!(usual(&[velocity(3, HOUR * 3 / 2)]), Some(2.0));
}

#[test]
fn single_events_and_the_last_hour_are_not_measured() {
    assert_eq!(usual(&[]), None);
    assert_eq!(usual(&[velocity(1, HOUR * 5), velocity(0, HOUR * 5)]), None);
    assert_eq!(usual(&[velocity(99, HOUR), velocity(99, -HOUR)]), None);
    assert!(usual(&[velocity(2, HOUR + TICK)]).is_some());
    let mixed = [
        velocity(1, HOUR * 5),
        velocity(10, HOUR * 5),
        velocity(9, HOUR),
    ];
    assert_eq!(usual(&mixed), Some(2.0));
}

#[test]
fn the_threshold_lies_at_95_of_100() {
    let rates = |most: i64| -> Vec<Velocity> {
        (2..=most)
            .rev()
            .map(|rate| velocity(rate * 10, HOUR * 10))
            .collect()
    };
    // 2 to 22 are 21 issues: the one at place 19.
    assert_eq!(usual(&rates(22)), Some(21.0));
    // 2 to 12 are eleven: between places 9 and 10.
    assert_eq!(usual(&rates(12)), Some(11.5));
}
