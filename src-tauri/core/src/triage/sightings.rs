//! Counts over the occurrences of an issue, kept up to date while a batch goes on.

use super::post_process::Reached;
use crate::model::IssueState;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// How far back a forecast looks (group-states spec, section 6).
const FORECAST_SPAN: TimeDelta = TimeDelta::hours(168);

/// Counts an occurrence that reached an issue, where the issue has counts. Every occurrence counts, whether or not
/// anything follows from it.
pub fn count_sighting(state: &mut IssueState, reached: &Reached<'_>, now: DateTime<Utc>) {
    let snooze = state.snooze.get();
    let window = snooze.and_then(|snooze| snooze.window);
    let counts_users = snooze.is_some_and(|snooze| snooze.user_count.is_some());
    let Some(sightings) = &mut state.sightings else {
        return;
    };
    let time = reached.time;
    if time < now && time >= now - FORECAST_SPAN {
        *sightings.week.entry(start_of_hour(time)).or_default() += 1;
    }
    if time > now {
        return;
    }
    if time >= start_of_hour(now) {
        sightings.this_hour += 1;
    }
    if window.is_some_and(|minutes| time >= minutes_before(now, minutes)) {
        sightings.in_window += 1;
    }
    if let (true, Some(user)) = (counts_users, reached.user) {
        let newest = sightings.users.entry(user.to_owned()).or_insert(time);
        *newest = time.max(*newest);
    }
}

fn start_of_hour(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::hours(1)).unwrap_or(time)
}

/// The start of a window of so many minutes that ends at `now`. One that reaches back beyond all times begins with
/// them.
pub(super) fn minutes_before(now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    TimeDelta::try_minutes(minutes)
        .and_then(|window| now.checked_sub_signed(window))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}
