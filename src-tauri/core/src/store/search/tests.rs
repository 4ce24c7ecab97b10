//! Ways to one answer that have to agree, and the statements on those ways.

use super::ask::{AnyRow, Ask, Reader};
use super::inbox::{self, InboxPlan};
use super::narrow::{Few, Many, Narrowing, Sample};
use super::people::Stands;
use super::prefilter::Need;
use super::sql::{Dialect, Sql};
use super::table::{self, TableExtent};
use super::walk::{self, Start};
use super::{
    export, group_trends, hits, listed, names, narrow, numbers, order, page, selection, similar,
    snapshot, values,
};
use crate::decode::plain_event;
use crate::model::{EventFacts, Issue, IssueId, Term};
use crate::paging::{Cursor, CursorValue, Limit, ScorePager};
use crate::search::window::TimeWindow;
use crate::search::{
    Condition, EventTest, Hit, IssueTest, Order, Plan, Sort, SumTest, TextField, TextTest,
};
use crate::similar::{Portrait, Probe};
use crate::store::backend::Backend;
use crate::store::tests::support::*;
use crate::store::{Effects, EventSlice, OccurrenceWrite, Slot, Store, StoreError};
use crate::view::{IssueGrouping, IssueOrder};
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
                let mut $ask = Reader(store.begin_read().await.unwrap());
                $answer
            }
        }
    };
}

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

/// Writes down what is asked, and asks it.
struct Listener<'a, A> {
    ask: &'a mut A,
    heard: Vec<String>,
}

impl<A: Ask> Ask for Listener<'_, A> {
    fn dialect(&self) -> Dialect {
        self.ask.dialect()
    }

    async fn each<T: AnyRow>(
        &mut self,
        sql: Sql,
        take: impl FnMut(T) + Send,
    ) -> Result<(), StoreError> {
        self.heard.push(sql.text.clone());
        self.ask.each(sql, take).await
    }
}

/// The statements of searches that people wait for, and of what is done with their issues.
pub(in crate::store) async fn hot_statements(store: &Store) -> Vec<String> {
    many_issues(store, |_| false).await;
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        pages(&mut listener).await.unwrap();
        snapshots(&mut listener).await.unwrap();
        narrowed_lists(&mut listener).await.unwrap();
        what_is_shown(&mut listener).await.unwrap();
        what_is_named(&mut listener).await.unwrap();
        let written = exports(&listener);
        listener.heard.into_iter().chain(written).collect()
    })
}

/// The statements of lists in an order by sums: those have to be formed for every issue of the search.
pub(in crate::store) async fn statements_with_sums(store: &Store) -> Vec<String> {
    many_issues(store, |_| false).await;
    let narrowed = Plan {
        condition: Condition::All(vec![tag("browser", "Firefox"), word("needle")]),
        ..usual()
    };
    let counted = Plan {
        condition: Condition::Any(vec![
            Condition::Issue(IssueTest::Unassigned),
            Condition::Sum(SumTest::TimesSeen(Order::Greater, 1.0)),
        ]),
        ..usual()
    };
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        for sort in Sort::ALL.into_iter().filter(|sort| *sort != Sort::Date) {
            for plan in [&usual(), &narrowed, &counted] {
                hits::all(&mut listener, plan, sort, at(0)).await.unwrap();
            }
        }
        for plan in [&usual(), &narrowed, &counted] {
            let order = ordered("users,last_seen:asc,trends");
            order::ids(&mut listener, plan, order, None, at(0)).await.unwrap();
        }
        walk::count(&mut listener, &counted, None).await.unwrap();
        listener.heard
    })
}

/// The statements of the list as it opens in the window, in an order.
pub(in crate::store) async fn statements_of_list(store: &Store, order: &str) -> Vec<String> {
    let plan = Plan {
        window: TimeWindow::ALWAYS,
        projects: None,
        ..usual()
    };
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        order::ids(&mut listener, &plan, ordered(order), Some(10), at(0)).await.unwrap();
        listener.heard
    })
}

/// The statements of lists in groups: what is grouped by is read of every issue of the search.
pub(in crate::store) async fn statements_in_groups(store: &Store) -> Vec<String> {
    many_issues(store, |_| false).await;
    let narrowed = Plan {
        condition: Condition::All(vec![tag("browser", "Firefox"), word("needle")]),
        ..usual()
    };
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        for grouping in GROUPINGS {
            for plan in [&usual(), &narrowed, &Plan::everything()] {
                let order = (grouping, IssueOrder::default());
                snapshot::grouped(&mut listener, plan, order, 10, at(0)).await.unwrap();
                let keys = [None];
                group_trends::trends(&mut listener, plan, grouping, &keys, at(0)).await.unwrap();
            }
        }
        listener.heard
    })
}

