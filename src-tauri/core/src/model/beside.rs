//! What members and other systems have with an issue.

use chrono::{DateTime, Utc};

/// Why a member hears of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionReason {
    /// It was handed to them, or to a team of theirs.
    Assigned,
    /// They bookmarked it.
    Bookmark,
    /// They changed its status.
    StatusChange,
}

impl SubscriptionReason {
    const ALL: [Self; 3] = [Self::Assigned, Self::Bookmark, Self::StatusChange];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Bookmark => "bookmark",
            Self::StatusChange => "status_change",
        }
    }

    /// The reason a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Whether a member hears of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// Whether they do; otherwise they said that they do not want to.
    pub active: bool,
    /// Why; nothing where they said so themselves.
    pub reason: Option<SubscriptionReason>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A link under which an issue can be looked at without being a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// 32 hex digits.
    pub id: String,
    /// Who shared it.
    pub actor: Option<i64>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What connects an issue with something outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// An item of a tracker.
    External,
    /// A commit that resolves it.
    Resolves,
}

impl LinkKind {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Resolves => "resolves",
        }
    }
}

/// A new link. One that is there already stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// The tracker or the repository.
    pub source: String,
    /// The item or the commit.
    pub target: String,
    /// Who linked it.
    pub actor: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_one_reason() {
        for reason in SubscriptionReason::ALL {
            assert_eq!(SubscriptionReason::from_word(reason.as_str()), Some(reason));
        }
        assert_eq!(SubscriptionReason::from_word("unknown"), None);
    }
}
