//! What people do to an issue (group-states spec, sections 3 to 5 and 8).

use super::post_process::make_forecast;
use super::release_order::SemverRelease;
use super::releases::ProjectReleases;
use super::steps::{
    Cause, assign, change_priority, enter_inbox, log, log_change, record, set_status, settle,
    stands, unassign,
};
use crate::model::{
    ActivityKind, Assignee, Directory, HistoryKind, InboxReason, IssueState, IssueStatus, Priority,
    Resolution, ResolutionKind, ResolutionStatus, Snooze, Substatus,
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
    /// Archived for good.
    ArchiveForever,
    /// Archived until it is seen more often than forecast.
    ArchiveUntilEscalating,
    /// Archived until one of some conditions is met.
    ArchiveUntil(ArchiveUntil),
    /// Open again.
    Unresolve,
    /// Another priority, which is then kept.
    SetPriority(Priority),
    /// Handed to somebody, or to nobody.
    Assign(Option<Assignee>),
    /// Looked at: out of the inbox.
    MarkReviewed,
    /// Into the inbox.
    AddToInbox,
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
    /// The issues of the request are of several projects, and a release is of one.
    #[error("a release belongs to one project; choose issues of one project at a time")]
    SeveralProjects,
    /// The one it was to be handed to is no member and no team.
    #[error("there is no such member or team; choose one of those in the settings")]
    UnknownAssignee,
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
        IssueChange::Resolve => resolve_now(state, cause),
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
            resolve_in(state, &target, json!({ "version": version }), cause);
        }
        IssueChange::ResolveInNextRelease => resolve_in_next(state, around)?,
        IssueChange::ArchiveForever => {
            state.snooze.clear();
            archive(state, Substatus::Forever, &ArchiveUntil::default(), cause);
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
            match snooze(state, until, cause) {
                Some(snooze) => state.snooze.set(snooze),
                None => drop(state.snooze.clear()),
            }
            archive(state, Substatus::UntilConditionMet, until, cause);
        }
        IssueChange::Unresolve => unresolve(state, around.alone, cause),
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
        }
        IssueChange::Assign(None) => {
            unassign(state, cause);
        }
        IssueChange::MarkReviewed => mark_reviewed(state, cause),
        IssueChange::AddToInbox => enter_inbox(state, InboxReason::Manual, None, cause),
        IssueChange::Delete => {
            set_status(state, IssueStatus::PendingDeletion, None);
            state.inbox.clear();
            state.gives_up_hashes = true;
        }
    }
    Ok(*state != before)
}

fn resolve_now(state: &mut IssueState, cause: Cause) {
    state.resolution.clear();
    resolved(state, cause);
    log_change(state, ActivityKind::SetResolved, json!({}), cause);
}

/// What every way of resolving by hand does.
fn resolved(state: &mut IssueState, cause: Cause) {
    set_status(state, IssueStatus::Resolved, None);
    state.issue.resolved_at = Some(cause.now);
    state.snooze.clear();
    state.inbox.clear();
}

/// Where a resolution points.
struct Target<'a> {
    release: &'a str,
    added: DateTime<Utc>,
    kind: ResolutionKind,
    current: Option<&'a str>,
}

fn resolve_in(state: &mut IssueState, target: &Target<'_>, data: Value, cause: Cause) {
    resolved(state, cause);
    let id = match state.resolution.get() {
        Some(resolution) => resolution.id.clone(),
        None => format!(
            "{}-{}",
            state.issue.id.map_or(0, |id| id.0),
            cause.now.timestamp_micros()
        ),
    };
    state.resolution.set(Resolution {
        id: id.clone(),
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
    log_change(state, ActivityKind::SetResolvedInRelease, data, cause);
    if let Some(activity) = state.activities.last_mut() {
        activity.ident = Some(id);
    }
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
        resolve_in(state, &target, data, around.cause);
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
            resolve_in(state, &target, json!({ "version": version }), around.cause);
        }
        None => resolve_in(
            state,
            &pending(current),
            json!({ "version": "" }),
            around.cause,
        ),
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

fn unresolve(state: &mut IssueState, alone: bool, cause: Cause) {
    state.resolution.clear();
    state.snooze.clear();
    let is_young = state.issue.first_seen > cause.now - YOUNG;
    let substatus = if alone && state.issue.status == IssueStatus::Ignored && is_young {
        Substatus::New
    } else {
        Substatus::Ongoing
    };
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
