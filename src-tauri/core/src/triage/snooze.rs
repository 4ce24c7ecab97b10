//! How long an archived issue stays away (group-states spec, section 4.1).

use super::sightings::minutes_before;
use crate::model::{IssueState, Sightings, Snooze};
use chrono::{DateTime, Utc};

/// Whether one of the conditions is met. The occurrence being processed is counted in.
pub(super) fn has_lapsed(state: &IssueState, snooze: &Snooze, now: DateTime<Utc>) -> bool {
    let nothing = Sightings::default();
    let sightings = state.sightings.as_ref().unwrap_or(&nothing);
    let until = snooze.until.is_some_and(|until| until <= now);
    let count = snooze.count.is_some_and(|count| match snooze.window {
        None => state.issue.times_seen - snooze.times_seen.unwrap_or(0) >= count,
        Some(_) => sightings.in_window >= count.unsigned_abs(),
    });
    let users = snooze.user_count.is_some_and(|count| {
        let seen = match snooze.user_window {
            None => sightings.users.len(),
            Some(minutes) => users_since(sightings, minutes_before(now, minutes)),
        };
        let seen = i64::try_from(seen).unwrap_or(i64::MAX);
        let recorded = match snooze.user_window {
            None => snooze.users_seen.unwrap_or(0),
            Some(_) => 0,
        };
        seen >= count.saturating_add(recorded)
    });
    until || count || users
}

fn users_since(sightings: &Sightings, start: DateTime<Utc>) -> usize {
    let seen = sightings.users.values();
    seen.filter(|newest| **newest >= start).count()
}
