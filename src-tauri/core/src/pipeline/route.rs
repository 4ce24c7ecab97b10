//! First half of a fold: which issue each message opens, joins or changes, and which messages end before that.
//!
//! The messages are looked at one after another, because what one takes (an issue, a unit of a quota, a place among
//! the repetitions) the next one finds taken. What happens inside an issue is left to the second half.

use super::apply::{Start, Step, What, Work};
use super::batch::BatchItem;
use super::fold::{FoldRules, StoredEvents};
use super::outcome::Outcomes;
use super::sightings::Sightings;
use crate::decode::{EventPath, Message, OccurrenceMessage, StatusChange};
use crate::limits::{Grants, Spending};
use crate::model::{
    DropReason, Event, EventId, GroupHash, GroupType, IssueId, Measures, Occurrence, OccurrenceId,
    ProjectId, RejectReason, Rejection, USER_TAG, Verdict,
};
use crate::source::Record;
use crate::store::{
    BatchState, DeadLetterWrite, Effects, Ending, EventWrite, MessageKey, OccurrenceWrite, Slot,
};
use crate::triage::is_unsupported;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What becomes of a message.
struct Routed {
    /// How it ends; nothing where its issue says that.
    ending: Option<Ending>,
    /// How a repetition of it is recognised.
    mark: Mark,
}

/// How a repetition of a message is recognised (occurrences spec, section 2.4).
enum Mark {
    /// Not at all: it could not be processed.
    None,
    /// By the occurrence that was stored.
    Occurrence,
    /// By a row of its own.
    Row,
}

impl Routed {
    fn processed(ending: Ending) -> Self {
        Self {
            ending: Some(ending),
            mark: Mark::Row,
        }
    }

    fn failed(ending: Ending) -> Self {
        Self {
            ending: Some(ending),
            mark: Mark::None,
        }
    }
}

pub(super) struct Router<'a> {
    pub rules: &'a FoldRules,
    pub stored_events: &'a StoredEvents,
    pub state: BatchState,
    pub spending: Spending<'a>,
    /// Whether the counters could not be asked.
    is_unlimited: bool,
    pub effects: Effects,
    pub measures: Measures,
    pub outcomes: Outcomes,
    /// The issues of this batch, by slot.
    pub work: Vec<Work<'a>>,
    pub sightings: Sightings,
    pub environments: BTreeSet<(ProjectId, String)>,
    slots: HashMap<IssueId, Slot>,
    /// Issues opened by this batch.
    opened: HashMap<(ProjectId, GroupHash), Slot>,
    /// Events stored by this batch.
    events: HashMap<(ProjectId, EventId), (usize, &'a Event)>,
    occurrences: HashMap<(ProjectId, OccurrenceId), usize>,
    /// Messages this batch has processed.
    processed: HashSet<MessageKey>,
}

/// What a hash leads to.
enum IssueOf {
    Nobody,
    OtherCategory,
    Slot(Slot),
}

impl<'a> Router<'a> {
    pub fn new(
        rules: &'a FoldRules,
        stored_events: &'a StoredEvents,
        state: BatchState,
        grants: &'a Grants,
    ) -> Self {
        Self {
            rules,
            stored_events,
            state,
            spending: grants.spend(),
            is_unlimited: grants.is_open(),
            effects: Effects {
                now: Some(rules.now),
                ..Effects::default()
            },
            measures: Measures::default(),
            outcomes: Outcomes::default(),
            work: Vec::new(),
            sightings: Sightings::new(rules.now),
            environments: BTreeSet::new(),
            slots: HashMap::new(),
            opened: HashMap::new(),
            events: HashMap::new(),
            occurrences: HashMap::new(),
            processed: HashSet::new(),
        }
    }

    /// A status change that a later one makes pointless.
    pub fn prune(&mut self, item: &BatchItem) {
        let ending = Ending::Dropped(DropReason::StatusChangePruned);
        self.end(item, ending);
    }

