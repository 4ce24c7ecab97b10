//! Bytes become validated messages. Pure: no I/O, no clock of its own, safe to run on many threads.
//!
//! [`decode_record`] is the way in. What it stores in compressed form is read back by [`read_stored_event`] and
//! [`read_stored_occurrence`].

mod assignee;
mod codec;
mod culprit;
mod envelope;
mod event_build;
mod event_input;
mod event_names;
mod event_read;
mod event_schema;
mod facts;
mod fields;
mod json;
mod names;
mod occurrence;
mod record;
mod status_change;
mod stored_event;
mod stored_occurrence;
mod tags;
#[cfg(test)]
mod tests;
mod timestamp;
mod top_frame;
mod tree;

pub use codec::{compress, decompress};
pub use envelope::Envelope;
pub use event_read::{plain_event, read_stored_event};
pub use facts::stored_light_facts;
pub use record::decode_record;
pub use status_change::StatusChange;
pub use stored_occurrence::{
    StoredOccurrence, occurrence_json, read_stored_json, read_stored_occurrence,
};
pub use top_frame::{NamedBy, TopFrame, top_frame, top_frames};

use crate::model::{
    Directory, Event, FEEDBACK, Measures, Occurrence, ProjectId, RejectReason, Rejection, USER_TAG,
    Verdict,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The largest value of a record that is processed, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 4 * 1024 * 1024;

/// The largest JSON text that is read back from the store, in bytes. Rewriting numbers and nesting texts can make a
/// stored form longer than the payload it came from, but not by this much.
const STORED_LIMIT: usize = 16 * MAX_PAYLOAD_BYTES;

/// What decoding needs to know beside the bytes.
#[derive(Debug, Clone)]
pub struct DecodeContext {
    /// Processing time.
    pub now: DateTime<Utc>,
    /// Which projects are accepted.
    pub projects: ProjectPolicy,
    /// Features that are switched on, such as `organizations:replay-click-dead-ingest`.
    pub features: Arc<BTreeSet<String>>,
    /// Whom issues can be handed to.
    pub directory: Arc<Directory>,
    /// How records are taken in.
    pub mode: Mode,
}

/// How records are taken in (occurrences spec, section 2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// In batches, by fingerprint; repetitions are recognised, pointless status changes left out.
    #[default]
    Batched,
    /// One after another, as they come.
    Serial,
}

/// What decoding says about a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Its place among others; nothing for what is no message or has no fingerprint.
    pub envelope: Option<Envelope>,
    /// What it is. Counts only if the message is processed at all: a repetition is none, whatever it says.
    pub verdict: Verdict<Message>,
    /// What was counted on the way; counts under the same condition.
    pub measures: Measures,
}

impl Decoded {
    /// Lets go of what only the stored forms need, on the thread that made it: of a stored event every tag but its
    /// user, and the structured evidence of anything but feedback. There are dozens of small pieces of these in a
    /// message, and memory that waits for a transaction to end is cold when it is used again.
    pub fn shed(&mut self) {
        let Verdict::Keep(Message::Occurrence(message)) = &mut self.verdict else {
            return;
        };
        if let EventPath::Inline(event) = &mut message.event {
            event.tags.retain(|(key, _)| key == USER_TAG);
        }
        if message.occurrence.group_type.id != FEEDBACK {
            message.occurrence.evidence_data = None;
        }
    }
}

/// A message of the occurrence topic.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A sighting of a problem.
    Occurrence(Box<OccurrenceMessage>),
    /// A new status for an issue.
    StatusChange(StatusChange),
}

/// Which projects records may name.
#[derive(Debug, Clone)]
pub enum ProjectPolicy {
    /// Any positive number; the store creates what it does not know.
    CreateUnknown,
    /// Only these.
    Known(Arc<HashSet<ProjectId>>),
}

impl ProjectPolicy {
    /// Whether records of this project are accepted.
    #[must_use]
    pub fn accepts(&self, id: ProjectId) -> bool {
        match self {
            Self::CreateUnknown => id.0 > 0,
            Self::Known(known) => known.contains(&id),
        }
    }
}

/// A validated occurrence message with the event it came with.
#[derive(Debug, Clone, PartialEq)]
pub struct OccurrenceMessage {
    /// The occurrence.
    pub occurrence: Occurrence,
    /// Its stored form: compressed JSON of the whole record (occurrences spec, section 7).
    pub occurrence_json: Arc<[u8]>,
    /// Where its event comes from.
    pub event: EventPath,
}

/// The three ways an occurrence gets its event (occurrences spec, section 5).
#[derive(Debug, Clone, PartialEq)]
pub enum EventPath {
    /// The event came along only to describe the occurrence; it is not stored.
    Light(Box<Event>),
    /// The event came along and is stored.
    Inline(Box<Event>),
    /// The event has been stored before.
    Lookup,
}

/// Refuses records of projects that are not accepted.
fn require_project(id: ProjectId, context: &DecodeContext) -> Result<(), Rejection> {
    if context.projects.accepts(id) {
        return Ok(());
    }
    Err(Rejection::new(
        RejectReason::ProjectNotFound,
        format!("project_id: there is no project {id}"),
    ))
}
