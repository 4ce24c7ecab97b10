//! Bad records: each is accounted with its reason, none stops the stream, each can be looked at.

use picket_core::store::{DeadLetterFilter, QueryStore};
use picket_tests::feeds::{messages, observe, open, picture, wait_for_records};
use picket_tests::kafka::{Outgoing, Topic};
use picket_tests::messages::bad;
use picket_tests::postgres::Database;
use picket_tests::service;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn bad_records_are_set_aside_between_good_ones_in_both_stores() {
    let (Some(brokers), Some(server)) = (service::kafka(), service::postgres()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(&server).await.unwrap();
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for (reason, _) in bad() {
        *expected.entry(reason.to_owned()).or_default() += 1;
    }
    let good = 100;
    for url in [
        format!("sqlite://{}/picket.db", folder.path().display()),
        database.url().to_owned(),
    ] {
        // One partition, so that every bad record stands between good ones.
        let topic = Topic::create(&brokers, "bad", 1).await.unwrap();
        let mut records: Vec<_> = messages(good, 10).collect();
        for (place, (_, payload)) in bad().into_iter().enumerate() {
            records.insert(
                2 * place + 1,
                Outgoing::new(payload)
                    .key("\0\u{1f}")
                    .header("origin", "a test"),
            );
        }
        let total = records.len() as u64;
        topic.send(records).unwrap();
        let store = open(&url).await;
        let feed = observe(&store, &topic);
        wait_for_records(&feed, total).await;
        feed.stop().await.unwrap();

        let picture = picture(&store).await;
        assert_eq!(picture.times_seen(), good);
        let newest = DeadLetterFilter {
            state: None,
            reason: None,
            limit: 1_000,
        };
        let letters = store.dead_letters(newest).await.unwrap().rows;
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for letter in &letters {
            *found.entry(letter.reason.clone()).or_default() += 1;
            assert!(!letter.detail.is_empty(), "{letter:?}");
        }
        assert_eq!(found, expected);
        for letter in letters {
            let detail = store
                .dead_letter(letter.id.parse().unwrap())
                .await
                .unwrap()
                .unwrap();
            let sent =
                &bad()[usize::try_from((letter.offset.parse::<i64>().unwrap() - 1) / 2).unwrap()].1;
            assert_eq!(
                detail.row.payload_bytes as usize,
                sent.len(),
                "the bytes are kept as they came"
            );
            assert_eq!(
                detail.payload_text.as_deref(),
                std::str::from_utf8(sent).ok()
            );
        }
        store.close().await;
        topic.delete().await.unwrap();
    }
}
