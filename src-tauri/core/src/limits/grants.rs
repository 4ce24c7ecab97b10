//! What the counters granted a batch, and what the batch really used of it.

use super::wants::NoiseWant;
use crate::model::{GroupHash, NoiseLimit, ProjectId};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// The counter of a hash without an issue.
pub(super) type NoiseKey = (ProjectId, GroupHash);
/// The creation quota of a group type, by its slug.
pub(super) type QuotaKey = (ProjectId, &'static str);

/// What was granted to one batch. It is taken already: every batch gives its grants to
/// [`super::Counters::settle`] once, whether it was stored or not.
#[derive(Debug, PartialEq)]
#[must_use = "what is not settled stays taken"]
pub struct Grants {
    pub(super) taken_at: DateTime<Utc>,
    /// By what Redis knows it until it is settled.
    pub(super) reservation: Option<u64>,
    pub(super) open: bool,
    pub(super) noise: HashMap<NoiseKey, NoiseGrant>,
    pub(super) quotas: HashMap<QuotaKey, u32>,
}

/// What a batch holds of one noise counter. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoiseGrant {
    /// What was counted before this batch.
    pub before: u64,
    /// How many occurrences were counted in advance.
    pub asked: u32,
    /// When the counter expires if this batch ignores an occurrence.
    pub until: i64,
    /// When the counter expires if it does not; 0 while that is not known.
    pub firm: i64,
    /// Which counter of this name it was: one that expired and began anew is another one.
    pub born: u64,
}

impl NoiseGrant {
    pub(super) fn new(want: &NoiseWant, before: u64, firm: i64, born: u64, now: i64) -> Self {
        Self {
            before,
            asked: want.occurrences,
            until: now.saturating_add(want.expiry_millis()),
            firm,
            born,
        }
    }
}

impl Grants {
    pub(super) fn nothing(taken_at: DateTime<Utc>) -> Self {
        Self {
            taken_at,
            reservation: None,
            open: false,
            noise: HashMap::new(),
            quotas: HashMap::new(),
        }
    }

    /// Everything is allowed, because the counters could not be asked.
    pub(super) fn open(taken_at: DateTime<Utc>) -> Self {
        Self {
            open: true,
            ..Self::nothing(taken_at)
        }
    }

    /// Occurrences of a hash counted before this batch; 0 if there were none or they expired. Of open grants it is
    /// [`u32::MAX`], which is over every limit.
    #[must_use]
    pub fn noise_before(&self, project: ProjectId, hash: GroupHash) -> u64 {
        if self.open {
            return u64::from(u32::MAX);
        }
        self.noise
            .get(&(project, hash))
            .map_or(0, |grant| grant.before)
    }

    /// How many issues of a type, by its slug, this batch may open in a project. Of open grants it is [`u32::MAX`].
    #[must_use]
    pub fn quota(&self, project: ProjectId, slug: &'static str) -> u32 {
        if self.open {
            return u32::MAX;
        }
        self.quotas.get(&(project, slug)).copied().unwrap_or(0)
    }

    /// Whether the counters could not be asked, so that everything is allowed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Begins to decide with these grants. A batch that is decided again begins again.
    #[must_use]
    pub fn spend(&self) -> Spending<'_> {
        Spending {
            grants: self,
            used: Used::default(),
        }
    }
}

/// What the decisions on a batch really used. The default is that of a batch that was not stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// Occurrences that were counted, by hash.
    pub noise: HashMap<(ProjectId, GroupHash), NoiseUsed>,
    /// Issues that were opened, by project and slug.
    pub quotas: HashMap<(ProjectId, &'static str), u32>,
}

/// How often a noise counter was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoiseUsed {
    /// Occurrences that were counted.
    pub counted: u32,
    /// Those of them that were ignored. Each restarts the expiry, the others do not.
    pub ignored: u32,
}

impl Used {
    pub(super) fn of_noise(&self, key: &NoiseKey, grant: &NoiseGrant) -> NoiseUsed {
        let used = self.noise.get(key).copied().unwrap_or_default();
        NoiseUsed {
            counted: used.counted.min(grant.asked),
            ignored: used.ignored.min(grant.asked),
        }
    }

    pub(super) fn of_quota(&self, key: &QuotaKey, granted: u32) -> u32 {
        self.quotas.get(key).map_or(0, |used| (*used).min(granted))
    }
}

/// Decides occurrence by occurrence, in memory, and keeps account of what that used.
#[derive(Debug)]
pub struct Spending<'a> {
    grants: &'a Grants,
    used: Used,
}

impl Spending<'_> {
    /// Counts an occurrence whose hash has no issue, and says whether it may open one (occurrences spec,
    /// section 10). A type without noise reduction is not counted, and may.
    pub fn passes_noise(
        &mut self,
        project: ProjectId,
        hash: GroupHash,
        noise: Option<NoiseLimit>,
    ) -> bool {
        let Some(limit) = noise else {
            return true;
        };
        let before = self.grants.noise_before(project, hash);
        let used = self.used.noise.entry((project, hash)).or_default();
        used.counted += 1;
        let over = before + u64::from(used.counted) >= u64::from(limit.ignore_limit);
        if !over {
            used.ignored += 1;
        }
        over
    }

    /// Takes one issue off a type's quota, and says whether there was one left (section 11).
    pub fn takes_quota(&mut self, project: ProjectId, slug: &'static str) -> bool {
        let granted = self.grants.quota(project, slug);
        let used = self.used.quotas.entry((project, slug)).or_default();
        let left = *used < granted;
        *used += u32::from(left);
        left
    }

    /// What was used.
    #[must_use]
    pub fn finish(self) -> Used {
        self.used
    }
}
