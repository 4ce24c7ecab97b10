//! Carries out what people ask for, on any number of issues.

use crate::model::{Directory, IssueId};
use crate::store::{
    BatchState, Effects, IssueWrite, LoadPlan, ProjectState, StoreError, TriageStore,
};
use crate::triage::{Cause, IssueChange, ProjectReleases, Refusal, Surroundings, change_issue};
use crate::view::{ChangeReport, SkippedIssue, count};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
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

impl From<Changed> for ChangeReport {
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

/// Changes issues, a transaction for every few hundred of them.
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
    let mut total = Changed::default();
    for chunk in ids.chunks(CHUNK) {
        let plan = plan(chunk, change, cause.now);
        let report = Mutex::new(Changed::default());
        let decide = |state| {
            let (effects, changed) = decide(state, chunk, change, directory, cause, ids.len() == 1);
            *report.lock().unwrap_or_else(PoisonError::into_inner) = changed;
            effects
        };
        let commit = store.apply(&plan, &decide).await?;
        let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.revision = commit.revision;
        total.add(report);
    }
    Ok(total)
}

fn plan(ids: &[IssueId], change: &IssueChange, now: DateTime<Utc>) -> LoadPlan {
    let mut issues = ids.to_vec();
    issues.sort_unstable();
    issues.dedup();
    let counts_sightings = matches!(
        change,
        IssueChange::ArchiveUntilEscalating | IssueChange::ArchiveUntil(_)
    );
    LoadPlan {
        now: Some(now),
        counted_issues: if counts_sightings {
            issues.clone()
        } else {
            Vec::new()
        },
        issues,
        all_releases: matches!(
            change,
            IssueChange::ResolveInRelease(_) | IssueChange::ResolveInNextRelease
        ),
        ..LoadPlan::default()
    }
}

fn decide(
    mut state: BatchState,
    ids: &[IssueId],
    change: &IssueChange,
    directory: &Directory,
    cause: Cause,
    alone: bool,
) -> (Effects, Changed) {
    let mut effects = Effects {
        now: Some(cause.now),
        ..Effects::default()
    };
    let mut report = Changed::default();
    let unknown = ProjectState::default();
    for &id in ids {
        let Some(mut issue) = state.issues.remove(&id) else {
            // A second mention of an issue finds it dealt with.
            if !report.changed.contains(&id) && !report.unchanged.contains(&id) {
                report.refused.push((id, Refusal::Gone));
            }
            continue;
        };
        let project = issue.issue.project_id;
        let releases = state.projects.get(&project).unwrap_or(&unknown);
        let added = releases
            .newest_releases
            .iter()
            .map(|(version, added)| ((project, version.clone()), *added))
            .collect();
        let seen_in = seen_in(&state, id);
        let around = Surroundings {
            cause,
            directory,
            releases: ProjectReleases {
                project,
                newest: &releases.newest_releases,
                added: &added,
            },
            seen_in: &seen_in,
            alone,
        };
        match change_issue(&mut issue, change, &around) {
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
    (effects, report)
}

/// Releases an issue was seen in, with the latest time in any environment.
fn seen_in(state: &BatchState, id: IssueId) -> Vec<(&str, DateTime<Utc>)> {
    let mut latest: HashMap<&str, DateTime<Utc>> = HashMap::new();
    for ((issue, release, _), last_seen) in &state.issue_releases {
        if *issue == id {
            let seen = latest.entry(release).or_insert(*last_seen);
            *seen = (*seen).max(*last_seen);
        }
    }
    latest.into_iter().collect()
}
