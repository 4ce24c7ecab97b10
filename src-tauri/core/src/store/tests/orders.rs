//! Orders of the window's list by several keys.

use super::support::*;
use crate::model::{Issue, IssueId};
use crate::search::{Condition, IssueTest, Plan, Sort};
use crate::store::{Effects, OccurrenceWrite, QueryStore, SearchStore, Slot, Store};
use crate::view::{IssueOrder, IssueSort, SortKey};
use std::collections::HashMap;

/// Issues of which several are equal in each key, and some in all.
async fn issues_alike(store: &Store) {
    let issues = (0..24_i64).map(|number| Issue {
        first_seen: at(number % 3),
        last_seen: at(10 + number % 4 / 2),
        times_seen: 1 + number % 2,
        ..issue(SHOP, &format!("i{number}"), at(number % 3))
    });
    let occurrences = (0..24_u32).map(|number| {
        let time = at(10 + i64::from(number % 4 / 2));
        occurrence(number, Some(Slot(number as usize)), time)
    });
    let effects = Effects {
        issues: issues
            .map(|issue| {
                let title = issue.title().to_owned();
                opening(issue, &title)
            })
            .collect(),
        occurrences: occurrences.collect::<Vec<OccurrenceWrite>>(),
        now: Some(at(20)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    // Every third issue has a user.
    let users = "UPDATE occurrence SET user_key = 'id:1' WHERE issue_id % 3 = 0";
    execute(store, users).await;
}

/// Every order of one, two and three keys, each key from either end.
fn every_order() -> Vec<IssueOrder> {
    let keys: Vec<SortKey> = IssueSort::ALL
        .into_iter()
        .flat_map(|by| [false, true].map(|ascending| SortKey { by, ascending }))
        .collect();
    let mut lists: Vec<Vec<SortKey>> = vec![Vec::new()];
    let mut longest = lists.clone();
    for _ in 0..IssueOrder::MOST {
        longest = longest
            .iter()
            .flat_map(|list| keys.iter().map(|key| [&list[..], &[*key]].concat()))
            .collect();
        lists.extend(longest.clone());
    }
    // Those that have a key twice are none.
    let orders = lists.iter().filter_map(|list| IssueOrder::of(list).ok());
    orders.collect()
}

/// Lists are compared with a sort of their rows, key by key.
pub async fn every_order_is_a_plain_sort(store: &Store) {
    issues_alike(store).await;
    let now = at(20);
    // Issues that an index finds, and those that are listed for it.
    let odd = Condition::Issue(IssueTest::Id((1..=24).step_by(2).collect()));
    let orders = every_order();
    assert_eq!(orders.len(), 10 + 10 * 8 + 10 * 8 * 6);
    for plan in [Plan::everything(), asking(odd)] {
        let trends = store.all_hits(&plan, Sort::Trends, now).await.unwrap();
        let trends: HashMap<_, _> = trends.iter().map(|hit| (hit.id, hit.score)).collect();
        let ids: Vec<IssueId> = trends.keys().copied().collect();
        let users = store.users(&ids).await.unwrap();
        let shown = store.issue_rows(&ids, now).await.unwrap();
        assert!(shown.len() >= 12);
        for order in &orders {
            let mut rows: Vec<_> = shown.iter().collect();
            let id = |text: &str| IssueId(text.parse().unwrap());
            rows.sort_by(|a, b| {
                let value = |row: &crate::view::IssueRow, by| match by {
                    IssueSort::LastSeen => row.last_seen,
                    IssueSort::FirstSeen => row.first_seen,
                    IssueSort::Events => row.times_seen,
                    IssueSort::Users => users.get(&id(&row.id)).map_or(0.0, |n| f64_of(*n)),
                    IssueSort::Trends => f64_of(trends[&id(&row.id)].unsigned_abs()),
                };
                for key in order.keys() {
                    let found = value(a, key.by).total_cmp(&value(b, key.by));
                    let found = if key.ascending {
                        found
                    } else {
                        found.reverse()
                    };
                    if found.is_ne() {
                        return found;
                    }
                }
                let seen = b.last_seen.total_cmp(&a.last_seen);
                seen.then_with(|| id(&b.id).cmp(&id(&a.id)))
            });
            let expected: Vec<&str> = rows.iter().map(|row| &*row.id).collect();
            let listed = store.issue_snapshot(&plan, *order, now).await.unwrap();
            assert_eq!(listed.ids, expected, "{order}");
            assert_eq!(listed.total, crate::view::count(expected.len() as u64));
        }
    }
}

fn f64_of(number: u64) -> f64 {
    crate::view::count(number)
}
