//! Records that could not be processed.

use super::support::*;
use crate::model::RejectReason;
use crate::store::{
    DeadLetterFilter, DeadLetterRecord, DeadLetterState, DeadLetterWrite, Effects, QueryStore,
    Store, TriageStore,
};
use crate::view::DeadLetterList;

/// The newest ones, whatever they are.
pub fn newest(limit: u32) -> DeadLetterFilter {
    DeadLetterFilter {
        state: None,
        reason: None,
        limit,
    }
}

fn letter(offset: i64, reason: RejectReason) -> DeadLetterWrite {
    DeadLetterWrite {
        topic: "ingest-occurrences".into(),
        partition: 2,
        offset,
        key: (offset % 2 == 0).then(|| b"\x00key".as_slice().into()),
        headers: vec![
            ("trace".to_owned(), b"\xff\x00".to_vec()),
            ("trace".to_owned(), Vec::new()),
        ],
        payload: format!("payload {offset}\0").into_bytes().into(),
        reason,
        detail: "why".to_owned(),
    }
}

/// Sets records aside, one for each reason, and answers their ids in that order.
async fn set_aside(store: &Store, reasons: &[RejectReason]) -> Vec<i64> {
    let letters = (100..).zip(reasons);
    let effects = Effects {
        dead_letters: letters
            .map(|(offset, &reason)| letter(offset, reason))
            .collect(),
        now: Some(at(1)),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let mut rows = store.dead_letters(newest(1_000)).await.unwrap().rows;
    rows.sort_by_key(|row| row.offset.parse::<i64>().unwrap());
    rows.iter().map(|row| row.id.parse().unwrap()).collect()
}

fn ids(list: &DeadLetterList) -> Vec<i64> {
    list.rows
        .iter()
        .map(|row| row.id.parse().unwrap())
        .collect()
}

fn by_reason(list: &DeadLetterList) -> Vec<(&str, f64)> {
    let counts = list.by_reason.iter();
    counts
        .map(|reason| (reason.reason.as_str(), reason.count))
        .collect()
}

pub async fn dead_letters_are_listed_and_counted_by_state_and_reason(store: &Store) {
    use RejectReason::{InternalError, InvalidJson, InvalidPayload};
    let reasons = [
        InvalidJson,
        InvalidPayload,
        InvalidJson,
        InternalError,
        InvalidJson,
    ];
    let id = set_aside(store, &reasons).await;
    let moved = store
        .move_dead_letters(&id[2..4], DeadLetterState::New, DeadLetterState::Discarded)
        .await;
    assert_eq!(moved.unwrap(), 2);

    let list = async |state, reason, limit| {
        let filter = DeadLetterFilter {
            state,
            reason,
            limit,
        };
        store.dead_letters(filter).await.unwrap()
    };
    let all = list(None, None, 10).await;
    assert_eq!(ids(&all), [id[4], id[3], id[2], id[1], id[0]]);
    let states: Vec<_> = all.rows.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["new", "discarded", "discarded", "new", "new"]);
    assert!(all.rows.iter().all(|row| row.attempts == 1.0));
    assert_eq!(all.total, 5.0);
    let counts = [
        ("internal_error", 1.0),
        ("invalid_json", 3.0),
        ("invalid_payload", 1.0),
    ];
    assert_eq!(by_reason(&all), counts);

    let few = list(None, None, 2).await;
    assert_eq!((ids(&few), few.total), (vec![id[4], id[3]], 5.0));
    let none = list(None, None, 0).await;
    assert_eq!((ids(&none), none.total), (vec![], 5.0));

    let new = list(Some(DeadLetterState::New), None, 10).await;
    assert_eq!((ids(&new), new.total), (vec![id[4], id[1], id[0]], 3.0));
    assert_eq!(
        by_reason(&new),
        [("invalid_json", 2.0), ("invalid_payload", 1.0)]
    );
    let json = list(None, Some(InvalidJson), 2).await;
    assert_eq!((ids(&json), json.total), (vec![id[4], id[2]], 3.0));
    assert_eq!(by_reason(&json), counts, "whatever reason is asked for");
    let both = list(Some(DeadLetterState::New), Some(InvalidJson), 10).await;
    assert_eq!((ids(&both), both.total), (vec![id[4], id[0]], 2.0));
    let replayed = list(Some(DeadLetterState::Replayed), None, 10).await;
    assert_eq!(replayed, DeadLetterList::default());
    let strange = list(None, Some(RejectReason::UnknownGroupType), 10).await;
    assert_eq!((ids(&strange), strange.total), (vec![], 0.0));
}

