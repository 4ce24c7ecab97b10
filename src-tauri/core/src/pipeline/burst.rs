//! Stops a feed whose records mostly cannot be read: a wrong schema should stop, not fill a table.

use crate::model::RejectReason;
use crate::store::{Ending, Tally};
use std::collections::{BTreeMap, VecDeque};

/// How many records back the guard looks.
const WINDOW: usize = 1_000;
/// So many dead letters among them are still taken for single bad records: one in twenty.
const TOLERATED: usize = WINDOW / 20;

/// The latest endings of a feed.
#[derive(Debug, Default)]
pub(super) struct BurstGuard {
    latest: VecDeque<Option<RejectReason>>,
}

/// Too many records could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Burst {
    /// How many.
    pub rejected: usize,
    /// Of so many.
    pub of: usize,
    /// The most frequent reason.
    pub reason: RejectReason,
}

impl BurstGuard {
    /// Looks at what became of one batch, whose records count as if the bad ones had come last.
    pub fn look(&mut self, tally: &Tally) -> Option<Burst> {
        for (ending, &count) in &tally.0 {
            if !matches!(ending, Ending::DeadLettered(_)) {
                self.push(None, count);
            }
        }
        for (ending, &count) in &tally.0 {
            if let Ending::DeadLettered(reason) = ending {
                self.push(Some(*reason), count);
            }
        }
        let mut reasons: BTreeMap<RejectReason, usize> = BTreeMap::new();
        for reason in self.latest.iter().flatten() {
            *reasons.entry(*reason).or_default() += 1;
        }
        let rejected = reasons.values().sum();
        let (reason, _) = reasons.into_iter().max_by_key(|(_, count)| *count)?;
        (rejected > TOLERATED).then_some(Burst {
            rejected,
            of: self.latest.len(),
            reason,
        })
    }

    fn push(&mut self, ending: Option<RejectReason>, count: u64) {
        let count = usize::try_from(count).unwrap_or(WINDOW).min(WINDOW);
        let surplus = (self.latest.len() + count).saturating_sub(WINDOW);
        self.latest.drain(..surplus);
        self.latest.extend(std::iter::repeat_n(ending, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(good: u64, bad: u64) -> Tally {
        Tally(BTreeMap::from([
            (Ending::Updated, good),
            (Ending::DeadLettered(RejectReason::InvalidPayload), bad),
        ]))
    }

    #[test]
    fn one_in_twenty_is_tolerated_and_one_more_is_not() {
        let mut guard = BurstGuard::default();
        assert_eq!(guard.look(&tally(950, 50)), None);
        let burst = guard.look(&tally(0, 1));
        assert_eq!(
            burst.map(|burst| (burst.rejected, burst.of)),
            Some((51, 1_000))
        );
    }

    #[test]
    fn a_burst_at_the_very_start_stops_before_a_thousand_records() {
        let burst = BurstGuard::default().look(&tally(9, 51)).unwrap();
        assert_eq!((burst.rejected, burst.of), (51, 60));
        assert_eq!(burst.reason, RejectReason::InvalidPayload);
    }

    #[test]
    fn old_dead_letters_are_forgotten() {
        let mut guard = BurstGuard::default();
        for _ in 0..10 {
            assert_eq!(guard.look(&tally(970, 30)), None);
        }
    }

    #[test]
    fn dead_letters_of_many_batches_add_up_while_they_are_recent() {
        let mut guard = BurstGuard::default();
        assert_eq!(guard.look(&tally(100, 30)), None);
        assert_eq!(guard.look(&tally(849, 20)), None);
        // The thousand and first record pushes out one that was good.
        let burst = guard.look(&tally(1, 1)).unwrap();
        assert_eq!((burst.rejected, burst.of), (51, 1_000));
    }

    #[test]
    fn the_most_frequent_reason_is_named() {
        let mut tally = tally(0, 20);
        let reason = Ending::DeadLettered(RejectReason::InvalidJson);
        tally.0.insert(reason, 31);
        let burst = BurstGuard::default().look(&tally).unwrap();
        assert_eq!(
            (burst.rejected, burst.reason),
            (51, RejectReason::InvalidJson)
        );
    }

    #[test]
    fn what_is_dropped_in_an_orderly_way_is_no_burst() {
        let dropped = Ending::Dropped(crate::model::DropReason::Duplicate);
        let tally = Tally(BTreeMap::from([(dropped, 5_000)]));
        assert_eq!(BurstGuard::default().look(&tally), None);
    }

    #[test]
    fn a_batch_of_any_size_fills_the_window_once() {
        let burst = BurstGuard::default().look(&tally(u64::MAX, u64::MAX));
        assert_eq!(
            burst.map(|burst| (burst.rejected, burst.of)),
            Some((1_000, 1_000))
        );
    }
}
