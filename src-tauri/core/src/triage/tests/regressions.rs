//! Whether an occurrence brings a resolved issue back (occurrences spec, section 14.1).

use super::*;
use crate::model::ProjectRules;
use crate::triage::{Sighting, regress};

const NO_RULES: ProjectRules = ProjectRules {
    resolve_age_hours: None,
    feedback_in_inbox: true,
};

/// An event now, counted in.
fn sight(state: &mut IssueState, release: Option<&str>, releases: &Releases) -> (bool, Measures) {
    sight_at(state, now(), release, releases, NO_RULES)
}

fn sight_at(
    state: &mut IssueState,
    time: DateTime<Utc>,
    release: Option<&str>,
    releases: &Releases,
    rules: ProjectRules,
) -> (bool, Measures) {
    let mut measures = Measures::default();
    let last_seen = state.issue.last_seen;
    state.issue.last_seen = last_seen.max(time);
    state.issue.times_seen += 1;
    let sighting = Sighting {
        event_id: event(),
        time,
        release,
    };
    let releases = releases.of_project();
    let before = state.clone();
    let answer = regress(state, &sighting, rules, &releases, &mut measures, system());
    if !answer {
        assert_eq!(*state, before);
    }
    (answer, measures)
}

#[test]
fn only_what_is_resolved_comes_back() {
    let none = Releases::of(&[]);
    for mut state in shown_states() {
        let is_resolved = state.issue.status == IssueStatus::Resolved;
        assert_eq!(sight(&mut state, None, &none).0, is_resolved);
    }
    let mut hidden = standing(IssueStatus::PendingDeletion, None);
    assert!(!sight(&mut hidden, None, &none).0);
}

#[test]
fn what_comes_back_is_regressed() {
    let mut state = in_inbox(resolved(), InboxReason::Manual);
    state.issue.resolved_at = Some(ago(TimeDelta::hours(2)));
    assert!(sight(&mut state, None, &Releases::of(&[])).0);
    let regressed = (IssueStatus::Unresolved, Some(Substatus::Regressed));
    assert_eq!(pair(&state), regressed);
    assert_eq!(
        (state.issue.active_at, state.issue.last_seen),
        (now(), now())
    );
    assert_eq!(state.issue.resolved_at, Some(ago(TimeDelta::hours(2))));
    let data = json!({ "event_id": event_text(), "version": "" });
    assert_eq!(activities(&state), [("SET_REGRESSION", data)]);
    assert_eq!(history(&state), ["regressed"]);
    assert_eq!(
        inbox(&state),
        Some(InboxReason::Manual),
        "that is for later"
    );
}

#[test]
fn five_seconds_after_it_became_active_it_stays() {
    let none = Releases::of(&[]);
    let seen = |after: TimeDelta| {
        let mut state = resolved();
        state.issue.active_at = ago(TimeDelta::minutes(1));
        state.issue.last_seen = state.issue.active_at;
        let time = state.issue.active_at + after;
        sight_at(&mut state, time, None, &none, NO_RULES).0
    };
    assert!(!seen(TimeDelta::seconds(-30)));
    assert!(!seen(TimeDelta::seconds(5)));
    assert!(seen(TimeDelta::seconds(5) + TimeDelta::microseconds(1)));
}

#[test]
fn an_old_event_brings_it_back_as_of_the_last_sighting() {
    let mut state = resolved();
    let last_seen = state.issue.last_seen;
    let time = ago(TimeDelta::days(3));
    assert!(sight_at(&mut state, time, None, &Releases::of(&[]), NO_RULES).0);
    assert_eq!(
        (state.issue.active_at, state.issue.last_seen),
        (last_seen, last_seen)
    );
}

