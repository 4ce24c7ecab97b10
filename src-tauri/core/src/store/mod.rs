//! Where issues live: SQLite by default, PostgreSQL for a team.
//!
//! Four roles, four traits: [`IngestStore`] writes what the pipeline decided, [`TriageStore`] what people and the clock
//! decide about issues, [`ActionStore`] keeps what people did, [`QueryStore`] answers what people ask.
//! Every SQL text stands in the backend that runs it, with the index that serves it named beside it.

mod action_rows;
mod actions;
mod activities;
mod address;
mod alike;
mod assemble;
mod backend;
mod beside;
mod beside_rows;
mod changes;
mod column;
mod content;
mod dead_letters;
mod effects;
mod error;
mod fence;
mod jobs;
mod journal;
mod known;
mod loading;
mod postgres;
mod records;
mod rows;
mod schema;
mod search;
mod search_backlog;
mod search_index;
mod search_rows;
mod short_ids;
mod sqlite;
mod standing;
mod stands;
mod state_rows;
#[cfg(test)]
mod tests;
mod turn;
mod views;

pub use actions::{
    ActionStore, Actions, AuditWrite, BesidePlan, DeletionJob, DeletionWrite, HashWrite, IssueHash,
    IssueHead, JobStep, JournalEntry, JournalFilter, JournalIssue, JournalIssueWrite, JournalKind,
    JournalWord, JournalWrite, MergeWrite, PurgeStep, TombstoneWrite, UnmergeWrite,
};
pub use address::sqlite_url;
pub use backend::{Access, Connections, Store};
pub use changes::Held;
pub use effects::{
    BatchState, DeadLetterWrite, Effects, Ending, EventWrite, IssueEnvironmentWrite,
    IssueReleaseWrite, IssueWrite, LoadPlan, MessageKey, OccurrenceWrite, OffsetAdvance,
    ProjectState, ReleaseWrite, Slot, Tally,
};
pub use error::StoreError;
pub use jobs::{Job, JobState, NewJob};
pub use journal::{Journal, JournalLine};
pub use schema::{MigrationReport, MigrationStep, OnMigration, SchemaVersion};
pub use search::{
    Amount, EventDepth, EventSlice, ExportStore, ExportedEvent, Extras, ExtrasExtent, ExtrasStore,
    HitPage, InboxPlan, LabelUse, ListedStore, RangeTrend, SearchStore, SeenValue,
    SelectionNumbers, Standings, TableExtent, TableRow, TagUser, TagValue, Wording,
};
pub use search_backlog::SearchBacklog;
pub use turn::{Ahead, Turn, Wanted};
pub use views::ViewStore;

use crate::limits::CounterRow;
use crate::model::{
    Directory, EscalationThreshold, EventId, IssueId, Measures, Project, ProjectId, RejectReason,
};
use crate::search::Plan;
use crate::triage::Velocity;
use crate::view::{
    Activity, DeadLetterDetail, DeadLetterList, IssueChanges, IssueDetail, IssueOrder, IssueRow,
    IssueSnapshot, OccurrenceDetail, OccurrencePosition, OutcomeRow,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::HashMap;
use std::future::Future;

/// The most ids a snapshot carries over the bridge; beyond it, [`IssueSnapshot::total`] is still exact.
pub const SNAPSHOT_CAP: usize = 1_000_000;

/// The most ids of the head of a list, which is shown until its snapshot is there (ux, section 4.4).
pub const HEAD_CAP: usize = 200;

/// The most groups of a snapshot; the last one stands for all that would be more. About a megabyte on the bridge, and
/// more than anybody reads: what is left over is the smallest.
pub const GROUPS_CAP: usize = 10_000;

/// The most rows one call to [`QueryStore::issue_rows`] answers.
pub const ROWS_CAP: usize = 200;

/// The most releases one call to [`QueryStore::project_releases`] answers.
pub const RELEASES_CAP: u32 = 1_000;

/// How long a processed message is recognised when it comes again (occurrences spec, section 2.4). A mark set at `t`
/// is gone at exactly `t` plus this.
pub const DUPLICATE_WINDOW: TimeDelta = TimeDelta::seconds(300);

/// Turns the state a transaction starts from, or what was made of it, into what it writes.
///
/// Called again with a fresh state when the transaction has to be repeated, so what it answers must depend on nothing
/// but its argument and what it was made for.
pub trait Decide<W = BatchState>: Send + Sync {
    /// Decides, inside the transaction.
    ///
    /// # Errors
    /// Whatever makes the transaction end without a trace.
    fn decide(&self, state: W) -> impl Future<Output = Result<Effects, StoreError>> + Send;
}

impl<W: Send, F: Fn(W) -> Effects + Send + Sync> Decide<W> for F {
    async fn decide(&self, state: W) -> Result<Effects, StoreError> {
        Ok(self(state))
    }
}

/// What a committed batch says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Revision of the store after the commit.
    pub revision: i64,
    /// How the records ended.
    pub tally: Tally,
    /// What was counted on the way.
    pub measures: Measures,
}

