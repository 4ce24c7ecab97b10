//! Plain domain types. Nothing here reads, writes or waits.

mod event;
mod group_type;
mod ids;
mod issue;
mod occurrence;
mod outcome;
mod short_id;
mod verdict;

pub use event::{Event, EventBody};
pub use group_type::{Category, GroupType, NoiseLimit};
pub use ids::{EventId, GroupHash, IssueId, OccurrenceId, ProjectId};
pub use issue::{Issue, IssueStatus, Level, Priority, Project, Substatus};
pub use occurrence::{Evidence, Occurrence};
pub use outcome::{DropReason, RejectReason};
pub use short_id::{format_short_id, parse_short_id};
pub use verdict::{Rejection, Verdict};
