//! What the pipeline counts on its way, by the names of occurrences spec, section 16.1.

use std::collections::BTreeMap;

/// A name with its tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// Dotted name.
    pub name: &'static str,
    /// Tags in the order they are given.
    pub tags: Vec<(&'static str, String)>,
}

/// Counters and gauges of one piece of work. A batch that is not stored leaves none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    /// Sums.
    pub counters: BTreeMap<Measure, u64>,
    /// Latest values.
    pub gauges: BTreeMap<&'static str, u64>,
}

impl Measures {
    /// Counts one.
    pub fn count(&mut self, name: &'static str, tags: &[(&'static str, &dyn std::fmt::Display)]) {
        self.count_many(name, tags, 1);
    }

    /// Counts `amount`, which may be 0: the counter is then known all the same.
    pub fn count_many(
        &mut self,
        name: &'static str,
        tags: &[(&'static str, &dyn std::fmt::Display)],
        amount: u64,
    ) {
        let tags = tags
            .iter()
            .map(|(key, value)| (*key, value.to_string()))
            .collect();
        *self.counters.entry(Measure { name, tags }).or_default() += amount;
    }

    /// Sets a gauge.
    pub fn gauge(&mut self, name: &'static str, value: u64) {
        self.gauges.insert(name, value);
    }

    /// Adds what was counted later.
    pub fn add(&mut self, later: &Self) {
        for (measure, amount) in &later.counters {
            // The name is copied only where it is new: this runs for every message.
            match self.counters.get_mut(measure) {
                Some(sum) => *sum += amount,
                None => {
                    self.counters.insert(measure.clone(), *amount);
                }
            }
        }
        self.gauges.extend(&later.gauges);
    }

    /// Sum of a counter over all tags, or the value of a gauge; nothing where it was never touched.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<u64> {
        if let Some(value) = self.gauges.get(name) {
            return Some(*value);
        }
        let named = self
            .counters
            .iter()
            .filter(|(measure, _)| measure.name == name);
        named.map(|(_, amount)| *amount).reduce(|a, b| a + b)
    }
}
