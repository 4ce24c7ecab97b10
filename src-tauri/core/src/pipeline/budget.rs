//! How much may be in flight between the source and the store.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes and records in flight, with a mark above which sources stop reading and one below which they go on.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: AtomicUsize,
    records: AtomicUsize,
    max_bytes: usize,
    max_records: usize,
}

impl Budget {
    pub fn new(max_bytes: usize, max_records: usize) -> Self {
        Self {
            bytes: AtomicUsize::new(0),
            records: AtomicUsize::new(0),
            max_bytes,
            max_records,
        }
    }

    pub fn take(&self, bytes: usize, records: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
    }

    pub fn give_back(&self, bytes: usize, records: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.records.fetch_sub(records, Ordering::Relaxed);
    }

    pub fn is_exceeded(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > self.max_bytes
            || self.records.load(Ordering::Relaxed) > self.max_records
    }

    /// Half of either mark: far enough below it that reading does not flutter.
    pub fn is_low(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) < self.max_bytes / 2
            && self.records.load(Ordering::Relaxed) < self.max_records / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_above_the_mark_and_resumes_below_half_of_it() {
        let budget = Budget::new(100, 10);
        budget.take(101, 1);
        assert!(budget.is_exceeded());
        budget.give_back(41, 0);
        assert!(!budget.is_exceeded());
        assert!(!budget.is_low(), "60 of 100 bytes is not below half");
        budget.give_back(20, 0);
        assert!(budget.is_low());
        budget.take(0, 10);
        assert!(budget.is_exceeded(), "records count as well as bytes");
    }
}
