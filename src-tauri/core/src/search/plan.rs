//! A search as the store answers it, and what it answers.

use super::condition::{Condition, IssueTest};
use super::window::TimeWindow;
use crate::model::IssueId;
use chrono::{DateTime, Utc};

/// Which issues take part, and what is asked of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Projects, by number; nothing for all of them.
    pub projects: Option<Vec<i64>>,
    /// The selected environments; nothing where none was selected, which is not the same as an empty list.
    pub environments: Option<Vec<String>>,
    /// What is asked.
    pub condition: Condition,
    /// When the events happened. The search is only run where there is a window.
    pub window: TimeWindow,
    /// Since when events are kept, where that is configured.
    pub retention: Option<DateTime<Utc>>,
    /// Whether issues of the category feedback take part.
    pub shows_feedback: bool,
    /// When the store wrote the issues.
    pub revisions: Revisions,
}

/// Revisions of the store between which issues were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revisions {
    /// Only issues that were there at this revision.
    pub created_until: Option<i64>,
    /// Only issues that were not there yet.
    pub created_after: Option<i64>,
    /// Only issues that were written after it, those that were created included.
    pub written_after: Option<i64>,
}

impl Revisions {
    /// The revision after which issues were written; nothing where that is not asked.
    #[must_use]
    pub fn written_since(&self) -> Option<i64> {
        self.written_after.or(self.created_after)
    }
}

impl Plan {
    /// The same of some issues only, where these are known.
    #[must_use]
    pub fn among(self, issues: Option<&[i64]>) -> Self {
        let Some(issues) = issues else { return self };
        let among = Condition::Issue(IssueTest::Id(issues.to_vec()));
        Self {
            condition: Condition::All(vec![among, self.condition]),
            ..self
        }
    }

    /// Every issue, whenever it was seen.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            projects: None,
            environments: None,
            condition: Condition::everything(),
            window: TimeWindow::ALWAYS,
            retention: None,
            shows_feedback: true,
            revisions: Revisions::default(),
        }
    }

    /// Whether neither events nor sums are asked about.
    #[must_use]
    pub fn is_about_issues_only(&self) -> bool {
        !self.condition.asks_events() && !self.condition.asks_sums()
    }
}

/// The order of hits, always descending, of equal ones by id (search spec, section 8.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the newest matching event.
    #[default]
    Date,
    /// By the oldest matching event.
    New,
    /// By the number of matching events.
    Freq,
    /// By the number of users among them.
    User,
    /// By age and recent rise.
    Trends,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 5] = [Self::Date, Self::New, Self::Freq, Self::User, Self::Trends];

    /// The order a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::New => "new",
            Self::Freq => "freq",
            Self::User => "user",
            Self::Trends => "trends",
        }
    }
}

/// An issue that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its score, as cursors have it.
    pub score: i64,
    /// The issue.
    pub id: IssueId,
}

/// Numbers of an issue's events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Events.
    pub count: u64,
    /// Distinct users among them.
    pub users: u64,
    /// The oldest of them.
    pub first_seen: Option<DateTime<Utc>>,
    /// The newest of them.
    pub last_seen: Option<DateTime<Utc>>,
}
