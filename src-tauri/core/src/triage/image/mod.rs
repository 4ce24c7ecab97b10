//! What a change made of an issue, member by member: enough to see later whether it still stands so, and to put it back.
//!
//! An image is a JSON object that holds only what differs. Its keys and values are stored, so they stay as they are.

use crate::model::{
    Assignee, Forecast, InboxDetails, InboxEntry, InboxReason, IssueState, IssueStatus, Kept,
    Label, Link, LinkKey, Note, Personal, Priority, Resolution, ResolutionKind, ResolutionStatus,
    Share, Snooze, Subscription, SubscriptionReason, Substatus,
};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

mod words;

pub use words::{Difference, differences};

/// Members of an issue's state and what they are, `null` for nothing.
pub type Image = Map<String, Value>;

/// Under this and its text an image says whether an issue has a label.
const LABEL: &str = "label";
/// Under this and its ident an image has a note.
const NOTE: &str = "note";
/// Under this and [`LinkKey::ident`] an image has a link.
const LINK: &str = "link";

/// A part of an issue's state that a change can set and that can be put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member<'k> {
    Stand,
    ResolvedAt,
    Priority,
    Locked,
    Assignee,
    Inbox,
    Snooze,
    Resolution,
    Forecast,
    Share,
    Seen(i64),
    Bookmark(i64),
    Subscription(i64),
    /// One label, so that those put on one after the other can be taken back one by one.
    Label(&'k str),
    /// One note, by its ident.
    Note(&'k str),
    /// One link, by its ident.
    Link(&'k str),
}

impl<'k> Member<'k> {
    /// Those every issue has.
    const OF_ISSUE: [Self; 10] = [
        Self::Stand,
        Self::ResolvedAt,
        Self::Priority,
        Self::Locked,
        Self::Assignee,
        Self::Inbox,
        Self::Snooze,
        Self::Resolution,
        Self::Forecast,
        Self::Share,
    ];

    /// Those of one person.
    fn of_person(id: i64) -> [Self; 3] {
        [Self::Seen(id), Self::Bookmark(id), Self::Subscription(id)]
    }

    fn key(self) -> String {
        match self {
            Self::Stand => "stand".to_owned(),
            Self::ResolvedAt => "resolved_at".to_owned(),
            Self::Priority => "priority".to_owned(),
            Self::Locked => "priority_locked_at".to_owned(),
            Self::Assignee => "assignee".to_owned(),
            Self::Inbox => "inbox".to_owned(),
            Self::Snooze => "snooze".to_owned(),
            Self::Resolution => "resolution".to_owned(),
            Self::Forecast => "forecast".to_owned(),
            Self::Share => "share".to_owned(),
            Self::Seen(id) => format!("seen:{id}"),
            Self::Bookmark(id) => format!("bookmark:{id}"),
            Self::Subscription(id) => format!("subscription:{id}"),
            Self::Label(label) => format!("{LABEL}:{label}"),
            Self::Note(ident) => format!("{NOTE}:{ident}"),
            Self::Link(ident) => format!("{LINK}:{ident}"),
        }
    }

    fn from_key(key: &'k str) -> Option<Self> {
        let Some((kind, id)) = key.split_once(':') else {
            return Self::OF_ISSUE
                .into_iter()
                .find(|member| member.key() == key);
        };
        match kind {
            LABEL => return Some(Self::Label(id)),
            NOTE => return Some(Self::Note(id)),
            LINK => return Some(Self::Link(id)),
            _ => {}
        }
        let id = id.parse().ok()?;
        Self::of_person(id).into_iter().find(|member| {
            member
                .key()
                .split_once(':')
                .is_some_and(|(known, _)| known == kind)
        })
    }

    fn differs(self, one: &IssueState, other: &IssueState) -> bool {
        let (a, b) = (&one.issue, &other.issue);
        match self {
            Self::Stand => (a.status, a.substatus) != (b.status, b.substatus),
            Self::ResolvedAt => a.resolved_at != b.resolved_at,
            Self::Priority => a.priority != b.priority,
            Self::Locked => a.priority_locked_at != b.priority_locked_at,
            Self::Assignee => a.assignee != b.assignee,
            Self::Inbox => one.inbox.get() != other.inbox.get(),
            Self::Snooze => one.snooze.get() != other.snooze.get(),
            Self::Forecast => one.forecast.get() != other.forecast.get(),
            Self::Share => one.share.get() != other.share.get(),
            Self::Label(label) => one.labels.contains(label) != other.labels.contains(label),
            Self::Note(ident) => note(one, ident) != note(other, ident),
            Self::Link(ident) => link(one, ident) != link(other, ident),
            Self::Resolution | Self::Seen(_) | Self::Bookmark(_) | Self::Subscription(_) => {
                self.read(one) != self.read(other)
            }
        }
    }

    fn read(self, state: &IssueState) -> Value {
        let issue = &state.issue;
        match self {
            Self::Stand => json!([
                issue.status.number(),
                issue.substatus.map(Substatus::number)
            ]),
            Self::ResolvedAt => json!(issue.resolved_at.map(micros)),
            Self::Priority => json!(issue.priority.map(Priority::number)),
            Self::Locked => json!(issue.priority_locked_at.map(micros)),
            Self::Assignee => json!(issue.assignee.map(|assignee| assignee.to_string())),
            Self::Inbox => json!(state.inbox.get().map(InboxForm::of)),
            Self::Snooze => json!(state.snooze.get().map(SnoozeForm::of)),
            Self::Resolution => json!(state.resolution.get().map(ResolutionForm::of)),
            Self::Forecast => {
                let form =
                    |forecast: &Forecast| (forecast.values.clone(), micros(forecast.made_at));
                json!(state.forecast.get().map(form))
            }
            Self::Share => {
                let form = |share: &Share| (share.id.clone(), share.actor, micros(share.at));
                json!(state.share.get().map(form))
            }
            Self::Seen(id) => {
                let seen = person(state, id).and_then(|personal| personal.seen.get());
                json!(seen.copied().map(micros))
            }
            Self::Bookmark(id) => {
                let since = person(state, id).and_then(|personal| personal.bookmark.get());
                json!(since.copied().map(micros))
            }
            Self::Subscription(id) => {
                let known = person(state, id).and_then(|personal| personal.subscription.get());
                json!(known.map(|known| (
                    known.active,
                    known.reason.map(SubscriptionReason::as_str),
                    micros(known.at)
                )))
            }
            Self::Label(label) => json!(state.labels.contains(label)),
            Self::Note(ident) => {
                let form = |note: &Note| (note.text.clone(), note.actor, micros(note.at));
                json!(note(state, ident).map(form))
            }
            Self::Link(ident) => {
                let form = |link: &Link| (link.actor, micros(link.at));
                json!(link(state, ident).map(form))
            }
        }
    }

    /// Puts a value back. Nothing where it is none that [`Self::read`] has written.
    fn write(self, state: &mut IssueState, value: &Value) -> Option<()> {
        match self {
            Self::Stand => {
                let (status, substatus): (i16, Option<i16>) = parse(value)?;
                state.issue.status = IssueStatus::from_number(status)?;
                state.issue.substatus = match substatus {
                    Some(number) => Some(Substatus::from_number(number)?),
                    None => None,
                };
            }
            Self::ResolvedAt => state.issue.resolved_at = times(value)?,
            Self::Priority => {
                state.issue.priority = match parse::<Option<i16>>(value)? {
                    Some(number) => Some(Priority::from_number(number)?),
                    None => None,
                };
            }
            Self::Locked => state.issue.priority_locked_at = times(value)?,
            Self::Assignee => {
                state.issue.assignee = match parse::<Option<String>>(value)? {
                    Some(text) => Some(text.parse::<Assignee>().ok()?),
                    None => None,
                };
            }
            Self::Inbox => put(
                &mut state.inbox,
                match parse::<Option<InboxForm>>(value)? {
                    Some(form) => Some(form.entry()?),
                    None => None,
                },
            ),
            Self::Snooze => put(
                &mut state.snooze,
                match parse::<Option<SnoozeForm>>(value)? {
                    Some(form) => Some(form.snooze()?),
                    None => None,
                },
            ),
            Self::Resolution => put(
                &mut state.resolution,
                match parse::<Option<ResolutionForm>>(value)? {
                    Some(form) => Some(form.resolution()?),
                    None => None,
                },
            ),
            Self::Forecast => put(
                &mut state.forecast,
                match parse::<Option<(Vec<u64>, i64)>>(value)? {
                    Some((values, made_at)) => Some(Forecast {
                        values,
                        made_at: time(made_at)?,
                    }),
                    None => None,
                },
            ),
            Self::Share => put(
                &mut state.share,
                match parse::<Option<(String, Option<i64>, i64)>>(value)? {
                    Some((id, actor, at)) => Some(Share {
                        id,
                        actor,
                        at: time(at)?,
                    }),
                    None => None,
                },
            ),
            Self::Seen(id) => {
                let seen = times(value)?;
                put(&mut state.people.entry(id).or_default().seen, seen);
            }
            Self::Bookmark(id) => {
                let since = times(value)?;
                put(&mut state.people.entry(id).or_default().bookmark, since);
            }
            Self::Subscription(id) => {
                let known = match parse::<Option<(bool, Option<String>, i64)>>(value)? {
                    Some((active, reason, at)) => Some(Subscription {
                        active,
                        reason: match reason {
                            Some(word) => Some(SubscriptionReason::from_word(&word)?),
                            None => None,
                        },
                        at: time(at)?,
                    }),
                    None => None,
                };
                put(&mut state.people.entry(id).or_default().subscription, known);
            }
            Self::Label(label) => {
                if parse::<bool>(value)? {
                    state.labels.add(Label::read(label).ok()?);
                } else {
                    state.labels.remove(label);
                }
            }
            Self::Note(ident) => {
                let known = match parse::<Option<(String, Option<i64>, i64)>>(value)? {
                    Some((text, actor, at)) => Some(Note {
                        text,
                        actor,
                        at: time(at)?,
                    }),
                    None => None,
                };
                let kept = state.notes.entry(ident.to_owned()).or_default();
                // A note that stands already is not written twice.
                if kept.get() != known.as_ref() {
                    put(kept, known);
                }
            }
            Self::Link(ident) => {
                let known = match parse::<Option<(Option<i64>, i64)>>(value)? {
                    Some((actor, at)) => Some(Link {
                        actor,
                        at: time(at)?,
                    }),
                    None => None,
                };
                let key = LinkKey::from_ident(ident)?;
                put(state.links.entry(key).or_default(), known);
            }
        }
        Some(())
    }
}

fn person(state: &IssueState, id: i64) -> Option<&Personal> {
    state.people.get(&id)
}

fn note<'s>(state: &'s IssueState, ident: &str) -> Option<&'s Note> {
    state.notes.get(ident).and_then(Kept::get)
}

