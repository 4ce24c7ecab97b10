//! A batch: records in, what became of each, and the offsets they cover.

use crate::decode::{Decoded, Mode};
use crate::model::ProjectId;
use crate::source::Record;
use crate::store::{MessageKey, OffsetAdvance};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A partition.
pub type Partition = (Arc<str>, i32);

/// A decoded record.
#[derive(Debug)]
pub struct BatchItem {
    /// The record.
    pub record: Record,
    /// What it says.
    pub decoded: Decoded,
    /// The dead letter it is, where it is one that is tried again.
    pub dead_letter: Option<i64>,
}

impl BatchItem {
    /// By what a repetition of the message is recognised, where that is wanted (occurrences spec, section 2.4). A
    /// message that names no project is told apart by its id alone.
    pub(super) fn key(&self, mode: Mode) -> Option<MessageKey> {
        if mode == Mode::Serial {
            return None;
        }
        let envelope = self.decoded.envelope.as_ref()?;
        let project = envelope.project.unwrap_or(ProjectId(0));
        Some((project, envelope.id.clone()?))
    }
}

/// Decoded records of one lane in arrival order, ready to be stored together.
#[derive(Debug)]
pub struct Batch {
    /// Source the records came from.
    pub source: Arc<str>,
    /// The records.
    pub items: Vec<BatchItem>,
    /// For every partition whose offset the batch moves: the next offset its first record was read at. Dead letters
    /// that are tried again move none.
    pub starts: BTreeMap<Partition, i64>,
    /// Processing time of the whole batch.
    pub now: DateTime<Utc>,
}

impl Batch {
    /// Bytes the records keep in memory.
    pub(super) fn weight(&self) -> usize {
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
    let read = items.iter().filter(|item| item.dead_letter.is_none());
    for BatchItem { record, .. } in read {
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
