//! What a record costs in a small store and in a large one: records from memory, decoded and stored in batches as a lane
//! does it, without a broker.

use crate::{batch_records, median};
use anyhow::{Result, anyhow};
use picket_core::clock::{Clock, SystemClock};
use picket_core::limits::Counters;
use picket_core::pipeline::{Batch, BatchItem, PipelineSettings, Processor, Progress};
use picket_core::source::{Generator, GeneratorOptions, Record};
use picket_core::store::{Commit, IngestStore, OffsetAdvance, Store, StoreError};
use picket_tests::feeds::open;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Records of one measurement.
const PORTION: usize = 10_000;
const SOURCE: &str = "bench";
const TOPIC: &str = "ingest-occurrences";

/// Microseconds a record takes, at two sizes of the store.
pub struct Cost {
    pub small: f64,
    pub large: f64,
}

/// Fills a fresh store to `small` and to `large` records and measures at both, `rounds` times each.
pub async fn measure(url: &str, issues: u32, sizes: (usize, usize), rounds: usize) -> Result<Cost> {
    let store = open(url).await;
    store.claim_partition(SOURCE, TOPIC, 0, 0).await?;
    let options = GeneratorOptions {
        issues,
        ..GeneratorOptions::new(SystemClock.now())
    };
    let mut bench = Bench {
        // Which issues limits let through would depend on the time the filling takes.
        processor: Processor::new(
            Arc::clone(&store),
            PipelineSettings {
                counters: Arc::new(Counters::Off),
                ..PipelineSettings::default()
            },
        ),
        generator: Generator::new(1, options),
        stored: 0,
    };
    let small = bench.cost_at(sizes.0, rounds).await?;
    let large = bench.cost_at(sizes.1, rounds).await?;
    store.close().await;
    Ok(Cost { small, large })
}

struct Bench {
    processor: Processor<Store>,
    generator: Generator,
    stored: usize,
}

impl Bench {
    async fn cost_at(&mut self, size: usize, rounds: usize) -> Result<f64> {
        while self.stored < size {
            self.portion(batch_records().min(size - self.stored))
                .await?;
        }
        let mut costs = Vec::new();
        for _ in 0..rounds {
            costs.push(self.portion(PORTION).await?);
        }
        Ok(median(costs.into_iter()))
    }

    /// Stores further records; microseconds each of them took.
    async fn portion(&mut self, records: usize) -> Result<f64> {
        let begin = self.stored;
        let records: Vec<Record> = (begin..begin + records)
            .map(|offset| {
                let generated = self.generator.next_at(SystemClock.now());
                Ok(Record {
                    topic: Arc::from(TOPIC),
                    partition: 0,
                    offset: i64::try_from(offset)?,
                    timestamp_ms: None,
                    key: Some(Arc::from(generated.key)),
                    headers: Vec::new(),
                    payload: Arc::from(generated.payload),
                    flaw: None,
                })
            })
            .collect::<Result<_>>()?;
        let count = records.len();
        let mut batches = Vec::new();
        let mut rest = records;
        while !rest.is_empty() {
            let later = rest.split_off(batch_records().min(rest.len()));
            batches.push(std::mem::replace(&mut rest, later));
        }
        let clock = Instant::now();
        for records in batches {
            let now = SystemClock.now();
            let start = records.first().map_or(0, |record| record.offset);
            let batch = Batch {
                source: Arc::from(SOURCE),
                items: self.processor.decode(records, now),
                starts: BTreeMap::from([((Arc::from(TOPIC), 0), start)]),
                now,
            };
            let patience = CancellationToken::new();
            let stored = self.processor.store(batch, &Silent, &patience).await;
            stored.map_err(|stop| anyhow!("the batch was not stored: {stop:?}"))?;
        }
        let cost = clock.elapsed().as_secs_f64() * 1e6 / count as f64;
        self.stored += count;
        Ok(cost)
    }
}

struct Silent;

impl Progress for Silent {
    fn committed(&self, _: &Commit, _: &[OffsetAdvance], _: &[BatchItem]) {}

    fn store_away(&self, _: &StoreError) {}

    fn store_back(&self) {}
}
