//! The rules of issue states, and the issues they are tried on.

mod actions;
mod archives;
mod differences;
mod forecasts;
mod occurrences;
mod priorities;
mod regressions;
mod releases;
mod sequences;
mod snoozes;
mod status_changes;
mod tasks;
mod velocity;

use super::{Cause, IssueChange, ProjectReleases, Reached, Refusal, Surroundings, change_issue};
use crate::model::{
    Directory, EventId, Forecast, HistoryKind, InboxEntry, InboxReason, Issue, IssueId, IssueState,
    IssueStatus, Kept, Level, Measures, Priority, ProjectId, Resolution, ResolutionKind,
    ResolutionStatus, Sightings, Snooze, StoredActivity, Substatus, Team, User,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A type with everything on.
const PLAIN: u16 = 2007;
/// A type without detection of escalation and without resolving by age.
const NEVER_ESCALATES: u16 = 1018;

fn now() -> DateTime<Utc> {
    "2026-03-04T12:30:00Z".parse().unwrap()
}

fn ago(span: TimeDelta) -> DateTime<Utc> {
    now() - span
}

fn system() -> Cause {
    Cause::system(now())
}

fn person() -> Cause {
    Cause {
        now: now(),
        actor: Some(3),
    }
}

/// Seen 40 times, for the first time a month ago and lately an hour ago; opened with a low priority.
fn issue() -> Issue {
    let data = json!({
        "type": "generic",
        "title": "Disk is full",
        "metadata": { "title": "Disk is full", "initial_priority": 25 },
    });
    Issue {
        id: Some(IssueId(7)),
        project_id: ProjectId(1),
        group_type: PLAIN,
        status: IssueStatus::Unresolved,
        substatus: Some(Substatus::Ongoing),
        priority: Some(Priority::Low),
        priority_locked_at: None,
        assignee: None,
        level: Level::Error,
        platform: "go".to_owned(),
        message: "Disk is full".to_owned(),
        culprit: String::new(),
        first_seen: ago(TimeDelta::days(30)),
        last_seen: ago(TimeDelta::hours(1)),
        active_at: ago(TimeDelta::days(30)),
        resolved_at: None,
        times_seen: 40,
        first_release: None,
        data: match data {
            Value::Object(data) => data,
            _ => Map::new(),
        },
    }
}

fn standing(status: IssueStatus, substatus: Option<Substatus>) -> IssueState {
    IssueState::new(Issue {
        status,
        substatus,
        ..issue()
    })
}

fn unresolved(substatus: Substatus) -> IssueState {
    standing(IssueStatus::Unresolved, Some(substatus))
}

fn resolved() -> IssueState {
    standing(IssueStatus::Resolved, None)
}

fn archived(substatus: Substatus) -> IssueState {
    standing(IssueStatus::Ignored, Some(substatus))
}

/// Every state an issue can be in that is shown.
fn shown_states() -> Vec<IssueState> {
    use Substatus::{
        Escalating, Forever, New, Ongoing, Regressed, UntilConditionMet, UntilEscalating,
    };
    let open = [New, Ongoing, Escalating, Regressed].map(unresolved);
    let away = [UntilEscalating, UntilConditionMet, Forever].map(archived);
    let others = [resolved(), standing(IssueStatus::Ignored, None)];
    open.into_iter().chain(away).chain(others).collect()
}

/// In the inbox since yesterday.
fn in_inbox(mut state: IssueState, reason: InboxReason) -> IssueState {
    state.inbox = Kept::loaded(Some(InboxEntry {
        reason,
        details: None,
        since: ago(TimeDelta::days(1)),
    }));
    state
}

fn snoozed(mut state: IssueState, snooze: Snooze) -> IssueState {
    state.snooze = Kept::loaded(Some(snooze));
    state.sightings = Some(Sightings::default());
    state
}

fn in_release(version: &str) -> Resolution {
    Resolution {
        id: "r-1".to_owned(),
        kind: Some(ResolutionKind::InRelease),
        status: ResolutionStatus::Resolved,
        release: version.to_owned(),
        release_added: ago(TimeDelta::days(5)),
        current_release_version: None,
        announced: Some(StoredActivity {
            id: 90,
            data: json!({ "version": version }),
        }),
    }
}

fn resolved_in(resolution: Resolution) -> IssueState {
    let mut state = resolved();
    state.resolution = Kept::loaded(Some(resolution));
    state
}

fn forecast_of(limit: u64, age: TimeDelta) -> Kept<Forecast> {
    Kept::loaded(Some(Forecast {
        values: vec![limit; 14],
        made_at: ago(age),
    }))
}

fn pair(state: &IssueState) -> (IssueStatus, Option<Substatus>) {
    (state.issue.status, state.issue.substatus)
}

/// What happened, with its particulars.
fn activities(state: &IssueState) -> Vec<(&'static str, Value)> {
    let activities = state.activities.iter();
    activities
        .map(|activity| (activity.kind.as_str(), activity.data.clone()))
        .collect()
}

fn history(state: &IssueState) -> Vec<&'static str> {
    let lines = state.history.iter();
    lines.map(|line| HistoryKind::as_str(line.kind)).collect()
}