    /// Takes in the message at `place` of the batch.
    pub fn take(&mut self, place: usize, item: &'a BatchItem) {
        let key = item.key(self.rules.mode);
        if key.as_ref().is_some_and(|key| self.is_repeated(key, item)) {
            self.end(item, Ending::Dropped(DropReason::Duplicate));
            return;
        }
        self.measures.add(&item.decoded.measures);
        let routed = self.route(place, item);
        if let Some(ending) = routed.ending {
            self.end(item, ending);
        }
        let Some(key) = key else { return };
        match routed.mark {
            Mark::None => {}
            Mark::Occurrence => {
                self.processed.insert(key);
            }
            Mark::Row => {
                self.effects.marks.push(key.clone());
                self.processed.insert(key);
            }
        }
    }

    /// Whether a message was processed a short while ago. One of an unknown payload type is marked although it became
    /// a dead letter; when that is tried again, it must not take itself for its repetition.
    fn is_repeated(&self, key: &MessageKey, item: &BatchItem) -> bool {
        let is_own_mark = item.dead_letter.is_some()
            && matches!(
                &item.decoded.verdict,
                Verdict::Reject(rejection) if rejection.reason == RejectReason::InvalidPayloadType
            );
        let is_known = self.state.recent_messages.contains(key) || self.processed.contains(key);
        is_known && !is_own_mark
    }

    /// Notes how a message ended.
    pub fn end(&mut self, item: &BatchItem, ending: Ending) {
        self.outcomes.count(item, ending);
        let dead = matches!(ending, Ending::DeadLettered(_));
        if let (Some(letter), false) = (item.dead_letter, dead) {
            self.effects.replayed.push(letter);
        }
    }

    fn route(&mut self, place: usize, item: &'a BatchItem) -> Routed {
        match &item.decoded.verdict {
            Verdict::Keep(Message::Occurrence(message)) => {
                match self.occurrence(place, &item.record, message) {
                    // Nothing of it was stored.
                    Ok(ending @ Ending::Dropped(DropReason::Discarded)) => {
                        Routed::processed(ending)
                    }
                    Ok(ending) => Routed {
                        ending: Some(ending),
                        mark: Mark::Occurrence,
                    },
                    Err(rejection) => Routed::failed(self.dead_letter(&item.record, &rejection)),
                }
            }
            Verdict::Keep(Message::StatusChange(change)) => self.status_change(place, change),
            Verdict::Drop(reason) => Routed::processed(Ending::Dropped(*reason)),
            Verdict::Reject(rejection) => {
                let ending = self.dead_letter(&item.record, rejection);
                match rejection.reason {
                    RejectReason::InvalidPayloadType => Routed::processed(ending),
                    _ => Routed::failed(ending),
                }
            }
        }
    }

    /// Sections 5 and 6: find the event, store what is stored before any decision, then decide. What belongs to a
    /// discarded issue is not stored at all: whoever discarded it does not want to see it again.
    fn occurrence(
        &mut self,
        place: usize,
        record: &Record,
        message: &'a OccurrenceMessage,
    ) -> Result<Ending, Rejection> {
        let occurrence = &message.occurrence;
        let project = occurrence.project_id;
        if self
            .state
            .buried
            .contains(&(project, occurrence.primary_hash()))
        {
            return Ok(Ending::Dropped(DropReason::Discarded));
        }
        let event = self.event(message)?;
        let environment = (project, event.environment.clone());
        if let EventPath::Inline(event) = &message.event {
            self.store_event(event);
            self.environments.insert(environment.clone());
            if let Some(version) = &event.release {
                self.sightings.release(project, version, event.timestamp);
            }
        }
        let release = event.release.as_deref().filter(|version| {
            self.state
                .releases
                .contains_key(&(project, (*version).to_owned()))
                || self.sightings.creates(project, version)
        });
        let row = self.store_occurrence(record, message, event, release);

        let group_type = occurrence.group_type;
        let (slot, opens) = match self.issue_of(project, occurrence.primary_hash(), group_type) {
            IssueOf::OtherCategory => return Ok(Ending::Dropped(DropReason::CategoryMismatch)),
            IssueOf::Slot(slot) => (slot, false),
            IssueOf::Nobody => {
                if let Err(reason) = self.admit(project, occurrence.primary_hash(), group_type) {
                    return Ok(Ending::Dropped(reason));
                }
                (self.open_issue(occurrence, event, release), true)
            }
        };
        self.effects.occurrences[row].slot = Some(slot);
        self.environments.insert(environment);
        self.work[slot.0].steps.push(Step {
            place,
            what: What::Occurrence {
                occurrence,
                event,
                release,
                opens,
            },
        });
        let id = self.work[slot.0].id();
        self.sightings
            .see(slot, id, opens, event, release, &self.state);
        Ok(if opens {
            Ending::Created
        } else {
            Ending::Updated
        })
    }

