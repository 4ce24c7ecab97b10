//! Keys that the issue's own row and the rows beside it answer.

use super::*;
use crate::model::{Category, GroupType};
use crate::search::condition::{Order, People};

fn types_of(categories: &[Category]) -> Condition {
    let types = categories
        .iter()
        .flat_map(|&category| GroupType::in_category(category));
    issue(IssueTest::GroupType(types.map(|known| known.id).collect()))
}

fn people(users: &[i64], teams: &[i64], nobody: bool) -> People {
    People {
        users: users.to_vec(),
        teams: teams.to_vec(),
        nobody,
    }
}

#[test]
fn a_status_is_a_word_or_a_number() {
    let status = |numbers: &[i16]| issue(IssueTest::Status(numbers.to_vec()));
    mean([
        ("is:unresolved", status(&[0])),
        ("is:resolved", status(&[1])),
        ("is:ignored", status(&[2])),
        ("is:archived", status(&[2])),
        ("is:muted", status(&[2])),
        ("is:reprocessing", status(&[6])),
        ("!is:resolved", status(&[1]).negated()),
        ("status:unresolved", status(&[0])),
        ("status:1", status(&[1])),
        ("status:[resolved, 2]", status(&[1, 2])),
        ("!status:[resolved, muted]", status(&[1, 2]).negated()),
        ("NOT status:resolved", status(&[1]).negated()),
    ]);
}

#[test]
fn a_substatus_is_a_word_or_a_number() {
    for (word, number) in [
        ("archived_until_escalating", 1),
        ("until_escalating", 1),
        ("escalating", 2),
        ("ongoing", 3),
        ("archived_until_condition_met", 4),
        ("until_condition_met", 4),
        ("archived_forever", 5),
        ("forever", 5),
        ("regressed", 6),
        ("new", 7),
    ] {
        let substatus = issue(IssueTest::Substatus(vec![number]));
        let status = issue(IssueTest::Status(vec![if matches!(number, 1 | 4 | 5) {
            2
        } else {
            0
        }]));
        for text in [
            format!("is:{word}"),
            format!("substatus:{word}"),
            format!("substatus:{number}"),
        ] {
            let terms = vec![substatus.clone(), status.clone()];
            assert_eq!(search(&text).condition, Condition::All(terms), "{text}");
        }
        let text = format!("!is:{word}");
        let terms = vec![substatus.negated(), status.negated()];
        assert_eq!(search(&text).condition, Condition::All(terms), "{text}");
    }
}

#[test]
fn a_priority_is_a_word() {
    let priority = |numbers: &[i16]| issue(IssueTest::Priority(numbers.to_vec()));
    mean([
        ("issue.priority:high", priority(&[75])),
        (
            "issue.priority:[high, medium, low]",
            priority(&[75, 50, 25]),
        ),
        ("!issue.priority:low", priority(&[25]).negated()),
        (
            "!issue.priority:[low, medium]",
            priority(&[25, 50]).negated(),
        ),
    ]);
}

#[test]
fn a_category_stands_for_its_types_in_any_case() {
    mean([
        ("issue.category:error", types_of(&[Category::Error])),
        (
            "issue.category:Performance",
            types_of(&[Category::Performance]),
        ),
        ("issue.category:CRON", types_of(&[Category::Cron])),
        ("issue.category:replay", types_of(&[Category::Replay])),
        ("issue.category:feedback", types_of(&[Category::Feedback])),
        ("issue.category:uptime", types_of(&[Category::Uptime])),
        (
            "!issue.category:[error, cron]",
            types_of(&[Category::Error, Category::Cron]).negated(),
        ),
    ]);
    let Condition::Issue(IssueTest::GroupType(profile)) = only("issue.category:profile") else {
        panic!("no types");
    };
    assert!(!profile.is_empty());
    let mut slugs = profile.iter().map(|id| GroupType::by_id(*id).unwrap().slug);
    assert!(slugs.all(|slug| slug.starts_with("profile_")));
}

