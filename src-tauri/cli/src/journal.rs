//! `picketctl journal` and `undo`.

use crate::actions::{Desk, show, undo_words, until_interrupted};
use crate::args::{JournalArgs, UndoArgs};
use crate::context::Context;
use crate::output::{self, age, cell, instant, issues_in_words, whole};
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use picket_core::engine::bulk::{UndoReport, undo_watched};
use picket_core::engine::desk;
use picket_core::model::IssueId;
use picket_core::store::{Access, ActionStore, JournalEntry, JournalFilter, Store};
use picket_core::view::{JournalState, JournalWanted};
use serde_json::{Map, Value, json};
use std::io::{IsTerminal, stderr};
use tokio_util::sync::CancellationToken;

/// Entries that are read at once in search of the newest change that stands.
const PAGE: u32 = 100;

pub async fn list(context: &Context, args: &JournalArgs) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let desk = Desk::new(context, &store).await?;
    let (limit, now) = (args.limit, desk.now());
    let wanted = JournalWanted {
        action: args.action.map(Into::into),
        words: args.words.clone(),
        by_hand: false,
    };
    let place = (args.before, limit);
    let entries = desk::journal(&*store, &wanted, place, desk.directory(), now).await?;
    if context.json {
        let entries = entries.iter().map(|entry| {
            json!({
                "id": entry.id,
                "at": instant(entry.at),
                "actor": entry.actor,
                "title": entry.title,
                "issues": whole(entry.issues),
                "state": entry.state,
                "undo_until": entry.undo_until.and_then(instant),
                "undoes": entry.undoes,
                "examples": entry.examples,
                "query": entry.query,
                "took_ms": entry.took_ms,
                "automatic": entry.automatic,
            })
        });
        return output::json(&entries.collect::<Vec<Value>>());
    }
    let mut table = output::table(&["ID", "AGE", "WHO", "WHAT", "ISSUES", "SEARCH", "STATE"]);
    for entry in &entries {
        table.add_row(vec![
            entry.id.clone(),
            age(now, instant(entry.at)),
            entry.actor.clone().unwrap_or_else(|| "–".to_owned()),
            cell(&entry.title, 80),
            whole(entry.issues).to_string(),
            cell(entry.query.as_deref().unwrap_or("–"), 60),
            state(entry.state).to_owned(),
        ]);
    }
    output::text(&table.to_string())?;
    match entries.last() {
        Some(last) if entries.len() == limit as usize => {
            output::text(&format!("earlier ones: --before {}", last.id))
        }
        _ => Ok(()),
    }
}

fn state(state: JournalState) -> &'static str {
    match state {
        JournalState::Done => "stands",
        JournalState::Undone => "taken back",
        JournalState::PartlyUndone => "partly taken back",
        JournalState::Purged => "erased",
    }
}

pub async fn undo(context: &Context, args: &UndoArgs) -> Result<()> {
    let store = context.open(Access::ReadWrite).await?;
    let ended = undo_in(context, &store, args).await;
    store.close().await;
    ended
}

async fn undo_in(context: &Context, store: &Store, args: &UndoArgs) -> Result<()> {
    let desk = Desk::new(context, store).await?;
    let of = match args.id {
        Some(id) => store.journal_entry(id).await,
        None => newest_that_stands(store, desk.now()).await,
    };
    let Some(of) = of.map_err(picket_core::Error::from)? else {
        match args.id {
            Some(id) => bail!("The journal has no entry {id}. See picketctl journal."),
            None => bail!("There is no change to take back. See picketctl journal."),
        }
    };
    let bar = output::bar(of.issues - of.undone.min(of.issues), stderr().is_terminal());
    let progress = |progress| show(&bar, progress);
    let (by, cancel) = (desk.context(), CancellationToken::new());
    let work = undo_watched(store, of.id, args.overwrite, &by, progress, &cancel);
    let report = until_interrupted(work, &cancel).await;
    bar.finish_and_clear();
    let report = report.map_err(picket_core::Error::from)?;
    tell(context, (store, desk.now()), &of, &report, args.overwrite).await?;
    if report.remaining > 0 {
        bail!(
            "Interrupted: {} as before, {} not reached. Go on with: {}",
            issues_in_words(report.restored.len() as u64),
            report.remaining,
            undo_words(of.id)
        );
    }
    Ok(())
}

