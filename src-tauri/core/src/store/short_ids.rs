//! Numbers for new issues (occurrences spec, section 12.2).

use crate::model::Measures;
use std::collections::{BTreeMap, HashSet};

/// What a project's numbering looks like while its counter is locked.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbering {
    /// The counter: the number given last.
    pub counter: i64,
    /// The highest number an issue of the project has; 0 without one.
    pub highest: i64,
    /// Numbers above the counter that issues have; at least those the next `count` steps can meet.
    pub taken: HashSet<i64>,
    /// By how much the counter jumped, each time it did.
    pub jumps: Vec<i64>,
}

impl Numbering {
    /// Takes the next number and moves the counter.
    ///
    /// A counter that fell behind heals itself: where the next number is taken, the counter jumps to one above the
    /// project's highest number. That is what inserting, failing and inserting again would lead to, without the
    /// failing insert: the counter is locked, so what is read here cannot change before the commit.
    pub(super) fn next(&mut self) -> i64 {
        self.counter += 1;
        if self.taken.contains(&self.counter) {
            let correct = self.highest + 1;
            self.jumps.push(correct - self.counter);
            self.counter = correct;
        }
        self.highest = self.highest.max(self.counter);
        self.counter
    }
}

/// Adds what there is to count about the numberings of projects.
pub(super) fn measured(mut measures: Measures, numberings: &BTreeMap<i64, Numbering>) -> Measures {
    for jump in numberings.values().flat_map(|numbering| &numbering.jumps) {
        measures.count("stuck_project.fixed_counter", &[("difference", jump)]);
    }
    measures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbering(counter: i64, existing: &[i64]) -> Numbering {
        Numbering {
            counter,
            highest: existing.iter().copied().max().unwrap_or(0),
            taken: existing
                .iter()
                .copied()
                .filter(|&number| number > counter)
                .collect(),
            jumps: Vec::new(),
        }
    }

    fn take(numbering: &mut Numbering, count: usize) -> Vec<i64> {
        std::iter::repeat_with(|| numbering.next())
            .take(count)
            .collect()
    }

    #[test]
    fn the_first_issue_is_number_one() {
        let mut fresh = Numbering::default();
        assert_eq!(take(&mut fresh, 3), [1, 2, 3]);
        assert_eq!(fresh.counter, 3);
    }

    #[test]
    fn a_counter_that_fell_behind_jumps_above_the_highest_number() {
        let mut behind = numbering(4, &(1..=10).collect::<Vec<_>>());
        assert_eq!(take(&mut behind, 1), [11]);
        assert_eq!(behind.counter, 11);
        assert_eq!(take(&mut behind, 1), [12]);
        let measures = measured(Measures::default(), &BTreeMap::from([(1, behind)]));
        let counted: Vec<_> = measures.counters.iter().collect();
        let [(measure, amount)] = counted[..] else {
            panic!("one jump: {counted:?}")
        };
        assert_eq!((measure.name, *amount), ("stuck_project.fixed_counter", 1));
        assert_eq!(measure.tags, [("difference", "6".to_owned())]);
    }

    #[test]
    fn gaps_are_used_until_a_number_is_taken() {
        let mut gappy = numbering(3, &[1, 2, 3, 6, 9]);
        assert_eq!(take(&mut gappy, 4), [4, 5, 10, 11]);
        assert_eq!(gappy.counter, 11);
    }
}
