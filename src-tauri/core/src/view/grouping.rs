//! Lists in groups.

use super::Count;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What the issues of a list can be grouped by. Each issue is in exactly one group, so what an issue can have several of
/// is represented by one that is said here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum IssueGrouping {
    /// The severity, most severe first.
    Level,
    /// The day the issue was first seen on, in UTC as searches read days; the newest first.
    FirstSeenDay,
    /// The project, by its slug; as all below, the groups of most issues first.
    Project,
    /// The tag `service` of the newest event.
    Service,
    /// The release the issue was first seen in.
    Release,
    /// The type of the error, as events name it.
    ErrorType,
    /// The trace of the newest event, 32 hex digits.
    Trace,
    /// Who has it, `user:7` or `team:3`.
    Assignee,
    /// The first of its labels in the order of their bytes.
    Label,
}

impl IssueGrouping {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Level,
        Self::FirstSeenDay,
        Self::Project,
        Self::Service,
        Self::Release,
        Self::ErrorType,
        Self::Trace,
        Self::Assignee,
        Self::Label,
    ];
}

/// Issues of a list that have something in common. They stand one behind the other.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct IssueGroup {
    /// What they have in common, cut to 200 bytes; nothing where they lack it, and where this is no single group.
    pub key: Option<String>,
    /// How many groups, all that come behind the others, this one stands for; nothing where it is a single one.
    pub stands_for: Option<Count>,
    /// Exact number of its issues.
    pub issues: Count,
    /// How often all of these were seen.
    pub events: Count,
}
