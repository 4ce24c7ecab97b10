//! Which versions are semantic, how they are ordered, and which releases a resolution covers.

use super::{Coverage, ReleaseAt, ReleaseFacts, Resolved, SemverRelease, coverage, uses_semver};
use crate::model::ResolutionKind;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use std::cmp::Ordering;

fn covers(
    resolution: &Resolved<'_>,
    event: Option<ReleaseAt<'_>>,
    facts: &ReleaseFacts<'_>,
) -> bool {
    coverage(resolution, event, facts).covered
}

fn release(version: &str) -> SemverRelease {
    SemverRelease::parse(version).unwrap_or_else(|| panic!("{version} is semantic"))
}

fn is_semver(version: &str) -> bool {
    SemverRelease::parse(version).is_some()
}

#[test]
fn these_are_semantic() {
    for version in [
        "shop@4",
        "shop@4.2",
        "shop@4.2.0",
        "shop@4.2.0.17",
        "shop@04.002.0",
        "shop@4.2.0-rc.1",
        "shop@4.2.0-rc-1.x-7.0",
        "shop@4.2.0--1",
        "shop@4rc1",
        "shop@4.2beta",
        "shop@4.2Beta.3",
        "shop@4.2.0.17alpha-2+linux.907",
        "shop@4.2.0+007",
        "shop@4.2.0+a86d127c4b2f",
        "org.example.shop@4.2",
        "the shop@4.2",
        "@example/shop@4.2",
        "shop@9223372036854775807.0",
        "shop@000000000000000000000000000001",
        "shop@202408120930",
    ] {
        assert!(is_semver(version), "{version}");
    }
}

#[test]
fn these_are_not_semantic() {
    for version in [
        "",
        "@",
        "4.2.0",
        "shop",
        "shop@",
        "@4.2.0",
        "@@4.2.0",
        "@shop",
        "shop@hello",
        "shop@v4.2",
        "shop@web@4.2",
        "shop@ 4.2",
        "shop@4.2 ",
        "shop@4.",
        "shop@.2",
        "shop@4..2",
        "shop@4.x",
        "shop@4.2.0.17.5",
        "shop@-4",
        "shop@+4",
        "shop@4.+2",
        "shop@4.2.-rc",
        "shop@4.2.0-",
        "shop@4.2.0-rc.",
        "shop@4.2.0-.rc",
        "shop@4.2.0-rc..1",
        "shop@4.2.0-01",
        "shop@4.2.0-rc.00",
        "shop@4.2.0-rc_1",
        "shop@4.2.0_1",
        "shop@4.2.0-é",
        "shop@4.2.0é",
        "shop@٤.2",
        "shop@4.2.0+",
        "shop@4.2.0+a+b",
        "shop@4.2.0+a..b",
        "shop@4.2.0-rc+",
        "shop@9223372036854775808",
        "shop@4.2.0.9223372036854775808",
        "shop@99999999999999999999999",
    ] {
        assert!(!is_semver(version), "{version}");
    }
}

#[test]
fn releases_ascend() {
    let ascending = [
        "a@0",
        "a@0.0.0.1",
        "a@0.0.1-0",
        "a@0.0.1-0.0",
        "a@0.0.1-9",
        "a@0.0.1-10",
        "a@0.0.1-99999999999999999999",
        "a@0.0.1-100000000000000000000",
        "a@0.0.1--",
        "a@0.0.1-RC",
        "a@0.0.1-alpha",
        "a@0.0.1-alpha.2",
        "a@0.0.1-alpha.10",
        "a@0.0.1-alpha.10.0",
        "a@0.0.1-alpha.beta",
        "a@0.0.1-alpha2",
        "a@0.0.1-beta",
        "a@0.0.1",
        "a@0.0.1.1-z",
        "a@0.0.1.1",
        "a@0.0.2",
        "a@0.0.10",
        "a@0.1",
        "a@1rc1",
        "a@1",
        "a@9223372036854775807",
    ];
    for (index, lower) in ascending.into_iter().enumerate() {
        assert_eq!(release(lower).cmp(&release(lower)), Ordering::Equal);
        for higher in &ascending[index + 1..] {
            assert!(release(lower) < release(higher), "{lower} < {higher}");
            assert!(release(higher) > release(lower), "{higher} > {lower}");
        }
    }
}

