//! An issue with everything that decides about its state, and what a transaction changes in it.
//!
//! The rules of `triage` work on this in memory; the store loads it before and writes what has changed after.

use super::{
    ActivityKind, Assignee, HistoryKind, InboxDetails, InboxReason, Issue, IssueStatus, Labels,
    Link, LinkKey, Note, Priority, ResolutionKind, ResolutionStatus, Share, Subscription,
    Substatus,
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// At most one row beside an issue: its value, and whether it has to be written back.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<T> {
    value: Option<T>,
    changed: bool,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::loaded(None)
    }
}

impl<T> Kept<T> {
    /// As it is stored.
    #[must_use]
    pub fn loaded(value: Option<T>) -> Self {
        Self {
            value,
            changed: false,
        }
    }

    /// The row, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Puts a row in place of whatever was there.
    pub fn set(&mut self, value: T) {
        self.value = Some(value);
        self.changed = true;
    }

    /// Takes the row out.
    pub fn clear(&mut self) -> Option<T> {
        let value = self.value.take();
        self.changed |= value.is_some();
        value
    }

    /// Whether it differs from what is stored.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.changed
    }
}

/// An issue's row in the inbox (group-states spec, section 1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEntry {
    /// Why it is there.
    pub reason: InboxReason,
    /// The condition that brought it there.
    pub details: Option<InboxDetails>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Conditions under which an archived issue comes back (group-states spec, section 4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snooze {
    /// At this time.
    pub until: Option<DateTime<Utc>>,
    /// After this many occurrences.
    pub count: Option<i64>,
    /// Minutes the occurrences have to lie in.
    pub window: Option<i64>,
    /// After this many users.
    pub user_count: Option<i64>,
    /// Minutes the users have to be seen in.
    pub user_window: Option<i64>,
    /// Occurrences when it was archived; recorded for `count` without `window`.
    pub times_seen: Option<i64>,
    /// Users when it was archived; recorded for `user_count` without `user_window`.
    pub users_seen: Option<i64>,
    /// User who archived it.
    pub actor: Option<i64>,
}

/// In which release an issue counts as resolved (occurrences spec, section 14.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Identity, which the activity that announced it carries as well. Kept when the row is replaced.
    pub id: String,
    /// Nothing in old rows.
    pub kind: Option<ResolutionKind>,
    /// Whether the release is there yet.
    pub status: ResolutionStatus,
    /// The release.
    pub release: String,
    /// When that release was added.
    pub release_added: DateTime<Utc>,
    /// The newest release the issue was seen in when it was resolved.
    pub current_release_version: Option<String>,
    /// The newest activity of resolving in a release that carries `id`, as stored.
    pub announced: Option<StoredActivity>,
}

/// A stored activity whose data may be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredActivity {
    /// Number of the row.
    pub id: i64,
    /// Its data.
    pub data: Value,
}

/// Limits per day above which an archived issue escalates (group-states spec, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Occurrences per hour, for the day it was made and the 13 after it.
    pub values: Vec<u64>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// Events per hour above which a new error issue of a project escalates early (group-states spec, section 7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EscalationThreshold {
    /// Events per hour.
    pub events_per_hour: f64,
    /// When it was measured.
    pub measured_at: DateTime<Utc>,
}

/// Counts over the stored occurrences of an issue at processing time, loaded only for issues that need them: those
/// archived until they escalate, those with a snooze row, and those the caller wants counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sightings {
    /// Occurrences from the start of the current clock hour up to now, now included.
    pub this_hour: u64,
    /// Occurrences per clock hour (its start) of the last 168 hours, now excluded; hours without any are left out.
    /// Loaded where a forecast can come of it: for issues the caller wants counted, and for those archived until they
    /// escalate that the caller names by their id or that have no forecast of less than 14 days. Else empty.
    pub week: BTreeMap<DateTime<Utc>, u64>,
    /// Occurrences in the window of the snooze row, up to now.
    pub in_window: u64,
    /// Users by the newest time they were seen, up to now. Loaded for a snooze row that counts users, and for issues the
    /// caller wants counted by their id, which may get such a row. Else empty.
    pub users: HashMap<String, DateTime<Utc>>,
}

/// Something that happened to an issue (group-states spec, section 1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// What.
    pub kind: ActivityKind,
    /// User who did it.
    pub actor: Option<i64>,
    /// Identity of the resolution it announces.
    pub ident: Option<String>,
    /// Facts; `null` without any.
    pub data: Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line of an issue's status history (group-states spec, section 1.7). The store points it to the newest earlier
