//! How an answer has moved since a list of it was read.

use super::assemble::count;
use crate::model::IssueId;
use crate::view::IssueChanges;

/// A list that was read before, to be compared with the issues that match now.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The revision it was read at.
    pub revision: i64,
    /// How many matched then.
    pub total: u64,
    /// All its issues, ascending; nothing where they are not known any more, or are not all of them.
    pub ids: Option<&'a [IssueId]>,
    /// Whether time alone changes what matches, so that what came in need not have been written.
    pub goes_by_time: bool,
}

impl Held<'_> {
    /// A list of which only the number is known.
    #[must_use]
    pub const fn of(revision: i64, total: u64) -> Self {
        Self {
            revision,
            total,
            ids: None,
            goes_by_time: false,
        }
    }
}

/// What came, changed and left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub added: u64,
    pub changed: u64,
    pub left: u64,
}

impl Moved {
    pub fn at(self, revision: i64) -> IssueChanges {
        let shown = |number: u64| count(i64::try_from(number).unwrap_or(i64::MAX));
        IssueChanges {
            revision: revision.to_string(),
            added: shown(self.added),
            changed: shown(self.changed),
            left: shown(self.left),
        }
    }
}

/// How many of `ids` are in `kept`; both ascending. In one pass where they are about as many.
fn shared(kept: &[IssueId], ids: &[i64]) -> u64 {
    let mut rest = kept;
    let mut shared = 0;
    for id in ids {
        // Twice as far with each look: a few ids of a long list cost next to nothing, and all of them one pass.
        let mut reach = 1;
        while reach < rest.len() && rest[reach - 1].0 < *id {
            reach *= 2;
        }
        let near = &rest[..reach.min(rest.len())];
        let at = near.partition_point(|known| known.0 < *id);
        rest = &rest[at..];
        shared += u64::from(rest.first().is_some_and(|known| known.0 == *id));
    }
    shared
}

/// By issue, where all that came was written: of the rest only the number `now` is needed.
///
/// What came without being written, such as by a change of a team, is told by the sum.
pub(super) fn by_written(kept: &[IssueId], written: &[i64], now: u64) -> Moved {
    let changed = shared(kept, written);
    let came = written.len() as u64 - changed;
    let explained = kept.len() as u64 + came;
    Moved {
        added: came + now.saturating_sub(explained),
        changed,
        left: explained.saturating_sub(now),
    }
}

/// By issue: `now` are all that match, `written` those of them that were written.
pub(super) fn by_ids(kept: &[IssueId], now: &[i64], written: &[i64]) -> Moved {
    let stayed = shared(kept, now);
    Moved {
        added: now.len() as u64 - stayed,
        changed: shared(kept, written),
        left: kept.len() as u64 - stayed,
    }
}

/// What was counted, among the issues that match now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// Written since the list was read, the created ones included.
    pub written: u64,
    /// Created since.
    pub created: u64,
    /// All.
    pub now: u64,
}

/// The change of an answer that had `total` matches, of which nothing else is known.
///
/// The sum is exact: `total + added − left` is what matches now. The store does not keep what issues used to be, so an
/// old issue that matches again is told from one that still matches only by that sum: where more match than the
/// list and the new issues explain, the rest came back. One that came back and one that left cancel out.
pub(super) fn by_sums(total: u64, seen: &Seen) -> Moved {
    let explained = total + seen.created;
    let came_back = seen.now.saturating_sub(explained);
    Moved {
        added: seen.created + came_back,
        changed: seen.written.saturating_sub(seen.created + came_back),
        left: explained.saturating_sub(seen.now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(added: u64, changed: u64, left: u64) -> Moved {
        Moved {
            added,
            changed,
            left,
        }
    }

    fn sums(total: u64, written: u64, created: u64, now: u64) -> Moved {
        let seen = Seen {
            written,
            created,
            now,
        };
        by_sums(total, &seen)
    }

    fn listed(ids: impl IntoIterator<Item = i64>) -> Vec<IssueId> {
        ids.into_iter().map(IssueId).collect()
    }

    #[test]
    fn the_sum_is_exact() {
        assert_eq!(sums(10, 0, 0, 10), moved(0, 0, 0));
        assert_eq!(sums(10, 5, 2, 12), moved(2, 3, 0));
        assert_eq!(sums(10, 5, 2, 9), moved(2, 3, 3));
        assert_eq!(sums(10, 5, 2, 14), moved(4, 1, 0));
    }

    #[test]
    fn what_came_and_what_left_do_not_cancel_out_by_issue() {
        let kept = listed([1, 3, 5, 7]);
        // 2 and 9 came, 5 was written and stayed, 3 and 7 left.
        assert_eq!(by_written(&kept, &[2, 5, 9], 4), moved(2, 1, 2));
        assert_eq!(by_ids(&kept, &[1, 2, 5, 9], &[2, 5, 9]), moved(2, 1, 2));
        // By the sums it looks as if three had changed.
        assert_eq!(sums(4, 3, 0, 4), moved(0, 3, 0));
        // Two that nobody wrote are there as well.
        assert_eq!(by_written(&kept, &[9], 7), moved(3, 0, 0));
        assert_eq!(by_ids(&[], &[], &[]), moved(0, 0, 0));
    }

    #[test]
    fn ids_are_found_among_few_and_many_alike() {
        let kept = listed((0..1_000).map(|n| 3 * n));
        for step in [1, 2, 3, 7, 300, 2_998] {
            let ids: Vec<i64> = (-5..3_010).step_by(step).collect();
            let expected = ids.iter().filter(|id| kept.contains(&IssueId(**id)));
            assert_eq!(shared(&kept, &ids), expected.count() as u64, "{step}");
        }
        assert_eq!(shared(&listed([4]), &[4]), 1);
        assert_eq!(shared(&listed([4]), &[5]), 0);
        assert_eq!(shared(&[], &[4]), 0);
    }
}
