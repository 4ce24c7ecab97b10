//! Changes of many issues.

use super::journal::undo_report;
use super::left_out::{LeftOut, counted, reason_of};
use super::selection::Selected;
use crate::engine::bulk::{
    Action, Context, JobReport, Origin, Progress, Scope, UndoRequest, UpdateBody, interrupt_jobs,
    resume, run, standing,
};
use crate::error::{Error, ErrorKind};
use crate::model::IssueId;
use crate::store::{self, ActionStore, QueryStore};
use crate::triage;
use crate::view::{BulkReport, IssueChange, Job, JobState, SkippedIssue, TakesBack, count, millis};
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

/// Skipped issues that a report names.
const MOST_NAMED: usize = 100;

/// What a change of the window is to the engine.
fn action(change: IssueChange) -> Result<Action, Error> {
    let refused = |problem: String| Error::new(ErrorKind::InvalidInput, problem);
    let body = match change {
        IssueChange::Delete { discard: false } => return Ok(Action::Delete),
        IssueChange::Delete { discard: true } | IssueChange::Discard => return Ok(Action::Discard),
        IssueChange::Merge { into } => UpdateBody {
            merge: true,
            merge_into: into
                .map(|id| id.parse().map(IssueId))
                .transpose()
                .map_err(|_| refused("The issue to merge into has no number.".to_owned()))?,
            ..UpdateBody::default()
        },
        IssueChange::SetBookmark { on } => UpdateBody {
            is_bookmarked: Some(on),
            ..UpdateBody::default()
        },
        IssueChange::SetSeen { on } => UpdateBody {
            has_seen: Some(on),
            ..UpdateBody::default()
        },
        other => {
            let change: triage::IssueChange = other.try_into().map_err(refused)?;
            return Ok(Action::of(&change));
        }
    };
    Ok(body.into())
}

/// Changes the issues of a selection, in committed chunks, and reports those that have dropped out of it. `progress` hears
/// how many of how many are dealt with, the first time before anything has changed.
///
/// # Errors
/// Where the change is refused as a whole, or the store fails; what was committed until then stays, in the journal.
pub async fn bulk_change<S: ActionStore + QueryStore>(
    store: &S,
    selected: &Selected,
    change: IssueChange,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<BulkReport, Error> {
    let action = action(change)?;
    let scope = Scope {
        projects: &[],
        ids: &selected.ids,
    };
    progress(Progress {
        done: 0,
        total: selected.ids.len() as u64,
        revision: None,
        job: None,
    });
    let context = Context {
        origin: Origin {
            query: selected.query.as_deref(),
            is_automatic: false,
        },
        ..*context
    };
    let report = run(store, scope, &action, &context, progress, cancel).await?;
    // A change of the window is one thing, so there is nothing else to tell of.
    if let Some(detail) = report.detail {
        return Err(Error::new(ErrorKind::InvalidInput, detail));
    }
    report_of(store, report, &selected.left_out, context.now).await
}

/// Marks an issue as seen, because somebody opened it. Nobody asked for that, so it is not what is undone next.
///
/// # Errors
/// As [`bulk_change`].
pub async fn opened<S: ActionStore + QueryStore>(
    store: &S,
    issue: IssueId,
    context: &Context<'_>,
) -> Result<BulkReport, Error> {
    let action = action(IssueChange::SetSeen { on: true })?;
    let scope = Scope {
        projects: &[],
        ids: &[issue],
    };
    let context = Context {
        origin: Origin {
            is_automatic: true,
            ..Origin::default()
        },
        ..*context
    };
    let cancel = CancellationToken::new();
    let report = run(store, scope, &action, &context, |_| {}, &cancel).await?;
    report_of(store, report, &[], context.now).await
}

/// Goes on with a job that was stopped or interrupted.
///
/// # Errors
/// As [`bulk_change`], and where there is no such job.
pub async fn resume_job<S: ActionStore + QueryStore>(
    store: &S,
    id: i64,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<BulkReport, Error> {
    // Nobody may have marked it yet, and only what is marked goes on.
    interrupt_jobs(store, context.now).await?;
    let report = resume(store, id, context, progress, cancel).await?;
    report_of(store, report, &[], context.now).await
}

async fn report_of<S: ActionStore + QueryStore>(
    store: &S,
    report: JobReport,
    left_out: &[(IssueId, LeftOut)],
    now: DateTime<Utc>,
) -> Result<BulkReport, Error> {
    let revision = match report.revision {
        Some(revision) => revision,
        None => store.revision().await?,
    };
    let skipped = |id: &IssueId, why: &dyn std::fmt::Display| SkippedIssue {
        id: id.to_string(),
        reason: why.to_string(),
    };
    let dropped_out = left_out.iter().map(|(id, why)| skipped(id, why));
    let named = dropped_out.chain(report.skipped.iter().map(|(id, why)| skipped(id, why)));
    let reasons = left_out.iter().map(|(_, why)| (*why).into());
    let reasons = reasons.chain(report.skipped.iter().map(|(_, why)| reason_of(*why)));
    Ok(BulkReport {
        job: report.job.map_or_else(String::new, |id| id.to_string()),
        changed: count(report.changed),
        skipped: named.take(MOST_NAMED).collect(),
        skipped_total: count((left_out.len() + report.skipped.len()) as u64),
        reasons: counted(reasons),
        journal: report.journal.map(|id| id.to_string()),
        revision: revision.to_string(),
        cancelled: report.cancelled,
        undo: match report.undo {
            Some(undo) => Some(undo_report(store, undo, now).await?),
            None => None,
        },
    })
}

/// What a job takes back. One that cannot be read says what is wrong with it when somebody goes on with it.
fn takes_back(job: &store::Job) -> Option<TakesBack> {
    let request = UndoRequest::of(job).ok().flatten()?;
    Some(TakesBack {
        entry: request.entry.to_string(),
        title: request.title.to_owned(),
        again: request.again,
    })
}

/// The newest jobs, and where they stand at `now`: one whose program has ended need not be marked for that.
///
/// # Errors
/// Where the store fails.
pub async fn jobs<S: ActionStore>(
    store: &S,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Job>, Error> {
    let jobs = store.jobs(None, limit).await?.into_iter();
    Ok(jobs
        .map(|job| Job {
            state: match standing(&job, now) {
                store::JobState::Running => JobState::Running,
                store::JobState::Done => JobState::Done,
                store::JobState::Cancelled => JobState::Cancelled,
                store::JobState::Interrupted => JobState::Interrupted,
                store::JobState::Failed => JobState::Failed,
            },
            takes_back: takes_back(&job),
            removes: Action::removes(&job.kind),
            id: job.id.to_string(),
            title: job.title,
            done: count(job.done),
            total: count(job.total),
            skipped: count(job.skipped),
            started_at: millis(job.started_at),
            ended_at: job.ended_at.map(millis),
            journal: job.journal.map(|id| id.to_string()),
            problem: job.problem,
        })
        .collect())
}