/// line of an opposite kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// What.
    pub kind: HistoryKind,
    /// User who did it.
    pub actor: Option<i64>,
    /// Release of the event that caused it.
    pub release: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What one member has with an issue.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Personal {
    /// When they last looked at it.
    pub seen: Kept<DateTime<Utc>>,
    /// Since when it is bookmarked.
    pub bookmark: Kept<DateTime<Utc>>,
    /// Whether they hear of it.
    pub subscription: Kept<Subscription>,
}

/// How an issue stands: what most of its occurrences leave as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Status.
    pub status: IssueStatus,
    /// The finer state.
    pub substatus: Option<Substatus>,
    /// Priority.
    pub priority: Option<Priority>,
    /// When a user chose the priority.
    pub priority_locked_at: Option<DateTime<Utc>>,
    /// Who it is handed to.
    pub assignee: Option<Assignee>,
    /// When it was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Earliest event time.
    pub first_seen: DateTime<Utc>,
}

impl Stand {
    fn of(issue: &Issue) -> Self {
        Self {
            status: issue.status,
            substatus: issue.substatus,
            priority: issue.priority,
            priority_locked_at: issue.priority_locked_at,
            assignee: issue.assignee,
            resolved_at: issue.resolved_at,
            first_seen: issue.first_seen,
        }
    }
}

/// An issue as a transaction sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueState {
    /// The issue itself; always written back.
    pub issue: Issue,
    /// Its row in the inbox.
    pub inbox: Kept<InboxEntry>,
    /// When it comes back.
    pub snooze: Kept<Snooze>,
    /// Where it is resolved.
    pub resolution: Kept<Resolution>,
    /// Its forecast.
    pub forecast: Kept<Forecast>,
    /// What members have with it, by member. Those the plan does not name are not loaded; a loaded one without an entry
    /// has nothing.
    pub people: BTreeMap<i64, Personal>,
    /// Its link for others, where the plan asks for it.
    pub share: Kept<Share>,
    /// Its links to things outside, by what they lead to. Without the stored ones where the plan does not ask for them.
    pub links: BTreeMap<LinkKey, Kept<Link>>,
    /// Its labels. Without the stored ones where the plan does not ask for them: nothing is known of labels then.
    pub labels: Labels,
    /// Notes by their idents: new ones, and those that the plan names. The others are not loaded.
    pub notes: BTreeMap<String, Kept<Note>>,
    /// Counts; nothing where they were not loaded.
    pub sightings: Option<Sightings>,
    /// What happened in this transaction, in order.
    pub activities: Vec<Activity>,
    /// Lines of history of this transaction, in order.
    pub history: Vec<History>,
    /// Stored activities with new data, by their number.
    pub corrected: Vec<StoredActivity>,
    /// Whether its fingerprints no longer lead to it. Rows of divided ones stay, without an issue.
    pub gives_up_hashes: bool,
    /// How it stood when it was loaded; nothing for a new issue.
    pub loaded: Option<Stand>,
    /// The digest of what it said when it was loaded; nothing for a new issue and where that was not read.
    pub loaded_content: Option<u128>,
    /// Whether nothing of the issue itself changes but its status, times of resolving and locking, priority and
    /// assignee, so that no more of it has to be written.
    pub keeps_content: bool,
}

impl IssueState {
    /// An issue with nothing beside it.
    #[must_use]
    pub fn new(issue: Issue) -> Self {
        Self {
            issue,
            inbox: Kept::default(),
            snooze: Kept::default(),
            resolution: Kept::default(),
            forecast: Kept::default(),
            people: BTreeMap::new(),
            share: Kept::default(),
            links: BTreeMap::new(),
            labels: Labels::default(),
            notes: BTreeMap::new(),
            sightings: None,
            activities: Vec::new(),
            history: Vec::new(),
            corrected: Vec::new(),
            gives_up_hashes: false,
            loaded: None,
            loaded_content: None,
            keeps_content: false,
        }
    }

    /// A stored issue, with nothing beside it yet.
    #[must_use]
    pub fn stored(issue: Issue) -> Self {
        Self {
            loaded: Some(Stand::of(&issue)),
            ..Self::new(issue)
        }
    }

    /// Whether the issue stands as it was loaded.
    #[must_use]
    pub fn stands_as_loaded(&self) -> bool {
        self.loaded == Some(Stand::of(&self.issue))
    }
}
