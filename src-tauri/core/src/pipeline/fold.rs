//! Folds a batch into effects: the decision which issue each occurrence opens or joins, made in memory on the state
//! that the transaction loaded (occurrences spec, sections 5, 6, 8 and 12). Pure: called again when a transaction
//! has to be repeated.

use super::batch::BatchItem;
use super::issue_values::{new_issue, update_issue};
use crate::decode::{EventPath, OccurrenceMessage};
use crate::model::{
    Category, DropReason, Event, EventId, GroupHash, GroupType, IssueId, IssueState, OccurrenceId, ProjectId,
    RejectReason, Rejection, Verdict,
};
use crate::source::Record;
use crate::store::{
    BatchState, DeadLetterWrite, Effects, Ending, EventWrite, IssueEnvironmentWrite, IssueReleaseWrite,
    IssueWrite, LoadPlan, OccurrenceWrite, ReleaseWrite, Slot,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Events that occurrences of this batch refer to and that were stored before it.
pub(super) type StoredEvents = HashMap<(ProjectId, EventId), Event>;

/// A stored sighting of a release moves only when the event is newer by more than this (section 12.3).
const RELEASE_SIGHTING_STEP: TimeDelta = TimeDelta::seconds(60);

/// Events that occurrences of a batch refer to without carrying them. Distinct and sorted.
pub(super) fn referred_events(items: &[BatchItem]) -> Vec<(ProjectId, EventId)> {
    let referred: BTreeSet<_> = items
        .iter()
        .filter_map(|item| match &item.verdict {
            Verdict::Keep(message) if message.event == EventPath::Lookup => {
                Some((message.occurrence.project_id, message.occurrence.event_id))
            }
            _ => None,
        })
        .collect();
    referred.into_iter().collect()
}

/// What the store has to load before [`fold`] can run.
pub(super) fn plan(items: &[BatchItem], stored_events: &StoredEvents) -> LoadPlan {
    let mut projects = BTreeSet::new();
    let mut hashes = BTreeSet::new();
    let mut releases = BTreeSet::new();
    for item in items {
        let Verdict::Keep(message) = &item.verdict else {
            continue;
        };
        let occurrence = &message.occurrence;
        projects.insert(occurrence.project_id);
        hashes.insert((occurrence.project_id, occurrence.primary_hash()));
        let event = match &message.event {
            EventPath::Light(event) | EventPath::Inline(event) => Some(&**event),
            EventPath::Lookup => stored_events.get(&(occurrence.project_id, occurrence.event_id)),
        };
        if let Some(release) = event.and_then(|event| event.release.as_ref()) {
            releases.insert((occurrence.project_id, release.clone()));
        }
    }
    LoadPlan {
        projects: projects.into_iter().collect(),
        hashes: hashes.into_iter().collect(),
        releases: releases.into_iter().collect(),
        ..LoadPlan::default()
    }
}

/// Decides what a batch changes.
pub(super) fn fold(
    items: &[BatchItem],
    stored_events: &StoredEvents,
    state: BatchState,
    now: DateTime<Utc>,
) -> Effects {
    let mut fold = Fold::new(stored_events, state, now);
    for item in items {
        let project = match &item.verdict {
            Verdict::Keep(message) => message.occurrence.project_id,
            Verdict::Drop(_) | Verdict::Reject(_) => ProjectId(0),
        };
        let ending = match &item.verdict {
            Verdict::Keep(message) => match fold.occurrence(&item.record, message) {
                Ok(ending) => ending,
                Err(rejection) => fold.dead_letter(&item.record, &rejection),
            },
            Verdict::Drop(reason) => Ending::Dropped(*reason),
            Verdict::Reject(rejection) => fold.dead_letter(&item.record, rejection),
        };
        fold.effects.tally.count(ending);
        *fold.outcomes.entry((project, ending)).or_default() += 1;
    }
    fold.finish()
}

/// What a hash leads to.
enum IssueOf {
    Nobody,
    OtherCategory,
    Slot(Slot),
}

/// Where a key of a replaceable row stands in the effects.
type RowIndex<K> = HashMap<K, usize>;

struct Fold<'a> {
    stored_events: &'a StoredEvents,
    state: BatchState,
    now: DateTime<Utc>,
    effects: Effects,
    slots: HashMap<IssueId, Slot>,
    /// Issues opened by this batch.
    opened: HashMap<(ProjectId, GroupHash), Slot>,
    hours: Vec<BTreeMap<i32, u32>>,
    events: RowIndex<(ProjectId, EventId)>,
    batch_events: HashMap<(ProjectId, EventId), Event>,
    occurrences: RowIndex<(ProjectId, OccurrenceId)>,
    environments: BTreeSet<(ProjectId, String)>,
    issue_environments: HashSet<(Slot, String)>,
    issue_releases: RowIndex<(Slot, String, String)>,
    releases: BTreeMap<(ProjectId, String), ReleaseCounts>,
    outcomes: BTreeMap<(ProjectId, Ending), u32>,
}

