//! The statements of searches that people wait for, written down as they are asked, so that their plans can be looked at.

use super::{asked_each, in_window, many_issues, narrowed, tag, word};
use crate::model::{IssueId, Term};
use crate::paging::{Cursor, CursorValue, Limit};
use crate::search::window::TimeWindow;
use crate::search::{
    Condition, EventTest, Hit, IssueTest, Order, Plan, Sort, SumTest, TextField, TextTest,
};
use crate::similar::{Portrait, Probe};
use crate::store::backend::Backend;
use crate::store::search::ask::{AnyRow, Ask, Reader};
use crate::store::search::halves::{self, Half};
use crate::store::search::inbox::{self, InboxPlan};
use crate::store::search::narrow::Narrowing;
use crate::store::search::sql::{Dialect, Sql};
use crate::store::search::table::{self, ROW_COLUMNS, TableExtent};
use crate::store::search::walk::{self, Start};
use crate::store::search::{
    export, extras, group_trends, hits, listed, merged, names, numbers, order, page, selection,
    similar, snapshot, values, wording,
};
use crate::store::tests::support::*;
use crate::store::{EventSlice, ExtrasExtent, Held, Store, StoreError};
use crate::view::{IssueGrouping, IssueOrder};
use uuid::Uuid;

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

/// How a list has moved since before the store remembers.
pub(in crate::store) async fn statements_of_changes(store: &Store) -> Vec<String> {
    let kept = [IssueId(1)];
    let held = Held {
        ids: Some(&kept[..]),
        ..Held::of(-1, 1)
    };
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        snapshot::moved(&mut listener, &usual(), &held, |_| None).await.unwrap();
        listener.heard
    })
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
        for grouping in IssueGrouping::ALL {
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

/// The statements of pages of issues that have two terms in one event: those look at events by their bits.
pub(in crate::store) async fn statements_by_bits(store: &Store) -> Vec<String> {
    many_issues(store, |_| false).await;
    let plan = Plan {
        condition: Condition::All(vec![tag("browser", "Firefox"), tag("region", "us")]),
        ..usual()
    };
    read!(store, ask => {
        let mut listener = Listener { ask: &mut ask, heard: Vec::new() };
        let limit = (Limit::PAGE, None);
        page::page(&mut listener, &plan, Sort::Date, limit, true, at(0)).await.unwrap();
        let each = Narrowing::Many(asked_each(&mut listener, &plan.condition).await);
        walk::walk(&mut listener, &plan, &each, Start::default(), |_: &[Hit]| true).await.unwrap();
        listener.heard.into_iter().filter(|sql| sql.contains("term_bits")).collect()
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
    halves::middle(ask, &plan, &Narrowing::No, 1).await?;
    for half in [Half::Newer(at(3)), Half::Older(at(3))].map(Narrowing::Half) {
        hits::narrowed(ask, &plan, &half, Sort::Date, now).await?;
        walk::count_all(ask, &plan, &half, None).await?;
    }
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
    let kept = [IssueId(1)];
    for ids in [None, Some(&kept[..])] {
        let held = Held {
            ids,
            ..Held::of(0, 1)
        };
        let known = (ask.dialect() == Dialect::Sqlite).then(|| vec![1]);
        snapshot::moved(ask, &plan, &held, |_| known.clone()).await?;
    }
    selection::found(ask, &plan, |_| None).await?;
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
        wording::wordings(ask, issues).await?;
        merged::merged(ask, issues).await?;
        extras::extras(ask, issues, &plan, ExtrasExtent::EVERYTHING, at(0)).await?;
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
    for key in ["browser", "user.email"] {
        values::values(ask, key, "", 10, None).await?;
        values::values(ask, key, "f", 10, Some(&[1, 2])).await?;
    }
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
    first_seen: true,
    last_seen: true,
    handling: true,
    tags: true,
    wording: true,
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
    let packed = |fill: &dyn Fn(&mut Sql), columns: &[&'static str]| {
        let mut sql = ask.statement();
        fill(&mut sql);
        match sql.dialect {
            Dialect::Sqlite => sql.packed(columns).text,
            Dialect::Postgres => sql.text,
        }
    };
    let rows =
        |extent: TableExtent| packed(&|sql| table::rows(sql, &chunk, &plan, extent), ROW_COLUMNS);
    vec![
        statement(&|sql| export::events(sql, &chunk, &plan, EventSlice::All)),
        statement(&|sql| export::events(sql, &chunk[..1], &plan, EventSlice::Next(None, 1_000))),
        statement(&|sql| {
            let behind = EventSlice::Next(Some((at(3), 7)), 1_000);
            export::events(sql, &chunk[..1], &plan, behind);
        }),
        statement(&|sql| export::tags_of_newest(sql, &chunk)),
        rows(TableExtent::default()),
        rows(EVERYTHING),
        statement(&|sql| table::projects(sql, 1..=100)),
        statement(&|sql| table::snoozes(sql, 1..=100)),
        statement(&|sql| export::values_of_tag(sql, chunk[0], "browser")),
        statement(&|sql| export::values_of_tag(sql, chunk[0], "user")),
    ]
}
