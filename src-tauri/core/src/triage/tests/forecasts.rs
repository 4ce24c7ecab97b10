//! Archived until it escalates: when it does (group-states spec, sections 4 and 6).

use super::*;
use crate::triage::count_sighting;

/// Archived until it escalates, with so many occurrences in the current hour.
fn watched(this_hour: u64, forecast: Kept<Forecast>) -> IssueState {
    let mut state = archived(Substatus::UntilEscalating);
    state.sightings = Some(Sightings {
        this_hour,
        ..Sightings::default()
    });
    state.forecast = forecast;
    state
}

/// The limit that one more occurrence exceeds, if it does.
fn exceeded(state: &mut IssueState) -> Option<u64> {
    occur(state, &reached());
    if state.issue.status == IssueStatus::Ignored {
        assert!(state.activities.is_empty() && inbox(state).is_none());
        return None;
    }
    let (activity, data) = activities(state).swap_remove(0);
    assert_eq!(
        (activity, &data["event_id"]),
        ("SET_ESCALATING", &json!(event_text()))
    );
    data["forecast"].as_u64()
}

const DAY: TimeDelta = TimeDelta::days(1);

#[test]
fn an_issue_escalates_above_its_forecast() {
    assert_eq!(exceeded(&mut watched(4, forecast_of(5, DAY))), None);
    let mut state = watched(5, forecast_of(5, DAY));
    assert_eq!(exceeded(&mut state), Some(5));
    let escalating = (IssueStatus::Unresolved, Some(Substatus::Escalating));
    assert_eq!(pair(&state), escalating);
    assert_eq!(history(&state), ["escalating", "priority_medium"]);
    let entry = state.inbox.get().unwrap();
    assert_eq!(
        (entry.reason, entry.details),
        (InboxReason::Escalating, None)
    );
    assert!(!state.forecast.is_changed());
}

#[test]
fn the_value_of_the_day_counts() {
    let mut state = watched(6, forecast_of(1, DAY));
    let values = (0..14).map(|day| if day == 1 { 9 } else { 1 });
    state.forecast = Kept::loaded(Some(Forecast {
        values: values.collect(),
        made_at: ago(DAY),
    }));
    assert_eq!(exceeded(&mut state), None);
    let values = state.forecast.get().unwrap().values.clone();
    let today = Kept::loaded(Some(Forecast {
        values,
        made_at: now(),
    }));
    assert_eq!(exceeded(&mut watched(6, today)), Some(1));
}

#[test]
fn a_forecast_of_zero_never_escalates() {
    assert_eq!(exceeded(&mut watched(1_000, forecast_of(0, DAY))), None);
}

#[test]
fn a_forecast_is_kept_for_two_weeks() {
    let two_weeks = TimeDelta::days(14);
    let mut state = watched(5, forecast_of(5, two_weeks));
    assert_eq!(exceeded(&mut state), Some(5));
    assert!(!state.forecast.is_changed());

    let older = two_weeks + TimeDelta::microseconds(1);
    let mut state = watched(5, forecast_of(5, older));
    assert_eq!(
        exceeded(&mut state),
        None,
        "ten are no surprise without one"
    );
    assert!(state.forecast.is_changed());
}

#[test]
fn without_a_forecast_ten_are_no_surprise_and_one_is_made() {
    let mut state = watched(9, Kept::default());
    assert_eq!(exceeded(&mut state), None);
    // The occurrence itself is in it.
    let made = Forecast {
        values: vec![10; 14],
        made_at: now(),
    };
    assert_eq!(state.forecast.get(), Some(&made));
    let mut state = watched(10, Kept::default());
    assert_eq!(exceeded(&mut state), Some(10));
    assert_eq!(state.forecast.get(), Some(&made), "also where it escalates");
}

#[test]
fn a_forecast_of_another_length_is_none() {
    let odd = Kept::loaded(Some(Forecast {
        values: vec![1; 3],
        made_at: now(),
    }));
    let mut state = watched(9, odd);
    assert_eq!(exceeded(&mut state), None);
    assert_eq!(state.forecast.get().unwrap().values, [10; 14]);
}

#[test]
fn a_forecast_may_come_out_as_nothing() {
    let mut state = watched(9, Kept::default());
    let late = Reached {
        time: now(),
        ..reached()
    };
    occur(&mut state, &late);
    assert_eq!(state.sightings.as_ref().unwrap().this_hour, 10);
    assert_eq!(
        state.forecast.get(),
        None,
        "it looks at the time before now"
    );
}

#[test]
fn an_occurrence_counts_where_its_time_lies() {
    let counted = |time: DateTime<Utc>| {
        let mut state = watched(0, Kept::default());
        count_sighting(&mut state, &Reached { time, ..reached() }, now());
        let sightings = state.sightings.unwrap();
        let hours: Vec<_> = sightings.week.into_iter().collect();
        (sightings.this_hour, hours)
    };
    let tick = TimeDelta::microseconds(1);
    let hour = "2026-03-04T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let before = hour - TimeDelta::hours(1);
    assert_eq!(counted(now()), (1, vec![]));
    assert_eq!(counted(now() + tick), (0, vec![]));
    assert_eq!(counted(now() - tick), (1, vec![(hour, 1)]));
    assert_eq!(counted(hour), (1, vec![(hour, 1)]));
    assert_eq!(counted(hour - tick), (0, vec![(before, 1)]));
    let week = TimeDelta::hours(168);
    assert_eq!(counted(now() - week), (0, vec![(hour - week, 1)]));
    assert_eq!(counted(now() - week - tick), (0, vec![]));
}

#[test]
fn a_snooze_row_of_a_watched_issue_waits() {
    let mut state = watched(0, forecast_of(5, DAY));
    state.snooze = Kept::loaded(Some(Snooze {
        count: Some(1),
        ..Snooze::default()
    }));
    assert_eq!(exceeded(&mut state), None);
    assert!(state.snooze.get().is_some());
}
