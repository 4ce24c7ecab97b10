//! A search in the terms of the store: what is asked of an issue, of one of its events, and of the sums over its
//! events. Every condition is true or false, never unknown: a negation is what [`Condition::Not`] says
//! (search spec, sections 5.1, 5.3 and 6.4).

use crate::query::Pattern;
use chrono::{DateTime, Utc};

/// What is true or false of an issue together with one of its events.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these; none at all is true.
    All(Vec<Condition>),
    /// Any of these; none at all is false.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// The issue's own row, and the rows beside it.
    Issue(IssueTest),
    /// One event.
    Event(EventTest),
    /// The sums over the counted events of the issue.
    Sum(SumTest),
}

impl Condition {
    /// What always holds.
    #[must_use]
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// What never holds.
    #[must_use]
    pub fn nothing() -> Self {
        Self::Any(Vec::new())
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The opposite, where asked for.
    #[must_use]
    pub fn negated_if(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }

    /// The operands of the outermost AND.
    #[must_use]
    pub fn terms(&self) -> &[Self] {
        match self {
            Self::All(terms) => terms,
            only => std::slice::from_ref(only),
        }
    }

    /// Whether some part of it asks for an event.
    #[must_use]
    pub fn asks_events(&self) -> bool {
        self.contains(&|part| matches!(part, Self::Event(_)))
    }

    /// Whether some part of it asks for sums.
    #[must_use]
    pub fn asks_sums(&self) -> bool {
        self.contains(&|part| matches!(part, Self::Sum(_)))
    }

    fn contains(&self, wanted: &impl Fn(&Self) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.contains(wanted)),
            Self::Not(part) => part.contains(wanted),
            leaf => wanted(leaf),
        }
    }
}

/// Something about an issue as such.
#[derive(Debug, Clone, PartialEq)]
pub enum IssueTest {
    /// The status has one of these numbers.
    Status(Vec<i16>),
    /// The substatus has one of these numbers.
    Substatus(Vec<i16>),
    /// The priority has one of these numbers.
    Priority(Vec<i16>),
    /// The group type has one of these numbers.
    GroupType(Vec<u16>),
    /// Nobody has it.
    Unassigned,
    /// One of these has it.
    AssignedTo(People),
    /// One of these has it, or is suggested while nobody has it; "nobody" also means that nobody is suggested
    /// (search spec, section 7.5).
    Suggested(People),
    /// One of these members has bookmarked it.
    BookmarkedBy(Vec<i64>),
    /// Somebody has bookmarked it.
    HasBookmark,
    /// This member has seen it since it last became active.
    SeenBy(i64),
    /// Somebody has an active subscription.
    HasSubscription,
    /// One of these members has an active subscription.
    SubscribedBy(Vec<i64>),
    /// It is linked to an item of some tracker.
    Linked,
    /// It lies in the inbox.
    ForReview,
    /// It was first seen in one of these releases: with environments selected, in one of those.
    FirstRelease(Vec<TextTest>),
    /// It has a first release: with environments selected, in one of those.
    HasFirstRelease,
    /// It was first seen then: with environments selected, in one of those.
    FirstSeen(Order, DateTime<Utc>),
    /// It regressed in one of these releases.
    RegressedIn(Vec<TextTest>),
    /// It regressed in some release.
    HasRegression,
    /// One of its labels is like one of these, which are in lower case.
    Label(Vec<TextTest>),
    /// It has a label.
    HasLabel,
    /// One of its notes is like one of these.
    Note(Vec<TextTest>),
    /// Somebody wrote a note about it.
    HasNote,
    /// It belongs to one of these projects.
    Project(Vec<i64>),
    /// It has one of these ids.
    Id(Vec<i64>),
    /// It has any id at all: never false of an issue.
    HasId,
}

/// People an issue can be with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Members, by number.
    pub users: Vec<i64>,
    /// Teams, by number.
    pub teams: Vec<i64>,
    /// Nobody at all.
    pub nobody: bool,
}

/// Something about one event.
#[derive(Debug, Clone, PartialEq)]
pub enum EventTest {
    /// A text has one of these values. A missing tag and a missing environment are the empty text; of other fields
    /// none is like a missing one.
    Text(TextField, Vec<TextTest>),
    /// A text is there and not empty.
    HasText(TextField),
    /// Some element of a list has one of these values. Patterns mind the case.
    Element(&'static str, Vec<TextTest>),
    /// Some element of a list of numbers compares like this.
    ElementNumber(&'static str, Order, f64),
    /// A list has an element.
    HasElement(&'static str),
    /// The searchable text holds this: that of the event, or of the issue where its category is not error.
    Contains(TextTest),
    /// There is any searchable text.
    HasMessage,
    /// A number of the event compares like this.
    Number(&'static str, Order, f64),
    /// A tag compares like this, read as a number.
    TagNumber(String, Order, f64),
    /// A point in time of the event compares like this.
    Instant(&'static str, Order, DateTime<Utc>),
    /// The event happened then.
    Happened(Order, DateTime<Utc>),
    /// A truth value of the event; a missing one is the second.
    Flag(&'static str, bool, bool),
    /// A member of the event is there, of whatever kind.
    Has(&'static str),
    /// The event has one of these ids.
    EventId(Vec<uuid::Uuid>),
}

/// Where a text of an event is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextField {
    /// A tag.
    Tag(String),
    /// A field that events have, or else the tag of its name.
    Field(&'static str),
    /// What an event says about the system or the device that it came from, by its whole key such as `os.version`, or else
    /// the tag of that name.
    Context(String),
    /// The environment; the unnamed one is the empty text.
    Environment,
    /// The release.
    Release,
    /// How the user is identified, such as `id:7`.
    User,
    /// What the user is shown as: the first of address, name, id and network address.
    UserDisplay,
}

/// What a text is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// Exactly this.
    Is(String),
    /// A pattern.
    Like(Pattern),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `=`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Order {
    /// The operator, which both dialects of SQL share.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

/// Something about the sums over the counted events of an issue.
#[derive(Debug, Clone, PartialEq)]
pub enum SumTest {
    /// How many there are.
    TimesSeen(Order, f64),
    /// When the newest of them happened.
    LastSeen(Order, DateTime<Utc>),
}
