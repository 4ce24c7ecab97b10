//! The body of an update: what its members say, and which of them cannot be.

use super::BadRequest;
use super::wording::{LabelsBody, read_note};
use crate::model::{IssueId, NoteText, Priority, Substatus};
use crate::triage::{ArchiveUntil, IssueChange};
use serde_json::{Map, Value, json};

/// Longest window of an archive, in minutes: a week.
const MOST_MINUTES: u32 = 10_080;

/// What an update asks for. Members that are not there change nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateBody {
    /// Another status.
    pub status: Option<StatusWord>,
    /// What goes with the status.
    pub details: StatusDetails,
    /// Another finer state.
    pub substatus: Option<Substatus>,
    /// Who gets the issues; nobody where the text is empty.
    pub assigned_to: Option<String>,
    /// Another priority.
    pub priority: Option<Priority>,
    /// Whether who acts has looked at them.
    pub has_seen: Option<bool>,
    /// Whether who acts has them bookmarked.
    pub is_bookmarked: Option<bool>,
    /// Whether who acts hears of them.
    pub is_subscribed: Option<bool>,
    /// Whether they can be looked at by whoever has their link.
    pub is_public: Option<bool>,
    /// Whether they lie in the inbox.
    pub inbox: Option<bool>,
    /// Labels that are put on and taken off.
    pub labels: Option<LabelsBody>,
    /// What who acts writes about each of them.
    pub note: Option<NoteText>,
    /// Whether they become one.
    pub merge: bool,
    /// Which of them stays when they become one; nothing: the one seen most. No request says so, only the window does.
    pub merge_into: Option<IssueId>,
    /// Whether they go, and everything that would come for them.
    pub discard: bool,
}

/// A status an update can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusWord {
    /// Done.
    Resolved,
    /// Done as of the next release.
    ResolvedInNextRelease,
    /// Open.
    Unresolved,
    /// Archived.
    Ignored,
}

impl StatusWord {
    const WORDS: [(&'static str, Self); 5] = [
        ("resolved", Self::Resolved),
        ("resolvedInNextRelease", Self::ResolvedInNextRelease),
        ("unresolved", Self::Unresolved),
        ("ignored", Self::Ignored),
        ("muted", Self::Ignored),
    ];

    /// All words for a status.
    #[must_use]
    pub fn words() -> Vec<&'static str> {
        words(&Self::WORDS)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::ResolvedInNextRelease => "resolvedInNextRelease",
            Self::Unresolved => "unresolved",
            Self::Ignored => "ignored",
        }
    }
}

/// What goes with a status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusDetails {
    /// Resolved as of the release after the newest one.
    pub in_next_release: bool,
    /// Resolved as of the release that is being prepared.
    pub in_upcoming_release: bool,
    /// Resolved as of this release; `latest` for the newest one.
    pub in_release: Option<String>,
    /// Resolved by this commit: repository and id.
    pub in_commit: Option<(String, String)>,
    /// When an archived issue comes back.
    pub ignore: IgnoreConditions,
}

/// When an archived issue comes back.
pub type IgnoreConditions = ArchiveUntil;

const SUBSTATUSES: [(&str, Substatus); 10] = [
    ("archived_until_escalating", Substatus::UntilEscalating),
    ("until_escalating", Substatus::UntilEscalating),
    ("escalating", Substatus::Escalating),
    ("ongoing", Substatus::Ongoing),
    ("archived_until_condition_met", Substatus::UntilConditionMet),
    ("until_condition_met", Substatus::UntilConditionMet),
    ("archived_forever", Substatus::Forever),
    ("forever", Substatus::Forever),
    ("regressed", Substatus::Regressed),
    ("new", Substatus::New),
];

const PRIORITIES: [(&str, Priority); 3] = [
    ("high", Priority::High),
    ("medium", Priority::Medium),
    ("low", Priority::Low),
];

