//! Folds a batch into effects: what its messages change, decided in memory on the state that the transaction loaded
//! (occurrences spec, sections 2 and 5 to 15). Pure: called again when a transaction has to be repeated.

use super::apply::{Applied, Work, apply};
use super::batch::BatchItem;
use super::buckets::Buckets;
use super::route::Router;
use crate::decode::{Mode, ProjectPolicy};
use crate::limits::{Grants, Used};
use crate::model::{Directory, Event, EventId, IssueId, Measures, ProjectId};
use crate::store::{BatchState, Effects, ProjectState};
use crate::triage::{ProjectReleases, repoint};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Events that occurrences of this batch refer to and that were stored before it.
pub(super) type StoredEvents = HashMap<(ProjectId, EventId), Event>;

/// Issues a thread takes at once; below twice as many, one thread does it all.
const ISSUES_A_THREAD: usize = 32;

/// What a fold goes by.
#[derive(Debug, Clone)]
pub(super) struct FoldRules {
    /// Processing time of the batch.
    pub now: DateTime<Utc>,
    /// How records are taken in.
    pub mode: Mode,
    /// Whether pointless status changes are left out.
    pub prune_status_changes: bool,
    /// Which projects are accepted.
    pub projects: ProjectPolicy,
    /// Features that are switched on.
    pub features: Arc<BTreeSet<String>>,
    /// Whom issues can be handed to.
    pub directory: Arc<Directory>,
}

impl FoldRules {
    /// The order in which `items` are processed, given the dead letters among them that nobody has dealt with.
    pub fn buckets(&self, items: &[BatchItem], open_letters: &HashSet<i64>) -> Buckets {
        let prunes = self.prune_status_changes;
        Buckets::of(items, open_letters, self.mode, prunes, &self.projects)
    }
}

/// Decides what a batch changes, and says what it took of the counters.
pub(super) fn fold(
    items: &[BatchItem],
    buckets: &Buckets,
    stored_events: &StoredEvents,
    rules: &FoldRules,
    state: BatchState,
    grants: &Grants,
) -> (Effects, Used) {
    let mut router = Router::new(rules, stored_events, state, grants);
    for &place in &buckets.pruned {
        router.prune(&items[place]);
    }
    for &place in buckets.order.iter().flatten() {
        router.take(place, &items[place]);
    }
    let repointed = follow_new_releases(&mut router);
    let applied = apply_all(&mut router, repointed);
    finish(router, applied, items, buckets)
}

/// Releases that appear with this batch settle the resolutions that wait for them. Answers the issues concerned.
fn follow_new_releases(router: &mut Router<'_>) -> BTreeSet<IssueId> {
    let appeared: Vec<_> = router
        .sightings
        .carried()
        .into_iter()
        .map(|(project, version, date)| (project, version.to_owned(), date))
        .filter(|(project, version, _)| {
            !router
                .state
                .releases
                .contains_key(&(*project, version.clone()))
        })
        .collect();
    let mut repointed = BTreeSet::new();
    for (project, version, date) in &appeared {
        let loaded = router.state.issues.values_mut().map(Box::as_mut);
        let working = router.work.iter_mut().filter_map(Work::loaded);
        for state in loaded
            .chain(working)
            .filter(|state| state.issue.project_id == *project)
        {
            if repoint(state, version, *date) {
                repointed.extend(state.issue.id);
            }
        }
    }
    for (project, version, date) in appeared {
        let known = router.state.projects.entry(project).or_default();
        known.newest_releases.push((version.clone(), date));
        known
            .newest_releases
            .sort_by_key(|(version, date)| Reverse((*date, version.clone())));
        router.state.releases.insert((project, version), date);
    }
    repointed
}

fn apply_all(router: &mut Router<'_>, repointed: BTreeSet<IssueId>) -> Vec<Applied> {
    for id in repointed {
        router.slot_of_loaded(id);
    }
    let work = std::mem::take(&mut router.work);
    let (state, rules) = (&router.state, router.rules);
    let unknown = ProjectState::default();
    let one = |work: Work<'_>| {
        let project = state.projects.get(&work.project).unwrap_or(&unknown);
        let releases = ProjectReleases {
            project: work.project,
            newest: &project.newest_releases,
            added: &state.releases,
        };
        apply(work, project, &releases, rules)
    };
    if work.len() < 2 * ISSUES_A_THREAD {
        return work.into_iter().map(one).collect();
    }
    work.into_par_iter()
        .with_min_len(ISSUES_A_THREAD)
        .map(one)
        .collect()
}

fn finish(
    mut router: Router<'_>,
    applied: Vec<Applied>,
    items: &[BatchItem],
    buckets: &Buckets,
) -> (Effects, Used) {
    let mut writes = Vec::with_capacity(applied.len());
    let mut measures = Measures::default();
    measures.add(&buckets.measures);
    for applied in applied {
        for (place, ending) in applied.endings {
            router.end(&items[place], ending);
        }
        measures.add(&applied.measures);
        writes.push(applied.write);
    }
    measures.add(&router.measures);
    let mut effects = router.effects;
    effects.issues = writes;
    effects.environments = router.environments.into_iter().collect();
    let (releases, issue_environments, issue_releases) = router.sightings.finish();
    effects.releases = releases;
    effects.issue_environments = issue_environments;
    effects.issue_releases = issue_releases;
    effects.outcomes = router.outcomes.rows();
    effects.tally = router.outcomes.tally;
    effects.measures = measures;
    (effects, router.spending.finish())
}
