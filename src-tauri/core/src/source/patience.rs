//! Waiting: for a store that is away, for a budget, and never longer than until a stop.

use super::{Intake, SourceHealth, SourceState, StopSignal};
use crate::error::{Error, Result};
use std::time::{Duration, Instant};

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often a stop is looked for while waiting.
const GLANCE: Duration = Duration::from_millis(20);

/// Repeats `attempt` while it fails for a passing reason, and tells `waiting` why. Nothing when asked to stop.
///
/// # Errors
/// The first error that trying again cannot help, or the last one before `deadline`.
pub(super) fn patiently<T>(
    stop: &StopSignal,
    deadline: Option<Instant>,
    mut waiting: impl FnMut(&Error),
    mut attempt: impl FnMut() -> Result<T>,
) -> Result<Option<T>> {
    let mut pause = Duration::from_millis(100);
    loop {
        if stop.is_cancelled() {
            return Ok(None);
        }
        let error = match attempt() {
            Ok(value) => return Ok(Some(value)),
            Err(error) => error,
        };
        if !error.is_retryable() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(error);
        }
        waiting(&error);
        sleep(stop, pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Sleeps, but not through a request to stop.
pub(super) fn sleep(stop: &StopSignal, time: Duration) {
    let until = Instant::now() + time;
    while !stop.is_cancelled() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(GLANCE));
    }
}

/// Waits while the pipeline is over its budget, and says so. For sources that need not keep a connection alive.
pub(super) fn await_budget(intake: &dyn Intake, health: &SourceHealth, stop: &StopSignal) {
    if !intake.is_over_budget() {
        return;
    }
    health.set_state(SourceState::StoreBound);
    while !intake.is_below_resume() && !stop.is_cancelled() {
        std::thread::sleep(Duration::from_millis(2));
    }
    health.set_state(SourceState::Live);
}
