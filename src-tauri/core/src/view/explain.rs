//! How a search was answered.

use super::Count;
use serde::Serialize;
use specta::Type;

/// How a search was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Explain {
    /// What was done, in order.
    pub steps: Vec<ExplainStep>,
    /// Issues it matches.
    pub total: Count,
    /// Time the store took, in milliseconds.
    pub took_ms: f64,
    /// What would make it faster, or what it cannot see; nothing where there is nothing to say.
    pub note: Option<String>,
}

/// A step of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ExplainStep {
    /// What it does, in words.
    pub words: String,
    /// Rows that are left after it; nothing where that is not counted.
    pub rows: Option<Count>,
    /// Time it took the store to find these rows by this step and those before it, in milliseconds.
    pub took_ms: f64,
    /// Whether an index answers it.
    pub uses_index: bool,
}
