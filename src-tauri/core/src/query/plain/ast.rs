//! What a search text means, ready to be lowered to SQL by a store.

use crate::model::{IssueStatus, Level};

/// A condition on issues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssueFilter {
    /// All of these; an empty list matches everything.
    All(Vec<IssueFilter>),
    /// Any of these; an empty list matches nothing.
    Any(Vec<IssueFilter>),
    /// Not this.
    Not(Box<IssueFilter>),
    /// The status is this one.
    Status(IssueStatus),
    /// The level is one of these.
    Level(Vec<Level>),
    /// The project has one of these slugs (lower case).
    Project(Vec<String>),
    /// Title, subtitle, message or culprit contains this text, ignoring case.
    Text(String),
}

impl IssueFilter {
    /// The filter of an empty query.
    #[must_use]
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }
}
