//! How a run ended, as `ingest`, `demo` and `replay` report it.

use crate::output;
use anyhow::Result;
use picket_core::store::{Ending, Tally};
use picket_core::view::FeedStatus;
use serde::Serialize;
use std::collections::BTreeMap;

/// The sums of a run. `records` is the sum of all the ways a record can end.
#[derive(Debug, Serialize)]
pub struct Report {
    records: u64,
    created: u64,
    updated: u64,
    status_changed: u64,
    unchanged: u64,
    dropped: BTreeMap<&'static str, u64>,
    dead_lettered: u64,
    seconds: f64,
    partitions: Vec<PartitionReport>,
}

#[derive(Debug, Serialize)]
struct PartitionReport {
    topic: String,
    partition: i32,
    next_offset: Option<i64>,
    high: Option<i64>,
}

impl Report {
    pub fn new(tally: &Tally, status: &FeedStatus, seconds: f64) -> Self {
        let mut report = Self {
            records: tally.records(),
            created: 0,
            updated: 0,
            status_changed: 0,
            unchanged: 0,
            dropped: BTreeMap::new(),
            dead_lettered: 0,
            seconds: (seconds * 1000.0).round() / 1000.0,
            partitions: Vec::new(),
        };
        for (&ending, &records) in &tally.0 {
            match ending {
                Ending::Created => report.created += records,
                Ending::Updated => report.updated += records,
                Ending::StatusChanged => report.status_changed += records,
                Ending::Unchanged => report.unchanged += records,
                Ending::Dropped(reason) => {
                    *report.dropped.entry(reason.as_str()).or_default() += records;
                }
                Ending::DeadLettered(_) => report.dead_lettered += records,
            }
        }
        report.partitions = status
            .partitions
            .iter()
            .map(|partition| PartitionReport {
                topic: partition.topic.clone(),
                partition: partition.partition,
                next_offset: partition.next_offset.parse().ok(),
                high: partition.high.as_ref().and_then(|high| high.parse().ok()),
            })
            .collect();
        report
    }

    pub fn print(&self, json: bool) -> Result<()> {
        if json {
            return output::json(self);
        }
        let rate = if self.seconds > 0.0 {
            self.records as f64 / self.seconds
        } else {
            0.0
        };
        output::text(&format!(
            "{} records in {:.1} s ({rate:.0}/s): {} opened an issue, {} joined one, \
             {} changed a status, {} changed nothing, {} dropped, {} dead-lettered",
            self.records,
            self.seconds,
            self.created,
            self.updated,
            self.status_changed,
            self.unchanged,
            self.dropped.values().sum::<u64>(),
            self.dead_lettered,
        ))?;
        for (reason, records) in &self.dropped {
            output::text(&format!("  dropped {records}: {reason}"))?;
        }
        if self.dead_lettered > 0 {
            output::text("  see why with: picketctl dead-letters list")?;
        }
        Ok(())
    }
}
