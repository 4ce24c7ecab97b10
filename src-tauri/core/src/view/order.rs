//! What a list of issues is ordered by.

use serde::{Deserialize, Serialize};
use specta::Type;
use std::fmt;
use std::str::FromStr;

/// What the issue list can be ordered by (UX 4.3): everything that the store knows of an issue without reading its events,
/// and sums over these.
///
/// Texts are compared by their bytes in UTF-8, ASCII letters as if they were small, so that every store answers the same
/// order whatever language its server speaks. Turned round, a list begins with what was last; only issues that are equal
/// in every key stay as they are (see [`IssueOrder`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum IssueSort {
    /// Newest `last_seen` first.
    #[default]
    LastSeen,
    /// Newest `first_seen` first.
    FirstSeen,
    /// Most occurrences first.
    Events,
    /// Most users first.
    Users,
    /// What rises most, and is new.
    Trends,
    /// The displayed title, Z first.
    Title,
    /// Slug of the project, Z first.
    Project,
    /// The gravest level first.
    Level,
    /// The highest priority first; issues without one are behind all others.
    Priority,
    /// What needs somebody most first, by the words of status and substatus together: escalating, regressed, new, ongoing
    /// (also unresolved without a substatus), archived until it escalates, archived until a condition is met, archived
    /// without more, archived forever, resolved, whatever is on its way out of the store.
    Status,
    /// Words for the group type, Z first. Types that this version does not know count as behind Z, by their numbers.
    Type,
    /// Platform, Z first. Issues without one count as in front of A.
    Platform,
    /// Name of the user, or `#` and the slug of the team, Z first. Issues that nobody has count as behind Z.
    Assignee,
    /// Slug of the project, Z first, and in each project the newest number first.
    ShortId,
    /// The first of its labels, Z first. Issues without one count as behind Z.
    Labels,
    /// The issue whose newest note is the newest first; those without a note are behind all others.
    Note,
    /// The first of the environments it was seen in, Z first. Issues of none count as behind Z.
    Environment,
    /// The release it was first seen in, Z first. Issues of none count as behind Z.
    FirstRelease,
    /// The release it was last seen in, Z first. Issues of none count as behind Z.
    LastRelease,
}

impl IssueSort {
    /// All of them, the default first.
    pub const ALL: [Self; 19] = [
        Self::LastSeen,
        Self::FirstSeen,
        Self::Events,
        Self::Users,
        Self::Trends,
        Self::Title,
        Self::Project,
        Self::Level,
        Self::Priority,
        Self::Status,
        Self::Type,
        Self::Platform,
        Self::Assignee,
        Self::ShortId,
        Self::Labels,
        Self::Note,
        Self::Environment,
        Self::FirstRelease,
        Self::LastRelease,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LastSeen => "last_seen",
            Self::FirstSeen => "first_seen",
            Self::Events => "events",
            Self::Users => "users",
            Self::Trends => "trends",
            Self::Title => "title",
            Self::Project => "project",
            Self::Level => "level",
            Self::Priority => "priority",
            Self::Status => "status",
            Self::Type => "type",
            Self::Platform => "platform",
            Self::Assignee => "assignee",
            Self::ShortId => "short_id",
            Self::Labels => "labels",
            Self::Note => "note",
            Self::Environment => "environment",
            Self::FirstRelease => "first_release",
            Self::LastRelease => "last_release",
        }
    }
}

/// One of the things that a list is ordered by, and from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    /// What counts.
    pub by: IssueSort,
    /// Whether the least, the oldest or A comes first.
    pub ascending: bool,
}

/// What a list is ordered by: one to three different keys, each of which decides among the issues that are equal in all
/// before it. Issues that are equal in all of them come by last sighting and then by id, the newest first, so that every
/// order is total.
///
/// Its text has a word for each key, `:asc` behind those that begin with the least, and commas between them:
/// `events,first_seen:asc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct IssueOrder {
    first: SortKey,
    then: [Option<SortKey>; IssueOrder::MOST - 1],
}

impl IssueOrder {
    /// Keys of an order at most.
    pub const MOST: usize = 3;

    /// The order by some keys.
    ///
    /// # Errors
    /// Where there are none, too many, or two that are about the same.
    pub fn of(keys: &[SortKey]) -> Result<Self, OrderError> {
        let [first, rest @ ..] = keys else {
            return Err(OrderError::Keys);
        };
        let mut then = [None; Self::MOST - 1];
        if rest.len() > then.len() {
            return Err(OrderError::Keys);
        }
        for (place, key) in rest.iter().enumerate() {
            if keys.iter().take(place + 1).any(|other| other.by == key.by) {
                return Err(OrderError::Keys);
            }
            then[place] = Some(*key);
        }
        Ok(Self {
            first: *first,
            then,
        })
    }

