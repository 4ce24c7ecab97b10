//! What columns show beside the rows of a list.

use super::groups::of_service;
use super::ingest::event;
use super::search::seen;
use super::support::*;
use crate::model::{Issue, IssueId};
use crate::search::window::TimeWindow;
use crate::search::{Condition, Numbers, Order, Plan, SumTest};
use crate::store::{
    Amount, Effects, Extras, ExtrasExtent, ExtrasStore, IssueEnvironmentWrite, IssueReleaseWrite,
    OccurrenceWrite, Slot, Store,
};
use std::collections::HashMap;

/// Every extra of some issues, as a list over the time from `since` shows it.
async fn extras_of(store: &Store, issues: &[IssueId], since: i64) -> HashMap<IssueId, Extras> {
    let plan = Plan {
        window: TimeWindow {
            start: at(since),
            ..TimeWindow::ALWAYS
        },
        ..Plan::everything()
    };
    let extent = ExtrasExtent::EVERYTHING;
    store.extras(issues, &plan, extent, at(100)).await.unwrap()
}

pub async fn columns_show_what_events_and_issues_have(store: &Store) {
    let first = Issue {
        first_release: Some("app@1".to_owned()),
        ..issue(SHOP, "a", at(0))
    };
    let services = [(1, "cart", 7), (2, "pay", 7), (3, "pay", 8)];
    let mut occurrences: Vec<_> = services
        .map(|(number, service, user)| OccurrenceWrite {
            event_time: at(i64::from(number) * 10),
            user: Some(format!("id:{user}")),
            ..seen(number, Some(0), &of_service(service))
        })
        .to_vec();
    occurrences[2].topic = "other-topic".into();
    let released = |release: &str, last| IssueReleaseWrite {
        slot: Slot(0),
        release: release.to_owned(),
        environment: "prod".to_owned(),
        first_seen: at(0),
        last_seen: at(last),
    };
    let in_environment = |name: &str| IssueEnvironmentWrite {
        slot: Slot(0),
        environment: name.to_owned(),
        first_release: None,
        first_seen: at(0),
    };
    let sizes = occurrences.iter().map(|write| write.payload.len() as u64);
    let bytes = sizes.sum();
    let effects = Effects {
        issues: vec![opening(first, "a"), opening(issue(SHOP, "b", at(0)), "b")],
        occurrences,
        events: vec![
            event(
                SHOP,
                1,
                r#"{"stacktrace": {"frames": [{"function": "older"}]}}"#,
            ),
            event(
                SHOP,
                3,
                r#"{"stacktrace": {"frames": [{"function": "pay", "filename": "shop.py", "lineno": 7}]}}"#,
            ),
        ],
        issue_releases: vec![
            released("app@1", 10),
            released("app@2", 30),
            released("app@0", 20),
        ],
        issue_environments: vec![in_environment("prod"), in_environment("")],
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let ids = [IssueId(1), IssueId(2), IssueId(99)];
    let all = extras_of(store, &ids, 15).await;
    let exactly = |value| {
        Some(Amount {
            value,
            is_exact: true,
        })
    };
    let shown = &all[&ids[0]];
    assert_eq!(shown.environments, ["", "prod"]);
    assert_eq!(shown.releases, ["app@2", "app@0", "app@1"]);
    assert_eq!(shown.first_release.as_deref(), Some("app@1"));
    assert_eq!(shown.service.as_deref(), Some("pay"));
    assert_eq!(shown.topic.as_deref(), Some("other-topic"));
    let frame = shown.frame.clone().unwrap();
    assert_eq!((&*frame.function, &*frame.place), ("pay", "shop.py:7"));
    assert_eq!((shown.traces, shown.bytes), (exactly(2), exactly(bytes)));
    let range = shown.in_range.clone().unwrap();
    assert_eq!((range.count, range.users), (2, 2));
    assert_eq!(range.first_seen, Some(at(20)));
    let trend = shown.trend.clone().unwrap();
    assert_eq!((trend.bars.len(), trend.bars.iter().sum::<u64>()), (24, 2));
    // The bar of each event is where it was seen.
    let bar_of = |seconds| usize::try_from((at(seconds).timestamp() - trend.start) / trend.width);
    assert!(trend.bars[bar_of(20).unwrap()] >= 1);
    let end = trend.start + 24 * trend.width;
    assert!(trend.start <= at(15).timestamp() && end > at(100).timestamp());
    assert!(shown.score.is_some_and(|score| score > 0.0));
    // One without events has nothing of them, and one that is gone nothing at all.
    let none = &all[&ids[1]];
    assert_eq!((none.traces, none.bytes), (exactly(0), exactly(0)));
    assert_eq!(none.in_range, Some(Numbers::default()));
    let empty = none.trend.clone().unwrap();
    assert_eq!((empty.start, empty.bars), (trend.start, vec![0; 24]));
    assert_eq!(
        (&none.service, &none.topic, &none.frame),
        (&None, &None, &None)
    );
    assert_eq!(
        (all[&ids[2]].traces, &all[&ids[2]].releases),
        (None, &vec![])
    );
    // The issues of a list are those that were seen since, and so are the events it is about.
    let since = |order, seconds| Plan {
        condition: Condition::Sum(SumTest::LastSeen(order, at(seconds))),
        ..Plan::everything()
    };
    let extent = ExtrasExtent {
        in_range: true,
        trend: true,
        ..ExtrasExtent::default()
    };
    for (order, counted) in [(Order::GreaterOrEqual, Some(1)), (Order::LessOrEqual, None)] {
        let plan = since(order, 25);
        let all = store.extras(&ids, &plan, extent, at(100)).await.unwrap();
        let range = all[&ids[0]].in_range.as_ref();
        assert_eq!(range.map(|numbers| numbers.count), counted, "{order:?}");
        let trend = all[&ids[0]].trend.as_ref();
        let sum = trend.map(|trend| trend.bars.iter().sum::<u64>());
        assert_eq!(sum, counted, "{order:?}");
    }
    // What nobody wants is not read.
    let everything = Plan::everything();
    let nothing = store.extras(&ids[..1], &everything, ExtrasExtent::default(), at(100));
    assert_eq!(nothing.await.unwrap()[&ids[0]], Extras::default());
}

/// One event that cannot be read keeps no other row from having its frame.
pub async fn an_event_that_cannot_be_read_has_no_frame(store: &Store) {
    let nothing = Default::default();
    let occurrences = vec![seen(1, Some(0), &nothing), seen(2, Some(1), &nothing)];
    let mut damaged = event(SHOP, 1, "{}");
    damaged.body.compressed = vec![7; 20].into();
    let effects = Effects {
        issues: ["a", "b"]
            .map(|title| opening(issue(SHOP, title, at(0)), title))
            .to_vec(),
        occurrences,
        events: vec![
            damaged,
            event(
                SHOP,
                2,
                r#"{"threads": [{"stacktrace": {"frames": [{"module": "m"}]}}]}"#,
            ),
        ],
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let all = extras_of(store, &[IssueId(1), IssueId(2)], 0).await;
    assert_eq!(all[&IssueId(1)].frame, None);
    assert_eq!(all[&IssueId(2)].frame.as_ref().unwrap().place, "m");
}

pub async fn many_occurrences_are_estimated_by_the_newest(store: &Store) {
    let occurrences = (1..=250).map(|number| OccurrenceWrite {
        payload: vec![7; if number > 50 { 30 } else { 5_000 }].into(),
        event_time: at(i64::from(number)),
        ..seen(
            number,
            Some(0),
            &of_service(if number > 50 { "pay" } else { "cart" }),
        )
    });
    let effects = Effects {
        issues: vec![opening(issue(SHOP, "a", at(0)), "a")],
        occurrences: occurrences.collect(),
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let shown = extras_of(store, &[IssueId(1)], 0)
        .await
        .remove(&IssueId(1))
        .unwrap();
    let about = |value| {
        Some(Amount {
            value,
            is_exact: false,
        })
    };
    assert_eq!((shown.traces, shown.bytes), (about(1), about(250 * 30)));
    assert_eq!(shown.in_range.unwrap().count, 250);
}
