//! Values to choose from while a search is typed.

use super::super::limited::Limited;
use super::super::values::{SeenValue, ranked, values};
use super::*;
use crate::engine::desk::complete_within;
use crate::engine::find::Asker;
use crate::model::{Directory, IssueId, User};
use crate::search::IssueTest;
use crate::store::SearchStore;
use crate::store::tests::search::open;
use std::time::Duration;

/// An event of this user in this browser.
fn in_browser(browser: &str, user: usize) -> Arc<EventFacts> {
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": "t",
        "tags": {"browser": browser}, "user": {"id": user.to_string(), "email": format!("u{user}@example.org")},
    });
    let event = plain_event(SHOP, body.as_object().unwrap().clone()).unwrap();
    event.facts
}

/// Issues 1 to 120. Each has a browser of its own; the last 30 also have Zulu, and the last 20 Yankee. The last 40 affect
/// user 9, all others one of their own.
async fn seeded(store: &Store) {
    let titles: Vec<String> = (1..=120).map(|number| format!("i{number}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut occurrences = Vec::new();
    for index in 0..120_usize {
        let user = if index >= 80 { 9 } else { 1_000 + index };
        let own = format!("b{index:03}");
        let browsers = [(0, &*own), (90, "Zulu"), (100, "Yankee")];
        for (from, browser) in browsers {
            if index >= from {
                let number = u32::try_from(occurrences.len()).unwrap() + 1;
                occurrences.push(OccurrenceWrite {
                    facts: in_browser(browser, user),
                    ..occurrence(number, Some(Slot(index)), at(i64::from(number)))
                });
            }
        }
    }
    open(store, &titles, occurrences).await;
}

fn shown(seen: &[SeenValue]) -> Vec<(&str, u64, bool)> {
    seen.iter()
        .map(|seen| (&*seen.value, seen.issues, seen.is_all))
        .collect()
}

pub(in crate::store) async fn the_most_frequent_values_come_first(store: &Store) {
    seeded(store).await;
    let seen = store.values("browser", "", 50).await.unwrap();
    assert_eq!(seen.len(), 50);
    assert_eq!(
        shown(&seen[..4]),
        [
            ("Zulu", 30, true),
            ("Yankee", 20, true),
            ("b000", 1, true),
            ("b001", 1, true)
        ]
    );
    let seen = store.values("browser", "U", 50).await.unwrap();
    assert_eq!(shown(&seen), [("Zulu", 30, true)]);
    assert_eq!(store.values("nothing", "", 50).await.unwrap(), []);
    // Of people an issue has one term, whatever tells who they are.
    let seen = store.values("user.email", "", 2).await.unwrap();
    assert_eq!(seen[0].value, "u9@example.org");
    assert_eq!((seen[0].issues, seen[1].issues), (40, 1));
}

pub(in crate::store) async fn values_are_counted_round_by_round(store: &Store) {
    seeded(store).await;
    read!(store, ask => {
        let mut found = async |rounds: &[i64]| {
            ranked(&mut ask, ("browser", ""), 3, None, (rounds, 100_000)).await.unwrap()
        };
        // Both go on into the second round, and only one of them into the last.
        let seen = found(&[10, 25, 100]).await;
        assert_eq!(shown(&seen), [("Zulu", 30, true), ("Yankee", 20, true), ("b000", 1, true)]);
        // As far as anybody counted.
        let seen = found(&[10, 15]).await;
        assert_eq!(shown(&seen), [("Yankee", 15, false), ("Zulu", 15, false), ("b000", 1, true)]);
        let seen = found(&[10, 25]).await;
        assert_eq!(shown(&seen), [("Zulu", 25, false), ("Yankee", 20, true), ("b000", 1, true)]);
        // As far as there are entries left to read: for four values, then for one of those that go on.
        let mut left = async |left| {
            ranked(&mut ask, ("browser", ""), 2, None, (&[10, 15], left)).await.unwrap()
        };
        assert_eq!(shown(&left(45).await), [("Yankee", 15, false), ("Zulu", 10, false)]);
        assert_eq!(shown(&left(9).await), [("Yankee", 0, false), ("Zulu", 0, false)]);
        // Only some issues count, and what none of them has is not offered.
        let some = [1, 95, 96, 110];
        let seen = values(&mut ask, "browser", "", 9, Some(&some)).await.unwrap();
        assert_eq!(
            shown(&seen),
            [("Zulu", 3, true), ("Yankee", 1, true), ("b000", 1, true), ("b094", 1, true), ("b095", 1, true), ("b109", 1, true)]
        );
        let seen = values(&mut ask, "user.email", "u", 9, Some(&some)).await.unwrap();
        assert_eq!(shown(&seen), [("u9@example.org", 3, true), ("u1000@example.org", 1, true)]);
    });
}

pub(in crate::store) async fn values_of_a_search_are_those_of_its_hits_in_time(store: &Store) {
    seeded(store).await;
    let of = |issues: &[i64]| Plan {
        condition: Condition::Issue(IssueTest::Id(issues.to_vec())),
        ..Plan::everything()
    };
    let ample = Duration::from_secs(600);
    let plan = of(&[1, 95, 96]);
    let asked = |within| store.values_of_hits(&plan, "browser", "", 2, within);
    let seen = asked(ample).await.unwrap().unwrap();
    assert_eq!(shown(&seen), [("Zulu", 2, true), ("b000", 1, true)]);
    assert_eq!(asked(Duration::ZERO).await.unwrap(), None);
    let plans = [of(&[1, 2, 3]), of(&[]), of(&[7])];
    let counts = |within| store.counts(&plans, 2, within);
    assert_eq!(counts(ample).await.unwrap(), [Some(2), Some(0), Some(1)]);
    assert_eq!(counts(Duration::ZERO).await.unwrap(), [None, None, None]);
    // The limit is not one of the connection: whatever is asked after it has its time.
    for _ in 0..8 {
        let found = store.found_ids(&Plan::everything()).await.unwrap();
        assert_eq!(found.len(), 120);
        assert!(found.contains(&IssueId(120)));
    }
}

/// Statements that run on and on, of SQLite and of PostgreSQL.
const ENDLESS: (&str, &str) = (
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "SELECT count(*) FROM generate_series(1, 1000000000000)",
);

/// A statement that would run on and on is stopped by the store itself.
pub(in crate::store) async fn what_takes_too_long_is_given_up(store: &Store) {
    read!(store, ask => {
        let limited = ask
            .limit(std::time::Instant::now() + Duration::from_millis(20))
            .await
            .unwrap();
        let mut sql = ask.statement();
        sql.push_either(ENDLESS.0, ENDLESS.1);
        let answer = ask.count(sql).await;
        assert!(answer.is_err(), "{answer:?}");
        assert_eq!(limited.in_time(answer).unwrap(), None);
        // What fails otherwise is no matter of time.
        let other = Err::<(), _>(StoreError::Corrupt("x".to_owned()));
        assert!(limited.in_time(other).is_err());
        limited.end();
    });
    assert_eq!(store.found_ids(&Plan::everything()).await.unwrap(), []);
}

/// Who stops asking does not keep a connection busy with what nobody waits for: there are only a few.
pub(in crate::store) async fn what_nobody_waits_for_is_given_up(store: &Store) {
    let later = std::time::Instant::now() + Duration::from_secs(3_600);
    // More often than there are connections.
    for _ in 0..12 {
        match store.backend() {
            Backend::Sqlite(backend) => {
                let mut ask = Reader(backend.begin_read().await.unwrap());
                let limited = ask.limit(later).await.unwrap();
                leave(&mut ask, limited).await;
                // In memory there is only this connection.
                drop(ask);
                let mut ask = Reader(backend.begin_read().await.unwrap());
                let wanted = ask.while_wanted(backend).await.unwrap();
                leave(&mut ask, wanted).await;
            }
            // A limit of time is kept by PostgreSQL itself.
            Backend::Postgres(backend) => {
                let mut ask = Reader(backend.begin_search().await.unwrap());
                let wanted = ask.while_wanted(backend).await.unwrap();
                leave(&mut ask, wanted).await;
            }
        }
    }
    // Nor does it end what others ask on the same connections: these read more than a few steps.
    for _ in 0..12 {
        read!(store, ask => {
            let mut sql = ask.statement();
            sql.push_either(
                "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100000) SELECT count(*) FROM n",
                "SELECT count(*) FROM generate_series(1, 100000)",
            );
            assert_eq!(ask.count(sql).await.unwrap(), 100_000);
        });
    }
}

/// Asks something endless, and goes away.
async fn leave(ask: &mut impl Ask, limited: Limited) {
    let mut sql = ask.statement();
    sql.push_either(ENDLESS.0, ENDLESS.1);
    let asked = async {
        let answer = ask.count(sql).await;
        limited.in_time(answer)
    };
    let answer = tokio::time::timeout(Duration::from_millis(20), asked).await;
    assert!(answer.is_err(), "{answer:?}");
}

/// Label, count, and whether there may be more; and whether the counts are those of all issues.
type Offered = (Vec<(String, Option<f64>, bool)>, bool);

async fn offered(store: &Store, text: &str, within: Duration) -> Offered {
    let ann = User {
        id: 1,
        username: "ann".to_owned(),
        email: None,
        is_member: true,
        assigns_itself: false,
    };
    let directory = Directory {
        users: vec![ann],
        ..Directory::default()
    };
    let asker = Asker {
        directory: &directory,
        me: None,
    };
    let caret = u32::try_from(text.find('|').unwrap()).unwrap();
    let text = text.replace('|', "");
    let answer = complete_within(store, &text, caret, (asker, at(0)), within);
    let answer = answer.await.unwrap();
    let items = answer.items.into_iter();
    let items = items.map(|item| (item.label, item.count, item.at_least));
    (items.collect(), answer.global)
}

pub(in crate::store) async fn choices_know_the_rest_of_the_query_in_time(store: &Store) {
    seeded(store).await;
    let ample = Duration::from_secs(600);
    let first = |offered: &Offered| {
        let items = offered.0.iter().take(3);
        let items: Vec<_> = items
            .map(|(label, count, _)| (label.clone(), *count))
            .collect();
        (items, offered.1)
    };
    let line = |label: &str, count: f64| (label.to_owned(), Some(count));
    let all = vec![line("Zulu", 30.0), line("Yankee", 20.0), line("b000", 1.0)];

    let alone = offered(store, "browser:|", ample).await;
    assert_eq!(first(&alone), (all.clone(), false));
    let narrowed = offered(store, "browser:Yankee browser:|", ample).await;
    let of_rest = vec![line("Yankee", 20.0), line("Zulu", 20.0), line("b100", 1.0)];
    assert_eq!(first(&narrowed), (of_rest, false));
    assert_eq!(narrowed.0.len(), 22, "only what some of these issues have");
    // Too late, or of an expression of which it is only a part: those of all issues, and it says so.
    let late = offered(store, "browser:Yankee browser:|", Duration::ZERO).await;
    assert_eq!(first(&late), (all.clone(), true));
    let either = offered(store, "browser:Yankee OR browser:|", ample).await;
    assert_eq!(first(&either), (all.clone(), true));
    let unreadable = offered(store, "browser:|  times_seen:many", ample).await;
    assert_eq!(first(&unreadable), (all, true));

    let projects = offered(store, "browser:Yankee project:|", ample).await;
    assert_eq!(
        projects
            .0
            .iter()
            .map(|item| item.1)
            .max_by(|a, b| a.partial_cmp(b).unwrap()),
        Some(Some(20.0))
    );
    assert!(!projects.1);
    let late = offered(store, "browser:Yankee project:|", Duration::ZERO).await;
    assert!(late.1 && late.0.iter().all(|item| item.1.is_none()));
    // Whom none of these issues has is not offered; where nothing else is asked for, everybody is.
    let of_rest = offered(store, "browser:Yankee assigned_to:a|", ample).await;
    assert!(of_rest.0.iter().all(|item| item.0 != "ann"), "{of_rest:?}");
    let alone = offered(store, "assigned_to:a|", ample).await;
    let ann = alone.0.iter().find(|item| item.0 == "ann");
    assert_eq!(ann, Some(&("ann".to_owned(), Some(0.0), false)));
}

/// Keys of the language, and tags that events have; of both first what begins with what is typed.
pub(in crate::store) async fn tags_are_offered_as_keys(store: &Store) {
    let tagged = |number: u32, tags: serde_json::Value| {
        let body = json!({
            "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": "t",
            "level": "error", "tags": tags,
        });
        let event = plain_event(SHOP, body.as_object().unwrap().clone()).unwrap();
        OccurrenceWrite {
            facts: event.facts,
            ..occurrence(number, Some(Slot(0)), at(i64::from(number)))
        }
    };
    let occurrences = vec![
        tagged(
            1,
            json!({"browser": "Firefox", "Browser.name": "Firefox", "web:browser": "yes", "age": "7"}),
        ),
        tagged(
            2,
            json!({"service": "checkout", "gr\u{f6}\u{df}e": "1", "browser": "Chrome"}),
        ),
    ];
    open(store, &["one"], occurrences).await;
    let keys = store.value_keys().await.unwrap();
    assert!(keys.is_sorted(), "{keys:?}");
    for key in ["browser", "service", "age", "level"] {
        assert_eq!(
            keys.iter().filter(|known| *known == key).count(),
            1,
            "{key}"
        );
    }

    let ample = Duration::from_secs(600);
    let labels = async |text: &str| -> Vec<String> {
        let (items, _) = offered(store, text, ample).await;
        items.into_iter().map(|(label, ..)| label).collect()
    };
    let found = labels("is:unresolved bro|").await;
    assert_eq!(found, ["Browser.name", "browser", "tags[\"web:browser\"]"]);
    // Of the language first, and each key once.
    let found = labels("|").await;
    assert_eq!(found.iter().filter(|label| *label == "level").count(), 1);
    assert!(found.contains(&"service".to_owned()));
    assert_eq!(labels("has:serv|").await, ["service"]);
    // What is an alias by itself is written as the tag it is.
    let found = labels("ag|").await;
    assert_eq!(found[..2], ["age", "tags[age]"], "{found:?}");
    // In quotes nothing is a key.
    assert!(labels("\"bro|\"").await.is_empty());
    assert_eq!(labels("tags[browser]:|").await, ["Chrome", "Firefox"]);
    assert_eq!(labels("tags[\"web:browser\"]:y|").await, ["yes"]);
}
