//! `picketctl event`.

use crate::context::Context;
use crate::output;
use anyhow::{Context as _, Result, bail};
use picket_core::model::EventId;
use picket_core::store::{Access, QueryStore};
use serde_json::Value;

pub async fn show(context: &Context, id: &str) -> Result<()> {
    let event: EventId = id
        .parse()
        .with_context(|| format!("{id} is not an event id: 32 hex digits are expected"))?;
    let store = context.open(Access::ReadOnly).await?;
    let bodies = store
        .event_bodies(event)
        .await
        .map_err(picket_core::Error::from)?;
    let body: Value = match &bodies[..] {
        [] => bail!(
            "Event {event} is not stored. Light occurrences keep no event; look at the issue instead."
        ),
        [(_, body)] => serde_json::from_str(body)?,
        several => {
            let projects: Vec<_> = several
                .iter()
                .map(|(project, _)| project.to_string())
                .collect();
            eprintln!(
                "the event is stored in the projects {}; showing the first",
                projects.join(", ")
            );
            serde_json::from_str(&several[0].1)?
        }
    };
    if context.json {
        return output::json(&body);
    }
    output::text(&serde_json::to_string_pretty(&body)?)
}
