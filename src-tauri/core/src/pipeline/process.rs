//! Records become rows: decodes batches and stores each in one transaction, until it is stored.

use super::batch::{Batch, BatchItem, Partition, advances};
use super::fold::{FoldRules, StoredEvents, fold};
use super::plan::{plan, referred_events, wants};
use super::settings::PipelineSettings;
use crate::decode::{DecodeContext, Decoded, decode_record, read_stored_event};
use crate::limits::{Counters, Grants, Span, Used};
use crate::model::{Measures, RejectReason, Rejection, Verdict};
use crate::source::Record;
use crate::store::{BatchState, Commit, Decide, Effects, IngestStore, OffsetAdvance, StoreError};
use chrono::{DateTime, Utc};
use rand::RngExt as _;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// First pause after the store did not answer; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How often a batch tries a lone record again that waits in vain for the number of its issue, before it is set aside.
const LONE_RECORD_TRIES: u32 = 2;

/// Threads that decode. Not those that fold: a batch is folded inside its transaction, and would wait there until the
/// next one is decoded. Where they cannot be had, all share.
static DECODERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let threads = ThreadPoolBuilder::new().thread_name(|number| format!("decode-{number}"));
    threads.build().ok()
});

/// The pipeline between a source and a store, without either's pace: what a lane does with its records, and what is
/// done with a dead letter that is tried again.
#[derive(Debug)]
pub struct Processor<S> {
    store: Arc<S>,
    settings: PipelineSettings,
}

impl<S> Clone for Processor<S> {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            settings: self.settings.clone(),
        }
    }
}

/// Follows the storing of a batch.
pub trait Progress: Send + Sync {
    /// A part of the batch is stored: the whole of it, unless a record had to be set apart.
    fn committed(&self, commit: &Commit, moves: &[OffsetAdvance], items: &[BatchItem]);
    /// The store does not answer; it is tried again.
    fn store_away(&self, error: &StoreError);
    /// The store answers.
    fn store_back(&self);
}

/// Why a batch was not stored.
#[derive(Debug)]
pub enum Stop {
    /// There was no more time. The records are still at the source.
    Abandoned,
    /// Going on makes no sense.
    Fatal(StoreError),
}

impl<S> Processor<S> {
    /// A pipeline into `store`.
    #[must_use]
    pub fn new(store: Arc<S>, settings: PipelineSettings) -> Self {
        Self { store, settings }
    }

    /// Decodes records, on all processors, in order.
    #[must_use]
    pub fn decode(&self, records: Vec<Record>, now: DateTime<Utc>) -> Vec<BatchItem> {
        let context = DecodeContext {
            now,
            projects: self.settings.projects.clone(),
            features: Arc::clone(&self.settings.features),
            directory: Arc::clone(&self.settings.directory),
            mode: self.settings.mode,
        };
        let decode = || {
            let records = records.into_par_iter().with_min_len(16);
            let decoded = records.map(|record| BatchItem {
                decoded: decode_one(&record, &context),
                record,
                dead_letter: None,
            });
            decoded.collect()
        };
        match &*DECODERS {
            Some(threads) => threads.install(decode),
            None => decode(),
        }
    }
}

