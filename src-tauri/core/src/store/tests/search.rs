//! What searches read: as batches write it, and as it follows issues.

use super::support::*;
use crate::decode::plain_event;
use crate::model::{EventFacts, EventId, IssueId, Term};
use crate::store::TriageStore;
use crate::store::backend::Backend;
use crate::store::{Access, Effects, IngestStore, LoadPlan, OccurrenceWrite, Slot, Store};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// An event of type error with a stack, in a browser.
pub(super) fn facts(browser: &str, value: &str) -> Arc<EventFacts> {
    let body = json!({
        "event_id": Uuid::nil().simple().to_string(), "timestamp": 1_723_464_000, "type": "error", "title": value,
        "tags": {"browser": browser}, "environment": "prod",
        "exception": {"values": [{"type": "ValueError", "value": value,
            "stacktrace": {"frames": [{"function": "Check", "filename": "app/price.py"}]}}]},
    });
    let event = plain_event(SHOP, body.as_object().unwrap().clone()).unwrap();
    event.facts
}

pub(super) fn seen(number: u32, slot: Option<usize>, facts: &Arc<EventFacts>) -> OccurrenceWrite {
    OccurrenceWrite {
        facts: Arc::clone(facts),
        ..occurrence(number, slot.map(Slot), at(i64::from(number)))
    }
}

