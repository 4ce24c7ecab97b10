//! Where a case is played, and short ways to act and to look.

use chrono::{DateTime, TimeDelta, Utc};
use picket_core::decode::Mode;
use picket_core::engine::UpkeepTask;
use picket_core::model::{
    Directory, EventId, Issue, IssueId, IssueState, Priority, Project, ProjectId, ProjectRules,
    Substatus, Team, User,
};
use picket_core::store::{Ending, Journal, LoadPlan, QueryStore, TriageStore};
use picket_core::triage::IssueChange;
use picket_core::view::{IssueDetail, OccurrenceDetail, OccurrencePosition};
use picket_tests::fresh::{Fresh, FreshStore};
use picket_tests::scenario::messages::{Message, START, instant};
use picket_tests::scenario::{Action, Actual, Config, IssueActual, Play, Step};
use picket_tests::service;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Opens the stores of one case and removes them in the end.
pub struct World {
    place: Fresh,
    opened: Mutex<Vec<FreshStore>>,
}

/// Plays a case in memory.
pub async fn in_memory(case: impl AsyncFnOnce(&World)) {
    World::play(Fresh::Memory, case).await;
}

/// Plays a case on the PostgreSQL server, if there is one.
pub async fn on_postgres(case: impl AsyncFnOnce(&World)) {
    if let Some(server) = service::postgres() {
        World::play(Fresh::Postgres(server), case).await;
    }
}

impl World {
    async fn play(place: Fresh, case: impl AsyncFnOnce(&Self)) {
        let world = Self {
            place,
            opened: Mutex::default(),
        };
        case(&world).await;
        for fresh in world.opened.into_inner().unwrap() {
            fresh.remove().await.unwrap();
        }
    }

    /// Where its stores come from.
    pub fn place(&self) -> &Fresh {
        &self.place
    }

    /// A desk as [`config`] says.
    pub async fn desk(&self) -> Desk {
        self.with(|_| {}).await
    }

    /// One that takes in message after message.
    pub async fn serial(&self) -> Desk {
        self.with(|config| config.mode = Mode::Serial).await
    }

    /// One at which something is different.
    pub async fn with(&self, change: impl FnOnce(&mut Config)) -> Desk {
        let mut config = config();
        change(&mut config);
        let fresh = self.place.open().await.unwrap();
        let store = Arc::clone(&fresh.store);
        self.opened.lock().unwrap().push(fresh);
        Desk(Play::start(store, &config).await.unwrap())
    }
}

/// Batches of up to a hundred on a Monday at ten, in the projects 1 `shop` and 2 `till`; of the users 7 `ana` (who
/// acts), 8 `ben` and 9 `eve`, the last is not a member; team 3 is `core`.
pub fn config() -> Config {
    let project = |id, slug: &str| Project {
        id: ProjectId(id),
        slug: slug.to_owned(),
        rules: ProjectRules::default(),
    };
    let user = |id, username: &str, is_member| User {
        id,
        username: username.to_owned(),
        email: Some(format!("{username}@example.org")),
        is_member,
        ..User::default()
    };
    Config {
        clock: START.parse().unwrap(),
        mode: Mode::Batched,
        batch_size: 100,
        prune_status_changes: true,
        features: [].into(),
        projects: vec![project(1, "shop"), project(2, "till")],
        directory: Directory {
            users: vec![
                user(7, "ana", true),
                user(8, "ben", true),
                user(9, "eve", false),
            ],
            teams: vec![Team {
                id: 3,
                slug: "core".to_owned(),
                ..Team::default()
            }],
        },
    }
}

pub const SHOP: ProjectId = ProjectId(1);

/// Status and substatus.
pub type Stand = (&'static str, Option<&'static str>);

pub const NEW: Stand = ("unresolved", Some("new"));
pub const ONGOING: Stand = ("unresolved", Some("ongoing"));
pub const REGRESSED: Stand = ("unresolved", Some("regressed"));
pub const ESCALATING: Stand = ("unresolved", Some("escalating"));
pub const RESOLVED: Stand = ("resolved", None);
pub const FOREVER: Stand = ("ignored", Some("archived_forever"));
pub const UNTIL_ESCALATING: Stand = ("ignored", Some("archived_until_escalating"));
pub const UNTIL_CONDITION_MET: Stand = ("ignored", Some("archived_until_condition_met"));

