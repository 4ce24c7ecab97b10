//! What of an issue has changed since a change was made, in words for whoever decides whether to take it back all the
//! same.

use super::{Image, Member, link, note, person, put_back};
use crate::model::{
    Assignee, Directory, IssueState, IssueStatus, LinkKey, Priority, Resolution, ResolutionKind,
    Snooze, Substatus,
};
use chrono::{DateTime, Utc};

/// A member of an issue that is no longer as a change left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The member, as images name it.
    pub member: String,
    /// The member in words, such as `status`.
    pub what: String,
    /// What it was before the change, which is what it would be again.
    pub before: String,
    /// What it is now.
    pub now: String,
    /// Another member that is told says the same: a time of resolving changes whenever the status does.
    pub follows: bool,
}

/// How an issue differs from what a change left of it, and what taking the change back would make of that. The most
/// telling members come first.
#[must_use]
pub fn differences(
    state: &IssueState,
    (before, after): (&Image, &Image),
    directory: &Directory,
) -> Vec<Difference> {
    let mut differing: Vec<Member<'_>> = after
        .iter()
        .filter_map(|(key, value)| {
            let member = Member::from_key(key)?;
            (member.read(state) != *value).then_some(member)
        })
        .collect();
    if differing.is_empty() {
        return Vec::new();
    }
    differing.sort_unstable();
    let mut was = state.clone();
    // What cannot be read is not put back either; until then it is told as it is.
    let is_readable = put_back(&mut was, before).is_some();
    let told = |member: Member<'_>, of: &IssueState| {
        if is_readable {
            member.words(of, directory)
        } else {
            "unknown".to_owned()
        }
    };
    differing
        .iter()
        .map(|&member| Difference {
            member: member.key(),
            what: member.name(directory),
            before: told(member, &was),
            now: member.words(state, directory),
            follows: member
                .leader()
                .is_some_and(|leader| differing.contains(&leader)),
        })
        .collect()
}

impl Member<'_> {
    /// The member that changes whenever this one does and says more.
    fn leader(self) -> Option<Self> {
        match self {
            Self::ResolvedAt | Self::Forecast => Some(Self::Stand),
            Self::Locked => Some(Self::Priority),
            _ => None,
        }
    }

    fn name(self, directory: &Directory) -> String {
        let of = |what: &str, id: i64| format!("{what} {}", user(id, directory));
        match self {
            Self::Stand => "status".to_owned(),
            Self::ResolvedAt => "time of resolving".to_owned(),
            Self::Priority => "priority".to_owned(),
            Self::Locked => "priority set by hand".to_owned(),
            Self::Assignee => "assignee".to_owned(),
            Self::Inbox => "review".to_owned(),
            Self::Snooze => "archived until".to_owned(),
            Self::Resolution => "resolved in".to_owned(),
            Self::Forecast => "forecast of events".to_owned(),
            Self::Share => "shared".to_owned(),
            Self::Seen(id) => of("seen by", id),
            Self::Bookmark(id) => of("bookmark of", id),
            Self::Subscription(id) => of("subscription of", id),
            Self::Label(label) => format!("label “{label}”"),
            Self::Note(_) => "note".to_owned(),
            Self::Link(ident) => match LinkKey::from_ident(ident) {
                Some(key) => format!("link to {}", key.target),
                None => "link".to_owned(),
            },
        }
    }

    fn words(self, state: &IssueState, directory: &Directory) -> String {
        let issue = &state.issue;
        match self {
            Self::Stand => stand(issue.status, issue.substatus).to_owned(),
            Self::ResolvedAt => since(issue.resolved_at),
            Self::Priority => issue.priority.map_or("none", Priority::as_str).to_owned(),
            Self::Locked => since(issue.priority_locked_at),
            Self::Assignee => match issue.assignee {
                Some(Assignee::User(id)) => user(id, directory),
                Some(Assignee::Team(id)) => directory
                    .team(id)
                    .map_or_else(|| format!("team:{id}"), |team| format!("#{}", team.slug)),
                None => "nobody".to_owned(),
            },
            Self::Inbox => match state.inbox.get() {
                Some(_) => "waits for it".to_owned(),
                None => "not asked for".to_owned(),
            },
            Self::Snooze => state.snooze.get().map_or_else(none, condition),
            Self::Resolution => state.resolution.get().map_or_else(none, release),
            Self::Forecast => match state.forecast.get() {
                Some(forecast) => format!("made {}", time(forecast.made_at)),
                None => none(),
            },
            Self::Share => yes_or_no(state.share.get().is_some()),
            Self::Seen(id) => {
                let seen = person(state, id).and_then(|personal| personal.seen.get());
                since(seen.copied())
            }
            Self::Bookmark(id) => {
                let mark = person(state, id).and_then(|personal| personal.bookmark.get());
                yes_or_no(mark.is_some())
            }
            Self::Subscription(id) => {
                let known = person(state, id).and_then(|personal| personal.subscription.get());
                yes_or_no(known.is_some_and(|known| known.active))
            }
            Self::Label(label) => yes_or_no(state.labels.contains(label)),
            Self::Note(ident) => yes_or_no(note(state, ident).is_some()),
            Self::Link(ident) => yes_or_no(link(state, ident).is_some()),
        }
    }
}

fn stand(status: IssueStatus, substatus: Option<Substatus>) -> &'static str {
    match (status, substatus) {
        (_, Some(Substatus::New)) => "unresolved, new",
        (_, Some(Substatus::Ongoing)) => "unresolved, ongoing",
        (_, Some(Substatus::Escalating)) => "unresolved, escalating",
        (_, Some(Substatus::Regressed)) => "unresolved, regressed",
        (_, Some(Substatus::UntilEscalating)) => "archived until it escalates",
        (_, Some(Substatus::UntilConditionMet)) => "archived until a condition is met",
        (_, Some(Substatus::Forever)) => "archived forever",
        (IssueStatus::Ignored, None) => "archived",
        (status, None) => status.as_str(),
    }
}

fn user(id: i64, directory: &Directory) -> String {
    let user = directory.user(id);
    user.map_or_else(|| format!("user:{id}"), |user| user.username.clone())
}

fn none() -> String {
    "none".to_owned()
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn since(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "no".to_owned(), time)
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn condition(snooze: &Snooze) -> String {
    let counted = |count: i64, what: &str, window: Option<i64>| match window {
        Some(minutes) => format!("{count} {what} within {minutes} min"),
        None => format!("{count} more {what}"),
    };
    let parts = [
        snooze.until.map(time),
        snooze.count.map(|n| counted(n, "events", snooze.window)),
        snooze
            .user_count
            .map(|n| counted(n, "users", snooze.user_window)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" or ")
}

fn release(resolution: &Resolution) -> String {
    let release = &resolution.release;
    match resolution.kind {
        Some(ResolutionKind::InNextRelease) => format!("the release after {release}"),
        Some(ResolutionKind::InUpcomingRelease) => "the upcoming release".to_owned(),
        Some(ResolutionKind::InRelease) | None => release.clone(),
    }
}
