//! What searches read of what was stored before they read anything.

use super::search::{facts, issues_with, open, see, seen, written};
use super::support::*;
use crate::decode::plain_event;
use crate::model::{EventFacts, EventId, IssueId, ProjectId, Term, TermBits};
use crate::store::backend::Backend;
use crate::store::{
    Access, Effects, EventWrite, OccurrenceWrite, SearchBacklog, Store, TriageStore,
};
use futures_util::future::join;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Everything of these tables as it is before the migration.
async fn forget(store: &Store) {
    let terms = match store.backend() {
        Backend::Sqlite(_) => {
            "INSERT INTO search_term_fts (search_term_fts) VALUES ('delete-all');
             INSERT INTO occurrence_event_fts (occurrence_event_fts) VALUES ('delete-all');"
        }
        Backend::Postgres(_) => "DELETE FROM search_own_term;",
    };
    let sql = format!(
        "DELETE FROM event_fact; DELETE FROM search_text; DELETE FROM search_value; {terms}
         UPDATE issue SET text_hash = NULL; UPDATE occurrence SET term_bits = NULL;
         UPDATE search_backlog SET next_seq = 0, last_seq = 0;"
    );
    execute(store, &sql).await;
}

fn stored(project_id: ProjectId, number: u32, browser: &str) -> EventWrite {
    let body = json!({
        "event_id": Uuid::from_u128(u128::from(number)).simple().to_string(), "timestamp": 1_723_464_000,
        "tags": {"browser": browser}, "message": "from before",
    });
    let event = plain_event(project_id, body.as_object().unwrap().clone()).unwrap();
    EventWrite {
        project_id,
        event_id: event.event_id,
        event_type: event.event_type,
        event_time: event.timestamp,
        body: event.body.unwrap(),
    }
}

pub async fn what_was_stored_before_becomes_known(store: &Store) {
    let nothing = Arc::<EventFacts>::default();
    let light = OccurrenceWrite {
        light_tags: vec![("browser".to_owned(), "Light".to_owned())],
        ..seen(2, Some(0), &nothing)
    };
    let unreadable = OccurrenceWrite {
        payload: Arc::from(&b"no zstd"[..]),
        ..seen(4, Some(0), &nothing)
    };
    let effects = Effects {
        issues: vec![opening(issue(SHOP, "one", at(0)), "one")],
        occurrences: vec![
            seen(1, Some(0), &nothing),
            light,
            seen(3, None, &nothing),
            unreadable,
            seen(5, Some(0), &facts("Kept", "kept")),
        ],
        events: vec![stored(SHOP, 1, "Firefox"), stored(SHOP, 3, "Nobody")],
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    if store.describe() == "sqlite::memory:" {
        forget(store).await;
        index(store).await;
        return;
    }
    // As the next start finds it.
    let url = address_of(store);
    forget(store).await;
    store.close().await;
    let again = Store::open(&url, Access::ReadWrite).await.unwrap();
    index(&again).await;
    again.close().await;
}

async fn index(store: &Store) {
    assert_eq!(
        store.search_backlog().await.unwrap(),
        SearchBacklog {
            occurrences: 0,
            has_issues: true
        }
    );
    store.restart_search_backlog().await.unwrap();
    assert_eq!(store.search_backlog().await.unwrap().occurrences, 5);
    let before = number(
        store,
        "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset",
    )
    .await;
    let mut rounds = 0;
    while store.index_backlog(2).await.unwrap() {
        rounds += 1;
        assert!(rounds < 10, "it ends");
    }
    assert!(store.search_backlog().await.unwrap().is_empty());
    assert!(!store.index_backlog(2).await.unwrap());
    let expected = [
        "1 1 from before - Firefox",
        "2 1 segfault - Light",
        "4 1 - - -",
        // Its record says so; it has no body.
        "5 1 segfault - -",
    ];
    assert_eq!(written(store).await, expected);
    // The third one has no issue, of the fourth nothing is known.
    let with_bits =
        "SELECT CAST(seq AS text) FROM occurrence WHERE term_bits IS NOT NULL ORDER BY seq";
    assert_eq!(lines(store, with_bits).await, ["1", "2", "5"]);
    let light = "SELECT term_bits FROM occurrence WHERE seq = 2";
    let asked = TermBits::of(&[
        Term::of("browser", "Light"),
        Term::of("environment", "prod"),
    ])
    .number();
    assert_eq!(number(store, light).await & asked, asked);
    // A cache that was warm before the rows went knows terms that are gone.
    if store.describe() != "sqlite::memory:" {
        assert_eq!(
            issues_with(store, Term::of("browser", "Firefox")).await,
            [1]
        );
        assert_eq!(issues_with(store, Term::of("browser", "Light")).await, [1]);
    }
    assert_eq!(
        issues_with(store, Term::of("browser", "Nobody")).await,
        [0; 0]
    );
    let event = EventId(Uuid::from_u128(1));
    assert_eq!(
        store.issues_of_event(event).await.unwrap(),
        [(SHOP, IssueId(1))]
    );
    let own = "SELECT t.text FROM issue AS i JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash";
    assert_eq!(
        lines(store, own).await,
        ["one\nbelow it\none below it\napp.main"]
    );
    let after = number(
        store,
        "SELECT coalesce(sum(next_offset), 0) FROM consumer_offset",
    )
    .await;
    assert_eq!(after, before);
}

pub async fn batches_and_the_backlog_meet(store: &Store) {
    let occurrences = (1..60)
        .map(|number| seen(number, Some(0), &facts("Firefox", "bad")))
        .collect();
    open(store, &["one"], occurrences).await;
    execute(store, "DELETE FROM event_fact").await;
    store.restart_search_backlog().await.unwrap();
    let backlog = async { while store.index_backlog(7).await.unwrap() {} };
    let again = async {
        for number in (1..60).rev() {
            see(store, vec![seen(number, Some(0), &facts("Chrome", "new"))]).await;
        }
    };
    join(backlog, again).await;
    let written = written(store).await;
    assert_eq!(written.len(), 59);
    assert!(
        written.iter().all(|line| line.ends_with("Chrome")),
        "{written:#?}"
    );
}
