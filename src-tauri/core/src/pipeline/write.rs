//! Second half of a lane: stores batches, one transaction each, until they are stored.

use super::batch::{Batch, BatchItem, Partition, advances};
use super::budget::Budget;
use super::collect::LaneCommand;
use super::fold::{StoredEvents, fold, plan, referred_events};
use super::stats::FeedStats;
use crate::decode::read_stored_event;
use crate::model::{RejectReason, Rejection, Verdict};
use crate::store::{Commit, IngestStore, OffsetAdvance, StoreError};
use chrono::{DateTime, Utc};
use rand::RngExt as _;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// First pause after the store did not answer; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The writing half of one lane.
pub(super) struct Writer<S> {
    pub store: Arc<S>,
    pub commands: mpsc::Receiver<LaneCommand>,
    pub budget: Arc<Budget>,
    pub stats: Arc<FeedStats>,
    /// Cancelled when there is no more time to wait for the store.
    pub abandon: CancellationToken,
    /// Cancelled by the writer when it cannot go on.
    pub failed: CancellationToken,
}

/// Why a batch was not stored.
enum Stop {
    /// There was no more time. The records are still at the source.
    Abandoned,
    /// Going on makes no sense.
    Fatal(StoreError),
}

impl<S: IngestStore> Writer<S> {
    pub async fn run(mut self) {
        while let Some(command) = self.commands.recv().await {
            let batch = match command {
                LaneCommand::Store(batch) => batch,
                LaneCommand::Settled(done) => {
                    let _ = done.send(());
                    continue;
                }
            };
            let (weight, records) = (batch.weight(), batch.items.len());
            let result = self.store_batch(batch).await;
            self.budget.give_back(weight, records);
            match result {
                Ok(()) => {}
                Err(Stop::Abandoned) => return,
                Err(Stop::Fatal(error)) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the pipeline cannot go on"
                    );
                    self.stats.fail(&crate::Error::from(error));
                    self.failed.cancel();
                    return;
                }
            }
        }
    }

    /// Stores a batch whole if it can be; else in ever smaller parts, until the one record that the store refuses
    /// is alone and set aside.
    async fn store_batch(&self, batch: Batch) -> Result<(), Stop> {
        let Batch {
            source,
            items,
            mut starts,
            now,
        } = batch;
        let stored_events = self.stored_events(&items).await?;
        let mut parts = VecDeque::from([items]);
        while let Some(mut part) = parts.pop_front() {
            if part.is_empty() {
                continue;
            }
            let mut ends = starts.clone();
            let moves = advances(&part, &mut ends);
            match self
                .commit(&source, &moves, &part, &stored_events, now)
                .await
            {
                Ok(commit) => {
                    starts = ends;
                    self.stats
                        .committed(&commit, &moves, part.iter().map(|item| &item.record));
                }
                Err(StoreError::Fenced { topic, partition }) => {
                    self.catch_up(
                        &source,
                        (Arc::from(topic), partition),
                        &mut starts,
                        &mut part,
                    )
                    .await?;
                    parts.push_front(part);
                }
                Err(error) if error.is_transient() => return Err(Stop::Abandoned),
                Err(error) if part.len() == 1 => {
                    let Some(item) = part.first_mut() else {
                        continue;
                    };
                    if matches!(&item.verdict, Verdict::Reject(_)) {
                        return Err(Stop::Fatal(error));
                    }
                    item.verdict = Verdict::Reject(refused(&error));
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
        source: &str,
        moves: &[OffsetAdvance],
        items: &[BatchItem],
        stored_events: &StoredEvents,
        now: DateTime<Utc>,
    ) -> Result<Commit, StoreError> {
        let plan = plan(items, stored_events);
        let decide = |state| fold(items, stored_events, state, now);
        self.patiently(|| self.store.ingest(source, moves, &plan, &decide))
            .await
    }

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
                    self.stats.store_away(&error);
                    let jitter = rand::rng().random_range(0.5..1.0);
                    tokio::select! {
                        () = tokio::time::sleep(pause.mul_f64(jitter)) => {}
                        () = self.abandon.cancelled() => return Err(error),
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => {
                    if result.is_ok() {
                        self.stats.store_back();
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
        let (Some(stored), Some(start)) = (stored, start) else {
            return Err(Stop::Fatal(StoreError::Fenced {
                topic: partition.0.to_string(),
                partition: partition.1,
            }));
        };
        if stored < start {
            // The partition was set back by hand while it was being read: only a new start reads it again.
            return Err(Stop::Fatal(StoreError::Fenced {
                topic: partition.0.to_string(),
                partition: partition.1,
            }));
        }
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