fn words<T>(of: &[(&'static str, T)]) -> Vec<&'static str> {
    of.iter().map(|(word, _)| *word).collect()
}

const MEMBERS: [&str; 19] = [
    "status",
    "statusDetails",
    "substatus",
    "assignedTo",
    "priority",
    "hasSeen",
    "isBookmarked",
    "isSubscribed",
    "isPublic",
    "inbox",
    "labels",
    "note",
    "merge",
    "discard",
    "ignoreDuration",
    "ignoreCount",
    "ignoreWindow",
    "ignoreUserCount",
    "ignoreUserWindow",
];

const DETAILS: [&str; 9] = [
    "inNextRelease",
    "inUpcomingRelease",
    "inRelease",
    "inCommit",
    "ignoreDuration",
    "ignoreCount",
    "ignoreWindow",
    "ignoreUserCount",
    "ignoreUserWindow",
];

impl UpdateBody {
    /// Reads a body. A member that is `null` is as good as none, but for `assignedTo`, where it means nobody.
    ///
    /// # Errors
    /// [`BadRequest`] with the first member that is unknown or says something it cannot say.
    pub fn read(body: &Value) -> Result<Self, BadRequest> {
        let Some(body) = body.as_object() else {
            return Err(BadRequest::new("body", "is no JSON object"));
        };
        let members = Members {
            object: body,
            prefix: "",
        };
        members.refuse_unknown(&MEMBERS)?;
        let details = match body.get("statusDetails") {
            None | Some(Value::Null) => StatusDetails {
                ignore: members.conditions()?,
                ..StatusDetails::default()
            },
            Some(Value::Object(object)) => {
                // Those at the top count no longer, but they still have to be right.
                members.conditions()?;
                StatusDetails::read(object)?
            }
            Some(_) => return Err(BadRequest::new("statusDetails", "is no JSON object")),
        };
        let read = Self {
            status: members.word("status", &StatusWord::WORDS)?,
            details,
            substatus: members.word("substatus", &SUBSTATUSES)?,
            assigned_to: members.assignee()?,
            priority: members.word("priority", &PRIORITIES)?,
            has_seen: members.truth("hasSeen")?,
            is_bookmarked: members.truth("isBookmarked")?,
            is_subscribed: members.truth("isSubscribed")?,
            is_public: members.truth("isPublic")?,
            inbox: members.truth("inbox")?,
            labels: members.get("labels").map(LabelsBody::read).transpose()?,
            note: members.get("note").map(read_note).transpose()?,
            merge: members.truth("merge")?.unwrap_or_default(),
            merge_into: None,
            discard: members.truth("discard")?.unwrap_or_default(),
        };
        read.refuse_contradictions()?;
        Ok(read)
    }

    fn refuse_contradictions(&self) -> Result<(), BadRequest> {
        if self.discard {
            let alone = Self {
                discard: true,
                ..Self::default()
            };
            if *self != alone {
                let problem = "goes with nothing else; leave the rest out";
                return Err(BadRequest::new("discard", problem));
            }
        }
        let Some(substatus) = self.substatus else {
            return Ok(());
        };
        let archives = matches!(
            substatus,
            Substatus::UntilEscalating | Substatus::UntilConditionMet | Substatus::Forever
        );
        let fits = match self.status {
            None => true,
            Some(StatusWord::Unresolved) => !archives,
            Some(StatusWord::Ignored) => archives,
            Some(StatusWord::Resolved | StatusWord::ResolvedInNextRelease) => false,
        };
        if fits {
            Ok(())
        } else {
            let status = self.status.map_or("", StatusWord::as_str);
            let problem = format!("“{}” does not go with “{status}”", substatus.as_str());
            Err(BadRequest::new("substatus", problem))
        }
    }

    /// All words for a substatus.
    #[must_use]
    pub fn substatus_words() -> Vec<&'static str> {
        words(&SUBSTATUSES)
    }

    /// All words for a priority.
    #[must_use]
    pub fn priority_words() -> Vec<&'static str> {
        words(&PRIORITIES)
    }

    /// The status it asks for. A substatus alone stands for its status, too.
    #[must_use]
    pub fn effective_status(&self) -> Option<StatusWord> {
        let of_substatus = |substatus| match substatus {
            Substatus::UntilEscalating | Substatus::UntilConditionMet | Substatus::Forever => {
                StatusWord::Ignored
            }
            Substatus::Escalating | Substatus::Ongoing | Substatus::Regressed | Substatus::New => {
                StatusWord::Unresolved
            }
        };
        self.status.or(self.substatus.map(of_substatus))
    }

    /// The body that asks for a single change. Nothing for a delete, which is no update.
    #[must_use]
    pub fn of(change: &IssueChange) -> Option<Self> {
        let status = |status, details, substatus| Self {
            status: Some(status),
            details,
            substatus,
            ..Self::default()
        };
        let ignore = |until: &ArchiveUntil| StatusDetails {
            ignore: *until,
            ..StatusDetails::default()
        };
        let none = StatusDetails::default;
        Some(match change {
            IssueChange::Resolve => status(StatusWord::Resolved, none(), None),
            IssueChange::ResolveInRelease(version) => {
                let details = StatusDetails {
                    in_release: Some(version.clone()),
                    ..none()
                };
                status(StatusWord::Resolved, details, None)
            }
            IssueChange::ResolveInNextRelease => {
                status(StatusWord::ResolvedInNextRelease, none(), None)
            }
            IssueChange::ResolveInUpcomingRelease => {
                let details = StatusDetails {
                    in_upcoming_release: true,
                    ..none()
                };
                status(StatusWord::Resolved, details, None)
            }
            IssueChange::ResolveInCommit { repository, commit } => {
                let details = StatusDetails {
                    in_commit: Some((repository.clone(), commit.clone())),
                    ..none()
                };
                status(StatusWord::Resolved, details, None)
            }
            IssueChange::ArchiveForever => {
                status(StatusWord::Ignored, none(), Some(Substatus::Forever))
            }
            IssueChange::ArchiveForeverUntil(until) => {
                status(StatusWord::Ignored, ignore(until), Some(Substatus::Forever))
            }
            IssueChange::ArchiveUntilEscalating => status(
                StatusWord::Ignored,
                none(),
                Some(Substatus::UntilEscalating),
            ),
            IssueChange::ArchiveUntil(until) => status(
                StatusWord::Ignored,
                ignore(until),
                Some(Substatus::UntilConditionMet),
            ),
            IssueChange::Unresolve => status(StatusWord::Unresolved, none(), None),
            IssueChange::UnresolveAs(substatus) => {
                status(StatusWord::Unresolved, none(), Some(*substatus))
            }
            IssueChange::SetPriority(priority) => Self {
                priority: Some(*priority),
                ..Self::default()
            },
            IssueChange::Assign(assignee) => Self {
                assigned_to: Some(assignee.map_or_else(String::new, |it| it.to_string())),
                ..Self::default()
            },
            IssueChange::MarkReviewed => Self {
                inbox: Some(false),
                ..Self::default()
            },
            IssueChange::AddToInbox => Self {
                inbox: Some(true),
                ..Self::default()
            },
            IssueChange::SetSeen(seen) => Self {
                has_seen: Some(*seen),
                ..Self::default()
            },
            IssueChange::SetBookmark(on) => Self {
                is_bookmarked: Some(*on),
                ..Self::default()
            },
            IssueChange::SetSubscribed(on) => Self {
                is_subscribed: Some(*on),
                ..Self::default()
            },
            IssueChange::SetPublic(public) => Self {
                is_public: Some(*public),
                ..Self::default()
            },
            IssueChange::ChangeLabels { add, remove } => Self {
                labels: Some(LabelsBody {
                    add: add.clone(),
                    remove: remove.clone(),
                }),
                ..Self::default()
            },
            IssueChange::Note(text) => Self {
                note: Some(text.clone()),
                ..Self::default()
            },
            IssueChange::Delete => return None,
        })
    }

    /// The body as JSON, to be read again.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let details = &self.details;
        let in_commit = details
            .in_commit
            .as_ref()
            .map(|(repository, commit)| json!({ "repository": repository, "commit": commit }));
        let mut body = json!({
            "status": self.status.map(StatusWord::as_str),
            "statusDetails": {
                "inNextRelease": details.in_next_release,
                "inUpcomingRelease": details.in_upcoming_release,
                "inRelease": details.in_release,
                "inCommit": in_commit,
                "ignoreDuration": details.ignore.minutes,
                "ignoreCount": details.ignore.count,
                "ignoreWindow": details.ignore.window,
                "ignoreUserCount": details.ignore.user_count,
                "ignoreUserWindow": details.ignore.user_window,
            },
            "substatus": self.substatus.map(Substatus::as_str),
            "priority": self.priority.map(Priority::as_str),
            "hasSeen": self.has_seen,
            "isBookmarked": self.is_bookmarked,
            "isSubscribed": self.is_subscribed,
            "isPublic": self.is_public,
            "inbox": self.inbox,
            "labels": self.labels.as_ref().map(LabelsBody::to_json),
            "note": self.note.as_ref().map(NoteText::as_str),
            "merge": self.merge,
            "discard": self.discard,
        });
        if let Some(assignee) = &self.assigned_to {
            body["assignedTo"] = json!(assignee);
        }
        body
    }
}