#[test]
fn package_build_and_way_of_writing_do_not_count() {
    for (one, other) in [
        ("shop@2.1", "web@2.1.0.0"),
        ("shop@2.1+907", "shop@2.1+100"),
        ("shop@2.1", "shop@2.1+907"),
        ("shop@2.1rc.1", "@example/web@2.1.0-rc.1"),
        ("shop@2024.08.01", "shop@2024.8.1"),
    ] {
        assert_eq!(release(one), release(other));
    }
}

fn any_numbers() -> impl Strategy<Value = Vec<u64>> {
    // Small numbers, so that equal ones meet; and the largest.
    let number = prop_oneof![9 => 0..3_u64, 1 => Just(i64::MAX.unsigned_abs())];
    proptest::collection::vec(number, 1..=4)
}

fn any_pre_release() -> impl Strategy<Value = String> {
    proptest::collection::vec("0|[1-9][0-9]{0,2}|[0-9]?[a-c-][0-9a-c-]?", 1..4)
        .prop_map(|identifiers| identifiers.join("."))
}

fn written(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(".")
}

fn filled(numbers: &[u64]) -> [u64; 4] {
    let mut filled = [0; 4];
    filled[..numbers.len()].copy_from_slice(numbers);
    filled
}

/// The precedence of two pre-releases of short numbers, told in steps instead of by the order of types.
fn precedence(one: &str, other: &str) -> Ordering {
    let mut others = other.split('.');
    for identifier in one.split('.') {
        let Some(other) = others.next() else {
            return Ordering::Greater;
        };
        let order = match (identifier.parse::<u64>(), other.parse::<u64>()) {
            (Ok(number), Ok(other)) => number.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => identifier.as_bytes().cmp(other.as_bytes()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    match others.next() {
        Some(_) => Ordering::Less,
        None => Ordering::Equal,
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,12}@?[0-9.]{0,8}[a-z.+-]{0,6}\\PC{0,4}") {
        // Whatever is read can be written behind another package and with another build.
        if let Some(read) = SemverRelease::parse(&text) {
            let version = text.rsplit('@').next().expect("a last part");
            let version = version.split('+').next().expect("a first part");
            prop_assert_eq!(SemverRelease::parse(&format!("p@{version}+b")), Some(read));
        }
    }

    #[test]
    fn numbers_decide_first(
        one in any_numbers(),
        other in any_numbers(),
        one_stage in proptest::option::of(any_pre_release()),
        other_stage in proptest::option::of(any_pre_release()),
    ) {
        let text = |numbers: &[u64], stage: &Option<String>| match stage {
            Some(stage) => format!("a@{}-{stage}", written(numbers)),
            None => format!("a@{}", written(numbers)),
        };
        let stages = match (&one_stage, &other_stage) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => precedence(one, other),
        };
        let expected = filled(&one).cmp(&filled(&other)).then(stages);
        let (one, other) = (release(&text(&one, &one_stage)), release(&text(&other, &other_stage)));
        prop_assert_eq!(one.cmp(&other), expected);
        prop_assert_eq!(other.cmp(&one), expected.reverse());
        prop_assert_eq!(one == other, expected == Ordering::Equal);
    }

    #[test]
    fn only_the_latest_ten_releases_show_a_habit(
        semantic in proptest::collection::vec(any::<bool>(), 0..14),
    ) {
        let versions: Vec<&str> = semantic
            .iter()
            .map(|&semantic| if semantic { "shop@4.2" } else { "green" })
            .collect();
        let latest = &semantic[..semantic.len().min(10)];
        let among_three = latest.iter().take(3).any(|&semantic| semantic);
        let expected = match latest.len() {
            0 => false,
            1 | 2 => latest[0],
            10 => among_three && latest.iter().filter(|&&semantic| semantic).count() >= 3,
            _ => among_three,
        };
        prop_assert_eq!(uses_semver(&versions, "web@1"), expected);
        prop_assert!(!uses_semver(&versions, "red"));
    }
}

#[test]
fn few_releases_show_a_habit_by_the_newest() {
    assert!(!uses_semver(&[], "shop@3.0"));
    assert!(uses_semver(&["shop@3.0"], "shop@3.0"));
    assert!(!uses_semver(&["green"], "shop@3.0"));
    assert!(uses_semver(&["shop@3.0", "green"], "shop@3.0"));
    assert!(!uses_semver(&["green", "shop@3.0"], "shop@3.0"));
}

#[test]
fn some_releases_show_a_habit_by_the_newest_three() {
    let third = ["green", "blue", "shop@3.0", "red"];
    assert!(uses_semver(&third, "shop@3.0"));
    assert!(!uses_semver(&third, "3.0"));
    let fourth = ["green", "blue", "red", "shop@3.0"];
    assert!(!uses_semver(&fourth, "shop@3.0"));
}

#[test]
fn ten_releases_show_a_habit_by_three_of_them() {
    let mut releases = ["green"; 10];
    releases[2] = "shop@3.0";
    releases[9] = "shop@1.0";
    assert!(!uses_semver(&releases, "shop@3.0"));
    releases[5] = "shop@2.0";
    assert!(uses_semver(&releases, "shop@3.0"));
    releases[2] = "blue";
    releases[6] = "shop@1.5";
    assert!(!uses_semver(&releases, "shop@3.0"));
}

fn day(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

fn at(version: &str, added: i64) -> ReleaseAt<'_> {
    ReleaseAt {
        version,
        date_added: day(added),
    }
}

fn resolved(kind: Option<ResolutionKind>, release: ReleaseAt<'_>) -> Resolved<'_> {
    Resolved {
        kind,
        release,
        current_release_version: None,
    }
}

const SEMVER: ReleaseFacts<'static> = ReleaseFacts {
    newest_first: &["shop@3.0", "shop@2.0", "shop@1.0"],
    current_release_added: None,
};

const NAMES: ReleaseFacts<'static> = ReleaseFacts {
    newest_first: &["green", "blue", "red"],
    current_release_added: None,
};

