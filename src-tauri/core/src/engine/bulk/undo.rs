//! Taking an entry of the journal back. What that does is an entry, too: taking that one back does it again.

use super::chunk::{Skip, restated, written};
use super::delete::{DISCARDED, Removal};
use super::merge;
use super::request::Context;
use super::transact::{journal_took, transact};
use super::undo_delete::{self, hashes_of};
use super::{BadRequest, BulkError};
use crate::model::{GroupHash, IssueId, IssueState, IssueStatus, ProjectId, TransactionId};
use crate::store::{
    ActionStore, Actions, BatchState, BesidePlan, Effects, HashWrite, JournalEntry, JournalIssue,
    JournalIssueWrite, JournalKind, JournalWrite, LoadPlan, StoreError, TriageStore, UnmergeWrite,
};
use crate::triage::{
    Difference, Image, MERGED_INTO, Obstacle, has_labels, notes_in, people_in, take_back, unmerge,
};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

/// Issues of one transaction.
const CHUNK: usize = 1_000;
/// Rows of the journal that are read at once.
const PAGE: u32 = 5_000;

/// An issue that was left alone because it has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSince {
    /// The issue.
    pub issue: IssueId,
    /// What of it has changed; at least one member.
    pub differences: Vec<Difference>,
}

impl ChangedSince {
    /// The members that have changed, as the journal stores them.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.differences.iter().map(|one| one.member.as_str())
    }
}

/// A fingerprint that leads to another issue by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashTaken {
    /// The issue that came back without it.
    pub issue: IssueId,
    /// The fingerprint.
    pub hash: GroupHash,
    /// The issue that keeps it.
    pub now: IssueId,
}

/// What taking back has brought back, and what not. Ids are ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoReport {
    /// What was taken back, as its entry is called; of an undo, the change that was done again.
    pub title: String,
    /// Issues that are as they were.
    pub restored: Vec<IssueId>,
    /// Issues that are gone, or on their way.
    pub not_restored: Vec<IssueId>,
    /// Issues that have changed since.
    pub changed_since: Vec<ChangedSince>,
    /// Fingerprints that a newer issue keeps.
    pub hashes_taken: Vec<HashTaken>,
    /// The entry that taking back has made; nothing where it changed nothing.
    pub entry: Option<i64>,
    /// Revision of the store afterwards; nothing where it did not change.
    pub revision: Option<i64>,
}

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
    store: &impl ActionStore,
    id: i64,
    overwrite: bool,
    context: &Context<'_>,
) -> Result<UndoReport, BulkError> {
    let started = Instant::now();
    let Some(of) = store.journal_entry(id).await? else {
        let problem = format!("{id} is no entry of the journal; it may have been forgotten");
        return Err(BadRequest::new("entry", problem).into());
    };
    let mut issues = read_issues(store, id).await?;
    issues.retain(|issue| issue.undone_by.is_none());
    let entry = Entry {
        transaction: TransactionId::random(),
        title: title(&of),
        of: &of,
    };
    let mut report = match Sort::of(&issues) {
        Sort::Nothing => UndoReport::default(),
        Sort::Update => update(store, &entry, &issues, overwrite, context).await?,
        Sort::Delete => {
            let projects = projects(store, &issues).await?;
            undo_delete::restore(store, &entry, &issues, &projects, context).await?
        }
        Sort::Restore => delete_again(store, &entry, &issues, context).await?,
        Sort::Merge => split(store, &entry, &issues, overwrite, context).await?,
        Sort::Split => merge_again(store, &entry, &issues, context).await?,
    };
    let made = store.journal_entry_of(entry.transaction).await?;
    report.entry = made.map(|entry| entry.id);
    journal_took(store, report.entry, started).await;
    report.title = of.title.strip_prefix(UNDO).unwrap_or(&of.title).to_owned();
    Ok(report)
}

/// Doing something again is called as it was called first.
fn title(of: &JournalEntry) -> String {
    match (of.kind, of.title.strip_prefix(UNDO)) {
        (JournalKind::Undo, Some(first)) => first.to_owned(),
        _ => format!("{UNDO}{}", of.title),
    }
}

const UNDO: &str = "Undo: ";

