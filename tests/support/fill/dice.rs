//! Chance that follows from a seed: the same seed gives the same data on every machine.

/// A sequence of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of thing number `number` in a world of this seed.
    #[must_use]
    pub fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03));
        dice.next();
        dice
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * end as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number between 0 and 1, 1 excluded.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in so many of a thousand cases.
    pub fn chance(&mut self, of_thousand: usize) -> bool {
        self.below(1_000) < of_thousand
    }

    /// One of a list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A place in a list of `length`, the first ones much more often than the last.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "between 0 and the length of a list"
    )]
    pub fn skewed(&mut self, length: usize) -> usize {
        let place = (length as f64).powf(self.unit()) - 1.0;
        (place as usize).min(length - 1)
    }

    /// Sixteen bytes.
    pub fn id(&mut self) -> [u8; 16] {
        let (one, other) = (self.next(), self.next());
        ((u128::from(one) << 64) | u128::from(other)).to_be_bytes()
    }
}
