//! Tries dead letters again, as after a fix of what kept them from being read.

use crate::error::Error;
use crate::pipeline::{Batch, BatchItem, Processor, Progress, Stop};
use crate::source::Record;
use crate::store::{
    Commit, DeadLetterRecord, Ending, IngestStore, OffsetAdvance, StoreError, Tally, TriageStore,
};
use crate::view::{ReplayReport, count};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Dead letters of one transaction.
const CHUNK: usize = 200;

/// What became of dead letters that were tried again. Those that somebody else had dealt with are in none of the
/// counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Became part of an issue, or changed one, or would have.
    pub stored: u64,
    /// Ended in an orderly way all the same.
    pub dropped: u64,
    /// Failed again; the dead letter now says why.
    pub failed: u64,
    /// Revision of the store afterwards; 0 where nothing was tried.
    pub revision: i64,
}

impl From<Replayed> for ReplayReport {
    fn from(replayed: Replayed) -> Self {
        Self {
            stored: count(replayed.stored),
            dropped: count(replayed.dropped),
            failed: count(replayed.failed),
            revision: replayed.revision.to_string(),
        }
    }
}

/// Processes dead letters that nobody has dealt with like records that have just arrived. Each stays what it is, or
/// becomes `replayed` in the transaction that stores what it says.
///
/// # Errors
/// When the store fails or does not answer; what was done until then stays.
pub async fn replay_dead_letters<S: IngestStore + TriageStore>(
    processor: &Processor<S>,
    store: &S,
    ids: &[i64],
    now: DateTime<Utc>,
) -> Result<Replayed, Error> {
    let count = Count::default();
    // Nobody waits here for a store that is away: it is said, and tried again by hand.
    let patience = CancellationToken::new();
    patience.cancel();
    for chunk in ids.chunks(CHUNK) {
        let mut by_source: BTreeMap<String, Vec<DeadLetterRecord>> = BTreeMap::new();
        for letter in store.dead_letter_records(chunk).await? {
            by_source
                .entry(letter.source.clone())
                .or_default()
                .push(letter);
        }
        for (source, letters) in by_source {
            let batch = Batch {
                source: Arc::from(source),
                items: items(processor, letters, now),
                starts: BTreeMap::new(),
                now,
            };
            processor
                .store(batch, &count, &patience)
                .await
                .map_err(|stop| count.error(stop))?;
        }
    }
    Ok(count.replayed())
}

fn items<S>(
    processor: &Processor<S>,
    letters: Vec<DeadLetterRecord>,
    now: DateTime<Utc>,
) -> Vec<BatchItem> {
    let ids: Vec<i64> = letters.iter().map(|letter| letter.id).collect();
    let records = letters.into_iter().map(|letter| Record {
        topic: Arc::from(letter.topic),
        partition: letter.partition,
        offset: letter.offset,
        timestamp_ms: None,
        key: letter.key.map(Arc::from),
        headers: letter.headers,
        payload: Arc::from(letter.payload),
        flaw: None,
    });
    let mut items = processor.decode(records.collect(), now);
    for (item, id) in items.iter_mut().zip(ids) {
        item.dead_letter = Some(id);
    }
    items
}

#[derive(Debug, Default)]
struct Count {
    tally: Mutex<(Tally, i64)>,
    away: Mutex<Option<String>>,
}

impl Count {
    fn replayed(&self) -> Replayed {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let mut replayed = Replayed {
            revision: tally.1,
            ..Replayed::default()
        };
        for (ending, count) in &tally.0.0 {
            match ending {
                Ending::Created | Ending::Updated | Ending::StatusChanged | Ending::Unchanged => {
                    replayed.stored += count;
                }
                Ending::Dropped(_) => replayed.dropped += count,
                Ending::DeadLettered(_) => replayed.failed += count,
            }
        }
        replayed
    }

    fn error(&self, stop: Stop) -> Error {
        match stop {
            Stop::Fatal(error) => Error::from(error),
            Stop::Abandoned => {
                let away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
                let reason = away.as_deref().unwrap_or("the store does not answer");
                Error::new(
                    crate::error::ErrorKind::StoreUnavailable,
                    format!(
                        "The dead letters were not all tried again: {reason}. Try again once it answers."
                    ),
                )
            }
        }
    }
}

impl Progress for Count {
    fn committed(&self, commit: &Commit, _: &[OffsetAdvance], _: &[BatchItem]) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0.add(&commit.tally);
        tally.1 = commit.revision;
    }

    fn store_away(&self, error: &StoreError) {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        *away = Some(error.to_string());
    }

    fn store_back(&self) {}
}
