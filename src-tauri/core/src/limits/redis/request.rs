//! What is sent to the scripts, and what their answers mean.

use crate::limits::grants::{Grants, NoiseGrant, NoiseKey, QuotaKey, Used};
use crate::limits::keys::{Key, WINDOW_SECONDS, granule, quota_prefix, window};
use crate::limits::wants::{NoiseWant, Span, Wants};
use chrono::{DateTime, Utc};
use redis::{FromRedisValue, ParsingError, Script, ScriptInvocation, Value};
use serde_json::json;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

static TAKE: LazyLock<Script> = LazyLock::new(|| script(include_str!("take.lua")));
static DECIDE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("decide.lua")));
static SETTLE: LazyLock<Script> = LazyLock::new(|| script(include_str!("settle.lua")));

fn script(code: &str) -> Script {
    Script::new(&[include_str!("reservation.lua"), code].concat())
}

/// How much longer than its expiry Redis keeps a noise counter, in milliseconds: its clock may run a little faster
/// than the one that decides.
const SLACK_MILLIS: i64 = 60_000;

/// One call of the script that takes.
pub(super) struct Take {
    now: DateTime<Utc>,
    prefix: String,
    born: u64,
    lease: Duration,
    spans: Vec<Span>,
    noise: Vec<(NoiseKey, NoiseWant)>,
    quotas: Vec<QuotaWant>,
}

struct QuotaWant {
    key: QuotaKey,
    limit: u32,
    /// Hashes that may open an issue whatever was counted.
    certain: u32,
    /// The others: indices of their noise counters, from 1.
    others: Vec<usize>,
}

/// The answer of the script that takes.
pub(super) struct Taken {
    /// Count, expiry and id of each noise counter.
    noise: Vec<(u64, i64, String)>,
    granted: Vec<u32>,
}

impl FromRedisValue for Taken {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let (noise, granted) = redis::from_redis_value(value)?;
        Ok(Self { noise, granted })
    }
}

impl Take {
    /// `born` marks the counters that begin with this call; two calls must not share it.
    pub(super) fn new(
        wants: &Wants,
        now: DateTime<Utc>,
        prefix: &str,
        born: u64,
        lease: Duration,
    ) -> Self {
        let mut take = Self {
            now,
            prefix: prefix.to_owned(),
            born,
            lease,
            spans: wants.spans.clone(),
            noise: Vec::new(),
            quotas: Vec::new(),
        };
        let mut index = HashMap::new();
        for want in &wants.hashes {
            if let Some(noise) = want.noise {
                take.noise.push(((want.project, want.hash), noise));
            }
            for &(slug, limit) in &want.quotas {
                let key = (want.project, slug);
                let at = *index.entry(key).or_insert(take.quotas.len());
                if at == take.quotas.len() {
                    take.quotas.push(QuotaWant {
                        key,
                        limit,
                        certain: 0,
                        others: Vec::new(),
                    });
                }
                let quota = &mut take.quotas[at];
                quota.limit = quota.limit.min(limit);
                if want.always_passes() {
                    quota.certain += 1;
                } else {
                    quota.others.push(take.noise.len());
                }
            }
        }
        take
    }

