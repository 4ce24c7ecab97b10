//! Fills an empty store with invented issues and events, as many as one likes.
//!
//!     fillstore --store sqlite:///tmp/large.db --issues 1000000 --events 10000000

use anyhow::Result;
use clap::Parser;
use picket_core::clock::{Clock, SystemClock};
use picket_tests::fill::{Size, fill};

/// Few issues with very many events, most with few, of forty projects and four months.
#[derive(Debug, Parser)]
struct Arguments {
    /// The store, empty or not there yet
    #[arg(long)]
    store: String,
    /// Issues
    #[arg(long, default_value_t = 100_000)]
    issues: usize,
    /// Events, at least one for each issue
    #[arg(long, default_value_t = 1_000_000)]
    events: usize,
    /// Same seed, same data, but for their times
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let size = Size {
        issues: arguments.issues,
        events: arguments.events,
        seed: arguments.seed,
        now: SystemClock.now(),
    };
    let filled = fill(&arguments.store, &size).await?;
    println!(
        "{} issues and {} events: {:.1} s for what issues have, {:.1} s for events, {:.1} s for indexes",
        size.issues,
        size.events,
        filled.issues.as_secs_f64(),
        filled.events.as_secs_f64(),
        filled.indexes.as_secs_f64()
    );
    Ok(())
}
