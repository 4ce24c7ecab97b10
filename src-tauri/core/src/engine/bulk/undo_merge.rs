//! Taking a merge back, and doing it again: each in one transaction, all of it or nothing.

use super::chunk::{restated, written};
use super::merge;
use super::request::Context;
use super::transact::transact;
use super::undo::{Entry, TakenBack, plan, projects};
use super::undo_delete::hashes_of;
use super::undo_report::{HashTaken, Hindrance, UndoReport, hindered};
use crate::model::{IssueId, IssueState, ProjectId};
use crate::store::{
    ActionStore, BatchState, Effects, HashWrite, JournalIssue, StoreError, UnmergeWrite,
};
use crate::triage::{Image, MERGED_INTO, unmerge};
use serde::Deserialize;
use std::collections::HashMap;

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
pub(super) async fn split(
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
            back.report.hindered(self.parent, Hindrance::Unreadable);
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

/// Does a merge again that was taken back.
pub(super) async fn again(
    store: &impl ActionStore,
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
    Ok(UndoReport {
        restored: merged.changed,
        not_restored: hindered(store, &merged.skipped).await?,
        revision: Some(merged.revision),
        ..UndoReport::default()
    })
}
