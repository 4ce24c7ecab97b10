//! Taking an entry of the journal back. What that does is an entry, too: taking that one back does it again.

use super::chunk::{self, Part, restated};
use super::delete::{DISCARDED, Removal};
use super::job::{Progress, resume};
use super::request::Context;
use super::transact::journal_took;
use super::undo_report::{ChangedSince, Hindrance, UndoReport, hindered};
use super::{BadRequest, BulkError, undo_delete, undo_merge, undo_update};
use crate::model::{IssueId, IssueState, IssueStatus, ProjectId, TransactionId};
use crate::store::{
    ActionStore, Actions, BatchState, BesidePlan, Effects, JobStep, JournalEntry, JournalIssue,
    JournalIssueWrite, JournalKind, JournalWrite, LoadPlan, QueryStore, StoreError,
};
use crate::triage::{
    Image, MERGED_INTO, Obstacle, has_labels, has_links, notes_in, people_in, take_back,
};
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Rows of the journal that are read at once.
const PAGE: u32 = 5_000;

/// The entry that is taken back, and the one that this makes.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub of: &'a JournalEntry,
    pub transaction: TransactionId,
    pub title: String,
}

/// Takes an entry back: every issue that still stands as it was left, and with `overwrite` those that do not. Issues
/// that were taken back before are left alone: what was done again since stands under the entry that did so.
///
/// # Errors
/// [`BadRequest`] where there is no such entry. Or the store failed; what was committed until then stays.
pub async fn undo(
    store: &(impl ActionStore + QueryStore),
    id: i64,
    overwrite: bool,
    context: &Context<'_>,
) -> Result<UndoReport, BulkError> {
    undo_watched(
        store,
        id,
        overwrite,
        context,
        |_| {},
        &CancellationToken::new(),
    )
    .await
}

