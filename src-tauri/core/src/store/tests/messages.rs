//! Messages that come again, counters and dead letters that are tried again.

use super::support::*;
use crate::limits::CounterWrite;
use crate::model::{ProjectId, RejectReason};
use crate::store::{DUPLICATE_WINDOW, DeadLetterWrite, Effects, LoadPlan, MessageKey, Store};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

fn key(project: ProjectId, message: &str) -> MessageKey {
    (project, message.to_owned())
}

async fn recent(store: &Store, now: DateTime<Utc>, messages: &[MessageKey]) -> HashSet<MessageKey> {
    let plan = LoadPlan {
        now: Some(now),
        messages: messages.to_vec(),
        ..LoadPlan::default()
    };
    load_plan(store, &plan).await.recent_messages
}

pub async fn messages_are_recognised_for_exactly_five_minutes(store: &Store) {
    let stored = key(SHOP, &format!("{:032x}", 7));
    let marked = [
        key(SHOP, "not a uuid"),
        key(SHOP, "nul \0 inside"),
        key(FORGE, &format!("{:032x}", 8)),
        // Could be read as hexadecimal digits, but of no UUID.
        key(SHOP, "abcd"),
    ];
    let effects = Effects {
        occurrences: vec![occurrence(7, None, at(-1_000))],
        marks: marked.to_vec(),
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let known: HashSet<_> = marked.iter().cloned().chain([stored.clone()]).collect();
    let asked: Vec<_> = known
        .iter()
        .cloned()
        .chain([
            // Neither the message of another project nor one nobody has sent.
            key(FORGE, &stored.1),
            key(FORGE, "not a uuid"),
            key(SHOP, &format!("{:032x}", 8)),
            key(SHOP, &format!("{:032x}", 9)),
            key(SHOP, ""),
        ])
        .collect();
    let over = at(0) + DUPLICATE_WINDOW;
    assert_eq!(over, at(300));
    for now in [at(0), over - TimeDelta::microseconds(1)] {
        assert_eq!(recent(store, now, &asked).await, known, "{now}");
    }
    assert!(recent(store, over, &asked).await.is_empty());
    assert!(recent(store, at(0), &[]).await.is_empty());

    // Marked again, it is recognised anew.
    let again = Effects {
        marks: vec![marked[0].clone(), marked[0].clone()],
        now: Some(at(200)),
        ..Effects::default()
    };
    store_effects(store, &again).await;
    let renewed = HashSet::from([marked[0].clone()]);
    assert_eq!(recent(store, over, &asked).await, renewed);
    assert_eq!(number(store, "SELECT count(*) FROM message_mark").await, 4);
}

/// Key, value and remaining seconds at noon of all counters.
async fn counters(store: &Store) -> Vec<(String, i64, i64)> {
    let mut counters = Vec::new();
    for key in lines(store, "SELECT key FROM counter ORDER BY key").await {
        let of = |column: &str| format!("SELECT {column} FROM counter WHERE key = '{key}'");
        let end = match store.backend() {
            crate::store::backend::Backend::Sqlite(_) => "expires_at / 1000000",
            crate::store::backend::Backend::Postgres(_) => "extract(epoch FROM expires_at)",
        };
        let count = number(store, &of("count")).await;
        let end = number(store, &of(end)).await - at(0).timestamp();
        counters.push((key, count, end));
    }
    counters
}

pub async fn counters_add_up_until_they_expire(store: &Store) {
    let add = async |seconds: i64, writes: &[(&str, i64, i64)]| {
        let counters = writes.iter().map(|&(key, add, end)| CounterWrite {
            key: key.to_owned(),
            add,
            expires_at: at(end),
        });
        let effects = Effects {
            counters: counters.collect(),
            now: Some(at(seconds)),
            ..Effects::default()
        };
        store_effects(store, &effects).await;
    };
    let is = |key: &str, count, end| (key.to_owned(), count, end);

    add(0, &[("b", 2, 100), ("a", 1, 3_600), ("c", 5, 100)]).await;
    assert_eq!(
        counters(store).await,
        [is("a", 1, 3_600), is("b", 2, 100), is("c", 5, 100)]
    );
    // The later end counts.
    add(99, &[("c", 2, 500), ("b", 3, 60), ("a", 4, 700)]).await;
    assert_eq!(
        counters(store).await,
        [is("a", 5, 3_600), is("b", 5, 100), is("c", 7, 500)]
    );
    // At its end a counter begins anew.
    add(100, &[("b", 7, 3_700), ("c", 1, 200), ("c", 1, 300)]).await;
    assert_eq!(
        counters(store).await,
        [is("a", 5, 3_600), is("b", 7, 3_700), is("c", 9, 500)]
    );
    add(600, &[("c", 9, 800)]).await;
    assert_eq!(
        counters(store).await,
        [is("a", 5, 3_600), is("b", 7, 3_700), is("c", 9, 800)]
    );
}

fn letter(offset: i64) -> DeadLetterWrite {
    DeadLetterWrite {
        topic: "t".into(),
        partition: 0,
        offset,
        key: None,
        headers: Vec::new(),
        payload: b"{".as_slice().into(),
        reason: RejectReason::InvalidJson,
        detail: String::new(),
    }
}

pub async fn dead_letters_are_tried_again(store: &Store) {
    let set_aside = |offsets: &[i64]| Effects {
        dead_letters: offsets.iter().map(|&offset| letter(offset)).collect(),
        ..Effects::default()
    };
    store_effects(store, &set_aside(&[1, 2, 3, 4])).await;
    execute(
        store,
        "UPDATE dead_letter SET state = 'discarded' WHERE id = 4",
    )
    .await;
    let plan = LoadPlan {
        dead_letters: vec![1, 2, 4, 99],
        ..LoadPlan::default()
    };
    let found = load_plan(store, &plan).await.dead_letters;
    assert_eq!(found, HashSet::from([1, 2]));

    // One is none any more, one still is.
    let effects = Effects {
        replayed: vec![1],
        ..set_aside(&[2])
    };
    store_batch(store, &plan, |_| effects.clone()).await;
    let states = "SELECT id || ' ' || state || ' ' || attempts FROM dead_letter ORDER BY id";
    assert_eq!(
        lines(store, states).await,
        ["1 replayed 2", "2 new 2", "3 new 1", "4 discarded 1"]
    );
    let found = load_plan(store, &plan).await.dead_letters;
    assert_eq!(found, HashSet::from([2]));
}
