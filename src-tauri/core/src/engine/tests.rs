//! People, the clock and second tries, on a store in memory.

use super::bulk::{Action, BulkError, Context, JobReport, Origin, Rules, Scope, Skip};
use super::*;
use crate::config::TriageSettings;
use crate::decode::ProjectPolicy;
use crate::limits::Counters;
use crate::model::{
    Directory, IssueId, IssueState, IssueStatus, Project, ProjectId, ProjectRules, Substatus,
};
use crate::pipeline::{Batch, PipelineSettings, Processor, Progress};
use crate::source::Record;
use crate::store::{
    Access, ActionStore, Commit, Effects, IngestStore, JournalFilter, LoadPlan, OffsetAdvance,
    QueryStore, Store, StoreError, TriageStore,
};
use crate::triage::{ArchiveUntil, IssueChange, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

pub(super) fn now() -> DateTime<Utc> {
    "2026-03-04T12:30:00Z".parse().unwrap()
}

async fn in_memory() -> Arc<Store> {
    let store = Store::open("sqlite::memory:", Access::ReadWrite).await;
    Arc::new(store.unwrap())
}

/// An occurrence of project `project`, seen now.
pub(super) fn message(n: u32, project: i64, fingerprint: &str) -> Value {
    let event_id = format!("{:032x}", 0x7000 + n);
    json!({
        "id": format!("{n:032x}"),
        "project_id": project,
        "fingerprint": [fingerprint],
        "issue_title": "Lamp is dark",
        "subtitle": "bulb",
        "evidence_display": [],
        "type": 2007,
        "detection_time": 1_772_600_000,
        "event": {
            "event_id": event_id,
            "project_id": project,
            "platform": "go",
            "tags": {},
            "timestamp": now().to_rfc3339(),
        },
    })
}

pub(super) fn with(mut message: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut message);
    message
}

struct Unwatched;

impl Progress for Unwatched {
    fn committed(&self, _: &Commit, _: &[OffsetAdvance], _: &[crate::pipeline::BatchItem]) {}
    fn store_away(&self, _: &StoreError) {}
    fn store_back(&self) {}
}

/// Takes messages in as the next records of a partition.
async fn ingest(processor: &Processor<Store>, store: &Store, messages: &[Value]) {
    let topic: Arc<str> = Arc::from("ingest-occurrences");
    let start = store.claim_partition("test", &topic, 0, 0).await.unwrap();
    let records = messages
        .iter()
        .zip(start..)
        .map(|(message, offset)| Record {
            topic: Arc::clone(&topic),
            partition: 0,
            offset,
            timestamp_ms: None,
            key: None,
            headers: Vec::new(),
            payload: message.to_string().into_bytes().into(),
            flaw: None,
        });
    let batch = Batch {
        source: Arc::from("test"),
        items: processor.decode(records.collect(), now()),
        starts: BTreeMap::from([((topic, 0), start)]),
        now: now(),
    };
    let patience = CancellationToken::new();
    let stored = processor.store(batch, &Unwatched, &patience).await;
    assert!(stored.is_ok());
}

/// A store with an issue for each of so many messages.
pub(super) async fn with_issues(count: u32) -> Arc<Store> {
    let messages: Vec<Value> = (1..=count)
        .map(|n| message(n, 1, &format!("lamp {n}")))
        .collect();
    let store = in_memory().await;
    let settings = PipelineSettings {
        counters: Arc::new(Counters::Off),
        ..PipelineSettings::default()
    };
    let processor = Processor::new(Arc::clone(&store), settings);
    ingest(&processor, &store, &messages).await;
    store
}

/// A store that has taken in these messages.
pub(super) async fn filled(messages: &[Value]) -> Arc<Store> {
    let store = in_memory().await;
    let processor = Processor::new(Arc::clone(&store), PipelineSettings::default());
    ingest(&processor, &store, messages).await;
    store
}

async fn load(store: &Store, id: i64) -> IssueState {
    let plan = LoadPlan {
        now: Some(now()),
        issues: vec![IssueId(id)],
        ..LoadPlan::default()
    };
    let seen = Mutex::new(None);
    let look = |mut state: crate::store::BatchState| {
        *seen.lock().unwrap() = state.issues.remove(&IssueId(id));
        Effects::default()
    };
    store.apply(&plan, &look).await.unwrap();
    *seen.into_inner().unwrap().expect("the issue")
}

async fn ask(store: &Store, ids: &[i64], change: &IssueChange) -> Result<JobReport, BulkError> {
    let ids: Vec<IssueId> = ids.iter().copied().map(IssueId).collect();
    let scope = Scope {
        projects: &[],
        ids: &ids,
    };
    let directory = Directory::default();
    let context = Context {
        now: now(),
        actor: None,
        directory: &directory,
        rules: Rules::default(),
        origin: Origin::default(),
    };
    let (action, cancel) = (Action::of(change), CancellationToken::new());
    bulk::run(store, scope, &action, &context, |_| {}, &cancel).await
}

