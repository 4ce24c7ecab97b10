//! Which releases a resolution covers (occurrences spec, section 14.2).

use super::world::*;
use picket_core::triage::{IssueChange, Refusal};
use picket_tests::scenario::messages::{Message, occurrence};
use serde_json::{Value, json};

const NEXT: &str = "groupresolution.has_resolution.in_next_release";

fn cron(fingerprint: &str) -> Message {
    occurrence(fingerprint).group_type(4001)
}

/// Releases, each added at its time.
async fn releases(desk: &mut Desk, releases: &[(&str, &str)]) {
    for (version, added) in releases {
        desk.send([cron("releases").release(version).at(added)])
            .await;
    }
}

/// An issue that was seen once, long ago, without a release.
async fn seen(desk: &mut Desk, fingerprint: &str) {
    desk.send([cron(fingerprint).at("2026-05-01T00:00:00Z")])
        .await;
}

fn in_release(version: &str) -> IssueChange {
    IssueChange::ResolveInRelease(version.to_owned())
}

/// Whether an event of a release, or of none, is covered.
async fn is_covered(desk: &mut Desk, fingerprint: &str, release: Option<&str>) -> bool {
    let mut message = cron(fingerprint).at("09:59:30");
    if let Some(version) = release {
        message = message.release(version);
    }
    desk.send([message]).await;
    match desk.stand(fingerprint).await {
        RESOLVED => true,
        REGRESSED => false,
        other => panic!("{fingerprint} is {other:?}"),
    }
}

pub async fn of_semantic_versions_older_ones_are_covered(world: &World) {
    let mut desk = world.desk().await;
    // Added in another order than they are numbered.
    releases(
        &mut desk,
        &[
            ("app@3.0.0", "08:00:00"),
            ("app@1.0.0", "08:10:00"),
            ("app@2.0.0", "08:20:00"),
            ("app@2.0.0-rc1", "08:30:00"),
        ],
    )
    .await;
    for (version, covered) in [
        ("app@1.0.0", true),
        ("app@2.0.0-rc1", true),
        ("app@2.0.0", false),
        ("app@3.0.0", false),
    ] {
        seen(&mut desk, version).await;
        desk.change(version, in_release("app@2.0.0")).await;
        assert_eq!(
            is_covered(&mut desk, version, Some(version)).await,
            covered,
            "{version}"
        );
        let state = desk.state(version).await;
        assert_eq!(
            state.resolution.get().is_some(),
            covered,
            "a regression ends it"
        );
        let said = desk.said(version).await;
        let announced = json!({"version": "app@2.0.0"});
        assert_eq!(said[0], ("SET_RESOLVED_IN_RELEASE", announced));
        if !covered {
            let data = &said[1].1;
            assert_eq!(data["version"], version);
            assert_eq!(data["follows_semver"], true);
            assert_eq!(data["resolved_in_version"], "app@2.0.0");
        }
    }
    assert_eq!(desk.counted(NEXT), None);
}

/// An event without a release is assumed to be an old one. The resolution stays.
pub async fn an_event_without_a_release_is_covered(world: &World) {
    let mut desk = world.desk().await;
    releases(&mut desk, &[("app@1.0.0", "08:00:00")]).await;
    seen(&mut desk, "a").await;
    desk.change("a", in_release("app@1.0.0")).await;
    assert!(is_covered(&mut desk, "a", None).await);
    assert!(desk.state("a").await.resolution.get().is_some());
    // A light event adds no release, so it has none.
    desk.send([cron("a").at("09:59:40").release("app@7.0.0").light()])
        .await;
    assert_eq!(desk.stand("a").await, RESOLVED);
    // Resolved at once there is nothing that could cover it.
    desk.change("a", IssueChange::Resolve).await;
    assert!(!is_covered(&mut desk, "a", None).await);
}

/// Where versions have no order, the dates they were added decide.
pub async fn other_versions_are_covered_by_their_date(world: &World) {
    let mut desk = world.desk().await;
    releases(
        &mut desk,
        &[
            ("early", "08:00:00"),
            ("fixed", "08:10:00"),
            ("same time", "08:10:00"),
            ("late", "08:20:00"),
        ],
    )
    .await;
    for (version, covered) in [
        ("early", true),
        ("fixed", false),
        ("same time", true),
        ("late", false),
    ] {
        seen(&mut desk, version).await;
        desk.change(version, in_release("fixed")).await;
        assert_eq!(
            is_covered(&mut desk, version, Some(version)).await,
            covered,
            "{version}"
        );
        if !covered {
            let said = desk.said(version).await;
            assert_eq!(said[1].1["follows_semver"], false);
            assert_eq!(said[1].1["resolved_in_version"], "fixed");
        }
    }
}