/// A partition's place in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOffset {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Next offset to read.
    pub next_offset: i64,
}

/// Writes batches.
pub trait IngestStore: Send + Sync {
    /// Applies one batch in one transaction: moves the offsets from exactly where the batch expects them, loads
    /// what `plan` names, lets `decide` work, and writes its effects. Does not repeat itself: after an error that
    /// [`StoreError::is_transient`] the caller may.
    ///
    /// A text with U+0000, which databases refuse, is stored with U+FFFD in its place; payloads keep it.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when a partition is not where the batch was read from: another writer owns it. Any
    /// error leaves the store as it was.
    fn ingest(
        &self,
        source: &str,
        advances: &[OffsetAdvance],
        plan: &LoadPlan,
        decide: &impl Decide,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send;

    /// Compressed bodies of stored events, for occurrences that refer to them. Missing ones are left out.
    fn load_events(
        &self,
        events: &[(ProjectId, EventId)],
    ) -> impl Future<Output = Result<HashMap<(ProjectId, EventId), Vec<u8>>, StoreError>> + Send;

    /// All partitions of a source.
    fn offsets(
        &self,
        source: &str,
    ) -> impl Future<Output = Result<Vec<StoredOffset>, StoreError>> + Send;

    /// Where to read a partition on: the stored next offset, or `initial`, which is stored for a partition that is
    /// new to this store.
    fn claim_partition(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        initial: i64,
    ) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// Gives projects their names and rules, creating those that are missing.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when another project has one of the names.
    fn name_projects(
        &self,
        projects: &[Project],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Moves a partition whose records the broker no longer has. Used when the stored offset lies outside what the
    /// broker keeps. The records in between are counted as dropped, reason `offset_gap`, at `now`; going back counts
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the stored offset is not `advance.from`.
    fn skip_gap(
        &self,
        source: &str,
        advance: &OffsetAdvance,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Changes issues outside of batches: what people and the clock do to them.
pub trait TriageStore: Send + Sync {
    /// One transaction without a source: loads what `plan` names, lets `decide` work, writes its effects. The loaded
    /// issues stay locked in between, so nothing is lost to a batch that runs at the same time.
    ///
    /// # Errors
    /// [`StoreError::InvalidStatus`] for an issue whose new status and substatus do not go together,
    /// [`StoreError::Corrupt`] where records were to be stored, which need a source. Any error leaves the store as it
    /// was.
    fn apply(
        &self,
        plan: &LoadPlan,
        decide: &impl Decide,
    ) -> impl Future<Output = Result<Commit, StoreError>> + Send {
        async move {
            let (commit, _) = self.apply_turn(Turn::alone(plan), decide).await?;
            Ok(commit)
        }
    }

    /// [`TriageStore::apply`] for one of a row of transactions. Answers also what the next one made of what was read for
    /// it; nothing where there is none, or where the store cannot read before the issues are locked.
    ///
    /// # Errors
    /// As [`TriageStore::apply`]. What could not be read ahead is no error here: the next turn reads it again, and says.
    fn apply_turn<W: Send>(
        &self,
        turn: Turn<'_, W>,
        decide: &impl Decide<W>,
    ) -> impl Future<Output = Result<(Commit, Option<Ahead<W>>), StoreError>> + Send;

    /// The revision of the store: it grows with every commit.
    fn revision(&self) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// Issues for which something is due, at most `limit`.
    fn due(
        &self,
        due: &Due,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// Claims a repeated task, which several processes may want to run: true for exactly one of them, where it last
    /// ran at `not_since` or earlier, or never. `project` tells apart tasks that run per project; 0 for the others.
    fn claim_task(
        &self,
        task: &str,
        project: ProjectId,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Takes rows out of the inbox that are older than `before`, and answers how many.
    fn clear_inbox(
        &self,
        before: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Removes marks of messages, counters and so on whose time is over at `now`.
    fn forget_expired(
        &self,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Lets searches know up to `most` more of the occurrences that were stored before they read anything, and of the
    /// issues. Answers whether there may be more.
    fn index_backlog(&self, most: u32) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Removes what searches kept of issues that are gone, and answers how many rows that were. Reads a whole table where
    /// there is anything to remove. SQLite keeps it, in two bytes a term.
    fn sweep_search(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Makes `directory` what the store knows of people and teams.
    fn set_directory(
        &self,
        directory: &Directory,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The people and teams the store knows, in the order they were set.
    fn directory(&self) -> impl Future<Output = Result<Directory, StoreError>> + Send;

    /// The mirrored counters that have not expired at `now`.
    fn counters(
        &self,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<CounterRow>, StoreError>> + Send;

    /// Projects whose escalation threshold was measured at `latest` or before, or never.
    fn unmeasured_projects(
        &self,
        latest: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<ProjectId>, StoreError>> + Send;

    /// How fast those issues of a project came that were seen at `since` or later, up to `now`. Counts every occurrence
    /// of that time.
    fn velocities(
        &self,
        project: ProjectId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<Velocity>, StoreError>> + Send;

    /// Keeps the escalation threshold of a project in place of the one before.
    fn set_escalation_threshold(
        &self,
        project: ProjectId,
        threshold: EscalationThreshold,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Sets the number given last in a project, as after an import of issues that have theirs.
    fn set_short_id_counter(
        &self,
        project: ProjectId,
        last_number: i64,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The records of dead letters that are still `new`, with the name of their source, in the order of their ids.
    fn dead_letter_records(
        &self,
        ids: &[i64],
    ) -> impl Future<Output = Result<Vec<DeadLetterRecord>, StoreError>> + Send;

    /// Moves dead letters from one state to another, and answers how many were in it.
    fn move_dead_letters(
        &self,
        ids: &[i64],
        from: DeadLetterState,
        to: DeadLetterState,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// What can be due (group-states spec, section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Unresolved and new, first seen at this time or earlier; the oldest first.
    New(DateTime<Utc>),
    /// Unresolved and regressed, with its newest history row of that kind at this time or earlier.
    Regressed(DateTime<Utc>),
    /// Unresolved and escalating, with its newest history row of that kind at this time or earlier.
    Escalating(DateTime<Utc>),
    /// With a snooze row whose end is at this time or earlier, whatever the status.
    Snoozed(DateTime<Utc>),
    /// Unresolved, in this project, of one of these group types, last seen at this time or earlier.
    Quiet {
        /// Project.
        project: ProjectId,
        /// Numbers of group types.
        group_types: Vec<u16>,
        /// Latest last sighting.
        last_seen: DateTime<Utc>,
    },
    /// Archived until it escalates, last seen at this time or later.
    UntilEscalating(DateTime<Utc>),
}

/// A dead letter as a record to process again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterRecord {
    /// Its number.
    pub id: i64,
    /// Name of its source.
    pub source: String,
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Key.
    pub key: Option<Vec<u8>>,
    /// Headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Value, exactly as it was read.
    pub payload: Vec<u8>,
}

/// What became of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeadLetterState {
    /// Nobody has dealt with it.
    New,
    /// It was tried again and is none any more.
    Replayed,
    /// Somebody decided that it is not worth trying.
    Discarded,
}

impl DeadLetterState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::New, Self::Replayed, Self::Discarded];

    /// The state a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Replayed => "replayed",
            Self::Discarded => "discarded",
        }
    }
}

/// Which dead letters to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
pub struct DeadLetterFilter {
    /// Only those in this state.
    pub state: Option<DeadLetterState>,
    /// Only those set aside for this reason.
    pub reason: Option<RejectReason>,
    /// Most rows.
    pub limit: u32,
}

/// Answers questions.
pub trait QueryStore: Send + Sync {
    /// Ids of all issues that match, in order, with the exact count.
    fn issue_snapshot(
        &self,
        plan: &Plan,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<IssueSnapshot, StoreError>> + Send;

    /// What has changed for a query since a list of it was read.
    ///
    /// `total + added − left` is exactly what matches now. Where the list's ids are not there, an issue that left and
    /// another that came back without being new cannot be told apart from two that changed.
    ///
    /// The ids of issues that were written since are read, and all are counted; where time decides as well (see
    /// [`Held::goes_by_time`]), every id is read, which takes about as long as to read the list. Whoever asks again and
    /// again leaves the store nine times as long to others.
    fn issue_changes(
        &self,
        plan: &Plan,
        held: &Held<'_>,
    ) -> impl Future<Output = Result<IssueChanges, StoreError>> + Send;

    /// Rows in the order of `ids`, at most [`ROWS_CAP`]; missing issues are left out. `now` places the trend.
    fn issue_rows(
        &self,
        ids: &[IssueId],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<IssueRow>, StoreError>> + Send;

    /// One issue. Nothing where it does not exist.
    fn issue_detail(
        &self,
        id: IssueId,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<IssueDetail>, StoreError>> + Send;

    /// The issue a project slug (any case) and number name.
    fn issue_by_short_id(
        &self,
        project_slug: &str,
        number: i64,
    ) -> impl Future<Output = Result<Option<IssueId>, StoreError>> + Send;

    /// One occurrence of an issue. Nothing where there is none.
    fn occurrence(
        &self,
        issue: IssueId,
        position: &OccurrencePosition,
    ) -> impl Future<Output = Result<Option<OccurrenceDetail>, StoreError>> + Send;

    /// What happened to an issue, newest first, at most `limit` entries; its first sighting comes last
    /// (group-states spec, section 1.6). Nothing where the issue does not exist.
    fn activities(
        &self,
        issue: IssueId,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Activity>, StoreError>> + Send;

    /// Every note of an issue, newest first.
    fn notes(
        &self,
        issue: IssueId,
    ) -> impl Future<Output = Result<Vec<Activity>, StoreError>> + Send;

    /// Releases of a project by the time they were added, newest first, of equal ones the greater text first; at most
    /// [`RELEASES_CAP`].
    fn project_releases(
        &self,
        project: ProjectId,
    ) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;

    /// Whether a project has a release.
    fn has_release(
        &self,
        project: ProjectId,
        version: &str,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The body of every stored event with this id, as JSON text, with its project.
    fn event_bodies(
        &self,
        id: EventId,
    ) -> impl Future<Output = Result<Vec<(ProjectId, String)>, StoreError>> + Send;

    /// All projects, by slug.
    fn projects(&self) -> impl Future<Output = Result<Vec<Project>, StoreError>> + Send;

    /// Counted outcomes, by `reason` or by `hour` (RFC 3339).
    fn outcomes(
        &self,
        by: OutcomeGrouping,
    ) -> impl Future<Output = Result<Vec<OutcomeRow>, StoreError>> + Send;

    /// The newest dead letters that a filter keeps, with exact counts of all it keeps.
    fn dead_letters(
        &self,
        filter: DeadLetterFilter,
    ) -> impl Future<Output = Result<DeadLetterList, StoreError>> + Send;

    /// One dead letter.
    fn dead_letter(
        &self,
        id: i64,
    ) -> impl Future<Output = Result<Option<DeadLetterDetail>, StoreError>> + Send;

    /// Size and contents in numbers.
    fn summary(&self) -> impl Future<Output = Result<StoreSummary, StoreError>> + Send;
}

/// How to group counted outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeGrouping {
    /// One row per outcome and reason.
    Reason,
    /// One row per hour and outcome.
    Hour,
}

/// A store in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreSummary {
    /// Issues.
    pub issues: u64,
    /// Stored occurrences.
    pub occurrences: u64,
    /// Stored event bodies.
    pub events: u64,
    /// Dead letters.
    pub dead_letters: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Revision: grows with every commit.
    pub revision: i64,
}

/// Milliseconds since `started`, for the times shown beside an answer.
fn elapsed_ms(started: std::time::Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
