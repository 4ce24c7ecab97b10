//! Taking a delete back (search spec, section 12.4).

use super::chunk::restated;
use super::delete::{DELETION, DISCARDED};
use super::merge::HASHES;
use super::request::Context;
use super::transact::transact;
use super::undo::Entry;
use super::undo_report::{HashTaken, Hindrance, UndoReport};
use crate::model::{GroupHash, IssueId, IssueStatus, ProjectId, TransactionId};
use crate::store::{
    Actions, AuditWrite, BatchState, Effects, HashWrite, IssueHash, JournalIssue,
    JournalIssueWrite, JournalKind, JournalWrite, LoadPlan, StoreError, TriageStore,
};
use crate::triage::{Image, images, put_back};
use serde::Deserialize;
use std::collections::HashMap;

/// What the audit log calls it.
const RESTORED: &str = "issue delete undone";

/// Fingerprints that an image says led to the issue.
pub(super) fn hashes_of(image: &Image) -> Vec<IssueHash> {
    let list = image.get(HASHES);
    let list = list.and_then(|list| Vec::<(GroupHash, bool)>::deserialize(list).ok());
    let hash = |(hash, is_split)| IssueHash { hash, is_split };
    list.unwrap_or_default().into_iter().map(hash).collect()
}

/// The deletion that an image says the issue is part of.
fn deletion_of(image: &Image) -> Option<TransactionId> {
    TransactionId::deserialize(image.get(DELETION)?).ok()
}

/// Brings the issues of an entry back that still wait for their data to go: all of them in one transaction.
pub(super) async fn restore(
    store: &impl TriageStore,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    projects: &HashMap<IssueId, ProjectId>,
    context: &Context<'_>,
) -> Result<UndoReport, StoreError> {
    let mut ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    ids.sort_unstable();
    let mut hashes: Vec<(ProjectId, GroupHash)> = Vec::new();
    for issue in issues {
        let Some(project) = projects.get(&issue.issue) else {
            continue;
        };
        let recorded = hashes_of(&issue.before).into_iter();
        hashes.extend(recorded.map(|hash| (*project, hash.hash)));
    }
    hashes.sort_unstable();
    hashes.dedup();
    let plan = LoadPlan {
        now: Some(context.now),
        issues: ids,
        hashes,
        ..LoadPlan::default()
    };
    let decide = |state| decide(state, entry, issues, context);
    let (mut report, revision) = transact(store, &plan, decide).await?;
    report.revision = Some(revision);
    Ok(report)
}

fn decide(
    mut state: BatchState,
    entry: &Entry<'_>,
    issues: &[JournalIssue],
    context: &Context<'_>,
) -> (Effects, UndoReport) {
    let mut report = UndoReport::default();
    let mut writes = Vec::new();
    let mut journal = Vec::new();
    let mut actions = Actions::default();
    for noted in issues {
        let id = noted.issue;
        let waits = |status| status == IssueStatus::PendingDeletion;
        let loaded = state.issues.get(&id);
        let Some(before) = loaded.filter(|issue| waits(issue.issue.status)).cloned() else {
            let status = loaded.map(|issue| issue.issue.status);
            report.hindered(id, Hindrance::of(status));
            continue;
        };
        let mut after = before.clone();
        if put_back(&mut after, &noted.before).is_none() {
            report.hindered(id, Hindrance::Unreadable);
            continue;
        }
        let project = before.issue.project_id;
        let mut returned = Vec::new();
        for hash in hashes_of(&noted.before) {
            match state.hashes.get(&(project, hash.hash)) {
                Some(now) if *now != id => report.hashes_taken.push(HashTaken {
                    issue: id,
                    hash: hash.hash,
                    now: *now,
                }),
                _ => {
                    returned.push(hash);
                    actions.hashes.push(HashWrite {
                        project,
                        hash,
                        issue: Some(id),
                    });
                    // Of two that had it the first one gets it.
                    state.hashes.insert((project, hash.hash), id);
                }
            }
        }
        if noted.after.contains_key(DISCARDED) {
            actions.exhumed.push(id);
        }
        let (mut was, mut is) = images(&before, &after);
        if noted.after.contains_key(DISCARDED) {
            was.insert(DISCARDED.to_owned(), true.into());
        }
        is.insert(HASHES.to_owned(), super::merge::hash_list(&returned));
        journal.push(JournalIssueWrite {
            issue: id,
            before: was,
            after: is,
        });
        actions.audit.push(AuditWrite {
            issue: id,
            project,
            transaction: deletion_of(&noted.after).unwrap_or(entry.of.transaction),
            actor: context.actor,
            event: RESTORED,
        });
        report.restored.push(id);
        writes.push(restated(after));
    }
    report.sort();
    actions.undeleted.clone_from(&report.restored);
    if !journal.is_empty() {
        actions.undone = Some((entry.of.id, report.restored.clone()));
        actions.journal = Some(JournalWrite {
            transaction: entry.transaction,
            kind: JournalKind::Undo,
            title: entry.title.clone(),
            actor: context.actor,
            undoes: Some(entry.of.id),
            undo_until: None,
            query: None,
            is_automatic: false,
            issues: journal,
        });
    }
    let effects = Effects {
        now: Some(context.now),
        issues: writes,
        actions,
        ..Effects::default()
    };
    (effects, report)
}
