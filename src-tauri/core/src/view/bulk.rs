//! Changes of many issues, and the jobs they run in.

use super::{Count, Millis, SkippedCount, SkippedIssue, UndoReport};
use serde::Serialize;
use specta::Type;

/// How far a job is. The first one is sent before anything has changed, so that a job can be cancelled at once.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct JobProgress {
    /// The job's id, a 64-bit integer as text; what it is called instead for as long as it has none.
    pub job: String,
    /// Issues or rows dealt with, those that were skipped included.
    pub done: Count,
    /// Issues or rows there are.
    pub total: Count,
}

/// How a change of issues went.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct BulkReport {
    /// The job's id, a 64-bit integer as text.
    pub job: String,
    /// Issues that changed.
    pub changed: Count,
    /// The first hundred issues that did not, those first that had dropped out of the selection.
    pub skipped: Vec<SkippedIssue>,
    /// How many did not, all of them. Issues that a cancelled job did not reach are not among them.
    pub skipped_total: Count,
    /// These by the reason, most first.
    pub reasons: Vec<SkippedCount>,
    /// Journal entry that can be undone, a 64-bit integer as text; nothing where nothing changed.
    pub journal: Option<String>,
    /// Revision of the store after it, a 64-bit counter as text.
    pub revision: String,
    /// Whether somebody ended it before its end. What had changed until then stays changed.
    pub cancelled: bool,
    /// Where it was a job that takes something back: how that went.
    pub undo: Option<UndoReport>,
}

/// Work on more issues than are changed at once.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct Job {
    /// Its id, a 64-bit integer as text.
    pub id: String,
    /// What it does, such as `Resolve 12431 issues`.
    pub title: String,
    /// How it stands.
    pub state: JobState,
    /// Issues or rows dealt with, those that were skipped included.
    pub done: Count,
    /// Issues or rows there are.
    pub total: Count,
    /// Issues that were left as they were.
    pub skipped: Count,
    /// When it began.
    pub started_at: Millis,
    /// When it ended; nothing while it runs.
    pub ended_at: Option<Millis>,
    /// Journal entry of what it changed; nothing where it has changed nothing.
    pub journal: Option<String>,
    /// Why it failed and what to do, in words.
    pub problem: Option<String>,
    /// Whether issues go by it.
    pub removes: bool,
    /// What it takes back; nothing where it does something new.
    pub takes_back: Option<TakesBack>,
}

/// What a job takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TakesBack {
    /// The journal entry, a 64-bit integer as text.
    pub entry: String,
    /// What that did, as the journal calls it.
    pub title: String,
    /// Whether that was an undo, so that the job does a change again.
    pub again: bool,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It is at work.
    Running,
    /// It has dealt with everything.
    Done,
    /// Somebody ended it. It can be resumed.
    Cancelled,
    /// The program ended while it ran. It can be resumed.
    Interrupted,
    /// An error ended it. It can be resumed.
    Failed,
}
