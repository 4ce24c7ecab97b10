//! Ways to one answer that have to agree.

use super::ask::{Ask, Reader};
use super::narrow::{Few, Many, Narrowing, Sample};
use super::people::Stands;
use super::prefilter::Need;
use super::walk::{self, Start};
use super::{hits, narrow, page};
use crate::decode::plain_event;
use crate::model::{EventFacts, Issue};
use crate::paging::{Cursor, CursorValue, Limit, ScorePager};
use crate::search::window::TimeWindow;
use crate::search::{Condition, EventTest, Hit, Order, Plan, Sort, SumTest, TextField, TextTest};
use crate::store::backend::Backend;
use crate::store::tests::support::*;
use crate::store::{Effects, OccurrenceWrite, Slot, Store, StoreError};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Runs something in a reading transaction of the store.
macro_rules! read {
    ($store:expr, $ask:ident => $answer:expr) => {
        match $store.backend() {
            Backend::Sqlite(store) => {
                let mut $ask = Reader(store.begin_read().await.unwrap());
                $answer
            }
            Backend::Postgres(store) => {
                let mut $ask = Reader(store.begin_search().await.unwrap());
                $answer
            }
        }
    };
}

mod bits;
mod choices;
mod halves;
mod hot;

pub(in crate::store) use bits::{
    bits_are_those_of_the_last_facts, terms_in_different_events_are_no_hit,
    what_has_no_bits_is_found,
};
pub(in crate::store) use choices::{
    choices_know_the_rest_of_the_query_in_time, tags_are_offered_as_keys,
    the_most_frequent_values_come_first, values_are_counted_round_by_round,
    values_of_a_search_are_those_of_its_hits_in_time, what_nobody_waits_for_is_given_up,
    what_takes_too_long_is_given_up,
};
pub(in crate::store) use halves::two_readers_find_what_one_does;
pub(in crate::store) use hot::{
    hot_statements, statements_by_bits, statements_in_groups, statements_of_changes,
    statements_of_list, statements_with_sums,
};

fn facts(browser: &str, region: &str, value: &str) -> Arc<EventFacts> {
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": value,
        "tags": {"browser": browser, "region": region},
        "exception": {"values": [{"type": "ValueError", "value": value}]},
    });
    plain_event(SHOP, body.as_object().unwrap().clone())
        .unwrap()
        .facts
}

