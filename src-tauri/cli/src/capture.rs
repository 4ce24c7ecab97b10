//! `picketctl capture`: the records of live topics into a file for replay.

use crate::args::CaptureArgs;
use crate::context::Context;
use crate::feed;
use crate::ingest::begin;
use crate::output;
use anyhow::Result;
use picket_core::config::secrets;
use picket_core::source::{KafkaSettings, StopSignal, capture};
use serde_json::json;

pub async fn run(context: &Context, args: CaptureArgs) -> Result<()> {
    let profile = context.connection(&args.cluster)?;
    let password = secrets::resolve(&profile.password_ref)?;
    let mut settings = KafkaSettings::from(profile);
    if let Some(begin) = begin(&args.from)? {
        settings.begin = begin;
    }
    let stop = StopSignal::new();
    let password = password.map(|password| password.reveal().to_owned());
    let (out, limit, stopped) = (args.out.clone(), args.limit, stop.clone());
    let mut work =
        tokio::task::spawn_blocking(move || capture(settings, password, &out, &stopped, limit));
    let captured = tokio::select! {
        captured = &mut work => captured??,
        () = feed::interrupted() => {
            stop.cancel();
            work.await??
        }
    };
    if context.json {
        return output::json(&json!({ "records": captured.records, "bytes": captured.bytes }));
    }
    output::text(&format!(
        "{} records, {} bytes in {}",
        captured.records,
        captured.bytes,
        args.out.display()
    ))
}
