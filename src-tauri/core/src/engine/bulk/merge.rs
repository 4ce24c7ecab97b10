//! Making several issues one.

use super::chunk::{Around, Asked, PartAction as _, Skip, restated, written};
use super::request::Context;
use super::transact::transact;
use super::update::{Checked, refuse_whole};
use super::{BadRequest, BulkError};
use crate::model::{Category, GroupType, IssueId, IssueState};
use crate::store::{
    Actions, BatchState, BesidePlan, Effects, HashWrite, IssueHead, JournalIssueWrite, JournalKind,
    JournalWrite, LoadPlan, MergeWrite, StoreError, TriageStore,
};
use crate::triage::{Image, Kin, MERGED_INTO, Refusal, images, merge, parent_of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Under this key it says which fingerprints led to it.
pub(super) const HASHES: &str = "hashes";

/// What a merge became.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merge {
    pub parent: Option<IssueId>,
    pub children: Vec<IssueId>,
    pub changed: Vec<IssueId>,
    pub skipped: Vec<(IssueId, Skip)>,
    pub revision: i64,
}

pub(super) fn category(group_type: u16) -> Option<Category> {
    GroupType::by_id(group_type).map(|known| known.category)
}

/// Only errors are merged; with the rule that allows others, issues of one category.
pub(super) fn check(heads: &[IssueHead], context: &Context<'_>) -> Result<(), BadRequest> {
    let categories: Vec<_> = heads.iter().map(|head| category(head.group_type)).collect();
    let is_allowed = if context.rules.allow_non_error {
        categories.windows(2).all(|pair| pair[0] == pair[1])
    } else {
        categories.iter().all(|it| *it == Some(Category::Error))
    };
    if is_allowed {
        Ok(())
    } else {
        let problem =
            "names issues that are no errors, or of several categories; only errors are merged";
        Err(BadRequest::new("merge", problem))
    }
}

/// Carries out an update that merges the issues as well: all of it in one transaction.
pub(super) async fn update_and_merge(
    store: &impl TriageStore,
    asked: &Asked<'_>,
    checked: &Checked,
    ids: &[IssueId],
) -> Result<Merge, BulkError> {
    let joined = join(store, asked, checked, ids, checked.body.merge_into).await?;
    refuse_whole(&joined.skipped)?;
    Ok(joined)
}

/// Changes issues and makes them one. The one that stays is `parent`, where it is named, else the one seen most.
async fn join(
    store: &impl TriageStore,
    asked: &Asked<'_>,
    checked: &Checked,
    ids: &[IssueId],
    parent: Option<IssueId>,
) -> Result<Merge, StoreError> {
    let plan = plan(asked.plan(ids));
    let decide = |state| decide(state, asked, checked, ids, parent);
    let (mut merge, revision) = transact(store, &plan, decide).await?;
    merge.revision = revision;
    Ok(merge)
}

/// Everything beside the issues is wanted: it moves, or is counted together.
fn plan(asked: LoadPlan) -> LoadPlan {
    LoadPlan {
        without_content: false,
        beside: BesidePlan {
            everybody: true,
            shares: true,
            labels: true,
            links: asked.beside.links,
            hashes: true,
            kin: true,
            ..BesidePlan::default()
        },
        ..asked
    }
}