/// The list as it opens, in forty projects.
fn usual() -> Plan {
    let condition = Condition::All(vec![
        Condition::Issue(IssueTest::Status(vec![0])),
        Condition::Issue(IssueTest::Priority(vec![50, 75])),
    ]);
    Plan {
        projects: Some((1..=40).collect()),
        shows_feedback: false,
        ..in_window(condition, 30)
    }
}

/// The first page, one in the middle and one before that; everything at once; the exact number.
async fn pages(ask: &mut impl Ask) -> Result<(), StoreError> {
    let (plan, now) = (usual(), at(0));
    let middle = Cursor {
        value: CursorValue::Integer(at(3).timestamp_millis()),
        ..Cursor::new(0, 1, false)
    };
    let backwards = Cursor {
        is_prev: true,
        ..middle
    };
    let in_environments = Plan {
        environments: Some(vec!["prod".to_owned(), String::new()]),
        ..plan.clone()
    };
    for cursor in [None, Some(middle), Some(backwards)] {
        for plan in [&plan, &in_environments] {
            page::page(ask, plan, Sort::Date, (Limit::PAGE, cursor), true, now).await?;
        }
    }
    hits::all(ask, &plan, Sort::Date, now).await?;
    walk::count(ask, &plan, None).await?;
    let inbox = InboxPlan {
        projects: vec![SHOP.0],
        environments: None,
        window: plan.window,
        condition: Condition::everything(),
    };
    inbox::page(ask, &inbox, (Limit::PAGE, None), true).await?;
    inbox::page(ask, &inbox, (Limit::PAGE, Some(backwards)), true).await?;
    Ok(())
}

/// The window's list, and how it moves.
async fn snapshots(ask: &mut impl Ask) -> Result<(), StoreError> {
    let plan = usual();
    for order in ORDERS_OF_COLUMNS {
        for plan in [&plan, &Plan::everything()] {
            snapshot::snapshot(ask, plan, ordered(order), 10, at(0)).await?;
        }
    }
    snapshot::moved(ask, &plan, 0, 1).await?;
    selection::found(ask, &plan).await?;
    Ok(())
}

/// Every key that is a column, alone, from either end and before others.
const ORDERS_OF_COLUMNS: [&str; 10] = [
    "last_seen",
    "first_seen",
    "events",
    "last_seen:asc",
    "first_seen:asc",
    "events:asc",
    "last_seen,events",
    "first_seen:asc,events,last_seen",
    "events,first_seen:asc",
    "events:asc,last_seen:asc,first_seen",
];

fn ordered(text: &str) -> IssueOrder {
    text.parse().unwrap()
}

/// Everything a list can be grouped by.
const GROUPINGS: [IssueGrouping; 7] = [
    IssueGrouping::Level,
    IssueGrouping::FirstSeenDay,
    IssueGrouping::Project,
    IssueGrouping::Service,
    IssueGrouping::Release,
    IssueGrouping::ErrorType,
    IssueGrouping::Assignee,
];

/// Free text, tags, and tags with a range of times or of numbers.
async fn narrowed_lists(ask: &mut impl Ask) -> Result<(), StoreError> {
    let number = EventTest::TagNumber("n".to_owned(), Order::Greater, 5.0);
    let ranges = [
        Condition::Issue(IssueTest::FirstSeen(Order::Less, at(20))),
        Condition::Event(EventTest::Happened(Order::GreaterOrEqual, at(1))),
        Condition::Sum(SumTest::LastSeen(Order::GreaterOrEqual, at(1))),
        Condition::Event(number),
    ];
    let with_ranges =
        ranges.map(|range| Condition::All(vec![tag("browser", "Firefox"), word("needle"), range]));
    let user = Condition::Event(EventTest::Text(
        TextField::Field("user.email"),
        vec![TextTest::Is("a@example.org".to_owned())],
    ));
    for condition in narrowed().into_iter().chain(with_ranges).chain([user]) {
        let plan = Plan {
            condition,
            ..usual()
        };
        page::page(ask, &plan, Sort::Date, (Limit::PAGE, None), true, at(0)).await?;
        walk::count(ask, &plan, None).await?;
        snapshot::snapshot(ask, &plan, IssueOrder::default(), 10, at(0)).await?;
        if walk::is_walkable(&plan) {
            let each = Narrowing::Many(asked_each(ask, &plan.condition).await);
            walk::walk(ask, &plan, &each, Start::default(), |_: &[Hit]| true).await?;
            walk::count_first(ask, &plan, &each, 1_000).await?;
        }
    }
    Ok(())
}