fn inbox(state: &IssueState) -> Option<InboxReason> {
    state.inbox.get().map(|entry| entry.reason)
}

/// An event a minute ago.
fn reached() -> Reached<'static> {
    Reached {
        event_id: event(),
        time: ago(TimeDelta::minutes(1)),
        user: None,
        is_new: false,
        is_regression: false,
    }
}

fn event() -> EventId {
    EventId(uuid::Uuid::from_u128(0xe0))
}

fn event_text() -> String {
    event().to_string()
}

/// One more occurrence, as the pipeline takes it in.
fn occur(state: &mut IssueState, reached: &Reached<'_>) -> Measures {
    let mut measures = Measures::default();
    state.issue.times_seen += i64::from(!reached.is_new);
    super::count_sighting(state, reached, now());
    super::post_process(state, reached, None, &mut measures, system());
    measures
}

/// Releases of project 1, as the store loads them: newest first, each with its age in days.
struct Releases {
    newest: Vec<(String, DateTime<Utc>)>,
    added: HashMap<(ProjectId, String), DateTime<Utc>>,
}

impl Releases {
    fn of(versions: &[(&str, i64)]) -> Self {
        let newest: Vec<_> = versions
            .iter()
            .map(|(version, days)| ((*version).to_owned(), ago(TimeDelta::days(*days))))
            .collect();
        let added = newest.iter().cloned();
        Self {
            added: added
                .map(|(version, added)| ((ProjectId(1), version), added))
                .collect(),
            newest,
        }
    }

    fn of_project(&self) -> ProjectReleases<'_> {
        ProjectReleases {
            project: ProjectId(1),
            newest: &self.newest,
            added: &self.added,
        }
    }
}

fn directory() -> Directory {
    let user = |id, username: &str, is_member| User {
        id,
        username: username.to_owned(),
        email: Some(format!("{username}@example.org")),
        is_member,
        ..User::default()
    };
    Directory {
        users: vec![user(3, "rosa", true), user(4, "guest", false)],
        teams: vec![Team {
            id: 9,
            slug: "storage".to_owned(),
            ..Team::default()
        }],
    }
}

/// Person 3 asks for a change of this issue alone, in a project without releases.
fn ask(state: &mut IssueState, change: &IssueChange) -> Result<bool, Refusal> {
    ask_among(state, change, &Releases::of(&[]), &[])
}

fn ask_among(
    state: &mut IssueState,
    change: &IssueChange,
    releases: &Releases,
    seen_in: &[(&str, DateTime<Utc>)],
) -> Result<bool, Refusal> {
    let around = Surroundings {
        cause: person(),
        directory: &directory(),
        releases: releases.of_project(),
        seen_in,
        alone: true,
        secret: "s",
    };
    change_issue(state, change, &around)
}
