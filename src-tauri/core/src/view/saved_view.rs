//! Searches people keep.

use super::{Count, IssueGrouping, IssueOrder};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A search that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SavedView {
    /// Its id, a 64-bit integer as text. Empty in a view that is to be created; one that was deleted comes back
    /// under the id it had.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The search text.
    pub query: String,
    /// The order of its list.
    pub sort: IssueOrder,
    /// What its list is grouped by; nothing where it is not.
    pub grouping: Option<IssueGrouping>,
    /// The columns of its list in order, beside the issue itself; nothing where it has those of other lists.
    pub columns: Option<Vec<IssueColumn>>,
    /// How high the rows of its list are; nothing where they are as in other lists.
    pub density: Option<RowDensity>,
    /// Whether its list follows the feed when it is opened.
    pub follow: bool,
    /// The sign in front of its name; nothing where it has none.
    pub icon: Option<ViewIcon>,
    /// Its place among the views, from 0.
    pub position: u32,
    /// Whether it is shown as a tab.
    pub pinned: bool,
}

/// How high the rows of a list are (UX 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RowDensity {
    /// One line.
    Compact,
    /// Two lines.
    Cosy,
    /// Three lines.
    Comfortable,
}

/// The sign in front of the name of a view (UX 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ViewIcon {
    /// What breaks.
    Bug,
    /// What burns.
    Flame,
    /// What is new.
    Bell,
    /// What comes later.
    Clock,
    /// What belongs to somebody.
    User,
    /// What is dear to somebody.
    Star,
    /// What is about safety.
    Shield,
    /// What is about speed.
    Gauge,
    /// What is about data.
    Database,
    /// What is about a release.
    Tag,
}

/// A column of the list of issues (UX 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum IssueColumn {
    /// Occurrences in each of the last 24 hours.
    Trend,
    /// How often it was seen.
    Events,
    /// How many users it has.
    Users,
    /// When it was seen first.
    First,
    /// When it was seen last.
    Last,
    /// Who has it.
    Assignee,
    /// Where it stands.
    Status,
    /// Its priority.
    Priority,
    /// Its level.
    Level,
    /// Its project.
    Project,
    /// What kind of problem it is.
    Type,
    /// Platform of its newest event.
    Platform,
    /// Its labels.
    Labels,
    /// Its newest note.
    Note,
    /// The environments it was seen in.
    Environment,
    /// The releases it was seen in.
    Release,
    /// The release it was first seen in.
    FirstRelease,
    /// The release it was last seen in.
    LastRelease,
    /// Service of its newest event.
    Service,
    /// Topic of its newest occurrence.
    Topic,
    /// Where its newest event happened: a frame of its stack.
    Frame,
    /// How many traces its events are of.
    Traces,
    /// How much space its occurrences take in the store.
    Size,
}

/// How many issues a view holds.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ViewCount {
    /// Id of the view.
    pub id: String,
    /// Exact number of issues its search matches; nothing where the search cannot be run any more.
    pub total: Option<Count>,
    /// Those of them that whoever acts has not seen; nothing where that is nobody.
    pub unseen: Option<Count>,
}
