//! The status that lists and exports show: what is stored, unless time has made something else of it (search spec, section
//! 8.4).

use crate::model::IssueStatus;
use crate::store::column::Stamp;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

/// The columns of [`StatusRecord`], from the tables called `i` (issue), `p` (project) and `s` (snooze), of which the last
/// two may have no row.
macro_rules! status_columns {
    () => {
        "i.status, i.last_seen, i.times_seen, p.resolve_age_hours, s.issue_id AS snooze_of, s.until AS snooze_until, \
         CAST(s.count AS BIGINT) AS snooze_count, CAST(s.window AS BIGINT) AS snooze_window, \
         CAST(s.times_seen AS BIGINT) AS snooze_times_seen"
    };
}
pub(super) use status_columns;

/// What the status of an issue depends on.
#[derive(Debug, FromRow)]
pub(in crate::store) struct StatusRecord {
    pub status: i16,
    pub last_seen: Stamp,
    pub times_seen: i64,
    pub resolve_age_hours: Option<i32>,
    pub snooze_of: Option<i64>,
    pub snooze_until: Option<Stamp>,
    pub snooze_count: Option<i64>,
    pub snooze_window: Option<i64>,
    pub snooze_times_seen: Option<i64>,
}

impl StatusRecord {
    /// The word for the stored status.
    pub(super) fn stored(&self) -> &'static str {
        match IssueStatus::from_number(self.status) {
            Some(IssueStatus::Unresolved) => "unresolved",
            Some(IssueStatus::Resolved) => "resolved",
            Some(IssueStatus::Ignored) => "ignored",
            _ => match self.status {
                3 | 4 => "pending_deletion",
                5 => "pending_merge",
                _ => "reprocessing",
            },
        }
    }

    /// The word for the status at `now`. An issue whose snooze is over may have been quiet for so long meanwhile that it
    /// counts as resolved.
    pub(super) fn word(&self, now: DateTime<Utc>) -> &'static str {
        let word = match self.stored() {
            "ignored" if self.snooze_of.is_some() && !self.snooze_holds(now) => "unresolved",
            stored => stored,
        };
        match word {
            "unresolved" if self.resolves_itself(now) => "resolved",
            word => word,
        }
    }

    /// A snooze ends with its time, or with its number of events where that has no window. The others are for those who
    /// process events to judge.
    fn snooze_holds(&self, now: DateTime<Utc>) -> bool {
        let is_over = self.snooze_until.is_some_and(|until| until.0 <= now);
        let is_reached = self.snooze_window.unwrap_or(0) == 0
            && self.snooze_count.is_some_and(|count| {
                count > 0 && self.times_seen - self.snooze_times_seen.unwrap_or(0) >= count
            });
        !is_over && !is_reached
    }

    fn resolves_itself(&self, now: DateTime<Utc>) -> bool {
        self.resolve_age_hours.is_some_and(|hours| {
            hours > 0 && now - self.last_seen.0 > TimeDelta::hours(hours.into())
        })
    }
}
