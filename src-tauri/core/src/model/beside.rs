//! What members and other systems have with an issue.

use chrono::{DateTime, Utc};
use serde_json::json;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// An item of a tracker.
    External,
    /// A commit that resolves it.
    Resolves,
}

impl LinkKind {
    const ALL: [Self; 2] = [Self::External, Self::Resolves];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Resolves => "resolves",
        }
    }

    /// The kind a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a link leads to. An issue has one link to each at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkKey {
    /// What it is.
    pub kind: LinkKind,
    /// The tracker or the repository.
    pub source: String,
    /// The item or the commit.
    pub target: String,
}

impl LinkKey {
    /// As one text: a JSON list of its kind, source and target.
    #[must_use]
    pub fn ident(&self) -> String {
        json!([self.kind.as_str(), self.source, self.target]).to_string()
    }

    /// What [`Self::ident`] has written.
    #[must_use]
    pub fn from_ident(ident: &str) -> Option<Self> {
        let (kind, source, target): (String, String, String) = serde_json::from_str(ident).ok()?;
        Some(Self {
            kind: LinkKind::from_word(&kind)?,
            source,
            target,
        })
    }
}

/// A link to something outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
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

    #[test]
    fn an_ident_names_one_link() {
        for kind in LinkKind::ALL {
            let key = LinkKey {
                kind,
                source: "group/app: \"web\"".to_owned(),
                target: "abc, def".to_owned(),
            };
            assert_eq!(LinkKey::from_ident(&key.ident()), Some(key));
        }
        assert_eq!(LinkKey::from_ident(r#"["causes","a","b"]"#), None);
        assert_eq!(LinkKey::from_ident("abc"), None);
    }
}