impl<S: IngestStore> Processor<S> {
    /// Stores a batch whole if it can be; else in ever smaller parts, until the one record that the store refuses
    /// is alone and set aside. Waits for a store that is away until `abandon` is cancelled.
    ///
    /// # Errors
    /// [`Stop`]; what was stored until then stays.
    pub async fn store(
        &self,
        batch: Batch,
        progress: &impl Progress,
        abandon: &CancellationToken,
    ) -> Result<(), Stop> {
        let attempt = Attempt {
            store: &*self.store,
            progress,
            abandon,
        };
        let Batch {
            source,
            items,
            mut starts,
            now,
        } = batch;
        let mut parts = VecDeque::from([items]);
        let mut patience = LONE_RECORD_TRIES;
        while let Some(mut part) = parts.pop_front() {
            if part.is_empty() {
                continue;
            }
            let mut ends = starts.clone();
            let moves = advances(&part, &mut ends);
            // Asked for each part: an event may have been stored by the part before.
            let stored_events = attempt.stored_events(&part).await?;
            match self
                .commit(&attempt, &source, &moves, &part, &stored_events, now)
                .await
            {
                Ok(commit) => {
                    starts = ends;
                    progress.committed(&commit, &moves, &part);
                    let_go(part);
                }
                Err(StoreError::Fenced { topic, partition }) => {
                    let partition = (Arc::from(topic), partition);
                    attempt
                        .catch_up(&source, partition, &mut starts, &mut part)
                        .await?;
                    parts.push_front(part);
                }
                Err(error) if error.is_transient() => return Err(Stop::Abandoned),
                // Whoever holds the short ids may only be slow, or wait for somebody else.
                Err(StoreError::ShortIdTimeout(_)) if part.len() == 1 && patience > 0 => {
                    patience -= 1;
                    parts.push_front(part);
                }
                Err(error) if part.len() == 1 => {
                    let Some(item) = part.first_mut() else {
                        continue;
                    };
                    if matches!(error, StoreError::ShortIdTimeout(_)) {
                        let measures = &mut item.decoded.measures;
                        measures.count("next_short_id.timeout", &[]);
                    }
                    if matches!(&item.decoded.verdict, Verdict::Reject(_)) {
                        return Err(Stop::Fatal(error));
                    }
                    item.decoded.verdict = Verdict::Reject(refused(&error));
                    parts.push_front(part);
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        records = part.len(),
                        "a batch was refused; looking for the record"
                    );
                    let second = part.split_off(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(part);
                }
            }
        }
        Ok(())
    }

    /// One transaction, repeated while the store is away.
    async fn commit(
        &self,
        attempt: &Attempt<'_, S, impl Progress>,
        source: &str,
        moves: &[OffsetAdvance],
        items: &[BatchItem],
        stored_events: &StoredEvents,
        now: DateTime<Utc>,
    ) -> Result<Commit, StoreError> {
        let rules = FoldRules {
            now,
            mode: self.settings.mode,
            prune_status_changes: self.settings.prune_status_changes,
            projects: self.settings.projects.clone(),
            features: Arc::clone(&self.settings.features),
            directory: Arc::clone(&self.settings.directory),
        };
        let plan = plan(items, stored_events, rules.mode, now);
        let decision = Decision {
            items,
            source,
            moves,
            stored_events,
            rules,
            counters: &self.settings.counters,
            taken: Mutex::new(None),
        };
        let result = attempt
            .patiently(|| self.store.ingest(source, moves, &plan, &decision))
            .await;
        decision.settle(result.is_ok()).await;
        result
    }
}

/// The decisions on one batch, and what they took of the counters.
struct Decision<'a> {
    items: &'a [BatchItem],
    source: &'a str,
    moves: &'a [OffsetAdvance],
    stored_events: &'a StoredEvents,
    rules: FoldRules,
    counters: &'a Counters,
    taken: Mutex<Option<(Grants, Used)>>,
}

impl Decide for Decision<'_> {
    async fn decide(&self, state: BatchState) -> Result<Effects, StoreError> {
        // What an earlier attempt took was for nothing.
        self.settle(false).await;
        let buckets = self.rules.buckets(self.items, &state.dead_letters);
        let mut wants = wants(self.items, &buckets.order, &state);
        wants.spans = self.spans();
        let grants = self.counters.take(&wants, self.rules.now).await;
        let folded = std::panic::catch_unwind(AssertUnwindSafe(|| {
            fold(
                self.items,
                &buckets,
                self.stored_events,
                &self.rules,
                state,
                &grants,
            )
        }));
        let (used, effects) = match folded {
            Ok((mut effects, used)) => {
                effects.counters = self.counters.rows(&grants, &used);
                self.counters.decided(&grants, &used, self.rules.now).await;
                (used, Ok(effects))
            }
            Err(_) => (Used::default(), Err(StoreError::Defect(DEFECT.to_owned()))),
        };
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = Some((grants, used));
        effects
    }
}

const DEFECT: &str =
    "a defect of the pipeline; the log has its place. Please report it with this record";

impl Decision<'_> {
    /// The store holds their beginnings locked until this is stored or not.
    fn spans(&self) -> Vec<Span> {
        let moves = self.moves.iter();
        moves
            .map(|advance| Span {
                partition: format!("{}/{}/{}", self.source, advance.topic, advance.partition),
                from: advance.from,
                to: advance.to,
            })
            .collect()
    }

    /// Gives back what was not used: everything where nothing was stored.
    async fn settle(&self, is_stored: bool) {
        let taken = self
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((grants, used)) = taken {
            let used = if is_stored { used } else { Used::default() };
            self.counters.settle(grants, &used, self.rules.now).await;
        }
    }
}

