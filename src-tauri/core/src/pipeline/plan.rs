//! What has to be known before a batch can be folded.

use super::batch::BatchItem;
use super::fold::StoredEvents;
use crate::decode::{EventPath, Message, Mode};
use crate::limits::Wants;
use crate::model::{EventId, ProjectId, Substatus, Verdict};
use crate::store::{BatchState, LoadPlan};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Events that occurrences of a batch refer to without carrying them. Distinct and sorted.
pub(super) fn referred_events(items: &[BatchItem]) -> Vec<(ProjectId, EventId)> {
    let referred: BTreeSet<_> = items
        .iter()
        .filter_map(|item| match &item.decoded.verdict {
            Verdict::Keep(Message::Occurrence(message)) if message.event == EventPath::Lookup => {
                Some((message.occurrence.project_id, message.occurrence.event_id))
            }
            _ => None,
        })
        .collect();
    referred.into_iter().collect()
}

/// What the store has to load before a batch can be folded.
pub(super) fn plan(
    items: &[BatchItem],
    stored_events: &StoredEvents,
    mode: Mode,
    now: DateTime<Utc>,
) -> LoadPlan {
    let mut projects = BTreeSet::new();
    let mut hashes = BTreeSet::new();
    let mut releases = BTreeSet::new();
    let mut new_releases = BTreeSet::new();
    let mut messages = BTreeSet::new();
    let mut counted = BTreeSet::new();
    for item in items {
        messages.extend(item.key(mode));
        match &item.decoded.verdict {
            Verdict::Keep(Message::StatusChange(change)) => {
                let hash = (change.project_id, change.hash);
                projects.insert(change.project_id);
                hashes.insert(hash);
                if change.substatus == Some(i64::from(Substatus::UntilEscalating.number())) {
                    counted.insert(hash);
                }
            }
            Verdict::Keep(Message::Occurrence(message)) => {
                let occurrence = &message.occurrence;
                let project = occurrence.project_id;
                projects.insert(project);
                hashes.insert((project, occurrence.primary_hash()));
                let event = match &message.event {
                    EventPath::Light(event) | EventPath::Inline(event) => Some(&**event),
                    EventPath::Lookup => stored_events.get(&(project, occurrence.event_id)),
                };
                if let Some(version) = event.and_then(|event| event.release.as_ref()) {
                    releases.insert((project, version.clone()));
                    if matches!(message.event, EventPath::Inline(_)) {
                        new_releases.insert((project, version.clone()));
                    }
                }
            }
            Verdict::Drop(_) | Verdict::Reject(_) => {}
        }
    }
    LoadPlan {
        now: Some(now),
        projects: projects.into_iter().collect(),
        hashes: hashes.into_iter().collect(),
        releases: releases.into_iter().collect(),
        new_releases: new_releases.into_iter().collect(),
        messages: messages.into_iter().collect(),
        counted_hashes: counted.into_iter().collect(),
        dead_letters: items.iter().filter_map(|item| item.dead_letter).collect(),
        ..LoadPlan::default()
    }
}

/// What a batch may take from the counters: an entry for each of its hashes that leads to no issue, in the order in
/// which the hashes come up.
pub(super) fn wants(items: &[BatchItem], order: &[Vec<usize>], state: &BatchState) -> Wants {
    let places = order.iter().flatten();
    let occurrences = places.filter_map(|place| match &items[*place].decoded.verdict {
        Verdict::Keep(Message::Occurrence(message)) => Some(&message.occurrence),
        _ => None,
    });
    Wants::of(occurrences.filter_map(|occurrence| {
        let key = (occurrence.project_id, occurrence.primary_hash());
        let is_known = state.hashes.contains_key(&key) || state.buried.contains(&key);
        (!is_known).then_some((key.0, key.1, occurrence.group_type))
    }))
}
