//! `picketctl dead-letters`.

use crate::args::{DeadLetterSelection, DeadLettersCommand};
use crate::context::Context;
use crate::output::{self, age, cell, instant};
use anyhow::{Result, bail};
use picket_core::engine::replay_dead_letters;
use picket_core::pipeline::Processor;
use picket_core::store::{
    Access, DeadLetterFilter, DeadLetterState, QueryStore, Store, TriageStore,
};
use picket_core::view::{DeadLettersChanged, ReplayReport};
use std::sync::Arc;

pub async fn run(context: &Context, command: DeadLettersCommand) -> Result<()> {
    use DeadLetterState::{Discarded, New};
    match command {
        DeadLettersCommand::Replay(selection) => replay(context, selection).await,
        DeadLettersCommand::Discard(selection) => {
            move_letters(context, selection, New, Discarded).await
        }
        DeadLettersCommand::Restore(selection) => {
            move_letters(context, selection, Discarded, New).await
        }
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
            list(context, filter).await
        }
        DeadLettersCommand::Show { id } => show(context, id).await,
    }
}

async fn replay(context: &Context, selection: DeadLetterSelection) -> Result<()> {
    let store = context.open(Access::ReadWrite).await?;
    let ids = selected(&store, selection, DeadLetterState::New).await?;
    let processor = Processor::new(Arc::clone(&store), context.pipeline(&store).await?);
    let replayed = replay_dead_letters(&processor, &*store, &ids, context.clock.now()).await;
    store.close().await;
    let report = ReplayReport::from(replayed?);
    if context.json {
        return output::json(&report);
    }
    output::text(&format!(
        "{} stored, {} dropped, {} failed again",
        report.stored, report.dropped, report.failed
    ))
}

async fn move_letters(
    context: &Context,
    selection: DeadLetterSelection,
    from: DeadLetterState,
    to: DeadLetterState,
) -> Result<()> {
    let store = context.open(Access::ReadWrite).await?;
    let ids = selected(&store, selection, from).await?;
    let moved = store.move_dead_letters(&ids, from, to).await;
    let revision = store.revision().await;
    store.close().await;
    let moved = moved.map_err(picket_core::Error::from)?;
    if context.json {
        let revision = revision.map_err(picket_core::Error::from)?;
        return output::json(&DeadLettersChanged::new(moved, revision));
    }
    output::text(&format!("{moved} dead letters are {} now", to.as_str()))
}

/// The ids that were named, or those of all dead letters in `state`.
async fn selected(
    store: &Store,
    selection: DeadLetterSelection,
    state: DeadLetterState,
) -> Result<Vec<i64>> {
    if !selection.all {
        return Ok(selection.ids);
    }
    let filter = DeadLetterFilter {
        state: Some(state),
        reason: selection.reason,
        limit: u32::MAX,
    };
    let list = store.dead_letters(filter).await;
    let list = list.map_err(picket_core::Error::from)?;
    let ids = list.rows.iter().map(|row| row.id.parse());
    Ok(ids.collect::<Result<_, _>>()?)
}

async fn list(context: &Context, filter: DeadLetterFilter) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let list = store.dead_letters(filter).await;
    let list = list.map_err(picket_core::Error::from)?;
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
            age(now, instant(row.stored_at)),
            cell(&row.detail, 100),
        ]);
    }
    output::text(&table.to_string())?;
    let shown = list.rows.len();
    output::text(&format!("{shown} of {} shown", list.total))
}

async fn show(context: &Context, id: i64) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let letter = store.dead_letter(id).await;
    let Some(letter) = letter.map_err(picket_core::Error::from)? else {
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
