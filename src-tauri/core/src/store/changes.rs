//! How an answer has moved since a snapshot.

use super::assemble::count;
use crate::view::IssueChanges;

/// What was counted, among the issues that match now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// Written since the snapshot, the created ones included.
    pub written: u64,
    /// Created since the snapshot.
    pub created: u64,
    /// All.
    pub now: u64,
}

/// The change of an answer that had `total` matches.
///
/// The sum is exact: `total + added − left` is what matches now. The store does not keep what issues used to be, so an
/// old issue that matches again is told from one that still matches only by that sum: where more match than the
/// snapshot and the new issues explain, the rest came back. One that came back and one that left cancel out.
pub(super) fn changes(revision: i64, total: u64, seen: &Seen) -> IssueChanges {
    let explained = total + seen.created;
    let came_back = seen.now.saturating_sub(explained);
    let left = explained.saturating_sub(seen.now);
    let changed = seen.written.saturating_sub(seen.created + came_back);
    let shown = |number: u64| count(i64::try_from(number).unwrap_or(i64::MAX));
    IssueChanges {
        revision: revision.to_string(),
        added: shown(seen.created + came_back),
        changed: shown(changed),
        left: shown(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(total: u64, written: u64, created: u64, now: u64) -> (f64, f64, f64) {
        let moved = changes(
            7,
            total,
            &Seen {
                written,
                created,
                now,
            },
        );
        (moved.added, moved.changed, moved.left)
    }

    #[test]
    fn the_sum_is_exact() {
        assert_eq!(moved(10, 0, 0, 10), (0.0, 0.0, 0.0));
        assert_eq!(moved(10, 5, 2, 12), (2.0, 3.0, 0.0));
        assert_eq!(moved(10, 5, 2, 9), (2.0, 3.0, 3.0));
        assert_eq!(moved(10, 5, 2, 14), (4.0, 1.0, 0.0));
    }
}
