//! An issue: a group of occurrences with one identity and one status.

use super::{Assignee, IssueId, ProjectId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Severity, in the numbers the wire and the store use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A sampled event.
    Sample = 0,
    /// Debug.
    Debug = 10,
    /// Info.
    Info = 20,
    /// Warning.
    Warning = 30,
    /// Error.
    Error = 40,
    /// Fatal.
    Fatal = 50,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 6] = [
        Self::Sample,
        Self::Debug,
        Self::Info,
        Self::Warning,
        Self::Error,
        Self::Fatal,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The level with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// The lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// The level a lower-case word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// Where an issue stands (group-states spec, section 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueStatus {
    /// Needs attention.
    Unresolved = 0,
    /// Done.
    Resolved = 1,
    /// Archived.
    Ignored = 2,
    /// Deleted; its data goes later. Hidden everywhere.
    PendingDeletion = 3,
    /// Its data is going. Hidden everywhere.
    DeletionInProgress = 4,
    /// About to become part of another issue. Hidden everywhere.
    PendingMerge = 5,
}

impl IssueStatus {
    const ALL: [Self; 6] = [
        Self::Unresolved,
        Self::Resolved,
        Self::Ignored,
        Self::PendingDeletion,
        Self::DeletionInProgress,
        Self::PendingMerge,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The status with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| status.number() == number)
    }

    /// The word of the wire and the search language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Resolved => "resolved",
            Self::Ignored => "ignored",
            Self::PendingDeletion => "pending_deletion",
            Self::DeletionInProgress => "deletion_in_progress",
            Self::PendingMerge => "pending_merge",
        }
    }

    /// Whether issues of this status are never shown.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        !matches!(self, Self::Unresolved | Self::Resolved | Self::Ignored)
    }

    /// Whether the two belong together (group-states spec, section 1.3).
    #[must_use]
    pub fn allows(self, substatus: Option<Substatus>) -> bool {
        use Substatus::{
            Escalating, Forever, New, Ongoing, Regressed, UntilConditionMet, UntilEscalating,
        };
        match self {
            Self::Unresolved => matches!(substatus, Some(Ongoing | Escalating | Regressed | New)),
            Self::Ignored => matches!(
                substatus,
                None | Some(UntilEscalating | UntilConditionMet | Forever)
            ),
            _ => substatus.is_none(),
        }
    }
}

/// The finer state below a status (group-states spec, section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Substatus {
    /// Archived until it escalates.
    UntilEscalating = 1,
    /// Seen much more often than forecast.
    Escalating = 2,
    /// Known and still happening.
    Ongoing = 3,
    /// Archived until a condition is met.
    UntilConditionMet = 4,
    /// Archived for good.
    Forever = 5,
    /// Came back after it was resolved.
    Regressed = 6,
    /// Seen for the first time recently.
    New = 7,
}

impl Substatus {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::UntilEscalating,
        Self::Escalating,
        Self::Ongoing,
        Self::UntilConditionMet,
        Self::Forever,
        Self::Regressed,
        Self::New,
    ];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The substatus with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|substatus| substatus.number() == number)
    }

    /// The word of the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UntilEscalating => "archived_until_escalating",
            Self::Escalating => "escalating",
            Self::Ongoing => "ongoing",
            Self::UntilConditionMet => "archived_until_condition_met",
            Self::Forever => "archived_forever",
            Self::Regressed => "regressed",
            Self::New => "new",
        }
    }
}

/// How much an issue matters (group-states spec, section 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Low.
    Low = 25,
    /// Medium.
    Medium = 50,
    /// High.
    High = 75,
}

impl Priority {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The stored number, which is also the one on the wire.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The priority with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|priority| priority.number() == number)
    }

    /// The lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A project: the unit that numbers issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The producer's number.
    pub id: ProjectId,
    /// Short name, the first part of short ids.
    pub slug: String,
    /// How its issues behave.
    pub rules: ProjectRules,
}

/// What a project sets for its issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectRules {
    /// Hours without an occurrence after which its issues count as resolved.
    pub resolve_age_hours: Option<u32>,
    /// Whether feedback from user reports reaches the inbox (group-states spec, section 4).
    pub feedback_in_inbox: bool,
}

impl Default for ProjectRules {
    fn default() -> Self {
        Self {
            resolve_age_hours: None,
            feedback_in_inbox: true,
        }
    }
}

/// The state of an issue that the pipeline reads, changes in memory and writes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Given by the store; nothing while the issue is being created.
    pub id: Option<IssueId>,
    /// Project it belongs to.
    pub project_id: ProjectId,
    /// Number of the group type it was opened with; never changes.
    pub group_type: u16,
    /// Where it stands.
    pub status: IssueStatus,
    /// The finer state.
    pub substatus: Option<Substatus>,
    /// How much it matters, where that is known; occurrences set it only on creation.
    pub priority: Option<Priority>,
    /// When a user chose the priority; it then no longer follows escalation.
    pub priority_locked_at: Option<DateTime<Utc>>,
    /// Who it is handed to.
    pub assignee: Option<Assignee>,
    /// Level of the latest occurrence.
    pub level: Level,
    /// Platform of the first event, at most 64 characters.
    pub platform: String,
    /// Searchable text, one line, at most 255 characters.
    pub message: String,
    /// Where it happened, at most 200 characters.
    pub culprit: String,
    /// Earliest event time.
    pub first_seen: DateTime<Utc>,
    /// Latest event time.
    pub last_seen: DateTime<Utc>,
    /// When it was opened or reopened.
    pub active_at: DateTime<Utc>,
    /// When it was last resolved; stays when it is reopened.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Occurrences counted into it.
    pub times_seen: i64,
    /// Release of the event that opened it.
    pub first_release: Option<String>,
    /// `type`, `title`, `culprit`, `metadata`, `location`, `last_received` (occurrences spec, section 9.4).
    pub data: Map<String, Value>,
}

impl Issue {
    /// Title for display: the metadata's title for generic events, else the data's; `<untitled>` without one
    /// (occurrences spec, section 9.4).
    #[must_use]
    pub fn title(&self) -> &str {
        let of_metadata = || self.metadata_text("title");
        let of_data = || self.data.get("title").and_then(Value::as_str);
        let title = match self.data.get("type").and_then(Value::as_str) {
            Some("generic") => of_metadata(),
            _ => of_data(),
        };
        title.unwrap_or("<untitled>")
    }

    /// Subtitle for display, empty without one.
    #[must_use]
    pub fn subtitle(&self) -> &str {
        self.metadata_text("value").unwrap_or_default()
    }

    /// Ranking score: `log10(times_seen) · 600 + last_seen` in whole seconds (occurrences spec, section 12.2).
    #[must_use]
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a score is rounded anyway"
    )]
    pub fn score(&self) -> i64 {
        let weight = (self.times_seen.max(1) as f64).log10() * 600.0;
        weight.round() as i64 + self.last_seen.timestamp()
    }

    /// The priority that its latest occurrence gave or implied (group-states spec, section 8).
    #[must_use]
    pub fn initial_priority(&self) -> Option<Priority> {
        let number = self
            .data
            .get("metadata")?
            .get("initial_priority")?
            .as_i64()?;
        Priority::from_number(i16::try_from(number).ok()?)
    }

    fn metadata_text(&self, key: &str) -> Option<&str> {
        self.data.get("metadata")?.get(key)?.as_str()
    }
}