#[test]
fn a_type_is_named_by_its_slug_and_all_that_share_it_count() {
    mean([
        ("issue.type:error", issue(IssueTest::GroupType(vec![1]))),
        (
            "!issue.type:error",
            issue(IssueTest::GroupType(vec![1])).negated(),
        ),
        (
            "issue.type:[error, monitor_check_in_failure]",
            issue(IssueTest::GroupType(vec![1, 4001, 4002, 4003])),
        ),
    ]);
}

#[test]
fn people_are_words_names_addresses_and_teams() {
    for (key, with) in [
        ("assigned", IssueTest::AssignedTo as fn(People) -> IssueTest),
        ("assigned_to", IssueTest::AssignedTo),
        ("assigned_or_suggested", IssueTest::Suggested),
    ] {
        for (value, expected) in [
            ("me", people(&[1], &[], false)),
            ("none", people(&[], &[], true)),
            // Also a team of another project: it is mine.
            ("my_teams", people(&[], &[5, 6], false)),
            ("#core", people(&[], &[5], false)),
            ("#CORE", people(&[], &[5], false)),
            ("#web", people(&[], &[7], false)),
            // No team of a selected project, no such team, no such member: nobody matches.
            ("#ops", people(&[], &[], false)),
            ("#gone", people(&[], &[], false)),
            ("gone@example.org", people(&[], &[], false)),
            ("ann", people(&[1], &[], false)),
            ("ben", people(&[2], &[], false)),
            ("ben@example.org", people(&[2], &[], false)),
            ("[me, none]", people(&[1], &[], true)),
            ("[ben, #core, my_teams]", people(&[2], &[5, 5, 6], false)),
        ] {
            let text = format!("{key}:{value}");
            assert_eq!(only(&text), issue(with(expected.clone())), "{text}");
            let text = format!("!{key}:{value}");
            assert_eq!(only(&text), issue(with(expected)).negated(), "{text}");
        }
        let nobody = || issue(with(people(&[], &[], true)));
        assert_eq!(only(&format!("has:{key}")), nobody().negated());
        assert_eq!(only(&format!("!has:{key}")), nobody());
    }
}

#[test]
fn nobody_is_me_where_nobody_asks() {
    let nobody = Known {
        me: None,
        ..known()
    };
    for text in [
        "assigned:me",
        "assigned:my_teams",
        "assigned:[me, my_teams]",
    ] {
        assert_eq!(
            only_with(text, &nobody),
            issue(IssueTest::AssignedTo(People::default())),
            "{text}"
        );
    }
    assert_eq!(
        only_with("bookmarks:me", &nobody),
        issue(IssueTest::BookmarkedBy(Vec::new()))
    );
}

#[test]
fn only_members_bookmark_and_subscribe() {
    mean([
        ("bookmarks:me", issue(IssueTest::BookmarkedBy(vec![1]))),
        (
            "bookmarked_by:[me, Ben]",
            issue(IssueTest::BookmarkedBy(vec![1, 2])),
        ),
        (
            "!bookmarks:ben",
            issue(IssueTest::BookmarkedBy(vec![2])).negated(),
        ),
        (
            "bookmarks:#core",
            issue(IssueTest::BookmarkedBy(Vec::new())),
        ),
        (
            "bookmarks:my_teams",
            issue(IssueTest::BookmarkedBy(Vec::new())),
        ),
        ("has:bookmarks", issue(IssueTest::HasBookmark)),
        ("!has:bookmarks", issue(IssueTest::HasBookmark).negated()),
        ("subscribed:me", issue(IssueTest::SubscribedBy(vec![1]))),
        (
            "!subscribed_by:[me, gone]",
            issue(IssueTest::SubscribedBy(vec![1])).negated(),
        ),
        ("has:subscribed", issue(IssueTest::HasSubscription)),
        (
            "!has:subscribed_by",
            issue(IssueTest::HasSubscription).negated(),
        ),
    ]);
}

