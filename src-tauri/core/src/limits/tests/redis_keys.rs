//! What the counters look like in Redis.

use super::support::{Desk, HOUR, IGNORES_3, NOISE_FREE, Place, SHOP, ask, at, keys};
use crate::limits::Used;

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