async fn read_issues(
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

async fn projects(
    store: &impl ActionStore,
    issues: &[JournalIssue],
) -> Result<HashMap<IssueId, ProjectId>, StoreError> {
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    let heads = store.issue_heads(&ids).await?;
    Ok(heads.iter().map(|head| (head.id, head.project)).collect())
}

async fn update(
    store: &impl TriageStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    overwrite: bool,
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let mut report = UndoReport::default();
    for part in issues.chunks(CHUNK) {
        let plan = LoadPlan {
            without_content: true,
            ..plan(part, context)
        };
        let decide = |mut state: BatchState| {
            let mut back = TakenBack::new(entry, overwrite, context);
            for noted in part {
                back.take(&mut state, noted);
            }
            back.finish()
        };
        let (done, revision) = transact(store, &plan, decide).await?;
        report.restored.extend(done.restored);
        report.not_restored.extend(done.not_restored);
        report.changed_since.extend(done.changed_since);
        report.revision = Some(revision);
    }
    Ok(report)
}

fn plan(issues: &[JournalIssue], context: &Context<'_>) -> LoadPlan {
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
            notes,
            ..BesidePlan::default()
        },
        ..LoadPlan::default()
    }
}

/// Issues of one transaction on their way back.
struct TakenBack<'a> {
    entry: &'a Entry<'a>,
    overwrite: bool,
    context: &'a Context<'a>,
    report: UndoReport,
    journal: Vec<JournalIssueWrite>,
    states: Vec<IssueState>,
}

