//! What people do to an issue (group-states spec, sections 3 to 5 and 8).

use super::personal;
use super::post_process::make_forecast;
use super::release_order::SemverRelease;
use super::releases::ProjectReleases;
use super::steps::{
    Cause, assign, change_priority, enter_inbox, log, log_change, record, set_status, settle,
    stands, unassign,
};
use super::wording::{change_labels, write_note};
use crate::model::{
    ActivityKind, Assignee, Directory, HistoryKind, InboxReason, IssueState, IssueStatus, Label,
    Link, LinkKey, LinkKind, NoteText, Priority, Resolution, ResolutionKind, ResolutionStatus,
    Snooze, SubscriptionReason, Substatus,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

/// An archived issue younger than this becomes *new* again when it alone is unresolved.
const YOUNG: TimeDelta = TimeDelta::days(7);

/// A change that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssueChange {
    /// Done.
    Resolve,
    /// Done as of a release.
    ResolveInRelease(String),
    /// Done as of the release after the newest one.
    ResolveInNextRelease,
    /// Done as of the release that is being prepared.
    ResolveInUpcomingRelease,
    /// Done by a commit.
    ResolveInCommit {
        /// Where the commit is.
        repository: String,
        /// Its id.
        commit: String,
    },
    /// Archived for good.
    ArchiveForever,
    /// Archived until it is seen more often than forecast.
    ArchiveUntilEscalating,
    /// Archived until one of some conditions is met.
    ArchiveUntil(ArchiveUntil),
    /// Archived for good, with conditions that are kept with it nevertheless.
    ArchiveForeverUntil(ArchiveUntil),
    /// Open again.
    Unresolve,
    /// Open again, in this finer state.
    UnresolveAs(Substatus),
    /// Another priority, which is then kept.
    SetPriority(Priority),
    /// Handed to somebody, or to nobody.
    Assign(Option<Assignee>),
    /// Looked at: out of the inbox.
    MarkReviewed,
    /// Into the inbox.
    AddToInbox,
    /// Looked at by who acts, or not.
    SetSeen(bool),
    /// Bookmarked by who acts, or not.
    SetBookmark(bool),
    /// Heard of by who acts, or not.
    SetSubscribed(bool),
    /// Open to whoever has its link, or not. Either way an old link ends.
    SetPublic(bool),
    /// Labels put on and taken off.
    ChangeLabels {
        /// Those it has afterwards.
        add: Vec<Label>,
        /// Those it does not have afterwards.
        remove: Vec<Label>,
    },
    /// Something written about it by who acts.
    Note(NoteText),
    /// Hidden at once and its fingerprints freed, so that the next occurrence opens a new issue.
    Delete,
}

/// Conditions of an archive. What is nothing or zero is not set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArchiveUntil {
    /// Minutes from now.
    pub minutes: Option<u32>,
    /// Further occurrences.
    pub count: Option<u32>,
    /// Minutes the occurrences have to lie in.
    pub window: Option<u32>,
    /// Further users.
    pub user_count: Option<u32>,
    /// Minutes the users have to be seen in.
    pub user_window: Option<u32>,
}

impl ArchiveUntil {
    /// Whether none of the conditions is set that can bring an issue back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.minutes, self.count, self.user_count]
            .into_iter()
            .all(|value| set(value).is_none())
    }

    /// Whether the users an issue has had by now are recorded with it (group-states spec, section 4.1).
    #[must_use]
    pub fn records_users(&self) -> bool {
        set(self.user_count).is_some() && set(self.user_window).is_none()
    }
}

/// Zero is as good as nothing.
fn set(value: Option<u32>) -> Option<u32> {
    value.filter(|value| *value > 0)
}

/// Why an issue cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not exist any more, or is about to be deleted or merged.
    #[error("the issue is gone, or is being deleted or merged")]
    Gone,
    /// Its project does not have the release.
    #[error("the project has no such release; it appears with the first event that carries it")]
    UnknownRelease,
    /// The one it was to be handed to is no member and no team.
    #[error("there is no such member or team; choose one of those in the settings")]
    UnknownAssignee,
    /// It is about the member who acts, and nobody is named to be that.
    #[error("nobody acts here; name yourself as `people.me` in the settings")]
    NobodyActs,
    /// It would have more than [`Labels::MOST`](crate::model::Labels::MOST) labels.
    #[error(
        "it would have more than {} labels; take some off first",
        crate::model::Labels::MOST
    )]
    TooManyLabels,
    /// Its project has no release at all.
    #[error(
        "the project has no releases yet; resolve it now, or in a release once events carry one"
    )]
    NoReleases,
}