/// Says how taking an entry back went.
pub async fn tell(
    context: &Context,
    (store, now): (&Store, DateTime<Utc>),
    of: &JournalEntry,
    report: &UndoReport,
    overwrite: bool,
) -> Result<()> {
    let involved = report.changed_since.iter().map(|changed| changed.issue);
    let involved = involved.chain(report.not_restored.iter().map(|one| one.issue));
    let taken = report.hashes_taken.iter();
    let involved = involved.chain(taken.flat_map(|taken| [taken.issue, taken.now]));
    let names = desk::short_ids(store, &involved.collect::<Vec<_>>(), now).await?;
    let name = |id: IssueId| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    if context.json {
        output::json(&answer(of, report, &name))
    } else {
        print(of, report, &name, overwrite)
    }
}

/// The newest change that is not taken back. An undo is none, but what an undo of an undo did again is.
async fn newest_that_stands(
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Option<JournalEntry>, picket_core::store::StoreError> {
    let mut filter = JournalFilter {
        by_hand: true,
        ..JournalFilter::default()
    };
    loop {
        let page = store.journal_entries(&filter, PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.id) else {
            return Ok(None);
        };
        for entry in page {
            let is_candidate = entry.undone == 0 && is_change(store, &entry).await?;
            if is_candidate && !desk::is_erased(store, &entry, now).await? {
                return Ok(Some(entry));
            }
        }
        filter.before = Some(last);
    }
}

async fn is_change(
    store: &Store,
    entry: &JournalEntry,
) -> Result<bool, picket_core::store::StoreError> {
    let (mut is_change, mut undoes) = (true, entry.undoes);
    while let Some(id) = undoes {
        is_change = !is_change;
        undoes = match store.journal_entry(id).await? {
            Some(entry) => entry.undoes,
            // Forgotten, as every entry is after its time.
            None => None,
        };
    }
    Ok(is_change)
}

fn answer(of: &JournalEntry, report: &UndoReport, name: &impl Fn(IssueId) -> String) -> Value {
    let texts = |ids: &[IssueId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let conflicts = report.changed_since.iter().map(|changed| {
        json!({
            "id": changed.issue.to_string(),
            "short_id": name(changed.issue),
            "changed": changed.members().collect::<Vec<_>>(),
        })
    });
    let taken = report.hashes_taken.iter().map(|taken| {
        json!({
            "id": taken.issue.to_string(),
            "hash": taken.hash,
            "now": taken.now.to_string(),
        })
    });
    let reasons = report.not_restored.iter();
    let reasons = reasons.map(|one| (one.issue.to_string(), json!(one.why.to_string())));
    json!({
        "undone": of.id.to_string(),
        "title": of.title,
        "restored": texts(&report.restored),
        "not_restored": report.not_restored.iter().map(|one| one.issue.to_string()).collect::<Vec<_>>(),
        "reasons": reasons.collect::<Map<_, _>>(),
        "conflicts": conflicts.collect::<Vec<_>>(),
        "hashes_taken": taken.collect::<Vec<_>>(),
        "entry": report.entry.map(|id| id.to_string()),
    })
}

fn print(
    of: &JournalEntry,
    report: &UndoReport,
    name: &impl Fn(IssueId) -> String,
    overwrite: bool,
) -> Result<()> {
    let (restored, title) = (report.restored.len() as u64, &of.title);
    let restored = issues_in_words(restored);
    match report.entry {
        Some(entry) => output::text(&format!(
            "Taken back: {title} ({}). {restored} as before; that can be taken back, too: picketctl undo {entry}",
            of.id
        ))?,
        None if of.undone >= of.issues => output::text(&format!(
            "Nothing has changed: {title} ({}) was taken back before.",
            of.id
        ))?,
        None => output::text(&format!(
            "Nothing has changed: {title} ({}) could not be taken back.",
            of.id
        ))?,
    }
    for changed in &report.changed_since {
        let members = changed.members().collect::<Vec<_>>().join(", ");
        let issue = name(changed.issue);
        output::text(&format!("  {issue} left alone: {members} changed since"))?;
    }
    if !report.changed_since.is_empty() && !overwrite {
        output::text("  Say --overwrite to put these back as well.")?;
    }
    for one in &report.not_restored {
        let (issue, why) = (name(one.issue), one.why);
        output::text(&format!("  {issue} is not restored: {why}"))?;
    }
    for taken in &report.hashes_taken {
        let (issue, now) = (name(taken.issue), name(taken.now));
        output::text(&format!(
            "  {issue} came back without a fingerprint that leads to {now} by now"
        ))?;
    }
    Ok(())
}
