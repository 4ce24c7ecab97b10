//! Carries out what people ask for, on any number of issues.

use super::bulk::{Asked, Context, Removal, Rules, Skip, apply, is_about_releases, title_of};
use crate::model::{Directory, IssueId, ProjectId, TransactionId};
use crate::store::{ActionStore, IssueHead, JournalKind, StoreError};
use crate::triage::{Cause, IssueChange, Refusal};
use crate::view::{IssueChangeReport, SkippedIssue, count};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Issues of one transaction: enough to make it cheap, few enough that a feed never waits long for it.
const CHUNK: usize = 500;

/// What became of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Issues that changed.
    pub changed: Vec<IssueId>,
    /// Issues that were already as asked for.
    pub unchanged: Vec<IssueId>,
    /// Issues that could not be changed, and why.
    pub refused: Vec<(IssueId, Refusal)>,
    /// Revision of the store after the last transaction.
    pub revision: i64,
}

impl From<Changed> for IssueChangeReport {
    fn from(changed: Changed) -> Self {
        let as_it_was = changed.unchanged.iter().map(|id| SkippedIssue {
            id: id.to_string(),
            reason: "it is so already".to_owned(),
        });
        let refused = changed.refused.iter().map(|(id, refusal)| SkippedIssue {
            id: id.to_string(),
            reason: refusal.to_string(),
        });
        Self {
            changed: count(changed.changed.len() as u64),
            skipped: as_it_was.chain(refused).collect(),
            revision: changed.revision.to_string(),
        }
    }
}

impl Changed {
    fn skip(&mut self, skipped: Vec<(IssueId, Skip)>) {
        for (id, skip) in skipped {
            match skip {
                Skip::Refused(refusal) => self.refused.push((id, refusal)),
                Skip::Unchanged | Skip::Discarded | Skip::NoError => self.unchanged.push(id),
            }
        }
    }
}

/// Changes issues, a transaction for every few hundred of them, and notes it in the journal. An issue that is named twice
/// counts once. Where an issue cannot be changed so, the others are changed nevertheless.
///
/// # Errors
/// When the store fails; what was changed until then stays.
pub async fn change_issues(
    store: &impl ActionStore,
    ids: &[IssueId],
    change: &IssueChange,
    directory: &Directory,
    cause: Cause,
) -> Result<Changed, StoreError> {
    let mut named = HashSet::new();
    let ids: Vec<IssueId> = ids.iter().copied().filter(|id| named.insert(*id)).collect();
    let context = Context {
        now: cause.now,
        actor: cause.actor,
        directory,
        rules: Rules::default(),
    };
    if *change == IssueChange::Delete {
        return delete(store, &ids, &context).await;
    }
    if is_about_releases(change) {
        let heads = store.issue_heads(&ids).await?;
        let projects: BTreeSet<ProjectId> = heads.iter().map(|head| head.project).collect();
        if projects.len() > 1 {
            return refuse(store, &ids, &heads).await;
        }
    }
    let title = title_of(change, directory);
    let secret = TransactionId::random().to_string();
    let asked = Asked {
        changes: std::slice::from_ref(change),
        context: &context,
        transaction: TransactionId::random(),
        kind: JournalKind::Update,
        title: &title,
        alone: ids.len() == 1,
        secret: &secret,
    };
    let mut total = Changed::default();
    for chunk in ids.chunks(CHUNK) {
        let outcome = apply(store, &asked, chunk, None, false).await?;
        total.changed.extend(outcome.changed);
        total.skip(outcome.skipped);
        total.revision = outcome.revision;
    }
    Ok(total)
}

/// A release belongs to one project, and these issues to several.
async fn refuse(
    store: &impl ActionStore,
    ids: &[IssueId],
    heads: &[IssueHead],
) -> Result<Changed, StoreError> {
    let known: HashSet<IssueId> = heads.iter().map(|head| head.id).collect();
    let refusal = |id: &IssueId| match known.contains(id) {
        true => (*id, Refusal::SeveralProjects),
        false => (*id, Refusal::Gone),
    };
    Ok(Changed {
        refused: ids.iter().map(refusal).collect(),
        revision: store.revision().await?,
        ..Changed::default()
    })
}

/// Whoever asks for a single delete has been asked before, so it takes issues of every kind.
async fn delete(
    store: &impl ActionStore,
    ids: &[IssueId],
    context: &Context<'_>,
) -> Result<Changed, StoreError> {
    let mut of_project: BTreeMap<ProjectId, Vec<IssueId>> = BTreeMap::new();
    let mut known = HashSet::new();
    for head in store.issue_heads(ids).await? {
        known.insert(head.id);
        of_project.entry(head.project).or_default().push(head.id);
    }
    let mut total = Changed {
        revision: store.revision().await?,
        ..Changed::default()
    };
    let mut gone: HashSet<IssueId> = HashSet::new();
    for (project, issues) in of_project {
        let removal = Removal::of(project, JournalKind::Delete, context);
        for chunk in issues.chunks(CHUNK) {
            let deleted = removal.run(store, chunk, None).await?;
            gone.extend(deleted.issues());
            total.skip(deleted.skipped);
            total.revision = deleted.revision.unwrap_or(total.revision);
        }
    }
    let missing = ids.iter().filter(|id| !known.contains(id));
    total.refused.extend(missing.map(|id| (*id, Refusal::Gone)));
    total.changed = ids.iter().copied().filter(|id| gone.contains(id)).collect();
    Ok(total)
}
