//! What one batch changes, as plain rows.
//!
//! The pipeline decides, the store writes. Issues are named by [`Slot`] because a new one has no id until the
//! store gives it one inside the transaction.

use super::actions::{Actions, BesidePlan, IssueHash};
use crate::limits::CounterWrite;
use crate::model::{
    DropReason, EscalationThreshold, EventBody, EventFacts, EventId, GroupHash, IssueId,
    IssueState, Measures, OccurrenceId, ProjectId, ProjectRules, RejectReason,
};
use crate::triage::Kin;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Place of an issue in [`Effects::issues`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub usize);

/// Identity of a message for duplicate suppression: its project, and its id as 32 hex digits where it is a UUID, else as
/// sent (occurrences spec, section 2.4, D5).
pub type MessageKey = (ProjectId, String);

/// What a transaction needs to know before it can decide. Keys are distinct and sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LoadPlan {
    /// Processing time; counts and marks are judged by it. Without one, the Unix epoch.
    pub now: Option<DateTime<Utc>>,
    /// Projects the records name. The store creates the missing ones, slug `project-<id>`.
    pub projects: Vec<ProjectId>,
    /// Primary hashes of the records.
    pub hashes: Vec<(ProjectId, GroupHash)>,
    /// Issues named by their id.
    pub issues: Vec<IssueId>,
    /// Whether only how issues stand is wanted: their texts, platform, data and environments stay empty then, and only
    /// how they stand is written back.
    pub without_content: bool,
    /// Releases the batch's events carry, whichever way the events came.
    pub releases: Vec<(ProjectId, String)>,
    /// Those of `releases` that the batch creates where they are missing. Where one is, the issues of its project that
    /// wait for a next release are loaded too.
    pub new_releases: Vec<(ProjectId, String)>,
    /// Identities of the messages, to find out which were processed a short while ago.
    pub messages: Vec<MessageKey>,
    /// Hashes whose issues may be archived until they escalate by this transaction: their sightings are loaded even
    /// if they are not archived yet.
    pub counted_hashes: Vec<(ProjectId, GroupHash)>,
    /// The same for issues named by their id, which may also be archived until more users see them.
    pub counted_issues: Vec<IssueId>,
    /// Whether the users of the issues that those two name are wanted as well; there can be many.
    pub counts_users: bool,
    /// Whether to load all releases of the issues' projects, and all releases each of `issues` was seen in.
    pub all_releases: bool,
    /// Which rows beside `issues` are wanted.
    pub beside: BesidePlan,
    /// Dead letters to be tried again. Those that are not `new` any more are left out of the state; the others are
    /// locked until the commit.
    pub dead_letters: Vec<i64>,
}

/// The state a transaction starts from, read inside it.
#[derive(Debug, Clone, Default)]
pub struct BatchState {
    /// Issue of each planned hash that has one; a hash row without an issue is left out
    /// (occurrences spec, section 8, D19).
    pub hashes: HashMap<(ProjectId, GroupHash), IssueId>,
    /// Every issue in `hashes`, every planned one that exists, and those that wait for a release the batch creates. Boxed:
    /// a state is large, and goes through many hands until it is written.
    pub issues: HashMap<IssueId, Box<IssueState>>,
    /// Environments each of these issues was seen in, unless only how they stand is wanted.
    pub issue_environments: HashSet<(IssueId, String)>,
    /// Last event time per issue, release and environment, for these issues and the planned releases, or all releases
    /// where the plan says so.
    pub issue_releases: HashMap<(IssueId, String, String), DateTime<Utc>>,
    /// When a release was added: planned ones that exist, and those that the resolutions of `issues` name.
    pub releases: HashMap<(ProjectId, String), DateTime<Utc>>,
    /// Every project of `issues` and every planned one.
    pub projects: HashMap<ProjectId, ProjectState>,
    /// Planned messages processed within the last [`DUPLICATE_WINDOW`](super::DUPLICATE_WINDOW).
    pub recent_messages: HashSet<MessageKey>,
    /// Planned dead letters that are still `new`.
    pub dead_letters: HashSet<i64>,
    /// Planned hashes that lead to a tombstone: what comes with them is dropped.
    pub buried: HashSet<(ProjectId, GroupHash)>,
    /// Fingerprints that lead to the planned issues, where the plan asks for them.
    pub issue_hashes: HashMap<IssueId, Vec<IssueHash>>,
    /// Planned issues that have a tombstone, under the same condition.
    pub with_tombstone: HashSet<IssueId>,
    /// Where the planned issues were seen, where the plan asks for it.
    pub kin: HashMap<IssueId, Kin>,
}

/// A project as a transaction sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProjectState {
    /// Its settings.
    pub rules: ProjectRules,
    /// Above which new errors escalate early, where it was measured, however long ago.
    pub threshold: Option<EscalationThreshold>,
    /// Its releases by time added, newest first, of equal ones the greater text first: the newest ten where one of
    /// the loaded issues has a resolution, all of them where the plan says so, else none.
    pub newest_releases: Vec<(String, DateTime<Utc>)>,
}

/// An issue to insert or update.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueWrite {
    /// The state to store; `issue.id` is nothing for a new issue. Of the rows beside the issue only changed ones are
    /// written.
    pub state: Box<IssueState>,
    /// For a new issue: the hash to link to it.
    pub new_hash: Option<GroupHash>,
    /// Occurrences of this batch per hour (hours since the Unix epoch), by event time.
    pub hours: Vec<(i32, u32)>,
}