/// What a change needs to know beside the issue.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// When, and who.
    pub cause: Cause,
    /// Who there is.
    pub directory: &'a Directory,
    /// All releases of the issue's project.
    pub releases: ProjectReleases<'a>,
    /// Releases the issue was seen in, with the latest time of each.
    pub seen_in: &'a [(&'a str, DateTime<Utc>)],
    /// Whether the request names this issue only.
    pub alone: bool,
    /// What the links of shared issues and the idents of notes are made of: nothing else has it.
    pub secret: &'a str,
}

/// Carries out a change. True where anything changed.
///
/// # Errors
/// [`Refusal`]; the issue is then as it was.
pub fn change_issue(
    state: &mut IssueState,
    change: &IssueChange,
    around: &Surroundings<'_>,
) -> Result<bool, Refusal> {
    if state.issue.status.is_hidden() {
        return Err(Refusal::Gone);
    }
    let cause = around.cause;
    let before = state.clone();
    match change {
        IssueChange::Resolve => resolve_now(state, around),
        IssueChange::ResolveInRelease(version) => {
            let added = around
                .releases
                .added(version)
                .ok_or(Refusal::UnknownRelease)?;
            let target = Target {
                release: version,
                added,
                kind: ResolutionKind::InRelease,
                current: None,
            };
            resolve_in(state, &target, json!({ "version": version }), around);
        }
        IssueChange::ResolveInUpcomingRelease => {
            let newest = around.releases.newest.first();
            let (release, added) = newest.ok_or(Refusal::NoReleases)?;
            let target = Target {
                release,
                added: *added,
                kind: ResolutionKind::InUpcomingRelease,
                current: None,
            };
            resolve_in(state, &target, json!({ "version": "" }), around);
        }
        IssueChange::ResolveInCommit { repository, commit } => {
            resolve_in_commit(state, repository, commit, around);
        }
        IssueChange::ResolveInNextRelease => resolve_in_next(state, around)?,
        IssueChange::ArchiveForever => {
            archive_until(state, Substatus::Forever, &ArchiveUntil::default(), cause);
        }
        IssueChange::ArchiveForeverUntil(until) => {
            archive_until(state, Substatus::Forever, until, cause);
        }
        IssueChange::ArchiveUntilEscalating => {
            state.snooze.clear();
            archive(
                state,
                Substatus::UntilEscalating,
                &ArchiveUntil::default(),
                cause,
            );
            make_forecast(state, cause.now);
        }
        IssueChange::ArchiveUntil(until) => {
            archive_until(state, Substatus::UntilConditionMet, until, cause);
        }
        IssueChange::Unresolve => unresolve(state, None, around),
        IssueChange::UnresolveAs(substatus) => unresolve(state, Some(*substatus), around),
        IssueChange::SetPriority(priority) => {
            change_priority(state, *priority, None, cause);
            state.issue.priority_locked_at = Some(cause.now);
        }
        IssueChange::Assign(Some(assignee)) => {
            let known = around.directory.assignee(&assignee.to_string());
            if known != Some(*assignee) {
                return Err(Refusal::UnknownAssignee);
            }
            assign(state, *assignee, around.directory, cause);
            subscribe_assignee(state, *assignee, around);
        }
        IssueChange::Assign(None) => {
            unassign(state, cause);
        }
        IssueChange::MarkReviewed => mark_reviewed(state, cause),
        IssueChange::AddToInbox => enter_inbox(state, InboxReason::Manual, None, cause),
        IssueChange::SetSeen(seen) => personal::see(state, *seen, around)?,
        IssueChange::SetBookmark(on) => personal::bookmark(state, *on, cause)?,
        IssueChange::SetSubscribed(on) => personal::set_subscribed(state, *on, cause)?,
        IssueChange::SetPublic(public) => personal::share(state, *public, around),
        IssueChange::ChangeLabels { add, remove } => change_labels(state, add, remove)?,
        IssueChange::Note(text) => write_note(state, text, around),
        IssueChange::Delete => {
            set_status(state, IssueStatus::PendingDeletion, None);
            state.inbox.clear();
            state.gives_up_hashes = true;
        }
    }
    Ok(*state != before)
}

fn resolve_now(state: &mut IssueState, around: &Surroundings<'_>) {
    state.resolution.clear();
    resolved(state, around);
    log_change(state, ActivityKind::SetResolved, json!({}), around.cause);
    assign_to_who_resolved(state, around);
}

