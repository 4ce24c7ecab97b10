//! `picketctl replay`: captured records through the same pipeline, without a broker.

use crate::args::ReplayArgs;
use crate::context::Context;
use crate::feed;
use crate::report::Report;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use picket_core::pipeline::Feed;
use picket_core::store::Access;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub async fn run(context: &Context, args: ReplayArgs) -> Result<()> {
    let store = context.open(Access::ReadWrite).await?;
    let pipeline = context.pipeline(&store).await?;
    let started = Instant::now();
    let feed = Feed::file(Arc::clone(&store), &context.clock, &pipeline, &args.file)?;
    let result = tokio::select! {
        result = feed::run(&feed, None) => result,
        never = show_progress(&feed) => match never {},
    };
    let skipped = feed.health().snapshot().skipped;
    let report = Report::new(
        &feed.tally(),
        &feed.status(),
        started.elapsed().as_secs_f64(),
    );
    drop(feed);
    store.close().await;
    if skipped > 0 {
        eprintln!("{skipped} records were in the store already and have been left out");
    }
    report.print(context.json)?;
    result.map(|_| ())
}

/// A bar on a terminal, nothing elsewhere. Never ends by itself.
async fn show_progress(feed: &Feed) -> Infallible {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left")
    {
        bar.set_style(style);
    }
    loop {
        if let Some((done, total)) = feed.health().snapshot().progress {
            bar.set_length(total);
            bar.set_position(done);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
