//! The issue list and the head of an issue.

use super::{Count, IssueGroup, Millis};
use serde::Serialize;
use specta::Type;

/// The ordered identities of every issue a query matches, taken at one revision of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueSnapshot {
    /// Revision of the store the list was read at. Text, because it is a 64-bit counter.
    pub revision: String,
    /// The name under which it is kept for selections made in it; nothing where nobody keeps it.
    pub list: Option<String>,
    /// Exact number of matching issues, also where `ids` is capped.
    pub total: Count,
    /// Issue ids in list order, at most [`crate::store::SNAPSHOT_CAP`].
    pub ids: Vec<String>,
    /// In a grouped list its groups in their order, so that the issues of the first one are the first ids, and so on:
    /// at most [`crate::store::GROUPS_CAP`]. Otherwise none. Where `ids` is capped, the last ones lack issues there.
    pub groups: Vec<IssueGroup>,
    /// Time the store took, in milliseconds.
    pub took_ms: f64,
}

/// The beginning of a list, for as long as its [`IssueSnapshot`] is still being read.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueHead {
    /// Revision of the store it was read at. Text, because it is a 64-bit counter.
    pub revision: String,
    /// The first [`crate::store::HEAD_CAP`] ids of the list in its order. How many follow is not known.
    pub ids: Vec<String>,
    /// Time the store took, in milliseconds.
    pub took_ms: f64,
}

/// How the answer to a query has moved since a snapshot was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueChanges {
    /// Revision these counts were read at.
    pub revision: String,
    /// Matching issues that did not match at the snapshot's revision or did not exist then.
    pub added: Count,
    /// Matching issues that were in the snapshot and have been updated since.
    pub changed: Count,
    /// Issues of the snapshot that no longer match.
    pub left: Count,
}

/// One row of the issue list.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueRow {
    /// Issue id, a 64-bit integer as text.
    pub id: String,
    /// `SLUG-BASE32`, as shown to people.
    pub short_id: String,
    /// Displayed title.
    pub title: String,
    /// Displayed subtitle, empty when the issue has none.
    pub subtitle: String,
    /// Where it happened, empty when unknown.
    pub culprit: String,
    /// `sample`, `debug`, `info`, `warning`, `error` or `fatal`.
    pub level: String,
    /// `unresolved`, `resolved` or `ignored`.
    pub status: String,
    /// `new`, `ongoing`, `escalating`, `regressed`, `archived_…`, or nothing.
    pub substatus: Option<String>,
    /// `low`, `medium` or `high`.
    pub priority: String,
    /// Slug of the project.
    pub project: String,
    /// Slug of the group type, such as `performance_n_plus_one_db_queries`.
    pub issue_type: String,
    /// Words for the group type, such as `N+1 Query`.
    pub issue_type_name: String,
    /// Platform of the first event, empty when unknown.
    pub platform: String,
    /// Occurrences seen over the issue's life.
    pub times_seen: Count,
    /// Distinct users seen over the issue's life; nothing where its occurrences name none.
    pub users: Option<Count>,
    /// Earliest event time.
    pub first_seen: Millis,
    /// Latest event time.
    pub last_seen: Millis,
    /// Occurrences per hour for the last 24 hours, oldest first, the current hour last.
    pub trend: Vec<Count>,
    /// Who it is handed to, `user:7` or `team:3`; nothing where nobody has it.
    pub assignee: Option<String>,
    /// Why it lies in the inbox, such as `new` or `regression`; nothing where it does not.
    pub inbox_reason: Option<String>,
    /// The time that ends its archive, where it was archived until one.
    pub snoozed_until: Option<Millis>,
    /// The release it counts as resolved in.
    pub resolution: Option<IssueResolution>,
    /// Labels that people put on it, in the order of their bytes.
    pub labels: Vec<String>,
    /// The beginning of the newest note that somebody wrote about it, at most 400 bytes.
    pub note: Option<String>,
    /// Issues that have become part of it.
    pub merged: Count,
    /// Whether who acts here has bookmarked it.
    pub is_bookmarked: bool,
    /// Whether who acts here has seen it since it was last opened.
    pub has_seen: bool,
}