async fn change(store: &Store, ids: &[i64], change: &IssueChange) -> JobReport {
    ask(store, ids, change).await.unwrap()
}

#[tokio::test]
async fn an_issue_that_is_named_twice_changes_once() {
    let store = filled(&[message(1, 1, "a"), message(2, 1, "b")]).await;
    let report = change(&store, &[2, 1, 2, 9], &IssueChange::Resolve).await;
    assert_eq!(report.changed, 2);
    let gone = (IssueId(9), Skip::Refused(Refusal::Gone));
    assert_eq!(report.skipped, [gone]);
    assert_eq!(report.revision, Some(store.revision().await.unwrap()));
    assert_eq!(load(&store, 2).await.issue.status, IssueStatus::Resolved);
}

#[tokio::test]
async fn an_issue_is_alone_where_it_is_the_only_one_named() {
    let store = filled(&[message(1, 1, "a"), message(2, 1, "b")]).await;
    change(&store, &[1, 2], &IssueChange::ArchiveForever).await;
    change(&store, &[1, 1], &IssueChange::Unresolve).await;
    let alone = load(&store, 1).await.issue.substatus;
    assert_eq!(alone, Some(Substatus::New));
    change(&store, &[2, 1], &IssueChange::Unresolve).await;
    let among_others = load(&store, 2).await.issue.substatus;
    assert_eq!(among_others, Some(Substatus::Ongoing));
}

#[tokio::test]
async fn a_release_resolves_issues_of_one_project() {
    let in_release = |n, project| {
        with(message(n, project, "a"), |m| {
            m["event"]["release"] = json!("r1");
        })
    };
    let store = filled(&[in_release(1, 1), in_release(2, 2)]).await;
    let changes = [
        IssueChange::ResolveInNextRelease,
        IssueChange::ResolveInRelease("r1".to_owned()),
    ];
    for asked in &changes {
        let refused = ask(&store, &[1, 2], asked).await;
        assert!(matches!(refused, Err(BulkError::Bad(_))), "{refused:?}");
        assert_eq!(load(&store, 1).await.issue.status, IssueStatus::Unresolved);
    }
    assert_eq!(change(&store, &[1], &changes[0]).await.changed, 1);
    let state = load(&store, 1).await;
    let resolution = state.resolution.get().unwrap();
    assert_eq!(resolution.release, "r1");
    assert_eq!(resolution.current_release_version.as_deref(), Some("r1"));
    let resolved = change(&store, &[1, 2], &IssueChange::Resolve).await;
    assert_eq!(resolved.changed, 2);
}

#[tokio::test]
async fn an_archive_remembers_the_users_there_were() {
    let by = |n: u32, user: &str| {
        with(message(n, 1, "a"), |m| {
            m["event"]["user"] = json!({ "id": user });
        })
    };
    let store = filled(&[by(1, "u1"), by(2, "u2"), by(3, "u1")]).await;
    let until = ArchiveUntil {
        user_count: Some(1),
        ..ArchiveUntil::default()
    };
    change(&store, &[1], &IssueChange::ArchiveUntil(until)).await;
    let users = load(&store, 1).await.snooze.get().unwrap().users_seen;
    assert_eq!(users, Some(2));

    let processor = Processor::new(Arc::clone(&store), PipelineSettings::default());
    ingest(&processor, &store, &[by(4, "u2")]).await;
    assert_eq!(load(&store, 1).await.issue.status, IssueStatus::Ignored);
    ingest(&processor, &store, &[by(5, "u3")]).await;
    let state = load(&store, 1).await;
    assert_eq!(state.issue.substatus, Some(Substatus::Escalating));
    assert_eq!(state.snooze.get(), None);
}

#[tokio::test]
async fn an_archive_until_escalating_gets_its_forecast_from_what_is_stored() {
    let earlier = |n: u32| {
        with(message(n, 1, "a"), |m| {
            let time = now() - TimeDelta::hours(3);
            m["event"]["timestamp"] = json!(time.to_rfc3339());
        })
    };
    let store = filled(&[earlier(1), earlier(2)]).await;
    change(&store, &[1], &IssueChange::ArchiveUntilEscalating).await;
    let forecast = load(&store, 1).await.forecast.get().cloned().unwrap();
    assert_eq!((forecast.values, forecast.made_at), (vec![20; 14], now()));
}

#[tokio::test]
async fn a_new_issue_is_ongoing_after_a_week() {
    let store = filled(&[message(1, 1, "a")]).await;
    let task = UpkeepTask::AutoTransitionToOngoing;
    let week = now() + TimeDelta::days(7);
    let before = run_task(&*store, task, week - TimeDelta::hours(1)).await;
    assert_eq!(before.unwrap(), 0);
    assert_eq!(load(&store, 1).await.issue.substatus, Some(Substatus::New));
    assert_eq!(run_task(&*store, task, week).await.unwrap(), 1);
    let state = load(&store, 1).await;
    assert_eq!(state.issue.substatus, Some(Substatus::Ongoing));
    assert!(state.inbox.get().is_none());
    assert_eq!(run_task(&*store, task, week).await.unwrap(), 0);
}

