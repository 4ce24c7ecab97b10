//! Counters in Redis, for several writers on one store.
//!
//! One call of a script takes for a whole batch, one says what was decided, and one settles; what several writers take
//! together never exceeds a limit. The scripts get the time from the caller, and noise counters carry their expiry in
//! themselves, so that these counters and those of [`super::MemoryCounters`] answer alike under any clock.
//!
//! A noise counter is a hash with the fields `n` (count), `id` (which counter of this name it is), `firm` and
//! `tentative` (expiry in milliseconds: by what has settled, and by what has not) and `pending` (batches that have
//! not settled). A quota's granule is a plain number. A script touches the keys of a whole batch, so Redis must be one
//! server, or the primary of a replicated one, and not a cluster.
//!
//! A writer may be killed before its batch is stored or just after, and what it took must be given back in the first
//! case only. The next one that begins with the records of the batch, or behind them, knows by the offset in the store
//! which of both it was, and settles for it.
//!
//! When Redis fails or is late the batch goes on without limits, which is counted and shown. An answer that comes
//! too late is given back. What a batch took and could not give back, because Redis went away in between, stays
//! counted until it expires, or somebody goes on behind it.

mod address;
mod health;
mod link;
mod request;

use super::grants::{Grants, Used};
use super::wants::Wants;
use crate::config::{IngestSettings, Secret};
use crate::error::Result;
use address::Address;
use chrono::{DateTime, Utc};
use health::Health;
use link::Link;
use request::Take;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long a batch waits for Redis.
const DEADLINE: Duration = Duration::from_millis(50);
/// How long what was taken waits to be decided on, by the clock of the server, unless somebody begins with the same
/// records before. Longer than folding a batch takes.
const LEASE: Duration = Duration::from_secs(30);

/// Counters that several writers share.
pub struct RedisCounters {
    shown: String,
    prefix: String,
    deadline: Duration,
    lease: Duration,
    link: Arc<Link>,
    health: Arc<Health>,
}

impl fmt::Debug for RedisCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisCounters")
            .field("address", &self.shown)
            .field("prefix", &self.prefix)
            .field("health", &self.health)
            .finish_non_exhaustive()
    }
}

impl RedisCounters {
    /// Counters at `redis://user:password@host:port/database`, or `rediss://` for TLS. A password that is given apart
    /// counts more than one in the address. Connects when the first batch comes.
    ///
    /// # Errors
    /// An address that cannot be understood.
    pub fn new(address: &str, password: Option<&Secret>) -> Result<Self> {
        let address = Address::parse(address, password)?;
        let shown = address.shown.clone();
        Ok(Self {
            shown: shown.clone(),
            prefix: String::new(),
            deadline: DEADLINE,
            lease: LEASE,
            link: Arc::new(Link::new(address)?),
            health: Arc::new(Health::new(shown)),
        })
    }

    /// The counters that the settings name; nothing where each process counts for itself. Blocking: it may ask the
    /// keyring.
    ///
    /// # Errors
    /// When what `ingest.counters` leads to is not there or is no address of a Redis.
    pub fn of_settings(ingest: &IngestSettings) -> Result<Option<Self>> {
        let Some(address) = ingest.counters_url()? else {
            return Ok(None);
        };
        let deadline = Duration::from_millis(ingest.counters_deadline_ms.into());
        let counters = Self::new(address.reveal(), None)?;
        Ok(Some(counters.with_deadline(deadline)))
    }

    /// Puts `prefix` before the name of every key.
    #[must_use]
    pub fn with_key_prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// How long a batch waits for an answer, 50 ms unless said otherwise. Without one in time it goes on as if there were
    /// no limits.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Lets what is not settled go sooner, for tests.
    #[cfg(test)]
    pub(super) fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Keeps a connection that does not answer longer, for tests on a busy machine.
    #[cfg(test)]
    pub(super) fn with_patience(mut self, patience: Duration) -> Self {
        if let Some(link) = Arc::get_mut(&mut self.link) {
            link.patience = patience;
        }
        self
    }

    /// The address without its password.
    pub(super) fn address(&self) -> &str {
        &self.shown
    }

    /// Since when Redis is away and why, and how many hashes were ever decided without it.
    pub(super) fn report(&self) -> (Option<(DateTime<Utc>, String)>, u64) {
        self.health.report()
    }

    pub(super) async fn take(&self, wants: &Wants, now: DateTime<Utc>) -> Grants {
        if wants.hashes.is_empty() {
            return Grants::nothing(now);
        }
        if self.health.may_try(Instant::now()) {
            match self.try_take(wants, now).await {
                Ok(grants) => {
                    self.health.answered();
                    return grants;
                }
                Err(reason) => self.health.failed(reason, now, Instant::now()),
            }
        }
        self.health.decided_without(wants.hashes.len());
        Grants::open(now)
    }

    /// The call runs in a task of its own, so that what it takes is given back also when nobody waits any more.
    async fn try_take(
        &self,
        wants: &Wants,
        now: DateTime<Utc>,
    ) -> std::result::Result<Grants, String> {
        let take = Take::new(wants, now, &self.prefix, rand::random(), self.lease);
        let (link, prefix) = (Arc::clone(&self.link), self.prefix.clone());
        let (sender, mut receiver) = oneshot::channel();
        tokio::spawn(async move {
            let answer = match link.call(&take.invocation()).await {
                Ok(taken) => Ok(take.grants(taken)),
                Err(error) => Err(link.words(&error)),
            };
            if let Err(Ok(late)) = sender.send(answer) {
                give_back(&link, &late, now, &prefix).await;
            }
        });
        if let Ok(Ok(answer)) = tokio::time::timeout(self.deadline, &mut receiver).await {
            return answer;
        }
        // It may have come just now.
        receiver.close();
        receiver.try_recv().unwrap_or_else(|_| {
            Err(format!(
                "Redis at {} did not answer within {} ms. See whether it is overloaded or far away.",
                self.shown,
                self.deadline.as_millis()
            ))
        })
    }

    pub(super) async fn decided(&self, grants: &Grants, used: &Used, now: DateTime<Utc>) {
        let Some(call) = request::decide(grants, used, &self.prefix) else {
            return;
        };
        let answer = tokio::time::timeout(self.deadline, self.link.call::<()>(&call)).await;
        if let Ok(Err(error)) = answer {
            self.health
                .failed(self.link.words(&error), now, Instant::now());
        }
    }

    pub(super) async fn settle(&self, grants: &Grants, used: &Used, now: DateTime<Utc>) {
        let Some(call) = request::settle(grants, used, now, &self.prefix) else {
            return;
        };
        let (link, health) = (Arc::clone(&self.link), Arc::clone(&self.health));
        let task = tokio::spawn(async move {
            match link.settle(&call).await {
                Ok(()) => health.answered(),
                Err(error) => health.failed(link.words(&error), now, Instant::now()),
            }
        });
        // When it is late it goes on in the background.
        let _ = tokio::time::timeout(self.deadline, task).await;
    }

    /// Whether Redis can be reached.
    pub(super) async fn check(&self) -> std::result::Result<(), String> {
        self.link
            .ping()
            .await
            .map_err(|error| self.link.words(&error))
    }
}

async fn give_back(link: &Link, late: &Grants, now: DateTime<Utc>, prefix: &str) {
    let Some(call) = request::settle(late, &Used::default(), now, prefix) else {
        return;
    };
    if let Err(error) = link.settle(&call).await {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "a late grant could not be given back and stays counted until it expires"
        );
    }
}