pub async fn an_empty_store_has_an_empty_list_of_dead_letters(store: &Store) {
    let list = store.dead_letters(newest(10)).await.unwrap();
    assert_eq!(list, DeadLetterList::default());
    for ids in [&[][..], &[1, 2]] {
        assert!(store.dead_letter_records(ids).await.unwrap().is_empty());
        let (from, to) = (DeadLetterState::New, DeadLetterState::Discarded);
        assert_eq!(store.move_dead_letters(ids, from, to).await.unwrap(), 0);
    }
    assert_eq!(store.summary().await.unwrap().revision, 0);
}

pub async fn words_of_another_program_are_shown_as_they_are(store: &Store) {
    let id = set_aside(
        store,
        &[RejectReason::InvalidJson, RejectReason::InvalidJson],
    )
    .await;
    let sql = format!(
        "UPDATE dead_letter SET state = 'parked', reason = 'too_green' WHERE id = {}",
        id[0]
    );
    execute(store, &sql).await;
    let list = store.dead_letters(newest(10)).await.unwrap();
    assert_eq!(ids(&list), [id[1], id[0]]);
    assert_eq!(
        (list.rows[1].state.as_str(), list.rows[1].reason.as_str()),
        ("parked", "too_green")
    );
    assert_eq!(
        by_reason(&list),
        [("invalid_json", 1.0), ("too_green", 1.0)]
    );
    assert_eq!(list.total, 2.0);
    let records = store.dead_letter_records(&id).await.unwrap();
    assert_eq!(records.len(), 1, "a state that is not known is not new");
}

pub async fn records_of_dead_letters_are_exact(store: &Store) {
    let reasons = [RejectReason::InternalError; 4];
    let id = set_aside(store, &reasons).await;
    store
        .move_dead_letters(&id[1..2], DeadLetterState::New, DeadLetterState::Replayed)
        .await
        .unwrap();
    let wanted = [id[3], id[1], id[0], id[3], 987_654];
    let records = store.dead_letter_records(&wanted).await.unwrap();
    let expected: Vec<_> = [(id[0], 100), (id[3], 103)]
        .into_iter()
        .map(|(id, offset)| DeadLetterRecord {
            id,
            source: "demo".to_owned(),
            topic: "ingest-occurrences".to_owned(),
            partition: 2,
            offset,
            key: (offset == 100).then(|| b"\x00key".to_vec()),
            headers: vec![
                ("trace".to_owned(), vec![0xff, 0]),
                ("trace".to_owned(), Vec::new()),
            ],
            payload: format!("payload {offset}\0").into_bytes(),
        })
        .collect();
    assert_eq!(records, expected);
}

pub async fn a_dead_letter_moves_from_the_state_it_is_in(store: &Store) {
    use DeadLetterState::{Discarded, New, Replayed};
    let id = set_aside(store, &[RejectReason::InternalError; 3]).await;
    let before = store.summary().await.unwrap().revision;
    let moved = async |ids: &[i64], from, to| {
        let moved = store.move_dead_letters(ids, from, to).await.unwrap();
        let revision = store.summary().await.unwrap().revision;
        (moved, revision - before)
    };
    assert_eq!(moved(&[id[0], id[1], 555], New, Discarded).await, (2, 1));
    assert_eq!(moved(&id, New, Replayed).await, (1, 2));
    assert_eq!(moved(&id, New, Discarded).await, (0, 2), "nothing moved");
    assert_eq!(moved(&[], Discarded, New).await, (0, 2));
    assert_eq!(moved(&[id[0], id[0]], Discarded, New).await, (1, 3));
    let list = store.dead_letters(newest(3)).await.unwrap();
    let states: Vec<_> = list.rows.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["replayed", "discarded", "new"]);
}

pub async fn a_dead_letter_is_moved_by_one_of_many(store: &Store) {
    use DeadLetterState::{Discarded, New, Replayed};
    let mut id = set_aside(store, &[RejectReason::InternalError; 40]).await;
    let forwards = id.clone();
    id.reverse();
    for _ in 0..5 {
        let moves = futures_util::future::join_all([
            store.move_dead_letters(&forwards, New, Discarded),
            store.move_dead_letters(&id, New, Replayed),
            store.move_dead_letters(&forwards[10..30], New, Replayed),
        ]);
        let moved: u64 = moves.await.into_iter().map(Result::unwrap).sum();
        assert_eq!(moved, 40);
        execute(store, "UPDATE dead_letter SET state = 'new'").await;
    }
}
