//! The order in which the messages of a batch are processed (occurrences spec, sections 2.2 and 2.3).

use super::batch::BatchItem;
use crate::decode::{Mode, ProjectPolicy};
use crate::model::{Measures, ProjectId};
use std::collections::HashMap;

/// Messages of a batch by fingerprint. Those of one bucket are processed one after another; the buckets do not depend
/// on each other.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    /// Places in the batch. Buckets in the order of their first message, messages in the order they are processed.
    pub order: Vec<Vec<usize>>,
    /// Status changes that a later one of their bucket makes pointless.
    pub pruned: Vec<usize>,
    /// What was counted on the way.
    pub measures: Measures,
}

impl Buckets {
    /// Sorts a batch. `prunes` asks for pruning.
    pub fn of(items: &[BatchItem], mode: Mode, prunes: bool, projects: &ProjectPolicy) -> Self {
        match mode {
            Mode::Serial => Self {
                order: vec![(0..items.len()).collect()],
                ..Self::default()
            },
            Mode::Batched => Self::by_fingerprint(items, prunes, projects),
        }
    }

    fn by_fingerprint(items: &[BatchItem], prunes: bool, projects: &ProjectPolicy) -> Self {
        let mut buckets = Self::default();
        let mut places: HashMap<(Option<ProjectId>, &str), usize> = HashMap::new();
        let mut outside = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let Some(envelope) = &item.decoded.envelope else {
                outside.push(place);
                continue;
            };
            let bucket = *places
                .entry((envelope.project, &envelope.part))
                .or_insert_with(|| {
                    buckets.order.push(Vec::new());
                    buckets.order.len() - 1
                });
            buckets.order[bucket].push(place);
        }
        const CHECKED_IN: &str = "occurrence_consumer.checkin.parallel_batch_count";
        const GROUPS: &str = "occurrence_consumer.checkin.parallel_batch_groups";
        buckets.measures.gauge(CHECKED_IN, items.len() as u64);
        buckets.measures.gauge(GROUPS, buckets.order.len() as u64);
        if prunes {
            for ((project, _), bucket) in places {
                if project.is_some_and(|project| projects.accepts(project)) {
                    buckets.prune(items, bucket);
                }
            }
        }
        buckets
            .order
            .extend(outside.into_iter().map(|place| vec![place]));
        buckets
    }

    /// Of several status changes only the last counts, and it comes last.
    fn prune(&mut self, items: &[BatchItem], bucket: usize) {
        let is_change = |place: &usize| {
            let envelope = items[*place].decoded.envelope.as_ref();
            envelope.is_some_and(|envelope| envelope.is_status_change)
        };
        let (mut changes, mut order): (Vec<_>, Vec<_>) = self.order[bucket]
            .iter()
            .partition(|place| is_change(place));
        let Some(last) = changes.pop() else { return };
        self.measures.count_many(
            "occurrence_consumer.process_occurrence_group.dropped_status_changes",
            &[],
            changes.len() as u64,
        );
        order.push(last);
        self.order[bucket] = order;
        self.pruned.extend(changes);
    }
}
