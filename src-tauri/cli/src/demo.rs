//! `picketctl demo`: the whole way of a record on this machine, without a cluster.

use crate::args::{DemoArgs, IssuesArgs, SearchArgs};
use crate::context::Context;
use crate::feed;
use crate::issues;
use crate::report::Report;
use anyhow::Result;
use picket_core::pipeline::Feed;
use picket_core::source::DemoOptions;
use picket_core::store::Access;
use std::sync::Arc;
use std::time::Instant;

/// Rows of the inbox that a run without `--json` ends with.
const INBOX_ROWS: u32 = 20;

pub async fn run(context: &Context, args: DemoArgs) -> Result<()> {
    // Demo data never mixes with what was read from a cluster, unless a store is named.
    let url = context
        .store
        .clone()
        .unwrap_or_else(|| context.paths.demo_store());
    let store = context.open_at(&url, Access::ReadWrite).await?;
    let pipeline = context.pipeline(&store).await?;
    let options = DemoOptions {
        rate: args.rate,
        seed: args.seed,
        seconds: args.seconds,
        issues: args.issues,
        backlog: args.backlog,
    };
    let started = Instant::now();
    let feed = Feed::demo(Arc::clone(&store), &context.clock, &pipeline, options).await?;
    let result = feed::run(&feed, None).await;
    let report = Report::new(
        &feed.tally(),
        &feed.status(),
        started.elapsed().as_secs_f64(),
    );
    drop(feed);
    if !context.json {
        let inbox = IssuesArgs {
            search: SearchArgs {
                query: Some("is:unresolved".to_owned()),
                ..SearchArgs::default()
            },
            limit: INBOX_ROWS,
            ..IssuesArgs::default()
        };
        issues::list_in(context, &store, &inbox).await?;
    }
    store.close().await;
    report.print(context.json)?;
    result.map(|_| ())
}
