//! An occurrence: one sighting of a problem (occurrences spec, section 7).

use super::{Assignee, EventId, GroupHash, GroupType, Level, OccurrenceId, Priority, ProjectId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One line of the evidence table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the value is.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether to show it first.
    pub important: bool,
}

/// A validated occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// Identity.
    pub id: OccurrenceId,
    /// Project.
    pub project_id: ProjectId,
    /// The event it was seen in.
    pub event_id: EventId,
    /// Hashed fingerprint parts, at least one; the first decides the issue.
    pub fingerprint: Vec<GroupHash>,
    /// Title.
    pub issue_title: Option<String>,
    /// Second line.
    pub subtitle: Option<String>,
    /// Resource the sender names.
    pub resource_id: Option<String>,
    /// Structured evidence.
    pub evidence_data: Option<Map<String, Value>>,
    /// Evidence for people.
    pub evidence_display: Vec<Evidence>,
    /// Registered type.
    pub group_type: &'static GroupType,
    /// When the sender noticed it. Informational.
    pub detection_time: DateTime<Utc>,
    /// Level.
    pub level: Level,
    /// Where it happened, uncut.
    pub culprit: String,
    /// Priority the sender asked for.
    pub initial_priority: Option<Priority>,
    /// Who a new issue is handed to, resolved.
    pub assignee: Option<Assignee>,
}

impl Occurrence {
    /// The hash that decides the issue.
    ///
    #[must_use]
    pub fn primary_hash(&self) -> GroupHash {
        self.fingerprint
            .first()
            .copied()
            .unwrap_or_else(|| GroupHash::of(""))
    }

    /// The evidence to show first: the first entry marked as important.
    #[must_use]
    pub fn important_evidence(&self) -> Option<&Evidence> {
        self.evidence_display
            .iter()
            .find(|evidence| evidence.important)
    }

    /// The priority a new issue gets.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.initial_priority
            .unwrap_or(self.group_type.default_priority)
    }
}