const NEXT_KINDS: [Option<ResolutionKind>; 3] = [
    None,
    Some(ResolutionKind::InNextRelease),
    Some(ResolutionKind::InUpcomingRelease),
];

#[test]
fn an_event_without_release_is_assumed_to_be_older() {
    for kind in [Some(ResolutionKind::InRelease), None] {
        let resolution = resolved(kind, at("shop@2.0", 20));
        assert_eq!(
            coverage(&resolution, None, &SEMVER),
            Coverage {
                covered: true,
                by_next_release_rule: false
            }
        );
    }
}

#[test]
fn resolved_in_a_semantic_release_covers_the_lower_ones_whenever_added() {
    let resolution = resolved(Some(ResolutionKind::InRelease), at("shop@2.0", 20));
    let covered = |version, added| covers(&resolution, Some(at(version, added)), &SEMVER);
    assert!(covered("shop@1.9", 10));
    assert!(covered("shop@1.9.1", 30));
    assert!(covered("shop@2.0-rc.1", 30));
    assert!(!covered("shop@2.0", 20));
    assert!(!covered("shop@2.1", 10));
    // Another release, of the same rank.
    assert!(!covered("shop@2.0.0", 10));
}

#[test]
fn resolved_in_a_named_release_covers_those_added_until_then() {
    let resolution = resolved(Some(ResolutionKind::InRelease), at("blue", 20));
    let covered = |version, added| covers(&resolution, Some(at(version, added)), &NAMES);
    assert!(covered("red", 19));
    assert!(covered("red", 20));
    assert!(!covered("green", 21));
    assert!(!covered("blue", 20));
}

#[test]
fn resolved_in_a_named_release_of_a_semantic_project_goes_by_dates() {
    let resolution = resolved(Some(ResolutionKind::InRelease), at("blue", 20));
    let covered = |version, added| covers(&resolution, Some(at(version, added)), &SEMVER);
    assert!(covered("shop@9.0", 19));
    assert!(!covered("shop@0.1", 21));
    // The event's release is no semantic one, so neither is the project for it.
    let resolution = resolved(Some(ResolutionKind::InRelease), at("shop@2.0", 20));
    assert!(covers(&resolution, Some(at("hotfix", 19)), &SEMVER));
    assert!(!covers(&resolution, Some(at("hotfix", 21)), &SEMVER));
}

