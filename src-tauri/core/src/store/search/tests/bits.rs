//! Events that are told by the bits of their terms.

use super::{facts, in_window, tag, walked};
use crate::model::{IssueId, Term, TermBits};
use crate::search::{Condition, Plan, Sort};
use crate::store::backend::Backend;
use crate::store::search::ask::Reader;
use crate::store::search::hits;
use crate::store::search::narrow::Narrowing;
use crate::store::tests::search::{open, see};
use crate::store::tests::support::*;
use crate::store::{OccurrenceWrite, Slot, Store};

fn seen(number: u32, slot: usize, browser: &str, region: &str) -> OccurrenceWrite {
    OccurrenceWrite {
        facts: facts(browser, region, "bad"),
        ..occurrence(number, Some(Slot(slot)), at(0))
    }
}

/// The first issue has Firefox and the region `us` in different events, the second one in one.
async fn fill(store: &Store) {
    let occurrences = vec![
        seen(1, 0, "Firefox", "eu"),
        seen(2, 0, "Chrome", "us"),
        seen(3, 1, "Firefox", "us"),
        seen(4, 1, "Chrome", "eu"),
    ];
    open(store, &["apart", "together"], occurrences).await;
}

fn both() -> Plan {
    let condition = Condition::All(vec![tag("browser", "Firefox"), tag("region", "us")]);
    in_window(condition, 30)
}

/// The issues of a search, by each way to look at events.
async fn found(store: &Store, plan: &Plan) -> Vec<Vec<i64>> {
    let mut lists = Vec::new();
    read!(store, ask => {
        lists.push(walked(&mut ask, plan, &Narrowing::No).await);
        for sort in Sort::ALL {
            lists.push(hits::all(&mut ask, plan, sort, at(0)).await.unwrap());
        }
    });
    let lists = lists.into_iter();
    lists
        .map(|hits| hits.into_iter().map(|hit| hit.id.0).collect())
        .collect()
}

async fn all_find(store: &Store, plan: &Plan, issues: &[i64]) {
    for list in found(store, plan).await {
        assert_eq!(list, issues);
    }
}

pub(in crate::store) async fn terms_in_different_events_are_no_hit(store: &Store) {
    fill(store).await;
    all_find(store, &both(), &[2]).await;
    // What is asked of the bits is asked: without any, nothing is looked at.
    execute(store, "UPDATE occurrence SET term_bits = 0").await;
    all_find(store, &both(), &[]).await;
    // They know nothing of what is not there.
    let neither = Condition::Not(Box::new(tag("browser", "Firefox")));
    let plan = in_window(neither, 30);
    for list in found(store, &plan).await {
        assert_eq!(list.len(), 2);
    }
}

pub(in crate::store) async fn what_has_no_bits_is_found(store: &Store) {
    fill(store).await;
    execute(store, "UPDATE occurrence SET term_bits = NULL").await;
    all_find(store, &both(), &[2]).await;
    let plan = Plan {
        environments: Some(vec!["production".to_owned()]),
        ..both()
    };
    all_find(store, &plan, &[]).await;
}

pub(in crate::store) async fn bits_are_those_of_the_last_facts(store: &Store) {
    fill(store).await;
    let bits = |browser: &str, region: &str| {
        // The row has an environment and a release of its own.
        let of_row = [
            Term::of("environment", "prod"),
            Term::of("release", "app@1.0"),
        ];
        let of_event = facts(browser, region, "bad").bits.unwrap();
        of_event.with(TermBits::of(&of_row)).number()
    };
    let stored = "SELECT CAST(term_bits AS text) FROM occurrence WHERE issue_id = 1 ORDER BY seq";
    let expected = [bits("Firefox", "eu"), bits("Chrome", "us")];
    assert_eq!(
        lines(store, stored).await,
        expected.map(|bits| bits.to_string())
    );
    assert_ne!(expected[0], expected[1]);
    // The second one comes again as another.
    see(store, vec![seen(2, 0, "Firefox", "us")]).await;
    let expected = [bits("Firefox", "eu"), bits("Firefox", "us")];
    assert_eq!(
        lines(store, stored).await,
        expected.map(|bits| bits.to_string())
    );
    let issues = &found(store, &both()).await[0];
    let mut issues: Vec<IssueId> = issues.iter().copied().map(IssueId).collect();
    issues.sort_unstable();
    assert_eq!(issues, [IssueId(1), IssueId(2)]);
}
