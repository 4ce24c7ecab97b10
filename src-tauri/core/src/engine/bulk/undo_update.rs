//! Taking an update back: transaction by transaction, so that it can be stopped, and a job where it is about many issues.

use super::job::{JOB_FROM, JobReport, Progress, interrupt_jobs, no_such_job};
use super::request::Context;
use super::transact::transact;
use super::undo::{self, Entry, TakenBack, UNDO, plan, read_issues};
use super::undo_report::UndoReport;
use super::{BadRequest, BulkError};
use crate::model::IssueId;
use crate::store::{
    ActionStore, BatchState, Job, JobState, JobStep, JournalIssue, LoadPlan, NewJob, StoreError,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Issues of one transaction.
const CHUNK: usize = 1_000;
/// Jobs among which one is looked for: more than anybody stops of one entry.
const NEWEST: u32 = 100;
/// What jobs are called that take something back.
const KIND: &str = "undo";

/// What a job takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoRequest<'a> {
    /// The entry of the journal.
    pub entry: i64,
    /// The change that it, or the entry it takes back, made.
    pub title: &'a str,
    /// Whether issues are put back that have changed since.
    pub overwrite: bool,
    /// Whether the entry is an undo itself, so that a change is done again.
    pub again: bool,
}

impl<'a> UndoRequest<'a> {
    /// What a job takes back; nothing where it does something else.
    ///
    /// # Errors
    /// Where another version of this program has stored it.
    pub fn of(job: &'a Job) -> Result<Option<Self>, BadRequest> {
        if job.kind != KIND {
            return Ok(None);
        }
        let Some(entry) = job.request.get(KIND).and_then(Value::as_i64) else {
            let problem = "was stored by another version of this program; start it anew";
            return Err(BadRequest::new("job", problem));
        };
        Ok(Some(Self {
            entry,
            overwrite: job.request.get("overwrite") == Some(&Value::Bool(true)),
            title: job.title.strip_prefix(UNDO).unwrap_or(&job.title),
            again: !job.title.starts_with(UNDO),
        }))
    }

    fn to_json(entry: i64, overwrite: bool) -> Value {
        json!({ KIND: entry, "overwrite": overwrite })
    }
}

/// The job that began to take an entry back and was stopped; nothing where there is none.
///
/// # Errors
/// [`BadRequest`] where it is at work.
pub(super) async fn under_way(
    store: &impl ActionStore,
    entry: i64,
    overwrite: bool,
    now: DateTime<Utc>,
) -> Result<Option<i64>, BulkError> {
    interrupt_jobs(store, now).await?;
    for job in store.jobs(None, NEWEST).await? {
        let of = UndoRequest::of(&job).ok().flatten();
        let Some(of) = of.filter(|of| of.entry == entry) else {
            continue;
        };
        match job.state {
            JobState::Running => {
                let problem =
                    "is being taken back right now; wait until that has ended, or stop it";
                return Err(BadRequest::new("entry", problem).into());
            }
            JobState::Cancelled | JobState::Interrupted | JobState::Failed
                if of.overwrite == overwrite =>
            {
                return Ok(Some(job.id));
            }
            _ => {}
        }
    }
    Ok(None)
}

type Watched<'a, P> = (&'a P, &'a CancellationToken);

/// Takes an update back from these issues.
pub(super) async fn run<P: Fn(Progress) + Sync>(
    store: &impl ActionStore,
    entry: &Entry<'_>,
    issues: Vec<JournalIssue>,
    overwrite: bool,
    context: &Context<'_>,
    (progress, cancel): Watched<'_, P>,
) -> Result<UndoReport, StoreError> {
    let started = Instant::now();
    let mut job = None;
    if issues.len() >= JOB_FROM {
        let request = UndoRequest::to_json(entry.of.id, overwrite);
        let ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
        let new = NewJob {
            transaction: entry.transaction,
            kind: KIND,
            title: &entry.title,
            request: &request,
            actor: context.actor,
            issues: &ids,
        };
        job = Some(store.add_job(&new, context.now).await?);
    }
    let mut back = Back {
        store,
        entry,
        overwrite,
        context,
        progress,
        cancel,
        started,
        job,
        total: issues.len() as u64,
        done: 0,
        skipped: 0,
        report: UndoReport {
            job,
            ..UndoReport::default()
        },
    };
    let parts = issues.chunks(CHUNK).map(|part| (part, part.len()));
    let parts: Vec<_> = parts.collect();
    back.work(&[], &parts).await?;
    Ok(back.report)
}