fn decide(
    mut state: BatchState,
    asked: &Asked<'_>,
    checked: &Checked,
    ids: &[IssueId],
    parent: Option<IssueId>,
) -> (Effects, Merge) {
    let mut done = Merge::default();
    let around = Around::of(&state);
    let mut before: HashMap<IssueId, Box<IssueState>> = HashMap::new();
    let mut issues: BTreeMap<IssueId, Box<IssueState>> = BTreeMap::new();
    let first = Asked {
        changes: &checked.before_merge,
        ..*asked
    };
    for &id in ids {
        let Some(issue) = state.issues.remove(&id) else {
            done.skipped.push((id, Skip::Refused(Refusal::Gone)));
            continue;
        };
        let mut changed = issue.clone();
        if issue.issue.status.is_hidden() {
            done.skipped.push((id, Skip::Refused(Refusal::Gone)));
            continue;
        }
        if let Err(refusal) = first.change(&mut changed, &state.projects, &around) {
            done.skipped.push((id, Skip::Refused(refusal)));
            continue;
        }
        before.insert(id, issue);
        issues.insert(id, changed);
    }
    if refuse_whole(&done.skipped).is_err() {
        return (Effects::default(), done);
    }
    let mut joined = Joined::of(&mut issues, &state, parent, asked.context);
    if let Some(parent) = joined.as_mut().map(|joined| &mut joined.parent) {
        let last = Asked {
            changes: &checked.after_merge,
            ..*asked
        };
        // What refuses a change refused it before the merge already.
        let _ = last.change(parent, &state.projects, &around);
    }
    let Some(joined) = joined else {
        // Nothing is left to be merged with.
        return apart(asked, done, &before, issues);
    };
    done.parent = joined.parent.issue.id;
    done.children.clone_from(&joined.write.children);
    done.changed = ids
        .iter()
        .copied()
        .filter(|id| before.contains_key(id))
        .collect();
    let (issues, journal) = joined.rows(&before);
    let actions = Actions {
        journal: Some(JournalWrite {
            kind: JournalKind::Merge,
            ..asked.journal(journal)
        }),
        hashes: joined.hashes,
        merge: Some(joined.write),
        ..Actions::default()
    };
    let effects = Effects {
        now: Some(asked.context.now),
        issues,
        actions,
        ..Effects::default()
    };
    (effects, done)
}

/// What was asked for beside the merge.
fn apart(
    asked: &Asked<'_>,
    mut done: Merge,
    before: &HashMap<IssueId, Box<IssueState>>,
    issues: BTreeMap<IssueId, Box<IssueState>>,
) -> (Effects, Merge) {
    let mut journal = Vec::new();
    let mut writes = Vec::new();
    for (id, issue) in issues {
        let Some((before, after)) = before.get(&id).map(|before| images(before, &issue)) else {
            continue;
        };
        if !after.is_empty() {
            journal.push(JournalIssueWrite {
                issue: id,
                before,
                after,
            });
        }
        done.changed.push(id);
        writes.push(restated(issue));
    }
    let effects = Effects {
        now: Some(asked.context.now),
        issues: writes,
        actions: Actions {
            journal: (!journal.is_empty()).then(|| asked.journal(journal)),
            ..Actions::default()
        },
        ..Effects::default()
    };
    (effects, done)
}

/// Issues that became one.
struct Joined {
    parent: Box<IssueState>,
    children: BTreeMap<IssueId, Box<IssueState>>,
    /// What the journal has of the parent beside its state.
    images: (Image, Image),
    /// What it has of each child.
    child_hashes: Vec<Value>,
    hashes: Vec<HashWrite>,
    write: MergeWrite,
}

impl Joined {
    /// Nothing where there are not two, or the one that was to stay is not among them.
    fn of(
        issues: &mut BTreeMap<IssueId, Box<IssueState>>,
        state: &BatchState,
        parent: Option<IssueId>,
        context: &Context<'_>,
    ) -> Option<Self> {
        if issues.len() < 2 {
            return None;
        }
        let id = parent.or_else(|| parent_of(issues.values().map(Box::as_ref)))?;
        let mut parent = issues.remove(&id)?;
        let project = parent.issue.project_id;
        let ids: Vec<IssueId> = issues.keys().copied().collect();
        let mut children = std::mem::take(issues);
        let none = Kin::default();
        let kin: Vec<Kin> = ids
            .iter()
            .map(|id| state.kin.get(id).cloned().unwrap_or_default())
            .collect();
        let merged = merge(
            &mut parent,
            state.kin.get(&id).unwrap_or(&none),
            children.values_mut().map(Box::as_mut),
            &kin,
            context.cause(),
        );
        let mut hashes = Vec::new();
        let mut child_hashes = Vec::new();
        for child in &ids {
            let own = state.issue_hashes.get(child).map_or(&[][..], Vec::as_slice);
            child_hashes.push(hash_list(own));
            hashes.extend(own.iter().map(|hash| HashWrite {
                project,
                hash: *hash,
                issue: Some(id),
            }));
        }
        Some(Self {
            parent,
            children,
            images: merged.images,
            child_hashes,
            hashes,
            write: MergeWrite {
                parent: id,
                children: ids,
                put: merged.put,
            },
        })
    }

