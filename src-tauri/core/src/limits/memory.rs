//! Counters in this process.

use super::grants::{Grants, NoiseGrant, NoiseKey, NoiseUsed, QuotaKey, Used};
use super::keys::{Key, granule, window};
use super::rows::CounterRow;
use super::wants::{NoiseWant, Wants};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How often counters that no longer count are removed.
const SWEEP_EVERY: TimeDelta = TimeDelta::seconds(60);

/// Counters that live in this process. They are exact for all batches of the process, and the store keeps a mirror
/// of them across restarts.
#[derive(Debug, Default)]
pub struct MemoryCounters {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    noise: HashMap<NoiseKey, NoiseCounter>,
    /// Units by granule.
    quotas: HashMap<QuotaKey, BTreeMap<i64, u32>>,
    births: u64,
    swept_at: Option<DateTime<Utc>>,
}

/// One noise counter. Times are milliseconds since 1970, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NoiseCounter {
    count: u64,
    /// Batches that have not settled.
    pending: u32,
    born: u64,
    /// When it expires, by what has settled.
    firm: i64,
    /// When it expires if what is pending comes true. Gone when nothing is pending, so that a batch that is taken
    /// back leaves no trace.
    tentative: i64,
}

impl MemoryCounters {
    /// Empty counters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No step in there leaves it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self, wants: &Wants, now: DateTime<Utc>) -> Grants {
        let mut state = self.state();
        state.sweep(now);
        let mut grants = Grants::nothing(now);
        let mut wanted: Vec<(QuotaKey, u32, u32)> = Vec::new();
        let mut index = HashMap::new();
        for want in &wants.hashes {
            let mut passes = want.always_passes();
            if let Some(noise) = &want.noise {
                let key = (want.project, want.hash);
                let grant = state.take_noise(key, noise, now);
                passes |= noise.may_pass(grant.before);
                grants.noise.insert(key, grant);
            }
            if !passes {
                continue;
            }
            for &(slug, limit) in &want.quotas {
                let key = (want.project, slug);
                let at = *index.entry(key).or_insert(wanted.len());
                if at == wanted.len() {
                    wanted.push((key, limit, 0));
                }
                wanted[at].1 = wanted[at].1.min(limit);
                wanted[at].2 += 1;
            }
        }
        for (key, limit, wanted) in wanted {
            grants
                .quotas
                .insert(key, state.take_quota(key, limit, wanted, now));
        }
        grants
    }

    pub(super) fn settle(&self, grants: &Grants, used: &Used) {
        let mut state = self.state();
        for (key, grant) in &grants.noise {
            state.settle_noise(*key, grant, used.of_noise(key, grant));
        }
        for (key, &granted) in &grants.quotas {
            let unused = granted - used.of_quota(key, granted);
            state.give_back_quota(*key, granule(grants.taken_at), unused);
        }
    }

    pub(super) fn restore(&self, rows: impl IntoIterator<Item = CounterRow>, now: DateTime<Utc>) {
        let mut state = self.state();
        let mut unknown = 0_u64;
        for row in rows {
            if row.expires_at <= now || row.count <= 0 {
                continue;
            }
            match Key::parse(&row.key) {
                Some(Key::Noise(project, hash)) => {
                    let born = state.next_birth();
                    let counter = NoiseCounter {
                        count: u64::try_from(row.count).unwrap_or(0),
                        pending: 0,
                        born,
                        firm: row.expires_at.timestamp_millis(),
                        tentative: 0,
                    };
                    state.noise.insert((project, hash), counter);
                }
                Some(Key::Quota(project, slug, granule)) => {
                    let units = u32::try_from(row.count).unwrap_or(u32::MAX);
                    state
                        .quotas
                        .entry((project, slug))
                        .or_default()
                        .insert(granule, units);
                }
                None => unknown += 1,
            }
        }
        if unknown > 0 {
            tracing::warn!(
                unknown,
                "some stored counters are of no registered group type and are left out"
            );
        }
    }

    /// How many counters there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        let state = self.state();
        state.noise.len() + state.quotas.values().map(BTreeMap::len).sum::<usize>()
    }
}

