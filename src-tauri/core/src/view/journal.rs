//! What people changed, and how it is taken back.

use super::{Count, Millis, SkippedIssue};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Something a person changed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct JournalEntry {
    /// Its id, a 64-bit integer as text. A later entry has a larger one.
    pub id: String,
    /// When.
    pub at: Millis,
    /// Name of the user who did it.
    pub actor: Option<String>,
    /// What was done, such as `Resolved 14 issues` or `Undo: Resolved 14 issues`.
    pub title: String,
    /// Issues it changed.
    pub issues: Count,
    /// What has become of it.
    pub state: JournalState,
    /// Until when it can be undone; nothing where no time ends that.
    pub undo_until: Option<Millis>,
    /// Short ids and titles of up to three of the issues.
    pub examples: Vec<String>,
    /// The entry that this one took back; nothing where it is no undo. Taking back an undo does the change again.
    pub undoes: Option<String>,
    /// Whether it took a change back. An entry that took such an entry back did a change again, and is none.
    pub is_undo: bool,
    /// The search whose issues it was; nothing where they were picked one by one.
    pub query: Option<String>,
    /// How long it took, in milliseconds; nothing where that is not known.
    pub took_ms: Option<f64>,
    /// Whether it was done along with something else, such as marking an issue as seen that is opened. What is undone next
    /// is never such an entry.
    pub automatic: bool,
}

/// What kind of action an entry of the journal tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JournalAction {
    /// States, priorities, assignees, labels, notes, what members have with issues.
    Update,
    /// Several issues became one.
    Merge,
    /// Issues were deleted.
    Delete,
    /// Issues were deleted, and so is what would come for them.
    Discard,
    /// Something was taken back.
    Undo,
}

/// Which entries of the journal are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
pub struct JournalWanted {
    /// Only those of this kind.
    pub action: Option<JournalAction>,
    /// Only those that have each of these words in their title, in their query, in the name of who did it, or as the short
    /// id of an issue they changed.
    pub words: String,
    /// Only what was done on purpose.
    pub by_hand: bool,
}

/// An issue of a journal entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct JournalIssue {
    /// Its id, a 64-bit integer as text.
    pub id: String,
    /// `SLUG-BASE32`; nothing where it is deleted or merged.
    pub short_id: Option<String>,
    /// Its title, as far as `short_id` is there.
    pub title: Option<String>,
    /// Whether it was taken back.
    pub undone: bool,
}

/// What has become of a journal entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JournalState {
    /// It stands.
    Done,
    /// It was taken back.
    Undone,
    /// It was taken back for some of its issues.
    PartlyUndone,
    /// What it deleted has been erased, so it can no longer be undone.
    Purged,
}

/// How taking back a journal entry went.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct UndoReport {
    /// What was taken back, as the journal calls it.
    pub title: String,
    /// The job it ran in, a 64-bit integer as text; empty where there were too few issues for one.
    pub job: String,
    /// Issues that are again as they were before.
    pub restored: Count,
    /// Issues it did not come to, because somebody stopped it. Taking the entry back again goes on with them.
    pub remaining: Count,
    /// Issues that are not, other than by a conflict.
    pub not_restored: Vec<SkippedIssue>,
    /// Issues that were changed again since and are left so, unless whoever asked overwrites them.
    pub conflict_count: Count,
    /// The first of them, at most 20.
    pub conflicts: Vec<UndoConflict>,
    /// Hashes that now lead to a newer issue and stay there.
    pub hashes_taken: Vec<HashTaken>,
    /// The journal entry of the undo itself. Undoing that one does the change again.
    pub entry: String,
}

/// An issue that was changed again after the change that is being undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct UndoConflict {
    /// Its id, a 64-bit integer as text.
    pub id: String,
    /// `SLUG-BASE32`, as shown to people.
    pub short_id: String,
    /// Its title.
    pub title: String,
    /// What has changed since. Empty where only what follows from something else has.
    pub differences: Vec<UndoDifference>,
}

/// A property of an issue that was changed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct UndoDifference {
    /// The property, such as `status`.
    pub what: String,
    /// What it would be again.
    pub before: String,
    /// What it is now.
    pub now: String,
}

/// A restored issue one of whose hashes belongs to a newer issue by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HashTaken {
    /// Id of the restored issue.
    pub id: String,
    /// Its short id.
    pub short_id: String,
    /// Short id of the issue the hash leads to now.
    pub now: String,
}
