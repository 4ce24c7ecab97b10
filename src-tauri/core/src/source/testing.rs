//! A pipeline made of memory, for the tests of the sources.

use super::{Intake, Positions, Record, SourceEvent, SourceHandle};
use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What was said of a partition, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    Assigned(String, i32, i64),
    Revoked(Vec<(String, i32)>, bool),
}

/// Takes everything, and answers revocations at once unless told otherwise.
#[derive(Default)]
pub struct Recorder {
    pub records: Mutex<Vec<Record>>,
    pub seen: Mutex<Vec<Seen>>,
    pub over_budget: AtomicBool,
    pub silent_on_revoke: AtomicBool,
    /// Records taken when the first one after pausing arrived; for tests of the budget.
    pub largest_batch: AtomicUsize,
}

impl Intake for Recorder {
    fn send(&self, event: SourceEvent) {
        match event {
            SourceEvent::Assigned {
                topic,
                partition,
                next_offset,
                ..
            } => {
                self.seen.lock().unwrap().push(Seen::Assigned(
                    topic.to_string(),
                    partition,
                    next_offset,
                ));
            }
            SourceEvent::Records(records) => {
                assert!(!records.is_empty(), "an empty batch says nothing");
                self.largest_batch
                    .fetch_max(records.len(), Ordering::Relaxed);
                self.records.lock().unwrap().extend(records);
            }
            SourceEvent::Revoked {
                partitions,
                lost,
                done,
            } => {
                let names = partitions
                    .iter()
                    .map(|(topic, partition)| (topic.to_string(), *partition))
                    .collect();
                self.seen.lock().unwrap().push(Seen::Revoked(names, lost));
                if self.silent_on_revoke.load(Ordering::Relaxed) {
                    std::mem::forget(done);
                } else {
                    let _ = done.send(());
                }
            }
        }
    }

    fn is_over_budget(&self) -> bool {
        self.over_budget.load(Ordering::Relaxed)
    }

    fn is_below_resume(&self) -> bool {
        !self.over_budget.load(Ordering::Relaxed)
    }
}

impl Recorder {
    pub fn count(&self) -> usize {
        self.records.lock().unwrap().len()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Offsets per topic and partition, in order of arrival.
    pub fn offsets(&self) -> BTreeMap<(String, i32), Vec<i64>> {
        let mut offsets: BTreeMap<(String, i32), Vec<i64>> = BTreeMap::new();
        for record in self.records.lock().unwrap().iter() {
            offsets
                .entry((record.topic.to_string(), record.partition))
                .or_default()
                .push(record.offset);
        }
        offsets
    }

    pub fn payloads(&self) -> Vec<Vec<u8>> {
        self.records
            .lock()
            .unwrap()
            .iter()
            .map(|record| record.payload.to_vec())
            .collect()
    }
}

/// Offsets in memory, fenced like those of a store.
#[derive(Default)]
pub struct MemoryPositions {
    pub offsets: Mutex<BTreeMap<(String, String, i32), i64>>,
    pub gaps: Mutex<Vec<(String, i32, i64, i64)>>,
    /// Claims that fail before one succeeds.
    pub failures: AtomicUsize,
}

impl Positions for MemoryPositions {
    fn claim(&self, source: &str, topic: &str, partition: i32, initial: i64) -> Result<i64, Error> {
        if self
            .failures
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
        {
            return Err(Error::new(
                ErrorKind::StoreUnavailable,
                "The store is away.",
            ));
        }
        let key = (source.to_owned(), topic.to_owned(), partition);
        Ok(*self.offsets.lock().unwrap().entry(key).or_insert(initial))
    }

    fn skip_gap(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        from: i64,
        to: i64,
    ) -> Result<(), Error> {
        let mut offsets = self.offsets.lock().unwrap();
        let place = offsets
            .get_mut(&(source.to_owned(), topic.to_owned(), partition))
            .expect("claimed before");
        assert_eq!(*place, from, "the gap begins at the stored offset");
        *place = to;
        self.gaps
            .lock()
            .unwrap()
            .push((topic.to_owned(), partition, from, to));
        Ok(())
    }
}

impl MemoryPositions {
    pub fn set(&self, source: &str, topic: &str, partition: i32, next_offset: i64) {
        self.offsets.lock().unwrap().insert(
            (source.to_owned(), topic.to_owned(), partition),
            next_offset,
        );
    }
}

/// Waits until `condition` holds, and fails with the health of the source where it does not come about.
pub fn until(handle: &SourceHandle, what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(
            Instant::now() < deadline,
            "{what} did not come about: {:?}",
            handle.health().snapshot()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The trait object of a shared thing.
pub fn intake(recorder: &Arc<Recorder>) -> Arc<dyn Intake> {
    Arc::clone(recorder) as Arc<dyn Intake>
}

/// The trait object of a shared thing.
pub fn positions(memory: &Arc<MemoryPositions>) -> Arc<dyn Positions> {
    Arc::clone(memory) as Arc<dyn Positions>
}
