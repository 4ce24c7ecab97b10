//! Carries out what people ask for, on any number of issues.

use crate::model::{Directory, IssueId, ProjectId};
use crate::store::{
    BatchState, Effects, IssueWrite, LoadPlan, ProjectState, StoreError, TriageStore,
};
use crate::triage::{Cause, IssueChange, ProjectReleases, Refusal, Surroundings, change_issue};
use crate::view::{IssueChangeReport, SkippedIssue, count};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

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
    fn add(&mut self, later: Self) {
        self.changed.extend(later.changed);
        self.unchanged.extend(later.unchanged);
        self.refused.extend(later.refused);
        self.revision = later.revision;
    }
}

/// Changes issues, a transaction for every few hundred of them. An issue that is named twice counts once.
///
/// # Errors
/// When the store fails; what was changed until then stays.
pub async fn change_issues(
    store: &impl TriageStore,
    ids: &[IssueId],
    change: &IssueChange,
    directory: &Directory,
    cause: Cause,
) -> Result<Changed, StoreError> {
    let mut named = HashSet::new();
    let ids: Vec<IssueId> = ids.iter().copied().filter(|id| named.insert(*id)).collect();
    let request = Request {
        change,
        directory,
        cause,
        alone: ids.len() == 1,
    };
    let mut total = Changed::default();
    let mut projects = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let plan = plan(chunk, change, cause.now);
        let report = Mutex::new((Changed::default(), BTreeSet::new()));
        let decide = |state| {
            let (effects, changed, projects) = request.decide(state, chunk, &projects);
            *report.lock().unwrap_or_else(PoisonError::into_inner) = (changed, projects);
            effects
        };
        let commit = store.apply(&plan, &decide).await?;
        let (mut changed, seen) = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        changed.revision = commit.revision;
        total.add(changed);
        projects = seen;
    }
    Ok(total)
}

fn plan(ids: &[IssueId], change: &IssueChange, now: DateTime<Utc>) -> LoadPlan {
    let mut issues = ids.to_vec();
    issues.sort_unstable();
    let counts_users = matches!(change, IssueChange::ArchiveUntil(until) if until.records_users());
    let counts_sightings = counts_users || *change == IssueChange::ArchiveUntilEscalating;
    LoadPlan {
        now: Some(now),
        counted_issues: if counts_sightings {
            issues.clone()
        } else {
            Vec::new()
        },
        counts_users,
        issues,
        all_releases: is_about_releases(change),
        ..LoadPlan::default()
    }
}

fn is_about_releases(change: &IssueChange) -> bool {
    matches!(
        change,
        IssueChange::ResolveInRelease(_) | IssueChange::ResolveInNextRelease
    )
}

/// What is asked for.
struct Request<'a> {
    change: &'a IssueChange,
    directory: &'a Directory,
    cause: Cause,
    alone: bool,
}

impl Request<'_> {
    /// Changes the issues of one transaction. `projects` are those of the transactions before it; answers them with
    /// its own.
    fn decide(
        &self,
        mut state: BatchState,
        ids: &[IssueId],
        projects: &BTreeSet<ProjectId>,
    ) -> (Effects, Changed, BTreeSet<ProjectId>) {
        let issues: Vec<_> = ids
            .iter()
            .map(|id| (*id, state.issues.remove(id)))
            .collect();
        let mut projects = projects.clone();
        let loaded = issues.iter().filter_map(|(_, issue)| issue.as_ref());
        projects.extend(loaded.map(|issue| issue.issue.project_id));
        let is_spread = is_about_releases(self.change) && projects.len() > 1;

        let mut effects = Effects {
            now: Some(self.cause.now),
            ..Effects::default()
        };
        let mut report = Changed::default();
        let unknown = ProjectState::default();
        let added = added(&state);
        let mut seen_in = seen_in(&state);
        for (id, issue) in issues {
            let Some(mut issue) = issue else {
                report.refused.push((id, Refusal::Gone));
                continue;
            };
            if is_spread {
                report.refused.push((id, Refusal::SeveralProjects));
                continue;
            }
            let project = issue.issue.project_id;
            let releases = state.projects.get(&project).unwrap_or(&unknown);
            let around = Surroundings {
                cause: self.cause,
                directory: self.directory,
                releases: ProjectReleases {
                    project,
                    newest: &releases.newest_releases,
                    added: &added,
                },
                seen_in: &Vec::from_iter(seen_in.remove(&id).unwrap_or_default()),
                alone: self.alone,
                secret: "",
            };
            match change_issue(&mut issue, self.change, &around) {
                Ok(true) => {
                    report.changed.push(id);
                    effects.issues.push(IssueWrite {
                        state: issue,
                        new_hash: None,
                        hours: Vec::new(),
                    });
                }
                Ok(false) => report.unchanged.push(id),
                Err(refusal) => report.refused.push((id, refusal)),
            }
        }
        (effects, report, projects)
    }
}

/// When the loaded releases were added.
fn added(state: &BatchState) -> HashMap<(ProjectId, String), DateTime<Utc>> {
    let of_project = |(&project, known): (&ProjectId, &ProjectState)| {
        let releases = known.newest_releases.clone().into_iter();
        releases.map(move |(version, added)| ((project, version), added))
    };
    state.projects.iter().flat_map(of_project).collect()
}

/// Releases the issues were seen in, with the latest time in any environment.
fn seen_in(state: &BatchState) -> HashMap<IssueId, BTreeMap<&str, DateTime<Utc>>> {
    let mut seen_in: HashMap<IssueId, BTreeMap<&str, DateTime<Utc>>> = HashMap::new();
    for ((issue, release, _), last_seen) in &state.issue_releases {
        let latest = seen_in
            .entry(*issue)
            .or_default()
            .entry(release)
            .or_insert(*last_seen);
        *latest = (*latest).max(*last_seen);
    }
    seen_in
}
