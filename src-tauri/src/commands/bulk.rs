//! What people do to many issues, and taking it back.

use super::issues::number;
use super::progress::Told;
use crate::error::{CommandError, CommandResult};
use crate::events;
use crate::state::{AppState, Asking};
use picket_core::engine::bulk::{Context, Origin, Rules};
use picket_core::engine::desk;
use picket_core::model::IssueId;
use picket_core::view::{
    BulkReport, IssueChange, Job, JobProgress, JournalEntry, JournalIssue, JournalWanted,
    LabelCount, Selection, SelectionSummary, StandingCounts, UndoReport,
};
use picket_core::{Error, ErrorKind};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

/// Most jobs and entries that one call answers.
const MOST_JOBS: u32 = 100;
const MOST_ENTRIES: u32 = 200;

/// What the acting user is allowed. The window asks before it deletes, so issues that are no errors may be deleted.
fn context(asking: &Asking) -> Context<'_> {
    Context {
        now: asking.now,
        actor: asking.me,
        directory: &asking.directory,
        rules: Rules {
            allow_non_error: true,
            ..Rules::from(&asking.triage)
        },
        origin: Origin::default(),
    }
}

/// A selection in exact numbers.
#[tauri::command]
#[specta::specta]
pub async fn selection_summary(
    state: State<'_, AppState>,
    selection: Selection,
) -> CommandResult<SelectionSummary> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let delay = Rules::from(&asking.triage).purge_delay;
    let chosen = state.lists.chosen(&store, &selection);
    let summary = desk::summary(&*store, &chosen, asking.asker(), delay, asking.now).await;
    Ok(summary.map_err(Error::from)?)
}

/// Every label that some issue has, with how many issues of a selection have it.
#[tauri::command]
#[specta::specta]
pub async fn labels(
    state: State<'_, AppState>,
    selection: Selection,
) -> CommandResult<Vec<LabelCount>> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let chosen = state.lists.chosen(&store, &selection);
    let labels = desk::labels(&*store, &chosen, asking.asker(), asking.now).await;
    Ok(labels.map_err(Error::from)?)
}

/// How the issues of a selection stand.
#[tauri::command]
#[specta::specta]
pub async fn standings(
    state: State<'_, AppState>,
    selection: Selection,
) -> CommandResult<StandingCounts> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let chosen = state.lists.chosen(&store, &selection);
    let standings = desk::standings(&*store, &chosen, asking.asker(), asking.now).await;
    Ok(standings.map_err(Error::from)?)
}

/// Changes the issues of a selection.
#[tauri::command]
#[specta::specta]
pub async fn bulk_change(
    app: AppHandle,
    state: State<'_, AppState>,
    selection: Selection,
    change: IssueChange,
    progress: Channel<JobProgress>,
) -> CommandResult<BulkReport> {
    let store = state.writable_store().await?;
    let asking = state.asking(&store).await?;
    let chosen = state.lists.chosen(&store, &selection);
    let selected = desk::selected(&*store, &chosen, asking.asker(), asking.now).await;
    let selected = selected.map_err(Error::from)?;
    let run = state.runs.begin();
    let told = Told::new((&app, &state.runs), &run, &progress);
    let heard = |progress| told.hear(progress);
    let context = context(&asking);
    let report = desk::bulk_change(&*store, &selected, change, &context, heard, &run.cancel).await;
    state.runs.end(&run);
    tell(&app, &told, report)
}

/// Stops work by its name, or a job by its number. What it has changed stays changed.
#[tauri::command]
#[specta::specta]
#[allow(
    clippy::needless_pass_by_value,
    reason = "commands are handed the state"
)]
pub fn job_cancel(state: State<'_, AppState>, job: String) -> CommandResult<()> {
    if state.runs.cancel(&job) {
        return Ok(());
    }
    let words = "This program does not work on it: it has ended, or another program does it. Stop it where it was started.";
    Err(CommandError::new(ErrorKind::NotFound, words))
}

/// The newest jobs.
#[tauri::command]
#[specta::specta]
pub async fn jobs(state: State<'_, AppState>) -> CommandResult<Vec<Job>> {
    let now = state.clock.now();
    Ok(desk::jobs(&*state.store().await?, now, MOST_JOBS).await?)
}

