//! `picketctl ingest`: from Kafka into the store until stopped.

use crate::args::IngestArgs;
use crate::context::Context;
use crate::feed;
use crate::report::Report;
use anyhow::{Context as _, Result};
use picket_core::config::{ConsumeMode, secrets};
use picket_core::engine::Upkeep;
use picket_core::pipeline::Feed;
use picket_core::source::{Begin, KafkaSettings};
use picket_core::store::Access;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub async fn run(context: &Context, args: IngestArgs) -> Result<()> {
    let mut profile = context.connection(&args.cluster)?;
    if let Some(group) = args.group {
        profile.mode = ConsumeMode::Group;
        profile.group_id = group;
    }
    profile.validate()?;
    let password = secrets::resolve(&profile.password_ref)?;
    let mut settings = KafkaSettings::from(profile);
    if let Some(begin) = begin(&args.from)? {
        settings.begin = begin;
    }
    let store = context.open(Access::ReadWrite).await?;
    let pipeline = context.pipeline(&store).await?;

    let started = Instant::now();
    let feed = Feed::kafka(
        Arc::clone(&store),
        &context.clock,
        &pipeline,
        settings,
        password,
    )?;
    let upkeep = Upkeep::start(
        Arc::clone(&store),
        Arc::clone(&context.clock),
        (&context.settings).into(),
    );
    let result = feed::run(&feed, args.until_idle.map(Duration::from_secs)).await;
    upkeep.stop().await;
    let report = Report::new(
        &feed.tally(),
        &feed.status(),
        started.elapsed().as_secs_f64(),
    );
    drop(feed);
    store.close().await;
    // What was stored is reported also when the run ended badly.
    report.print(context.json)?;
    result.map(|_| ())
}

/// Nothing for `stored`: the start position of the connection then holds for partitions that are new to the store.
pub fn begin(text: &str) -> Result<Option<Begin>> {
    Ok(match text {
        "stored" => None,
        "earliest" => Some(Begin::Earliest),
        "latest" => Some(Begin::Latest),
        time => {
            let instant = chrono::DateTime::parse_from_rfc3339(time).with_context(|| {
                format!("--from {time} is not a position. Write earliest, latest, stored, or a time such as 2026-11-20T14:30:00Z")
            })?;
            Some(Begin::At(instant.to_utc()))
        }
    })
}
