//! Messages for the tests of the pipeline, and the state between two batches.

mod buckets;
mod conservation;
mod fold;
mod parts;
mod repetitions;
mod route;
mod states;

use super::batch::BatchItem;
use super::fold::{FoldRules, StoredEvents, fold};
use super::plan::{plan, wants};
use super::settings::PipelineSettings;
use crate::decode::{Mode, ProjectPolicy};
use crate::limits::Counters;
use crate::model::{
    DropReason, GroupHash, Issue, IssueId, IssueState, Priority, ProjectId, RejectReason, Substatus,
};
use crate::source::Record;
use crate::store::{BatchState, Effects, Ending, Slot};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

fn now() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// A valid message: occurrence and event number `n`, seen a minute ago.
fn message(n: u32, fingerprint: &str) -> Value {
    let event_id = format!("{:032x}", 0x1000 + n);
    json!({
        "id": format!("{n:032x}"),
        "event_id": event_id,
        "project_id": 1,
        "fingerprint": [fingerprint],
        "issue_title": "Queue is full",
        "subtitle": "orders dropped",
        "evidence_display": [{ "name": "Queue", "value": "orders", "important": true }],
        "evidence_data": {},
        "type": 2007,
        "detection_time": 1_772_452_800.5,
        "level": "error",
        "culprit": "orders.push",
        "event": {
            "event_id": event_id,
            "project_id": 1,
            "platform": "python",
            "tags": { "region": "eu" },
            "timestamp": "2026-03-02T11:59:00Z",
            "received": "2026-03-02T11:59:01Z",
        },
    })
}

fn with(mut message: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut message);
    message
}

/// A status change, message number `n`.
fn status_change(n: u32, fingerprint: &str, status: i64, substatus: Option<i64>) -> Value {
    json!({
        "id": format!("{n:032x}"),
        "payload_type": "status_change",
        "project_id": 1,
        "fingerprint": [fingerprint],
        "new_status": status,
        "new_substatus": substatus,
    })
}

/// Feedback is let in and post-processed.
fn settings() -> PipelineSettings {
    let features = [
        "organizations:feedback-ingest",
        "organizations:feedback-post-process-group",
    ];
    PipelineSettings {
        features: Arc::new(features.map(str::to_owned).into()),
        ..PipelineSettings::default()
    }
}

fn items(messages: &[Value]) -> Vec<BatchItem> {
    let records = messages.iter().zip(0..).map(|(message, offset)| Record {
        topic: Arc::from("ingest-occurrences"),
        partition: 0,
        offset,
        timestamp_ms: None,
        key: None,
        headers: Vec::new(),
        payload: message.to_string().into_bytes().into(),
        flaw: None,
    });
    let processor = super::Processor::new(Arc::new(NoStore), settings());
    processor.decode(records.collect(), now())
}

/// Decoding needs none.
struct NoStore;

fn rules() -> FoldRules {
    let settings = settings();
    FoldRules {
        now: now(),
        mode: Mode::Batched,
        prune_status_changes: true,
        projects: ProjectPolicy::CreateUnknown,
        features: settings.features,
        directory: settings.directory,
    }
}

fn folded(messages: &[Value], state: BatchState) -> Effects {
    folded_with(&items(messages), &StoredEvents::new(), state)
}

/// Folds with fresh counters.
fn folded_with(items: &[BatchItem], known: &StoredEvents, state: BatchState) -> Effects {
    folded_by(&rules(), items, known, state)
}

fn folded_by(
    rules: &FoldRules,
    items: &[BatchItem],
    known: &StoredEvents,
    state: BatchState,
) -> Effects {
    folded_on(&Counters::default(), rules, items, known, state)
}

fn folded_on(
    counters: &Counters,
    rules: &FoldRules,
    items: &[BatchItem],
    known: &StoredEvents,
    state: BatchState,
) -> Effects {
    let buckets = rules.buckets(items, &state.dead_letters);
    let wants = wants(items, &buckets.order, &state);
    let grants = counters.take(&wants, rules.now).now_or_never().unwrap();
    let (effects, used) = fold(items, &buckets, known, rules, state, &grants);
    let settled = counters.settle(grants, &used, rules.now);
    settled.now_or_never().unwrap();
    effects
}

/// The state after `effects` were stored, as the next batch would load it. Issues get the ids 1, 2, ….
fn stored(effects: &Effects) -> BatchState {
    let mut state = BatchState::default();
    let id = |slot: Slot| IssueId(i64::try_from(slot.0).unwrap() + 1);
    for (place, write) in effects.issues.iter().enumerate() {
        let id = id(Slot(place));
        state
            .hashes
            .insert((write.state.issue.project_id, write.new_hash.unwrap()), id);
        let issue = Issue {
            id: Some(id),
            ..write.state.issue.clone()
        };
        state.issues.insert(id, IssueState::new(issue).into());
    }
    for seen in &effects.issue_environments {
        state
            .issue_environments
            .insert((id(seen.slot), seen.environment.clone()));
    }
    for seen in &effects.issue_releases {
        state.issue_releases.insert(
            (
                id(seen.slot),
                seen.release.clone(),
                seen.environment.clone(),
            ),
            seen.last_seen,
        );
    }
    for release in &effects.releases {
        state.releases.insert(
            (release.project_id, release.version.clone()),
            release.date_added,
        );
    }
    state
}

/// The state a batch starts from when the fingerprint leads to this issue, number 1 of project 1.
fn leading_to(fingerprint: &str, mut issue: IssueState) -> BatchState {
    issue.issue.id = Some(IssueId(1));
    BatchState {
        hashes: [((ProjectId(1), GroupHash::of(fingerprint)), IssueId(1))].into(),
        issues: [(IssueId(1), issue.into())].into(),
        ..BatchState::default()
    }
}

/// The issue that a first message with this fingerprint opens.
fn opened(fingerprint: &str) -> IssueState {
    let effects = folded(&[message(900, fingerprint)], BatchState::default());
    let mut issue = effects.issues[0].state.issue.clone();
    issue.active_at = now() - TimeDelta::days(3);
    IssueState::new(issue)
}

fn measured(effects: &Effects, name: &str) -> Option<u64> {
    effects.measures.value(name)
}

fn activities(state: &IssueState) -> Vec<&'static str> {
    let kinds = state.activities.iter().map(|activity| activity.kind);
    kinds.map(crate::model::ActivityKind::as_str).collect()
}

fn count(effects: &Effects, ending: Ending) -> u64 {
    effects.tally.0.get(&ending).copied().unwrap_or(0)
}
