//! Messages, actions and steps at random. Few fingerprints, so that they meet.

use chrono::{DateTime, TimeDelta, Utc};
use picket_core::engine::UpkeepTask;
use picket_core::model::{Assignee, Priority, ProjectId};
use picket_core::triage::{ArchiveUntil, IssueChange};
use picket_tests::scenario::messages::{START, occurrence, status_change};
use picket_tests::scenario::{Action, Step};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Project and fingerprint: four of one project and two of another, so that no quota of five is reached.
pub type Bucket = (i64, &'static str);

pub const BUCKETS: [Bucket; 6] = [(1, "a"), (1, "b"), (1, "c"), (1, "d"), (2, "a"), (2, "b")];

pub fn bucket() -> impl Strategy<Value = Bucket> {
    select(BUCKETS.as_slice())
}

/// A message with the bucket it belongs to.
#[derive(Clone)]
pub struct Sent {
    pub bucket: Bucket,
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.payload))
    }
}

/// What a message is, before it has an id.
#[derive(Debug, Clone)]
enum Draft {
    Occurrence(Box<Sketch>),
    Change(i64, Option<i64>),
    /// One of its bucket again, where there is one.
    Again(usize),
    /// One with a member that is wrong.
    Wrong(&'static str, Value),
}

#[derive(Debug, Clone)]
struct Sketch {
    group_type: u16,
    /// Seconds from the start.
    seconds: i64,
    level: &'static str,
    title: &'static str,
    culprit: &'static str,
    priority: Option<i64>,
    release: Option<&'static str>,
    environment: &'static str,
    user: Option<&'static str>,
    assignee: Option<&'static str>,
    path: Path,
}

#[derive(Debug, Clone, Copy)]
enum Path {
    Inline,
    Light,
    /// Of an event that an earlier message of the bucket stored, where there is one.
    LookUp(usize),
}

/// Messages of which none depends on one of another bucket.
pub fn messages(count: usize) -> impl Strategy<Value = Vec<Sent>> {
    let drafts = prop::collection::vec((bucket(), draft()), 0..count);
    drafts.prop_map(|drafts| {
        let mut sent: Vec<Sent> = Vec::new();
        let mut events: Vec<(Bucket, String)> = Vec::new();
        for (bucket, draft) in drafts {
            let payload = match draft {
                Draft::Occurrence(sketch) => sketched(&sketch, bucket, &mut events),
                Draft::Change(status, substatus) => {
                    let change = status_change(bucket.1, status, substatus);
                    change.project(bucket.0).bytes()
                }
                Draft::Wrong(key, value) => {
                    let message = occurrence(bucket.1).project(bucket.0);
                    message.with(key, value).bytes()
                }
                Draft::Again(place) => {
                    let earlier: Vec<_> = sent.iter().filter(|one| one.bucket == bucket).collect();
                    match earlier.len() {
                        0 => continue,
                        count => earlier[place % count].payload.clone(),
                    }
                }
            };
            sent.push(Sent { bucket, payload });
        }
        sent
    })
}

fn sketched(sketch: &Sketch, bucket: Bucket, events: &mut Vec<(Bucket, String)>) -> Vec<u8> {
    let seen = start() + TimeDelta::seconds(sketch.seconds);
    let mut message = occurrence(bucket.1)
        .project(bucket.0)
        .group_type(sketch.group_type)
        .at(&seen.to_rfc3339())
        .level(sketch.level)
        .title(sketch.title)
        .culprit(sketch.culprit)
        .environment(sketch.environment);
    if let Some(number) = sketch.priority {
        message = message.priority(number);
    }
    if let Some(name) = sketch.assignee {
        message = message.assignee(name);
    }
    if let Some(user) = sketch.user {
        message = message.user(user);
    }
    match sketch.path {
        Path::Inline => {
            // Only events that are stored add releases, so only they carry one here: whether one is there for another
            // bucket would depend on the order.
            if let Some(version) = sketch.release {
                message = message.release(version);
            }
            let id = message.0["event_id"].as_str().unwrap_or_default();
            events.push((bucket, id.to_owned()));
            message
        }
        Path::Light => message.light(),
        Path::LookUp(place) => {
            let known: Vec<_> = events.iter().filter(|(of, _)| *of == bucket).collect();
            match known.len() {
                0 => message.without("event"),
                count => message.of_event(&known[place % count].1),
            }
        }
    }
    .bytes()
}

fn start() -> DateTime<Utc> {
    START.parse().unwrap()
}

fn draft() -> impl Strategy<Value = Draft> {
    prop_oneof![
        12 => sketch().prop_map(|sketch| Draft::Occurrence(Box::new(sketch))),
        5 => (0_i64..4, prop::option::of(0_i64..8)).prop_map(|(status, sub)| Draft::Change(status, sub)),
        4 => select([(0, Some(3)), (0, Some(2)), (0, Some(6)), (1, None), (2, Some(1)), (2, Some(4)), (2, Some(5))].as_slice())
            .prop_map(|(status, sub)| Draft::Change(status, sub)),
        2 => any::<usize>().prop_map(Draft::Again),
        1 => select([("subtitle", json!(5)), ("type", json!(300)), ("payload_type", json!("x")), ("level", json!("loud"))].to_vec())
            .prop_map(|(key, value)| Draft::Wrong(key, value)),
    ]
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let path = prop_oneof![
        4 => Just(Path::Inline),
        2 => Just(Path::Light),
        1 => any::<usize>().prop_map(Path::LookUp),
    ];
    let seconds = prop_oneof![-3_600_i64..60, -30_i64..30, -900_000_i64..0,];
    let priority = prop::option::of(select([25, 50, 75].as_slice()));
    let release = select(
        [
            None,
            Some("app@1.0.0"),
            Some("app@2.0.0"),
            Some("app@3.0.0"),
        ]
        .as_slice(),
    );
    (
        (
            select([2007, 2007, 1006, 1010, 4001].as_slice()),
            seconds,
            select(["info", "error", "fatal"].as_slice()),
            select(["Printer on fire", "Out of ink", "Error", "<unknown>"].as_slice()),
            select(["", "print.go", "scan.go"].as_slice()),
            priority,
        ),
        (
            release,
            select(["", "prod", "stage"].as_slice()),
            select([None, Some("u1"), Some("u2"), Some("u3")].as_slice()),
            select([None, None, Some("ana"), Some("team:3"), Some("nobody")].as_slice()),
            path,
        ),
    )
        .prop_map(|(what, around)| Sketch {
            group_type: what.0,
            seconds: what.1,
            level: what.2,
            title: what.3,
            culprit: what.4,
            priority: what.5,
            release: around.0,
            environment: around.1,
            user: around.2,
            assignee: around.3,
            path: around.4,
        })
}

/// Something a person does to an issue.
pub fn change() -> impl Strategy<Value = IssueChange> {
    let few = || prop::option::of(0_u32..4);
    prop_oneof![
        Just(IssueChange::Resolve),
        select(["app@1.0.0", "app@2.0.0"].as_slice())
            .prop_map(|version| IssueChange::ResolveInRelease(version.to_owned())),
        Just(IssueChange::ArchiveForever),
        Just(IssueChange::ArchiveUntilEscalating),
        (
            prop::option::of(0_u32..90),
            few(),
            prop::option::of(0_u32..90),
            few(),
            few()
        )
            .prop_map(|(minutes, count, window, user_count, user_window)| {
                IssueChange::ArchiveUntil(ArchiveUntil {
                    minutes,
                    count,
                    window,
                    user_count,
                    user_window,
                })
            }),
        Just(IssueChange::Unresolve),
        select([Priority::Low, Priority::Medium, Priority::High].as_slice())
            .prop_map(IssueChange::SetPriority),
        select([None, Some(Assignee::User(8)), Some(Assignee::Team(3))].as_slice())
            .prop_map(IssueChange::Assign),
        Just(IssueChange::MarkReviewed),
        Just(IssueChange::AddToInbox),
    ]
}

/// A change of the issue of some bucket, or a forecast for it.
pub fn action(change: impl Strategy<Value = IssueChange>) -> impl Strategy<Value = Step> {
    let project = |bucket: Bucket| (Some(ProjectId(bucket.0)), bucket.1.to_owned());
    prop_oneof![
        6 => (bucket(), change).prop_map(move |(bucket, change)| {
            let (project, fingerprint) = project(bucket);
            Step::Act(Action::Change { project, fingerprint, change })
        }),
        1 => (bucket(), 0_u64..3).prop_map(move |(bucket, limit)| {
            let (project, fingerprint) = project(bucket);
            Step::Act(Action::SetForecast { project, fingerprint, values: vec![limit; 14] })
        }),
    ]
}

/// The clock, in steps that make a difference somewhere.
pub fn advance() -> impl Strategy<Value = Step> {
    let seconds = select([1, 5, 60, 299, 301, 1_800, 3_600, 86_400, 7 * 86_400].as_slice());
    seconds.prop_map(|seconds| Step::Advance(TimeDelta::seconds(seconds)))
}

pub fn task() -> impl Strategy<Value = Step> {
    select(UpkeepTask::ALL.as_slice()).prop_map(|task| Step::Act(Action::RunTask(task)))
}

/// The bytes of a message that may be no message at all.
pub fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<Vec<u8>> = [
        &b"{"[..],
        b"[]",
        b"",
        b"null",
        &[0xff],
        b"{\"fingerprint\": [5]}",
    ]
    .iter()
    .map(|bytes| bytes.to_vec())
    .collect();
    prop_oneof![select(known), prop::collection::vec(any::<u8>(), 0..40)]
}

/// A message as a step.
pub fn step(message: &Sent) -> Step {
    Step::Message(message.payload.clone())
}