/// What a row has for columns that not every list shows, and for the time its list asks for. What was not asked for is
/// nothing, or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueExtras {
    /// Issue id.
    pub id: String,
    /// Environments it was seen in, at most 20, by name; the unnamed one is an empty text.
    pub environments: Vec<String>,
    /// Releases it was seen in, at most 20, the one it was last seen in first.
    pub releases: Vec<String>,
    /// The release it was first seen in.
    pub first_release: Option<String>,
    /// Service of its newest event.
    pub service: Option<String>,
    /// Topic of its newest occurrence.
    pub topic: Option<String>,
    /// The top frame of its newest event in the sender's own code, or of all where none is marked as that.
    pub frame: Option<RowFrame>,
    /// Different traces of its newest 200 occurrences.
    pub traces: Option<IssueAmount>,
    /// Bytes of its stored occurrences; where it has more than 200, estimated by the newest of them.
    pub bytes: Option<IssueAmount>,
    /// Its occurrences in the time that the search asks for; nothing where it asks for none.
    pub in_range: Option<RangeNumbers>,
    /// When these came; nothing where that time has no beginning.
    pub trend: Option<RangeTrend>,
    /// Its score in the sort by trends; nothing in another sort.
    pub trend_score: Option<f64>,
}

/// A frame of a stack as a row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RowFrame {
    /// Its function, empty where it has none.
    pub function: String,
    /// Its file, or what stands for that, with the line; empty where it has none.
    pub place: String,
}

/// A number of which there may be more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Type)]
pub struct IssueAmount {
    /// The number.
    pub value: Count,
    /// Whether it is exact. It is that of 200 occurrences otherwise, or estimated by them.
    pub exact: bool,
}

/// When the occurrences of an issue came, in 24 stretches of the same length.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RangeTrend {
    /// When the first stretch begins. It may begin a little before the time that the search asks for, but nothing of
    /// before that is counted.
    pub start: Millis,
    /// How long each is, in milliseconds.
    pub width: Millis,
    /// Occurrences of each, oldest first.
    pub bars: Vec<Count>,
}

/// Occurrences within some time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Type)]
pub struct RangeNumbers {
    /// How many.
    pub events: Count,
    /// Their distinct users.
    pub users: Count,
}

/// One bar of a time chart.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TimeBar {
    /// Start of the bar.
    pub start: Millis,
    /// Occurrences in it.
    pub count: Count,
}

/// Everything the issue screen shows above its occurrences.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueDetail {
    /// The same row the list shows.
    pub row: IssueRow,
    /// Hourly bars of the last seven days, oldest first, empty hours included.
    pub hours: Vec<TimeBar>,
    /// Occurrences that are stored and can be opened.
    pub stored_occurrences: Count,
    /// Release the issue was first seen in.
    pub first_release: Option<String>,
    /// Release of the newest occurrence that carried one.
    pub last_release: Option<String>,
    /// Environments the issue was seen in, by name; the unnamed environment is an empty text.
    pub environments: Vec<String>,
    /// Grouping hashes that lead to this issue, 32 hex digits each.
    pub hashes: Vec<String>,
    /// Who it is handed to, as in the row.
    pub assignee: Option<String>,
    /// When it was last resolved; stays when it is opened again.
    pub resolved_at: Option<Millis>,
    /// The release it counts as resolved in.
    pub resolution: Option<IssueResolution>,
    /// What brings it back from the archive.
    pub snooze: Option<IssueSnooze>,
    /// Its place in the inbox.
    pub inbox: Option<InboxEntry>,
    /// Whether a user chose the priority, which then no longer follows escalation.
    pub priority_locked: bool,
    /// Occurrences in one hour above which it escalates today; only where it is archived until then and has a
    /// forecast.
    pub forecast: Option<Count>,
}

/// The release an issue counts as resolved in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct IssueResolution {
    /// The release.
    pub release: Option<String>,
    /// Whether that release or the one after it is meant.
    pub kind: ResolutionKind,
    /// Whether the meant release is there yet.
    pub status: ResolutionStatus,
}

/// Which release a resolution means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ResolutionKind {
    /// The one it names.
    InRelease,
    /// The one that follows the one it names.
    InNextRelease,
}

/// Whether the release that a resolution means is there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ResolutionStatus {
    /// Not yet.
    Pending,
    /// It is.
    Resolved,
}

/// What brings an issue back from the archive; whichever comes first.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueSnooze {
    /// This time.
    pub until: Option<Millis>,
    /// So many occurrences.
    pub count: Option<Count>,
    /// Minutes that `count` has to be reached in; nothing where they count from the archiving on.
    pub window_minutes: Option<Count>,
    /// So many users.
    pub user_count: Option<Count>,
    /// Minutes that `user_count` has to be reached in; nothing where users since the beginning count.
    pub user_window_minutes: Option<Count>,
}

/// Why an issue lies in the inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct InboxEntry {
    /// Reason word, such as `new` or `regression`.
    pub reason: String,
    /// Since when.
    pub since: Millis,
}

/// Something that happened to an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Activity {
    /// What, such as `SET_RESOLVED`.
    pub kind: String,
    /// When.
    pub at: Millis,
    /// Name of the user who did it, `user:7` where that user is no longer known; nothing where Picket did.
    pub actor: Option<String>,
    /// Facts as JSON text, `null` without any.
    pub data: String,
}
