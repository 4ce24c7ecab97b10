//! Second half of a lane: stores batches, one after another.

use super::batch::BatchItem;
use super::budget::Budget;
use super::collect::LaneCommand;
use super::process::{Processor, Progress, Stop};
use super::stats::FeedStats;
use crate::store::{Commit, IngestStore, OffsetAdvance, StoreError};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The writing half of one lane.
pub(super) struct Writer<S> {
    pub processor: Processor<S>,
    pub commands: mpsc::Receiver<LaneCommand>,
    pub budget: Arc<Budget>,
    pub stats: Arc<FeedStats>,
    /// Cancelled when there is no more time to wait for the store.
    pub abandon: CancellationToken,
    /// Cancelled by the writer when it cannot go on.
    pub failed: CancellationToken,
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
            let result = self
                .processor
                .store(batch, &*self.stats, &self.abandon)
                .await;
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
            if self.stats.is_stopped_by_burst() {
                self.failed.cancel();
            }
        }
    }
}

impl Progress for FeedStats {
    fn committed(&self, commit: &Commit, moves: &[OffsetAdvance], items: &[BatchItem]) {
        self.stored(commit, moves, items.iter().map(|item| &item.record));
    }

    fn store_away(&self, error: &StoreError) {
        self.waits(error);
    }

    fn store_back(&self) {
        self.goes_on();
    }
}
