//! What exports read.

use super::ingest::event;
use super::support::*;
use crate::model::{
    Assignee, Directory, EventFacts, IssueId, IssueState, IssueStatus, Snooze, Substatus, Team,
    TransactionId, User,
};
use crate::search::{Condition, EventTest, Plan, TextField, TextTest};
use crate::store::{
    ActionStore, Effects, EventDepth, EventSlice, ExportStore, ExportedEvent, ListedStore, NewJob,
    OccurrenceWrite, Slot, Store, TableExtent,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

const FIRST: IssueId = IssueId(1);
const SECOND: IssueId = IssueId(2);

/// A light occurrence whose event has a browser, and a user of this id.
fn seen(
    number: u32,
    slot: usize,
    seconds: i64,
    browser: &str,
    user: Option<&str>,
) -> OccurrenceWrite {
    let mut facts = json!({ "tags": { "browser": browser, "sentry:dist": "7" } });
    if let Some(user) = user {
        facts["user.id"] = json!(user);
        facts["user.email"] = json!(format!("{user}-{seconds}@example.org"));
    }
    OccurrenceWrite {
        light_tags: vec![("browser".to_owned(), browser.to_owned())],
        user: user.map(|user| format!("id:{user}")),
        facts: Arc::new(EventFacts {
            json: facts.to_string(),
            ..EventFacts::default()
        }),
        ..occurrence(number, Some(Slot(slot)), at(seconds))
    }
}

/// Two issues. The occurrences arrive in the order of their numbers, not of their times.
async fn fill(store: &Store) {
    let effects = Effects {
        issues: vec![
            opening(issue(SHOP, "crash", at(0)), "crash"),
            opening(issue(SHOP, "other", at(0)), "other"),
        ],
        occurrences: vec![
            seen(1, 0, 30, "Firefox", Some("a")),
            seen(2, 0, 10, "Chrome", Some("b")),
            seen(3, 1, 20, "Firefox", None),
            seen(4, 0, 10, "Firefox", Some("a")),
            seen(5, 0, 20, "it's \"new\"", None),
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

async fn numbers(
    store: &Store,
    issues: &[IssueId],
    plan: &Plan,
    slice: EventSlice,
) -> (Vec<u32>, Vec<ExportedEvent>) {
    let events = store
        .exported_events(issues, plan, slice, EventDepth::Facts)
        .await
        .unwrap();
    let number = |event: &ExportedEvent| u32::from_str_radix(&event.id, 16).unwrap();
    (events.iter().map(number).collect(), events)
}

pub async fn occurrences_are_exported_in_their_order_and_in_slices(store: &Store) {
    fill(store).await;
    let everything = Plan::everything();
    let both = [SECOND, FIRST];
    let (all, _) = numbers(store, &both, &everything, EventSlice::All).await;
    assert_eq!(all, [2, 4, 5, 1, 3]);

    let mut after = None;
    let mut sliced = Vec::new();
    loop {
        let slice = EventSlice::Next(after, 1);
        let (number, events) = numbers(store, &[FIRST], &everything, slice).await;
        let Some(event) = events.last() else { break };
        sliced.extend(number);
        after = Some((event.time, event.seq));
    }
    // Two of one time, on both sides of the end of a slice.
    assert_eq!(sliced, [2, 4, 5, 1]);
    let none = numbers(store, &[IssueId(77)], &everything, EventSlice::All).await;
    assert!(none.0.is_empty());
}

pub async fn exported_occurrences_match_the_plan(store: &Store) {
    fill(store).await;
    let is_firefox = EventTest::Text(
        TextField::Tag("browser".to_owned()),
        vec![TextTest::Is("Firefox".to_owned())],
    );
    let mut plan = asking(Condition::Event(is_firefox));
    let both = [FIRST, SECOND];
    let (firefox, _) = numbers(store, &both, &plan, EventSlice::All).await;
    assert_eq!(firefox, [4, 1, 3]);
    plan.window.start = at(15);
    let slice = EventSlice::Next(None, 10);
    let (later, _) = numbers(store, &[FIRST], &plan, slice).await;
    assert_eq!(later, [1]);
    plan.environments = Some(vec!["staging".to_owned()]);
    let (staging, _) = numbers(store, &both, &plan, EventSlice::All).await;
    assert!(staging.is_empty());
}

pub async fn an_exported_occurrence_tells_what_its_record_and_event_say(store: &Store) {
    let body = json!({
        "event_id": "00000000000000000000000000000009", "project": 1, "type": "generic", "level": "error",
        "platform": "go", "timestamp": 1.0, "tags": [["host", "a"], ["host name", "=b"]],
        "logentry": { "formatted": "lamp = dark" },
    });
    let effects = Effects {
        issues: vec![opening(issue(SHOP, "crash", at(0)), "crash")],
        events: vec![event(SHOP, 9, &body.to_string())],
        occurrences: vec![
            occurrence(9, Some(Slot(0)), at(5)),
            seen(10, 0, 6, "Firefox", Some("a")),
            OccurrenceWrite {
                payload: Arc::from(&b"no such thing"[..]),
                ..seen(11, 0, 7, "Opera", None)
            },
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let (_, events) = numbers(store, &[FIRST], &Plan::everything(), EventSlice::All).await;
    let [whole, light, damaged] = &events[..] else {
        panic!("{events:?}");
    };
    let of_whole = [
        whole.short_id.as_str(),
        &whole.project,
        &whole.level,
        &whole.title,
        &whole.culprit,
        &whole.environment,
        &whole.event_id,
    ];
    let slug = format!("project-{SHOP}");
    let expected = [
        &format!("PROJECT-{SHOP}-1"),
        slug.as_str(),
        "warning",
        "segfault",
        "app.main",
        "prod",
        "00000000000000000000000000000009",
    ];
    assert_eq!(of_whole, expected);
    assert_eq!(
        (whole.time, whole.release.as_deref()),
        (at(5), Some("app@1.0"))
    );
    let tags = [("host", "a"), ("host name", "=b")];
    let tags = tags.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(whole.tags, tags);
    // A light event has no message of its own.
    assert_eq!(
        (light.message.as_str(), light.user.as_deref()),
        ("buffer overflow", Some("id:a"))
    );
    assert_eq!(light.tags, [("browser".to_owned(), "Firefox".to_owned())]);
    assert_eq!((&whole.record, &whole.event), (&None, &None));
    let in_full = store
        .exported_events(
            &[FIRST],
            &Plan::everything(),
            EventSlice::All,
            EventDepth::Whole,
        )
        .await
        .unwrap();
    assert_eq!(in_full[0].event.as_ref(), Some(&body));
    assert_eq!(
        in_full[0].record.as_ref().map(|record| &record["culprit"]),
        Some(&json!("app.main"))
    );
    assert_eq!(in_full[1].event, None);
    assert_eq!(in_full[2].record, None);
    // One that cannot be read does not keep the others from being exported.
    assert_eq!((damaged.title.as_str(), damaged.time), ("", at(7)));
    assert_eq!(damaged.tags, [("browser".to_owned(), "Opera".to_owned())]);
}

/// Ways of standing that lists show differently from how they are stored.
fn stand(number: usize, state: &mut IssueState) {
    let ignored = |state: &mut IssueState, snooze| {
        state.issue.status = IssueStatus::Ignored;
        state.issue.substatus = Some(Substatus::UntilConditionMet);
        state.snooze.set(snooze);
    };
    match number {
        0 => state.issue.assignee = Some(Assignee::User(7)),
        1 => ignored(
            state,
            Snooze {
                until: Some(at(40)),
                ..Snooze::default()
            },
        ),
        2 => ignored(
            state,
            Snooze {
                until: Some(at(60)),
                ..Snooze::default()
            },
        ),
        3 => {
            state.issue.status = IssueStatus::Resolved;
            state.issue.substatus = None;
            state.issue.priority = None;
            state.issue.assignee = Some(Assignee::Team(3));
        }
        _ => state.issue.assignee = Some(Assignee::User(99)),
    }
}

pub async fn a_row_of_a_table_says_what_a_list_says(store: &Store) {
    // On the way they are parts of a text, and have to come out of it as they were.
    let names = ["a", "b \"quoted\" \\", "[1, {}]", "c\n\u{1}", "d 'é' 🦀"];
    let effects = Effects {
        issues: names
            .map(|name| opening(issue(SHOP, name, at(0)), name))
            .to_vec(),
        occurrences: vec![
            seen(1, 0, 30, "Fire\"fox\\", Some("a")),
            seen(2, 0, 10, "Chrome", Some("b")),
            seen(3, 0, 20, "Chrome", Some("b")),
            seen(4, 2, 20, "Firefox", None),
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    for (number, id) in (1..).map(IssueId).take(names.len()).enumerate() {
        change(store, id, |state| stand(number, state)).await;
    }
    let directory = Directory {
        users: vec![User {
            id: 7,
            username: "ann".to_owned(),
            ..User::default()
        }],
        teams: vec![Team {
            id: 3,
            slug: "shop".to_owned(),
            ..Team::default()
        }],
    };
    let ids = [5, 77, 1, 4, 3, 2].map(IssueId);
    let (everything, now) = (Plan::everything(), at(50));
    let extent = TableExtent {
        events: true,
        users: true,
        first_seen: true,
        last_seen: true,
        handling: true,
        tags: true,
        wording: true,
    };
    let rows = store.table_rows(&ids, &everything, extent, &directory, now);
    let rows = rows.await.unwrap();
    let listed = store.listed_issues(&ids, None, &directory, now);
    let listed = listed.await.unwrap();
    let numbers = store.numbers(&everything, false, &ids).await.unwrap();
    let tags = store.newest_tags(&ids).await.unwrap();
    assert_eq!(rows.len(), names.len());
    for (row, listed) in rows.iter().zip(&listed) {
        assert_eq!(row.id.to_string(), listed.id);
        assert_eq!(row.short_id, listed.short_id);
        assert_eq!(row.project, listed.project.slug);
        assert_eq!((&row.title, &row.culprit), (&listed.title, &listed.culprit));
        assert_eq!((row.level, row.status), (&*listed.level, &*listed.status));
        assert_eq!(row.substatus, listed.substatus.as_deref());
        assert_eq!(row.priority, listed.priority.as_deref());
        assert_eq!(row.issue_type, listed.issue_type);
        assert_eq!(row.issue_category, listed.issue_category);
        assert_eq!(row.first_release, listed.first_release);
        assert_eq!(row.is_unhandled, listed.is_unhandled);
        assert_eq!(
            row.numbers,
            numbers.get(&row.id).cloned().unwrap_or_default()
        );
        assert_eq!(row.tags, tags.get(&row.id).cloned().unwrap_or_default());
    }
    assert_eq!(rows[1].tags["browser"], "Fire\"fox\\");
    let titles: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, [4, 0, 3, 2, 1].map(|place| names[place]));
    let statuses: Vec<_> = rows.iter().map(|row| row.status).collect();
    let expected = [
        "unresolved",
        "unresolved",
        "resolved",
        "ignored",
        "unresolved",
    ];
    assert_eq!(statuses, expected);
    let assignees: Vec<_> = rows.iter().map(|row| row.assignee.as_deref()).collect();
    let expected = [Some("user:99"), Some("ann"), Some("#shop"), None, None];
    assert_eq!(assignees, expected);
    assert_eq!((rows[1].numbers.count, rows[1].numbers.users), (3, 2));

    // What nobody asks for is not there.
    let rows = store.table_rows(&ids, &everything, TableExtent::default(), &directory, now);
    let rows = rows.await.unwrap();
    assert!(
        rows.iter()
            .all(|row| row.numbers.count == 0 && row.tags.is_empty())
    );
}

pub async fn tags_are_those_of_the_newest_event(store: &Store) {
    fill(store).await;
    let tags = store
        .newest_tags(&[FIRST, SECOND, IssueId(77)])
        .await
        .unwrap();
    let pairs = [("browser", "Firefox"), ("sentry:dist", "7")];
    let expected = BTreeMap::from(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(tags.len(), 2);
    assert_eq!((&tags[&FIRST], &tags[&SECOND]), (&expected, &expected));
}

pub async fn values_of_a_tag_come_with_their_numbers(store: &Store) {
    fill(store).await;
    let of = async |tag: &str| {
        let values = store.tag_values(FIRST, tag).await.unwrap().into_iter();
        let values = values.map(|value| {
            (
                value.value,
                value.times_seen,
                value.first_seen,
                value.last_seen,
            )
        });
        values.collect::<Vec<_>>()
    };
    let value = |value: &str, times, first, last| (value.to_owned(), times, at(first), at(last));
    let expected = [
        value("Firefox", 2, 10, 30),
        value("Chrome", 1, 10, 10),
        value("it's \"new\"", 1, 20, 20),
    ];
    assert_eq!(of("browser").await, expected);
    // What the pipeline sets goes by its short name, too.
    assert_eq!(of("dist").await, [value("7", 4, 10, 30)]);
    assert_eq!(of("sentry:dist").await, [value("7", 4, 10, 30)]);
    assert_eq!(of("no such tag").await, []);

    let users = store.tag_values(FIRST, "user").await.unwrap();
    let [first, second] = &users[..] else {
        panic!("{users:?}");
    };
    assert_eq!((first.value.as_str(), first.times_seen), ("id:a", 2));
    assert_eq!(first.user.id.as_deref(), Some("a"));
    // That of the newest event.
    assert_eq!(first.user.email.as_deref(), Some("a-30@example.org"));
    assert_eq!(
        (second.value.as_str(), &second.user.username),
        ("id:b", &None)
    );
}

pub async fn jobs_are_read_page_by_page(store: &Store) {
    let mut ids = Vec::new();
    for title in ["a", "b", "c"] {
        let job = NewJob {
            transaction: TransactionId::random(),
            kind: "update",
            title,
            request: &serde_json::Value::Null,
            actor: None,
            issues: &[IssueId(1)],
        };
        ids.push(store.add_job(&job, at(0)).await.unwrap());
    }
    let page = async |before, limit| {
        let jobs = store.jobs(before, limit).await.unwrap().into_iter();
        jobs.map(|job| job.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2).await, [ids[2], ids[1]]);
    assert_eq!(page(Some(ids[1]), 2).await, [ids[0]]);
    assert!(page(Some(ids[0]), 2).await.is_empty());
}
