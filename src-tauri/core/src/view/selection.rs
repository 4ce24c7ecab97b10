//! Which issues an action means, and what they are in numbers.

use super::{Count, IssueRow, Millis, SkippedCount};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Issues an action is meant for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Selection {
    /// Those with these ids.
    Some {
        /// Issue ids, 64-bit integers as text.
        ids: Vec<String>,
    },
    /// Everything a query matched at a revision. What has come to match since then is not meant.
    Query {
        /// The search text.
        query: String,
        /// Revision of the snapshot it was selected in, a 64-bit counter as text.
        as_of: String,
        /// Name of that snapshot, where it has one: what it held is what is meant. Without it, an issue that was changed
        /// after the revision is left out, because it may have come to match only then.
        #[serde(default)]
        list: Option<String>,
        /// Ids of the issues that are left out.
        except: Vec<String>,
    },
}

/// A selection in exact numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SelectionSummary {
    /// Issues in it, those not counted that are left out.
    pub issues: Count,
    /// Stored occurrences of these issues.
    pub occurrences: Count,
    /// Bytes these occurrences take in the store.
    pub bytes: Count,
    /// Issues by project, most first.
    pub by_project: Vec<ProjectIssues>,
    /// The three issues with the most occurrences, or fewer where there are fewer.
    pub examples: Vec<IssueRow>,
    /// Issues in it that are not of category error.
    pub non_error: Count,
    /// Issues in it that have changed since the revision of the selection; 0 where it names ids.
    pub changed_since: Count,
    /// When one of them was seen last; nothing where there is none.
    pub newest: Option<Millis>,
    /// When one of them was first seen; nothing where there is none.
    pub oldest: Option<Millis>,
    /// Issues in it that nobody has ever opened.
    pub never_read: Count,
    /// Rules that a discard of them adds: one for each issue whose like is not dropped yet.
    pub ignore_rules: Count,
    /// Issues that were selected but are left out, by the reason, most first.
    pub left_out: Vec<SkippedCount>,
    /// How long a delete can be taken back before its data is erased, in milliseconds.
    pub purge_delay_ms: Millis,
}

/// How the issues of a selection stand: whom an action can change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Type)]
pub struct StandingCounts {
    /// Unresolved issues.
    pub unresolved: Count,
    /// Resolved ones.
    pub resolved: Count,
    /// Archived ones.
    pub archived: Count,
    /// Those of the archived that come back once they escalate.
    pub until_escalating: Count,
}

/// A label that some issue has.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// Issues that have it, of all there are.
    pub issues: Count,
    /// Issues of the selection that have it: all of them, some or none.
    pub selected: Count,
}

/// Issues of one project.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ProjectIssues {
    /// Slug of the project.
    pub project: String,
    /// How many.
    pub issues: Count,
}
