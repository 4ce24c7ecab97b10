//! Whether Redis answers, and what is decided without it.

use chrono::{DateTime, Utc};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// While Redis is away it is tried at most this often.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// What was last heard of Redis.
#[derive(Debug)]
pub(super) struct Health {
    /// Its address without the password.
    shown: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    away: Option<Away>,
    decided_without: u64,
}

#[derive(Debug)]
struct Away {
    since: DateTime<Utc>,
    reason: String,
    /// Real time: how often a server is bothered has nothing to do with the time that is processed.
    next_try: Instant,
    decided_before: u64,
}

impl Health {
    pub(super) fn new(shown: String) -> Self {
        Self {
            shown,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether to try at `now`. While Redis is away one caller a second is told yes.
    pub(super) fn may_try(&self, now: Instant) -> bool {
        let mut state = self.state();
        let Some(away) = &mut state.away else {
            return true;
        };
        let due = now >= away.next_try;
        if due {
            away.next_try = now + RETRY_EVERY;
        }
        due
    }

    pub(super) fn answered(&self) {
        let mut state = self.state();
        if let Some(away) = state.away.take() {
            tracing::info!(
                redis = self.shown,
                decided_without = state.decided_without - away.decided_before,
                "the shared counters answer again; noise reduction and creation quotas are in force"
            );
        }
    }

    /// `now` is the processing time that is shown, `at` when it really happened.
    pub(super) fn failed(&self, reason: String, now: DateTime<Utc>, at: Instant) {
        let mut state = self.state();
        let decided_before = state.decided_without;
        let next_try = at + RETRY_EVERY;
        if let Some(away) = &mut state.away {
            away.reason = reason;
            away.next_try = next_try;
            return;
        }
        tracing::warn!(
            redis = self.shown,
            reason,
            "the shared counters are away; until they answer, nothing is held back as noise and no creation quota applies"
        );
        state.away = Some(Away {
            since: now,
            reason,
            next_try,
            decided_before,
        });
    }

    pub(super) fn decided_without(&self, hashes: usize) {
        self.state().decided_without += hashes as u64;
    }

    /// Since when Redis is away and why, and how many hashes were ever decided without it.
    pub(super) fn report(&self) -> (Option<(DateTime<Utc>, String)>, u64) {
        let state = self.state();
        let away = state
            .away
            .as_ref()
            .map(|away| (away.since, away.reason.clone()));
        (away, state.decided_without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_away_is_tried_once_a_second() {
        let health = Health::new("redis://cache".to_owned());
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let noon = DateTime::from_timestamp(1_723_464_000, 0).unwrap();
        assert!(health.may_try(start) && health.may_try(start));
        health.failed("first".to_owned(), noon, start);
        assert!(!health.may_try(after(999)));
        assert!(health.may_try(after(1_000)));
        // The others go on without it while one tries.
        assert!(!health.may_try(after(1_001)));
        health.decided_without(3);
        health.failed("second".to_owned(), noon + RETRY_EVERY, after(1_200));
        assert!(!health.may_try(after(2_199)));
        assert!(health.may_try(after(2_200)));
        assert_eq!(health.report(), (Some((noon, "second".to_owned())), 3));
        health.answered();
        assert_eq!(health.report(), (None, 3));
        assert!(health.may_try(after(2_201)));
    }
}
