//! The compare of compare-and-set: a batch may only be stored by whoever owns its partitions.

use super::{OffsetAdvance, StoreError, StoredOffset};
use std::collections::HashMap;

/// Checks every advance against the stored offsets and answers where the partitions stand afterwards.
///
/// Advances of one partition follow each other: the second starts where the first ended. A partition that is not
/// stored was never claimed and is nobody's to move.
pub(super) fn advanced(
    stored: &[StoredOffset],
    advances: &[OffsetAdvance],
) -> Result<Vec<StoredOffset>, StoreError> {
    let mut positions: HashMap<(&str, i32), i64> = stored
        .iter()
        .map(|offset| {
            (
                (offset.topic.as_str(), offset.partition),
                offset.next_offset,
            )
        })
        .collect();
    let mut moved: Vec<(&str, i32)> = Vec::with_capacity(advances.len());
    for advance in in_order(advances) {
        let partition = (&*advance.topic, advance.partition);
        match positions.get_mut(&partition) {
            Some(position) if *position == advance.from => *position = advance.to,
            _ => {
                return Err(StoreError::Fenced {
                    topic: advance.topic.to_string(),
                    partition: advance.partition,
                });
            }
        }
        moved.push(partition);
    }
    moved.dedup();
    Ok(moved
        .into_iter()
        .map(|(topic, partition)| StoredOffset {
            topic: topic.to_owned(),
            partition,
            next_offset: positions
                .get(&(topic, partition))
                .copied()
                .unwrap_or_default(),
        })
        .collect())
}

/// By topic and partition, which is also the order their rows are locked in; steps of one partition stay in the
/// order they were given.
fn in_order(advances: &[OffsetAdvance]) -> Vec<&OffsetAdvance> {
    let mut sorted: Vec<_> = advances.iter().collect();
    sorted.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advance(partition: i32, from: i64, to: i64) -> OffsetAdvance {
        OffsetAdvance {
            topic: "t".into(),
            partition,
            from,
            to,
        }
    }

    fn at(partition: i32, next_offset: i64) -> StoredOffset {
        StoredOffset {
            topic: "t".into(),
            partition,
            next_offset,
        }
    }

    #[test]
    fn partitions_move_from_exactly_where_they_are() {
        let moved = advanced(
            &[at(0, 5), at(1, 7)],
            &[advance(1, 7, 9), advance(0, 5, 6), advance(1, 9, 10)],
        );
        assert_eq!(moved.unwrap(), [at(0, 6), at(1, 10)]);
    }

    #[test]
    fn a_partition_elsewhere_or_unknown_is_fenced() {
        for stored in [vec![at(0, 6)], vec![at(1, 5)], vec![]] {
            let refused = advanced(&stored, &[advance(0, 5, 8)]);
            assert!(
                matches!(refused, Err(StoreError::Fenced { partition: 0, .. })),
                "{refused:?}"
            );
        }
    }
}
