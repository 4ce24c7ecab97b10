//! The tasks that run by themselves (group-states spec, sections 1.5, 3 and 6).
//!
//! When a task last ran stands in the store, so one of several processes runs it, and a restart does not repeat it.

use super::bulk;
use crate::clock::SharedClock;
use crate::config::{Settings, TriageSettings};
use crate::model::{EscalationThreshold, GroupType, Project, ProjectId, Substatus};
use crate::store::{
    ActionStore, BatchState, Due, Effects, IssueWrite, LoadPlan, QueryStore, StoreError,
    TriageStore,
};
use crate::triage::{
    Cause, EARLY_ESCALATION, THRESHOLD_AGE, Task, VELOCITY_SPAN, carry_out, quiet_before,
    settled_before, usual_velocity,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Issues of one kind that one run of a task deals with at most.
const MOST_A_RUN: u32 = 25_000;
/// Snooze rows one run ends at most.
const MOST_SNOOZES: u32 = 1_000;
/// Issues of one transaction.
const PAGE: usize = 100;
/// How old a row of the inbox becomes.
const INBOX_DAYS: i64 = 7;
/// How recently an archived issue must have been seen for a new forecast.
const FORECAST_DAYS: i64 = 7;
/// Occurrences that searches get to know in one transaction.
const BACKLOG_CHUNK: u32 = 500;
/// Such transactions between two looks at the tasks.
const BACKLOG_CHUNKS: usize = 40;
/// How often it is looked whether a task is due.
const TICK: Duration = Duration::from_secs(5);

/// A repeated task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpkeepTask {
    /// New, regressed and escalating issues become ongoing after a week.
    AutoTransitionToOngoing,
    /// Issues that were archived until a time come back.
    ClearExpiredSnoozes,
    /// Quiet issues of projects that want it are resolved.
    AutoResolve,
    /// Old rows leave the inbox.
    AutoRemoveInbox,
    /// Archived issues get new forecasts.
    MakeForecasts,
    /// Marks and counters whose time is over are removed.
    ForgetExpired,
    /// The data of deleted issues goes, once their delete can no longer be taken back.
    PurgeDeleted,
    /// Actions on many issues whose program has ended are marked as interrupted, to be gone on with.
    InterruptJobs,
    /// What people did long ago is forgotten, and can no longer be taken back.
    ForgetJournal,
    /// What searches kept of deleted issues goes.
    SweepSearch,
    /// How fast the issues of projects come is measured, where early escalation is on.
    MeasureVelocity,
}

impl UpkeepTask {
    /// Every task.
    pub const ALL: [Self; 11] = [
        Self::AutoTransitionToOngoing,
        Self::ClearExpiredSnoozes,
        Self::AutoResolve,
        Self::AutoRemoveInbox,
        Self::MakeForecasts,
        Self::ForgetExpired,
        Self::PurgeDeleted,
        Self::InterruptJobs,
        Self::ForgetJournal,
        Self::SweepSearch,
        Self::MeasureVelocity,
    ];

    /// Its stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AutoTransitionToOngoing => "auto_transition_to_ongoing",
            Self::ClearExpiredSnoozes => "clear_expired_snoozes",
            Self::AutoResolve => "auto_resolve",
            Self::AutoRemoveInbox => "auto_remove_inbox",
            Self::MakeForecasts => "make_forecasts",
            Self::ForgetExpired => "forget_expired",
            Self::PurgeDeleted => "purge_deleted",
            Self::InterruptJobs => "interrupt_jobs",
            Self::ForgetJournal => "forget_journal",
            Self::SweepSearch => "sweep_search",
            Self::MeasureVelocity => "measure_velocity",
        }
    }

    /// Whether it runs under these settings: one needs a feature, one has to know how much is kept.
    #[must_use]
    pub fn is_wanted(self, settings: &UpkeepSettings) -> bool {
        match self {
            Self::MeasureVelocity => settings.features.contains(EARLY_ESCALATION),
            Self::ForgetJournal => settings.triage.is_some(),
            _ => true,
        }
    }

    /// How often it runs.
    #[must_use]
    pub fn interval(self) -> TimeDelta {
        match self {
            Self::AutoTransitionToOngoing | Self::ClearExpiredSnoozes | Self::ForgetExpired => {
                TimeDelta::minutes(5)
            }
            Self::AutoResolve | Self::MeasureVelocity => TimeDelta::minutes(10),
            Self::AutoRemoveInbox => TimeDelta::minutes(15),
            Self::MakeForecasts | Self::ForgetJournal | Self::SweepSearch => TimeDelta::hours(6),
            Self::PurgeDeleted => TimeDelta::seconds(15),
            Self::InterruptJobs => TimeDelta::minutes(1),
        }
    }
}