/// Goes on with a job that was stopped or interrupted.
#[tauri::command]
#[specta::specta]
pub async fn job_resume(
    app: AppHandle,
    state: State<'_, AppState>,
    id: String,
    progress: Channel<JobProgress>,
) -> CommandResult<BulkReport> {
    let store = state.writable_store().await?;
    let asking = state.asking(&store).await?;
    let job = number(&id, "job")?;
    let run = state.runs.resume(job).ok_or_else(|| {
        let words = "Picket works on this job already. The Jobs screen shows how far it is.";
        CommandError::new(ErrorKind::Busy, words)
    })?;
    let told = Told::new((&app, &state.runs), &run, &progress);
    let heard = |progress| told.hear(progress);
    let report = desk::resume_job(&*store, job, &context(&asking), heard, &run.cancel).await;
    state.runs.end(&run);
    tell(&app, &told, report)
}

/// Marks an issue as seen that is opened.
#[tauri::command]
#[specta::specta]
pub async fn issue_opened(
    app: AppHandle,
    state: State<'_, AppState>,
    id: String,
) -> CommandResult<BulkReport> {
    let store = state.writable_store().await?;
    let asking = state.asking(&store).await?;
    let issue = IssueId(number(&id, "issue id")?);
    let report = desk::opened(&*store, issue, &context(&asking)).await?;
    events::store_changed(&app, number(&report.revision, "revision")?);
    Ok(report)
}

/// Entries of the journal, newest first; only those before an entry, where one is named.
#[tauri::command]
#[specta::specta]
pub async fn journal(
    state: State<'_, AppState>,
    wanted: JournalWanted,
    before: Option<String>,
    limit: u32,
) -> CommandResult<Vec<JournalEntry>> {
    let store = state.store().await?;
    let asking = state.asking(&store).await?;
    let before = before.map(|id| number(&id, "journal entry")).transpose()?;
    let place = (before, limit.min(MOST_ENTRIES));
    Ok(desk::journal(&*store, &wanted, place, &asking.directory, asking.now).await?)
}

/// Issues of a journal entry by their id; only those after one, where one is named.
#[tauri::command]
#[specta::specta]
pub async fn journal_issues(
    state: State<'_, AppState>,
    id: String,
    after: Option<String>,
    limit: u32,
) -> CommandResult<Vec<JournalIssue>> {
    let store = state.store().await?;
    let (_, now) = state.acting()?;
    let entry = number(&id, "journal entry")?;
    let after = after.map(|id| number(&id, "issue id")).transpose()?;
    let place = (IssueId(after.unwrap_or(0)), limit);
    Ok(desk::journal_issues(&*store, entry, place, now).await?)
}

/// Takes a journal entry back; `overwrite`: also from issues that were changed again since.
#[tauri::command]
#[specta::specta]
pub async fn journal_undo(
    app: AppHandle,
    state: State<'_, AppState>,
    id: String,
    overwrite: bool,
    progress: Channel<JobProgress>,
) -> CommandResult<UndoReport> {
    let store = state.writable_store().await?;
    let asking = state.asking(&store).await?;
    let id = number(&id, "journal entry")?;
    let run = state.runs.begin();
    let told = Told::new((&app, &state.runs), &run, &progress);
    let heard = |progress| told.hear(progress);
    let by = context(&asking);
    let undone = desk::undo_entry(&*store, id, overwrite, &by, heard, &run.cancel).await;
    state.runs.end(&run);
    let (report, revision) = undone.inspect_err(|_| told.tell_rest())?;
    if let Some(revision) = revision {
        events::store_changed(&app, revision);
    }
    Ok(report)
}

/// Says what the store is like after a job, also after one that failed on its way.
fn tell(
    app: &AppHandle,
    told: &Told<'_>,
    report: Result<BulkReport, Error>,
) -> CommandResult<BulkReport> {
    let report = report.inspect_err(|_| told.tell_rest())?;
    let revision = report.revision.parse().map_err(|_| {
        CommandError::new(
            ErrorKind::Internal,
            "The store has no revision. Please report this.",
        )
    })?;
    events::store_changed(app, revision);
    Ok(report)
}