/// What storing a batch needs beside the batch.
struct Attempt<'a, S, P> {
    store: &'a S,
    progress: &'a P,
    abandon: &'a CancellationToken,
}

impl<S: IngestStore, P: Progress> Attempt<'_, S, P> {
    /// Repeats `attempt` with growing, jittered pauses while the store does not answer.
    async fn patiently<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut pause = FIRST_PAUSE;
        loop {
            match attempt().await {
                Err(error) if error.is_transient() && !self.abandon.is_cancelled() => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        ?pause,
                        "the store does not answer"
                    );
                    self.progress.store_away(&error);
                    let jitter = rand::rng().random_range(0.5..1.0);
                    tokio::select! {
                        () = tokio::time::sleep(pause.mul_f64(jitter)) => {}
                        () = self.abandon.cancelled() => return Err(error),
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => {
                    if result.is_ok() {
                        self.progress.store_back();
                    }
                    return result;
                }
            }
        }
    }

    /// Bodies of earlier events that occurrences of this batch refer to.
    async fn stored_events(&self, items: &[BatchItem]) -> Result<StoredEvents, Stop> {
        let wanted = referred_events(items);
        if wanted.is_empty() {
            return Ok(StoredEvents::new());
        }
        let bodies = self
            .patiently(|| self.store.load_events(&wanted))
            .await
            .map_err(stop)?;
        Ok(bodies
            .into_iter()
            .filter_map(
                |((project, event), body)| match read_stored_event(project, event, &body) {
                    Ok(stored) => Some(((project, event), stored)),
                    Err(problem) => {
                        tracing::error!(%project, %event, problem, "a stored event cannot be read");
                        None
                    }
                },
            )
            .collect())
    }

    /// Another writer has moved a partition since its records were read: leaves out what that writer has stored and
    /// goes on behind it.
    async fn catch_up(
        &self,
        source: &str,
        partition: Partition,
        starts: &mut BTreeMap<Partition, i64>,
        part: &mut Vec<BatchItem>,
    ) -> Result<(), Stop> {
        let offsets = self
            .patiently(|| self.store.offsets(source))
            .await
            .map_err(stop)?;
        let stored = offsets
            .into_iter()
            .find(|offset| *offset.topic == *partition.0 && offset.partition == partition.1)
            .map(|offset| offset.next_offset);
        let start = starts.get(&partition).copied();
        // A partition that was set back by hand while it was being read is only read again by a new start.
        let (Some(stored), Some(_)) = (stored, start.filter(|start| stored >= Some(*start))) else {
            return Err(Stop::Fatal(StoreError::Fenced {
                topic: partition.0.to_string(),
                partition: partition.1,
            }));
        };
        tracing::info!(topic = %partition.0, partition = partition.1, stored, "another writer stored some of a batch");
        part.retain(|item| {
            item.record.topic != partition.0
                || item.record.partition != partition.1
                || item.record.offset >= stored
        });
        starts.insert(partition, stored);
        Ok(())
    }
}

/// What the source could not read is not looked at. A record that trips over a defect of the decoder is set aside like
/// any other that cannot be read.
fn decode_one(record: &Record, context: &DecodeContext) -> Decoded {
    let rejected = |rejection| Decoded {
        envelope: None,
        verdict: Verdict::Reject(rejection),
        measures: Measures::default(),
    };
    if let Some(flaw) = &record.flaw {
        return rejected(Rejection::new(RejectReason::InvalidJson, flaw.as_str()));
    }
    let decode = || {
        let mut decoded = decode_record(&record.payload, context);
        decoded.shed();
        decoded
    };
    std::panic::catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| rejected(Rejection::new(RejectReason::InternalError, DEFECT)))
}

/// Frees what is stored, where the next batch does not wait for it: a thousand records are tens of thousands of pieces.
fn let_go(stored: Vec<BatchItem>) {
    if let Some(threads) = &*DECODERS {
        threads.spawn(move || drop(stored));
    }
}

fn stop(error: StoreError) -> Stop {
    if error.is_transient() {
        Stop::Abandoned
    } else {
        Stop::Fatal(error)
    }
}

fn refused(error: &StoreError) -> Rejection {
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        detail.push_str(": ");
        detail.push_str(&error.to_string());
        cause = error.source();
    }
    Rejection::new(RejectReason::InternalError, detail)
}