#[derive(Default)]
struct ReleaseCounts {
    date_added: Option<DateTime<Utc>>,
    new_groups: u32,
    new_issues: BTreeMap<String, u32>,
}

impl<'a> Fold<'a> {
    fn new(stored_events: &'a StoredEvents, state: BatchState, now: DateTime<Utc>) -> Self {
        Self {
            stored_events,
            state,
            now,
            effects: Effects {
                now: Some(now),
                ..Effects::default()
            },
            slots: HashMap::new(),
            opened: HashMap::new(),
            hours: Vec::new(),
            events: HashMap::new(),
            batch_events: HashMap::new(),
            occurrences: HashMap::new(),
            environments: BTreeSet::new(),
            issue_environments: HashSet::new(),
            issue_releases: HashMap::new(),
            releases: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Sections 5 and 6: find the event, store what is stored before any decision, then decide.
    fn occurrence(
        &mut self,
        record: &Record,
        message: &'a OccurrenceMessage,
    ) -> Result<Ending, Rejection> {
        let occurrence = &message.occurrence;
        let project = occurrence.project_id;
        let event = self.event(message)?;
        if let EventPath::Inline(event) = &message.event {
            self.store_event(event);
            if let Some(version) = &event.release {
                let counts = self.releases.entry((project, version.clone())).or_default();
                counts.date_added = counts.date_added.max(Some(event.timestamp));
                self.state.releases.insert((project, version.clone()), event.timestamp);
            }
        }
        self.environments
            .insert((project, event.environment.clone()));
        let release = event
            .release
            .as_ref()
            .filter(|version| self.state.releases.contains_key(&(project, (*version).clone())));
        let row = self.store_occurrence(record, message, &event, release.cloned());

        let (slot, is_new) = match self.issue_of(
            project,
            occurrence.primary_hash(),
            occurrence.group_type.category,
        ) {
            IssueOf::Nobody => (self.open_issue(message, &event, release.cloned()), true),
            IssueOf::OtherCategory => return Ok(Ending::Dropped(DropReason::CategoryMismatch)),
            IssueOf::Slot(slot) => {
                update_issue(&mut self.effects.issues[slot.0].state.issue, occurrence, &event);
                (slot, false)
            }
        };
        self.effects.occurrences[row].slot = Some(slot);
        let hour = i32::try_from(event.timestamp.timestamp().div_euclid(3600)).unwrap_or(0);
        *self.hours[slot.0].entry(hour).or_default() += 1;
        self.sighting(slot, is_new, &event, release);
        Ok(if is_new {
            Ending::Created
        } else {
            Ending::Updated
        })
    }

    /// The event of an occurrence. A look-up sees what this batch has stored before it, then the store.
    fn event(
        &self,
        message: &'a OccurrenceMessage,
    ) -> Result<std::borrow::Cow<'a, Event>, Rejection> {
        use std::borrow::Cow;
        match &message.event {
            EventPath::Light(event) | EventPath::Inline(event) => Ok(Cow::Borrowed(event)),
            EventPath::Lookup => {
                let key = (message.occurrence.project_id, message.occurrence.event_id);
                if let Some(event) = self.batch_events.get(&key) {
                    return Ok(Cow::Owned(event.clone()));
                }
                self.stored_events.get(&key).map(Cow::Borrowed).ok_or_else(|| {
                    Rejection::new(
                        RejectReason::EventLookupFailed,
                        format!("event {} of project {} is not stored, and the message carries no event", key.1, key.0),
                    )
                })
            }
        }
    }

    fn store_event(&mut self, event: &Event) {
        self.batch_events.insert((event.project_id, event.event_id), event.clone());
        match self.events.entry((event.project_id, event.event_id)) {
            std::collections::hash_map::Entry::Occupied(row) => {
                if let Some(write) = event_write(event) {
                    self.effects.events[*row.get()] = write;
                }
            }
            std::collections::hash_map::Entry::Vacant(row) => {
                row.insert(self.effects.events.len());
                self.effects.events.extend(event_write(event));
            }
        }
    }

    /// Stores the occurrence before any decision about its issue, so one that is dropped later is still there.
    fn store_occurrence(
        &mut self,
        record: &Record,
        message: &OccurrenceMessage,
        event: &Event,
        release: Option<String>,
    ) -> usize {
        let occurrence = &message.occurrence;
        let write = OccurrenceWrite {
            id: occurrence.id,
            project_id: occurrence.project_id,
            event_id: occurrence.event_id,
            slot: None,
            event_time: event.timestamp,
            environment: event.environment.clone(),
            release,
            user: None,
            payload: Arc::clone(&message.occurrence_json),
            light_tags: match &message.event {
                EventPath::Light(event) => event.tags.clone(),
                EventPath::Inline(_) | EventPath::Lookup => Vec::new(),
            },
            topic: Arc::clone(&record.topic),
            partition: record.partition,
            offset: record.offset,
            key: record.key.clone(),
        };
        let rows = &mut self.effects.occurrences;
        let row = *self
            .occurrences
            .entry((occurrence.project_id, occurrence.id))
            .or_insert(rows.len());
        if row == rows.len() {
            rows.push(write);
        } else {
            rows[row] = write;
        }
        row
    }

    /// The issue a hash leads to, opened by this batch or loaded. A loaded issue joins the effects only once an
    /// occurrence really goes into it.
    fn issue_of(&mut self, project: ProjectId, hash: GroupHash, category: Category) -> IssueOf {
        let id = self.state.hashes.get(&(project, hash)).copied();
        let slot = self
            .opened
            .get(&(project, hash))
            .or_else(|| self.slots.get(&id?))
            .copied();
        let issue = match (slot, id) {
            (Some(slot), _) => Some(&self.effects.issues[slot.0].state.issue),
            (None, Some(id)) => self.state.issues.get(&id).map(|state| &state.issue),
            (None, None) => None,
        };
        let Some(issue) = issue else {
            return IssueOf::Nobody;
        };
        if GroupType::by_id(issue.group_type).map(|group_type| group_type.category)
            != Some(category)
        {
            return IssueOf::OtherCategory;
        }
        if let Some(slot) = slot {
            return IssueOf::Slot(slot);
        }
        let loaded = id.and_then(|id| self.state.issues.remove(&id).map(|issue| (id, issue)));
        let Some((id, issue)) = loaded else {
            return IssueOf::Nobody;
        };
        let slot = self.push_issue(IssueWrite {
            state: issue,
            new_hash: None,
            hours: Vec::new(),
        });
        self.slots.insert(id, slot);
        IssueOf::Slot(slot)
    }

    fn open_issue(
        &mut self,
        message: &OccurrenceMessage,
        event: &Event,
        release: Option<String>,
    ) -> Slot {
        let occurrence = &message.occurrence;
        let hash = occurrence.primary_hash();
        let mut issue = new_issue(occurrence, event, message.post_process);
        issue.first_release = release;
        let slot = self.push_issue(IssueWrite {
            state: IssueState::new(issue),
            new_hash: Some(hash),
            hours: Vec::new(),
        });
        self.opened.insert((occurrence.project_id, hash), slot);
        slot
    }

    fn push_issue(&mut self, write: IssueWrite) -> Slot {
        let slot = Slot(self.effects.issues.len());
        self.effects.issues.push(write);
        self.hours.push(BTreeMap::new());
        slot
    }

    /// Section 12.3: environment and release of an occurrence that reached an issue.
    fn sighting(&mut self, slot: Slot, is_new: bool, event: &Event, release: Option<&String>) {
        let issue = &self.effects.issues[slot.0].state.issue;
        let (id, project) = (issue.id, issue.project_id);
        let environment = &event.environment;
        let known = id.is_some_and(|id| {
            self.state
                .issue_environments
                .contains(&(id, environment.clone()))
        });
        let is_new_environment =
            !known && self.issue_environments.insert((slot, environment.clone()));
        if is_new_environment {
            self.effects.issue_environments.push(IssueEnvironmentWrite {
                slot,
                environment: environment.clone(),
                first_release: release.cloned(),
                first_seen: self.now,
            });
        }
        let Some(version) = release else { return };
        if is_new || is_new_environment {
            let counts = self.releases.entry((project, version.clone())).or_default();
            counts.new_groups += u32::from(is_new);
            if is_new_environment {
                *counts.new_issues.entry(environment.clone()).or_default() += 1;
            }
        }
        self.release_sighting(slot, id, version, event);
    }

    fn release_sighting(&mut self, slot: Slot, id: Option<IssueId>, version: &str, event: &Event) {
        let key = (slot, version.to_owned(), event.environment.clone());
        if let Some(&row) = self.issue_releases.get(&key) {
            let row = &mut self.effects.issue_releases[row];
            if event.timestamp > row.last_seen + RELEASE_SIGHTING_STEP {
                row.last_seen = event.timestamp;
            }
            return;
        }
        let stored = id.and_then(|id| {
            self.state
                .issue_releases
                .get(&(id, version.to_owned(), event.environment.clone()))
                .copied()
        });
        if stored.is_some_and(|last_seen| event.timestamp <= last_seen + RELEASE_SIGHTING_STEP) {
            return;
        }
        self.issue_releases
            .insert(key, self.effects.issue_releases.len());
        self.effects.issue_releases.push(IssueReleaseWrite {
            slot,
            release: version.to_owned(),
            environment: event.environment.clone(),
            first_seen: event.timestamp,
            last_seen: event.timestamp,
        });
    }

    fn dead_letter(&mut self, record: &Record, rejection: &Rejection) -> Ending {
        self.effects.dead_letters.push(DeadLetterWrite {
            topic: Arc::clone(&record.topic),
            partition: record.partition,
            offset: record.offset,
            key: record.key.clone(),
            headers: record.headers.clone(),
            payload: Arc::clone(&record.payload),
            reason: rejection.reason,
            detail: rejection.detail.clone(),
        });
        Ending::DeadLettered(rejection.reason)
    }

    fn finish(mut self) -> Effects {
        for (issue, hours) in self.effects.issues.iter_mut().zip(self.hours) {
            issue.hours = hours.into_iter().collect();
        }
        self.effects.environments = self.environments.into_iter().collect();
        self.effects.releases = self
            .releases
            .into_iter()
            .map(|((project_id, version), counts)| ReleaseWrite {
                project_id,
                version,
                date_added: counts.date_added.unwrap_or(self.now),
                new_groups: counts.new_groups,
                new_issues: counts.new_issues.into_iter().collect(),
            })
            .collect();
        self.effects.outcomes = self
            .outcomes
            .into_iter()
            .map(|((project, ending), count)| (project, ending, count))
            .collect();
        self.effects
    }
}

fn event_write(event: &Event) -> Option<EventWrite> {
    Some(EventWrite {
        project_id: event.project_id,
        event_id: event.event_id,
        event_type: event.event_type.clone(),
        event_time: event.timestamp,
        body: event.body.clone()?,
    })
}
