//! Which terms an event has, in one number.

use super::Term;

/// Bits in use. The sign of a stored number stays free, so that numbers compare as sets do.
const BITS: u64 = 63;

/// A Bloom filter over the terms of one event: each term sets two of 63 bits. An event that lacks a bit of a term does not
/// have the term; one that has both may.
///
/// Of other terms one in ten seems to be among 12, one in six among 16, and more than one in four among 24.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TermBits(u64);

impl TermBits {
    /// The bits of some terms. Stored numbers depend on them: they never change.
    #[must_use]
    pub fn of(terms: &[Term]) -> Self {
        let mut bits = Self::default();
        for &term in terms {
            bits.add(term);
        }
        bits
    }

    /// Adds those of one more term.
    pub fn add(&mut self, term: Term) {
        let hash = term.number().cast_unsigned();
        self.0 |= (1 << (hash % BITS)) | (1 << (hash / BITS % BITS));
    }

    /// The number as databases store it, never negative.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0.cast_signed()
    }

    /// All bits of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(count: u32) -> Vec<Term> {
        (0..count)
            .map(|number| Term::of("key", &number.to_string()))
            .collect()
    }

    fn has(bits: TermBits, term: Term) -> bool {
        let asked = TermBits::of(&[term]);
        bits.with(asked) == bits
    }

    #[test]
    fn bits_are_what_they_were_when_they_were_stored() {
        let first_and_last = [Term::numbered(0), Term::numbered(62 + 63 * 62)];
        assert_eq!(TermBits::of(&first_and_last).number(), 1 | 1 << 62);
        let browser = TermBits::of(&[Term::of("browser", "Firefox")]);
        assert_eq!(browser.number(), 1 << 54 | 1 << 56);
        assert_eq!(TermBits::of(&[]).number(), 0);
    }

    #[test]
    fn every_term_of_an_event_is_there() {
        let all = terms(500);
        for of_event in all.chunks(16) {
            let bits = TermBits::of(of_event);
            assert!(of_event.iter().all(|&term| has(bits, term)));
            assert!(bits.number() >= 0);
        }
    }

    #[test]
    fn most_other_terms_are_not() {
        let all = terms(10_000);
        for (count, most) in [(12, 1_200), (16, 1_800), (24, 3_200)] {
            let seeming: usize = all
                .chunks_exact(count)
                .zip(all.chunks_exact(count).skip(1))
                .map(|(of_event, others)| {
                    let bits = TermBits::of(of_event);
                    others.iter().filter(|&&term| has(bits, term)).count()
                })
                .sum();
            assert!((1..most).contains(&seeming), "{count}: {seeming}");
        }
    }
}
