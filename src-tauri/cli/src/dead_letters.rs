//! `picketctl dead-letters`.

use crate::args::DeadLettersCommand;
use crate::context::Context;
use crate::output::{self, age, cell};
use anyhow::{Result, bail};
use picket_core::store::{Access, DeadLetterFilter, QueryStore};

pub async fn run(context: &Context, command: DeadLettersCommand) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    match command {
        DeadLettersCommand::List {
            state,
            reason,
            limit,
        } => {
            let filter = DeadLetterFilter {
                state,
                reason,
                limit,
            };
            let list = store
                .dead_letters(filter)
                .await
                .map_err(picket_core::Error::from)?;
            if context.json {
                return output::json(&list.rows);
            }
            let now = context.clock.now();
            let header = [
                "ID", "STATE", "REASON", "TRIED", "WHERE", "BYTES", "AGE", "DETAIL",
            ];
            let mut table = output::table(&header);
            for row in &list.rows {
                table.add_row(vec![
                    row.id.clone(),
                    row.state.clone(),
                    row.reason.clone(),
                    row.attempts.to_string(),
                    format!("{}/{}@{}", row.topic, row.partition, row.offset),
                    row.payload_bytes.to_string(),
                    age(now, row.stored_at),
                    cell(&row.detail, 100),
                ]);
            }
            output::text(&table.to_string())?;
            let shown = list.rows.len();
            output::text(&format!("{shown} of {} shown", list.total))
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
