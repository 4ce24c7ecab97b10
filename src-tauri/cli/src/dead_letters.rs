//! `picketctl dead-letters`.

use crate::args::DeadLettersCommand;
use crate::context::Context;
use crate::output::{self, age, cell};
use anyhow::{Result, bail};
use picket_core::store::{Access, QueryStore};

pub async fn run(context: &Context, command: DeadLettersCommand) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    match command {
        DeadLettersCommand::List { limit } => {
            let rows = store
                .dead_letters(limit)
                .await
                .map_err(picket_core::Error::from)?;
            if context.json {
                return output::json(&rows);
            }
            let now = context.clock.now();
            let mut table = output::table(&["ID", "REASON", "WHERE", "BYTES", "AGE", "DETAIL"]);
            for row in &rows {
                table.add_row(vec![
                    row.id.clone(),
                    row.reason.clone(),
                    format!("{}/{}@{}", row.topic, row.partition, row.offset),
                    row.payload_bytes.to_string(),
                    age(now, row.stored_at),
                    cell(&row.detail, 100),
                ]);
            }
            output::text(&table.to_string())
        }
        DeadLettersCommand::Show { id } => {
            let Some(letter) = store
                .dead_letter(id)
                .await
                .map_err(picket_core::Error::from)?
            else {
                bail!("There is no dead letter {id}. Take an id from picketctl dead-letters list.");
            };
            if context.json {
                return output::json(&letter);
            }
            output::text(&format!("{}: {}", letter.row.reason, letter.row.detail))?;
            output::text(&format!(
                "{} {}/{} offset {}",
                letter.row.source, letter.row.topic, letter.row.partition, letter.row.offset
            ))?;
            output::text(&letter.payload_text.unwrap_or(letter.payload_base64))
        }
    }
}
