//! Whatever batches come, decisions are those of one occurrence after the other.

use super::mirror::Mirror;
use super::support::{
    Decision, FORGE, IGNORES_3, IGNORES_5, Item, NOISE_FREE, Place, SHOP, at, decide, group_type,
    wants,
};
use crate::limits::Used;
use crate::limits::grants::NoiseKey;
use crate::model::GroupHash;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{HashMap, HashSet};

/// Sections 10 and 11 of the occurrences spec, word for word and one occurrence at a time.
#[derive(Default)]
struct Naive {
    /// Count and expiry.
    noise: HashMap<NoiseKey, (u32, DateTime<Utc>)>,
    granules: HashMap<(i64, &'static str, i64), u32>,
    issues: HashSet<NoiseKey>,
}

impl Naive {
    fn occurrence(&mut self, (project, part, id): Item, now: DateTime<Utc>) -> Decision {
        let key = (project, GroupHash::of(part));
        let group_type = group_type(id);
        if self.issues.contains(&key) {
            return Decision::Joined;
        }
        if let Some(noise) = group_type.noise {
            if self
                .noise
                .get(&key)
                .is_some_and(|(_, expiry)| now >= *expiry)
            {
                self.noise.remove(&key);
            }
            let expiry = now + noise.expiry;
            let (n, expires) = self.noise.entry(key).or_insert((0, expiry));
            *n += 1;
            if *n < noise.ignore_limit {
                *expires = expiry;
                return Decision::Noise;
            }
        }
        let minute = now.timestamp().div_euclid(60);
        let used: u32 = (minute - 60..minute)
            .filter_map(|granule| self.granules.get(&(project.0, group_type.slug, granule)))
            .sum();
        if used >= group_type.creation_quota {
            return Decision::Refused;
        }
        *self
            .granules
            .entry((project.0, group_type.slug, minute - 1))
            .or_default() += 1;
        self.issues.insert(key);
        Decision::Opened
    }
}

#[derive(Debug, Clone)]
struct Step {
    wait: TimeDelta,
    items: Vec<Item>,
    /// The batch is tried once before it is stored.
    tried_before: bool,
    /// How much later than it took it settles.
    settles: TimeDelta,
    forgets: Vec<(usize, usize)>,
    restarts: bool,
}

const PARTS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

fn item() -> impl Strategy<Value = Item> {
    // 1010 and 1011 beside the common ones: a second noise-free slug, a second one that ignores three.
    let types = select(vec![
        IGNORES_3, IGNORES_3, IGNORES_5, NOISE_FREE, 1010, 1011,
    ]);
    (
        select(vec![SHOP, SHOP, FORGE]),
        select(PARTS.to_vec()),
        types,
    )
}

fn wait() -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        4 => (0..2_000_i64).prop_map(TimeDelta::milliseconds),
        3 => (0..120_i64).prop_map(TimeDelta::seconds),
        2 => (0..90_i64).prop_map(TimeDelta::minutes),
        1 => (0..26_i64).prop_map(TimeDelta::hours),
        1 => (86_399_998..86_400_002_i64).prop_map(TimeDelta::milliseconds),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (
        wait(),
        prop::collection::vec(item(), 0..16),
        any::<bool>(),
        prop_oneof![
            Just(TimeDelta::zero()),
            Just(TimeDelta::seconds(40)),
            Just(TimeDelta::hours(30))
        ],
        prop::collection::vec((0..2_usize, 0..PARTS.len()), 0..4),
        prop::bool::weighted(0.2),
    )
        .prop_map(
            |(wait, items, tried_before, settles, forgets, restarts)| Step {
                wait,
                items,
                tried_before,
                settles,
                forgets,
                restarts,
            },
        )
}

async fn agree(mut place: Place, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut counters = place.writer();
    let mut naive = Naive::default();
    let mut issues = HashSet::new();
    let mut mirror = Mirror::default();
    let mut now = at(0);
    for step in steps {
        now += step.wait;
        if step.restarts {
            if matches!(place, Place::Memory(_)) {
                place = mirror.restart(now);
            }
            counters = place.writer();
        }
        for &(project, part) in &step.forgets {
            let key = ([SHOP, FORGE][project], GroupHash::of(PARTS[part]));
            issues.remove(&key);
            naive.issues.remove(&key);
        }
        let wants = wants(&issues, &step.items);
        if step.tried_before {
            let grants = counters.take(&wants, now).await;
            prop_assert!(!grants.is_open());
            counters
                .settle(grants, &Used::default(), now + step.settles)
                .await;
        }
        let expected: Vec<_> = step
            .items
            .iter()
            .map(|item| naive.occurrence(*item, now))
            .collect();
        let grants = counters.take(&wants, now).await;
        prop_assert!(!grants.is_open());
        let (decisions, used) = decide(&grants, &mut issues, &step.items);
        mirror.write(counters.rows(&grants, &used), now);
        counters.settle(grants, &used, now + step.settles).await;
        prop_assert_eq!(decisions, expected);
        prop_assert_eq!(&issues, &naive.issues);
    }
    Ok(())
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        ..Config::default()
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..40)
}

#[test]
fn batches_in_memory_agree_with_one_after_the_other() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runner(400)
        .run(&steps(), |steps| {
            runtime.block_on(agree(Place::memory(), &steps))
        })
        .unwrap();
}

#[test]
fn batches_in_redis_agree_with_one_after_the_other() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if Place::redis("batches_in_redis_agree_with_one_after_the_other").is_none() {
        return;
    }
    runner(40)
        .run(&steps(), |steps| {
            runtime.block_on(async {
                let place = Place::redis("a case").unwrap();
                let Place::Redis { url, prefix } = &place else {
                    unreachable!("made in Redis")
                };
                let again = Place::Redis {
                    url: url.clone(),
                    prefix: prefix.clone(),
                };
                let result = agree(again, &steps).await;
                place.clear().await;
                result
            })
        })
        .unwrap();
}
