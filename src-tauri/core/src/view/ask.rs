//! What the window and the command line ask to be done to issues.

use crate::model::{Label, NoteText, Priority};
use crate::triage::{self, ArchiveUntil};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A change of issues, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum IssueChange {
    /// Done.
    Resolve,
    /// Done as of a release.
    ResolveInRelease {
        /// Its version.
        release: String,
    },
    /// Done as of the release after the newest one.
    ResolveInNextRelease,
    /// Archived for good.
    ArchiveForever,
    /// Archived until it is seen more often than forecast.
    ArchiveUntilEscalating,
    /// Archived until one of some conditions is met. What is nothing or zero is not set.
    ArchiveUntil {
        /// Minutes from now.
        minutes: Option<u32>,
        /// Further occurrences.
        count: Option<u32>,
        /// Minutes the occurrences have to lie in.
        window_minutes: Option<u32>,
        /// Further users.
        user_count: Option<u32>,
        /// Minutes the users have to be seen in.
        user_window_minutes: Option<u32>,
    },
    /// Open again.
    Unresolve,
    /// Another priority, which is then kept.
    SetPriority {
        /// The priority.
        priority: IssuePriority,
    },
    /// Handed to somebody, or to nobody.
    Assign {
        /// `user:N` or `team:N`.
        assignee: Option<String>,
    },
    /// Looked at: out of the inbox.
    MarkReviewed,
    /// Into the inbox.
    AddToInbox,
    /// Bookmarked by the user who acts, or no longer.
    SetBookmark {
        /// Which of the two.
        on: bool,
    },
    /// Seen by the user who acts, or as if never seen.
    SetSeen {
        /// Which of the two.
        on: bool,
    },
    /// Labels put on and taken off.
    ChangeLabels {
        /// Those the issues have afterwards. A label is up to 64 characters without a comma, in lower case.
        add: Vec<String>,
        /// Those they do not have afterwards.
        remove: Vec<String>,
    },
    /// Something written about each of them by the user who acts.
    Note {
        /// Plain text of up to 8 KiB.
        text: String,
    },
    /// All made one issue.
    Merge {
        /// Which of them stays, a 64-bit integer as text; nothing: the one with the most occurrences.
        into: Option<String>,
    },
    /// Deleted, and what is like them is dropped from now on.
    Discard,
    /// Deleted. The data is erased once the delay for taking it back is over.
    Delete {
        /// Whether what is like them is dropped from now on.
        discard: bool,
    },
}

/// A priority on the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum IssuePriority {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

impl TryFrom<IssueChange> for triage::IssueChange {
    type Error = String;

    fn try_from(asked: IssueChange) -> Result<Self, String> {
        Ok(match asked {
            IssueChange::Resolve => Self::Resolve,
            IssueChange::ResolveInRelease { release } => Self::ResolveInRelease(release),
            IssueChange::ResolveInNextRelease => Self::ResolveInNextRelease,
            IssueChange::ArchiveForever => Self::ArchiveForever,
            IssueChange::ArchiveUntilEscalating => Self::ArchiveUntilEscalating,
            IssueChange::ArchiveUntil {
                minutes,
                count,
                window_minutes,
                user_count,
                user_window_minutes,
            } => Self::ArchiveUntil(ArchiveUntil {
                minutes,
                count,
                window: window_minutes,
                user_count,
                user_window: user_window_minutes,
            }),
            IssueChange::Unresolve => Self::Unresolve,
            IssueChange::SetPriority { priority } => Self::SetPriority(match priority {
                IssuePriority::Low => Priority::Low,
                IssuePriority::Medium => Priority::Medium,
                IssuePriority::High => Priority::High,
            }),
            IssueChange::Assign { assignee } => {
                Self::Assign(assignee.map(|text| text.parse()).transpose()?)
            }
            IssueChange::MarkReviewed => Self::MarkReviewed,
            IssueChange::AddToInbox => Self::AddToInbox,
            IssueChange::ChangeLabels { add, remove } => Self::ChangeLabels {
                add: labels(&add)?,
                remove: labels(&remove)?,
            },
            IssueChange::Note { text } => {
                let note = NoteText::read(&text);
                Self::Note(note.map_err(|problem| format!("The note {problem}."))?)
            }
            IssueChange::SetBookmark { .. }
            | IssueChange::SetSeen { .. }
            | IssueChange::Merge { .. }
            | IssueChange::Discard
            | IssueChange::Delete { .. } => {
                return Err(
                    "This change runs as a job. Ask for it as a bulk change of a selection."
                        .to_owned(),
                );
            }
        })
    }
}

fn labels(texts: &[String]) -> Result<Vec<Label>, String> {
    let read = |text: &String| {
        Label::read(text).map_err(|problem| format!("The label “{text}” {problem}."))
    };
    texts.iter().map(read).collect()
}
