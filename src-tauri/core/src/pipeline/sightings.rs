//! Environments and releases in which the issues of a batch were seen (occurrences spec, section 12.3).

use crate::model::{Event, IssueId, ProjectId};
use crate::store::{BatchState, IssueEnvironmentWrite, IssueReleaseWrite, ReleaseWrite, Slot};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A stored sighting of a release moves only when the event is newer by more than this.
const STEP: TimeDelta = TimeDelta::seconds(60);

#[derive(Debug)]
pub(super) struct Sightings {
    now: DateTime<Utc>,
    /// Releases that events of this batch carry into the store.
    releases: BTreeMap<(ProjectId, String), ReleaseCounts>,
    environments: HashSet<(Slot, String)>,
    environment_writes: Vec<IssueEnvironmentWrite>,
    places: HashMap<(Slot, String, String), usize>,
    release_writes: Vec<IssueReleaseWrite>,
}

#[derive(Debug, Default)]
struct ReleaseCounts {
    /// Newest event time; nothing for a release that is only counted into.
    date_added: Option<DateTime<Utc>>,
    new_groups: u32,
    new_issues: BTreeMap<String, u32>,
}

impl Sightings {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            now,
            releases: BTreeMap::new(),
            environments: HashSet::new(),
            environment_writes: Vec::new(),
            places: HashMap::new(),
            release_writes: Vec::new(),
        }
    }

    /// A stored event carries this release.
    pub fn release(&mut self, project: ProjectId, version: &str, event_time: DateTime<Utc>) {
        let counts = self.counts(project, version);
        counts.date_added = counts.date_added.max(Some(event_time));
    }

    /// Whether a stored event of this batch has carried this release.
    pub fn creates(&self, project: ProjectId, version: &str) -> bool {
        self.releases
            .get(&(project, version.to_owned()))
            .is_some_and(|counts| counts.date_added.is_some())
    }

    /// Releases that stored events of this batch carry, with their newest event time, by that time.
    pub fn carried(&self) -> Vec<(ProjectId, &str, DateTime<Utc>)> {
        let mut carried: Vec<_> = self
            .releases
            .iter()
            .filter_map(|((project, version), counts)| {
                Some((*project, version.as_str(), counts.date_added?))
            })
            .collect();
        carried.sort_by_key(|(_, _, date_added)| *date_added);
        carried
    }

    /// An occurrence reached an issue.
    pub fn see(
        &mut self,
        slot: Slot,
        id: Option<IssueId>,
        opens: bool,
        event: &Event,
        release: Option<&str>,
        state: &BatchState,
    ) {
        let environment = &event.environment;
        let is_known = id.is_some_and(|id| {
            state
                .issue_environments
                .contains(&(id, environment.clone()))
        });
        let is_new = !is_known && self.environments.insert((slot, environment.clone()));
        if is_new {
            self.environment_writes.push(IssueEnvironmentWrite {
                slot,
                environment: environment.clone(),
                first_release: release.map(str::to_owned),
                first_seen: self.now,
            });
        }
        let Some(version) = release else { return };
        if opens || is_new {
            let counts = self.counts(event.project_id, version);
            counts.new_groups += u32::from(opens);
            if is_new {
                *counts.new_issues.entry(environment.clone()).or_default() += 1;
            }
        }
        self.see_release(slot, id, version, event, state);
    }

    fn see_release(
        &mut self,
        slot: Slot,
        id: Option<IssueId>,
        version: &str,
        event: &Event,
        state: &BatchState,
    ) {
        let key = (slot, version.to_owned(), event.environment.clone());
        if let Some(&place) = self.places.get(&key) {
            let write = &mut self.release_writes[place];
            if event.timestamp > write.last_seen + STEP {
                write.last_seen = event.timestamp;
            }
            return;
        }
        let stored = id.and_then(|id| {
            let key = (id, version.to_owned(), event.environment.clone());
            state.issue_releases.get(&key).copied()
        });
        if stored.is_some_and(|last_seen| event.timestamp <= last_seen + STEP) {
            return;
        }
        self.places.insert(key, self.release_writes.len());
        self.release_writes.push(IssueReleaseWrite {
            slot,
            release: version.to_owned(),
            environment: event.environment.clone(),
            first_seen: event.timestamp,
            last_seen: event.timestamp,
        });
    }

    fn counts(&mut self, project: ProjectId, version: &str) -> &mut ReleaseCounts {
        self.releases
            .entry((project, version.to_owned()))
            .or_default()
    }

    /// The rows to write.
    pub fn finish(
        self,
    ) -> (
        Vec<ReleaseWrite>,
        Vec<IssueEnvironmentWrite>,
        Vec<IssueReleaseWrite>,
    ) {
        let releases = self
            .releases
            .into_iter()
            .map(|((project_id, version), counts)| ReleaseWrite {
                project_id,
                version,
                date_added: counts.date_added.unwrap_or(self.now),
                new_groups: counts.new_groups,
                new_issues: counts.new_issues.into_iter().collect(),
            });
        (
            releases.collect(),
            self.environment_writes,
            self.release_writes,
        )
    }
}
