//! Resolving in releases, and what happens when one appears (group-states spec, section 3, rows 13 and 14, section 5).

use super::*;
use crate::triage::repoint;

fn resolution(
    state: &IssueState,
) -> (&str, Option<ResolutionKind>, ResolutionStatus, Option<&str>) {
    let resolution = state.resolution.get().expect("a resolution");
    (
        resolution.release.as_str(),
        resolution.kind,
        resolution.status,
        resolution.current_release_version.as_deref(),
    )
}

fn in_next(releases: &Releases, seen_in: &[(&str, DateTime<Utc>)]) -> IssueState {
    let mut state = unresolved(Substatus::Ongoing);
    let change = IssueChange::ResolveInNextRelease;
    assert_eq!(ask_among(&mut state, &change, releases, seen_in), Ok(true));
    assert_eq!(pair(&state), (IssueStatus::Resolved, None));
    assert_eq!(history(&state), ["resolved_in_release"]);
    let ident = state.activities[0].ident.as_deref();
    assert_eq!(ident, state.resolution.get().map(|row| row.id.as_str()));
    state
}

const IN_RELEASE: Option<ResolutionKind> = Some(ResolutionKind::InRelease);
const IN_NEXT: Option<ResolutionKind> = Some(ResolutionKind::InNextRelease);

#[test]
fn resolving_in_a_release_names_it() {
    for state in shown_states() {
        let mut state = snoozed(in_inbox(state, InboxReason::New), Snooze::default());
        let releases = Releases::of(&[("api@2.0.0", 1), ("api@1.0.0", 9)]);
        let change = IssueChange::ResolveInRelease("api@1.0.0".to_owned());
        assert_eq!(ask_among(&mut state, &change, &releases, &[]), Ok(true));
        assert_eq!(pair(&state), (IssueStatus::Resolved, None));
        let data = json!({ "version": "api@1.0.0" });
        assert_eq!(activities(&state), [("SET_RESOLVED_IN_RELEASE", data)]);
        assert_eq!(history(&state), ["resolved_in_release"]);
        let expected = ("api@1.0.0", IN_RELEASE, ResolutionStatus::Resolved, None);
        assert_eq!(resolution(&state), expected);
        let row = state.resolution.get().unwrap();
        assert_eq!(row.release_added, ago(TimeDelta::days(9)));
        assert_eq!(state.activities[0].ident.as_ref(), Some(&row.id));
        assert_eq!((inbox(&state), state.snooze.get()), (None, None));
        assert_eq!(state.issue.resolved_at, Some(now()));
    }
}

#[test]
fn resolving_again_replaces_the_resolution_under_its_name() {
    let mut state = resolved_in(Resolution {
        kind: IN_NEXT,
        current_release_version: Some("api@0.9.0".to_owned()),
        ..in_release("api@1.0.0")
    });
    let releases = Releases::of(&[("api@2.0.0", 1)]);
    let change = IssueChange::ResolveInRelease("api@2.0.0".to_owned());
    assert_eq!(ask_among(&mut state, &change, &releases, &[]), Ok(true));
    let expected = ("api@2.0.0", IN_RELEASE, ResolutionStatus::Resolved, None);
    assert_eq!(resolution(&state), expected);
    assert_eq!(state.activities[0].ident.as_deref(), Some("r-1"), "G8");
}

#[test]
fn there_has_to_be_a_release() {
    let refused = |change, releases: &Releases| {
        let mut state = in_inbox(unresolved(Substatus::New), InboxReason::New);
        let before = state.clone();
        let refusal = ask_among(&mut state, &change, releases, &[]);
        assert_eq!(state, before);
        refusal.unwrap_err()
    };
    let none = Releases::of(&[]);
    assert_eq!(
        refused(IssueChange::ResolveInNextRelease, &none),
        Refusal::NoReleases
    );
    let some = Releases::of(&[("api@1.0.0", 3)]);
    let change = IssueChange::ResolveInRelease("api@2.0.0".to_owned());
    assert_eq!(refused(change, &some), Refusal::UnknownRelease);
}

#[test]
fn in_a_semver_project_everything_up_to_the_greatest_release_seen_is_covered() {
    let releases = Releases::of(&[("api@1.9.0", 1), ("api@2.0.0", 2), ("api@1.10.0", 3)]);
    let seen_in = [
        ("api@1.9.0", ago(TimeDelta::hours(1))),
        ("api@1.10.0", ago(TimeDelta::days(2))),
        ("nightly", now()),
    ];
    let state = in_next(&releases, &seen_in);
    let resolved = ResolutionStatus::Resolved;
    let expected = ("api@1.9.0", IN_RELEASE, resolved, Some("api@1.10.0"));
    assert_eq!(resolution(&state), expected);
    let data = json!({ "version": "", "current_release_version": "api@1.10.0" });
    assert_eq!(activities(&state), [("SET_RESOLVED_IN_RELEASE", data)]);
}

