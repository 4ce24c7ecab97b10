//! Issues that are like another one.

use super::{Count, IssueRow};
use serde::Serialize;
use specta::Type;

/// How much of something two issues share.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SharedParts {
    /// What both have.
    pub same: Count,
    /// What there is to share.
    pub of: Count,
}

/// An issue that is like another one, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SimilarIssue {
    /// The issue.
    pub row: IssueRow,
    /// From 0 to 1 (see [`crate::similar`]).
    pub score: f64,
    /// Frames of the issue that was asked for, and how many of them this one has.
    pub frames: SharedParts,
    /// Whether those frames are of the sender's own code; else they are all there are.
    pub in_app: bool,
    /// A type of error that both have.
    pub error_type: Option<String>,
    /// Words of both titles.
    pub words: SharedParts,
    /// Whether both have the same title.
    pub same_title: bool,
}

/// Issues that are like another one.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct SimilarIssues {
    /// The one most like it first.
    pub issues: Vec<SimilarIssue>,
    /// How many were compared.
    pub compared: Count,
}
