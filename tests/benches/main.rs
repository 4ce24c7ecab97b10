//! `make bench`: records per second from the broker to the committed store, beside what the same machine can write
//! of the same payloads at all, in the same run.
//!
//! Figures mean something only next to each other: each round measures the limit and the pipeline, and what counts
//! is the median of their ratios.

mod cost;
mod find;
mod limit;
mod machine;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use picket_core::clock::{Clock, SystemClock};
use picket_core::pipeline::PipelineSettings;
use picket_core::source::{Generator, GeneratorOptions};
use picket_tests::feeds::{observe, open};
use picket_tests::kafka::{Outgoing, Topic};
use picket_tests::postgres::Database;
use picket_tests::service;
use std::path::Path;
use std::time::{Duration, Instant};

/// The one that the programs use.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the way from the broker to the committed store, or what a subcommand says.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,
    /// Records a round
    #[arg(long, default_value_t = 60_000)]
    records: usize,
    /// Rounds; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Distinct issues among the records
    #[arg(long, default_value_t = 5_000)]
    issues: u32,
    /// Partitions of the topic
    #[arg(long, default_value_t = 12)]
    partitions: i32,
    /// Stored occurrences at which the cost of a record is measured first
    #[arg(long, default_value_t = 10_000)]
    stored_small: usize,
    /// Stored occurrences at which it is measured again
    #[arg(long, default_value_t = 1_000_000)]
    stored_large: usize,
}

#[derive(Debug, Subcommand)]
enum Other {
    Find(find::Arguments),
}

/// Figures of one round, in records per second.
struct Round {
    limit: f64,
    pipeline: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(Other::Find(arguments)) = &arguments.other {
        return find::run(arguments).await;
    }
    let brokers = service::kafka().context("the benchmark needs Kafka; run it by `make bench`")?;
    let records = generate(&arguments);
    let bytes: usize = records.iter().map(|record| record.payload.len()).sum();
    println!("{}", machine::describe());
    println!(
        "{} records of {} bytes on average, {} issues, {} partitions, {} rounds",
        records.len(),
        bytes / records.len().max(1),
        arguments.issues,
        arguments.partitions,
        arguments.rounds
    );
    let topic = Topic::create(&brokers, "bench", arguments.partitions).await?;
    topic.send(records.iter().cloned())?;

    let mut rounds = Vec::new();
    for _ in 0..arguments.rounds {
        let folder = tempfile::tempdir()?;
        let limit = limit::sqlite(&folder.path().join("limit.db"), &records).await?;
        let url = format!("sqlite://{}/picket.db", folder.path().display());
        rounds.push(Round {
            limit,
            pipeline: pipeline(&url, &topic, records.len()).await?,
        });
    }
    report("SQLite", &rounds);

    if let Some(server) = service::postgres() {
        let mut rounds = Vec::new();
        for _ in 0..arguments.rounds {
            let database = Database::create(&server).await?;
            let limit = limit::postgres(database.url(), &records).await?;
            let database = Database::create(&server).await?;
            rounds.push(Round {
                limit,
                pipeline: pipeline(database.url(), &topic, records.len()).await?,
            });
        }
        report("PostgreSQL", &rounds);
    }
    topic.delete().await?;
    costs(&arguments).await
}

/// What a record costs in a small and in a large store.
async fn costs(arguments: &Arguments) -> Result<()> {
    let sizes = (arguments.stored_small, arguments.stored_large);
    let (issues, rounds) = (arguments.issues, arguments.rounds);
    let say = |store: &str, cost: &cost::Cost| {
        println!(
            "{store}: {:.0} µs a record at {} stored, {:.0} µs at {}; ratio {:.2}",
            cost.small,
            sizes.0,
            cost.large,
            sizes.1,
            cost.large / cost.small
        );
    };
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}/picket.db", folder.path().display());
    say("SQLite", &cost::measure(&url, issues, sizes, rounds).await?);
    if let Some(server) = service::postgres() {
        let database = Database::create(&server).await?;
        let cost = cost::measure(database.url(), issues, sizes, rounds).await?;
        say("PostgreSQL", &cost);
    }
    Ok(())
}

fn generate(arguments: &Arguments) -> Vec<Outgoing> {
    let options = GeneratorOptions {
        issues: arguments.issues,
        backlog: arguments.records as u64,
        ..GeneratorOptions::new(SystemClock.now())
    };
    Generator::new(1, options)
        .take(arguments.records)
        .map(|record| Outgoing::new(record.payload).key(record.key))
        .collect()
}

/// Reads the whole topic into a fresh store.
async fn pipeline(url: &str, topic: &Topic, records: usize) -> Result<f64> {
    let store = open(url).await;
    let begin = Instant::now();
    let feed = observe(&store, topic);
    while feed.tally().records() < records as u64 {
        anyhow::ensure!(
            begin.elapsed() < Duration::from_secs(300),
            "the pipeline stands still: {:?}",
            feed.status()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rate = records as f64 / begin.elapsed().as_secs_f64();
    feed.stop().await?;
    store.close().await;
    Ok(rate)
}

fn report(store: &str, rounds: &[Round]) {
    let limit = median(rounds.iter().map(|round| round.limit));
    let pipeline = median(rounds.iter().map(|round| round.pipeline));
    let ratio = median(rounds.iter().map(|round| round.pipeline / round.limit));
    println!(
        "{store}: {pipeline:.0} records/s from the broker to the store; limit {limit:.0} blobs/s; ratio {ratio:.2} (aim 0.50)"
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Records a transaction, as the pipeline has.
fn batch_records() -> usize {
    PipelineSettings::default().batch_records
}

/// A database file that does not exist yet.
fn fresh(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}