#[test]
fn in_any_other_project_the_release_after_the_latest_seen_counts() {
    let releases = Releases::of(&[("r4", 1), ("r3", 2), ("r2", 3), ("r1", 4)]);
    let seen_in = [
        ("r1", ago(TimeDelta::days(3))),
        ("r2", ago(TimeDelta::hours(2))),
        ("r4", ago(TimeDelta::hours(3))),
    ];
    let state = in_next(&releases, &seen_in);
    let expected = ("r3", IN_RELEASE, ResolutionStatus::Resolved, Some("r2"));
    assert_eq!(resolution(&state), expected);
    let data = json!({ "version": "r3" });
    assert_eq!(activities(&state), [("SET_RESOLVED_IN_RELEASE", data)]);
    assert_eq!(
        state.resolution.get().unwrap().release_added,
        ago(TimeDelta::days(2))
    );
}

#[test]
fn of_releases_added_together_the_order_of_the_list_decides() {
    let releases = Releases::of(&[("r3", 1), ("r2", 1), ("r1", 1)]);
    let state = in_next(&releases, &[("r1", now())]);
    assert_eq!(resolution(&state).0, "r2");
}

#[test]
fn where_no_release_follows_the_next_one_is_waited_for() {
    let releases = Releases::of(&[("r2", 1), ("r1", 2)]);
    let waiting = ("SET_RESOLVED_IN_RELEASE", json!({ "version": "" }));
    let state = in_next(&releases, &[("r2", now()), ("r1", ago(TimeDelta::days(1)))]);
    let expected = ("r2", IN_NEXT, ResolutionStatus::Pending, Some("r2"));
    assert_eq!(resolution(&state), expected);
    assert_eq!(activities(&state), std::slice::from_ref(&waiting));

    let unseen = in_next(&releases, &[]);
    let expected = ("r2", IN_NEXT, ResolutionStatus::Pending, None);
    assert_eq!(resolution(&unseen), expected);
    assert_eq!(activities(&unseen), std::slice::from_ref(&waiting));

    let semver = Releases::of(&[("api@2.0.0", 1)]);
    let unseen = in_next(&semver, &[("nightly", now())]);
    let expected = ("api@2.0.0", IN_NEXT, ResolutionStatus::Pending, None);
    assert_eq!(resolution(&unseen), expected);
    assert_eq!(activities(&unseen), [waiting]);
}

/// Resolved in the release after one that is five days old.
fn waiting(kind: Option<ResolutionKind>) -> IssueState {
    let mut resolution = in_release("r1");
    resolution.kind = kind;
    resolution.status = ResolutionStatus::Pending;
    resolution.current_release_version = Some("r0".to_owned());
    resolution.announced = Some(StoredActivity {
        id: 90,
        data: json!({ "version": "", "note": "kept by nobody" }),
    });
    resolved_in(resolution)
}

#[test]
fn a_release_that_appears_settles_what_waits_for_it() {
    let upcoming = Some(ResolutionKind::InUpcomingRelease);
    for kind in [None, IN_NEXT, upcoming] {
        let mut state = waiting(kind);
        assert!(repoint(&mut state, "r2", ago(TimeDelta::days(4))));
        let expected = ("r2", IN_RELEASE, ResolutionStatus::Resolved, Some("r0"));
        assert_eq!(resolution(&state), expected);
        let corrected = StoredActivity {
            id: 90,
            data: json!({ "version": "r2" }),
        };
        assert_eq!(state.corrected, std::slice::from_ref(&corrected));
        assert_eq!(state.resolution.get().unwrap().announced, Some(corrected));
        assert_eq!(pair(&state), (IssueStatus::Resolved, None));
        assert!(state.activities.is_empty() && state.history.is_empty());
        assert!(!repoint(&mut state, "r3", now()), "once is enough");
    }
}

#[test]
fn a_release_settles_nothing_that_does_not_wait_for_it() {
    let mut settled = waiting(IN_NEXT);
    let mut row = settled.resolution.get().cloned().unwrap();
    row.status = ResolutionStatus::Resolved;
    settled.resolution = Kept::loaded(Some(row));
    for mut state in [waiting(IN_RELEASE), settled, resolved()] {
        let before = state.clone();
        assert!(!repoint(&mut state, "r2", now()));
        assert_eq!(state, before);
    }
    for days in [5, 6] {
        let mut state = waiting(IN_NEXT);
        let added = ago(TimeDelta::days(days));
        assert!(!repoint(&mut state, "older", added), "{days} days old");
    }
}

#[test]
fn a_resolution_that_nothing_announced_is_settled_all_the_same() {
    let mut state = waiting(IN_NEXT);
    let mut row = state.resolution.get().cloned().unwrap();
    row.announced = None;
    state.resolution = Kept::loaded(Some(row));
    assert!(repoint(&mut state, "r2", now()));
    assert!(state.corrected.is_empty());
}