/// As [`undo`]. Of an update, which is taken back in several transactions, `progress` hears how many of how many issues
/// are dealt with before the first and after each, and `cancel` stops it between two; what is committed stays, and what
/// is left is a job that can go on: taking the same entry back goes on with it. A merge, a split and a delete are taken
/// back in one.
///
/// # Errors
/// As [`undo`], and [`BadRequest`] where the entry is being taken back right now.
pub async fn undo_watched(
    store: &(impl ActionStore + QueryStore),
    id: i64,
    overwrite: bool,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<UndoReport, BulkError> {
    let started = Instant::now();
    let Some(of) = store.journal_entry(id).await? else {
        let problem = format!("{id} is no entry of the journal; it may have been forgotten");
        return Err(BadRequest::new("entry", problem).into());
    };
    if let Some(job) = undo_update::under_way(store, id, overwrite, context.now).await? {
        let gone_on = resume(store, job, context, progress, cancel).await?;
        return Ok(gone_on.undo.unwrap_or_default());
    }
    let issues = read_issues(store, id).await?;
    let entry = Entry {
        transaction: TransactionId::random(),
        title: title(&of),
        of: &of,
    };
    let mut report = match Sort::of(&issues) {
        Sort::Nothing => UndoReport::default(),
        Sort::Update => {
            let watched = (&progress, cancel);
            undo_update::run(store, &entry, issues, overwrite, context, watched).await?
        }
        Sort::Delete => {
            let projects = projects(store, &issues).await?;
            undo_delete::restore(store, &entry, &issues, &projects, context).await?
        }
        Sort::Restore => delete_again(store, &entry, &issues, context).await?,
        Sort::Merge => undo_merge::split(store, &entry, &issues, overwrite, context).await?,
        Sort::Split => undo_merge::again(store, &entry, &issues, context).await?,
    };
    ended(store, &entry, &mut report, started).await?;
    Ok(report)
}

/// Adds to a report what is known when all is done.
pub(super) async fn ended(
    store: &impl ActionStore,
    entry: &Entry<'_>,
    report: &mut UndoReport,
    started: Instant,
) -> Result<(), StoreError> {
    let made = store.journal_entry_of(entry.transaction).await?;
    report.entry = made.map(|entry| entry.id);
    journal_took(store, report.entry, started).await;
    let title = &entry.of.title;
    report.title = title.strip_prefix(UNDO).unwrap_or(title).to_owned();
    Ok(())
}

/// Doing something again is called as it was called first.
pub(super) fn title(of: &JournalEntry) -> String {
    match (of.kind, of.title.strip_prefix(UNDO)) {
        (JournalKind::Undo, Some(first)) => first.to_owned(),
        _ => format!("{UNDO}{}", of.title),
    }
}

pub(super) const UNDO: &str = "Undo: ";

/// Whether an entry took a change back. One that took such an entry back did a change again.
#[must_use]
pub fn is_undo(entry: &JournalEntry) -> bool {
    entry.kind == JournalKind::Undo && entry.title.starts_with(UNDO)
}

/// The issues of an entry that were not taken back, by their ids.
pub(super) async fn read_issues(
    store: &impl ActionStore,
    entry: i64,
) -> Result<Vec<JournalIssue>, StoreError> {
    let mut issues: Vec<JournalIssue> = Vec::new();
    loop {
        let after = issues.last().map_or(IssueId(i64::MIN), |issue| issue.issue);
        let page = store.journal_issues(entry, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        issues.extend(page);
        if is_last {
            issues.retain(|issue| issue.undone_by.is_none());
            return Ok(issues);
        }
    }
}

/// What an entry did, as its images tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Nothing,
    Update,
    Delete,
    /// It took a delete back.
    Restore,
    Merge,
    /// It took a merge back.
    Split,
}

impl Sort {
    fn of(issues: &[JournalIssue]) -> Self {
        let any = |is: fn(&JournalIssue) -> bool| issues.iter().any(is);
        if issues.is_empty() {
            Self::Nothing
        } else if any(|issue| is_deleted(&issue.after)) {
            Self::Delete
        } else if any(|issue| is_deleted(&issue.before)) {
            Self::Restore
        } else if any(|issue| issue.after.contains_key(MERGED_INTO)) {
            Self::Merge
        } else if any(|issue| issue.before.contains_key(MERGED_INTO)) {
            Self::Split
        } else {
            Self::Update
        }
    }
}

fn is_deleted(image: &Image) -> bool {
    let status = image.get("stand").and_then(|stand| stand.get(0)?.as_i64());
    status == Some(IssueStatus::PendingDeletion.number().into())
}

pub(super) async fn projects(
    store: &impl ActionStore,
    issues: &[JournalIssue],
) -> Result<HashMap<IssueId, ProjectId>, StoreError> {
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    let heads = store.issue_heads(&ids).await?;
    Ok(heads.iter().map(|head| (head.id, head.project)).collect())
}

pub(super) fn plan(issues: &[JournalIssue], context: &Context<'_>) -> LoadPlan {
    let mut people = BTreeSet::new();
    let mut notes = Vec::new();
    for issue in issues {
        // What differs is in both.
        let idents = notes_in(&issue.after);
        notes.extend(idents.map(|ident| (issue.issue, ident.to_owned())));
        people.extend(people_in(&issue.before));
        people.extend(people_in(&issue.after));
    }
    let mut ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    ids.sort_unstable();
    LoadPlan {
        now: Some(context.now),
        issues: ids,
        beside: BesidePlan {
            people: people.into_iter().collect(),
            shares: issues.iter().any(|issue| issue.after.contains_key("share")),
            labels: issues.iter().any(|issue| has_labels(&issue.after)),
            links: issues.iter().any(|issue| has_links(&issue.after)),
            notes,
            ..BesidePlan::default()
        },
        ..LoadPlan::default()
    }
}

/// Issues of one transaction on their way back.
pub(super) struct TakenBack<'a> {
    entry: &'a Entry<'a>,
    overwrite: bool,
    context: &'a Context<'a>,
    pub report: UndoReport,
    pub journal: Vec<JournalIssueWrite>,
    pub states: Vec<IssueState>,
}