/// What every way of resolving by hand does.
fn resolved(state: &mut IssueState, around: &Surroundings<'_>) {
    set_status(state, IssueStatus::Resolved, None);
    state.issue.resolved_at = Some(around.cause.now);
    state.snooze.clear();
    state.inbox.clear();
    if let Some(actor) = around.cause.actor {
        personal::subscribe(state, actor, SubscriptionReason::StatusChange, around.cause);
    }
}

/// The issue of a member who wants that becomes theirs, unless somebody has it.
fn assign_to_who_resolved(state: &mut IssueState, around: &Surroundings<'_>) {
    let actor = around.cause.actor.and_then(|id| around.directory.user(id));
    let Some(actor) = actor.filter(|user| user.is_member && user.assigns_itself) else {
        return;
    };
    if state.issue.assignee.is_none() {
        let assignee = Assignee::User(actor.id);
        assign(state, assignee, around.directory, around.cause);
    }
}

/// Who has an issue hears of it; of a team, its members.
fn subscribe_assignee(state: &mut IssueState, assignee: Assignee, around: &Surroundings<'_>) {
    for member in around.directory.people_of(assignee) {
        personal::subscribe(state, member, SubscriptionReason::Assigned, around.cause);
    }
}

/// A commit stands for itself until it is in a release: one that is named after it.
fn resolve_in_commit(
    state: &mut IssueState,
    repository: &str,
    commit: &str,
    around: &Surroundings<'_>,
) {
    let cause = around.cause;
    resolved(state, around);
    let key = LinkKey {
        kind: LinkKind::Resolves,
        source: repository.to_owned(),
        target: commit.to_owned(),
    };
    let link = state.links.entry(key).or_default();
    // A link that is there already stays as it is.
    if link.get().is_none() {
        link.set(Link {
            actor: cause.actor,
            at: cause.now,
        });
    }
    match around.releases.of_commit(commit) {
        Some((release, added)) => put_resolution(
            state,
            &Target {
                release,
                added,
                kind: ResolutionKind::InRelease,
                current: None,
            },
            cause,
        ),
        None => drop(state.resolution.clear()),
    }
    let data = json!({ "commit": commit, "repository": repository });
    log_change(state, ActivityKind::SetResolvedInCommit, data, cause);
    assign_to_who_resolved(state, around);
}

/// Where a resolution points.
struct Target<'a> {
    release: &'a str,
    added: DateTime<Utc>,
    kind: ResolutionKind,
    current: Option<&'a str>,
}

fn resolve_in(state: &mut IssueState, target: &Target<'_>, data: Value, around: &Surroundings<'_>) {
    resolved(state, around);
    put_resolution(state, target, around.cause);
    let id = state
        .resolution
        .get()
        .map(|resolution| resolution.id.clone());
    log_change(
        state,
        ActivityKind::SetResolvedInRelease,
        data,
        around.cause,
    );
    if let Some(activity) = state.activities.last_mut() {
        activity.ident = id;
    }
    assign_to_who_resolved(state, around);
}

fn put_resolution(state: &mut IssueState, target: &Target<'_>, cause: Cause) {
    let id = match state.resolution.get() {
        Some(resolution) => resolution.id.clone(),
        None => format!(
            "{}-{}",
            state.issue.id.map_or(0, |id| id.0),
            cause.now.timestamp_micros()
        ),
    };
    state.resolution.set(Resolution {
        id,
        kind: Some(target.kind),
        status: match target.kind {
            ResolutionKind::InRelease => ResolutionStatus::Resolved,
            ResolutionKind::InNextRelease | ResolutionKind::InUpcomingRelease => {
                ResolutionStatus::Pending
            }
        },
        release: target.release.to_owned(),
        release_added: target.added,
        current_release_version: target.current.map(str::to_owned),
        announced: None,
    });
}

/// Section 5: the release after the newest one the issue was seen in.
fn resolve_in_next(state: &mut IssueState, around: &Surroundings<'_>) -> Result<(), Refusal> {
    let releases = &around.releases;
    let (base, base_added) = releases.newest.first().ok_or(Refusal::NoReleases)?;
    let pending = |current| Target {
        release: base,
        added: *base_added,
        kind: ResolutionKind::InNextRelease,
        current,
    };
    if releases.use_semver(base) {
        let versions = around.seen_in.iter().map(|(version, _)| *version);
        let current = versions
            .filter_map(|version| Some((SemverRelease::parse(version)?, version)))
            .max()
            .map(|(_, version)| version);
        let (target, data) = match current {
            Some(current) => (
                Target {
                    kind: ResolutionKind::InRelease,
                    ..pending(Some(current))
                },
                json!({ "version": "", "current_release_version": current }),
            ),
            None => (pending(None), json!({ "version": "" })),
        };
        resolve_in(state, &target, data, around);
        return Ok(());
    }
    let latest = around
        .seen_in
        .iter()
        .max_by_key(|(version, last_seen)| (*last_seen, *version));
    let current = latest.map(|(version, _)| *version);
    match current.and_then(|current| Some((current, follower(releases, current)?))) {
        Some((current, (version, added))) => {
            let target = Target {
                release: version,
                added,
                kind: ResolutionKind::InRelease,
                current: Some(current),
            };
            resolve_in(state, &target, json!({ "version": version }), around);
        }
        None => resolve_in(state, &pending(current), json!({ "version": "" }), around),
    }
    Ok(())
}

