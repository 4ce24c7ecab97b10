//! Outcomes, dead letters and the store in numbers.

use super::dead_letters::newest;
use super::ingest::event;
use super::support::*;
use crate::model::{DropReason, ProjectId, RejectReason};
use crate::store::{
    DeadLetterWrite, Effects, Ending, OutcomeGrouping, QueryStore, Slot, Store, StoreSummary,
};

pub async fn counted_outcomes_add_up(store: &Store) {
    let dropped = Ending::Dropped(DropReason::FeatureDisabled);
    let set_aside = Ending::DeadLettered(RejectReason::InvalidJson);
    let batch = |seconds, outcomes| Effects {
        outcomes,
        now: Some(at(seconds)),
        ..Effects::default()
    };
    let first = vec![
        (SHOP, Ending::Created, 2),
        (SHOP, Ending::Updated, 5),
        (SHOP, Ending::Created, 1),
        (FORGE, dropped, 4),
    ];
    store_effects(store, &batch(0, first)).await;
    store_effects(
        store,
        &batch(
            60,
            vec![(FORGE, Ending::Created, 10), (ProjectId(0), set_aside, 7)],
        ),
    )
    .await;
    store_effects(store, &batch(3_600, vec![(SHOP, Ending::Updated, 100)])).await;

    let rows = store.outcomes(OutcomeGrouping::Reason).await.unwrap();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.outcome.as_str(), row.group.as_str(), row.quantity))
        .collect();
    let expected = [
        ("accepted", "created", 13.0),
        ("accepted", "updated", 105.0),
        ("dead_lettered", "invalid_json", 7.0),
        ("dropped", "feature_disabled", 4.0),
    ];
    assert_eq!(shown, expected);

    let rows = store.outcomes(OutcomeGrouping::Hour).await.unwrap();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.group.as_str(), row.outcome.as_str(), row.quantity))
        .collect();
    let expected = [
        ("2024-08-12T13:00:00Z", "accepted", 100.0),
        ("2024-08-12T12:00:00Z", "accepted", 18.0),
        ("2024-08-12T12:00:00Z", "dead_lettered", 7.0),
        ("2024-08-12T12:00:00Z", "dropped", 4.0),
    ];
    assert_eq!(shown, expected);
}

fn letter(offset: i64, payload: &[u8], detail: &str) -> DeadLetterWrite {
    DeadLetterWrite {
        topic: "ingest-occurrences".into(),
        partition: 1,
        offset,
        key: Some(b"k\x01".as_slice().into()),
        headers: vec![("trace".to_owned(), b"\xff".to_vec())],
        payload: payload.into(),
        reason: RejectReason::InvalidPayload,
        detail: detail.to_owned(),
    }
}

pub async fn dead_letters_keep_their_bytes(store: &Store) {
    let long = "x".repeat(100_000).into_bytes();
    let letters = vec![
        letter(5, b"{\"id\":1}", "first"),
        letter(6, b"\x00\xff", "bytes"),
        letter(7, &long, "long"),
    ];
    store_effects(
        store,
        &Effects {
            dead_letters: letters,
            now: Some(at(1)),
            ..Effects::default()
        },
    )
    .await;

    let rows = store.dead_letters(newest(10)).await.unwrap().rows;
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.offset.as_str(), row.payload_bytes))
        .collect();
    assert_eq!(shown, [("7", 100_000.0), ("6", 2.0), ("5", 8.0)]);
    assert_eq!(
        (
            rows[0].source.as_str(),
            rows[0].topic.as_str(),
            rows[0].partition
        ),
        ("demo", "ingest-occurrences", 1)
    );
    assert_eq!(
        (rows[2].reason.as_str(), rows[2].detail.as_str()),
        ("invalid_payload", "first")
    );
    assert_eq!(rows[2].stored_at, 1_723_464_001_000.0);
    assert_eq!(store.dead_letters(newest(1)).await.unwrap().rows, rows[..1]);

    let detail = |index: usize| {
        let id = rows[index].id.parse().unwrap();
        async move { store.dead_letter(id).await.unwrap().unwrap() }
    };
    let text = detail(2).await;
    assert_eq!(text.row, rows[2]);
    assert_eq!(text.payload_text.as_deref(), Some("{\"id\":1}"));
    assert_eq!(text.key.as_deref(), Some("k\x01"));
    let bytes = detail(1).await;
    assert_eq!(
        (bytes.payload_text, bytes.payload_base64.as_str()),
        (None, "AP8=")
    );
    assert_eq!(detail(0).await.payload_text.unwrap().len(), 100_000);
    assert!(store.dead_letter(12_345).await.unwrap().is_none());

    // The same record again is one letter, tried twice.
    store_effects(
        store,
        &Effects {
            dead_letters: vec![letter(5, b"{}", "again")],
            ..Effects::default()
        },
    )
    .await;
    let rows = store.dead_letters(newest(10)).await.unwrap().rows;
    assert_eq!((rows.len(), rows[2].detail.as_str()), (3, "again"));
    assert_eq!(
        number(store, "SELECT sum(attempts) FROM dead_letter").await,
        4
    );
}

pub async fn the_summary_counts_what_is_there(store: &Store) {
    let empty = store.summary().await.unwrap();
    assert_eq!(StoreSummary { bytes: 0, ..empty }, StoreSummary::default());
    let effects = Effects {
        issues: vec![opening(issue(SHOP, "crash", at(0)), "crash")],
        occurrences: vec![
            occurrence(1, Some(Slot(0)), at(0)),
            occurrence(2, None, at(0)),
        ],
        events: vec![
            event(SHOP, 1, "{}"),
            event(SHOP, 2, "{}"),
            event(SHOP, 3, "{}"),
        ],
        dead_letters: vec![
            letter(1, b"", ""),
            letter(2, b"", ""),
            letter(3, b"", ""),
            letter(4, b"", ""),
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let full = store.summary().await.unwrap();
    let counts = (
        full.issues,
        full.occurrences,
        full.events,
        full.dead_letters,
        full.revision,
    );
    assert_eq!(counts, (1, 2, 3, 4, 1));
    assert!(full.bytes > 0);
}
