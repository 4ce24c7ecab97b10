//! `picketctl migrate`.

use crate::args::MigrateArgs;
use crate::context::Context;
use crate::output;
use anyhow::Result;
use picket_core::store::Store;
use serde_json::json;

pub async fn run(context: &Context, args: MigrateArgs) -> Result<()> {
    let migrated = Store::migrate(&context.store_url(), args.dry_run)
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