impl StatusDetails {
    fn read(object: &Map<String, Value>) -> Result<Self, BadRequest> {
        let members = Members {
            object,
            prefix: "statusDetails.",
        };
        members.refuse_unknown(&DETAILS)?;
        Ok(Self {
            in_next_release: members.truth("inNextRelease")?.unwrap_or_default(),
            in_upcoming_release: members.truth("inUpcomingRelease")?.unwrap_or_default(),
            in_release: members.text("inRelease")?,
            in_commit: members.commit()?,
            ignore: members.conditions()?,
        })
    }
}

/// Members of an object, with the words by which a refusal names them.
struct Members<'a> {
    object: &'a Map<String, Value>,
    prefix: &'static str,
}

impl Members<'_> {
    fn bad(&self, member: &str, problem: impl Into<String>) -> BadRequest {
        BadRequest::new(format!("{}{member}", self.prefix), problem)
    }

    fn refuse_unknown(&self, known: &[&str]) -> Result<(), BadRequest> {
        let unknown = self
            .object
            .keys()
            .find(|key| !known.contains(&key.as_str()));
        match unknown {
            Some(key) => Err(self.bad(key, format!("is unknown; known are {}", known.join(", ")))),
            None => Ok(()),
        }
    }

    fn get(&self, member: &str) -> Option<&Value> {
        self.object.get(member).filter(|value| !value.is_null())
    }

    fn word<T: Copy>(
        &self,
        member: &str,
        known: &[(&'static str, T)],
    ) -> Result<Option<T>, BadRequest> {
        let Some(value) = self.get(member) else {
            return Ok(None);
        };
        let found = value
            .as_str()
            .and_then(|text| known.iter().find(|(word, _)| *word == text));
        match found {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let known = words(known).join(", ");
                Err(self.bad(member, format!("is {value}; write one of {known}")))
            }
        }
    }

    fn truth(&self, member: &str) -> Result<Option<bool>, BadRequest> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(other) => Err(self.bad(member, format!("is {other}; write true or false"))),
        }
    }

    fn text(&self, member: &str) -> Result<Option<String>, BadRequest> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
            Some(other) => Err(self.bad(member, format!("is {other}; write a text"))),
        }
    }

    fn number(&self, member: &str) -> Result<Option<u32>, BadRequest> {
        let Some(value) = self.get(member) else {
            return Ok(None);
        };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let problem = || format!("is {value}; write a whole number from 0 on");
        number.map(Some).ok_or_else(|| self.bad(member, problem()))
    }

    fn window(&self, member: &str) -> Result<Option<u32>, BadRequest> {
        let window = self.number(member)?;
        if window.is_some_and(|minutes| minutes > MOST_MINUTES) {
            let problem = format!("is longer than a week; write at most {MOST_MINUTES} minutes");
            return Err(self.bad(member, problem));
        }
        Ok(window)
    }

    fn conditions(&self) -> Result<IgnoreConditions, BadRequest> {
        Ok(IgnoreConditions {
            minutes: self.number("ignoreDuration")?,
            count: self.number("ignoreCount")?,
            window: self.window("ignoreWindow")?,
            user_count: self.number("ignoreUserCount")?,
            user_window: self.window("ignoreUserWindow")?,
        })
    }

    fn assignee(&self) -> Result<Option<String>, BadRequest> {
        match self.object.get("assignedTo") {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(String::new())),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(other) => {
                let problem =
                    format!("is {other}; write user:N, team:N, a name, an address or nothing");
                Err(self.bad("assignedTo", problem))
            }
        }
    }

    fn commit(&self) -> Result<Option<(String, String)>, BadRequest> {
        let Some(value) = self.get("inCommit") else {
            return Ok(None);
        };
        let text = |key: &str| {
            let text = value.get(key).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        match (text("repository"), text("commit")) {
            (Some(repository), Some(commit)) => {
                let is_control = |text: &str| text.chars().any(char::is_control);
                if is_control(&repository) || is_control(&commit) {
                    return Err(self.bad("inCommit", "has control characters; write plain names"));
                }
                Ok(Some((repository, commit)))
            }
            _ => Err(self.bad("inCommit", "names no repository and commit; write both")),
        }
    }
}