impl<'a> TakenBack<'a> {
    fn new(entry: &'a Entry<'a>, overwrite: bool, context: &'a Context<'a>) -> Self {
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
    fn take(&mut self, state: &mut BatchState, noted: &JournalIssue) -> Option<usize> {
        let Some(mut issue) = state.issues.remove(&noted.issue) else {
            self.report.not_restored.push(noted.issue);
            return None;
        };
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
                self.states.push(issue);
                Some(self.states.len() - 1)
            }
            Err(Obstacle::ChangedSince(differences)) => {
                self.report.changed_since.push(ChangedSince {
                    issue: noted.issue,
                    differences,
                });
                None
            }
            Err(Obstacle::Gone | Obstacle::Unreadable) => {
                self.report.not_restored.push(noted.issue);
                None
            }
        }
    }

    fn finish(self) -> (Effects, UndoReport) {
        let actions = self.entry.actions(&self.report, self.journal, self.context);
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
    fn actions(
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

    fn journal(&self, issues: Vec<JournalIssueWrite>, context: &Context<'_>) -> JournalWrite {
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

/// The issue that others became part of, and these, as the images of an entry tell: of a merge those after it, of a
/// split those before it.
fn family<'i>(
    issues: &'i [JournalIssue],
    image: impl Fn(&'i JournalIssue) -> &'i Image,
) -> Option<(IssueId, Vec<IssueId>)> {
    let mut parent = None;
    let mut children = Vec::new();
    for issue in issues {
        if let Some(into) = image(issue).get(MERGED_INTO) {
            parent = IssueId::deserialize(into).ok();
            children.push(issue.issue);
        }
    }
    parent.map(|parent| (parent, children))
}

/// Takes a merge back: all of it or nothing.
async fn split(
    store: &impl ActionStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    overwrite: bool,
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let Some((parent, children)) = family(issues, |issue| &issue.after) else {
        return Ok(UndoReport::default());
    };
    let projects = projects(store, issues).await?;
    let mut plan = plan(issues, context);
    plan.beside.kin = true;
    plan.beside.everybody = true;
    for issue in issues {
        let Some(project) = projects.get(&issue.issue) else {
            continue;
        };
        let recorded = hashes_of(&issue.before).into_iter();
        plan.hashes
            .extend(recorded.map(|hash| (*project, hash.hash)));
    }
    plan.hashes.sort_unstable();
    plan.hashes.dedup();
    let decide = |state| {
        let splitting = Splitting {
            entry,
            issues,
            parent,
            children: &children,
            projects: &projects,
            overwrite,
            context,
        };
        splitting.decide(state)
    };
    let (mut report, revision) = transact(store, &plan, decide).await?;
    report.revision = Some(revision);
    Ok(report)
}

struct Splitting<'a> {
    entry: &'a Entry<'a>,
    issues: &'a [JournalIssue],
    parent: IssueId,
    children: &'a [IssueId],
    projects: &'a HashMap<IssueId, ProjectId>,
    overwrite: bool,
    context: &'a Context<'a>,
}

impl Splitting<'_> {
    fn decide(&self, mut state: BatchState) -> (Effects, UndoReport) {
        let mut back = TakenBack::new(self.entry, self.overwrite, self.context);
        let noted_parent = self.issues.iter().find(|issue| issue.issue == self.parent);
        let Some(noted_parent) = noted_parent else {
            return (Effects::default(), back.report);
        };
        let mut parent_place = None;
        for noted in self.issues {
            let place = back.take(&mut state, noted);
            if noted.issue == self.parent {
                parent_place = place;
            }
        }
        let is_whole = back.report.restored.len() == self.issues.len();
        let Some(place) = parent_place.filter(|_| is_whole) else {
            back.report.restored.clear();
            return (Effects::default(), back.report);
        };
        let children: Vec<IssueState> = back
            .states
            .iter()
            .filter(|state| state.issue.id.is_some_and(|id| self.children.contains(&id)))
            .cloned()
            .collect();
        let kin = state.kin.remove(&self.parent).unwrap_or_default();
        let images = (&noted_parent.before, &noted_parent.after);
        let cause = self.context.cause();
        let unmerged = unmerge(&mut back.states[place], &kin, images, &children, cause);
        let Some(unmerged) = unmerged else {
            back.report.restored.clear();
            back.report.not_restored.push(self.parent);
            return (Effects::default(), back.report);
        };
        let hashes = self.hashes(&state, &mut back.report);
        for line in &mut back.journal {
            if self.children.contains(&line.issue) {
                let into = serde_json::json!(self.parent);
                line.before.insert(MERGED_INTO.to_owned(), into);
            }
        }
        let mut actions = self.entry.actions(
            &back.report,
            std::mem::take(&mut back.journal),
            self.context,
        );
        actions.hashes = hashes;
        actions.unmerge = Some(UnmergeWrite {
            entry: self.entry.of.id,
            parent: self.parent,
            children: self.children.to_vec(),
            put: unmerged.put,
            gone: unmerged.gone,
        });
        let write = |state: IssueState| {
            if state.issue.id == Some(self.parent) {
                written(state)
            } else {
                restated(state)
            }
        };
        let effects = Effects {
            now: Some(self.context.now),
            issues: back.states.into_iter().map(write).collect(),
            actions,
            ..Effects::default()
        };
        (effects, back.report)
    }

    /// Fingerprints that go back to the children, as far as they lead to the parent.
    fn hashes(&self, state: &BatchState, report: &mut UndoReport) -> Vec<HashWrite> {
        let mut writes = Vec::new();
        for noted in self.issues {
            let Some(&project) = self.projects.get(&noted.issue) else {
                continue;
            };
            for hash in hashes_of(&noted.before) {
                match state.hashes.get(&(project, hash.hash)) {
                    Some(now) if *now == self.parent => writes.push(HashWrite {
                        project,
                        hash,
                        issue: Some(noted.issue),
                    }),
                    Some(now) => report.hashes_taken.push(HashTaken {
                        issue: noted.issue,
                        hash: hash.hash,
                        now: *now,
                    }),
                    None => {}
                }
            }
        }
        writes
    }
}

async fn merge_again(
    store: &impl TriageStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let Some((parent, children)) = family(issues, |issue| &issue.before) else {
        return Ok(UndoReport::default());
    };
    let undone: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    let journal = entry.journal(Vec::new(), context);
    let merged = merge::again(
        store,
        context,
        (parent, &children),
        journal,
        (entry.of.id, undone),
    )
    .await?;
    let gone = |(id, _): &(IssueId, Skip)| *id;
    Ok(UndoReport {
        restored: merged.changed,
        not_restored: merged.skipped.iter().map(gone).collect(),
        revision: Some(merged.revision),
        ..UndoReport::default()
    })
}

/// Deletes issues again that had come back, project by project.
async fn delete_again(
    store: &impl ActionStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let projects = projects(store, issues).await?;
    let mut report = UndoReport::default();
    let is_discard = issues
        .iter()
        .any(|issue| issue.before.contains_key(DISCARDED));
    let known: BTreeSet<ProjectId> = projects.values().copied().collect();
    for project in known {
        let ids: Vec<IssueId> = issues
            .iter()
            .map(|issue| issue.issue)
            .filter(|id| projects.get(id) == Some(&project))
            .collect();
        let removal = Removal {
            project,
            kind: if is_discard {
                JournalKind::Discard
            } else {
                JournalKind::Delete
            },
            journal_kind: JournalKind::Undo,
            undoes: Some(entry.of.id),
            undone: Some(entry.of.id),
            entry: entry.transaction,
            transaction: entry.transaction.of_project(project),
            title: &entry.title,
            context,
        };
        let deleted = removal.run(store, &ids, None).await?;
        report.restored.extend(deleted.issues());
        report
            .not_restored
            .extend(deleted.skipped.iter().map(|(id, _)| *id));
        report.revision = deleted.revision;
    }
    let gone = issues.iter().map(|issue| issue.issue);
    report
        .not_restored
        .extend(gone.filter(|id| !projects.contains_key(id)));
    report.restored.sort_unstable();
    report.not_restored.sort_unstable();
    Ok(report)
}