/// A project is looked at for quiet issues at most this often.
const QUIET_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// What the tasks go by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpkeepSettings {
    /// Features that are switched on.
    pub features: Arc<BTreeSet<String>>,
    /// How much of the journal is kept; all of it where that is not known.
    pub triage: Option<TriageSettings>,
}

impl From<&Settings> for UpkeepSettings {
    fn from(settings: &Settings) -> Self {
        Self {
            features: settings.ingest.feature_set(),
            triage: Some(settings.triage.clone()),
        }
    }
}

/// The tasks, running beside everything else until stopped.
#[derive(Debug)]
pub struct Upkeep {
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
    revision: watch::Receiver<i64>,
    settings: watch::Sender<UpkeepSettings>,
}

impl Upkeep {
    /// Starts, with these settings. Call inside a tokio runtime.
    #[must_use]
    pub fn start<S>(store: Arc<S>, clock: SharedClock, settings: UpkeepSettings) -> Self
    where
        S: ActionStore + QueryStore + 'static,
    {
        let stop = CancellationToken::new();
        let (revision, receiver) = watch::channel(0);
        let (settings, wanted) = watch::channel(settings);
        let stopped = stop.clone();
        let running = tokio::spawn(async move {
            loop {
                let settings = wanted.borrow().clone();
                match tick(&*store, &settings, clock.now()).await {
                    Ok(Some(now_at)) => drop(revision.send_replace(now_at)),
                    Ok(None) => {}
                    // Whoever feeds the store says that it is away; a task that was missed runs at the next tick.
                    Err(error) => {
                        tracing::debug!(error = &error as &dyn std::error::Error, "upkeep waits");
                    }
                }
                if stopped
                    .run_until_cancelled(tokio::time::sleep(TICK))
                    .await
                    .is_none()
                {
                    return;
                }
            }
        });
        Self {
            stop,
            running,
            revision: receiver,
            settings,
        }
    }

    /// Goes by other settings from the next tick on.
    pub fn set(&self, settings: UpkeepSettings) {
        self.settings.send_replace(settings);
    }

    /// Follows the revision of the store as tasks change it.
    #[must_use]
    pub fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.clone()
    }

    /// Stops after the task that is running.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.running.await {
            tracing::error!(%error, "upkeep ended by a defect");
        }
    }
}

/// Runs every task that the settings want, that is due at `now` and that no other process has claimed, and lets searches
/// know more of what was stored before they read anything. Answers the revision of the store where a task changed it.
///
/// # Errors
/// When the store fails. A task that failed runs again when it is due the next time.
pub async fn tick(
    store: &(impl ActionStore + QueryStore),
    settings: &UpkeepSettings,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let mut revision = None;
    let tasks = UpkeepTask::ALL.into_iter();
    for task in tasks.filter(|task| task.is_wanted(settings)) {
        let not_since = now - task.interval();
        if store
            .claim_task(task.as_str(), ProjectId(0), not_since, now)
            .await?
        {
            let changed = run(store, task, settings.triage.as_ref(), now, true).await?;
            revision = changed.revision.or(revision);
        }
    }
    for _ in 0..BACKLOG_CHUNKS {
        if !store.index_backlog(BACKLOG_CHUNK).await? {
            break;
        }
    }
    Ok(revision)
}

/// Runs a task now, whenever it ran before, by the usual settings. Answers how many issues it changed.
///
/// # Errors
/// When the store fails.
pub async fn run_task(
    store: &(impl ActionStore + QueryStore),
    task: UpkeepTask,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let settings = TriageSettings::default();
    Ok(run(store, task, Some(&settings), now, false).await?.issues)
}

#[derive(Debug, Default)]
struct Done {
    issues: u64,
    revision: Option<i64>,
}

