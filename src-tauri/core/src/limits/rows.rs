//! The mirror of the in-process counters in the store (occurrences spec, D24).

use super::grants::{Grants, Used};
use super::keys::{Key, WINDOW_SECONDS, granule};
use chrono::{DateTime, TimeDelta, Utc};

/// A change of one mirrored counter, written in the transaction of the batch that made it.
///
/// A stored counter with `expires_at` after the time of the batch grows by `add`, and expires at the later of both
/// times. One that is missing or expired is replaced: it counts `add` and expires at `expires_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterWrite {
    /// Name of the counter.
    pub key: String,
    /// What to add, at least 1.
    pub add: i64,
    /// When the counter expires, to the millisecond.
    pub expires_at: DateTime<Utc>,
}

/// A mirrored counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterRow {
    /// Name of the counter.
    pub key: String,
    /// What it counts.
    pub count: i64,
    /// When it is forgotten, to the millisecond.
    pub expires_at: DateTime<Utc>,
}

/// What a batch changes in the mirror, ordered by name.
pub(super) fn rows(grants: &Grants, used: &Used) -> Vec<CounterWrite> {
    let noise = grants.noise.iter().filter_map(|(key, grant)| {
        let used = used.of_noise(key, grant);
        let expires = if used.ignored > 0 || grant.firm == 0 {
            grant.until
        } else {
            grant.firm
        };
        (used.counted > 0).then(|| CounterWrite {
            key: Key::Noise(key.0, key.1).to_string(),
            add: i64::from(used.counted),
            expires_at: time(expires),
        })
    });
    let quotas = grants.quotas.iter().filter_map(|(key, granted)| {
        let used = used.of_quota(key, *granted);
        (used > 0).then(|| CounterWrite {
            key: Key::Quota(key.0, key.1, granule(grants.taken_at)).to_string(),
            add: i64::from(used),
            expires_at: grants.taken_at + TimeDelta::seconds(WINDOW_SECONDS),
        })
    });
    let mut rows: Vec<_> = noise.chain(quotas).collect();
    rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    rows
}

fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
