//! Actions on many issues: chunk by chunk, each committed, so that they can be stopped, and gone on with later.

use super::action::Action;
use super::chunk::{self, Asked, Decided, Outcome, Part, Skip};
use super::delete::Removal;
use super::merge;
use super::prepared::{Prepared, What, arranged, out_of_scope};
use super::request::{Context, Rules, Scope, in_scope};
use super::transact::{journal_took, transact};
use super::undo_report::UndoReport;
use super::undo_update::{self, UndoRequest};
use super::update::refuse_whole;
use super::{BadRequest, BulkError};
use crate::model::{IssueId, ProjectId, TransactionId};
use crate::store::{
    ActionStore, Actions, Ahead, Effects, Job, JobState, JobStep, JournalKind, LoadPlan, NewJob,
    QueryStore, StoreError,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// From this many issues on, an action is kept as a job.
pub(super) const JOB_FROM: usize = 1_001;
/// Issues of the first transaction, as many as are done at once without a job; those after it are sized by how long it
/// took.
const FIRST_CHUNK: usize = JOB_FROM - 1;
/// Most issues of one transaction.
const MOST_IN_CHUNK: usize = 16_000;
/// Least issues of one transaction that is not the last.
const LEAST_IN_CHUNK: usize = 50;
/// How long a transaction may take: a batch of records is gathered for as long, so it waits no longer for this one than it
/// did for itself. Longer ones are cheaper: neighbours share pages and leaves of indexes, each of which a transaction
/// writes once.
const CHUNK_TIME: Duration = Duration::from_millis(250);
/// How many times as large as the one before a transaction is at most: it is decided while that one is written, and who
/// writes would wait for one that is much larger.
const GROWTH: usize = 16;
/// A job that was not heard of for this long has ended with its program.
const SILENCE: TimeDelta = TimeDelta::minutes(1);

/// What an action on many issues did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobReport {
    /// The job; nothing where there were too few issues for one.
    pub job: Option<i64>,
    /// How many issues changed.
    pub changed: u64,
    /// They, in the order in which they were dealt with.
    pub issues: Vec<IssueId>,
    /// Issues that were left as they were.
    pub skipped: Vec<(IssueId, Skip)>,
    /// Issues it did not come to.
    pub remaining: u64,
    /// The entry in the journal, of all projects together: what was done at once is taken back at once.
    pub journal: Option<i64>,
    /// Projects of which issues were deleted; the data of each goes in a deletion of its own.
    pub deletions: Vec<ProjectId>,
    /// Revision of the store afterwards; nothing where it did not change.
    pub revision: Option<i64>,
    /// Whether it was stopped.
    pub cancelled: bool,
    /// Of a merge: the issue that stays, and those that became part of it.
    pub merged: Option<(IssueId, Vec<IssueId>)>,
    /// What was not done although nothing is wrong with the request, in a sentence: issues of several projects are not
    /// merged (search spec, section 11).
    pub detail: Option<String>,
    /// Where the job takes an entry of the journal back: how that went, with every issue that is not taken back yet, also
    /// those it had left alone before it was stopped.
    pub undo: Option<UndoReport>,
}

impl JobReport {
    fn take(&mut self, changed: Vec<IssueId>) {
        self.changed += changed.len() as u64;
        self.issues.extend(changed);
    }

    fn take_part(&mut self, outcome: Outcome) {
        self.take(outcome.changed);
        self.skipped.extend(outcome.skipped);
        self.revision = Some(outcome.revision);
    }
}

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Issues dealt with.
    pub done: u64,
    /// Issues there are.
    pub total: u64,
    /// Revision of the store after what was committed last; nothing where nothing has changed yet.
    pub revision: Option<i64>,
    /// Number of the job, where there is one.
    pub job: Option<i64>,
}

