//! Whether an occurrence brings a resolved issue back (occurrences spec, section 14.1).

use super::release_order::{ReleaseAt, ReleaseFacts, Resolved, coverage};
use super::releases::{ProjectReleases, correct};
use super::steps::{Cause, log, record, set_status};
use super::tasks::quiet_before;
use crate::model::{
    ActivityKind, EventId, HistoryKind, IssueState, IssueStatus, Measures, ProjectRules,
    Resolution, Substatus,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

/// An issue that became active this recently is not reopened.
const REOPEN_AFTER: TimeDelta = TimeDelta::seconds(5);

/// An event that reached an issue.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// The event.
    pub event_id: EventId,
    /// Its time.
    pub time: DateTime<Utc>,
    /// Its release, where the project has it.
    pub release: Option<&'a str>,
}

/// Brings a resolved issue back if the sighting asks for it. Expects the issue with the sighting counted in; true if
/// it changed.
pub fn regress(
    state: &mut IssueState,
    sighting: &Sighting<'_>,
    rules: ProjectRules,
    releases: &ProjectReleases<'_>,
    measures: &mut Measures,
    cause: Cause,
) -> bool {
    if !is_effectively_resolved(state, rules, cause.now) {
        return false;
    }
    let release = sighting
        .release
        .and_then(|version| Some((version, releases.added(version)?)));
    if let Some(resolution) = state.resolution.get()
        && is_covered(resolution, release, releases, measures)
    {
        return false;
    }
    let date = sighting.time.max(state.issue.last_seen);
    if state.issue.active_at >= date - REOPEN_AFTER {
        return false;
    }
    state.issue.active_at = date;
    state.issue.last_seen = date;
    set_status(state, IssueStatus::Unresolved, Some(Substatus::Regressed));

    let mut data = Map::new();
    data.insert("event_id".into(), json!(sighting.event_id.to_string()));
    data.insert(
        "version".into(),
        json!(sighting.release.unwrap_or_default()),
    );
    if let Some(version) = sighting.release
        && let Some(resolution) = state.resolution.clear()
        && let Some(resolved_in) = end_announcement(state, resolution, version)
    {
        data.insert("follows_semver".into(), json!(releases.use_semver(version)));
        data.insert("resolved_in_version".into(), resolved_in);
    }
    log(
        state,
        ActivityKind::SetRegression,
        Value::Object(data),
        cause,
    );
    record(state, HistoryKind::Regressed, sighting.release, cause);
    true
}

/// Resolved, or open in a project where it has been quiet for so long that it counts as resolved (group-states spec,
/// section 2). An archived issue never does here: only a resolved or open one can be brought back.
fn is_effectively_resolved(state: &IssueState, rules: ProjectRules, now: DateTime<Utc>) -> bool {
    match state.issue.status {
        IssueStatus::Resolved => true,
        IssueStatus::Unresolved => {
            quiet_before(rules, now).is_some_and(|limit| state.issue.last_seen < limit)
        }
        _ => false,
    }
}

fn is_covered(
    resolution: &Resolution,
    release: Option<(&str, DateTime<Utc>)>,
    releases: &ProjectReleases<'_>,
    measures: &mut Measures,
) -> bool {
    let current = resolution.current_release_version.as_deref();
    let coverage = coverage(
        &Resolved {
            kind: resolution.kind,
            release: ReleaseAt {
                version: &resolution.release,
                date_added: resolution.release_added,
            },
            current_release_version: current,
        },
        release.map(|(version, date_added)| ReleaseAt {
            version,
            date_added,
        }),
        &ReleaseFacts {
            newest_first: &releases.sample(),
            current_release_added: current.and_then(|version| releases.added(version)),
        },
    );
    if coverage.by_next_release_rule {
        measures.count("groupresolution.has_resolution.in_next_release", &[]);
    }
    coverage.covered
}

/// The activity that announced the resolution says where it ended, if it did not say where it was to end. Answers the
/// version it now names.
fn end_announcement(
    state: &mut IssueState,
    resolution: Resolution,
    version: &str,
) -> Option<Value> {
    let mut announced = resolution.announced?;
    let said = announced.data.get("version").cloned();
    match said {
        Some(named) if named != json!("") => return Some(named),
        Some(_) => announced.data["version"] = json!(version),
        None => announced.data = json!({ "version": version }),
    }
    correct(&mut state.corrected, announced);
    Some(json!(version))
}
