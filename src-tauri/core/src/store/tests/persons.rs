//! Users are found by each of the texts that tell who they are, though issues have one term for all of them.

use super::search::{issues_with, open, see, seen};
use super::support::*;
use crate::decode::plain_event;
use crate::model::{EventFacts, IssueId, Term};
use crate::search::{Condition, EventTest, Plan, TextField, TextTest};
use crate::store::backend::Backend;
use crate::store::{Access, OccurrenceWrite, SearchStore, Store};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// An event of this user.
fn by(user: &Value) -> Arc<EventFacts> {
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": "t",
        "user": user,
    });
    let event = plain_event(SHOP, body.as_object().unwrap().clone()).unwrap();
    event.facts
}

fn by_seven(occurrence: OccurrenceWrite) -> OccurrenceWrite {
    OccurrenceWrite {
        user: Some("id:7".to_owned()),
        ..occurrence
    }
}

async fn found(store: &Store, field: TextField, value: &str) -> Vec<i64> {
    let test = EventTest::Text(field, vec![TextTest::Is(value.to_owned())]);
    let plan = Plan {
        condition: Condition::Event(test),
        ..Plan::everything()
    };
    let mut ids: Vec<i64> = store
        .found_ids(&plan)
        .await
        .unwrap()
        .into_iter()
        .map(|IssueId(id)| id)
        .collect();
    ids.sort_unstable();
    ids
}

fn field(name: &'static str) -> TextField {
    TextField::Field(name)
}

pub async fn a_user_is_found_by_each_text_that_tells_who_it_is(store: &Store) {
    let ann = by(&json!({"id": 7, "email": "ann@example.org", "ip_address": "::1"}));
    let ann_elsewhere = by(&json!({"id": 7, "email": "ann@example.org", "ip_address": "::2"}));
    let ann_later = by(&json!({"id": 7, "email": "ann@example.com", "username": "ann"}));
    let somebody = by(&json!({"email": "ann@example.org"}));
    open(
        store,
        &["one", "two", "three", "four"],
        vec![
            by_seven(seen(1, Some(0), &ann)),
            by_seven(seen(2, Some(1), &ann_elsewhere)),
            by_seven(seen(3, Some(2), &ann_later)),
            seen(4, Some(3), &somebody),
        ],
    )
    .await;
    assert_eq!(found(store, TextField::User, "id:7").await, [1, 2, 3]);
    assert_eq!(found(store, field("user.id"), "7").await, [1, 2, 3]);
    let email = field("user.email");
    assert_eq!(
        found(store, email.clone(), "ann@example.org").await,
        [1, 2, 4]
    );
    assert_eq!(found(store, email.clone(), "ann@example.com").await, [3]);
    assert_eq!(found(store, email, "bob@example.org").await, [0; 0]);
    assert_eq!(found(store, field("user.username"), "ann").await, [3]);
    assert_eq!(found(store, field("user.ip"), "::2").await, [2]);
    assert_eq!(
        found(store, TextField::Tag("sentry:user".to_owned()), "id:7").await,
        [1, 2, 3]
    );

    let whole = ann.person.as_ref().unwrap().whole;
    assert_eq!(issues_with(store, whole).await, [1, 2]);
    assert_eq!(issues_with(store, Term::of("user.id", "7")).await, [0; 0]);

    let values = store.values("user.email", "ann", 10).await.unwrap();
    let counts: Vec<(&str, u64)> = values
        .iter()
        .map(|seen| (seen.value.as_str(), seen.issues))
        .collect();
    assert_eq!(counts, [("ann@example.org", 3), ("ann@example.com", 1)]);
}

pub async fn what_many_people_have_in_common_narrows_nothing_and_is_found(store: &Store) {
    let people: Vec<_> = (0..1_002)
        .map(|id| by(&json!({"id": id, "username": "worker"})))
        .collect();
    let events = people
        .iter()
        .zip(1..)
        .map(|(facts, number)| seen(number, Some(0), facts));
    open(store, &["one", "two"], events.collect()).await;
    assert_eq!(found(store, field("user.username"), "worker").await, [1]);
    assert_eq!(found(store, field("user.id"), "1001").await, [1]);
    let values = store.values("user.username", "", 10).await.unwrap();
    let [worker] = &values[..] else {
        panic!("{values:?}");
    };
    assert_eq!(
        (&*worker.value, worker.issues, worker.is_all),
        ("worker", 1, true),
        "many people, one issue"
    );
}

pub async fn another_start_finds_who_was_seen_before_and_again(store: &Store) {
    if store.describe() == "sqlite::memory:" {
        return;
    }
    let ann = by(&json!({"id": 7, "email": "ann@example.org"}));
    open(store, &["one"], vec![seen(1, Some(0), &ann)]).await;
    let url = address_of(store);
    store.close().await;
    let again = Store::open(&url, Access::ReadWrite).await.unwrap();
    for number in 2..4 {
        see(&again, vec![seen(number, Some(0), &ann)]).await;
    }
    let part = Term::of("user.id", "7");
    let wholes = match again.backend() {
        Backend::Sqlite(_) => format!("SELECT count(*) FROM search_person_fts('{part}')"),
        Backend::Postgres(_) => format!(
            "SELECT count(*) FROM search_person WHERE part = {}",
            part.number()
        ),
    };
    assert_eq!(number(&again, &wholes).await, 1);
    assert_eq!(found(&again, field("user.id"), "7").await, [1]);
    again.close().await;
}