#[test]
fn an_open_issue_that_was_quiet_for_long_counts_as_resolved() {
    let rules = |hours| ProjectRules {
        resolve_age_hours: hours,
        ..NO_RULES
    };
    let none = Releases::of(&[]);
    let seen = |last_seen: DateTime<Utc>, hours, group_type| {
        let mut state = unresolved(Substatus::Ongoing);
        state.issue.group_type = group_type;
        state.issue.last_seen = last_seen;
        let time = last_seen - TimeDelta::days(1);
        sight_at(&mut state, time, None, &none, rules(hours)).0
    };
    let day = TimeDelta::hours(24);
    let beyond = day + TimeDelta::microseconds(1);
    assert!(seen(ago(beyond), Some(24), PLAIN));
    assert!(!seen(ago(day), Some(24), PLAIN));
    assert!(!seen(ago(beyond), None, PLAIN));
    assert!(!seen(ago(beyond), Some(0), PLAIN));
    assert!(seen(ago(beyond), Some(24), NEVER_ESCALATES), "of any type");

    let mut now_seen = unresolved(Substatus::Ongoing);
    now_seen.issue.last_seen = ago(TimeDelta::days(40));
    let (regressed, _) = sight_at(&mut now_seen, now(), None, &none, rules(Some(24)));
    assert!(!regressed, "the event itself ends the silence");
}

fn semver() -> Releases {
    Releases::of(&[("api@3.0.0", 1), ("api@2.0.0", 5), ("api@1.0.0", 9)])
}

#[test]
fn a_resolution_covers_older_releases_and_events_without_one() {
    let seen = |release| {
        let mut state = resolved_in(in_release("api@2.0.0"));
        sight(&mut state, release, &semver()).0
    };
    assert!(!seen(None));
    assert!(!seen(Some("api@1.0.0")));
    assert!(seen(Some("api@2.0.0")));
    assert!(seen(Some("api@3.0.0")));
    assert!(!seen(Some("api@9.0.0")), "the project does not have it");
}

#[test]
fn what_ends_a_resolution_is_told_with_it() {
    let mut state = resolved_in(in_release("api@2.0.0"));
    assert!(sight(&mut state, Some("api@3.0.0"), &semver()).0);
    let data = json!({
        "event_id": event_text(),
        "version": "api@3.0.0",
        "follows_semver": true,
        "resolved_in_version": "api@2.0.0",
    });
    assert_eq!(activities(&state), [("SET_REGRESSION", data)]);
    assert_eq!(state.history[0].release.as_deref(), Some("api@3.0.0"));
    assert_eq!(state.resolution.get(), None);
    assert!(state.corrected.is_empty(), "it said where it would end");
}

#[test]
fn the_announcement_of_a_next_release_learns_which_it_was() {
    let announced = |data: Value| {
        let mut resolution = in_release("r1");
        resolution.kind = Some(ResolutionKind::InNextRelease);
        resolution.status = ResolutionStatus::Pending;
        resolution.announced = Some(StoredActivity { id: 90, data });
        let mut state = resolved_in(resolution);
        let releases = Releases::of(&[("r2", 1), ("r1", 5)]);
        let (regressed, measures) = sight(&mut state, Some("r2"), &releases);
        assert!(regressed);
        let next_release = measures.value("groupresolution.has_resolution.in_next_release");
        assert_eq!(next_release, Some(1));
        let corrected = state
            .corrected
            .first()
            .map(|activity| activity.data.clone());
        (activities(&state)[0].1.clone(), corrected)
    };
    let expected = json!({
        "event_id": event_text(),
        "version": "r2",
        "follows_semver": false,
        "resolved_in_version": "r2",
    });
    let empty = json!({ "version": "", "current_release_version": "r1" });
    let corrected = json!({ "version": "r2", "current_release_version": "r1" });
    assert_eq!(announced(empty), (expected.clone(), Some(corrected)));
    let without = json!({ "note": "lost" });
    assert_eq!(
        announced(without),
        (expected, Some(json!({ "version": "r2" })))
    );
}

#[test]
fn a_resolution_that_nothing_announced_leaves_no_trace() {
    let mut resolution = in_release("api@2.0.0");
    resolution.announced = None;
    let mut state = resolved_in(resolution);
    assert!(sight(&mut state, Some("api@3.0.0"), &semver()).0);
    let data = json!({ "event_id": event_text(), "version": "api@3.0.0" });
    assert_eq!(activities(&state), [("SET_REGRESSION", data)]);
    assert_eq!(state.resolution.get(), None);
}
