//! What the counters look like in Redis.

use super::support::{Desk, HOUR, IGNORES_3, NOISE_FREE, Place, SHOP, ask, at, keys, wants};
use crate::limits::Used;
use std::collections::HashSet;

#[tokio::test]
async fn keys_have_the_names_and_lifetimes_of_the_specification() {
    let Some(place) = Place::redis("keys_have_the_names_and_lifetimes_of_the_specification") else {
        return;
    };
    let Place::Redis { url, prefix } = &place else {
        unreachable!("made in Redis")
    };
    let mut desk = Desk::at(&place);
    desk.store(
        &[
            (SHOP, "a", IGNORES_3),
            (SHOP, "a", IGNORES_3),
            (SHOP, "b", NOISE_FREE),
        ],
        at(90),
    )
    .await;
    let noise = format!("{prefix}grouphash:0cc175b9c0f1b6a831c399e269772661:1");
    let quota = format!(
        "{prefix}sliding-window-rate-limit:issue-platform-issues:1:profile_regex_main_thread:3600:60:28724400"
    );
    assert_eq!(keys(url, prefix).await, [noise.clone(), quota.clone()]);

    let fields = ["n", "firm", "tentative", "pending"];
    let read = |key: &str| {
        let mut command = redis::cmd("HMGET");
        command.arg(key).arg(&fields);
        command
    };
    let expiry = at(90 + 24 * HOUR).timestamp_millis();
    let stored: Vec<i64> = ask(url, &read(&noise)).await;
    assert_eq!(stored, [2, expiry, 0, 0]);
    assert_eq!(ask::<i64>(url, redis::cmd("GET").arg(&quota)).await, 1);

    let lifetime = async |key: &str| ask::<i64>(url, redis::cmd("TTL").arg(key)).await;
    let noise_kept = 24 * HOUR + 60;
    assert!((noise_kept - 300..=noise_kept).contains(&lifetime(&noise).await));
    assert!((HOUR - 300..=HOUR).contains(&lifetime(&quota).await));

    // Under way: what is not settled shows.
    let grants = desk.take(&[(SHOP, "a", IGNORES_3)], at(100)).await;
    let stored: Vec<i64> = ask(url, &read(&noise)).await;
    assert_eq!(stored, [3, expiry, 0, 1]);
    desk.counters
        .settle(grants, &Used::default(), at(100))
        .await;
    place.clear().await;
    assert_eq!(place.len().await, 0);
}

#[tokio::test]
async fn keys_of_another_program_are_told_and_left_alone() {
    let Some(place) = Place::redis("keys_of_another_program_are_told_and_left_alone") else {
        return;
    };
    let Place::Redis { url, prefix } = &place else {
        unreachable!("made in Redis")
    };
    let key = format!("{prefix}grouphash:0cc175b9c0f1b6a831c399e269772661:1");
    let _: () = ask(url, redis::cmd("SET").arg(&key).arg(7)).await;
    let counters = place.writer();
    let wants = wants(&HashSet::new(), &[(SHOP, "a", IGNORES_3)]);
    let grants = counters.take(&wants, at(0)).await;
    assert!(grants.is_open());
    counters.settle(grants, &Used::default(), at(0)).await;
    let reason = counters.status().reason.unwrap();
    assert!(reason.contains("a database of their own"), "{reason}");
    assert_eq!(ask::<i64>(url, redis::cmd("GET").arg(&key)).await, 7);
    place.clear().await;
}
