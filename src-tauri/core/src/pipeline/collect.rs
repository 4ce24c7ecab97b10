//! First half of a lane: gathers records into batches and decodes them.

use super::batch::{Batch, Partition};
use super::process::Processor;
use super::settings::PipelineSettings;
use crate::clock::SharedClock;
use crate::source::{Record, SourceEvent};
use crate::store::IngestStore;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// What the second half of a lane is told.
#[derive(Debug)]
pub(super) enum LaneCommand {
    /// Store this.
    Store(Batch),
    /// Everything sent before this has been dealt with: say so.
    Settled(oneshot::Sender<()>),
}

/// Gathers until a batch is full, old or has to be closed, and passes it on decoded. Ends when `events` is closed.
pub(super) struct Collector<S> {
    settings: PipelineSettings,
    processor: Processor<S>,
    clock: SharedClock,
    events: mpsc::UnboundedReceiver<SourceEvent>,
    writer: mpsc::Sender<LaneCommand>,
    source: Arc<str>,
    /// Next offset of every assigned partition, behind the records gathered so far.
    next: BTreeMap<Partition, i64>,
    open: OpenBatch,
}

#[derive(Default)]
struct OpenBatch {
    records: Vec<Record>,
    bytes: usize,
    starts: BTreeMap<Partition, i64>,
    deadline: Option<Instant>,
}

impl<S: IngestStore + 'static> Collector<S> {
    pub fn new(
        settings: PipelineSettings,
        processor: Processor<S>,
        clock: SharedClock,
        events: mpsc::UnboundedReceiver<SourceEvent>,
        writer: mpsc::Sender<LaneCommand>,
    ) -> Self {
        Self {
            settings,
            processor,
            clock,
            events,
            writer,
            source: Arc::from(""),
            next: BTreeMap::new(),
            open: OpenBatch::default(),
        }
    }

    pub async fn run(mut self) {
        loop {
            let event = match self.open.deadline {
                None => self.events.recv().await,
                Some(deadline) => match tokio::time::timeout_at(deadline, self.events.recv()).await
                {
                    Ok(event) => event,
                    Err(_elapsed) => {
                        self.close_batch().await;
                        continue;
                    }
                },
            };
            match event {
                Some(event) => self.handle(event).await,
                None => break,
            }
        }
        self.close_batch().await;
    }

    async fn handle(&mut self, event: SourceEvent) {
        match event {
            SourceEvent::Assigned {
                source,
                topic,
                partition,
                next_offset,
            } => {
                if self.source != source {
                    self.close_batch().await;
                    self.source = source;
                }
                self.next.insert((topic, partition), next_offset);
            }
            SourceEvent::Records(records) => {
                for record in records {
                    self.add(record).await;
                }
            }
            SourceEvent::Revoked {
                partitions,
                lost,
                done,
            } => {
                // What was read of a lost partition may be stored all the same: the offset fence decides.
                if !lost {
                    self.close_batch().await;
                    let _ = self.writer.send(LaneCommand::Settled(done)).await;
                } else {
                    let _ = done.send(());
                }
                for partition in partitions {
                    self.next.remove(&partition);
                }
            }
        }
    }

    async fn add(&mut self, record: Record) {
        let partition = (Arc::clone(&record.topic), record.partition);
        let next = self.next.entry(partition.clone()).or_insert(record.offset);
        let start = *next;
        *next = record.offset + 1;
        self.open.starts.entry(partition).or_insert(start);
        self.open.bytes += record.weight();
        self.open.records.push(record);
        if self.open.deadline.is_none() {
            self.open.deadline = Some(Instant::now() + self.settings.batch_delay);
        }
        if self.open.records.len() >= self.settings.batch_records
            || self.open.bytes >= self.settings.batch_bytes
        {
            self.close_batch().await;
        }
    }

    async fn close_batch(&mut self) {
        if self.open.records.is_empty() {
            return;
        }
        let OpenBatch {
            records, starts, ..
        } = std::mem::take(&mut self.open);
        let now = self.clock.now();
        let processor = self.processor.clone();
        let decoded = tokio::task::spawn_blocking(move || processor.decode(records, now)).await;
        // Decoding ends early only when the runtime does; the records then stay with the source.
        if let Ok(items) = decoded {
            let batch = Batch {
                source: Arc::clone(&self.source),
                items,
                starts,
                now,
            };
            // A closed channel means that the lane has failed and said why; its records stay with the source.
            let _ = self.writer.send(LaneCommand::Store(batch)).await;
        }
    }
}
