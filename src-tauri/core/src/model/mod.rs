//! Plain domain types. Nothing here reads, writes or waits.

mod activity;
mod beside;
mod event;
mod group_type;
mod history;
mod ids;
mod inbox;
mod issue;
mod issue_state;
mod label;
mod measure;
mod note;
mod occurrence;
mod outcome;
mod people;
mod resolution;
mod search;
mod short_id;
mod term_bits;
mod verdict;

pub use activity::ActivityKind;
pub use beside::{Link, LinkKey, LinkKind, Share, Subscription, SubscriptionReason};
pub use event::{Event, EventBody, USER_TAG};
pub use group_type::{Category, FEEDBACK, GroupType, NoiseLimit};
pub use history::HistoryKind;
pub use ids::{EventId, GroupHash, IssueId, OccurrenceId, ProjectId, TransactionId};
pub use inbox::{InboxDetails, InboxReason};
pub use issue::{Issue, IssueStatus, Level, Priority, Project, ProjectRules, Substatus};
pub use issue_state::{
    Activity, EscalationThreshold, Forecast, History, InboxEntry, IssueState, Kept, Personal,
    Resolution, Sightings, Snooze, Stand, StoredActivity,
};
pub use label::{Label, LabelProblem, Labels};
pub use measure::{Measure, Measures};
pub use note::{Note, NoteProblem, NoteText};
pub use occurrence::{Evidence, Occurrence};
pub use outcome::{DropReason, RejectReason};
pub use people::{Assignee, Directory, Team, User};
pub use resolution::{ResolutionKind, ResolutionStatus};
pub use search::{
    EventFacts, Person, SearchText, SeenValues, TERM_FIELDS, Term, cut, fold, has_terms, tells_who,
};
pub use short_id::{format_short_id, parse_short_id};
pub use term_bits::TermBits;
pub use verdict::{Rejection, Verdict};
