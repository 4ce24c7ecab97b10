//! Counters to test, and a small pipeline that uses them.

use crate::limits::grants::NoiseKey;
use crate::limits::{Counters, Grants, MemoryCounters, RedisCounters, Used, Wants};
use crate::model::{GroupHash, GroupType, ProjectId};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub const SHOP: ProjectId = ProjectId(1);
pub const FORGE: ProjectId = ProjectId(2);

/// A few names of group types by what matters here: ignore limit and quota.
pub const IGNORES_3: u16 = 1006;
pub const IGNORES_5: u16 = 1009;
pub const NOISE_FREE: u16 = 2007;

/// On a machine that is busy with other tests, Redis may be late without being away.
pub const PATIENT: Duration = Duration::from_secs(30);

/// Noon of a day, and `seconds` later.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_723_464_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

pub const HOUR: i64 = 3_600;

/// Where counters of one test live. Writers of one place share them.
pub enum Place {
    Memory(Arc<Counters>),
    Redis { url: String, prefix: String },
}

impl Place {
    pub fn memory() -> Self {
        Self::Memory(Arc::new(Counters::Memory(MemoryCounters::new())))
    }

    /// A corner of its own on the server that `PICKET_TEST_REDIS` names. Nothing, and a line that cannot be missed,
    /// where there is no server.
    pub fn redis(case: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(url) = std::env::var("PICKET_TEST_REDIS") else {
            skipped(case, "PICKET_TEST_REDIS=redis://…");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("test-{}-{number}:", std::process::id());
        Some(Self::Redis { url, prefix })
    }

    pub fn writer(&self) -> Arc<Counters> {
        match self {
            Self::Memory(counters) => Arc::clone(counters),
            Self::Redis { url, prefix } => Arc::new(Counters::Redis(
                RedisCounters::new(url, None)
                    .unwrap()
                    .with_key_prefix(prefix)
                    .with_deadline(PATIENT),
            )),
        }
    }

    /// How many counters there are.
    pub async fn len(&self) -> usize {
        match self {
            Self::Memory(counters) => match &**counters {
                Counters::Memory(memory) => memory.len(),
                Counters::Redis(_) | Counters::Off => unreachable!("made as memory"),
            },
            Self::Redis { url, prefix } => keys(url, prefix).await.len(),
        }
    }

    pub async fn clear(&self) {
        if let Self::Redis { url, prefix } = self {
            for key in keys(url, prefix).await {
                let _: i64 = ask(url, redis::cmd("UNLINK").arg(key)).await;
            }
        }
    }
}

/// Names of what a test left in Redis.
pub async fn keys(url: &str, prefix: &str) -> Vec<String> {
    let mut cursor = 0_u64;
    let mut keys = Vec::new();
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(format!("{prefix}*"));
        let (next, found): (u64, Vec<String>) = ask(url, scan.arg("COUNT").arg(1_000)).await;
        keys.extend(found);
        cursor = next;
        if cursor == 0 {
            keys.sort();
            keys.dedup();
            return keys;
        }
    }
}

/// Asks Redis past the counters.
pub async fn ask<T: redis::FromRedisValue>(url: &str, command: &redis::Cmd) -> T {
    let client = redis::Client::open(url).unwrap();
    let config = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENT))
        .set_response_timeout(Some(PATIENT));
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .unwrap();
    command.query_async(&mut connection).await.unwrap()
}

/// Says that a case could not be tested. Where everything must be tested that is a failure.
pub fn skipped(case: &str, remedy: &str) {
    assert_ne!(
        std::env::var("CI").as_deref(),
        Ok("true"),
        "{case} would not be tested here; it needs {remedy}"
    );
    // Past the capture of the test harness.
    let line = format!("SKIPPED on Redis: {case} (set {remedy})\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    // `make test` counts the lines of this file at its end.
    if let Some(path) = std::env::var_os("PICKET_SKIPS_FILE") {
        let mut skips = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        skips.write_all(line.as_bytes()).unwrap();
    }
}

/// One occurrence: project, fingerprint, number of its type.
pub type Item = (ProjectId, &'static str, u16);

/// What became of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Noise,
    Refused,
    Opened,
    Joined,
}

pub fn group_type(id: u16) -> &'static GroupType {
    GroupType::by_id(id).unwrap()
}

/// What a batch may need, given the issues that exist.
pub fn wants(issues: &HashSet<NoiseKey>, items: &[Item]) -> Wants {
    Wants::of(
        items
            .iter()
            .map(|&(project, part, id)| (project, GroupHash::of(part), group_type(id)))
            .filter(|&(project, hash, _)| !issues.contains(&(project, hash))),
    )
}

/// Decides on a batch.
pub fn decide(
    grants: &Grants,
    issues: &mut HashSet<NoiseKey>,
    items: &[Item],
) -> (Vec<Decision>, Used) {
    let mut spending = grants.spend();
    let decisions = items
        .iter()
        .map(|&(project, part, id)| {
            let (hash, group_type) = (GroupHash::of(part), group_type(id));
            if issues.contains(&(project, hash)) {
                Decision::Joined
            } else if !spending.passes_noise(project, hash, group_type.noise) {
                Decision::Noise
            } else if !spending.takes_quota(project, group_type.slug) {
                Decision::Refused
            } else {
                issues.insert((project, hash));
                Decision::Opened
            }
        })
        .collect();
    (decisions, spending.finish())
}

/// A writer and the issues there are.
pub struct Desk {
    pub counters: Arc<Counters>,
    pub issues: HashSet<NoiseKey>,
}

impl Desk {
    pub fn at(place: &Place) -> Self {
        Self {
            counters: place.writer(),
            issues: HashSet::new(),
        }
    }

    pub async fn take(&self, items: &[Item], now: DateTime<Utc>) -> Grants {
        let grants = self.counters.take(&wants(&self.issues, items), now).await;
        assert!(!grants.is_open(), "{:?}", self.counters.status());
        grants
    }

    /// Stores a batch.
    pub async fn store(&mut self, items: &[Item], now: DateTime<Utc>) -> Vec<Decision> {
        let grants = self.take(items, now).await;
        let (decisions, used) = decide(&grants, &mut self.issues, items);
        self.counters.settle(grants, &used, now).await;
        decisions
    }

    /// Decides on a batch that is then not stored.
    pub async fn roll_back(&mut self, items: &[Item], now: DateTime<Utc>) {
        let grants = self.take(items, now).await;
        self.counters.settle(grants, &Used::default(), now).await;
    }

    /// As if someone had deleted the issue.
    pub fn forget(&mut self, project: ProjectId, part: &str) {
        assert!(self.issues.remove(&(project, GroupHash::of(part))));
    }

    /// How many of ten new issues would be opened now.
    pub async fn left(&mut self, project: ProjectId, now: DateTime<Utc>) -> u32 {
        const PROBES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let items = PROBES.map(|part| (project, part, NOISE_FREE));
        let grants = self.take(&items, now).await;
        let left = grants.quota(project, group_type(NOISE_FREE).slug);
        self.counters.settle(grants, &Used::default(), now).await;
        left
    }

    /// What is counted of a hash now.
    pub async fn counted(
        &mut self,
        project: ProjectId,
        part: &'static str,
        now: DateTime<Utc>,
    ) -> u64 {
        let grants = self.take(&[(project, part, IGNORES_3)], now).await;
        let counted = grants.noise_before(project, GroupHash::of(part));
        self.counters.settle(grants, &Used::default(), now).await;
        counted
    }
}
