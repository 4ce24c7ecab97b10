//! `picketctl migrate`.

use crate::args::MigrateArgs;
use crate::context::Context;
use crate::output;
use anyhow::Result;
use picket_core::store::{MigrationStep, Store};
use serde_json::json;
use std::io::{IsTerminal, Write, stderr};

pub async fn run(context: &Context, args: MigrateArgs) -> Result<()> {
    let is_watched = !context.json && stderr().is_terminal();
    let hear = |step: MigrationStep<'_>| {
        if is_watched {
            tell(step);
        }
    };
    let migrated = Store::migrate(&context.store_url(), args.dry_run, &hear)
        .await
        .map_err(picket_core::Error::from)?;
    if context.json {
        return output::json(
            &json!({ "from": migrated.from, "to": migrated.to, "applied": migrated.applied }),
        );
    }
    let verb = if args.dry_run {
        "would apply"
    } else {
        "applied"
    };
    output::text(&match migrated.applied.len() {
        0 => format!("The schema is up to date: version {}.", migrated.to),
        steps => format!(
            "{verb} {steps} steps: version {} to {}.",
            migrated.from, migrated.to
        ),
    })
}

/// Says on standard error where it is, for who waits. That nobody can be told is no reason to stop.
fn tell(step: MigrationStep<'_>) {
    let MigrationStep {
        version,
        name,
        took,
    } = step;
    let mut out = stderr().lock();
    let _ = match took {
        None => write!(out, "{version:04} {name} … ").and_then(|()| out.flush()),
        Some(took) => writeln!(out, "{:.1} s", took.as_secs_f64()),
    };
}
