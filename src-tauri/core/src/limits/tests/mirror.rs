//! The mirror of the counters in memory: what a restart finds again (occurrences spec, D24).

use super::support::{
    Decision::{Noise, Opened, Refused},
    Desk, FORGE, HOUR, IGNORES_3, IGNORES_5, Item, NOISE_FREE, Place, SHOP, at, decide,
};
use crate::limits::{CounterRow, CounterWrite, Counters, Used};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// The table of a store.
#[derive(Debug, Default)]
pub struct Mirror(BTreeMap<String, CounterRow>);

impl Mirror {
    pub fn write(&mut self, writes: Vec<CounterWrite>, now: DateTime<Utc>) {
        for write in writes {
            let fresh = CounterRow {
                key: write.key.clone(),
                count: 0,
                expires_at: write.expires_at,
            };
            let row = self.0.entry(write.key).or_insert_with(|| fresh.clone());
            if row.expires_at <= now {
                *row = fresh;
            }
            row.count += write.add;
            row.expires_at = row.expires_at.max(write.expires_at);
        }
    }

    pub fn rows(&self) -> Vec<CounterRow> {
        self.0.values().cloned().collect()
    }

    /// Counters that know what this table knows.
    pub fn restart(&self, now: DateTime<Utc>) -> Place {
        let place = Place::memory();
        let Place::Memory(counters) = &place else {
            unreachable!("made in memory")
        };
        counters.restore(self.rows(), now);
        place
    }
}

async fn store(desk: &mut Desk, mirror: &mut Mirror, items: &[Item], now: DateTime<Utc>) {
    let grants = desk.take(items, now).await;
    let (_, used) = decide(&grants, &mut desk.issues, items);
    mirror.write(desk.counters.rows(&grants, &used), now);
    desk.counters.settle(grants, &used, now).await;
}

#[tokio::test]
async fn rows_say_what_was_used_and_until_when_it_counts() {
    let mut desk = Desk::at(&Place::memory());
    let items = [
        (SHOP, "a", IGNORES_3),
        (SHOP, "a", IGNORES_3),
        (FORGE, "b", NOISE_FREE),
        (FORGE, "c", NOISE_FREE),
    ];
    let grants = desk.take(&items, at(90)).await;
    let (_, used) = decide(&grants, &mut desk.issues, &items);
    let rows = desk.counters.rows(&grants, &used);
    assert_eq!(
        rows,
        [
            CounterWrite {
                key: "grouphash:0cc175b9c0f1b6a831c399e269772661:1".to_owned(),
                add: 2,
                expires_at: at(90 + 24 * HOUR),
            },
            CounterWrite {
                key: "sliding-window-rate-limit:issue-platform-issues:2:profile_regex_main_thread:3600:60:28724400"
                    .to_owned(),
                add: 2,
                expires_at: at(90 + HOUR),
            },
        ]
    );
    assert_eq!(desk.counters.rows(&grants, &Used::default()), []);
    desk.counters.settle(grants, &used, at(90)).await;

    // Over the limit: counted, but it expires as before.
    let grants = desk.take(&items[..1], at(100)).await;
    let (decisions, used) = decide(&grants, &mut desk.issues, &items[..1]);
    assert_eq!(decisions, [Opened]);
    let rows = desk.counters.rows(&grants, &used);
    assert_eq!((rows[0].add, rows[0].expires_at), (1, at(90 + 24 * HOUR)));
    desk.counters.settle(grants, &used, at(100)).await;
}

#[tokio::test]
async fn a_restart_forgets_nothing_that_still_counts() {
    let mut desk = Desk::at(&Place::memory());
    let mut mirror = Mirror::default();
    store(
        &mut desk,
        &mut mirror,
        &[(SHOP, "old", IGNORES_3); 2],
        at(0),
    )
    .await;
    store(
        &mut desk,
        &mut mirror,
        &[(SHOP, "a", IGNORES_5); 2],
        at(23 * HOUR),
    )
    .await;
    let four = ["b", "c", "d", "e"].map(|part| (SHOP, part, NOISE_FREE));
    store(&mut desk, &mut mirror, &four, at(24 * HOUR)).await;

    let now = at(24 * HOUR + 60);
    let place = mirror.restart(now);
    assert_eq!(place.len().await, 2);
    let mut desk = Desk::at(&place);
    assert_eq!(desk.counted(SHOP, "old", now).await, 0);
    assert_eq!(
        desk.store(&[(SHOP, "f", NOISE_FREE), (SHOP, "g", NOISE_FREE)], now)
            .await,
        [Opened, Refused]
    );
    assert_eq!(
        desk.store(&[(SHOP, "a", IGNORES_5); 3], now).await,
        [Noise, Noise, Opened]
    );
}

#[tokio::test]
async fn stored_counters_that_make_no_sense_are_left_out() {
    let row = |key: &str, count, seconds| CounterRow {
        key: key.to_owned(),
        count,
        expires_at: at(seconds),
    };
    let counters = Counters::default();
    let noise = "grouphash:0cc175b9c0f1b6a831c399e269772661:1";
    counters.restore(
        [
            row(
                "sliding-window-rate-limit:issue-platform-issues:1:retired_type:3600:60:1",
                3,
                60,
            ),
            row("something else", 3, 60),
            row(&noise.replace(":1", ":2"), -1, 60),
            row(&noise.replace(":1", ":3"), 2, 0),
            row(noise, 2, 60),
        ],
        at(0),
    );
    let Counters::Memory(memory) = &counters else {
        unreachable!("the default")
    };
    assert_eq!(memory.len(), 1);
}

#[tokio::test]
async fn memory_does_not_grow_with_time() {
    let place = Place::memory();
    let mut desk = Desk::at(&place);
    let mut most = 0;
    for hour in 0..240_i64 {
        for part in 0..20 {
            let part: &'static str = format!("{hour} {part}").leak();
            let now = at(hour * HOUR + 120) + TimeDelta::milliseconds(7);
            desk.store(&[(SHOP, part, IGNORES_3), (FORGE, part, NOISE_FREE)], now)
                .await;
        }
        most = most.max(place.len().await);
    }
    // A day of noise and the granules of an hour.
    assert!(most <= 25 * 20 + 2, "{most}");
}
