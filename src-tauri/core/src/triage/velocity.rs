//! Whether a new error issue comes faster than others of its project (group-states spec, section 7).

use crate::model::{Category, EscalationThreshold, GroupType, Issue};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The feature that switches early escalation on.
pub const EARLY_ESCALATION: &str = "projects:first-event-severity-new-escalation";

/// An issue that is younger than this is a new one.
const YOUNG: TimeDelta = TimeDelta::hours(24);
/// A new issue seen less often does not escalate early.
const LEAST_SEEN: i64 = 10;
/// How far back the issues of a project are measured.
pub const VELOCITY_SPAN: TimeDelta = TimeDelta::hours(168);
/// Issues younger than this are not measured.
const MEASURED_FROM: TimeDelta = TimeDelta::hours(1);
/// The share of issues that come at most as fast as the threshold.
const PERCENTILE: f64 = 0.95;
/// When a threshold is measured anew.
pub const THRESHOLD_AGE: TimeDelta = TimeDelta::hours(24);
/// How long a threshold holds where it could not be measured anew.
const THRESHOLD_LIFE: TimeDelta = TimeDelta::hours(48);

/// How often an issue was seen lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Velocity {
    /// Time of its first event.
    pub first_seen: DateTime<Utc>,
    /// Its events in the [`VELOCITY_SPAN`] before the measurement.
    pub events: i64,
}

/// Early escalation in a project, where it is switched on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyEscalation {
    /// Events per hour; 0 where nothing is known, and nothing escalates.
    threshold: f64,
}

impl EarlyEscalation {
    /// What holds at `now` for a project with this threshold; nothing where the feature is off.
    #[must_use]
    pub fn of(
        features: &BTreeSet<String>,
        threshold: Option<EscalationThreshold>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let kept = threshold.filter(|kept| now - kept.measured_at <= THRESHOLD_LIFE);
        features.contains(EARLY_ESCALATION).then(|| Self {
            threshold: kept.map_or(0.0, |kept| kept.events_per_hour),
        })
    }

    /// Whether an issue with the substatus *new* comes too fast, this occurrence counted in.
    pub(super) fn concerns(self, issue: &Issue, now: DateTime<Utc>) -> bool {
        let is_error = GroupType::by_id(issue.group_type)
            .is_some_and(|group_type| group_type.category == Category::Error);
        is_error
            && is_young(issue, now)
            && issue.times_seen >= LEAST_SEEN
            && self.threshold > 0.0
            && per_hour(issue.times_seen, now - issue.first_seen) > self.threshold
    }
}

/// Whether an issue was first seen less than a day before `now`.
pub(super) fn is_young(issue: &Issue, now: DateTime<Utc>) -> bool {
    now - issue.first_seen < YOUNG
}

/// The events per hour that 95 of 100 issues of a project do not exceed: the 95th percentile, between two issues in
/// proportion, over those with more than one event that were first seen more than an hour before `now`. Nothing where
/// there is none.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list, which is never negative and far below the precision of a float"
)]
pub fn usual_velocity(
    issues: impl IntoIterator<Item = Velocity>,
    now: DateTime<Utc>,
) -> Option<f64> {
    let mut rates: Vec<f64> = issues
        .into_iter()
        .filter(|issue| issue.events > 1 && now - issue.first_seen > MEASURED_FROM)
        .map(|issue| per_hour(issue.events, (now - issue.first_seen).min(VELOCITY_SPAN)))
        .collect();
    rates.sort_by(f64::total_cmp);
    let place = rates.len().checked_sub(1)? as f64 * PERCENTILE;
    let below = *rates.get(place as usize)?;
    let above = rates.get(place.ceil() as usize).copied().unwrap_or(below);
    Some(below + (above - below) * place.fract())
}

/// Events per hour over a span of time, which counts as an hour at least.
#[allow(
    clippy::cast_precision_loss,
    reason = "a rate; counts and spans lie far below the precision of a float"
)]
fn per_hour(events: i64, span: TimeDelta) -> f64 {
    let hours = span.num_milliseconds() as f64 / 3_600_000.0;
    events as f64 / hours.max(1.0)
}