/// Three issues in four have Firefox, one in five knows the word `needle`, in seven seconds together. Every issue has
/// two events, the second one a minute later where `is_late` says so.
async fn many_issues(store: &Store, is_late: impl Fn(u32) -> bool) {
    let count = 60;
    let times = |number: u32| {
        let first = i64::from(number / 7);
        (first, first + if is_late(number) { 60 } else { 0 })
    };
    let issues = (0..count).map(|number| {
        let (first, last) = times(number);
        Issue {
            group_type: 1,
            last_seen: at(last),
            times_seen: 2,
            ..issue(SHOP, &format!("issue {number}"), at(first))
        }
    });
    let issues: Vec<_> = issues.collect();
    let events = (0..count).flat_map(|number| {
        let (first, last) = times(number);
        let browser = if number % 4 == 0 { "Opera" } else { "Firefox" };
        let region = ["eu", "us", "ap"][(number % 3) as usize];
        let word = if number % 5 == 0 {
            "a needle in it"
        } else {
            "hay"
        };
        [(first, 2 * number), (last, 2 * number + 1)].map(|(time, id)| OccurrenceWrite {
            facts: facts(browser, region, word),
            ..occurrence(id, Some(Slot(number as usize)), at(time))
        })
    });
    let effects = Effects {
        occurrences: events.collect(),
        issues: issues
            .into_iter()
            .map(|issue| {
                let title = issue.title().to_owned();
                opening(issue, &title)
            })
            .collect(),
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

fn tag(name: &str, value: &str) -> Condition {
    let field = TextField::Tag(name.to_owned());
    Condition::Event(EventTest::Text(field, vec![TextTest::Is(value.to_owned())]))
}

fn word(text: &str) -> Condition {
    Condition::Event(EventTest::Contains(TextTest::Is(text.to_owned())))
}

/// Searches that an index narrows down.
fn narrowed() -> Vec<Condition> {
    vec![
        tag("browser", "Firefox"),
        word("needle"),
        word("nothing has this"),
        Condition::All(vec![
            tag("browser", "Firefox"),
            word("needle"),
            tag("region", "us"),
        ]),
        Condition::Any(vec![tag("region", "ap"), word("needle")]),
        Condition::Any(vec![
            Condition::All(vec![tag("region", "ap"), tag("browser", "Opera")]),
            word("needle"),
        ]),
        Condition::All(vec![
            tag("browser", "Firefox"),
            Condition::Sum(SumTest::TimesSeen(Order::Greater, 1.0)),
        ]),
    ]
}

fn in_window(condition: Condition, end: i64) -> Plan {
    Plan {
        window: TimeWindow {
            start: at(-10),
            end: at(end),
        },
        ..asking(condition)
    }
}

/// What a condition needs, issue by issue, as if the index had been left after three rows.
async fn asked_each(ask: &mut impl Ask, condition: &Condition) -> Many {
    let needs = match Need::of(condition, &Stands::default()).unwrap() {
        Need::All(needs) => needs,
        need => vec![need],
    };
    let leaf = narrow::leaves(&needs[0])[0];
    let first = Sample::read(ask, leaf, 3).await.unwrap();
    Many { needs, first }
}

/// What the first part of a condition needs as a list, and all others issue by issue.
async fn listed_and_asked(ask: &mut impl Ask, plan: &Plan) -> Narrowing {
    let mut needs = asked_each(ask, &plan.condition).await.needs;
    let first = Plan {
        condition: plan.condition.terms()[0].clone(),
        ..plan.clone()
    };
    match Narrowing::of(ask, &first).await.unwrap() {
        Narrowing::Few(Few { issues, .. }) => {
            needs.remove(0);
            Narrowing::Few(Few { issues, needs })
        }
        other => panic!("{other:?}"),
    }
}

async fn walked(ask: &mut impl Ask, plan: &Plan, narrowing: &Narrowing) -> Vec<Hit> {
    let never = |_: &[Hit]| false;
    let walked = walk::walk(ask, plan, narrowing, Start::default(), never).await;
    let walked = walked.unwrap();
    assert!(walked.is_whole);
    walked.hits
}

pub(in crate::store) async fn an_index_is_listed_or_asked_with_one_result(store: &Store) {
    many_issues(store, |number| number % 6 == 0).await;
    // The events of the first issue, which has Opera, become the second one's, which has Firefox.
    execute(
        store,
        "UPDATE occurrence SET issue_id = 2 WHERE issue_id = 1",
    )
    .await;
    let texts = "INSERT INTO search_text (issue_id, hash, text, facts) \
                 SELECT 2, hash, text, facts FROM search_text WHERE issue_id = 1 AND true ON CONFLICT DO NOTHING";
    execute(store, texts).await;
    // Somebody has seen every third issue, and every sixth one became active since; another one has seen them all.
    for seen in [
        "INSERT INTO issue_seen (issue_id, user_id, seen_at) SELECT id, 1, active_at FROM issue WHERE id % 6 = 0",
        "INSERT INTO issue_seen (issue_id, user_id, seen_at) \
         SELECT id, 1, (SELECT max(last_seen) FROM issue) FROM issue WHERE id % 6 = 3",
        "INSERT INTO issue_seen (issue_id, user_id, seen_at) \
         SELECT id, 2, (SELECT max(last_seen) FROM issue) FROM issue",
    ] {
        execute(store, seen).await;
    }
    let heir = "INSERT INTO search_heir (from_id, issue_id) VALUES (1, 2)";
    execute(store, heir).await;
    // Issues with few events are not asked about at all.
    execute(store, "UPDATE issue SET times_seen = 1000 WHERE id % 2 = 0").await;
    let mut conditions = narrowed();
    conditions.push(tag("browser", "Opera"));
    let mut sizes = Vec::new();
    for condition in conditions {
        let plan = in_window(condition, 30);
        read!(store, ask => {
            let each = Narrowing::Many(asked_each(&mut ask, &plan.condition).await);
            let counted = Narrowing::of(&mut ask, &plan).await.unwrap();
            assert!(matches!(counted, Narrowing::Few(_)), "{counted:?}");
            let both = listed_and_asked(&mut ask, &plan).await;
            let mut found = Vec::new();
            for narrowing in [&Narrowing::No, &counted, &each, &both] {
                if walk::is_walkable(&plan) {
                    found.push(walked(&mut ask, &plan, narrowing).await);
                    let mut all = walk::all(&mut ask, &plan, narrowing).await.unwrap();
                    hits::order(&mut all);
                    found.push(all);
                }
                let first = walk::count_first(&mut ask, &plan, narrowing, 1_000).await.unwrap();
                let capped = walk::count_first(&mut ask, &plan, narrowing, 3).await.unwrap();
                assert_eq!(capped, first.min(3), "{plan:?}");
                sizes.push(first);
            }
            found.push(hits::all(&mut ask, &plan, Sort::Date, at(0)).await.unwrap());
            let count = walk::count(&mut ask, &plan, None).await.unwrap();
            assert!(found.iter().all(|hits| hits == &found[0]), "{plan:?}\n{found:?}");
            assert_eq!(found[0].len() as u64, count, "{plan:?}");
            let seen = found[0].iter().filter(|hit| hit.id.0 % 6 == 3).count() as u64;
            assert_eq!(walk::count_seen(&mut ask, &plan, 1).await.unwrap(), (count, seen), "{plan:?}");
            assert_eq!(walk::count_seen(&mut ask, &plan, 3).await.unwrap(), (count, 0), "{plan:?}");
            assert_eq!(sizes.last(), Some(&count), "{plan:?}");
        });
    }
    assert!(
        sizes
            .chunks(4)
            .all(|sizes| sizes.iter().all(|size| *size == sizes[0])),
        "{sizes:?}"
    );
    // Opera is asked for last: 14 of its own issues, and the second one.
    assert_eq!(sizes.last(), Some(&15));
}

/// A list by the issues' own rows, as its pages show it and as a whole. Some issues were seen behind the window.
pub(in crate::store) async fn pages_in_both_directions_are_cut_from_one_list(store: &Store) {
    many_issues(store, |number| number % 6 == 0).await;
    let limit = Limit::new(4, 100).unwrap();
    for end in [30, 5, 3_600] {
        let plan = in_window(Condition::everything(), end);
        read!(store, ask => {
            let all = hits::all(&mut ask, &plan, Sort::Date, at(0)).await.unwrap();
            assert!(all.len() > 30, "{}", all.len());
            let items: Vec<(i64, Hit)> = all.iter().map(|hit| (hit.score, *hit)).collect();
            let mut values: Vec<i64> = all.iter().map(|hit| hit.score).collect();
            values.extend([all[0].score + 5_000, all[0].score - 1, 1_000]);
            values.dedup();
            for value in values {
                for (offset, is_prev) in (0..12).flat_map(|offset| [(offset, false), (offset, true)]) {
                    let cursor = Cursor {
                        value: CursorValue::Integer(value),
                        ..Cursor::new(0, offset, is_prev)
                    };
                    let expected = ScorePager::of_issues(limit, Some(cursor)).page(&items);
                    let place = (limit, Some(cursor));
                    let found = page::page(&mut ask, &plan, Sort::Date, place, true, at(0)).await.unwrap();
                    assert_eq!(found.page, expected, "{cursor:?} until {end}");
                    assert_eq!(found.hits, Some(all.len() as u64));
                }
            }
        });
    }
}

/// Too many issues behind the window to look at: the list is found as a whole.
pub(in crate::store) async fn many_issues_behind_the_window_hide_nothing(store: &Store) {
    let issues = (0..300).map(|number| Issue {
        last_seen: at(100),
        ..issue(SHOP, &format!("issue {number}"), at(number / 50))
    });
    let issues: Vec<Issue> = issues.collect();
    let events = (0_u32..300).map(|number| {
        let time = at(i64::from(number) / 50);
        occurrence(number, Some(Slot(number as usize)), time)
    });
    let effects = Effects {
        occurrences: events.collect(),
        issues: issues
            .into_iter()
            .map(|issue| {
                let title = issue.title().to_owned();
                opening(issue, &title)
            })
            .collect(),
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let plan = in_window(Condition::everything(), 50);
    let limit = Limit::new(10, 100).unwrap();
    read!(store, ask => {
        assert_eq!(walk::late(&mut ask, &plan).await.unwrap(), None);
        for is_prev in [false, true] {
            let cursor = Cursor {
                value: CursorValue::Integer(at(3).timestamp_millis()),
                ..Cursor::new(0, 5, is_prev)
            };
            let place = (limit, Some(cursor));
            let found = page::page(&mut ask, &plan, Sort::Date, place, true, at(0)).await.unwrap();
            assert_eq!(found.page.rows.len(), 10);
            assert_eq!(found.hits, Some(300));
        }
    });
}

/// A word that the newest issues have is taken for a common one as soon as a sample is full; one that only old issues have
/// is listed, also where that is more than a sample.
pub(in crate::store) async fn a_sample_tells_what_many_have(store: &Store) {
    many_issues(store, |_| false).await;
    // Of 200 000 issues as many rows are few as make a sample and a quarter.
    execute(store, "UPDATE issue SET id = id + 199940 WHERE id > 50").await;
    for (word, issues, times) in [
        ("thistle", "id > 50", 510),
        ("clover", "id IN (5, 50)", 2_600),
    ] {
        let rows = (0..times).map(|number| format!("({number})"));
        let rows = rows.collect::<Vec<_>>().join(", ");
        let texts = format!(
            "INSERT INTO search_text (issue_id, hash, text) SELECT issue.id, n.column1, '{word}' \
             FROM issue CROSS JOIN (VALUES {rows}) AS n WHERE issue.{issues}"
        );
        execute(store, &texts).await;
    }
    read!(store, ask => {
        let common = Narrowing::of(&mut ask, &in_window(word("thistle"), 30)).await.unwrap();
        assert!(matches!(common, Narrowing::Many(_)), "{common:?}");
        let rare = Narrowing::of(&mut ask, &in_window(word("clover"), 30)).await.unwrap();
        let Narrowing::Few(Few { issues, .. }) = rare else {
            panic!("{rare:?}");
        };
        assert_eq!(issues, [50, 5]);
    });
}
