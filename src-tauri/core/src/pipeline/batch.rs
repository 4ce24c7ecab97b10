//! A batch: records in, what became of each, and the offsets they cover.

use crate::decode::OccurrenceMessage;
use crate::model::Verdict;
use crate::source::Record;
use crate::store::OffsetAdvance;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A partition.
pub(super) type Partition = (Arc<str>, i32);

/// A record with its verdict.
#[derive(Debug)]
pub(super) struct BatchItem {
    pub record: Record,
    pub verdict: Verdict<OccurrenceMessage>,
}

/// Decoded records of one lane in arrival order, ready to be stored together.
#[derive(Debug)]
pub(super) struct Batch {
    /// Source the records came from.
    pub source: Arc<str>,
    /// The records.
    pub items: Vec<BatchItem>,
    /// For every partition in `items`: the next offset its first record was read at.
    pub starts: BTreeMap<Partition, i64>,
    /// Processing time of the whole batch.
    pub now: DateTime<Utc>,
}

impl Batch {
    /// Bytes the records keep in memory.
    pub fn weight(&self) -> usize {
        self.items.iter().map(|item| item.record.weight()).sum()
    }
}

/// How far `items` move their partitions from where `starts` says they stand. Moves `starts` along, so that the
/// next part of the same batch goes on from there.
pub(super) fn advances(
    items: &[BatchItem],
    starts: &mut BTreeMap<Partition, i64>,
) -> Vec<OffsetAdvance> {
    let mut ends: BTreeMap<(&Arc<str>, i32), i64> = BTreeMap::new();
    for BatchItem { record, .. } in items {
        ends.insert((&record.topic, record.partition), record.offset + 1);
    }
    let mut advances = Vec::with_capacity(ends.len());
    for ((topic, partition), to) in ends {
        let start = starts
            .entry((Arc::clone(topic), partition))
            .or_insert(to - 1);
        advances.push(OffsetAdvance {
            topic: Arc::clone(topic),
            partition,
            from: *start,
            to,
        });
        *start = to;
    }
    advances
}
