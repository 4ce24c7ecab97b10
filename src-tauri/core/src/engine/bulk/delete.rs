//! Deletes: at once hidden and free of their fingerprints, their data gone after a delay (search spec, sections 12.1
//! to 12.3).

use super::action::Action;
use super::chunk::{Decided, Outcome, PartAction, Skip, restated};
use super::merge::{HASHES, hash_list};
use super::prepared::{Prepared, arranged};
use super::request::{Context, Scope, in_scope};
use super::update::{Answer, MOST_BY_ID};
use super::{BadRequest, BulkError, job};
use crate::model::{IssueId, IssueState, IssueStatus, ProjectId, TransactionId};
use crate::store::{
    ActionStore, AuditWrite, BatchState, BesidePlan, DeletionWrite, Effects, JournalIssueWrite,
    JournalKind, JournalWrite, LoadPlan, QueryStore, TombstoneWrite,
};
use crate::triage::{Image, Refusal, images};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What the audit log calls a delete.
const DELETED: &str = "issue delete";
/// Under this key an image says that the issue was discarded.
pub(super) const DISCARDED: &str = "discarded";
/// Under this key an image says which deletion the issue is part of, where that is not known by its entry.
pub(super) const DELETION: &str = "deletion";

/// An issue is gone, for whoever follows issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// The issue.
    pub issue: IssueId,
    /// [`JournalKind::Delete`] or [`JournalKind::Discard`].
    pub kind: JournalKind,
}

/// What a delete did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deleted {
    /// A line for each deleted issue.
    pub signals: Vec<Signal>,
    /// Issues that were left as they were.
    pub skipped: Vec<(IssueId, Skip)>,
    /// Entries in the journal, one a project.
    pub journal: Vec<i64>,
    /// Revision of the store afterwards; nothing where it did not change.
    pub revision: Option<i64>,
}

impl Deleted {
    /// Issues that were deleted.
    #[must_use]
    pub fn issues(&self) -> Vec<IssueId> {
        self.signals.iter().map(|signal| signal.issue).collect()
    }

    pub(super) fn into_answer(self, members: Map<String, Value>) -> Answer {
        Answer {
            members,
            changed: self.issues(),
            skipped: self.skipped,
            journal: self.journal.first().copied(),
            revision: self.revision,
        }
    }
}

/// Deletes issues that are named by their ids.
///
/// # Errors
/// [`BadRequest`] for more ids than a request may name, and for issues that are no errors where the rules do not allow
/// that; nothing is deleted then. Or the store failed: projects that came before stay deleted.
pub async fn delete(
    store: &(impl ActionStore + QueryStore),
    scope: Scope<'_>,
    context: &Context<'_>,
) -> Result<Deleted, BulkError> {
    if scope.ids.len() > MOST_BY_ID {
        let problem = format!(
            "names {} issues; name at most {MOST_BY_ID}",
            scope.ids.len()
        );
        return Err(BadRequest::new("id", problem).into());
    }
    remove(store, scope, &Action::Delete, context).await
}

/// Deletes issues, and lets whatever would come for them be dropped.
///
/// # Errors
/// As [`delete`].
pub async fn discard(
    store: &(impl ActionStore + QueryStore),
    scope: Scope<'_>,
    context: &Context<'_>,
) -> Result<Deleted, BulkError> {
    remove(store, scope, &Action::Discard, context).await
}

/// Each project by itself, with an entry of its own, once all of them were checked.
async fn remove(
    store: &(impl ActionStore + QueryStore),
    scope: Scope<'_>,
    action: &Action,
    context: &Context<'_>,
) -> Result<Deleted, BulkError> {
    let heads = in_scope(store, scope).await?;
    let mut deleted = Deleted::default();
    if heads.is_empty() {
        return Ok(deleted);
    }
    let heads = arranged(scope, action, heads);
    let prepared = Prepared::of(store, scope, action, heads, context).await?;
    let kind = match action {
        Action::Discard => JournalKind::Discard,
        _ => JournalKind::Delete,
    };
    for part in prepared.by_project() {
        let report = job::at_once(store, &part, "", context).await?;
        let signal = |issue| Signal { issue, kind };
        deleted
            .signals
            .extend(report.issues.into_iter().map(signal));
        deleted.skipped.extend(report.skipped);
        deleted.revision = report.revision.or(deleted.revision);
        deleted.journal.extend(report.journal);
    }
    Ok(deleted)
}

pub(super) fn title(kind: JournalKind) -> &'static str {
    match kind {
        JournalKind::Discard => "Delete and discard",
        _ => "Delete",
    }
}

/// Issues on their way out.
#[derive(Debug, Clone)]
pub(super) struct Removal<'a> {
    /// Whether they are deleted or discarded.
    pub kind: JournalKind,
    pub journal_kind: JournalKind,
    /// The entry that this one takes back, where it does.
    pub undoes: Option<i64>,
    /// That of the entry in the journal. Those of the deletions, one a project, follow from it.
    pub transaction: TransactionId,
    pub title: &'a str,
    pub context: &'a Context<'a>,
}