#[test]
fn resolved_in_the_next_release_covers_its_own_and_those_added_before() {
    for kind in NEXT_KINDS {
        let resolution = resolved(kind, at("shop@2.0", 20));
        for (version, added, covered) in [
            ("shop@2.0", 20, true),
            ("shop@9.0", 19, true),
            ("shop@1.0", 20, false),
            ("shop@1.0", 21, false),
        ] {
            assert_eq!(
                coverage(&resolution, Some(at(version, added)), &SEMVER),
                Coverage {
                    covered,
                    by_next_release_rule: true
                },
                "{kind:?} {version}"
            );
        }
    }
}

#[test]
fn a_semantic_current_release_covers_itself_and_the_lower_ones() {
    for kind in NEXT_KINDS
        .into_iter()
        .chain([Some(ResolutionKind::InRelease)])
    {
        let resolution = Resolved {
            current_release_version: Some("shop@2.0"),
            ..resolved(kind, at("shop@3.0", 30))
        };
        for (version, covered) in [
            ("shop@1.0", true),
            ("shop@2.0", true),
            ("web@2", true),
            ("shop@2.0.1", false),
            ("shop@3.0", false),
        ] {
            assert_eq!(
                coverage(&resolution, Some(at(version, 25)), &SEMVER),
                Coverage {
                    covered,
                    by_next_release_rule: false
                },
                "{kind:?} {version}"
            );
        }
    }
}

#[test]
fn a_named_current_release_covers_itself_and_those_added_before() {
    let resolution = Resolved {
        current_release_version: Some("blue"),
        ..resolved(Some(ResolutionKind::InRelease), at("green", 30))
    };
    let facts = ReleaseFacts {
        current_release_added: Some(day(20)),
        ..NAMES
    };
    let covered = |version, added| covers(&resolution, Some(at(version, added)), &facts);
    assert!(covered("blue", 20));
    assert!(covered("red", 19));
    assert!(!covered("red", 20));
    assert!(!covered("red", 25));
    assert!(!covered("green", 30));
}

#[test]
fn a_current_release_that_cannot_be_compared_leaves_it_to_the_kind() {
    let unknown = |kind| Resolved {
        current_release_version: Some("blue"),
        ..resolved(kind, at("green", 30))
    };
    let in_release = unknown(Some(ResolutionKind::InRelease));
    let in_next = unknown(Some(ResolutionKind::InNextRelease));
    // Unknown to the store, though it would cover what was added before it.
    assert!(covers(&in_release, Some(at("red", 30)), &NAMES));
    assert!(!covers(&in_next, Some(at("red", 30)), &NAMES));
    assert!(coverage(&in_next, Some(at("red", 29)), &NAMES).by_next_release_rule);
    // Known, but no semantic one in a project of semantic ones.
    let facts = ReleaseFacts {
        current_release_added: Some(day(20)),
        ..SEMVER
    };
    assert!(covers(&in_release, Some(at("shop@1.0", 30)), &facts));
    assert!(!covers(&in_next, Some(at("shop@1.0", 30)), &facts));
    // The event's own release is known, or there would be no date of it.
    assert!(covers(&in_release, Some(at("blue", 40)), &NAMES));
}

proptest! {
    #[test]
    fn resolving_in_a_release_covers_no_event_of_it(
        version in prop::sample::select(vec!["shop@2.0", "blue"]),
        added in 0..40_i64,
        resolved_added in 0..40_i64,
    ) {
        let resolution = resolved(Some(ResolutionKind::InRelease), at(version, resolved_added));
        for facts in [SEMVER, NAMES, ReleaseFacts::default()] {
            prop_assert!(!covers(&resolution, Some(at(version, added)), &facts));
        }
    }

    #[test]
    fn without_semantic_releases_what_was_added_later_is_covered_by_nothing_earlier(
        kind in prop::sample::select(NEXT_KINDS.into_iter().chain([Some(ResolutionKind::InRelease)]).collect::<Vec<_>>()),
        earlier in 0..40_i64,
        apart in 0..40_i64,
        fixed in 0..40_i64,
    ) {
        let resolution = resolved(kind, at("fix", fixed));
        let covered = |added| covers(&resolution, Some(at("seen", added)), &NAMES);
        prop_assert!(covered(earlier) || !covered(earlier + apart));
    }
}