/// Does something to many issues. `progress` hears how many of how many are dealt with after each transaction, and which
/// job that is as soon as there is one. Where `cancel` stops it, what is committed stays.
///
/// # Errors
/// [`BadRequest`], and nothing has changed; or the store failed, and what was committed until then stays.
pub async fn run(
    store: &(impl ActionStore + QueryStore),
    scope: Scope<'_>,
    action: &Action,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<JobReport, BulkError> {
    let started = Instant::now();
    let heads = in_scope(store, scope).await?;
    let mut report = JobReport {
        skipped: out_of_scope(scope, &heads),
        ..JobReport::default()
    };
    if heads.is_empty() {
        return Ok(report);
    }
    let heads = arranged(scope, action, heads);
    let prepared = Prepared::of(store, scope, action, heads, context).await?;
    let transaction = TransactionId::random();
    if prepared.order.len() >= JOB_FROM && !prepared.is_merge() && !prepared.is_nothing() {
        let ids: Vec<IssueId> = prepared.order.iter().map(|(_, id)| *id).collect();
        let job = NewJob {
            transaction,
            kind: action.kind(),
            title: &prepared.title,
            request: &prepared.action().to_json(),
            actor: context.actor,
            issues: &ids,
        };
        report.job = Some(store.add_job(&job, context.now).await?);
        // It is listed from now on: whoever watches has to know that it is this one.
        progress(Progress {
            done: 0,
            total: prepared.total,
            revision: None,
            job: report.job,
        });
    }
    let running = Running {
        store,
        prepared: &prepared,
        context,
        transaction,
        secret: &TransactionId::random().to_string(),
        job: report.job,
        done_before: 0,
        progress: &progress,
        cancel,
        skipped_before: 0,
        started,
        unknown: report.skipped.len(),
        gone: Vec::new(),
    };
    running.finish(report).await
}

/// Carries out what was checked as one request that somebody waits for: there is no job, and nothing stops it. `secret`
/// is what the links of shared issues are made of.
///
/// # Errors
/// As [`run`].
pub(super) async fn at_once(
    store: &(impl ActionStore + QueryStore),
    prepared: &Prepared,
    secret: &str,
    context: &Context<'_>,
) -> Result<JobReport, BulkError> {
    let running = Running {
        store,
        prepared,
        context,
        transaction: TransactionId::random(),
        secret,
        job: None,
        done_before: 0,
        progress: &|_| {},
        cancel: &CancellationToken::new(),
        skipped_before: 0,
        started: Instant::now(),
        unknown: 0,
        gone: Vec::new(),
    };
    running.finish(JobReport::default()).await
}

/// Goes on with a job that was stopped or interrupted.
///
/// # Errors
/// [`BadRequest`] where there is no such job, or it goes on already, or is done. Else as [`run`].
pub async fn resume(
    store: &(impl ActionStore + QueryStore),
    id: i64,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<JobReport, BulkError> {
    let started = Instant::now();
    let job = store.job(id).await?.ok_or_else(|| no_such_job(id))?;
    if let Some(undo) = UndoRequest::of(&job)? {
        return undo_update::resume(store, &job, undo, context, (&progress, cancel)).await;
    }
    let context = &Context {
        actor: job.actor,
        rules: Rules {
            // What it may be about was checked when it began.
            allow_non_error: true,
            ..context.rules
        },
        ..*context
    };
    let mut action = Action::read(&job.request)?;
    if let Action::Update(body) = &mut action {
        // No merge is a job: one of several projects is not made, and was kept in jobs once.
        body.merge = false;
    }
    let all = store.job_scope(id).await?;
    let done = usize::try_from(job.done)
        .unwrap_or(usize::MAX)
        .min(all.len());
    let scope = Scope {
        projects: &[],
        ids: &all[done..],
    };
    let heads = in_scope(store, scope).await?;
    let gone = out_of_scope(scope, &heads);
    if heads.is_empty() {
        return end_vain(store, &job, gone, context.now).await;
    }
    let mut prepared = Prepared::of(store, scope, &action, heads, context).await?;
    if !store.resume_job(id, context.now).await? {
        return Err(no_such_job(id).into());
    }
    // Those that are gone meanwhile are dealt with when the one behind them is.
    let places: HashMap<IssueId, u64> = all.iter().copied().zip(1..).collect();
    let place = |id: &IssueId| places.get(id).copied().unwrap_or_default();
    prepared.reached = prepared.order.iter().map(|(_, id)| place(id)).collect();
    prepared.total = all.len() as u64;
    let places_of_gone = gone.iter().map(|(id, _)| place(id)).collect();
    let report = JobReport {
        job: Some(id),
        skipped: gone,
        ..JobReport::default()
    };
    let running = Running {
        store,
        prepared: &prepared,
        context,
        transaction: job.transaction,
        secret: &TransactionId::random().to_string(),
        job: Some(id),
        done_before: job.done,
        progress: &progress,
        cancel,
        skipped_before: job.skipped,
        started,
        unknown: report.skipped.len(),
        gone: places_of_gone,
    };
    running.finish(report).await
}

pub(super) fn no_such_job(id: i64) -> BadRequest {
    BadRequest::new("job", format!("{id} is no job that can go on"))
}

/// Ends a job of which all that is left is gone.
async fn end_vain(
    store: &impl ActionStore,
    job: &Job,
    gone: Vec<(IssueId, Skip)>,
    now: DateTime<Utc>,
) -> Result<JobReport, BulkError> {
    if !store.resume_job(job.id, now).await? {
        return Err(no_such_job(job.id).into());
    }
    let step = JobStep {
        job: job.id,
        from: job.done,
        done: job.total,
        skipped: job.skipped + gone.len() as u64,
        at: now,
    };
    let passed_over = |_| {
        let actions = Actions {
            job: Some(step),
            ..Actions::default()
        };
        let effects = Effects {
            now: Some(now),
            actions,
            ..Effects::default()
        };
        (effects, ())
    };
    transact(store, &LoadPlan::default(), passed_over).await?;
    let done = JobState::Done;
    store.end_job(job.id, job.total, done, now, None).await?;
    let entry = store.journal_entry_of(job.transaction).await?;
    Ok(JobReport {
        job: Some(job.id),
        skipped: gone,
        journal: entry.map(|entry| entry.id),
        ..JobReport::default()
    })
}

/// Where a job stands, also before anybody has marked it as interrupted: one that was silent for too long is.
#[must_use]
pub fn standing(job: &Job, now: DateTime<Utc>) -> JobState {
    match job.state {
        JobState::Running if job.touched_at <= now - SILENCE => JobState::Interrupted,
        state => state,
    }
}

/// Marks jobs as interrupted whose program has ended. Answers how many.
///
/// # Errors
/// When the store fails.
pub async fn interrupt_jobs(
    store: &impl ActionStore,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    store.interrupt_jobs(now - SILENCE, now).await
}

/// An action under way.
struct Running<'a, S, P> {
    store: &'a S,
    prepared: &'a Prepared,
    context: &'a Context<'a>,
    transaction: TransactionId,
    /// What the links of shared issues are made of.
    secret: &'a str,
    job: Option<i64>,
    /// Issues that the job had dealt with before it went on.
    done_before: u64,
    progress: &'a P,
    cancel: &'a CancellationToken,
    /// Issues that the job left as they were before it went on.
    skipped_before: u64,
    /// Issues that the report names as left alone from the beginning: of no job, or gone.
    unknown: usize,
    /// Places in the job of those that are gone.
    gone: Vec<u64>,
    started: Instant,
}

impl<S, P> Running<'_, S, P>
where
    S: ActionStore + QueryStore,
    P: Fn(Progress) + Send + Sync,
{
    /// How many of the first `reached` issues of the job were left as they were, but for those of the next transaction.
    fn skipped(&self, report: &JobReport, reached: u64) -> u64 {
        let gone = self.gone.iter().filter(|place| **place <= reached).count();
        self.skipped_before + (report.skipped.len() - self.unknown + gone) as u64
    }

    /// Does what is left, and says in the job how it ended.
    async fn finish(&self, mut report: JobReport) -> Result<JobReport, BulkError> {
        if self.prepared.merges_apart {
            let words = "Issues of several projects are not merged; choose those of one project.";
            report.detail = Some(words.to_owned());
        }
        if self.prepared.is_nothing() {
            return Ok(report);
        }
        let mut reached = self.done_before;
        let ended = self.work(&mut report, &mut reached).await;
        if let Some(job) = self.job {
            let now = self.context.by_now(self.started);
            let (state, problem) = match &ended {
                Ok(()) if report.cancelled => (JobState::Cancelled, None),
                Ok(()) => (JobState::Done, None),
                Err(error) => (JobState::Failed, Some(error.to_string())),
            };
            self.store
                .end_job(job, reached, state, now, problem.as_deref())
                .await?;
        }
        ended?;
        if let What::Remove(_) = self.prepared.what {
            report.deletions = self.prepared.projects_of(&report.issues);
        }
        let entry = self.store.journal_entry_of(self.transaction).await?;
        report.journal = entry.map(|entry| entry.id);
        if !self.context.origin.is_automatic {
            journal_took(self.store, report.journal, self.started).await;
        }
        Ok(report)
    }

    /// Does what is left. `dealt` is how many issues of the job are dealt with, and stays that.
    async fn work(&self, report: &mut JobReport, dealt: &mut u64) -> Result<(), BulkError> {
        let order = &self.prepared.order;
        let mut done = 0;
        // What is too little for a job cannot be gone on with, so it is done or not done as a whole.
        let mut size = self.job.map_or(MOST_IN_CHUNK, |_| FIRST_CHUNK);
        let mut part = self.part(done, size);
        let mut ahead = None;
        while !part.is_empty() {
            if self.cancel.is_cancelled() {
                report.cancelled = true;
                report.remaining = (order.len() - done) as u64;
                return Ok(());
            }
            // It is read while this one is written, so its size is that of those before.
            let next = self.part(done + part.len(), size);
            let reached = self.prepared.reached(done + part.len());
            let step = self.job.map(|job| JobStep {
                job,
                from: *dealt,
                done: reached,
                skipped: self.skipped(report, reached),
                at: self.context.by_now(self.started),
            });
            let started = Instant::now();
            let both = Part {
                ids: &part,
                next: &next,
            };
            self.chunk(both, step, &mut ahead, report).await?;
            *dealt = reached;
            if self.job.is_some() {
                size = next_size(part.len(), started.elapsed());
            }
            done += part.len();
            part = next;
            (self.progress)(Progress {
                done: reached,
                total: self.prepared.total,
                revision: report.revision,
                job: self.job,
            });
        }
        Ok(())
    }

    /// The issues of the next transaction: of a merge all.
    fn part(&self, start: usize, size: usize) -> Vec<IssueId> {
        let rest = &self.prepared.order[start..];
        let most = if self.prepared.is_merge() {
            rest.len()
        } else {
            size
        };
        rest.iter().take(most).map(|(_, id)| *id).collect()
    }

    async fn chunk(
        &self,
        part: Part<'_>,
        step: Option<JobStep>,
        ahead: &mut Option<Ahead<Decided>>,
        report: &mut JobReport,
    ) -> Result<(), BulkError> {
        let ids = part.ids;
        match &self.prepared.what {
            What::Update(checked) => {
                let changes = checked.changes();
                let asked = Asked {
                    changes: &changes,
                    context: self.context,
                    transaction: self.transaction,
                    kind: JournalKind::Update,
                    title: &self.prepared.title,
                    alone: self.prepared.total == 1,
                    secret: self.secret,
                };
                if self.prepared.is_merge() {
                    let merged = merge::update_and_merge(self.store, &asked, checked, ids).await?;
                    report.merged = merged.parent.map(|parent| (parent, merged.children));
                    report.take(merged.changed);
                    report.skipped.extend(merged.skipped);
                    report.revision = Some(merged.revision);
                    return Ok(());
                }
                let outcome = chunk::apply(self.store, &asked, part, step, ahead).await?;
                refuse_whole(&outcome.skipped)?;
                report.take_part(outcome);
            }
            What::Remove(kind) => {
                let removal = Removal {
                    kind: *kind,
                    journal_kind: *kind,
                    undoes: None,
                    transaction: self.transaction,
                    title: &self.prepared.title,
                    context: self.context,
                };
                let removed = chunk::apply(self.store, &removal, part, step, ahead).await?;
                report.take_part(removed);
            }
        }
        Ok(())
    }
}

/// As many issues as would have taken the time a transaction may take, and at most [`GROWTH`] times as many as before.
fn next_size(size: usize, took: Duration) -> usize {
    let fits = CHUNK_TIME.as_micros() * size as u128 / took.as_micros().max(1);
    let fits = usize::try_from(fits).unwrap_or(MOST_IN_CHUNK);
    fits.min(GROWTH * size).clamp(LEAST_IN_CHUNK, MOST_IN_CHUNK)
}

#[cfg(test)]
mod size_tests {
    use super::*;

    #[test]
    fn a_transaction_is_sized_by_how_long_the_one_before_took() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!(after(250, 250), 250);
        assert_eq!(after(250, 125), 500);
        assert_eq!(after(250, 500), 125);
        assert_eq!(after(250, 4_000), LEAST_IN_CHUNK);
        assert_eq!(after(100, 0), 1_600, "no faster than that");
        assert_eq!(after(10_000, 0), MOST_IN_CHUNK);
    }
}