    /// The event of an occurrence. A look-up sees what this batch has stored before it, then the store.
    fn event(&self, message: &'a OccurrenceMessage) -> Result<&'a Event, Rejection> {
        match &message.event {
            EventPath::Light(event) | EventPath::Inline(event) => Ok(event),
            EventPath::Lookup => {
                let key = (message.occurrence.project_id, message.occurrence.event_id);
                let of_batch = self.events.get(&key).map(|(_, event)| *event);
                of_batch.or_else(|| self.stored_events.get(&key)).ok_or_else(|| {
                    Rejection::new(
                        RejectReason::EventLookupFailed,
                        format!("event {} of project {} is not stored, and the message carries no event", key.1, key.0),
                    )
                })
            }
        }
    }

    fn store_event(&mut self, event: &'a Event) {
        let Some(body) = event.body.clone() else {
            return;
        };
        let write = EventWrite {
            project_id: event.project_id,
            event_id: event.event_id,
            event_type: event.event_type.clone(),
            event_time: event.timestamp,
            body,
        };
        let rows = &mut self.effects.events;
        let stored = self
            .events
            .entry((event.project_id, event.event_id))
            .or_insert((rows.len(), event));
        stored.1 = event;
        match rows.get_mut(stored.0) {
            Some(row) => *row = write,
            None => rows.push(write),
        }
    }

    /// Stores the occurrence before any decision about its issue, so one that is dropped later is still there.
    fn store_occurrence(
        &mut self,
        record: &Record,
        message: &OccurrenceMessage,
        event: &Event,
        release: Option<&str>,
    ) -> usize {
        let occurrence = &message.occurrence;
        let write = OccurrenceWrite {
            id: occurrence.id,
            project_id: occurrence.project_id,
            event_id: occurrence.event_id,
            slot: None,
            event_time: event.timestamp,
            environment: event.environment.clone(),
            release: release.map(str::to_owned),
            user: event.tag(USER_TAG).map(str::to_owned),
            payload: Arc::clone(&message.occurrence_json),
            light_tags: match &message.event {
                EventPath::Light(event) => event.tags.clone(),
                EventPath::Inline(_) | EventPath::Lookup => Vec::new(),
            },
            facts: Arc::clone(&event.facts),
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

    /// The issue a hash leads to, opened by this batch or loaded. A loaded issue joins the work only once a message
    /// really goes into it.
    fn issue_of(&mut self, project: ProjectId, hash: GroupHash, group_type: &GroupType) -> IssueOf {
        let Some(known) = self.group_type_of(project, hash) else {
            return IssueOf::Nobody;
        };
        let category = GroupType::by_id(known).map(|known| known.category);
        if category != Some(group_type.category) {
            tracing::error!(%project, %hash, issue_type = known, event_type = "platform",
                "save_issue_from_occurrence.category_mismatch");
            return IssueOf::OtherCategory;
        }
        self.slot_of(project, hash)
            .map_or(IssueOf::Nobody, IssueOf::Slot)
    }

    /// Type of the issue a hash leads to.
    fn group_type_of(&self, project: ProjectId, hash: GroupHash) -> Option<u16> {
        if let Some(slot) = self.opened.get(&(project, hash)) {
            return Some(self.work[slot.0].group_type);
        }
        let id = self.state.hashes.get(&(project, hash))?;
        match self.slots.get(id) {
            Some(slot) => Some(self.work[slot.0].group_type),
            None => Some(self.state.issues.get(id)?.issue.group_type),
        }
    }

    /// The slot of the issue a hash leads to; it gets one if it has none.
    fn slot_of(&mut self, project: ProjectId, hash: GroupHash) -> Option<Slot> {
        if let Some(slot) = self.opened.get(&(project, hash)) {
            return Some(*slot);
        }
        let id = *self.state.hashes.get(&(project, hash))?;
        self.slot_of_loaded(id)
    }

    /// The slot of a loaded issue; it gets one if it has none.
    pub fn slot_of_loaded(&mut self, id: IssueId) -> Option<Slot> {
        if let Some(slot) = self.slots.get(&id) {
            return Some(*slot);
        }
        let state = self.state.issues.remove(&id)?;
        let slot = self.push(Work {
            project: state.issue.project_id,
            group_type: state.issue.group_type,
            start: Start::Loaded(state),
            new_hash: None,
            steps: Vec::new(),
        });
        self.slots.insert(id, slot);
        Some(slot)
    }

    /// Noise reduction, then the quota (sections 10 and 11).
    fn admit(
        &mut self,
        project: ProjectId,
        hash: GroupHash,
        group_type: &'static GroupType,
    ) -> Result<(), DropReason> {
        if self.is_unlimited {
            return Ok(());
        }
        let is_over = self.spending.passes_noise(project, hash, group_type.noise);
        if group_type.noise.is_some() {
            self.measures.count(
                "noise_reduction.should_create_group.threshold",
                &[
                    ("over_threshold", &is_over),
                    ("group_type", &group_type.slug),
                ],
            );
        }
        if !is_over {
            self.measures
                .count("issues.issue.dropped.noise_reduction", &[]);
            return Err(DropReason::NoiseReduction);
        }
        if !self.spending.takes_quota(project, group_type.slug) {
            self.measures
                .count("issues.issue.dropped.rate_limiting", &[]);
            return Err(DropReason::RateLimited);
        }
        Ok(())
    }

    fn open_issue(
        &mut self,
        occurrence: &'a Occurrence,
        event: &'a Event,
        release: Option<&'a str>,
    ) -> Slot {
        let hash = occurrence.primary_hash();
        let slot = self.push(Work {
            project: occurrence.project_id,
            group_type: occurrence.group_type.id,
            start: Start::New {
                occurrence,
                event,
                release,
            },
            new_hash: Some(hash),
            steps: Vec::new(),
        });
        self.opened.insert((occurrence.project_id, hash), slot);
        slot
    }

    fn push(&mut self, work: Work<'a>) -> Slot {
        self.work.push(work);
        Slot(self.work.len() - 1)
    }

    fn status_change(&mut self, place: usize, change: &'a StatusChange) -> Routed {
        let Some(slot) = self.slot_of(change.project_id, change.hash) else {
            self.measures
                .count("occurrence_ingest.grouphash.not_found", &[]);
            self.measures.count(
                "occurrence_ingest.status_change.dropped_group_not_found",
                &[],
            );
            return Routed::processed(Ending::Dropped(DropReason::StatusChangeGroupNotFound));
        };
        let work = &mut self.work[slot.0];
        let is_failure = is_unsupported(change.status, change.substatus) && !work.is_hidden();
        work.steps.push(Step {
            place,
            what: What::StatusChange(change),
        });
        Routed {
            ending: None,
            mark: if is_failure { Mark::None } else { Mark::Row },
        }
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
}
