//! The window's list in groups.

use super::search::seen;
use super::support::*;
use crate::decode::plain_event;
use crate::model::{Assignee, EventFacts, Issue, IssueId, Level};
use crate::search::{Condition, IssueTest, Plan};
use crate::store::{Access, Effects, QueryStore, SearchStore, Store, search};
use crate::view::{IssueGrouping, IssueOrder, IssueSnapshot};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

async fn grouped(store: &Store, grouping: IssueGrouping, order: &str) -> IssueSnapshot {
    let everything = Plan::everything();
    let snapshot = store.grouped_snapshot(&everything, grouping, order.parse().unwrap(), at(0));
    snapshot.await.unwrap()
}

/// Key, events and issues of each group.
fn shown(snapshot: &IssueSnapshot) -> Vec<(Option<&str>, f64, Vec<i64>)> {
    let mut ids = snapshot.ids.iter().map(|id| id.parse().unwrap());
    let groups = snapshot.groups.iter();
    groups
        .map(|group| {
            let count = group.issues.to_string().parse().unwrap();
            let issues = ids.by_ref().take(count).collect();
            (group.key.as_deref(), group.events, issues)
        })
        .collect()
}

/// An issue that was seen so often, first and last at these seconds.
fn kept(title: &str, (first, last): (i64, i64), times: i64) -> Issue {
    Issue {
        first_seen: at(first),
        last_seen: at(last),
        times_seen: times,
        ..issue(SHOP, title, at(first))
    }
}

/// Until midnight it is the twelfth of August.
const MIDNIGHT: i64 = 43_200;

/// Ids 1 to 5, of which 5 was seen last.
async fn five_issues(store: &Store) {
    let typed = |of: &str, issue: Issue| {
        let mut data = issue.data.clone();
        let metadata = json!({ "type": of, "title": issue.title() });
        data.insert("metadata".to_owned(), metadata);
        Issue { data, ..issue }
    };
    let issues = vec![
        Issue {
            level: Level::Fatal,
            assignee: Some(Assignee::User(7)),
            ..typed("KeyError", kept("a", (0, 10), 1))
        },
        Issue {
            first_release: Some("app@2.0".to_owned()),
            ..typed("TimeoutError", kept("b", (MIDNIGHT - 1, MIDNIGHT), 2))
        },
        Issue {
            assignee: Some(Assignee::Team(7)),
            first_release: Some("app@2.0".to_owned()),
            ..typed("KeyError", kept("c", (MIDNIGHT, MIDNIGHT + 20), 4))
        },
        Issue {
            project_id: FORGE,
            level: Level::Debug,
            first_release: Some("app@1.0".to_owned()),
            ..kept("d", (MIDNIGHT + 5, MIDNIGHT + 30), 8)
        },
        Issue {
            level: Level::Fatal,
            assignee: Some(Assignee::User(7)),
            ..kept("e", (-90_000, MIDNIGHT + 40), 16)
        },
    ];
    let ids = open_issues(store, issues).await;
    assert_eq!(ids, [1, 2, 3, 4, 5].map(IssueId));
}

pub async fn each_issue_is_in_one_group(store: &Store) {
    five_issues(store).await;
    let projects = store.projects().await.unwrap();
    let slug = |wanted| {
        let project = projects.iter().find(|project| project.id == wanted);
        project.map(|project| project.slug.as_str())
    };
    for (grouping, expected) in [
        (
            IssueGrouping::Level,
            vec![
                (Some("fatal"), 17.0, vec![5, 1]),
                (Some("error"), 6.0, vec![3, 2]),
                (Some("debug"), 8.0, vec![4]),
            ],
        ),
        (
            IssueGrouping::FirstSeenDay,
            vec![
                (Some("2024-08-13"), 12.0, vec![4, 3]),
                (Some("2024-08-12"), 3.0, vec![2, 1]),
                (Some("2024-08-11"), 16.0, vec![5]),
            ],
        ),
        (
            IssueGrouping::Project,
            vec![
                (slug(SHOP), 23.0, vec![5, 3, 2, 1]),
                (slug(FORGE), 8.0, vec![4]),
            ],
        ),
        (
            IssueGrouping::Service,
            vec![(None, 31.0, vec![5, 4, 3, 2, 1])],
        ),
        (
            IssueGrouping::Release,
            vec![
                (Some("app@2.0"), 6.0, vec![3, 2]),
                (Some("app@1.0"), 8.0, vec![4]),
                (None, 17.0, vec![5, 1]),
            ],
        ),
        (
            IssueGrouping::ErrorType,
            vec![
                (Some("KeyError"), 5.0, vec![3, 1]),
                (Some("TimeoutError"), 2.0, vec![2]),
                (None, 24.0, vec![5, 4]),
            ],
        ),
        (
            IssueGrouping::Trace,
            vec![(None, 31.0, vec![5, 4, 3, 2, 1])],
        ),
        (
            IssueGrouping::Assignee,
            vec![
                (Some("user:7"), 17.0, vec![5, 1]),
                (Some("team:7"), 4.0, vec![3]),
                (None, 10.0, vec![4, 2]),
            ],
        ),
    ] {
        let snapshot = grouped(store, grouping, "last_seen").await;
        assert_eq!(shown(&snapshot), expected, "{grouping:?}");
        assert_eq!((snapshot.total, snapshot.ids.len()), (5.0, 5));
        let revision = store.summary().await.unwrap().revision;
        assert_eq!(snapshot.revision, revision.to_string());
    }
    let everything = Plan::everything();
    let plain = store.issue_snapshot(&everything, IssueOrder::default(), at(0));
    assert_eq!(plain.await.unwrap().groups, []);
}

