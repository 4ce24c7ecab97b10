//! Read models: what the window and the command line show.
//!
//! These types cross the bridge to the web view, so they follow its rules: 64-bit identifiers and offsets are
//! text, counts fit a double exactly, times are milliseconds since the Unix epoch, and nothing here is unbounded
//! except [`IssueSnapshot::ids`], which is capped by the store.

mod ask;
mod change;
mod feed;
mod issue;
mod listed;
mod occurrence;
mod outcome;
mod people;

pub use ask::{IssueChange, IssuePriority};
pub use change::{DeadLettersChanged, IssueChangeReport, ReplayReport, SkippedIssue};
pub use feed::{
    CountersKind, CountersStatus, FeedAway, FeedPause, FeedState, FeedStatus, FeedTotals,
    PartitionStatus, ReasonCount,
};
pub use issue::{
    Activity, InboxEntry, IssueChanges, IssueDetail, IssueResolution, IssueRow, IssueSnapshot,
    IssueSnooze, IssueSort, ResolutionKind, ResolutionStatus, TimeBar,
};
pub use listed::{ListedAssignee, ListedIssue, ListedNumbers, ListedProject};
pub use occurrence::{EvidenceRow, OccurrenceDetail, OccurrencePosition, RecordOrigin, TagPair};
pub use outcome::{DeadLetterDetail, DeadLetterList, DeadLetterRow, OutcomeRow};
pub use people::{People, Person, Team};

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
