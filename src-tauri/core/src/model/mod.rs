//! Plain domain types. Nothing here reads, writes or waits.

mod activity;
mod event;
mod group_type;
mod history;
mod ids;
mod inbox;
mod issue;
mod occurrence;
mod outcome;
mod resolution;
mod short_id;
mod verdict;

pub use activity::ActivityKind;
pub use event::{Event, EventBody};
pub use group_type::{Category, GroupType, NoiseLimit};
pub use history::HistoryKind;
pub use ids::{EventId, GroupHash, IssueId, OccurrenceId, ProjectId};
pub use inbox::{InboxDetails, InboxReason};
pub use issue::{Issue, IssueStatus, Level, Priority, Project, Substatus};
pub use occurrence::{Evidence, Occurrence};
pub use outcome::{DropReason, RejectReason};
pub use resolution::{ResolutionKind, ResolutionStatus};
pub use short_id::{format_short_id, parse_short_id};
pub use verdict::{Rejection, Verdict};
