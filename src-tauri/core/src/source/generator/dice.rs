//! Reproducible choices.
//!
//! Only whole 64-bit words are taken from the generator, and turned into choices here: what a seed produces then
//! depends on the ChaCha cipher alone and not on the version of a library.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of choices.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Stream number `stream` of a seed; streams know nothing of each other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    pub(super) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`; 0 where `end` is 0.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the product of two 64-bit numbers, shifted, has 64 bits"
    )]
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True `share` times in ten thousand.
    pub(super) fn chance(&mut self, share: u32) -> bool {
        self.below(10_000) < u64::from(share)
    }

    /// One of `items`, which are never empty.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// One of these texts.
    pub(super) fn word_of(&mut self, texts: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(texts)
    }

    /// One of `items`, each as often as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: u64 = items.iter().map(|item| u64::from(weight(item))).sum();
        let mut left = self.below(total);
        for item in items {
            let weight = u64::from(weight(item));
            if left < weight {
                return item;
            }
            left -= weight;
        }
        &items[items.len() - 1]
    }

    /// A number from 0 up to 1, without 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
    pub(super) fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 128 bits as 32 hex digits.
    pub(super) fn hex(&mut self) -> String {
        format!("{:016x}{:016x}", self.word(), self.word())
    }

    fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let words = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            [dice.word(), dice.word(), dice.word()]
        };
        assert_eq!(words(7, 1), words(7, 1));
        assert_ne!(words(7, 1), words(7, 2));
        assert_ne!(words(7, 1), words(8, 1));
    }

    #[test]
    fn choices_stay_in_their_bounds_and_reach_them() {
        let mut dice = Dice::new(1, 0);
        let seen: std::collections::BTreeSet<u64> =
            (0..1_000).map(|_| dice.between(3, 6)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&dice.unit())));
        assert_eq!(dice.below(0), 0);
        let often = (0..10_000)
            .filter(|_| *dice.weighted(&[(0, 9), (1, 1)], |item| item.1) == (0, 9))
            .count();
        assert!((8_800..9_200).contains(&often), "{often}");
    }
}