    pub(super) fn invocation(&self) -> ScriptInvocation<'static> {
        let mut call = TAKE.prepare_invoke();
        let window = window(self.now);
        call.arg(self.now.timestamp_millis())
            .arg(id(self.born))
            .arg(*window.start())
            .arg(granule(self.now))
            .arg(*window.end())
            .arg(WINDOW_SECONDS)
            .arg(SLACK_MILLIS)
            .arg(self.lease.as_millis())
            .arg(format!("{}{RESERVATIONS}", self.prefix))
            .arg(reservation(&self.prefix, self.born))
            .arg(self.quotas.len())
            .arg(self.spans.len());
        for span in &self.spans {
            call.arg(format!("{}{CLAIM}{}", self.prefix, span.partition))
                .arg(span.from)
                .arg(span.to);
        }
        for ((project, hash), want) in &self.noise {
            call.key(format!("{}{}", self.prefix, Key::Noise(*project, *hash)))
                .arg(want.occurrences)
                .arg(want.ignore_limit)
                .arg(want.expiry_millis());
        }
        for quota in &self.quotas {
            let (project, slug) = quota.key;
            call.arg(format!("{}{}", self.prefix, quota_prefix(project, slug)))
                .arg(quota.limit)
                .arg(quota.certain)
                .arg(quota.others.len());
            for other in &quota.others {
                call.arg(*other);
            }
        }
        call
    }

    /// What an answer grants.
    pub(super) fn grants(&self, taken: Taken) -> Grants {
        let now = self.now.timestamp_millis();
        let mut grants = Grants::nothing(self.now);
        for ((key, want), (before, firm, born)) in self.noise.iter().zip(taken.noise) {
            // Every id was made by `id`.
            let born = u64::from_str_radix(&born, 16).unwrap_or(0);
            grants
                .noise
                .insert(*key, NoiseGrant::new(want, before, firm, born, now));
        }
        for (quota, granted) in self.quotas.iter().zip(taken.granted) {
            grants.quotas.insert(quota.key, granted);
        }
        // Where nothing was taken, there is nothing to settle.
        let took = !grants.noise.is_empty() || grants.quotas.values().any(|granted| *granted > 0);
        grants.reservation = took.then_some(self.born);
        grants
    }
}

/// The call that says what a batch will have used. Nothing where it took nothing.
pub(super) fn decide(
    grants: &Grants,
    used: &Used,
    prefix: &str,
) -> Option<ScriptInvocation<'static>> {
    let born = grants.reservation?;
    let mut call = DECIDE.prepare_invoke();
    call.arg(reservation(prefix, born))
        .arg(unused(grants, used, prefix));
    Some(call)
}

/// The call that gives back. Nothing where there is nothing to say.
pub(super) fn settle(
    grants: &Grants,
    used: &Used,
    now: DateTime<Utc>,
    prefix: &str,
) -> Option<ScriptInvocation<'static>> {
    let born = grants.reservation?;
    let mut call = SETTLE.prepare_invoke();
    call.arg(now.timestamp_millis())
        .arg(SLACK_MILLIS)
        .arg(format!("{prefix}{RESERVATIONS}"))
        .arg(reservation(prefix, born))
        .arg(unused(grants, used, prefix));
    Some(call)
}

/// What is to be given back, as the scripts read it.
fn unused(grants: &Grants, used: &Used, prefix: &str) -> String {
    let noise = grants.noise.iter().filter(|(_, grant)| grant.asked > 0);
    let noise = noise.map(|(key, grant)| {
        let used = used.of_noise(key, grant);
        json!([
            format!("{prefix}{}", Key::Noise(key.0, key.1)),
            id(grant.born),
            grant.asked - used.counted,
            used.counted,
            used.ignored,
            grant.until,
        ])
    });
    let taken_from = granule(grants.taken_at);
    let quotas = grants.quotas.iter().filter_map(|(key, &granted)| {
        let unused = granted - used.of_quota(key, granted);
        let name = format!("{prefix}{}", Key::Quota(key.0, key.1, taken_from));
        (unused > 0).then(|| json!([name, unused]))
    });
    let (noise, quotas): (Vec<_>, Vec<_>) = (noise.collect(), quotas.collect());
    json!({ "noise": noise, "quotas": quotas }).to_string()
}

/// What was taken last for records of a partition.
const CLAIM: &str = "limit-span:";

/// The list of what is not settled, by the end of its lease.
const RESERVATIONS: &str = "limit-unsettled";

fn reservation(prefix: &str, born: u64) -> String {
    format!("{prefix}limit-taken:{}", id(born))
}

/// As text, because numbers of the scripts hold no 64 bits.
fn id(born: u64) -> String {
    format!("{born:016x}")
}