/// What a page shows of its issues, and what a selection of them amounts to.
async fn what_is_shown(ask: &mut impl Ask) -> Result<(), StoreError> {
    let plan = Plan {
        condition: tag("browser", "Firefox"),
        ..usual()
    };
    let few: Vec<IssueId> = (1..=10).map(IssueId).collect();
    let many: Vec<IssueId> = (1..=100).map(IssueId).collect();
    for issues in [&few, &many] {
        for filtered in [false, true] {
            numbers::numbers(ask, &plan, filtered, issues).await?;
            numbers::stretches(ask, &plan, filtered, issues, (0, 3_600), 60).await?;
        }
        numbers::users(ask, issues).await?;
        listed::listed(ask, issues, Some(1)).await?;
        listed::owners(ask, issues).await?;
        listed::marks(ask, issues, 1).await?;
        listed::row_numbers(ask, issues, None).await?;
        listed::row_numbers(ask, issues, Some(&["prod".to_owned()])).await?;
        selection::amount(ask, issues, Some(1)).await?;
    }
    Ok(())
}

/// What a search names and the store knows.
async fn what_is_named(ask: &mut impl Ask) -> Result<(), StoreError> {
    let projects: Vec<i64> = (1..=40).collect();
    for count in [1, 3] {
        let wanted = (0..count).map(|number| ("shop".to_owned(), number));
        names::short_ids(ask, &wanted.collect()).await?;
    }
    names::releases(ask, &projects).await?;
    names::environments(ask, &projects).await?;
    names::issues_in_projects(ask, &[1, 2], &projects).await?;
    names::issues_of_event(ask, Uuid::nil(), &projects).await?;
    values::values(ask, "browser", "", 10).await?;
    values::values(ask, "browser", "fire", 10).await?;
    let probes = [
        Probe::Term(Term::of("error.type", "ValueError")),
        Probe::Texts(vec!["needle".to_owned(), "issue".to_owned()]),
    ];
    let like = Portrait::new(SHOP, 1, "needle");
    similar::found(ask, IssueId(1), &like, &probes, 100).await?;
    similar::portraits(ask, &[IssueId(1), IssueId(2)]).await?;
    Ok(())
}

const EVERYTHING: TableExtent = TableExtent {
    events: true,
    users: true,
    handling: true,
    tags: true,
};

/// What an export reads of its issues, a chunk of them or a slice of one.
fn exports(ask: &impl Ask) -> Vec<String> {
    let plan = Plan {
        condition: Condition::All(vec![tag("browser", "Firefox"), word("needle")]),
        ..usual()
    };
    let chunk: Vec<IssueId> = (1..=500).map(IssueId).collect();
    let statement = |fill: &dyn Fn(&mut Sql)| {
        let mut sql = ask.statement();
        fill(&mut sql);
        sql.text
    };
    vec![
        statement(&|sql| export::events(sql, &chunk, &plan, EventSlice::All)),
        statement(&|sql| export::events(sql, &chunk[..1], &plan, EventSlice::Next(None, 1_000))),
        statement(&|sql| {
            let behind = EventSlice::Next(Some((at(3), 7)), 1_000);
            export::events(sql, &chunk[..1], &plan, behind);
        }),
        statement(&|sql| export::tags_of_newest(sql, &chunk)),
        statement(&|sql| table::rows(sql, &chunk, TableExtent::default())),
        statement(&|sql| table::rows(sql, &chunk, EVERYTHING)),
        statement(&|sql| table::projects(sql, 1..=100)),
        statement(&|sql| table::snoozes(sql, 1..=100)),
        statement(&|sql| table::numbers(sql, &chunk, &plan, TableExtent::default())),
        statement(&|sql| table::numbers(sql, &chunk, &plan, EVERYTHING)),
        statement(&|sql| export::values_of_tag(sql, chunk[0], "browser")),
        statement(&|sql| export::values_of_tag(sql, chunk[0], "user")),
    ]
}