impl State {
    fn next_birth(&mut self) -> u64 {
        self.births += 1;
        self.births
    }

    fn take_noise(&mut self, key: NoiseKey, want: &NoiseWant, now: DateTime<Utc>) -> NoiseGrant {
        let now = now.timestamp_millis();
        let born = self.next_birth();
        let fresh = NoiseCounter {
            count: 0,
            pending: 0,
            born,
            firm: 0,
            tentative: 0,
        };
        let mut counter = self
            .noise
            .get(&key)
            .filter(|counter| now < counter.expires())
            .copied()
            .unwrap_or(fresh);
        let grant = NoiseGrant::new(want, counter.count, counter.firm, counter.born, now);
        if want.occurrences == 0 {
            return grant;
        }
        // A counter must end some day, also when the first occurrence it counts is not ignored.
        if counter.count == 0 || want.ignores_one(counter.count) {
            counter.tentative = counter.tentative.max(grant.until);
        }
        counter.count += u64::from(want.occurrences);
        counter.pending += 1;
        self.noise.insert(key, counter);
        grant
    }

    fn settle_noise(&mut self, key: NoiseKey, grant: &NoiseGrant, used: NoiseUsed) {
        let Some(counter) = self.noise.get_mut(&key) else {
            return;
        };
        if grant.asked == 0 || counter.born != grant.born {
            return;
        }
        counter.settle(grant, used);
        if counter.count == 0 {
            self.noise.remove(&key);
        }
    }

    fn take_quota(&mut self, key: QuotaKey, limit: u32, wanted: u32, now: DateTime<Utc>) -> u32 {
        let granules = self.quotas.entry(key).or_default();
        let used: u64 = granules
            .range(window(now))
            .map(|(_, units)| u64::from(*units))
            .sum();
        let left = u32::try_from(u64::from(limit).saturating_sub(used)).unwrap_or(u32::MAX);
        let granted = wanted.min(left);
        if granted > 0 {
            *granules.entry(granule(now)).or_default() += granted;
        } else if granules.is_empty() {
            self.quotas.remove(&key);
        }
        granted
    }

    fn give_back_quota(&mut self, key: QuotaKey, granule: i64, unused: u32) {
        let Some(granules) = self.quotas.get_mut(&key) else {
            return;
        };
        if let Some(units) = granules.get_mut(&granule) {
            *units = units.saturating_sub(unused);
            if *units == 0 {
                granules.remove(&granule);
            }
        }
        if granules.is_empty() {
            self.quotas.remove(&key);
        }
    }

    /// Removes what no longer counts.
    fn sweep(&mut self, now: DateTime<Utc>) {
        let due = self
            .swept_at
            .is_none_or(|swept_at| (now - swept_at).abs() >= SWEEP_EVERY);
        if !due {
            return;
        }
        self.swept_at = Some(now);
        let millis = now.timestamp_millis();
        self.noise.retain(|_, counter| millis < counter.expires());
        let oldest = *window(now).start();
        self.quotas.retain(|_, granules| {
            granules.retain(|granule, _| *granule >= oldest);
            !granules.is_empty()
        });
        shrink(&mut self.noise);
        shrink(&mut self.quotas);
    }
}

/// Gives memory back after a wave of counters.
fn shrink<K: Eq + Hash, V>(map: &mut HashMap<K, V>) {
    if map.capacity() > 4 * map.len() {
        map.shrink_to(2 * map.len());
    }
}

impl NoiseCounter {
    fn expires(&self) -> i64 {
        self.firm.max(self.tentative)
    }

    fn settle(&mut self, grant: &NoiseGrant, used: NoiseUsed) {
        let unused = grant.asked - used.counted;
        self.count = self.count.saturating_sub(u64::from(unused));
        self.pending = self.pending.saturating_sub(1);
        if used.ignored > 0 || (used.counted > 0 && self.firm == 0) {
            self.firm = self.firm.max(grant.until);
        }
        if self.pending == 0 {
            self.tentative = 0;
        }
    }
}
