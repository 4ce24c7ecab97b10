//! Which issues an action means, and what they are in numbers.

use super::{Count, IssueRow, Millis};
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
        /// Ids of the issues that are left out.
        except: Vec<String>,
    },
}

/// A selection in exact numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SelectionSummary {
    /// Issues in it. Ids that no longer exist are not counted.
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
    /// How long a delete can be taken back before its data is erased, in milliseconds.
    pub purge_delay_ms: Millis,
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