#[test]
fn words_of_is_have_an_opposite() {
    mean([
        ("is:unassigned", issue(IssueTest::Unassigned)),
        ("!is:assigned", issue(IssueTest::Unassigned)),
        ("is:assigned", issue(IssueTest::Unassigned).negated()),
        ("!is:unassigned", issue(IssueTest::Unassigned).negated()),
        ("is:linked", issue(IssueTest::Linked)),
        ("is:unlinked", issue(IssueTest::Linked).negated()),
        ("is:for_review", issue(IssueTest::ForReview)),
        ("!is:for_review", issue(IssueTest::ForReview).negated()),
        ("NOT is:for_review", issue(IssueTest::ForReview).negated()),
    ]);
}

#[test]
fn the_first_release_and_that_of_a_regression_are_versions() {
    for (key, with, has) in [
        (
            "first_release",
            IssueTest::FirstRelease as fn(Vec<TextTest>) -> IssueTest,
            IssueTest::HasFirstRelease,
        ),
        (
            "firstRelease",
            IssueTest::FirstRelease,
            IssueTest::HasFirstRelease,
        ),
        (
            "first-release",
            IssueTest::FirstRelease,
            IssueTest::HasFirstRelease,
        ),
        (
            "regressed_in_release",
            IssueTest::RegressedIn,
            IssueTest::HasRegression,
        ),
    ] {
        for (value, tests) in [
            ("1.0", vec![is("1.0")]),
            ("1.*", vec![like(&["1.", ""])]),
            ("[1.0, 2.*]", vec![is("1.0"), like(&["2.", ""])]),
            ("[1, 2]", vec![is("1"), is("2")]),
        ] {
            let text = format!("{key}:{value}");
            assert_eq!(only(&text), issue(with(tests.clone())), "{text}");
            let text = format!("!{key}:{value}");
            assert_eq!(only(&text), issue(with(tests)).negated(), "{text}");
        }
        assert_eq!(only(&format!("has:{key}")), issue(has.clone()));
        assert_eq!(only(&format!("!has:{key}")), issue(has).negated());
    }
}

#[test]
fn the_first_sighting_is_a_date() {
    let seen = |order, when| issue(IssueTest::FirstSeen(order, at(when)));
    mean([
        (
            "age:-24h",
            seen(Order::GreaterOrEqual, "2024-05-31T12:00:00Z"),
        ),
        ("age:+1w", seen(Order::LessOrEqual, "2024-05-25T12:00:00Z")),
        (
            "firstSeen:>2024-05-01",
            seen(Order::Greater, "2024-05-01T00:00:00Z"),
        ),
        (
            "first_seen:<=2024-05-01T10:00:00+02:00",
            seen(Order::LessOrEqual, "2024-05-01T08:00:00Z"),
        ),
        ("has:first_seen", Condition::everything()),
        ("!has:age", Condition::everything().negated()),
    ]);
    assert_eq!(
        search("age:2024-05-01").condition,
        Condition::All(vec![
            seen(Order::GreaterOrEqual, "2024-05-01T00:00:00Z"),
            seen(Order::Less, "2024-05-02T00:00:00Z"),
        ])
    );
}

#[test]
fn projects_and_issues_are_named_or_numbered() {
    let projects = |ids: &[i64]| issue(IssueTest::Project(ids.to_vec()));
    let ids = |ids: &[i64]| issue(IssueTest::Id(ids.to_vec()));
    mean([
        ("project:shop", projects(&[1])),
        ("project.name:[SHOP, Till]", projects(&[1, 2])),
        // Nothing is in a project that is not selected, so leaving it out leaves out nothing.
        ("!project:gone", projects(&[]).negated()),
        ("!project:[gone, till]", projects(&[2]).negated()),
        ("has:project", Condition::everything()),
        ("project.id:2", projects(&[2])),
        ("!project_id:[1, 2]", projects(&[1, 2]).negated()),
        ("project.id:1.5", projects(&[])),
        ("issue:shop-a", ids(&[77])),
        ("!issue:SHOP-A", ids(&[77]).negated()),
        ("issue:[SHOP-A, shop-0a]", ids(&[77, 77])),
        ("issue.id:5", ids(&[5])),
        ("!issue.id:[1, 1.5, 3]", ids(&[1, 3]).negated()),
        ("has:issue", issue(IssueTest::HasId)),
        ("!has:issue.id", issue(IssueTest::HasId).negated()),
    ]);
}