fn link<'s>(state: &'s IssueState, ident: &str) -> Option<&'s Link> {
    let key = LinkKey::from_ident(ident)?;
    state.links.get(&key).and_then(Kept::get)
}

fn put<T>(kept: &mut Kept<T>, value: Option<T>) {
    match value {
        Some(value) => kept.set(value),
        None => drop(kept.clear()),
    }
}

fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

fn time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

fn times(value: &Value) -> Option<Option<DateTime<Utc>>> {
    match parse::<Option<i64>>(value)? {
        Some(micros) => Some(Some(time(micros)?)),
        None => Some(None),
    }
}

fn parse<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[derive(Serialize, Deserialize)]
struct InboxForm {
    reason: i16,
    details: Value,
    since: i64,
}

impl InboxForm {
    fn of(entry: &InboxEntry) -> Self {
        Self {
            reason: entry.reason.number(),
            details: json!(entry.details.as_ref().map(InboxDetails::to_json)),
            since: micros(entry.since),
        }
    }

    fn entry(self) -> Option<InboxEntry> {
        Some(InboxEntry {
            reason: InboxReason::from_number(self.reason)?,
            details: match self.details {
                Value::Null => None,
                details => InboxDetails::from_json(&details),
            },
            since: time(self.since)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct SnoozeForm {
    until: Option<i64>,
    count: Option<i64>,
    window: Option<i64>,
    user_count: Option<i64>,
    user_window: Option<i64>,
    times_seen: Option<i64>,
    users_seen: Option<i64>,
    actor: Option<i64>,
}

impl SnoozeForm {
    fn of(snooze: &Snooze) -> Self {
        Self {
            until: snooze.until.map(micros),
            count: snooze.count,
            window: snooze.window,
            user_count: snooze.user_count,
            user_window: snooze.user_window,
            times_seen: snooze.times_seen,
            users_seen: snooze.users_seen,
            actor: snooze.actor,
        }
    }

    fn snooze(self) -> Option<Snooze> {
        Some(Snooze {
            until: match self.until {
                Some(until) => Some(time(until)?),
                None => None,
            },
            count: self.count,
            window: self.window,
            user_count: self.user_count,
            user_window: self.user_window,
            times_seen: self.times_seen,
            users_seen: self.users_seen,
            actor: self.actor,
        })
    }
}

/// The row alone: when its release was added and what announced it are found by it.
#[derive(Serialize, Deserialize)]
struct ResolutionForm {
    id: String,
    kind: Option<i16>,
    status: i16,
    release: String,
    current: Option<String>,
}

impl ResolutionForm {
    fn of(resolution: &Resolution) -> Self {
        Self {
            id: resolution.id.clone(),
            kind: resolution.kind.map(ResolutionKind::number),
            status: resolution.status.number(),
            release: resolution.release.clone(),
            current: resolution.current_release_version.clone(),
        }
    }

    fn resolution(self) -> Option<Resolution> {
        Some(Resolution {
            id: self.id,
            kind: match self.kind {
                Some(number) => Some(ResolutionKind::from_number(number)?),
                None => None,
            },
            status: ResolutionStatus::from_number(self.status)?,
            release: self.release,
            release_added: DateTime::UNIX_EPOCH,
            current_release_version: self.current,
            announced: None,
        })
    }
}

/// What differs between two states of one issue: as it was, and as it is.
#[must_use]
pub fn images(before: &IssueState, after: &IssueState) -> (Image, Image) {
    let people: BTreeSet<i64> = before
        .people
        .keys()
        .chain(after.people.keys())
        .copied()
        .collect();
    let members = Member::OF_ISSUE
        .into_iter()
        .chain(people.into_iter().flat_map(Member::of_person));
    let labels: BTreeSet<&Label> = before.labels.iter().chain(after.labels.iter()).collect();
    let notes: BTreeSet<&String> = before.notes.keys().chain(after.notes.keys()).collect();
    let links = before.links.keys().chain(after.links.keys());
    let links: BTreeSet<String> = links.map(LinkKey::ident).collect();
    let members = members
        .chain(labels.into_iter().map(|it| Member::Label(it.as_str())))
        .chain(notes.into_iter().map(|it| Member::Note(it)))
        .chain(links.iter().map(|it| Member::Link(it)));
    let (mut was, mut is) = (Image::new(), Image::new());
    for member in members.filter(|member| member.differs(before, after)) {
        was.insert(member.key(), member.read(before));
        is.insert(member.key(), member.read(after));
    }
    (was, is)
}

/// Members of an image that an issue does not show any more.
#[must_use]
pub fn changed_since(state: &IssueState, image: &Image) -> Vec<String> {
    image
        .iter()
        .filter(|(key, value)| {
            Member::from_key(key).is_some_and(|member| member.read(state) != **value)
        })
        .map(|(key, _)| key.clone())
        .collect()
}

/// Puts an issue back to what an image shows. Nothing where the image says something it cannot say; the issue may then
/// be half of what it was and must not be written.
#[must_use]
pub fn put_back(state: &mut IssueState, image: &Image) -> Option<()> {
    for (key, value) in image {
        if let Some(member) = Member::from_key(key) {
            member.write(state, value)?;
        }
    }
    Some(())
}

/// The members an image names a person's rows for.
#[must_use]
pub fn people_in(image: &Image) -> BTreeSet<i64> {
    let person = |key: &String| match Member::from_key(key)? {
        Member::Seen(id) | Member::Bookmark(id) | Member::Subscription(id) => Some(id),
        _ => None,
    };
    image.keys().filter_map(person).collect()
}

/// Whether an image names labels.
#[must_use]
pub fn has_labels(image: &Image) -> bool {
    let is_label = |key: &String| matches!(Member::from_key(key), Some(Member::Label(_)));
    image.keys().any(is_label)
}

/// Whether an image names links.
#[must_use]
pub fn has_links(image: &Image) -> bool {
    let is_link = |key: &String| matches!(Member::from_key(key), Some(Member::Link(_)));
    image.keys().any(is_link)
}

/// The idents of the notes that an image names.
pub fn notes_in(image: &Image) -> impl Iterator<Item = &str> {
    image.keys().filter_map(|key| match Member::from_key(key)? {
        Member::Note(ident) => Some(ident),
        _ => None,
    })
}
