//! `picketctl update` and `delete`.

use crate::actions::{Desk, Meant, amount_in_words, interrupted_words, undo_words, unsure};
use crate::args::{DeleteArgs, UpdateArgs};
use crate::context::Context;
use crate::output::{self, issues_in_words, span, whole};
use anyhow::Result;
use picket_core::engine::bulk::{Action, JobReport};
use picket_core::engine::find::Deed;
use picket_core::store::{Access, Store};
use picket_core::view::SelectionSummary;
use serde_json::{Map, json};

/// Most issues of a search that are changed unasked.
const MOST_UNASKED: usize = 1_000;

pub async fn update(context: &Context, args: &UpdateArgs) -> Result<()> {
    // What can be refused without a store is.
    let body = args.change.body(context.settings.people.me())?;
    let action = if body.discard {
        Action::Discard
    } else {
        Action::from(body)
    };
    let store = context.open(Access::ReadWrite).await?;
    let ended = update_in(context, &store, args, &action).await;
    store.close().await;
    ended
}

async fn update_in(
    context: &Context,
    store: &Store,
    args: &UpdateArgs,
    action: &Action,
) -> Result<()> {
    let desk = Desk::new(context, store).await?.allowing(&args.meant);
    let deed = if action.deletes() {
        Deed::Delete
    } else {
        Deed::Update
    };
    let meant = desk.find(&args.meant, deed).await?;
    let is_much =
        args.meant.is_everything() || meant.ids.len() > MOST_UNASKED || *action == Action::Discard;
    if is_much && !args.meant.yes && !meant.ids.is_empty() {
        return Err(unsure(&desk.amount(&meant).await?));
    }
    let report = desk.carry_out(&meant, action).await?;
    let skipped = meant.skipped(&report);
    if context.json {
        let mut answer = json!({ "changed": report.changed, "skipped": skipped });
        if let Some(detail) = &report.detail {
            answer["detail"] = json!(detail);
        }
        output::json(&answer)?;
    } else {
        let changed = issues_in_words(report.changed);
        output::text(&format!(
            "{changed} changed{}",
            taken_back(&desk, action.deletes(), &report)
        ))?;
        if let Some(detail) = &report.detail {
            output::text(&format!("  {detail}"))?;
        }
        desk.print_skipped(&skipped).await?;
    }
    ended(&desk, &report, action.deletes()).await
}

pub async fn delete(context: &Context, args: &DeleteArgs) -> Result<()> {
    let access = if args.meant.yes {
        Access::ReadWrite
    } else {
        Access::ReadOnly
    };
    let store = context.open(access).await?;
    let ended = delete_in(context, &store, args).await;
    store.close().await;
    ended
}

async fn delete_in(context: &Context, store: &Store, args: &DeleteArgs) -> Result<()> {
    let desk = Desk::new(context, store).await?.allowing(&args.meant);
    let meant = desk.find(&args.meant, Deed::Delete).await?;
    if !args.meant.yes {
        return preview(context, &desk, &meant).await;
    }
    let action = Action::Delete;
    let report = desk.carry_out(&meant, &action).await?;
    let jobs = report.deletions.len();
    if context.json {
        output::json(&json!({ "deleted": report.changed, "jobs": jobs }))?;
    } else {
        let deleted = issues_in_words(report.changed);
        output::text(&format!(
            "{deleted} deleted{}",
            taken_back(&desk, true, &report)
        ))?;
        desk.print_skipped(&meant.skipped(&report)).await?;
    }
    ended(&desk, &report, true).await
}

/// What a delete would do.
async fn preview(context: &Context, desk: &Desk<'_>, meant: &Meant) -> Result<()> {
    let summary = desk.amount(meant).await?;
    if context.json {
        let projects = summary.by_project.iter();
        let projects: Map<_, _> = projects
            .map(|of| (of.project.clone(), json!(whole(of.issues))))
            .collect();
        return output::json(&json!({
            "deleted": 0,
            "jobs": 0,
            "issues": whole(summary.issues),
            "occurrences": whole(summary.occurrences),
            "projects": projects,
            "non_error": whole(summary.non_error),
        }));
    }
    if whole(summary.issues) == 0 {
        return output::text("There is nothing to delete.");
    }
    output::text(&format!("This would delete {}.", amount_in_words(&summary)))?;
    for row in &summary.examples {
        let title = output::cell(&row.title, 80);
        output::text(&format!("  {}  {title}", row.short_id))?;
    }
    output::text(&format!(
        "Nothing has changed. {}",
        next_step(desk, &summary)
    ))
}

fn next_step(desk: &Desk<'_>, summary: &SelectionSummary) -> String {
    let others = whole(summary.non_error);
    if others > 0 && !desk.rules().allow_non_error {
        return format!(
            "{} of these are no errors, which is refused: say --non-error --yes to delete them all the same.",
            issues_in_words(others)
        );
    }
    match purge_delay(desk) {
        None => "Say --yes to delete them for good.".to_owned(),
        Some(delay) => format!("Say --yes to delete them; for {delay} that can be taken back."),
    }
}

/// How what was done can be taken back.
pub fn taken_back(desk: &Desk<'_>, deletes: bool, report: &JobReport) -> String {
    let Some(entry) = report.journal else {
        return String::new();
    };
    let within = match purge_delay(desk) {
        _ if !deletes => String::new(),
        None => return " for good".to_owned(),
        Some(delay) => format!(" within {delay}"),
    };
    format!("; take it back{within} with: {}", undo_words(entry))
}

/// How long a delete can be taken back; nothing where it cannot.
fn purge_delay(desk: &Desk<'_>) -> Option<String> {
    let seconds = desk.rules().purge_delay.num_seconds();
    (seconds > 0).then(|| span(seconds))
}

/// Ends a command that has told what it did. One that was interrupted has an error to end with.
pub async fn ended(desk: &Desk<'_>, report: &JobReport, deletes: bool) -> Result<()> {
    if report.cancelled {
        return Err(interrupted_words(report));
    }
    desk.purge(deletes).await;
    Ok(())
}