/// A case under way. Issues are those of project 1 unless said otherwise.
pub struct Desk(pub Play);

impl Desk {
    /// Sends a batch.
    pub async fn send(&mut self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.send_bytes(message.bytes()).await;
        }
        self.0.flush().await.unwrap();
    }

    /// Sends anything; the batch goes on.
    pub async fn send_bytes(&mut self, bytes: impl Into<Vec<u8>>) {
        self.step(Step::Message(bytes.into())).await;
    }

    pub async fn step(&mut self, step: Step) {
        self.0.step(&step).await.unwrap();
    }

    pub async fn advance(&mut self, by: TimeDelta) {
        self.step(Step::Advance(by)).await;
    }

    /// Moves the clock to a time of the day, or any other written in full.
    pub async fn wait_until(&mut self, time: &str) {
        let time: DateTime<Utc> = instant(time).parse().unwrap();
        self.advance(time - self.0.now()).await;
    }

    /// Somebody changes an issue.
    pub async fn change(&mut self, fingerprint: &str, change: IssueChange) {
        self.try_change(fingerprint, change).await.unwrap();
    }

    pub async fn try_change(
        &mut self,
        fingerprint: &str,
        change: IssueChange,
    ) -> anyhow::Result<()> {
        let action = Action::Change {
            project: Some(SHOP),
            fingerprint: fingerprint.to_owned(),
            change,
        };
        self.0.step(&Step::Act(action)).await
    }

    pub async fn set_forecast(&mut self, fingerprint: &str, values: [u64; 14]) {
        self.step(Step::Act(Action::SetForecast {
            project: Some(SHOP),
            fingerprint: fingerprint.to_owned(),
            values: values.to_vec(),
        }))
        .await;
    }

    pub async fn run(&mut self, task: UpkeepTask) {
        self.step(Step::Act(Action::RunTask(task))).await;
    }

    pub async fn store_event(&mut self, event: Value) {
        let event: Map<String, Value> = serde_json::from_value(event).unwrap();
        let action = Action::StoreEvent {
            project: None,
            event,
        };
        self.step(Step::Act(action)).await;
    }

    pub async fn actual(&self) -> Actual {
        self.0.actual().await.unwrap()
    }

    /// All issues by project and short id.
    pub async fn issues(&self) -> Vec<IssueActual> {
        self.actual().await.issues
    }

    pub async fn state(&self, fingerprint: &str) -> IssueState {
        self.0.state(SHOP, fingerprint).await.unwrap()
    }

    pub async fn issue(&self, fingerprint: &str) -> Issue {
        self.state(fingerprint).await.issue
    }

    pub async fn id(&self, fingerprint: &str) -> IssueId {
        self.0.issue_id(SHOP, fingerprint).await.unwrap()
    }

    /// Whether a fingerprint leads to an issue.
    pub async fn has(&self, fingerprint: &str) -> bool {
        self.0.state(SHOP, fingerprint).await.is_ok()
    }

    pub async fn stand(&self, fingerprint: &str) -> Stand {
        let issue = self.issue(fingerprint).await;
        let substatus = issue.substatus.map(Substatus::as_str);
        (issue.status.as_str(), substatus)
    }

    pub async fn times_seen(&self, fingerprint: &str) -> i64 {
        self.issue(fingerprint).await.times_seen
    }

    pub async fn priority(&self, fingerprint: &str) -> &'static str {
        self.issue(fingerprint)
            .await
            .priority
            .map_or("none", Priority::as_str)
    }

    /// Why an issue lies in the inbox.
    pub async fn inbox(&self, fingerprint: &str) -> Option<&'static str> {
        let state = self.state(fingerprint).await;
        state.inbox.get().map(|entry| entry.reason.as_str())
    }

    pub async fn journal(&self, fingerprint: &str) -> Journal {
        let id = self.id(fingerprint).await;
        self.0.store().journal(id).await.unwrap()
    }

    /// Names of the activities, oldest first.
    pub async fn activities(&self, fingerprint: &str) -> Vec<&'static str> {
        let said = self.said(fingerprint).await;
        said.into_iter().map(|(name, _)| name).collect()
    }

    /// Names and data of the activities, oldest first.
    pub async fn said(&self, fingerprint: &str) -> Vec<(&'static str, Value)> {
        let journal = self.journal(fingerprint).await;
        let activities = journal.activities.into_iter();
        activities
            .map(|activity| (activity.kind.as_str(), activity.data))
            .collect()
    }

    /// Names of the lines of history, oldest first.
    pub async fn history(&self, fingerprint: &str) -> Vec<&'static str> {
        let journal = self.journal(fingerprint).await;
        let lines = journal.history.iter();
        lines.map(|line| line.line.kind.as_str()).collect()
    }

    /// How many messages ended so since the counts were forgotten.
    pub fn ended(&self, ending: Ending) -> u64 {
        self.0.tally().0.get(&ending).copied().unwrap_or(0)
    }

    /// Created, updated, status-changed and unchanged.
    pub fn kept(&self) -> [u64; 4] {
        [
            Ending::Created,
            Ending::Updated,
            Ending::StatusChanged,
            Ending::Unchanged,
        ]
        .map(|ending| self.ended(ending))
    }

    pub async fn dropped(&self) -> BTreeMap<String, u64> {
        self.actual().await.dropped
    }

    /// Sum of a counter, last value of a gauge; nothing where it was never touched.
    pub fn counted(&self, name: &str) -> Option<u64> {
        self.0.measures().value(name)
    }

    /// A counter with one of its tags.
    pub fn counted_with(&self, name: &str, tag: &str, value: &str) -> u64 {
        let counters = self.0.measures().counters.iter();
        counters
            .filter(|(measure, _)| {
                measure.name == name
                    && measure
                        .tags
                        .iter()
                        .any(|(key, found)| *key == tag && found == value)
            })
            .map(|(_, count)| count)
            .sum()
    }

    /// Stored events and occurrences.
    pub async fn stored(&self) -> (u64, u64) {
        let summary = self.0.store().summary().await.unwrap();
        (summary.events, summary.occurrences)
    }

    /// The newest occurrence of an issue.
    pub async fn newest(&self, fingerprint: &str) -> OccurrenceDetail {
        let id = self.id(fingerprint).await;
        let newest = self.0.store().occurrence(id, &OccurrencePosition::Newest);
        newest.await.unwrap().unwrap()
    }

    /// The head of an issue, as the window shows it.
    pub async fn detail(&self, fingerprint: &str) -> IssueDetail {
        let id = self.id(fingerprint).await;
        let detail = self.0.store().issue_detail(id, self.0.now());
        detail.await.unwrap().unwrap()
    }

    /// The stored body of an event.
    pub async fn event(&self, id: &str) -> Option<Value> {
        let id: EventId = id.parse().unwrap();
        let bodies = self.0.store().event_bodies(id).await.unwrap();
        let (_, body) = bodies.into_iter().next()?;
        Some(serde_json::from_str(&body).unwrap())
    }

    /// New issues of a type that a project has opened lately, as the store mirrors them.
    pub async fn used_quota(&self, project: i64, slug: &str) -> i64 {
        let prefix =
            format!("sliding-window-rate-limit:issue-platform-issues:{project}:{slug}:3600:60:");
        let counters = self.0.store().counters(self.0.now()).await.unwrap();
        let of_quota = counters.iter().filter(|row| row.key.starts_with(&prefix));
        of_quota.map(|row| row.count).sum()
    }

    /// What a transaction with this plan would start from.
    pub async fn load(&self, plan: LoadPlan) -> picket_core::store::BatchState {
        self.0.load(&plan).await.unwrap()
    }
}

/// The reasons and counts of a table such as `[("duplicate", 1)]`.
pub fn reasons<const N: usize>(table: [(&str, u64); N]) -> BTreeMap<String, u64> {
    table
        .into_iter()
        .map(|(reason, count)| (reason.to_owned(), count))
        .collect()
}

/// A time of the day, or any other written in full.
pub fn time(text: &str) -> DateTime<Utc> {
    instant(text).parse().unwrap()
}