/// Opens an issue for each title, with these occurrences.
pub(in crate::store) async fn open(
    store: &Store,
    titles: &[&str],
    occurrences: Vec<OccurrenceWrite>,
) {
    let effects = Effects {
        issues: titles
            .iter()
            .map(|title| opening(issue(SHOP, title, at(0)), title))
            .collect(),
        occurrences,
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

/// Further occurrences of the first issue, or of none.
pub(in crate::store) async fn see(store: &Store, occurrences: Vec<OccurrenceWrite>) {
    let effects = Effects {
        issues: vec![touching(loaded(store, IssueId(1)).await)],
        occurrences,
        now: Some(at(0)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

/// Issues that have a term, ascending.
pub(super) async fn issues_with(store: &Store, term: Term) -> Vec<i64> {
    const SQLITE: &str = "SELECT DISTINCT issue_id FROM search_term WHERE term = ?1 ORDER BY 1";
    const POSTGRES: &str = "SELECT DISTINCT issue_id FROM search_term WHERE term = $1 ORDER BY 1";
    match store.backend() {
        Backend::Sqlite(sqlite) => sqlx::query_scalar(SQLITE)
            .bind(term.to_string())
            .fetch_all(sqlite.test_pool())
            .await
            .unwrap(),
        Backend::Postgres(postgres) => sqlx::query_scalar(POSTGRES)
            .bind(term.number())
            .fetch_all(postgres.test_pool())
            .await
            .unwrap(),
    }
}

/// Facts by occurrence: place, issue, the first lines of its texts, browser.
pub(super) async fn written(store: &Store) -> Vec<String> {
    let browser = match store.backend() {
        Backend::Sqlite(_) => "f.facts ->> '$.tags.browser'",
        Backend::Postgres(_) => "f.facts -> 'tags' ->> 'browser'",
    };
    let sql = format!(
        "SELECT CAST(f.seq AS text) || ' ' || CAST(o.issue_id AS text) || ' ' || coalesce(m.text, '-') || ' ' ||
            coalesce(s.text, '-') || ' ' || coalesce({browser}, '-')
         FROM event_fact AS f JOIN occurrence AS o ON o.seq = f.seq
         LEFT JOIN search_text AS m ON m.issue_id = o.issue_id AND m.hash = f.message
         LEFT JOIN search_text AS s ON s.issue_id = o.issue_id AND s.hash = f.stack
         ORDER BY f.seq"
    );
    let lines = lines(store, &sql).await;
    lines
        .into_iter()
        .map(|line| line.replace('\n', "/"))
        .collect()
}

async fn texts(store: &Store) -> i64 {
    number(store, "SELECT count(*) FROM search_text").await
}

pub async fn a_batch_writes_what_searches_read(store: &Store) {
    let firefox = facts("Firefox", "bad");
    let chrome = facts("Chrome", "bad");
    let occurrences = vec![
        seen(1, Some(0), &firefox),
        seen(2, Some(0), &chrome),
        seen(3, Some(1), &firefox),
        seen(4, None, &facts("Safari", "bad")),
    ];
    open(store, &["one", "two"], occurrences).await;
    let stack = "app/price.py/check";
    assert_eq!(
        written(store).await,
        [
            format!("1 1 bad/valueerror {stack} Firefox"),
            format!("2 1 bad/valueerror {stack} Chrome"),
            format!("3 2 bad/valueerror {stack} Firefox"),
        ]
    );
    // For each issue its own text and the two of its events.
    assert_eq!(texts(store).await, 6);
    assert_eq!(
        issues_with(store, Term::of("browser", "Firefox")).await,
        [1, 2]
    );
    assert_eq!(issues_with(store, Term::of("browser", "Chrome")).await, [1]);
    assert_eq!(issues_with(store, Term::of_key("browser")).await, [1, 2]);
    assert_eq!(
        issues_with(store, Term::of("error.type", "ValueError")).await,
        [1, 2]
    );
    assert_eq!(
        issues_with(store, Term::of("browser", "Safari")).await,
        [0; 0]
    );
    let own = "SELECT t.text FROM issue AS i JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash ORDER BY i.id";
    assert_eq!(
        lines(store, own).await,
        [
            "one\nbelow it\none below it\napp.main",
            "two\nbelow it\ntwo below it\napp.main"
        ]
    );
    let lists = match store.backend() {
        Backend::Sqlite(_) => {
            "SELECT facts FROM search_text WHERE facts IS NOT NULL AND issue_id = 1"
        }
        Backend::Postgres(_) => {
            "SELECT facts::text FROM search_text WHERE facts IS NOT NULL AND issue_id = 1"
        }
    };
    let mut lists: Vec<Value> = lines(store, lists)
        .await
        .iter()
        .map(|list| serde_json::from_str(list).unwrap())
        .collect();
    lists.sort_by_key(ToString::to_string);
    assert_eq!(
        lists,
        [
            json!({"error.type": ["ValueError"], "error.value": ["bad"]}),
            json!({"stack.filename": ["app/price.py"], "stack.function": ["Check"], "stack.stack_level": [0]}),
        ]
    );
    let values = "SELECT value FROM search_value WHERE key = 'browser' ORDER BY value";
    assert_eq!(lines(store, values).await, ["Chrome", "Firefox", "Safari"]);
    assert!(store.search_backlog().await.unwrap().is_empty());
}

pub async fn what_is_known_is_not_written_again(store: &Store) {
    let firefox = facts("Firefox", "bad");
    open(store, &["one"], vec![seen(1, Some(0), &firefox)]).await;
    let first = texts(store).await;
    for number in 2..5 {
        see(store, vec![seen(number, Some(0), &firefox)]).await;
    }
    assert_eq!(texts(store).await, first);
    assert_eq!(written(store).await.len(), 4);
    assert!(
        written(store)
            .await
            .iter()
            .all(|line| line.ends_with("Firefox") && !line.contains(" - "))
    );
    if let Backend::Sqlite(_) = store.backend() {
        let rows = number(store, "SELECT count(DISTINCT doc) FROM search_term_row").await;
        assert_eq!(rows, 1, "one batch had new terms");
    }
}

pub async fn a_replaced_occurrence_has_the_facts_of_the_new_one(store: &Store) {
    open(
        store,
        &["one"],
        vec![
            seen(1, Some(0), &facts("Firefox", "bad")),
            seen(2, Some(0), &facts("Firefox", "bad")),
        ],
    )
    .await;
    see(store, vec![seen(1, Some(0), &facts("Chrome", "worse"))]).await;
    let stack = "app/price.py/check";
    let first = format!("1 1 worse/valueerror {stack} Chrome");
    assert_eq!(
        written(store).await,
        [first.clone(), format!("2 1 bad/valueerror {stack} Firefox")]
    );
    see(store, vec![seen(2, None, &facts("Chrome", "worse"))]).await;
    assert_eq!(
        written(store).await,
        [first],
        "the other has no issue any more"
    );
    assert_eq!(number(store, "SELECT count(*) FROM event_fact").await, 1);
}

pub async fn an_issue_that_is_renamed_points_to_its_new_text(store: &Store) {
    open(store, &["one"], vec![]).await;
    let own = "SELECT t.text FROM issue AS i JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash";
    for title in ["two", "one", "Two"] {
        change(store, IssueId(1), |state| {
            state.issue.data.insert("title".to_owned(), json!(title));
            state
                .issue
                .data
                .insert("metadata".to_owned(), json!({"title": title}));
        })
        .await;
        let text = &lines(store, own).await[0];
        assert!(text.starts_with(&title.to_lowercase()), "{title}: {text}");
    }
}

pub async fn another_start_finds_what_was_written(store: &Store) {
    if store.describe() == "sqlite::memory:" {
        return;
    }
    let firefox = facts("Firefox", "bad");
    open(store, &["one"], vec![seen(1, Some(0), &firefox)]).await;
    let before = (
        texts(store).await,
        number(store, "SELECT count(*) FROM search_value").await,
    );
    let url = address_of(store);
    store.close().await;
    let again = Store::open(&url, Access::ReadWrite).await.unwrap();
    see(&again, vec![seen(2, Some(0), &firefox)]).await;
    let stack = "app/price.py/check";
    assert_eq!(
        written(&again).await,
        [
            format!("1 1 bad/valueerror {stack} Firefox"),
            format!("2 1 bad/valueerror {stack} Firefox")
        ]
    );
    let after = (
        texts(&again).await,
        number(&again, "SELECT count(*) FROM search_value").await,
    );
    assert_eq!(after, before);
    assert_eq!(
        issues_with(&again, Term::of("browser", "Firefox")).await,
        [1]
    );
    again.close().await;
}

pub async fn writers_of_the_same_facts_lose_none(store: &Store) {
    open(store, &["one", "two"], vec![]).await;
    let batches = (0..6).map(|batch: u32| async move {
        for round in 0..5_u32 {
            let number = 10 + batch * 100 + round * 10;
            let plan = LoadPlan {
                issues: vec![IssueId(1), IssueId(2)],
                now: Some(at(0)),
                ..LoadPlan::default()
            };
            let decide = move |state: crate::store::BatchState| {
                let mut issues: Vec<_> = state.issues.into_values().collect();
                issues.sort_by_key(|state| state.issue.id);
                Effects {
                    issues: issues.into_iter().map(touching).collect(),
                    occurrences: vec![
                        seen(number, Some(0), &facts(&format!("b{round}"), "same")),
                        seen(
                            number + 1,
                            Some(1),
                            &facts(&format!("b{}", 9 - round), &format!("own {batch}")),
                        ),
                    ],
                    now: Some(at(0)),
                    ..Effects::default()
                }
            };
            store.ingest("demo", &[], &plan, &decide).await.unwrap();
        }
    });
    join_all(batches).await;
    let written = written(store).await;
    assert_eq!(written.len(), 60);
    assert!(
        written.iter().all(|line| !line.contains(" - ")),
        "{written:#?}"
    );
    let values = "SELECT count(*) FROM search_value WHERE key = 'browser'";
    assert_eq!(number(store, values).await, 10);
    for round in 0..5 {
        assert!(
            issues_with(store, Term::of("browser", &format!("b{round}")))
                .await
                .contains(&1)
        );
    }
}

pub async fn a_key_has_a_limited_number_of_values(store: &Store) {
    let tags = |from: u32, to: u32| -> Vec<OccurrenceWrite> {
        (from..to)
            .map(|number| seen(number + 1, Some(0), &facts(&format!("b{number}"), "bad")))
            .collect()
    };
    open(store, &["one"], tags(0, 1_500)).await;
    see(store, tags(1_500, 2_500)).await;
    let values = "SELECT count(*) FROM search_value WHERE key = 'browser'";
    assert_eq!(number(store, values).await, 2_000);
    assert_eq!(
        issues_with(store, Term::of("browser", "b2400")).await,
        [1],
        "terms have no limit"
    );
}

pub async fn an_event_is_found_by_its_id(store: &Store) {
    let nothing = Arc::<EventFacts>::default();
    let of_event = |number: u32, event: u128, slot| OccurrenceWrite {
        event_id: EventId(Uuid::from_u128(event)),
        ..seen(number, slot, &nothing)
    };
    // The second has the same first half.
    let (event, like_it) = (
        0xabcd_ef01_2345_6789 << 64,
        (0xabcd_ef01_2345_6789 << 64) | 1,
    );
    let other_project = OccurrenceWrite {
        project_id: FORGE,
        ..of_event(5, event, Some(1))
    };
    open(
        store,
        &["one", "two", "three"],
        vec![
            of_event(1, event, Some(0)),
            of_event(2, event, Some(0)),
            of_event(3, like_it, Some(2)),
            of_event(4, event, None),
            other_project,
        ],
    )
    .await;
    let found = |event| async move {
        store
            .issues_of_event(EventId(Uuid::from_u128(event)))
            .await
            .unwrap()
    };
    assert_eq!(
        found(event).await,
        [(SHOP, IssueId(1)), (FORGE, IssueId(2))]
    );
    assert_eq!(found(like_it).await, [(SHOP, IssueId(3))]);
    assert_eq!(found(7).await, []);
}

pub async fn the_facts_of_deleted_issues_go(store: &Store) {
    open(
        store,
        &["one", "two"],
        vec![
            seen(1, Some(0), &facts("Firefox", "bad")),
            seen(2, Some(1), &facts("Chrome", "bad")),
        ],
    )
    .await;
    store
        .delete_search_rows(&[IssueId(1), IssueId(9)])
        .await
        .unwrap();
    assert_eq!(
        written(store).await,
        ["2 2 bad/valueerror app/price.py/check Chrome"]
    );
    assert_eq!(
        number(store, "SELECT count(*) FROM search_text WHERE issue_id = 1").await,
        0
    );
    assert_eq!(
        number(store, "SELECT count(*) FROM search_text WHERE issue_id = 2").await,
        3
    );
    if let Backend::Sqlite(_) = store.backend() {
        let left = number(
            store,
            "SELECT count(*) FROM search_text_fts WHERE search_text_fts MATCH '\"bad\"'",
        )
        .await;
        assert_eq!(left, 1, "the index follows the texts");
    }
    assert_eq!(issues_with(store, Term::of("browser", "Chrome")).await, [2]);
}

pub async fn terms_of_deleted_issues_are_swept_out(store: &Store) {
    open(
        store,
        &["one", "two", "three"],
        vec![
            seen(1, Some(0), &facts("Firefox", "bad")),
            seen(2, Some(1), &facts("Firefox", "worse")),
            seen(3, Some(2), &facts("Opera", "worst")),
        ],
    )
    .await;
    assert_eq!(store.sweep_search().await.unwrap(), 0);
    let firefox = Term::of("browser", "Firefox");
    store
        .delete_search_rows(&[IssueId(1), IssueId(3)])
        .await
        .unwrap();
    let swept = store.sweep_search().await.unwrap();
    match store.backend() {
        Backend::Sqlite(_) => assert_eq!(swept, 0),
        Backend::Postgres(_) => {
            assert!(swept > 2, "{swept}");
            assert_eq!(
                issues_with(store, Term::of("browser", "Opera")).await,
                [0; 0]
            );
            assert_eq!(issues_with(store, firefox).await, [2]);
            let left = "SELECT count(*) FROM search_ghost";
            assert_eq!(number(store, left).await, 0);
        }
    }
    assert!(issues_with(store, firefox).await.contains(&2));
    assert_eq!(store.sweep_search().await.unwrap(), 0);
}

pub async fn facts_follow_events_to_another_issue_and_back(store: &Store) {
    open(
        store,
        &["one", "two", "three"],
        vec![
            seen(1, Some(0), &facts("Firefox", "same")),
            seen(2, Some(0), &facts("Opera", "only one")),
            seen(3, Some(1), &facts("Chrome", "same")),
        ],
    )
    .await;
    let stack = "app/price.py/check";
    let moved = |issue: i64| {
        [
            format!("1 {issue} same/valueerror {stack} Firefox"),
            format!("2 {issue} only one/valueerror {stack} Opera"),
            format!("3 2 same/valueerror {stack} Chrome"),
        ]
    };
    for (from, to) in [(1, 2), (2, 1), (1, 3), (3, 2)] {
        execute(
            store,
            &format!("UPDATE occurrence SET issue_id = {to} WHERE seq < 3"),
        )
        .await;
        store
            .move_search_rows(IssueId(from), IssueId(to))
            .await
            .unwrap();
        assert_eq!(written(store).await, moved(to), "{from} to {to}");
        let found = issues_with(store, Term::of("browser", "Opera")).await;
        assert!(found.contains(&to), "{from} to {to}: {found:?}");
    }
}

#[tokio::test]
async fn the_trigram_index_finds_lower_case_texts() {
    in_memory(async |store: &Store| {
        open(
            store,
            &["one"],
            vec![seen(1, Some(0), &facts("Firefox", "Ünbekannter FEHLER"))],
        )
        .await;
        let found = |trigrams: &str| {
            let sql = format!(
                "SELECT count(*) FROM search_text_fts WHERE search_text_fts MATCH '{trigrams}'"
            );
            async move { number(store, &sql).await }
        };
        assert_eq!(found("\"feh\" AND \"hle\"").await, 1);
        assert_eq!(found("\"ünb\"").await, 1);
        assert_eq!(found("\"FEH\"").await, 0);
    })
    .await;
}