/// A project uses semver if its newest releases show it, and only for releases that are semantic themselves.
pub async fn the_newest_releases_tell_whether_versions_have_an_order(world: &World) {
    // By the date `app@1.0.0` is late and not covered; by its number it is.
    let many = |semantic: usize, newest: &str| {
        let mut versions = vec!["app@2.0.0".to_owned()];
        versions.extend((0..9 - semantic).map(|n| format!("plain-{n}")));
        versions.extend((1..semantic).map(|n| format!("app@0.{n}.0")));
        versions.push(newest.to_owned());
        versions
    };
    let names = |list: &[&str]| {
        list.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    for (versions, uses) in [
        (names(&["app@2.0.0", "app@1.0.0"]), true),
        (names(&["app@2.0.0", "plain", "app@1.0.0"]), true),
        (names(&["app@2.0.0", "app@1.0.0", "p1", "p2", "p3"]), false),
        (names(&["app@2.0.0", "app@1.0.0", "p1", "p2"]), true),
        (many(2, "app@1.0.0"), true),
        (many(1, "app@1.0.0"), false),
    ] {
        let mut desk = world.desk().await;
        for (place, version) in versions.iter().enumerate() {
            let added = format!("08:{place:02}:00");
            releases(&mut desk, &[(version, &added)]).await;
        }
        seen(&mut desk, "a").await;
        desk.change("a", in_release("app@2.0.0")).await;
        let covered = is_covered(&mut desk, "a", Some("app@1.0.0")).await;
        assert_eq!(covered, uses, "{versions:?}");
    }
}

/// The packages of versions do not count, and what is no semantic version is compared by its date.
pub async fn versions_are_compared_without_their_package(world: &World) {
    let mut desk = world.desk().await;
    releases(
        &mut desk,
        &[
            ("2.0.0", "08:00:00"),
            ("app@hello", "08:05:00"),
            ("app@2.0", "08:10:00"),
            ("web@1.9.9+build", "08:20:00"),
            ("web@2.0.0.1", "08:30:00"),
            ("app@2beta", "08:40:00"),
        ],
    )
    .await;
    for (version, covered) in [
        ("2.0.0", true),
        ("app@hello", true),
        ("web@1.9.9+build", true),
        ("web@2.0.0.1", false),
        ("app@2beta", true),
    ] {
        seen(&mut desk, version).await;
        desk.change(version, in_release("app@2.0")).await;
        assert_eq!(
            is_covered(&mut desk, version, Some(version)).await,
            covered,
            "{version}"
        );
    }
}

pub async fn only_a_release_that_exists_can_be_chosen(world: &World) {
    let mut desk = world.desk().await;
    seen(&mut desk, "a").await;
    // The project has none at all, and that is the first thing to know.
    for change in [in_release("app@1.0.0"), IssueChange::ResolveInNextRelease] {
        refuses(&mut desk, change, Refusal::NoReleases).await;
    }
    assert_eq!(desk.stand("a").await, NEW);
    assert_eq!(desk.activities("a").await, [""; 0]);
    // That of another project is none.
    desk.send([
        cron("b").project(2).release("app@1.0.0"),
        cron("c").release("app@2.0.0"),
    ])
    .await;
    refuses(&mut desk, in_release("app@1.0.0"), Refusal::UnknownRelease).await;
    assert_eq!(desk.stand("a").await, NEW);
}

async fn refuses(desk: &mut Desk, change: IssueChange, refusal: Refusal) {
    let problem = desk.try_change("a", change).await.unwrap_err();
    assert!(
        problem.to_string().contains(&refusal.to_string()),
        "{problem}"
    );
}

/// Semantic versions: everything up to the greatest release the issue was seen in is covered.
pub async fn in_the_next_release_of_semantic_versions(world: &World) {
    for (version, covered) in [
        ("app@1.9.0", true),
        ("app@2.0.0", true),
        ("app@2.1.0", false),
    ] {
        let mut desk = world.desk().await;
        releases(
            &mut desk,
            &[
                ("app@1.9.0", "08:00:00"),
                ("app@2.1.0", "08:10:00"),
                ("app@2.0.0", "08:20:00"),
            ],
        )
        .await;
        desk.send([
            cron("a").release("app@2.0.0").at("08:20:00"),
            cron("a").release("app@1.9.0").at("08:21:00"),
        ])
        .await;
        desk.change("a", IssueChange::ResolveInNextRelease).await;
        let state = desk.state("a").await;
        let resolution = state.resolution.get().unwrap();
        assert_eq!(resolution.release, "app@2.0.0", "the newest of the project");
        assert_eq!(resolution.kind.unwrap().number(), 0);
        assert_eq!(resolution.status.number(), 1);
        assert_eq!(
            resolution.current_release_version.as_deref(),
            Some("app@2.0.0")
        );
        let said = json!({"version": "", "current_release_version": "app@2.0.0"});
        assert_eq!(desk.said("a").await, [("SET_RESOLVED_IN_RELEASE", said)]);
        assert_eq!(desk.history("a").await, ["resolved_in_release"]);

        assert_eq!(
            is_covered(&mut desk, "a", Some(version)).await,
            covered,
            "{version}"
        );
        if !covered {
            let said = desk.said("a").await;
            let filled = json!({"version": version, "current_release_version": "app@2.0.0"});
            assert_eq!(
                said[0].1, filled,
                "the announcement now says where it ended"
            );
            assert_eq!(said[1].1["resolved_in_version"], version);
        }
    }
}

/// Other versions, with a newer release than the last the issue was seen in: the first of the newer ones has the fix.
pub async fn in_the_next_release_by_date(world: &World) {
    for (version, covered) in [("r1", true), ("r2", true), ("r3", false), ("r4", false)] {
        let mut desk = world.desk().await;
        releases(
            &mut desk,
            &[
                ("r1", "08:00:00"),
                ("r2", "08:10:00"),
                ("r3", "08:20:00"),
                ("r4", "08:30:00"),
            ],
        )
        .await;
        desk.send([
            cron("a").release("r1").at("08:40:00"),
            cron("a").release("r2").at("08:50:00"),
            cron("a").release("r1").at("08:45:00"),
        ])
        .await;
        desk.change("a", IssueChange::ResolveInNextRelease).await;
        let state = desk.state("a").await;
        let resolution = state.resolution.get().unwrap();
        assert_eq!(
            (resolution.release.as_str(), resolution.status.number()),
            ("r3", 1)
        );
        assert_eq!(resolution.current_release_version.as_deref(), Some("r2"));
        let said = json!({"version": "r3"});
        assert_eq!(desk.said("a").await, [("SET_RESOLVED_IN_RELEASE", said)]);
        assert_eq!(
            is_covered(&mut desk, "a", Some(version)).await,
            covered,
            "{version}"
        );
    }
}

/// Seen in the newest release, or in none: the resolution waits for the next one.
pub async fn in_a_next_release_that_is_not_there_yet(world: &World) {
    for current in [Some("r2"), None] {
        let mut desk = world.desk().await;
        releases(&mut desk, &[("r1", "08:00:00"), ("r2", "08:10:00")]).await;
        seen(&mut desk, "a").await;
        if let Some(version) = current {
            desk.send([cron("a").release(version).at("08:40:00")]).await;
        }
        desk.change("a", IssueChange::ResolveInNextRelease).await;
        let state = desk.state("a").await;
        let resolution = state.resolution.get().unwrap();
        assert_eq!(resolution.release, "r2");
        assert_eq!(resolution.kind.unwrap().number(), 1);
        assert_eq!(resolution.status.number(), 0, "pending");
        assert_eq!(resolution.current_release_version.as_deref(), current);
        assert_eq!(desk.said("a").await[0].1, json!({"version": ""}));
        assert!(is_covered(&mut desk, "a", Some("r1")).await);
        assert!(is_covered(&mut desk, "a", Some("r2")).await);
        let counted = desk.counted(NEXT);
        assert_eq!(
            counted,
            current.is_none().then_some(2),
            "the current release decides first"
        );

        // The release comes, and with it the issue is resolved in it.
        releases(&mut desk, &[("r3", "09:00:00")]).await;
        let state = desk.state("a").await;
        let resolution = state.resolution.get().unwrap();
        assert_eq!(
            (
                resolution.release.as_str(),
                resolution.kind.unwrap().number()
            ),
            ("r3", 0)
        );
        assert_eq!(resolution.status.number(), 1);
        assert_eq!(
            resolution.current_release_version.as_deref(),
            current,
            "stays"
        );
        assert_eq!(
            desk.said("a").await,
            [("SET_RESOLVED_IN_RELEASE", json!({"version": "r3"}))]
        );
        releases(&mut desk, &[("r4", "09:10:00")]).await;
        let state = desk.state("a").await;
        assert_eq!(state.resolution.get().unwrap().release, "r3", "once");
        assert!(is_covered(&mut desk, "a", Some("r2")).await);
        assert!(!is_covered(&mut desk, "a", Some("r3")).await);
        let regression = desk.said("a").await.pop().unwrap().1;
        assert_eq!(regression["resolved_in_version"], "r3");
        assert_eq!(regression["follows_semver"], false);
    }
}

/// The very event that brings the release brings the issue back.
pub async fn an_event_of_the_awaited_release_reopens(world: &World) {
    let mut desk = world.desk().await;
    releases(&mut desk, &[("r1", "08:00:00")]).await;
    seen(&mut desk, "a").await;
    desk.change("a", IssueChange::ResolveInNextRelease).await;
    assert!(!is_covered(&mut desk, "a", Some("r2")).await);
    let said = desk.said("a").await;
    assert_eq!(said[0].1, json!({"version": "r2"}));
    assert_eq!(said[1].1["resolved_in_version"], "r2");
}

/// A release that was added before the awaited one's base is not what was waited for.
pub async fn an_older_release_settles_nothing(world: &World) {
    let mut desk = world.desk().await;
    releases(&mut desk, &[("r5", "09:00:00")]).await;
    seen(&mut desk, "a").await;
    desk.change("a", IssueChange::ResolveInNextRelease).await;
    for (version, added) in [("r4", "08:59:59"), ("r5b", "09:00:00")] {
        releases(&mut desk, &[(version, added)]).await;
        let state = desk.state("a").await;
        assert_eq!(state.resolution.get().unwrap().release, "r5", "{version}");
    }
    desk.send([cron("b").project(2).release("r9").at("09:30:00")])
        .await;
    assert_eq!(
        desk.state("a")
            .await
            .resolution
            .get()
            .unwrap()
            .status
            .number(),
        0
    );
    releases(&mut desk, &[("r6", "09:00:01")]).await;
    assert_eq!(
        desk.state("a").await.resolution.get().unwrap().release,
        "r6"
    );
}

/// Resolving anew replaces what was there, and is always noted.
pub async fn a_later_resolution_takes_the_place_of_an_earlier_one(world: &World) {
    let mut desk = world.desk().await;
    releases(
        &mut desk,
        &[("app@1.0.0", "08:00:00"), ("app@2.0.0", "08:10:00")],
    )
    .await;
    seen(&mut desk, "a").await;
    desk.change("a", in_release("app@1.0.0")).await;
    desk.change("a", in_release("app@2.0.0")).await;
    let state = desk.state("a").await;
    assert_eq!(state.resolution.get().unwrap().release, "app@2.0.0");
    desk.change("a", IssueChange::ResolveInNextRelease).await;
    let state = desk.state("a").await;
    assert_eq!(
        state.resolution.get().unwrap().current_release_version,
        None
    );
    desk.change("a", IssueChange::Resolve).await;
    assert!(desk.state("a").await.resolution.get().is_none());
    let said: Vec<(&str, Value)> = desk.said("a").await;
    let names: Vec<_> = said.iter().map(|(name, _)| *name).collect();
    let in_release = "SET_RESOLVED_IN_RELEASE";
    assert_eq!(names, [in_release, in_release, in_release, "SET_RESOLVED"]);
    let resolved = "resolved_in_release";
    assert_eq!(
        desk.history("a").await,
        [resolved, resolved, resolved, "resolved"]
    );
}

/// An activity carries the identity of its resolution, by which the two find each other.
pub async fn a_resolution_and_its_activity_know_each_other(world: &World) {
    let mut desk = world.desk().await;
    releases(&mut desk, &[("app@1.0.0", "08:00:00")]).await;
    seen(&mut desk, "a").await;
    desk.change("a", in_release("app@1.0.0")).await;
    let state = desk.state("a").await;
    let resolution = state.resolution.get().unwrap();
    let journal = desk.journal("a").await;
    assert_eq!(
        journal.activities[0].ident.as_deref(),
        Some(resolution.id.as_str())
    );
    assert_eq!(journal.activities[0].actor, Some(7));
    assert_eq!(
        resolution.announced.as_ref().unwrap().data,
        journal.activities[0].data
    );
}
