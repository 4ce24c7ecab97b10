//! Which issues were written lately. What has changed since somebody looked is found among these, without an index by
//! revision: each change of an issue would have to write that twice.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ids that are remembered: with more of them it is as fast to look at every issue.
const MOST: usize = 200_000;

/// What the one process that writes a file has written.
#[derive(Debug)]
pub(super) struct Written(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    /// All that was written after this revision is here.
    since: i64,
    /// Revision and issues, oldest first.
    transactions: VecDeque<(i64, Vec<i64>)>,
    /// Ids in all of them.
    ids: usize,
}

impl Written {
    /// Remembers what is written after `revision`.
    pub fn after(revision: i64) -> Self {
        Self(Mutex::new(Inner {
            since: revision,
            transactions: VecDeque::new(),
            ids: 0,
        }))
    }

    /// Remembers nothing: another process writes.
    pub fn elsewhere() -> Self {
        Self::after(i64::MAX)
    }

    /// What a transaction writes, before it is committed, so that nobody can see a change that is not here. Of one that
    /// fails the issues are looked at in vain.
    pub fn note(&self, revision: i64, issues: Vec<i64>) {
        if issues.is_empty() {
            return;
        }
        let mut inner = self.lock();
        inner.ids += issues.len();
        inner.transactions.push_back((revision, issues));
        while inner.ids > MOST
            && let Some((revision, issues)) = inner.transactions.pop_front()
        {
            inner.ids -= issues.len();
            inner.since = revision;
        }
    }

    /// All issues that were written after a revision, and maybe some that were not, each once. Nothing where that is not
    /// known.
    pub fn since(&self, revision: i64) -> Option<Vec<i64>> {
        let inner = self.lock();
        if revision < inner.since {
            return None;
        }
        let from = inner
            .transactions
            .partition_point(|(at, _)| *at <= revision);
        let later = inner.transactions.range(from..);
        let mut issues: Vec<i64> = later.flat_map(|(_, issues)| issues).copied().collect();
        drop(inner);
        issues.sort_unstable();
        issues.dedup();
        Some(issues)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_since_is_known_as_far_as_it_is_remembered() {
        let written = Written::after(7);
        assert_eq!(written.since(6), None, "from before this process");
        assert_eq!(written.since(7), Some(vec![]));
        written.note(8, vec![3, 1]);
        // Offsets and outcomes alone: as often as there are batches, and nothing to remember.
        written.note(9, vec![]);
        // It failed, and the number is given again.
        written.note(9, vec![5]);
        written.note(9, vec![1, 2]);
        assert_eq!(written.since(7), Some(vec![1, 2, 3, 5]));
        assert_eq!(written.since(8), Some(vec![1, 2, 5]));
        assert_eq!(written.since(9), Some(vec![]));
        assert_eq!(written.lock().transactions.len(), 3);
        assert_eq!(Written::elsewhere().since(i64::MAX - 1), None);
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let written = Written::after(0);
        let half = i64::try_from(MOST / 2).unwrap();
        for revision in 1..=3 {
            written.note(revision, (0..half).collect());
        }
        assert_eq!(written.since(0), None);
        assert_eq!(written.since(1).map(|ids| ids.len()), Some(MOST / 2));
        // More than all there is room for.
        written.note(4, (0..3 * half).collect());
        assert_eq!(written.since(3), None);
        assert_eq!(written.since(4), Some(vec![]));
        written.note(5, vec![4]);
        assert_eq!(written.since(4), Some(vec![4]));
    }
}
