//! An action that was checked, before anything has changed.

use super::action::Action;
use super::chunk::Skip;
use super::delete;
use super::merge::category;
use super::request::{Context, Scope, selected};
use super::update::{Checked, check};
use super::{BadRequest, BulkError, title};
use crate::model::{Category, IssueId, ProjectId};
use crate::store::{IssueHead, JournalKind, QueryStore};
use crate::triage::Refusal;
use std::collections::{HashMap, HashSet};

/// The issues of a request that it is not about.
pub(super) fn out_of_scope(scope: Scope<'_>, heads: &[IssueHead]) -> Vec<(IssueId, Skip)> {
    let known: HashSet<IssueId> = heads.iter().map(|head| head.id).collect();
    let mut named = HashSet::new();
    scope
        .ids
        .iter()
        .filter(|id| !known.contains(id) && named.insert(**id))
        .map(|id| (*id, Skip::Refused(Refusal::Gone)))
        .collect()
}

/// The order in which issues are dealt with. A job keeps it when it goes on, whatever they are like by then.
pub(super) fn arranged(
    scope: Scope<'_>,
    action: &Action,
    mut heads: Vec<IssueHead>,
) -> Vec<IssueHead> {
    match action {
        // Neighbours are changed together: a transaction then writes fewer pages.
        Action::Update(_) => heads.sort_by_key(|head| head.id),
        Action::Delete | Action::Discard => {
            let places: HashMap<ProjectId, usize> =
                selected(scope, &heads).into_iter().zip(0..).collect();
            heads
                .sort_by_key(|head| (places.get(&head.project).copied(), head.times_seen, head.id));
        }
    }
    heads
}

/// An action that was checked, with its issues in the order in which they are dealt with.
pub(super) struct Prepared {
    pub order: Vec<(ProjectId, IssueId)>,
    /// How many issues of the job are dealt with once each of these is.
    pub reached: Vec<u64>,
    pub what: What,
    pub title: String,
    pub total: u64,
    /// Whether it was to merge issues of several projects. What else it asks for is done.
    pub merges_apart: bool,
}

#[derive(Clone)]
pub(super) enum What {
    Update(Box<Checked>),
    Remove(JournalKind),
}

impl Prepared {
    pub(super) async fn of(
        store: &impl QueryStore,
        scope: Scope<'_>,
        action: &Action,
        heads: Vec<IssueHead>,
        context: &Context<'_>,
    ) -> Result<Self, BulkError> {
        let projects = selected(scope, &heads);
        let mut merges_apart = false;
        let (what, title) = match action {
            Action::Update(body) if body.discard => {
                return Err(BadRequest::new("discard", "is an action of its own").into());
            }
            Action::Update(body) => {
                merges_apart =
                    body.merge && heads.iter().any(|head| head.project != heads[0].project);
                let mut checked =
                    check(store, (**body).clone(), &projects, &heads, context).await?;
                // Not made now, and so not by a job that goes on with those of one project, either.
                checked.body.merge &= !merges_apart;
                let title = title::of_update(&checked.body, context.directory);
                (What::Update(Box::new(checked)), title)
            }
            Action::Delete | Action::Discard => {
                let (kind, parameter) = match action {
                    Action::Discard => (JournalKind::Discard, "discard"),
                    _ => (JournalKind::Delete, "id"),
                };
                let is_error =
                    |head: &IssueHead| category(head.group_type) == Some(Category::Error);
                if !context.rules.allow_non_error && !heads.iter().all(is_error) {
                    let problem = "names issues that are no errors; only error issues are deleted";
                    return Err(BadRequest::new(parameter, problem).into());
                }
                (What::Remove(kind), delete::title(kind).to_owned())
            }
        };
        let order: Vec<_> = heads.iter().map(|head| (head.project, head.id)).collect();
        let total = order.len() as u64;
        Ok(Self {
            order,
            reached: (1..=total).collect(),
            total,
            what,
            title,
            merges_apart,
        })
    }

    /// How many issues of the job are dealt with once so many of these are.
    pub(super) fn reached(&self, dealt: usize) -> u64 {
        match dealt.checked_sub(1).and_then(|last| self.reached.get(last)) {
            Some(_) if dealt == self.order.len() => self.total,
            Some(reached) => *reached,
            None => 0,
        }
    }

    pub(super) fn is_merge(&self) -> bool {
        match &self.what {
            What::Update(checked) => checked.body.merge && self.order.len() > 1,
            What::Remove(_) => false,
        }
    }

    /// What a job keeps to go on with: what was looked up when it began is not looked up again.
    pub(super) fn action(&self) -> Action {
        match &self.what {
            What::Update(checked) => Action::from(checked.body.clone()),
            What::Remove(JournalKind::Discard) => Action::Discard,
            What::Remove(_) => Action::Delete,
        }
    }

    /// Whether all that is asked for is a merge that is not made.
    pub(super) fn is_nothing(&self) -> bool {
        match &self.what {
            What::Update(checked) => self.merges_apart && checked.changes().is_empty(),
            What::Remove(_) => false,
        }
    }

    /// The projects of some of the issues of a delete, in their order.
    pub(super) fn projects_of(&self, issues: &[IssueId]) -> Vec<ProjectId> {
        let issues: HashSet<IssueId> = issues.iter().copied().collect();
        let of_these = self.order.iter().filter(|(_, id)| issues.contains(id));
        let mut projects: Vec<ProjectId> = of_these.map(|(project, _)| *project).collect();
        // They are in a row.
        projects.dedup();
        projects
    }

    /// What a delete is about, project by project, in their order.
    pub(super) fn by_project(self) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for (project, id) in self.order {
            let is_next = |part: &Self| part.order.last().map(|(last, _)| *last) != Some(project);
            if parts.last().is_none_or(is_next) {
                parts.push(Self {
                    order: Vec::new(),
                    reached: Vec::new(),
                    what: self.what.clone(),
                    title: self.title.clone(),
                    total: 0,
                    merges_apart: false,
                });
            }
            if let Some(part) = parts.last_mut() {
                part.order.push((project, id));
                part.total += 1;
                part.reached.push(part.total);
            }
        }
        parts
    }
}
