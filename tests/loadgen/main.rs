//! Writes generated records into a file that `picketctl replay` reads.
//!
//!     loadgen --records 200000 --seed 7 > records.ndjson

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Parser;
use picket_core::clock::{Clock, SystemClock};
use picket_core::source::{DEMO_TOPIC, Generator, GeneratorOptions};
use serde_json::json;
use std::io::Write;

/// Generated occurrences, one record a line.
#[derive(Debug, Parser)]
struct Arguments {
    /// Records to write
    #[arg(long, default_value_t = 10_000)]
    records: usize,
    /// Same seed, same records, but for their times
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Distinct issues
    #[arg(long, default_value_t = 50_000)]
    issues: u32,
    /// Begin with one occurrence of every issue
    #[arg(long)]
    each_issue_first: bool,
    /// Partitions to spread the keys over
    #[arg(long, default_value_t = 4)]
    partitions: u32,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let options = GeneratorOptions {
        issues: arguments.issues,
        each_issue_first: arguments.each_issue_first,
        backlog: arguments.records as u64,
        ..GeneratorOptions::new(SystemClock.now())
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for record in Generator::new(arguments.seed, options).take(arguments.records) {
        let line = json!({
            "topic": DEMO_TOPIC,
            "partition": record.partition(arguments.partitions),
            "timestamp": record.time.timestamp_millis(),
            "key": String::from_utf8_lossy(&record.key),
            // Broken records are part of the load, so values are written as bytes.
            "value_base64": STANDARD.encode(&record.payload),
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}
