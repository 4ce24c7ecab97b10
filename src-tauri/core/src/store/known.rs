//! Rows a search reads that are in the store for sure, so that they are not written again. Nearly every event repeats
//! what others of its issue said.
//!
//! What is forgotten here is only written in vain: the store keeps what it has.

use crate::model::Term;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows remembered in one generation; there are two.
const GENERATION: usize = 1_000_000;
/// Values of one key that are stored to choose from.
pub(super) const MOST_VALUES: usize = 2_000;
/// Keys whose values are stored.
const MOST_KEYS: usize = 1_000;

/// Shared by the writers of a store.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<Inner>);

#[derive(Debug, Default)]
pub(super) struct Inner {
    young: Numbers,
    old: Numbers,
    /// Stored values of each key, once they were asked for.
    values: HashMap<Term, Numbers, AsIs>,
    /// Keys that have values in the store; nothing before they were asked for.
    keys: Option<Numbers>,
}

/// What becomes known with the commit.
#[derive(Debug, Default)]
pub(super) struct Learned {
    pub rows: Vec<u64>,
    /// Key and value.
    pub values: Vec<(Term, Term)>,
}

type AsIs = BuildHasherDefault<Hashed>;
type Numbers = HashSet<u64, AsIs>;

/// The numbers are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// The number of a text of an issue.
pub(super) fn text_row(issue: i64, hash: i64) -> u64 {
    mixed(issue.cast_unsigned(), hash.cast_unsigned(), 0x7465_7874)
}

/// The number of a term of an issue.
pub(super) fn term_row(issue: i64, term: Term) -> u64 {
    mixed(
        issue.cast_unsigned(),
        term.number().cast_unsigned(),
        0x7465_726d,
    )
}

/// The number of what a term stands for.
pub(super) fn person_row(whole: Term) -> u64 {
    mixed(0, whole.number().cast_unsigned(), 0x7065_7273)
}

/// Spreads all bits over all bits (the finaliser of SplitMix64).
fn mixed(one: u64, other: u64, kind: u64) -> u64 {
    let mut bits = (one ^ (kind << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ other;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Known {
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After the commit of what was learned.
    pub(super) fn learn(&self, learned: Learned) {
        let mut inner = self.lock();
        for row in learned.rows {
            inner.insert(row);
        }
        for (key, value) in learned.values {
            if let Some(keys) = &mut inner.keys {
                keys.insert(key.number().cast_unsigned());
            }
            let values = inner.values.entry(key).or_default();
            values.insert(value.number().cast_unsigned());
        }
    }
}

impl Inner {
    pub(super) fn contains(&mut self, row: u64) -> bool {
        if self.young.contains(&row) {
            return true;
        }
        let is_known = self.old.contains(&row);
        if is_known {
            self.insert(row);
        }
        is_known
    }

    fn insert(&mut self, row: u64) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(row);
    }

    /// Whether it is known which keys have values.
    pub(super) fn knows_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Takes note of the keys that have values in the store.
    pub(super) fn set_keys<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        let keys = keys.map(|key| Term::of_key(key).number().cast_unsigned());
        self.keys.get_or_insert_default().extend(keys);
    }

    /// Whether the stored values of `key` have to be asked for before a new one can be told.
    pub(super) fn wants_values(&self, key: Term) -> bool {
        let is_stored = |keys: &Numbers| keys.contains(&key.number().cast_unsigned());
        !self.values.contains_key(&key) && self.keys.as_ref().is_some_and(is_stored)
    }

    /// Takes note of the stored values of a key.
    pub(super) fn set_values(&mut self, key: &str, value: &str) {
        let values = self.values.entry(Term::of_key(key)).or_default();
        values.insert(Term::of(key, value).number().cast_unsigned());
    }

    /// Whether a value is to be stored: it is new, and there is room for it.
    pub(super) fn takes_value(&self, key: Term, value: Term, added: usize) -> bool {
        match self.values.get(&key) {
            Some(values) => {
                values.len() + added < MOST_VALUES
                    && !values.contains(&value.number().cast_unsigned())
            }
            None => {
                added < MOST_VALUES
                    && self
                        .keys
                        .as_ref()
                        .is_some_and(|keys| keys.len() < MOST_KEYS)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_different_issues_and_kinds_are_different() {
        let term = Term::of("a", "b");
        let rows: HashSet<u64> = (0..1_000)
            .flat_map(|issue| [term_row(issue, term), text_row(issue, term.number())])
            .collect();
        assert_eq!(rows.len(), 2_000);
    }

    #[test]
    fn what_is_used_outlives_a_generation_and_the_rest_is_forgotten() {
        let known = Known::default();
        let rows = |from: u64, to: u64| Learned {
            rows: (from..to).collect(),
            ..Learned::default()
        };
        known.learn(rows(0, GENERATION as u64));
        assert!(known.lock().contains(7));
        known.learn(rows(GENERATION as u64, GENERATION as u64 + 1));
        assert!(known.lock().contains(7), "read from the old generation");
        known.learn(rows(10 * GENERATION as u64, 11 * GENERATION as u64));
        assert!(known.lock().contains(7), "because it was read");
        assert!(!known.lock().contains(8));
        let inner = known.lock();
        assert!(inner.young.len() + inner.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn a_key_takes_values_until_it_is_full() {
        let known = Known::default();
        known.lock().set_keys(["full"].into_iter());
        let (key, value) = (Term::of_key("full"), Term::of("full", "one more"));
        assert!(known.lock().wants_values(key));
        assert!(!known.lock().wants_values(Term::of_key("new")));
        for number in 0..MOST_VALUES - 1 {
            known.lock().set_values("full", &number.to_string());
        }
        assert!(!known.lock().wants_values(key));
        assert!(known.lock().takes_value(key, value, 0));
        assert!(!known.lock().takes_value(key, value, 1), "with another one");
        assert!(!known.lock().takes_value(key, Term::of("full", "5"), 0));
        known.learn(Learned {
            values: vec![(key, value)],
            ..Learned::default()
        });
        let another = Term::of("full", "too many");
        assert!(!known.lock().takes_value(key, another, 0));
    }

    #[test]
    fn there_is_a_limit_to_keys() {
        let known = Known::default();
        let names: Vec<String> = (0..MOST_KEYS).map(|number| format!("k{number}")).collect();
        known.lock().set_keys(names.iter().map(String::as_str));
        let inner = known.lock();
        assert!(!inner.takes_value(Term::of_key("new"), Term::of("new", "v"), 0));
    }
}