    /// Its keys, the one that decides first in front.
    pub fn keys(&self) -> impl Iterator<Item = SortKey> {
        std::iter::once(self.first).chain(self.then.into_iter().flatten())
    }
}

impl Default for SortKey {
    fn default() -> Self {
        IssueSort::default().into()
    }
}

impl From<IssueSort> for SortKey {
    /// The most or the newest first.
    fn from(by: IssueSort) -> Self {
        let ascending = false;
        Self { by, ascending }
    }
}

impl From<IssueSort> for IssueOrder {
    fn from(by: IssueSort) -> Self {
        Self {
            first: by.into(),
            ..Self::default()
        }
    }
}

/// Why a text is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A key that nothing is known by.
    #[error(
        "“{0}” is nothing that a list is ordered by. Known, each also with :asc behind it: {known}.",
        known = IssueSort::ALL.map(IssueSort::as_str).join(", ")
    )]
    Unknown(String),
    /// None, too many, or one of them twice.
    #[error("An order has one to three different keys.")]
    Keys,
}

impl FromStr for SortKey {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Self, OrderError> {
        let (word, ascending) = match text.strip_suffix(":asc") {
            Some(word) => (word, true),
            None => (text, false),
        };
        let mut known = IssueSort::ALL.into_iter();
        let by = known.find(|by| by.as_str() == word);
        let by = by.ok_or_else(|| OrderError::Unknown(text.chars().take(40).collect()))?;
        Ok(Self { by, ascending })
    }
}

impl FromStr for IssueOrder {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Self, OrderError> {
        // One more than there may be says that there are too many.
        let keys = text.split(',').take(Self::MOST + 1).map(str::parse);
        Self::of(&keys.collect::<Result<Vec<_>, _>>()?)
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.by.as_str())?;
        f.write_str(if self.ascending { ":asc" } else { "" })
    }
}

impl fmt::Display for IssueOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, key) in self.keys().enumerate() {
            f.write_str(if place == 0 { "" } else { "," })?;
            key.fmt(f)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for IssueOrder {
    type Error = OrderError;

    fn try_from(text: String) -> Result<Self, OrderError> {
        text.parse()
    }
}

impl From<IssueOrder> for String {
    fn from(order: IssueOrder) -> Self {
        order.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_is_written() {
        for text in [
            "last_seen",
            "events:asc",
            "users,last_seen",
            "trends:asc,events,first_seen:asc",
            "title:asc,short_id,type:asc",
        ] {
            let order: IssueOrder = text.parse().unwrap();
            assert_eq!(order.to_string(), text);
            let json = serde_json::to_string(&order).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<IssueOrder>(&json).unwrap(), order);
        }
        for by in IssueSort::ALL {
            assert_eq!(by.as_str().parse(), Ok(IssueOrder::from(by)));
            // A key has the word that crosses the bridge alone, too.
            assert_eq!(serde_json::to_value(by).unwrap(), by.as_str());
        }
        assert_eq!(IssueOrder::default().to_string(), "last_seen");
    }

    #[test]
    fn keys_decide_in_their_order() {
        let order: IssueOrder = "users,first_seen:asc".parse().unwrap();
        let keys: Vec<SortKey> = order.keys().collect();
        let oldest = SortKey {
            by: IssueSort::FirstSeen,
            ascending: true,
        };
        assert_eq!(keys, [IssueSort::Users.into(), oldest]);
    }

    #[test]
    fn what_is_no_order_is_refused() {
        for text in [
            "",
            "id",
            "Events",
            "events:desc",
            "events,",
            " events",
            "events:asc:asc",
        ] {
            let refused = text.parse::<IssueOrder>();
            assert!(matches!(refused, Err(OrderError::Unknown(_))), "{text:?}");
        }
        for text in [
            "events,events",
            "events,users,events:asc",
            "events,users,trends,last_seen",
        ] {
            assert_eq!(
                text.parse::<IssueOrder>(),
                Err(OrderError::Keys),
                "{text:?}"
            );
        }
        assert_eq!(IssueOrder::of(&[]), Err(OrderError::Keys));
        let refused = serde_json::from_str::<IssueOrder>("\"events,events\"");
        assert!(refused.unwrap_err().to_string().contains("one to three"));
        // However long it is, little of it is read and said.
        let long = "ä".repeat(1 << 20);
        let said = long.parse::<IssueOrder>().unwrap_err().to_string();
        assert!(said.len() < 400, "{}", said.len());
        let many = "events,".repeat(1 << 18);
        assert_eq!(many.parse::<IssueOrder>(), Err(OrderError::Keys));
    }
}
