//! Lists that two readers share.

use super::{in_window, many_issues, tag};
use crate::search::{Condition, IssueTest, Order, Plan, Sort};
use crate::store::Store;
use crate::store::backend::Backend;
use crate::store::search::ask::{Ask, Reader};
use crate::store::search::narrow::Narrowing;
use crate::store::search::sql::Dialect;
use crate::store::search::{halves, hits, walk};
use crate::store::tests::support::*;

/// However few issues there are.
const ANY: u64 = 1;

fn plans() -> Vec<Plan> {
    let since = Condition::Issue(IssueTest::FirstSeen(Order::GreaterOrEqual, at(2)));
    let conditions = [
        Condition::everything(),
        since,
        Condition::Not(Box::new(tag("browser", "Firefox"))),
    ];
    let everything = conditions.clone().map(|condition| Plan {
        condition,
        ..Plan::everything()
    });
    // Some were seen behind the end of each window, and before the beginning of the last one.
    let windows = [30, 5, 3_600].map(|end| conditions.clone().map(|asked| in_window(asked, end)));
    let mut late = in_window(Condition::everything(), 30);
    late.window.start = at(4);
    everything
        .into_iter()
        .chain(windows.into_iter().flatten())
        .chain([late])
        .collect()
}

pub(in crate::store) async fn two_readers_find_what_one_does(store: &Store) {
    many_issues(store, |number| number % 6 == 0).await;
    for plan in plans() {
        let (hits, count) = read!(store, ask => {
            let middle = halves::middle(&mut ask, &plan, &Narrowing::No, ANY).await.unwrap();
            assert_eq!(middle.is_some(), ask.dialect() == Dialect::Sqlite, "{plan:?}");
            (
                hits::all(&mut ask, &plan, Sort::Date, at(0)).await.unwrap(),
                walk::count(&mut ask, &plan, None).await.unwrap(),
            )
        });
        assert!(count > 5, "{plan:?}");
        let shared = halves::all(store, &plan, (Sort::Date, at(0)), ANY).await;
        assert_eq!(shared.unwrap(), hits, "{plan:?}");
        assert_eq!(halves::count(store, &plan, ANY).await.unwrap(), count);
    }
}