/// The first release after `current`, by time added; of equal times the order of the list decides.
fn follower<'a>(releases: &ProjectReleases<'a>, current: &str) -> Option<(&'a str, DateTime<Utc>)> {
    let place = releases
        .newest
        .iter()
        .position(|(version, _)| version == current)?;
    let (version, added) = releases.newest.get(place.checked_sub(1)?)?;
    Some((version, *added))
}

/// Archives with the conditions that are set; where none is, an old one ends.
fn archive_until(state: &mut IssueState, substatus: Substatus, until: &ArchiveUntil, cause: Cause) {
    match snooze(state, until, cause) {
        Some(snooze) => state.snooze.set(snooze),
        None => drop(state.snooze.clear()),
    }
    archive(state, substatus, until, cause);
}

fn archive(state: &mut IssueState, substatus: Substatus, until: &ArchiveUntil, cause: Cause) {
    state.resolution.clear();
    state.inbox.clear();
    if stands(state, IssueStatus::Ignored, Some(substatus)) {
        return;
    }
    set_status(state, IssueStatus::Ignored, Some(substatus));
    let end = end_of(until, cause.now).map(|end| end.to_rfc3339_opts(SecondsFormat::Micros, true));
    let data = json!({
        "ignoreCount": set(until.count),
        "ignoreDuration": set(until.minutes),
        "ignoreUntil": end,
        "ignoreUserCount": set(until.user_count),
        "ignoreUserWindow": set(until.user_window),
        "ignoreWindow": set(until.window),
        "ignoreUntilEscalating": (substatus == Substatus::UntilEscalating).then_some(true),
    });
    log_change(state, ActivityKind::SetIgnored, data, cause);
}

fn end_of(until: &ArchiveUntil, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let minutes = set(until.minutes)?;
    now.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))
}

/// The row that remembers the conditions; none where none is set.
fn snooze(state: &IssueState, until: &ArchiveUntil, cause: Cause) -> Option<Snooze> {
    let set = |value| set(value).map(i64::from);
    let (count, user_count) = (set(until.count), set(until.user_count));
    let end = end_of(until, cause.now);
    if end.is_none() && count.is_none() && user_count.is_none() {
        return None;
    }
    let (window, user_window) = (set(until.window), set(until.user_window));
    let users = state
        .sightings
        .as_ref()
        .map_or(0, |sightings| sightings.users.len());
    Some(Snooze {
        until: end,
        count,
        window,
        user_count,
        user_window,
        times_seen: (count.is_some() && window.is_none()).then_some(state.issue.times_seen),
        users_seen: until
            .records_users()
            .then(|| i64::try_from(users).unwrap_or(i64::MAX)),
        actor: cause.actor,
    })
}

fn unresolve(state: &mut IssueState, given: Option<Substatus>, around: &Surroundings<'_>) {
    let cause = around.cause;
    state.resolution.clear();
    state.snooze.clear();
    let is_young = state.issue.first_seen > cause.now - YOUNG;
    let is_new = around.alone && state.issue.status == IssueStatus::Ignored && is_young;
    let usual = if is_new {
        Substatus::New
    } else {
        Substatus::Ongoing
    };
    let substatus = given.unwrap_or(usual);
    if stands(state, IssueStatus::Unresolved, Some(substatus)) {
        return;
    }
    set_status(state, IssueStatus::Unresolved, Some(substatus));
    log_change(state, ActivityKind::SetUnresolved, json!({}), cause);
}

fn mark_reviewed(state: &mut IssueState, cause: Cause) {
    let was_there = state.inbox.clear().is_some();
    if was_there && cause.actor.is_some() {
        log(state, ActivityKind::MarkReviewed, Value::Null, cause);
        record(state, HistoryKind::Reviewed, None, cause);
    }
    let becomes_ongoing = state.issue.status == IssueStatus::Unresolved
        && state.issue.substatus != Some(Substatus::Ongoing);
    if becomes_ongoing {
        settle(state, json!({ "manually": true }), cause);
    }
}
