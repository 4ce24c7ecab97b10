//! What a batch may need of the counters.

use crate::model::{GroupHash, GroupType, ProjectId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

/// What a batch may need: its hashes that have no issue, distinct, in order of first appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// The hashes.
    pub hashes: Vec<HashWant>,
    /// The records that are decided on. Nothing where they are no part of a stream.
    pub spans: Vec<Span>,
}

/// Records of a partition, one after another, that a batch wants to store. Whoever begins inside a span has found its
/// records not stored, so what was taken for it before was for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Source, topic and partition.
    pub partition: String,
    /// Offset of the first record.
    pub from: i64,
    /// Offset behind the last.
    pub to: i64,
}

/// What the occurrences of one hash may need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashWant {
    /// Project of the hash.
    pub project: ProjectId,
    /// The hash.
    pub hash: GroupHash,
    /// Noise reduction; nothing when no occurrence is of a type that has it.
    pub noise: Option<NoiseWant>,
    /// Whether some occurrence is of a type without noise reduction, and so may open an issue whatever was counted.
    pub noise_free: bool,
    /// Slugs of the types that an issue may be opened with, distinct, each with its limit per hour.
    pub quotas: Vec<(&'static str, u32)>,
}

/// How far a batch may count one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoiseWant {
    /// How many occurrences may have to be counted.
    pub occurrences: u32,
    /// The occurrence with this number may open an issue; the lowest limit, where types differ.
    pub ignore_limit: u32,
    /// How long an ignored occurrence keeps counting; the longest, where types differ.
    pub expiry: Duration,
}

impl Wants {
    /// What occurrences may need, given their hashes and types in the order of the batch.
    pub fn of(
        occurrences: impl IntoIterator<Item = (ProjectId, GroupHash, &'static GroupType)>,
    ) -> Self {
        let mut wants = Self::default();
        let mut known = HashMap::new();
        for (project, hash, group_type) in occurrences {
            let index = match known.entry((project, hash)) {
                Entry::Occupied(index) => *index.get(),
                Entry::Vacant(index) => {
                    wants.hashes.push(HashWant {
                        project,
                        hash,
                        noise: None,
                        noise_free: false,
                        quotas: Vec::new(),
                    });
                    *index.insert(wants.hashes.len() - 1)
                }
            };
            wants.hashes[index].add(group_type);
        }
        wants
    }
}

impl HashWant {
    fn add(&mut self, group_type: &'static GroupType) {
        if let Some(limit) = group_type.noise {
            let noise = self.noise.get_or_insert(NoiseWant {
                occurrences: 0,
                ignore_limit: limit.ignore_limit,
                expiry: limit.expiry,
            });
            noise.occurrences += 1;
            noise.ignore_limit = noise.ignore_limit.min(limit.ignore_limit);
            noise.expiry = noise.expiry.max(limit.expiry);
        } else {
            self.noise_free = true;
        }
        if !self.quotas.iter().any(|(slug, _)| *slug == group_type.slug) {
            self.quotas
                .push((group_type.slug, group_type.creation_quota));
        }
    }

    /// Whether an occurrence may open an issue whatever was counted.
    pub(super) fn always_passes(&self) -> bool {
        self.noise_free || self.noise.is_none()
    }
}

impl NoiseWant {
    /// Whether the last of the occurrences may open an issue, when `before` were counted before them.
    pub(super) fn may_pass(&self, before: u64) -> bool {
        before + u64::from(self.occurrences) >= u64::from(self.ignore_limit)
    }

    /// Whether the first of the occurrences is ignored, when `before` were counted before them.
    pub(super) fn ignores_one(&self, before: u64) -> bool {
        before + 1 < u64::from(self.ignore_limit)
    }

    /// The expiry in whole milliseconds, which is what counters keep.
    pub(super) fn expiry_millis(&self) -> i64 {
        i64::try_from(self.expiry.as_millis()).unwrap_or(i64::MAX / 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group_type(id: u16) -> &'static GroupType {
        GroupType::by_id(id).unwrap()
    }

    #[test]
    fn occurrences_of_a_hash_are_one_want() {
        let (a, b) = (GroupHash::of("a"), GroupHash::of("b"));
        let (shop, forge) = (ProjectId(1), ProjectId(2));
        let wants = Wants::of([
            (shop, b, group_type(1009)),
            (shop, a, group_type(2007)),
            (shop, b, group_type(1006)),
            (forge, b, group_type(4001)),
            (shop, b, group_type(1009)),
            (forge, b, group_type(4003)),
            (shop, b, group_type(1010)),
        ]);
        assert_eq!(
            wants.hashes,
            [
                HashWant {
                    project: shop,
                    hash: b,
                    noise: Some(NoiseWant {
                        occurrences: 3,
                        ignore_limit: 3,
                        expiry: Duration::from_secs(86_400),
                    }),
                    noise_free: true,
                    quotas: vec![
                        ("performance_consecutive_http", 5),
                        ("performance_n_plus_one_db_queries", 5),
                        ("performance_n_plus_one_api_calls", 5),
                    ],
                },
                HashWant {
                    project: shop,
                    hash: a,
                    noise: None,
                    noise_free: true,
                    quotas: vec![("profile_regex_main_thread", 5)],
                },
                HashWant {
                    project: forge,
                    hash: b,
                    noise: None,
                    noise_free: true,
                    quotas: vec![("monitor_check_in_failure", 60_000)],
                },
            ]
        );
    }
}