pub async fn a_group_keeps_every_order(store: &Store) {
    five_issues(store).await;
    for (order, expected) in [
        ("last_seen", [5, 1, 3, 2, 4]),
        ("last_seen:asc", [1, 5, 2, 3, 4]),
        ("first_seen", [1, 5, 3, 2, 4]),
        ("events", [5, 1, 3, 2, 4]),
        // Without users the newer one comes first, or what the next key says.
        ("users", [5, 1, 3, 2, 4]),
        ("users,events:asc", [1, 5, 2, 3, 4]),
    ] {
        let snapshot = grouped(store, IssueGrouping::Level, order).await;
        let ids: Vec<i64> = snapshot.ids.iter().map(|id| id.parse().unwrap()).collect();
        assert_eq!(ids, expected, "{order}");
    }
    // Both lists hold the same issues, whatever the order.
    let everything = Plan::everything();
    for order in ["users", "trends", "trends,events,users:asc"] {
        let mut ids = grouped(store, IssueGrouping::Level, order).await.ids;
        let plain = store.issue_snapshot(&everything, order.parse().unwrap(), at(0));
        let mut plain = plain.await.unwrap().ids;
        ids.sort();
        plain.sort();
        assert_eq!(ids, plain, "{order}");
    }
    let fatal = asking(Condition::Issue(IssueTest::Id(vec![1, 3])));
    let (grouping, sort) = (IssueGrouping::Level, IssueOrder::default());
    let snapshot = store.grouped_snapshot(&fatal, grouping, sort, at(0));
    let snapshot = snapshot.await.unwrap();
    assert_eq!(shown(&snapshot).len(), 2);
    assert_eq!(snapshot.total, 2.0);
}

/// Occurrences per hour for the last 24 hours of groups, as far as there were any: hours back, and how many.
async fn lately(
    store: &Store,
    plan: &Plan,
    grouping: IssueGrouping,
    keys: &[Option<&str>],
) -> Vec<Vec<(usize, f64)>> {
    let keys: Vec<_> = keys.iter().map(|key| key.map(str::to_owned)).collect();
    let now = at(MIDNIGHT + 3_600);
    let trends = store.group_trends(plan, grouping, &keys, now);
    let trends = trends.await.unwrap().into_iter();
    trends
        .map(|trend| {
            assert_eq!(trend.len(), 24);
            let bars = trend.into_iter().rev().enumerate();
            bars.filter(|(_, events)| *events > 0.0).collect()
        })
        .collect()
}

pub async fn a_header_sums_the_trends_of_its_issues(store: &Store) {
    five_issues(store).await;
    // What it counts is what its rows show: each issue was opened by one occurrence in the hour of its first sighting.
    let everything = Plan::everything();
    let levels = [
        Some("fatal"),
        Some("error"),
        Some("debug"),
        Some("nobody has this"),
    ];
    let by_level = lately(store, &everything, IssueGrouping::Level, &levels).await;
    let expected = [
        // The one that was first seen two days ago has no bar.
        vec![(13, 1.0)],
        vec![(1, 1.0), (2, 1.0)],
        vec![(1, 1.0)],
        vec![],
    ];
    assert_eq!(by_level, expected);
    let owners = [None, Some("user:7"), Some("team:7")];
    let by_owner = lately(store, &everything, IssueGrouping::Assignee, &owners).await;
    let expected = [vec![(1, 1.0), (2, 1.0)], vec![(13, 1.0)], vec![(1, 1.0)]];
    assert_eq!(by_owner, expected);
    // Only issues that the search finds.
    let some = asking(Condition::Issue(IssueTest::Id(vec![2, 4])));
    let by_level = lately(store, &some, IssueGrouping::Level, &levels).await;
    assert_eq!(by_level, [vec![], vec![(2, 1.0)], vec![(1, 1.0)], vec![]]);
    assert_eq!(
        lately(store, &some, IssueGrouping::Level, &[]).await.len(),
        0
    );
}