impl PartAction for Removal<'_> {
    fn plan(&self, ids: &[IssueId]) -> LoadPlan {
        let mut issues = ids.to_vec();
        issues.sort_unstable();
        LoadPlan {
            now: Some(self.context.now),
            issues,
            // A tombstone says what was discarded.
            without_content: self.kind != JournalKind::Discard,
            beside: BesidePlan {
                hashes: true,
                ..BesidePlan::default()
            },
            ..LoadPlan::default()
        }
    }

    fn decide(&self, mut state: BatchState, ids: &[IssueId]) -> Decided {
        let (mut found, mut outcome) = (Vec::with_capacity(ids.len()), Outcome::default());
        for id in ids {
            match self.found(&mut state, *id) {
                Ok(issue) => found.push(issue),
                Err(skip) => outcome.skipped.push((*id, skip)),
            }
        }
        let mut effects = Effects {
            now: Some(self.context.now),
            ..Effects::default()
        };
        let mut journal = Vec::with_capacity(found.len());
        for (project, of_project) in by_project(&found) {
            let deletion = self.deletion(project, &of_project);
            for before in of_project {
                let Some(id) = before.issue.id else { continue };
                let hashes = state.issue_hashes.get(&id).map_or(&[][..], Vec::as_slice);
                let after = self.hide(before.clone());
                let (mut was, mut is) = images(before, &after);
                was.insert(HASHES.to_owned(), hash_list(hashes));
                is.insert(DELETION.to_owned(), json!(deletion.transaction));
                if self.kind == JournalKind::Discard {
                    is.insert(DISCARDED.to_owned(), json!(true));
                    effects.actions.tombstones.push(self.tombstone(id, &after));
                }
                journal.push(JournalIssueWrite {
                    issue: id,
                    before: was,
                    after: is,
                });
                effects.actions.audit.push(AuditWrite {
                    issue: id,
                    project,
                    transaction: deletion.transaction,
                    actor: self.context.actor,
                    event: DELETED,
                });
                effects.issues.push(restated(after));
            }
            outcome.changed.extend(&deletion.issues);
            effects.actions.deletions.push(deletion);
        }
        if !journal.is_empty() {
            let undone = |entry| (entry, outcome.changed.clone());
            effects.actions.undone = self.undoes.map(undone);
            effects.actions.journal = Some(self.journal(journal));
        }
        (effects, outcome)
    }
}

/// Issues by their projects, in the order in which those come; of each small issues first, and always in the same order.
fn by_project(issues: &[Box<IssueState>]) -> Vec<(ProjectId, Vec<&IssueState>)> {
    let mut places: HashMap<ProjectId, usize> = HashMap::new();
    let mut parts: Vec<(ProjectId, Vec<&IssueState>)> = Vec::new();
    for state in issues {
        let project = state.issue.project_id;
        let place = *places.entry(project).or_insert(parts.len());
        match parts.get_mut(place) {
            Some((_, part)) => part.push(state),
            None => parts.push((project, vec![state])),
        }
    }
    for (_, part) in &mut parts {
        part.sort_by_key(|state| (state.issue.times_seen, state.issue.id));
    }
    parts
}

impl Removal<'_> {
    /// The issue, taken out of what is known, where it can be removed.
    fn found(&self, state: &mut BatchState, id: IssueId) -> Result<Box<IssueState>, Skip> {
        let issue = state.issues.remove(&id).ok_or(Refusal::Gone)?;
        if issue.issue.status.is_hidden() {
            return Err(Refusal::Gone.into());
        }
        if self.kind == JournalKind::Discard && state.with_tombstone.contains(&id) {
            return Err(Skip::Discarded);
        }
        Ok(issue)
    }

    fn deletion(&self, project: ProjectId, issues: &[&IssueState]) -> DeletionWrite {
        DeletionWrite {
            project,
            transaction: self.transaction.of_project(project),
            entry: self.transaction,
            kind: self.kind,
            actor: self.context.actor,
            due_at: self.due_at(),
            issues: issues.iter().filter_map(|state| state.issue.id).collect(),
        }
    }

    fn due_at(&self) -> DateTime<Utc> {
        self.context.now + self.context.rules.purge_delay
    }

    fn journal(&self, issues: Vec<JournalIssueWrite>) -> JournalWrite {
        JournalWrite {
            transaction: self.transaction,
            kind: self.journal_kind,
            title: self.title.to_owned(),
            actor: self.context.actor,
            undoes: self.undoes,
            undo_until: Some(self.due_at()),
            query: self.context.origin.query.map(ToOwned::to_owned),
            is_automatic: self.context.origin.is_automatic,
            issues,
        }
    }

    fn hide(&self, mut state: IssueState) -> IssueState {
        state.issue.status = IssueStatus::PendingDeletion;
        state.issue.substatus = None;
        state.inbox.clear();
        // What is discarded keeps its fingerprints, for its tombstone.
        state.gives_up_hashes = self.kind != JournalKind::Discard;
        state
    }

    fn tombstone(&self, id: IssueId, state: &IssueState) -> TombstoneWrite {
        let issue = &state.issue;
        TombstoneWrite {
            issue: id,
            project: issue.project_id,
            level: issue.level.number(),
            message: issue.message.clone(),
            culprit: issue.culprit.clone(),
            data: Image::clone(&issue.data),
            actor: self.context.actor,
        }
    }
}