async fn run(
    store: &(impl ActionStore + QueryStore),
    task: UpkeepTask,
    settings: Option<&TriageSettings>,
    now: DateTime<Utc>,
    keeps_interval: bool,
) -> Result<Done, StoreError> {
    let mut done = Done::default();
    match task {
        UpkeepTask::AutoTransitionToOngoing => {
            let before = settled_before(now);
            for (due, substatus) in [
                (Due::New(before), Substatus::New),
                (Due::Regressed(before), Substatus::Regressed),
                (Due::Escalating(before), Substatus::Escalating),
            ] {
                let ids = store.due(&due, MOST_A_RUN).await?;
                change(store, &ids, Task::Settle(substatus), now, &mut done).await?;
            }
        }
        UpkeepTask::ClearExpiredSnoozes => {
            let ids = store.due(&Due::Snoozed(now), MOST_SNOOZES).await?;
            change(store, &ids, Task::Wake, now, &mut done).await?;
        }
        UpkeepTask::AutoResolve => {
            for project in store.projects().await? {
                let is_due = !keeps_interval
                    || store
                        .claim_task(task.as_str(), project.id, now - QUIET_INTERVAL, now)
                        .await?;
                if is_due {
                    resolve_quiet(store, &project, now, &mut done).await?;
                }
            }
        }
        UpkeepTask::AutoRemoveInbox => {
            let before = now - TimeDelta::days(INBOX_DAYS);
            done.issues = store.clear_inbox(before).await?;
            if done.issues > 0 {
                done.revision = Some(store.revision().await?);
            }
        }
        UpkeepTask::MakeForecasts => {
            let since = now - TimeDelta::days(FORECAST_DAYS);
            let ids = store.due(&Due::UntilEscalating(since), MOST_A_RUN).await?;
            change(store, &ids, Task::Forecast, now, &mut done).await?;
        }
        UpkeepTask::ForgetExpired => store.forget_expired(now).await?,
        UpkeepTask::PurgeDeleted => {
            done.issues = bulk::purge_due(store, now).await?;
            if done.issues > 0 {
                done.revision = Some(store.revision().await?);
            }
        }
        UpkeepTask::InterruptJobs => {
            bulk::interrupt_jobs(store, now).await?;
        }
        UpkeepTask::ForgetJournal => {
            if let Some(settings) = settings {
                let age = TimeDelta::days(settings.journal_days.into());
                let before = now.checked_sub_signed(age).unwrap_or_default();
                // More days than there were keep everything.
                let before = before.max(DateTime::UNIX_EPOCH);
                store
                    .forget_journal(before, settings.journal_changes, now)
                    .await?;
            }
        }
        UpkeepTask::SweepSearch => {
            store.sweep_search().await?;
        }
        UpkeepTask::MeasureVelocity => measure_velocity(store, now).await?,
    }
    Ok(done)
}

/// Measures the projects whose turn it is. One without an issue to measure has no threshold, and is looked at again.
async fn measure_velocity(store: &impl TriageStore, now: DateTime<Utc>) -> Result<(), StoreError> {
    for project in store.unmeasured_projects(now - THRESHOLD_AGE).await? {
        let issues = store.velocities(project, now - VELOCITY_SPAN, now).await?;
        if let Some(events_per_hour) = usual_velocity(issues, now) {
            let threshold = EscalationThreshold {
                events_per_hour,
                measured_at: now,
            };
            store.set_escalation_threshold(project, threshold).await?;
        }
    }
    Ok(())
}

async fn resolve_quiet(
    store: &impl TriageStore,
    project: &Project,
    now: DateTime<Utc>,
    done: &mut Done,
) -> Result<(), StoreError> {
    let Some(last_seen) = quiet_before(project.rules, now) else {
        return Ok(());
    };
    let due = Due::Quiet {
        project: project.id,
        group_types: GroupType::all()
            .iter()
            .filter(|group_type| group_type.auto_resolve)
            .map(|group_type| group_type.id)
            .collect(),
        last_seen,
    };
    // A project is only looked at once an hour, so nothing is left for the next time.
    loop {
        let ids = store.due(&due, MOST_A_RUN).await?;
        let before = done.issues;
        change(store, &ids, Task::ResolveQuiet, now, done).await?;
        if ids.len() < MOST_A_RUN as usize || done.issues == before {
            return Ok(());
        }
    }
}

async fn change(
    store: &impl TriageStore,
    ids: &[crate::model::IssueId],
    task: Task,
    now: DateTime<Utc>,
    done: &mut Done,
) -> Result<(), StoreError> {
    for page in ids.chunks(PAGE) {
        let mut issues = page.to_vec();
        issues.sort_unstable();
        let plan = LoadPlan {
            now: Some(now),
            issues,
            ..LoadPlan::default()
        };
        let changed = std::sync::atomic::AtomicU64::new(0);
        let decide = |state| {
            let effects = decide(state, page, task, now);
            let count = effects.issues.len() as u64;
            changed.store(count, std::sync::atomic::Ordering::Relaxed);
            effects
        };
        let commit = store.apply(&plan, &decide).await?;
        let changed = changed.into_inner();
        if changed > 0 {
            done.issues += changed;
            done.revision = Some(commit.revision);
        }
    }
    Ok(())
}

fn decide(
    mut state: BatchState,
    ids: &[crate::model::IssueId],
    task: Task,
    now: DateTime<Utc>,
) -> Effects {
    let mut effects = Effects {
        now: Some(now),
        ..Effects::default()
    };
    for id in ids {
        let Some(mut issue) = state.issues.remove(id) else {
            continue;
        };
        let rules = state
            .projects
            .get(&issue.issue.project_id)
            .map(|project| project.rules)
            .unwrap_or_default();
        if carry_out(&mut issue, task, rules, Cause::system(now)) {
            effects.issues.push(IssueWrite {
                state: issue,
                new_hash: None,
                hours: Vec::new(),
            });
        }
    }
    effects
}
