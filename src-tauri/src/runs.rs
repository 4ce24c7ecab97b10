//! Work under way that can be stopped.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Work under way.
#[derive(Debug, Default)]
pub struct Runs(Mutex<Begun>);

#[derive(Debug, Default)]
struct Begun {
    ever: u64,
    /// By the number of the run.
    running: HashMap<u64, Running>,
}

#[derive(Debug)]
struct Running {
    name: String,
    cancel: CancellationToken,
    /// The job of the store it works on, once that is known.
    job: Option<i64>,
}

/// Work that can be stopped.
#[derive(Debug)]
pub struct Run {
    /// No other run of this program has it.
    number: u64,
    /// What it is stopped by: the number of its job, where that was known when it began.
    pub name: String,
    /// What stops it.
    pub cancel: CancellationToken,
}

impl Runs {
    /// Begins work.
    pub fn begin(&self) -> Run {
        self.begun().add(None)
    }

    /// Begins to go on with a job of the store; nothing where that is worked on already.
    pub fn resume(&self, job: i64) -> Option<Run> {
        let mut begun = self.begun();
        let mut running = begun.running.values();
        if running.any(|running| running.job == Some(job)) {
            return None;
        }
        Some(begun.add(Some(job)))
    }

    /// Remembers which job of the store a run works on.
    pub fn works_on(&self, run: &Run, job: i64) {
        if let Some(running) = self.begun().running.get_mut(&run.number) {
            running.job = Some(job);
        }
    }

    /// Forgets work that has ended.
    pub fn end(&self, run: &Run) {
        self.begun().running.remove(&run.number);
    }

    /// Stops work by its name or by the number of its job. Says whether there was any.
    pub fn cancel(&self, id: &str) -> bool {
        let begun = self.begun();
        let job: Option<i64> = id.parse().ok();
        let mut running = begun.running.values();
        let is_meant =
            |running: &&Running| running.name == id || (job.is_some() && running.job == job);
        let Some(running) = running.find(is_meant) else {
            return false;
        };
        running.cancel.cancel();
        true
    }

    fn begun(&self) -> MutexGuard<'_, Begun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun {
    fn add(&mut self, job: Option<i64>) -> Run {
        self.ever += 1;
        let number = self.ever;
        let name = job.map_or_else(|| format!("run-{number}"), |job| job.to_string());
        let cancel = CancellationToken::new();
        let running = Running {
            name: name.clone(),
            cancel: cancel.clone(),
            job,
        };
        self.running.insert(number, running);
        Run {
            number,
            name,
            cancel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_stopped_and_nothing_else() {
        let runs = Runs::default();
        let (first, second) = (runs.begin(), runs.begin());
        let resumed = runs.resume(7).unwrap();
        runs.works_on(&second, 12);
        assert!(!runs.cancel("13"));
        assert!(!runs.cancel("run-9"));
        assert!(runs.cancel("12"));
        let stopped = [&first, &second, &resumed].map(|run| run.cancel.is_cancelled());
        assert_eq!(stopped, [false, true, false]);
        assert!(runs.cancel(&first.name) && runs.cancel("7"));
        runs.end(&second);
        assert!(!runs.cancel("12"));
    }

    #[test]
    fn a_job_is_gone_on_with_once_at_a_time_and_can_be_stopped_all_the_while() {
        let runs = Runs::default();
        let first = runs.resume(7).unwrap();
        assert!(runs.resume(7).is_none());
        assert!(runs.cancel("7") && first.cancel.is_cancelled());
        runs.end(&first);
        let again = runs.resume(7).unwrap();
        // One that has ended says so twice.
        runs.end(&first);
        assert!(runs.cancel("7") && again.cancel.is_cancelled());
        let begun = runs.begin();
        runs.works_on(&begun, 8);
        assert!(runs.resume(8).is_none());
    }
}
