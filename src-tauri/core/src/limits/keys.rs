//! Names of counters, and which of them make up an hour.

use crate::model::{GroupHash, GroupType, ProjectId};
use chrono::{DateTime, Utc};
use std::fmt;
use std::ops::RangeInclusive;

/// Length of the window that creation quotas look back on, in seconds.
pub(super) const WINDOW_SECONDS: i64 = 3_600;
/// Length of one granule of that window, in seconds.
const GRANULE_SECONDS: i64 = 60;
/// How many granules newer than its own a writer counts. With one steady clock there are none; they keep the quota
/// when clocks of several writers differ, or batches come out of order.
const SKEW_GRANULES: i64 = 5;

/// The granule that units taken at `now` go to.
pub(super) fn granule(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(GRANULE_SECONDS) - 1
}

/// The granules whose units count at `now`.
pub(super) fn window(now: DateTime<Utc>) -> RangeInclusive<i64> {
    let newest = granule(now);
    newest + 1 - WINDOW_SECONDS / GRANULE_SECONDS..=newest + SKEW_GRANULES
}

/// A counter's name, as Redis and the store know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Occurrences of a hash that has no issue.
    Noise(ProjectId, GroupHash),
    /// Issues opened within one granule.
    Quota(ProjectId, &'static str, i64),
}

impl Key {
    /// Reads a name. Nothing for one that is not ours, or of a group type that is no longer registered.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("grouphash:") {
            let (hash, project) = rest.split_once(':')?;
            return Some(Self::Noise(project.parse().ok()?, hash.parse().ok()?));
        }
        let rest = text.strip_prefix("sliding-window-rate-limit:issue-platform-issues:")?;
        let mut parts = rest.split(':');
        let project = parts.next()?.parse().ok()?;
        let slug = GroupType::by_slug(parts.next()?)?.slug;
        let of_the_window = (parts.next()?, parts.next()?) == ("3600", "60");
        let granule = parts.next()?.parse().ok()?;
        (of_the_window && parts.next().is_none()).then_some(Self::Quota(project, slug, granule))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noise(project, hash) => write!(f, "grouphash:{hash}:{project}"),
            Self::Quota(project, slug, granule) => {
                write!(f, "{}{granule}", quota_prefix(*project, slug))
            }
        }
    }
}

/// The names of a quota's counters, up to the number of the granule.
pub(super) fn quota_prefix(project: ProjectId, slug: &str) -> String {
    format!(
        "sliding-window-rate-limit:issue-platform-issues:{project}:{slug}:{WINDOW_SECONDS}:{GRANULE_SECONDS}:"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let noise = Key::Noise(ProjectId(7), GroupHash::of("hi"));
        let quota = Key::Quota(ProjectId(7), "feedback", 28_724_399);
        assert_eq!(
            noise.to_string(),
            "grouphash:49f68a5c8493ec2c0bf489821c21fc3b:7"
        );
        assert_eq!(
            quota.to_string(),
            "sliding-window-rate-limit:issue-platform-issues:7:feedback:3600:60:28724399"
        );
        for key in [noise, quota] {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
        for other in [
            "",
            "grouphash:49f68a5c8493ec2c0bf489821c21fc3b",
            "grouphash:xyz:7",
            "grouphash:49f68a5c8493ec2c0bf489821c21fc3b:seven",
            "sliding-window-rate-limit:issue-platform-issues:7:no_such_type:3600:60:1",
            "sliding-window-rate-limit:issue-platform-issues:7:feedback:3600:30:1",
            "sliding-window-rate-limit:issue-platform-issues:7:feedback:3600:60:1:2",
            "sliding-window-rate-limit:elsewhere:7:feedback:3600:60:1",
        ] {
            assert_eq!(Key::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_unit_leaves_the_window_with_the_start_of_a_minute() {
        let noon = 1_723_464_000;
        let taken = granule(at(noon + 30));
        assert!(window(at(noon + 30)).contains(&taken));
        assert!(window(at(noon + 3_599)).contains(&taken));
        assert!(!window(at(noon + 3_600)).contains(&taken));
        // A writer whose clock is behind counts it too.
        assert!(window(at(noon - 30)).contains(&taken));
    }

    #[test]
    fn times_before_1970_have_their_own_granules() {
        assert_eq!(granule(at(-1)), -2);
        assert_eq!(granule(at(0)), -1);
    }
}
