//! What can stand at the caret of a search text.

use super::Count;
use serde::Serialize;
use specta::Type;

/// What can stand at a caret. Positions count UTF-16 code units, as web views do.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Completion {
    /// Where the text begins that an item replaces.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What is expected there.
    pub stage: CompletionStage,
    /// What can stand there, the most useful first.
    pub items: Vec<CompletionItem>,
    /// Whether the counts are those of the whole store in place of those under the rest of the query.
    pub global: bool,
}

/// What is expected at a caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CompletionStage {
    /// Name of a field.
    Key,
    /// Value of a field.
    Value,
    /// A word between terms.
    Connective,
}

/// Something that can stand at a caret.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CompletionItem {
    /// What replaces the text, with quotes where they are needed.
    pub text: String,
    /// What the list shows.
    pub label: String,
    /// What it means, in a few words; may be empty.
    pub detail: String,
    /// Issues that have it; nothing where that is not known.
    pub count: Option<Count>,
    /// Whether there may be more than `count`, because counting ended there.
    pub at_least: bool,
}
