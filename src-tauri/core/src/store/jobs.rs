//! Actions on many issues, as the store knows them.

use crate::model::{IssueId, TransactionId};
use chrono::{DateTime, Utc};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It goes on.
    Running,
    /// All issues were dealt with.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// The program that ran it ended.
    Interrupted,
    /// It ended by an error.
    Failed,
}

impl JobState {
    const ALL: [Self; 5] = [
        Self::Running,
        Self::Done,
        Self::Cancelled,
        Self::Interrupted,
        Self::Failed,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }

    /// The state a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A job to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob<'a> {
    /// Identity of what is done, and of its entry in the journal.
    pub transaction: TransactionId,
    /// One word for what it does.
    pub kind: &'a str,
    /// What it does, in words.
    pub title: &'a str,
    /// What was asked for, to go on with later.
    pub request: &'a serde_json::Value,
    /// Who asked.
    pub actor: Option<i64>,
    /// The issues, in the order in which they are dealt with.
    pub issues: &'a [IssueId],
}

/// An action on many issues.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// Identity of what is done, and of its entry in the journal.
    pub transaction: TransactionId,
    /// One word for what it does.
    pub kind: String,
    /// What it does, in words.
    pub title: String,
    /// What was asked for.
    pub request: serde_json::Value,
    /// Who asked.
    pub actor: Option<i64>,
    /// Where it stands.
    pub state: JobState,
    /// Issues.
    pub total: u64,
    /// Those of them that were dealt with.
    pub done: u64,
    /// Those of these that were left as they were.
    pub skipped: u64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last heard of.
    pub touched_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Its entry in the journal.
    pub journal: Option<i64>,
    /// What went wrong.
    pub problem: Option<String>,
}
