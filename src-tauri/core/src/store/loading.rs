//! Loading the state of a transaction: what the statements of both backends are asked for, and where their answers go.

use super::column::{Stamp, storable};
use super::records::IssueStateRecord;
use super::{BatchState, DUPLICATE_WINDOW, LoadPlan, ProjectState, StoreError};
use crate::model::{EscalationThreshold, IssueId, IssueState, ProjectId, ProjectRules};
use crate::triage::RELEASES_LOOKED_AT;
use sqlx::FromRow;
use std::collections::BTreeSet;

/// What a project sets for its issues.
#[derive(Debug, FromRow)]
pub(super) struct ProjectRecord {
    pub id: i64,
    pub resolve_age_hours: Option<i32>,
    pub feedback_in_inbox: bool,
    pub events_per_hour: Option<f64>,
    pub measured_at: Option<Stamp>,
}

/// Ids of all issues to load, ascending.
pub(super) fn wanted_issues(plan: &LoadPlan, state: &BatchState, waiting: Vec<i64>) -> Vec<i64> {
    let named = plan.issues.iter().chain(state.hashes.values());
    let ids: BTreeSet<i64> = named.map(|id| id.0).chain(waiting).collect();
    ids.into_iter().collect()
}

/// Takes the issues.
pub(super) fn put_issues(
    rows: Vec<IssueStateRecord>,
    plan: &LoadPlan,
    state: &mut BatchState,
) -> Result<(), StoreError> {
    state.issues.reserve(rows.len());
    for row in rows {
        let (id, issue) = row.into_issue()?;
        let issue = IssueState {
            // What was not read must not be written.
            keeps_content: plan.without_content,
            ..IssueState::stored(issue)
        };
        state.issues.insert(id, Box::new(issue));
    }
    Ok(())
}

/// Those of `wanted` that are not loaded.
pub(super) fn unknown_projects(
    wanted: impl Iterator<Item = i64>,
    state: &BatchState,
) -> BTreeSet<i64> {
    wanted
        .filter(|&project| !state.projects.contains_key(&ProjectId(project)))
        .collect()
}

/// Projects of the loaded issues that are not loaded. They get their defaults until they are.
pub(super) fn unknown_projects_of_issues(state: &mut BatchState) -> Vec<i64> {
    let of_issues = state.issues.values().map(|issue| issue.issue.project_id.0);
    let unknown = unknown_projects(of_issues, state);
    for &project in &unknown {
        state
            .projects
            .insert(ProjectId(project), ProjectState::default());
    }
    unknown.into_iter().collect()
}

pub(super) fn put_projects(rows: Vec<ProjectRecord>, state: &mut BatchState) {
    for row in rows {
        let rules = ProjectRules {
            resolve_age_hours: row
                .resolve_age_hours
                .and_then(|hours| u32::try_from(hours).ok()),
            feedback_in_inbox: row.feedback_in_inbox,
        };
        let measured = row.events_per_hour.zip(row.measured_at);
        let project = state.projects.entry(ProjectId(row.id)).or_default();
        project.rules = rules;
        project.threshold = measured.map(|(events_per_hour, at)| EscalationThreshold {
            events_per_hour,
            measured_at: at.0,
        });
    }
}

/// Releases that the batch creates.
pub(super) fn new_releases<'p>(
    plan: &'p LoadPlan,
    state: &BatchState,
) -> Vec<&'p (ProjectId, String)> {
    let is_missing = |(project, version): &&(ProjectId, String)| {
        let stored = (*project, storable(version).into_owned());
        !state.releases.contains_key(&stored)
    };
    plan.new_releases.iter().filter(is_missing).collect()
}

/// Projects in which the batch creates a release.
pub(super) fn projects_with_new_releases(plan: &LoadPlan, state: &BatchState) -> BTreeSet<i64> {
    let new = new_releases(plan, state).into_iter();
    new.map(|(project, _)| project.0).collect()
}

pub(super) fn put_releases(rows: Vec<(i64, String, Stamp)>, state: &mut BatchState) {
    state.releases = rows
        .into_iter()
        .map(|(project, version, added)| ((ProjectId(project), version), added.0))
        .collect();
}

pub(super) fn put_issue_releases(rows: Vec<(i64, String, String, Stamp)>, state: &mut BatchState) {
    state.issue_releases = rows
        .into_iter()
        .map(|(id, release, environment, seen)| ((IssueId(id), release, environment), seen.0))
        .collect();
}

/// Messages processed after this time are recognised.
pub(super) fn duplicates_since(plan: &LoadPlan) -> Stamp {
    let now = plan.now.unwrap_or_default();
    Stamp::of(now.checked_sub_signed(DUPLICATE_WINDOW).unwrap_or(now))
}

/// Takes places in the plan's list of messages.
pub(super) fn put_recent_messages(places: Vec<i64>, plan: &LoadPlan, state: &mut BatchState) {
    let messages = places
        .into_iter()
        .filter_map(|place| plan.messages.get(usize::try_from(place).ok()?));
    state.recent_messages = messages.cloned().collect();
}

/// Loaded projects whose releases decide about one of the loaded issues.
pub(super) fn projects_with_releases(plan: &LoadPlan, state: &BatchState) -> BTreeSet<i64> {
    let deciding = state
        .issues
        .values()
        .filter(|issue| plan.all_releases || issue.resolution.get().is_some());
    deciding.map(|issue| issue.issue.project_id.0).collect()
}

/// How many releases of a project to load; nothing for all of them.
pub(super) fn most_releases(plan: &LoadPlan) -> Option<i64> {
    let sample = i64::try_from(RELEASES_LOOKED_AT).unwrap_or(i64::MAX);
    (!plan.all_releases).then_some(sample)
}

/// Takes releases in any order.
pub(super) fn put_newest_releases(rows: Vec<(i64, String, Stamp)>, state: &mut BatchState) {
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|(project, version, added)| (project, added.0, version))
        .collect();
    rows.sort_by(|a, b| b.cmp(a));
    for (project, added, version) in rows {
        let project = state.projects.entry(ProjectId(project)).or_default();
        project.newest_releases.push((version, added));
    }
}