/// Whatever is grouped by, the trends of all groups are those of all rows together.
pub async fn trends_of_groups_add_up_to_those_of_rows(store: &Store) {
    five_issues(store).await;
    let now = at(MIDNIGHT + 3_600);
    let ids = [1, 2, 3, 4, 5].map(IssueId);
    let rows = store.issue_rows(&ids, now).await.unwrap();
    let total = |trends: Vec<Vec<f64>>| -> Vec<f64> {
        (0..24)
            .map(|hour| trends.iter().map(|trend| trend[hour]).sum())
            .collect()
    };
    let expected = total(rows.into_iter().map(|row| row.trend).collect());
    assert!(expected.iter().sum::<f64>() > 3.0);
    for grouping in IssueGrouping::ALL {
        let groups = grouped(store, grouping, "last_seen").await.groups;
        let keys: Vec<_> = groups.into_iter().map(|group| group.key).collect();
        let everything = Plan::everything();
        let trends = store.group_trends(&everything, grouping, &keys, now);
        assert_eq!(total(trends.await.unwrap()), expected, "{grouping:?}");
    }
}

/// Facts of an event of a service; its trace is called like it.
pub(super) fn of_service(service: &str) -> Arc<EventFacts> {
    let trace = (!service.is_empty()).then(|| trace_of(service));
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "title": "slow",
        "tags": {"service": service}, "contexts": {"trace": {"trace_id": trace}},
    });
    let event = plain_event(SHOP, body.as_object().unwrap().clone()).unwrap();
    event.facts
}

fn trace_of(service: &str) -> String {
    let bytes = service.bytes().cycle().take(16);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

pub async fn the_newest_event_says_which_service_and_trace(store: &Store) {
    let titles = ["a", "b", "c"];
    let opened = titles.map(|title| opening(issue(SHOP, title, at(0)), title));
    let effects = Effects {
        issues: opened.to_vec(),
        occurrences: vec![
            seen(1, Some(0), &of_service("cart")),
            seen(2, Some(0), &of_service("pay")),
            seen(3, Some(1), &of_service("pay")),
            seen(4, Some(2), &of_service("")),
        ],
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let snapshot = grouped(store, IssueGrouping::Service, "last_seen").await;
    let expected = [(Some("pay"), 2.0, vec![2, 1]), (None, 1.0, vec![3])];
    assert_eq!(shown(&snapshot), expected);
    let snapshot = grouped(store, IssueGrouping::Trace, "last_seen").await;
    let trace = trace_of("pay");
    let expected = [(Some(&*trace), 2.0, vec![2, 1]), (None, 1.0, vec![3])];
    assert_eq!(shown(&snapshot), expected);
}

pub async fn a_key_is_a_text_like_others(store: &Store) {
    let texts = [
        "a'; DROP TABLE issue; --",
        "nul\0inside",
        "\\u0000",
        "größer",
        "7",
    ];
    let long = ["b", "c"].map(|end| "ä".repeat(100) + end);
    let long = long.each_ref().map(String::as_str);
    let issues = [&texts[..], &long[..]].concat().into_iter().map(|text| {
        let mut issue = issue(SHOP, text, at(0));
        let metadata = json!({ "type": text, "title": text });
        issue.data.insert("metadata".to_owned(), metadata);
        issue
    });
    open_issues(store, issues.collect()).await;
    let snapshot = grouped(store, IssueGrouping::ErrorType, "last_seen").await;
    let mut keys: Vec<_> = snapshot
        .groups
        .iter()
        .map(|group| group.key.clone().unwrap())
        .collect();
    keys.sort();
    // What differs behind its two hundredth byte is the same.
    assert_eq!(snapshot.groups[0].issues, 2.0);
    assert_eq!(snapshot.groups[0].key, Some("ä".repeat(100)));
    assert_eq!(keys.len(), texts.len() + 1, "{keys:?}");
    for text in [texts[0], "nul\u{fffd}inside", "größer", "7"] {
        assert!(keys.iter().any(|key| key == text), "{keys:?}");
    }
}

#[tokio::test]
async fn a_capped_list_has_exact_groups() {
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    five_issues(&store).await;
    let everything = Plan::everything();
    let order = (IssueGrouping::Level, IssueOrder::default());
    let snapshot = search::grouped(&store, &everything, order, 3, at(0))
        .await
        .unwrap();
    assert_eq!(snapshot.ids, ["5", "1", "3"]);
    assert_eq!(snapshot.total, 5.0);
    let issues: Vec<_> = snapshot.groups.iter().map(|group| group.issues).collect();
    assert_eq!(issues, [2.0, 2.0, 1.0]);
}