    fn rows(
        &self,
        before: &HashMap<IssueId, Box<IssueState>>,
    ) -> (Vec<crate::store::IssueWrite>, Vec<JournalIssueWrite>) {
        let mut journal = Vec::new();
        let mut issues = Vec::new();
        let noted = |state: &IssueState| {
            let id = state.issue.id?;
            Some((id, images(before.get(&id)?, state)))
        };
        if let Some((id, (mut was, mut is))) = noted(&self.parent) {
            was.extend(self.images.0.clone());
            is.extend(self.images.1.clone());
            journal.push(JournalIssueWrite {
                issue: id,
                before: was,
                after: is,
            });
        }
        issues.push(written(self.parent.clone()));
        for (child, hashes) in self.children.values().zip(&self.child_hashes) {
            if let Some((id, (mut was, mut is))) = noted(child) {
                was.insert(HASHES.to_owned(), hashes.clone());
                is.insert(MERGED_INTO.to_owned(), json!(self.write.parent));
                journal.push(JournalIssueWrite {
                    issue: id,
                    before: was,
                    after: is,
                });
            }
            issues.push(restated(child.clone()));
        }
        (issues, journal)
    }
}

/// Fingerprints as an image holds them: digest, and whether it was divided.
pub(super) fn hash_list(hashes: &[crate::store::IssueHash]) -> Value {
    let list: Vec<Value> = hashes
        .iter()
        .map(|hash| json!([hash.hash, hash.is_split]))
        .collect();
    json!(list)
}

/// Does a merge again that was taken back, into the same issue.
pub(super) async fn again(
    store: &impl TriageStore,
    context: &Context<'_>,
    (parent, children): (IssueId, &[IssueId]),
    journal: JournalWrite,
    undone: (i64, Vec<IssueId>),
) -> Result<Merge, StoreError> {
    let mut ids = children.to_vec();
    ids.push(parent);
    ids.sort_unstable();
    let plan = plan(LoadPlan {
        now: Some(context.now),
        issues: ids.clone(),
        ..LoadPlan::default()
    });
    let decide = |mut state: BatchState| {
        let mut done = Merge::default();
        let mut issues = BTreeMap::new();
        for id in &ids {
            match state.issues.remove(id) {
                Some(issue) if !issue.issue.status.is_hidden() => {
                    issues.insert(*id, issue);
                }
                _ => done.skipped.push((*id, Skip::Refused(Refusal::Gone))),
            }
        }
        let before: HashMap<IssueId, Box<IssueState>> = issues
            .iter()
            .map(|(id, state)| (*id, state.clone()))
            .collect();
        let whole = done.skipped.is_empty();
        let joined = whole
            .then(|| Joined::of(&mut issues, &state, Some(parent), context))
            .flatten();
        let effects = match joined {
            None => Effects::default(),
            Some(joined) => {
                done.parent = Some(parent);
                done.children.clone_from(&joined.write.children);
                done.changed.clone_from(&ids);
                let (issues, rows) = joined.rows(&before);
                Effects {
                    now: Some(context.now),
                    issues,
                    actions: Actions {
                        journal: Some(JournalWrite {
                            issues: rows,
                            ..journal.clone()
                        }),
                        undone: Some(undone.clone()),
                        hashes: joined.hashes,
                        merge: Some(joined.write),
                        ..Actions::default()
                    },
                    ..Effects::default()
                }
            }
        };
        (effects, done)
    };
    let (mut merge, revision) = transact(store, &plan, decide).await?;
    merge.revision = revision;
    Ok(merge)
}
