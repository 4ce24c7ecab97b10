//! The order in which the messages of a batch are processed (occurrences spec, sections 2.2 and 2.3).

use super::batch::BatchItem;
use crate::decode::{Mode, ProjectPolicy};
use crate::model::{Measures, ProjectId};
use std::collections::{HashMap, HashSet};

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
    /// Sorts a batch. `prunes` asks for pruning. A dead letter that is not in `open_letters` is in no bucket: somebody
    /// else has dealt with it, and it must not make another message pointless.
    pub fn of(
        items: &[BatchItem],
        open_letters: &HashSet<i64>,
        mode: Mode,
        prunes: bool,
        projects: &ProjectPolicy,
    ) -> Self {
        let is_open = |place: &usize| {
            let letter = items[*place].dead_letter;
            letter.is_none_or(|letter| open_letters.contains(&letter))
        };
        let places = (0..items.len()).filter(is_open).collect();
        match mode {
            Mode::Serial => Self {
                order: vec![places],
                ..Self::default()
            },
            Mode::Batched => Self::by_fingerprint(items, places, prunes, projects),
        }
    }

    fn by_fingerprint(
        items: &[BatchItem],
        places: Vec<usize>,
        prunes: bool,
        projects: &ProjectPolicy,
    ) -> Self {
        const CHECKED_IN: &str = "occurrence_consumer.checkin.parallel_batch_count";
        const GROUPS: &str = "occurrence_consumer.checkin.parallel_batch_groups";

        let mut buckets = Self::default();
        buckets.measures.gauge(CHECKED_IN, places.len() as u64);
        let mut known: HashMap<(Option<ProjectId>, &str), usize> = HashMap::new();
        let mut outside = Vec::new();
        for place in places {
            let Some(envelope) = &items[place].decoded.envelope else {
                outside.push(place);
                continue;
            };
            let key = (envelope.project, envelope.part.as_str());
            let bucket = *known.entry(key).or_insert(buckets.order.len());
            match buckets.order.get_mut(bucket) {
                Some(places) => places.push(place),
                None => buckets.order.push(vec![place]),
            }
        }
        buckets.measures.gauge(GROUPS, buckets.order.len() as u64);
        if prunes {
            for bucket in 0..buckets.order.len() {
                buckets.prune(items, bucket, projects);
            }
        }
        // What has no place among others is decided already.
        let alone = outside.into_iter().map(|place| vec![place]);
        buckets.order.extend(alone);
        buckets
    }

    /// Of several status changes only the last counts, and it comes last. Nothing happens in a project that is not
    /// there.
    fn prune(&mut self, items: &[BatchItem], bucket: usize, projects: &ProjectPolicy) {
        let envelope = |place: usize| items[place].decoded.envelope.as_ref();
        let project = self.order[bucket]
            .first()
            .and_then(|first| envelope(*first)?.project);
        if !project.is_some_and(|project| projects.accepts(project)) {
            return;
        }
        let is_change =
            |place: &usize| envelope(*place).is_some_and(|envelope| envelope.is_status_change);
        let (mut changes, mut order): (Vec<usize>, Vec<usize>) = self.order[bucket]
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