/// Goes on with a job that takes something back. What it left alone before is looked at again, so that its report names
/// every issue that is not taken back.
pub(super) async fn resume<P: Fn(Progress) + Sync>(
    store: &impl ActionStore,
    job: &Job,
    request: UndoRequest<'_>,
    context: &Context<'_>,
    (progress, cancel): Watched<'_, P>,
) -> Result<JobReport, BulkError> {
    let started = Instant::now();
    let context = &Context {
        actor: job.actor,
        ..*context
    };
    let Some(of) = store.journal_entry(request.entry).await? else {
        let problem = "what it takes back is no longer in the journal";
        return Err(BadRequest::new("job", problem).into());
    };
    let entry = Entry {
        of: &of,
        transaction: job.transaction,
        title: job.title.clone(),
    };
    let scope = store.job_scope(job.id).await?;
    let done = usize::try_from(job.done).unwrap_or(usize::MAX);
    let done = done.min(scope.len());
    let left = read_issues(store, of.id).await?;
    let mut left: HashMap<IssueId, JournalIssue> =
        left.into_iter().map(|issue| (issue.issue, issue)).collect();
    // What somebody else has taken back meanwhile is dealt with.
    let mut still = |ids: &[IssueId]| -> Vec<JournalIssue> {
        ids.iter().filter_map(|id| left.remove(id)).collect()
    };
    let before = still(&scope[..done]);
    let rest: Vec<_> = scope[done..]
        .chunks(CHUNK)
        .map(|ids| (still(ids), ids.len()))
        .collect();
    if !store.resume_job(job.id, context.now).await? {
        return Err(no_such_job(job.id).into());
    }
    let mut back = Back {
        store,
        entry: &entry,
        overwrite: request.overwrite,
        context,
        progress,
        cancel,
        started,
        job: Some(job.id),
        total: scope.len() as u64,
        done: job.done,
        // They are counted anew.
        skipped: job.skipped.saturating_sub(before.len() as u64),
        report: UndoReport {
            job: Some(job.id),
            ..UndoReport::default()
        },
    };
    let before: Vec<&[JournalIssue]> = before.chunks(CHUNK).collect();
    let rest: Vec<_> = rest.iter().map(|(part, all)| (&**part, *all)).collect();
    back.work(&before, &rest).await?;
    let mut report = back.report;
    undo::ended(store, &entry, &mut report, started).await?;
    Ok(JobReport {
        job: Some(job.id),
        changed: report.restored.len() as u64,
        issues: report.restored.clone(),
        remaining: report.remaining,
        journal: report.entry,
        revision: report.revision,
        cancelled: report.remaining > 0,
        undo: Some(report),
        ..JobReport::default()
    })
}

/// An update on its way back.
struct Back<'a, S, P> {
    store: &'a S,
    entry: &'a Entry<'a>,
    overwrite: bool,
    context: &'a Context<'a>,
    progress: &'a P,
    cancel: &'a CancellationToken,
    started: Instant,
    job: Option<i64>,
    total: u64,
    /// Issues that are dealt with.
    done: u64,
    /// Those of them that are not taken back.
    skipped: u64,
    report: UndoReport,
}

impl<S: ActionStore, P: Fn(Progress) + Sync> Back<'_, S, P> {
    /// Takes back, and says in the job how that ended. Each part of `rest` has how many issues of the job it stands for;
    /// those in `before` are dealt with and left alone until now.
    async fn work(
        &mut self,
        before: &[&[JournalIssue]],
        rest: &[(&[JournalIssue], usize)],
    ) -> Result<(), StoreError> {
        let ended = self.parts(before, rest).await;
        if let Some(job) = self.job {
            let (state, problem) = match &ended {
                Ok(()) if self.report.remaining > 0 => (JobState::Cancelled, None),
                Ok(()) => (JobState::Done, None),
                Err(error) => (JobState::Failed, Some(error.to_string())),
            };
            let now = self.context.by_now(self.started);
            self.store
                .end_job(job, self.done, state, now, problem.as_deref())
                .await?;
        }
        ended
    }

    async fn parts(
        &mut self,
        before: &[&[JournalIssue]],
        rest: &[(&[JournalIssue], usize)],
    ) -> Result<(), StoreError> {
        // Whoever watches knows from here on how it is stopped.
        self.tell();
        let before = before.iter().map(|part| (*part, 0));
        for (part, dealt) in before.chain(rest.iter().copied()) {
            if self.cancel.is_cancelled() {
                self.report.remaining = self.total - self.done;
                return Ok(());
            }
            self.part(part, dealt as u64).await?;
            self.tell();
        }
        Ok(())
    }

    async fn part(&mut self, part: &[JournalIssue], dealt: u64) -> Result<(), StoreError> {
        let plan = LoadPlan {
            without_content: true,
            ..plan(part, self.context)
        };
        let (from, done, at) = (
            self.done,
            self.done + dealt,
            self.context.by_now(self.started),
        );
        let (entry, overwrite, context) = (self.entry, self.overwrite, self.context);
        let decide = |mut state: BatchState| {
            let mut back = TakenBack::new(entry, overwrite, context);
            for noted in part {
                back.take(&mut state, noted);
            }
            let left = part.len() - back.report.restored.len();
            let step = self.job.map(|job| JobStep {
                job,
                from,
                done,
                skipped: self.skipped + left as u64,
                at,
            });
            back.finish(step)
        };
        let (taken, revision) = transact(self.store, &plan, decide).await?;
        self.done = done;
        self.skipped += (part.len() - taken.restored.len()) as u64;
        self.report.add(taken);
        self.report.revision = Some(revision);
        Ok(())
    }

    fn tell(&self) {
        (self.progress)(Progress {
            done: self.done,
            total: self.total,
            revision: self.report.revision,
            job: self.job,
        });
    }
}
