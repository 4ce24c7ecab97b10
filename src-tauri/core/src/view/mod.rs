//! Read models: what the window and the command line show.
//!
//! These types cross the bridge to the web view, so they follow its rules: 64-bit identifiers and offsets are
//! text, counts fit a double exactly, times are milliseconds since the Unix epoch, and nothing here is unbounded
//! except the ids and groups of an [`IssueSnapshot`], which are capped by the store, and what a [`Selection`] made of
//! them names.

mod ask;
mod bulk;
mod change;
mod completion;
mod explain;
mod export;
mod feed;
mod grouping;
mod issue;
mod journal;
mod listed;
mod occurrence;
mod order;
mod outcome;
mod people;
mod saved_view;
mod selection;
mod similar;

pub use ask::{IssueChange, IssuePriority};
pub use bulk::{BulkReport, Job, JobProgress, JobState, TakesBack};
pub use change::{DeadLettersChanged, ReplayReport, SkipReason, SkippedCount, SkippedIssue};
pub use completion::{Completion, CompletionItem, CompletionStage};
pub use explain::{Explain, ExplainStep};
pub use export::{
    BundleView, ExportFormat, ExportOptions, ExportPreview, ExportRedaction, ExportReport,
    ExportSource, ExportTimes, ExportWhat,
};
pub use feed::{
    CountersKind, CountersStatus, FeedAway, FeedPause, FeedState, FeedStatus, FeedTotals,
    PartitionStatus, ReasonCount,
};
pub use grouping::{IssueGroup, IssueGrouping};
pub use issue::{
    Activity, InboxEntry, IssueAmount, IssueChanges, IssueDetail, IssueExtras, IssueHead,
    IssueResolution, IssueRow, IssueSnapshot, IssueSnooze, RangeNumbers, RangeTrend,
    ResolutionKind, ResolutionStatus, RowFrame, TimeBar,
};
pub use journal::{
    HashTaken, JournalAction, JournalEntry, JournalIssue, JournalState, JournalWanted,
    UndoConflict, UndoDifference, UndoReport,
};
pub use listed::{ListedAssignee, ListedIssue, ListedNumbers, ListedProject};
pub use occurrence::{
    EvidenceRow, FrameName, OccurrenceDetail, OccurrencePosition, RecordOrigin, StackFrame, TagPair,
};
pub use order::{IssueOrder, IssueSort, OrderError, SortKey};
pub use outcome::{DeadLetterDetail, DeadLetterList, DeadLetterRow, OutcomeRow};
pub use people::{People, Person, Team};
pub use saved_view::{IssueColumn, RowDensity, SavedView, ViewCount, ViewIcon};
pub use selection::{LabelCount, ProjectIssues, Selection, SelectionSummary, StandingCounts};
pub use similar::{SharedParts, SimilarIssue, SimilarIssues};

/// Milliseconds since the Unix epoch, UTC. A double, because that is what a web view can hold without loss.
pub type Millis = f64;

/// A count for display. Exact up to 2⁵³.
pub type Count = f64;

/// A count as the bridge carries it.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    reason = "a count for display is exact up to 2^53"
)]
pub fn count(value: u64) -> Count {
    value as Count
}

/// An instant as the bridge carries it.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds of any year people live in are exact in a double"
)]
pub fn millis(instant: chrono::DateTime<chrono::Utc>) -> Millis {
    instant.timestamp_millis() as Millis
}
