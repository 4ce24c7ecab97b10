//! `picketctl capture`: the records of live topics into a file for replay.

use crate::args::CaptureArgs;
use crate::context::Context;
use crate::feed;
use crate::output;
use anyhow::Result;
use picket_core::config::secrets;
use picket_core::source::{CaptureLimits, KafkaSettings, StopSignal, capture};
use serde_json::json;
use std::time::Duration;

pub async fn run(context: &Context, args: CaptureArgs) -> Result<()> {
    let profile = context.connection(&args.cluster)?;
    let password = secrets::resolve(&profile.password_ref)?;
    let settings = KafkaSettings::from(profile);
    let stop = StopSignal::new();
    let limits = CaptureLimits { records: args.limit, until_idle: args.until_idle.map(Duration::from_secs) };
    let (out, stopped) = (args.out.clone(), stop.clone());
    let mut work = tokio::task::spawn_blocking(move || capture(&settings, password.as_ref(), &out, limits, &stopped));
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
    output::text(&format!("{} records, {} bytes in {}", captured.records, captured.bytes, args.out.display()))
}
