//! Versions: names, the newest one, and comparisons of semantic ones.

use super::*;
use chrono::TimeDelta;

/// Releases, the newest first: of project 1 with semantic versions, of project 2 without.
fn with_releases() -> Known {
    let releases = [
        release(2, "blue", &["prod"]),
        release(2, "red", &["dev"]),
        release(1, "shop@1.2.0", &["dev"]),
        release(1, "shop@2.0.0-beta", &["dev"]),
        release(1, "shop@1.10.0+77", &["prod"]),
        release(1, "web@1.2.0+8", &["prod", "dev"]),
        release(1, "shop@1.2.0-rc", &[]),
    ];
    let dated = releases
        .into_iter()
        .zip(0..)
        .map(|(release, place)| KnownRelease {
            added: NOW - TimeDelta::days(place),
            ..release
        });
    Known {
        releases: dated.collect(),
        ..known()
    }
}

fn versions(text: &str, known: &Known) -> Vec<String> {
    let tests = match only_with(text, known) {
        Condition::Event(EventTest::Text(TextField::Release, tests)) => tests,
        other => panic!("{text}: {other:?}"),
    };
    let version = |test| match test {
        TextTest::Is(version) => version,
        TextTest::Like(pattern) => panic!("{text}: {pattern:?}"),
    };
    tests.into_iter().map(version).collect()
}

#[test]
fn the_newest_release_is_that_of_each_selected_project() {
    let known = with_releases();
    // By the order of versions where the project has that habit, else by age.
    assert_eq!(
        versions("release:latest", &known),
        ["shop@2.0.0-beta", "blue"]
    );
    assert_eq!(
        versions("release:[latest, x]", &known),
        ["shop@2.0.0-beta", "blue", "x"]
    );
    let one = Known {
        projects: vec![project(2, "till")],
        ..with_releases()
    };
    assert_eq!(versions("release:latest", &one), ["blue"]);
    assert_eq!(
        only_with("first_release:latest", &one),
        issue(IssueTest::FirstRelease(vec![is("blue")]))
    );
    assert_eq!(
        only_with("!regressed_in_release:latest", &one),
        issue(IssueTest::RegressedIn(vec![is("blue")])).negated()
    );
    // A pattern is not the word.
    assert_eq!(
        only_with("release:late*", &one),
        text(TextField::Release, vec![like(&["late", ""])])
    );
}

#[test]
fn the_newest_release_is_one_of_the_selected_environments() {
    let selected = |names: &[&str]| Known {
        environments: Some(names.iter().map(|&name| name.to_owned()).collect()),
        ..with_releases()
    };
    assert_eq!(
        versions("release:latest", &selected(&["prod"])),
        ["shop@1.10.0+77", "blue"]
    );
    assert_eq!(
        versions("release:latest", &selected(&["dev"])),
        ["shop@2.0.0-beta", "red"]
    );
    assert_eq!(
        versions("release:latest", &selected(&["prod", "dev"])),
        ["shop@2.0.0-beta", "blue"]
    );
    // Nothing has this version.
    assert_eq!(versions("release:latest", &selected(&["test"])), [""]);
    assert_eq!(versions("release:latest", &known()), [""]);
}

#[test]
fn versions_compare_by_their_numbers() {
    let known = with_releases();
    for (typed, expected) in [
        // Those closest to the bound come first.
        (
            "release.version:>1.2.0",
            &["shop@1.10.0+77", "shop@2.0.0-beta"] as &[_],
        ),
        (
            "release.version:>=1.2",
            &[
                "shop@1.2.0",
                "web@1.2.0+8",
                "shop@1.10.0+77",
                "shop@2.0.0-beta",
            ],
        ),
        (
            "release.version:<2.0.0-beta",
            &[
                "shop@1.10.0+77",
                "shop@1.2.0",
                "web@1.2.0+8",
                "shop@1.2.0-rc",
            ],
        ),
        ("release.version:<=1.2.0-rc", &["shop@1.2.0-rc"]),
        ("release.version:1.2", &["shop@1.2.0", "web@1.2.0+8"]),
        ("release.version:shop@1.2.0", &["shop@1.2.0"]),
        (
            "release.version:>shop@1.2.0",
            &["shop@1.10.0+77", "shop@2.0.0-beta"],
        ),
        // A negated comparison is the opposite comparison.
        ("!release.version:>1.2.0-rc", &["shop@1.2.0-rc"]),
        (
            "release.version:1.*",
            &[
                "shop@1.2.0",
                "shop@1.10.0+77",
                "web@1.2.0+8",
                "shop@1.2.0-rc",
            ],
        ),
        (
            "release.version:1.2.X",
            &["shop@1.2.0", "web@1.2.0+8", "shop@1.2.0-rc"],
        ),
        ("release.version:3.0", &[]),
    ] {
        assert_eq!(versions(typed, &known), expected, "{typed}");
    }
    let equal = vec![is("shop@1.2.0"), is("web@1.2.0+8")];
    assert_eq!(
        only_with("!release.version:1.2.0", &known),
        text(TextField::Release, equal).negated()
    );
}

#[test]
fn at_most_a_thousand_versions_stand_for_a_comparison() {
    let many = Known {
        releases: (0..1_500)
            .map(|n| release(1, &format!("shop@1.{n}"), &[]))
            .collect(),
        ..known()
    };
    let above = versions("release.version:>1.100", &many);
    assert_eq!(
        (above.len(), &*above[0], &*above[999]),
        (1_000, "shop@1.101", "shop@1.1100")
    );
    let below = versions("release.version:<1.1400", &many);
    assert_eq!(
        (below.len(), &*below[0], &*below[999]),
        (1_000, "shop@1.1399", "shop@1.400")
    );
}

#[test]
fn parts_of_versions_are_looked_up() {
    let known = with_releases();
    for (typed, expected) in [
        ("release.package:web", &["web@1.2.0+8"] as &[_]),
        ("release.package:[web, gone]", &["web@1.2.0+8"]),
        ("release.package:gone", &[]),
        ("release.build:77", &["shop@1.10.0+77"]),
        ("release.build:>8", &["shop@1.10.0+77"]),
        ("release.build:<=8", &["web@1.2.0+8"]),
        ("release.build:7*", &["shop@1.10.0+77"]),
        ("release.stage:beta", &["shop@2.0.0-beta"]),
        ("release.stage:RC", &["shop@1.2.0-rc"]),
        (
            "release.stage:[beta, rc]",
            &["shop@2.0.0-beta", "shop@1.2.0-rc"],
        ),
    ] {
        assert_eq!(versions(typed, &known), expected, "{typed}");
    }
    assert_eq!(
        only_with("!release.package:web", &known),
        text(TextField::Release, vec![is("web@1.2.0+8")]).negated()
    );
    assert_eq!(
        only_with("has:release.version", &known),
        has_text(TextField::Release)
    );
}
