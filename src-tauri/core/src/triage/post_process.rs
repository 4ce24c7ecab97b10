//! What follows when an occurrence has reached an issue: archived issues come back, new ones and those that came back
//! enter the inbox, and new errors that come too fast escalate (occurrences spec, section 13; group-states spec,
//! sections 4 and 7).

use super::forecast::{forecast, forecast_for};
use super::snooze::has_lapsed;
use super::steps::{Cause, enter_inbox, escalate, set_status, snooze_details, stands, wake};
use super::velocity::{EarlyEscalation, is_young};
use crate::model::{
    EventId, Forecast, GroupType, InboxReason, IssueState, IssueStatus, Measures, Sightings,
    Substatus,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// The limit of an issue without a stored forecast.
const DEFAULT_FORECAST: u64 = 10;
/// How long a forecast is kept.
const FORECAST_LIFE: TimeDelta = TimeDelta::days(14);

/// An occurrence that reached an issue.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'a> {
    /// Its event.
    pub event_id: EventId,
    /// Time of the event.
    pub time: DateTime<Utc>,
    /// User of the event.
    pub user: Option<&'a str>,
    /// Whether it opened the issue.
    pub is_new: bool,
    /// Whether it brought a resolved issue back.
    pub is_regression: bool,
}

/// Carries out the steps, for an issue whose type is post-processed. Expects the occurrence counted in, in the issue
/// and by [`count_sighting`](super::count_sighting). `early` is how new errors of the project escalate, where they do.
pub fn post_process(
    state: &mut IssueState,
    reached: &Reached<'_>,
    early: Option<EarlyEscalation>,
    measures: &mut Measures,
    cause: Cause,
) {
    let watches_forecast = early.is_none() || !is_young(&state.issue, cause.now);
    let reappeared =
        !reached.is_new && snooze_step(state, reached, watches_forecast, measures, cause);
    if !reappeared {
        inbox_step(state, reached, cause);
    }
    if early.is_some_and(|early| early.concerns(&state.issue, cause.now))
        && stands(state, IssueStatus::Unresolved, Some(Substatus::New))
    {
        let data = json!({ "event_id": reached.event_id.to_string() });
        escalate(state, data, None, cause);
    }
}

fn inbox_step(state: &mut IssueState, reached: &Reached<'_>, cause: Cause) {
    if reached.is_new && state.issue.substatus != Some(Substatus::New) {
        set_status(state, IssueStatus::Unresolved, Some(Substatus::New));
        enter_inbox(state, InboxReason::New, None, cause);
    } else if reached.is_regression {
        enter_inbox(state, InboxReason::Regression, None, cause);
    }
}

/// Lifts an archive whose end has come; one until escalating only where `watches_forecast`. True where the inbox step has
/// nothing left to do.
fn snooze_step(
    state: &mut IssueState,
    reached: &Reached<'_>,
    watches_forecast: bool,
    measures: &mut Measures,
    cause: Cause,
) -> bool {
    let detects_escalation = GroupType::by_id(state.issue.group_type)
        .is_some_and(|group_type| group_type.escalation_detection);
    if !detects_escalation {
        return true;
    }
    let waits = stands(
        state,
        IssueStatus::Ignored,
        Some(Substatus::UntilEscalating),
    );
    if waits && watches_forecast {
        if let Some(limit) = exceeded_forecast(state, cause.now) {
            let data = json!({ "event_id": reached.event_id.to_string(), "forecast": limit });
            escalate(state, data, None, cause);
        }
        return true;
    }
    let Some(snooze) = state.snooze.get() else {
        return false;
    };
    if state.issue.status != IssueStatus::Ignored {
        measures.count("post_process.process_snoozes.mismatch_status", &[]);
    }
    if !has_lapsed(state, snooze, cause.now) {
        return false;
    }
    let details = snooze_details(snooze);
    state.snooze.clear();
    let event_id = reached.event_id.to_string();
    match (state.issue.status, details.until) {
        (IssueStatus::Ignored, None) => {
            let data = json!({ "event_id": event_id, "expired_snooze": details.to_json() });
            escalate(state, data, Some(details), cause);
        }
        (IssueStatus::Ignored | IssueStatus::Resolved, Some(_)) => {
            wake(state, json!({ "event_id": event_id }), Some(details), cause);
        }
        _ => {}
    }
    true
}

/// The forecast that the current clock hour has exceeded, if it has (group-states spec, section 6).
fn exceeded_forecast(state: &mut IssueState, now: DateTime<Utc>) -> Option<u64> {
    let kept = state
        .forecast
        .get()
        .filter(|forecast| now - forecast.made_at <= FORECAST_LIFE);
    let seen = state
        .sightings
        .as_ref()
        .map_or(0, |sightings| sightings.this_hour);
    let values =
        kept.and_then(|kept| Some((kept.values.as_slice().try_into().ok()?, kept.made_at)));
    let limit = match values {
        Some((values, made_at)) => forecast_for(values, made_at, now),
        None => {
            make_forecast(state, now);
            DEFAULT_FORECAST
        }
    };
    (limit != 0 && seen > limit).then_some(limit)
}

/// Stores a forecast from the sightings of the last week, where there are any. Types without escalation detection get
/// none.
pub(super) fn make_forecast(state: &mut IssueState, now: DateTime<Utc>) {
    let wanted = GroupType::by_id(state.issue.group_type)
        .is_some_and(|group_type| group_type.escalation_detection);
    let week = state.sightings.as_ref().map(hours_of_week);
    if let Some(values) = week
        .filter(|_| wanted)
        .and_then(|week| forecast(&week, now))
    {
        state.forecast.set(Forecast {
            values: values.to_vec(),
            made_at: now,
        });
    }
}

fn hours_of_week(sightings: &Sightings) -> Vec<(DateTime<Utc>, u64)> {
    sightings
        .week
        .iter()
        .map(|(&hour, &count)| (hour, count))
        .collect()
}