#[tokio::test]
async fn an_archive_ends_at_its_time_and_the_inbox_is_cleared() {
    let store = filled(&[message(1, 1, "a"), message(2, 1, "b")]).await;
    let until = ArchiveUntil {
        minutes: Some(30),
        ..ArchiveUntil::default()
    };
    change(&store, &[1], &IssueChange::ArchiveUntil(until)).await;
    let task = UpkeepTask::ClearExpiredSnoozes;
    let end = now() + TimeDelta::minutes(30);
    let before = end - TimeDelta::seconds(1);
    assert_eq!(run_task(&*store, task, before).await.unwrap(), 0);
    assert_eq!(run_task(&*store, task, end).await.unwrap(), 1);
    let state = load(&store, 1).await;
    assert_eq!(state.issue.substatus, Some(Substatus::Ongoing));
    assert!(state.inbox.get().is_some());

    let task = UpkeepTask::AutoRemoveInbox;
    let week = now() + TimeDelta::days(7);
    assert_eq!(run_task(&*store, task, week).await.unwrap(), 0);
    let later = week + TimeDelta::seconds(1);
    assert_eq!(run_task(&*store, task, later).await.unwrap(), 1);
    assert!(load(&store, 2).await.inbox.get().is_none());
    assert!(
        load(&store, 1).await.inbox.get().is_some(),
        "half an hour younger"
    );
}

async fn resolving_after(store: &Store, hours: Option<u32>) {
    let project = Project {
        id: ProjectId(1),
        slug: "shop".to_owned(),
        rules: ProjectRules {
            resolve_age_hours: hours,
            ..ProjectRules::default()
        },
    };
    store.name_projects(&[project]).await.unwrap();
}

#[tokio::test]
async fn tasks_run_when_they_are_due_and_a_project_once_an_hour() {
    let store = filled(&[message(1, 1, "a")]).await;
    resolving_after(&store, Some(24)).await;
    let due = now() + TimeDelta::hours(24);
    let early = due - TimeDelta::minutes(20);
    assert_eq!(
        tick(&*store, &UpkeepSettings::default(), early)
            .await
            .unwrap(),
        None
    );
    // Ten minutes later the task is due again, but not for this project.
    for minutes in [5, 10, 25, 39] {
        let at = early + TimeDelta::minutes(minutes);
        assert_eq!(
            tick(&*store, &UpkeepSettings::default(), at).await.unwrap(),
            None,
            "{minutes}"
        );
    }
    let at = early + TimeDelta::minutes(60);
    let revision = tick(&*store, &UpkeepSettings::default(), at).await.unwrap();
    assert_eq!(revision, Some(store.revision().await.unwrap()));
    let state = load(&store, 1).await;
    assert_eq!(state.issue.status, IssueStatus::Resolved);
    assert_eq!(state.issue.resolved_at, Some(at));
}

/// What the journal forgets can never be taken back, so that nothing is forgotten by a guess.
#[tokio::test]
async fn the_journal_is_forgotten_by_settings_that_are_known() {
    let store = filled(&[message(1, 1, "a")]).await;
    change(&store, &[1], &IssueChange::Resolve).await;
    let keeping = |days: u32| UpkeepSettings {
        triage: Some(TriageSettings {
            journal_days: days,
            ..TriageSettings::default()
        }),
        ..UpkeepSettings::default()
    };
    let mut at = now() + TimeDelta::days(400);
    for (settings, kept) in [
        (UpkeepSettings::default(), 1),
        (keeping(u32::MAX), 1),
        (keeping(401), 1),
        (keeping(399), 0),
    ] {
        tick(&*store, &settings, at).await.unwrap();
        let entries = store.journal_entries(&JournalFilter::default(), 9).await;
        assert_eq!(entries.unwrap().len(), kept, "{settings:?}");
        at += TimeDelta::hours(7);
    }
}

#[tokio::test]
async fn a_dead_letter_is_tried_again_once() {
    let store = in_memory().await;
    let strict = Processor::new(
        Arc::clone(&store),
        PipelineSettings {
            projects: ProjectPolicy::Known(Arc::default()),
            ..PipelineSettings::default()
        },
    );
    let odd = with(message(3, 1, "a"), |m| {
        m["payload_type"] = json!("snapshot");
    });
    let messages = [message(1, 1, "a"), message(2, 1, "a"), odd];
    ingest(&strict, &store, &messages).await;
    assert_eq!(store.summary().await.unwrap().dead_letters, 3);

    let open = Processor::new(Arc::clone(&store), PipelineSettings::default());
    let tried = replay_dead_letters(&open, &*store, &[1, 2, 3], now()).await;
    let tried = tried.unwrap();
    assert_eq!((tried.stored, tried.dropped, tried.failed), (2, 0, 1));
    assert_eq!(load(&store, 1).await.issue.times_seen, 2);

    let again = replay_dead_letters(&open, &*store, &[1, 2], now()).await;
    assert_eq!(again.unwrap(), Replayed::default());
    assert_eq!(load(&store, 1).await.issue.times_seen, 2);
}