impl IssueWrite {
    /// Whether no more of the issue is written than how it stands: all else of it stays as it is stored.
    pub(super) fn is_restated(&self) -> bool {
        self.state.keeps_content && self.state.issue.id.is_some()
    }
}

/// An event body to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventWrite {
    /// Project.
    pub project_id: ProjectId,
    /// Identity inside the project.
    pub event_id: EventId,
    /// Type key.
    pub event_type: String,
    /// Time of the event.
    pub event_time: DateTime<Utc>,
    /// The body.
    pub body: EventBody,
}

/// An occurrence to store. An existing row with the same project and id is replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct OccurrenceWrite {
    /// Identity.
    pub id: OccurrenceId,
    /// Project.
    pub project_id: ProjectId,
    /// Its event.
    pub event_id: EventId,
    /// Issue it was counted into; nothing where it was stored but then dropped.
    pub slot: Option<Slot>,
    /// Time of the event.
    pub event_time: DateTime<Utc>,
    /// Environment of the event.
    pub environment: String,
    /// Release of the event.
    pub release: Option<String>,
    /// User of the event: its tag `sentry:user`.
    pub user: Option<String>,
    /// Compressed JSON of the occurrence record.
    pub payload: Arc<[u8]>,
    /// Tags of a light event, which has no stored body; empty otherwise.
    pub light_tags: Vec<(String, String)>,
    /// What a search can ask of the event.
    pub facts: Arc<EventFacts>,
    /// Record it came from.
    pub topic: Arc<str>,
    /// Partition of that record.
    pub partition: i32,
    /// Offset of that record.
    pub offset: i64,
    /// Key of that record.
    pub key: Option<Arc<[u8]>>,
}

/// A sighting of an issue in an environment it was not known in.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueEnvironmentWrite {
    /// The issue.
    pub slot: Slot,
    /// Environment name.
    pub environment: String,
    /// Release of the event that was first seen there.
    pub first_release: Option<String>,
    /// Processing time.
    pub first_seen: DateTime<Utc>,
}

/// A sighting of an issue in a release and environment: inserted, or its last time moved.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueReleaseWrite {
    /// The issue.
    pub slot: Slot,
    /// Release version.
    pub release: String,
    /// Environment name.
    pub environment: String,
    /// First event time, used on insert.
    pub first_seen: DateTime<Utc>,
    /// Last event time to store.
    pub last_seen: DateTime<Utc>,
}

/// A release to create if it is missing, and what to add to its counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseWrite {
    /// Project.
    pub project_id: ProjectId,
    /// Version.
    pub version: String,
    /// Newest event time of the batch; used on insert only.
    pub date_added: DateTime<Utc>,
    /// Issues first seen in this release.
    pub new_groups: u32,
    /// New issue environments per environment name.
    pub new_issues: Vec<(String, u32)>,
}

/// A record set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterWrite {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Key.
    pub key: Option<Arc<[u8]>>,
    /// Headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Value, exactly as read.
    pub payload: Arc<[u8]>,
    /// Why.
    pub reason: RejectReason,
    /// Why exactly.
    pub detail: String,
}

/// How records ended, for the counted outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// Opened an issue.
    Created,
    /// Was added to an issue.
    Updated,
    /// A status change that changed an issue.
    StatusChanged,
    /// A status change that changed nothing.
    Unchanged,
    /// Dropped in an orderly way.
    Dropped(DropReason),
    /// Set aside.
    DeadLettered(RejectReason),
}

/// How many records ended how. The sum of all counts is the number of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub std::collections::BTreeMap<Ending, u64>);

impl Tally {
    /// Counts one record.
    pub fn count(&mut self, ending: Ending) {
        *self.0.entry(ending).or_default() += 1;
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        for (&ending, &count) in &other.0 {
            *self.0.entry(ending).or_default() += count;
        }
    }

    /// Number of records.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.0.values().sum()
    }
}

/// How far a batch moves a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetAdvance {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// The stored next offset the batch was read from.
    pub from: i64,
    /// The next offset once the batch is stored.
    pub to: i64,
}

/// Everything one batch changes.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    /// Issues, new and touched, in order of first appearance.
    pub issues: Vec<IssueWrite>,
    /// Event bodies. At most one per project and event id; an existing one is replaced.
    pub events: Vec<EventWrite>,
    /// Occurrences. At most one per project and id.
    pub occurrences: Vec<OccurrenceWrite>,
    /// Environments per project that the batch saw; created where missing.
    pub environments: Vec<(ProjectId, String)>,
    /// Releases to create or count into.
    pub releases: Vec<ReleaseWrite>,
    /// New issue environments.
    pub issue_environments: Vec<IssueEnvironmentWrite>,
    /// New or moved issue releases.
    pub issue_releases: Vec<IssueReleaseWrite>,
    /// Records set aside.
    pub dead_letters: Vec<DeadLetterWrite>,
    /// Dead letters that were tried again and are none any more.
    pub replayed: Vec<i64>,
    /// Messages that were processed and left no occurrence to be recognised by.
    pub marks: Vec<MessageKey>,
    /// Counters of this process to mirror.
    pub counters: Vec<CounterWrite>,
    /// What a person's action writes beside the issues.
    pub actions: Actions,
    /// What was counted on the way.
    pub measures: Measures,
    /// How the records ended, per project (0 where the project is unknown).
    pub outcomes: Vec<(ProjectId, Ending, u32)>,
    /// The same, summed.
    pub tally: Tally,
    /// Processing time of the batch; without one its rows carry the Unix epoch.
    pub now: Option<DateTime<Utc>>,
}