impl<'a> TakenBack<'a> {
    pub(super) fn new(entry: &'a Entry<'a>, overwrite: bool, context: &'a Context<'a>) -> Self {
        Self {
            entry,
            overwrite,
            context,
            report: UndoReport::default(),
            journal: Vec::new(),
            states: Vec::new(),
        }
    }

    /// Takes one issue back, if it can be. Answers its place.
    pub(super) fn take(&mut self, state: &mut BatchState, noted: &JournalIssue) -> Option<usize> {
        let Some(mut issue) = state.issues.remove(&noted.issue) else {
            self.report.hindered(noted.issue, Hindrance::Erased);
            return None;
        };
        let status = issue.issue.status;
        let taken = take_back(
            &mut issue,
            (&noted.before, &noted.after),
            self.context.directory,
            self.overwrite,
            self.context.cause(),
        );
        match taken {
            Ok((before, after)) => {
                self.report.restored.push(noted.issue);
                self.journal.push(JournalIssueWrite {
                    issue: noted.issue,
                    before,
                    after,
                });
                self.states.push(*issue);
                Some(self.states.len() - 1)
            }
            Err(Obstacle::ChangedSince(differences)) => {
                self.report.changed_since.push(ChangedSince {
                    issue: noted.issue,
                    differences,
                });
                None
            }
            Err(Obstacle::Gone) => {
                self.report
                    .hindered(noted.issue, Hindrance::of(Some(status)));
                None
            }
            Err(Obstacle::Unreadable) => {
                self.report.hindered(noted.issue, Hindrance::Unreadable);
                None
            }
        }
    }

    /// `step`: how far the job is that this is part of.
    pub(super) fn finish(self, step: Option<JobStep>) -> (Effects, UndoReport) {
        let actions = Actions {
            job: step,
            ..self.entry.actions(&self.report, self.journal, self.context)
        };
        let effects = Effects {
            now: Some(self.context.now),
            issues: self.states.into_iter().map(restated).collect(),
            actions,
            ..Effects::default()
        };
        (effects, self.report)
    }
}

impl Entry<'_> {
    pub(super) fn actions(
        &self,
        report: &UndoReport,
        journal: Vec<JournalIssueWrite>,
        context: &Context<'_>,
    ) -> Actions {
        if journal.is_empty() {
            return Actions::default();
        }
        Actions {
            undone: Some((self.of.id, report.restored.clone())),
            journal: Some(self.journal(journal, context)),
            ..Actions::default()
        }
    }

    pub(super) fn journal(
        &self,
        issues: Vec<JournalIssueWrite>,
        context: &Context<'_>,
    ) -> JournalWrite {
        JournalWrite {
            transaction: self.transaction,
            kind: JournalKind::Undo,
            title: self.title.clone(),
            actor: context.actor,
            undoes: Some(self.of.id),
            undo_until: None,
            query: None,
            is_automatic: false,
            issues,
        }
    }
}

/// Deletes issues again that had come back.
async fn delete_again(
    store: &impl ActionStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let is_discard = issues
        .iter()
        .any(|issue| issue.before.contains_key(DISCARDED));
    let removal = Removal {
        kind: if is_discard {
            JournalKind::Discard
        } else {
            JournalKind::Delete
        },
        journal_kind: JournalKind::Undo,
        undoes: Some(entry.of.id),
        transaction: entry.transaction,
        title: &entry.title,
        context,
    };
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    let part = Part {
        ids: &ids,
        next: &[],
    };
    let removed = chunk::apply(store, &removal, part, None, &mut None).await?;
    let mut report = UndoReport {
        restored: removed.changed,
        not_restored: hindered(store, &removed.skipped).await?,
        revision: Some(removed.revision),
        ..UndoReport::default()
    };
    report.sort();
    Ok(report)
}
