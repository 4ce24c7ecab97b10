//! `picketctl jobs`.

use crate::actions::{Desk, resume_words, skipped, undo_words};
use crate::args::JobsArgs;
use crate::context::Context;
use crate::journal::tell;
use crate::output::{self, age, cell, issues_in_words};
use crate::update::{ended, taken_back};
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use picket_core::engine::bulk::{BulkError, UndoRequest, interrupt_jobs, standing};
use picket_core::store::{Access, ActionStore, Job, JobState, Store};
use picket_core::view::SkippedIssue;
use serde_json::{Value, json};

pub async fn run(context: &Context, args: &JobsArgs) -> Result<()> {
    let Some(id) = args.resume else {
        return list(context, args.limit).await;
    };
    let store = context.open(Access::ReadWrite).await?;
    let ended = resume(context, &store, id).await;
    store.close().await;
    ended
}

async fn list(context: &Context, limit: u32) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let now = context.clock.now();
    let jobs = store
        .jobs(None, limit)
        .await
        .map_err(picket_core::Error::from)?;
    if context.json {
        let jobs = jobs.iter().map(|job| {
            json!({
                "id": job.id.to_string(),
                "kind": job.kind,
                "title": job.title,
                "state": standing(job, now).as_str(),
                "done": job.done,
                "total": job.total,
                "skipped": job.skipped,
                "started_at": job.started_at,
                "ended_at": job.ended_at,
                "journal": job.journal.map(|id| id.to_string()),
                "problem": job.problem,
                "next": next(job, now),
            })
        });
        return output::json(&jobs.collect::<Vec<Value>>());
    }
    if jobs.is_empty() {
        return output::text("There are no jobs: only actions on very many issues make one.");
    }
    let mut table = output::table(&["ID", "KIND", "WHAT", "STATE", "DONE", "AGE", "NEXT"]);
    for job in &jobs {
        table.add_row(vec![
            job.id.to_string(),
            job.kind.clone(),
            cell(&job.title, 60),
            standing(job, now).as_str().to_owned(),
            format!("{} of {}", job.done, job.total),
            age(now, Some(job.started_at)),
            next(job, now).unwrap_or_else(|| "–".to_owned()),
        ]);
    }
    output::text(&table.to_string())
}

/// What can be done about a job, as it is typed.
fn next(job: &Job, now: DateTime<Utc>) -> Option<String> {
    match standing(job, now) {
        JobState::Running => None,
        JobState::Done => job.journal.map(undo_words),
        JobState::Cancelled | JobState::Interrupted | JobState::Failed => {
            Some(resume_words(job.id))
        }
    }
}

async fn resume(context: &Context, store: &Store, id: i64) -> Result<()> {
    let desk = Desk::new(context, store).await?;
    let stored = picket_core::Error::from;
    interrupt_jobs(store, desk.now()).await.map_err(stored)?;
    let Some(job) = store.job(id).await.map_err(stored)? else {
        bail!("There is no job {id}. See picketctl jobs.");
    };
    match job.state {
        JobState::Running => bail!(
            "Job {id} is running. If its program has ended, wait a minute: it counts as interrupted then."
        ),
        JobState::Done => bail!("Job {id} is done: there is nothing left of it."),
        JobState::Cancelled | JobState::Interrupted | JobState::Failed => {}
    }
    let undoes = UndoRequest::of(&job).map_err(BulkError::from);
    let undoes = undoes.map_err(picket_core::Error::from)?;
    let report = desk.go_on(&job).await?;
    if let (Some(request), Some(undo)) = (undoes, &report.undo) {
        let of = store.journal_entry(request.entry).await.map_err(stored)?;
        let Some(of) = of else {
            bail!("The journal has no entry {} any more.", request.entry);
        };
        tell(context, (store, desk.now()), &of, undo, request.overwrite).await?;
        return ended(&desk, &report, false).await;
    }
    let deletes = job.kind != "update";
    let left: Vec<SkippedIssue> = skipped(&report).collect();
    if context.json {
        output::json(
            &json!({ "job": id.to_string(), "changed": report.changed, "skipped": left }),
        )?;
    } else {
        let changed = issues_in_words(report.changed);
        let done = if deletes { "deleted" } else { "changed" };
        let back = taken_back(&desk, deletes, &report);
        output::text(&format!("{changed} {done}{back}"))?;
        desk.print_skipped(&left).await?;
    }
    ended(&desk, &report, deletes).await
}
