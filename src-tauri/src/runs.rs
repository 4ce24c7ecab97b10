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
    running: HashMap<String, Running>,
}

#[derive(Debug)]
struct Running {
    cancel: CancellationToken,
    /// The job of the store it works on, once that is known.
    job: Option<i64>,
}

/// Work that can be stopped, by its name.
#[derive(Debug)]
pub struct Run {
    /// Its name.
    pub id: String,
    /// What stops it.
    pub cancel: CancellationToken,
}

impl Runs {
    /// Begins work under a name or a new one.
    pub fn begin(&self, id: Option<String>) -> Run {
        let mut begun = self.begun();
        begun.ever += 1;
        let id = id.unwrap_or_else(|| format!("run-{}", begun.ever));
        let cancel = CancellationToken::new();
        let running = Running {
            cancel: cancel.clone(),
            job: None,
        };
        begun.running.insert(id.clone(), running);
        Run { id, cancel }
    }

    /// Remembers which job of the store a run works on.
    pub fn works_on(&self, id: &str, job: i64) {
        if let Some(running) = self.begun().running.get_mut(id) {
            running.job = Some(job);
        }
    }

    /// Forgets work that has ended.
    pub fn end(&self, id: &str) {
        self.begun().running.remove(id);
    }

    /// Stops work by its name or by the number of its job. Says whether there was any.
    pub fn cancel(&self, id: &str) -> bool {
        let begun = self.begun();
        let job: Option<i64> = id.parse().ok();
        let of_job = || {
            let mut running = begun.running.values();
            running.find(|running| job.is_some() && running.job == job)
        };
        let Some(running) = begun.running.get(id).or_else(of_job) else {
            return false;
        };
        running.cancel.cancel();
        true
    }

    fn begun(&self) -> MutexGuard<'_, Begun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_stopped_and_nothing_else() {
        let runs = Runs::default();
        let (first, second) = (runs.begin(None), runs.begin(None));
        let resumed = runs.begin(Some("7".to_owned()));
        runs.works_on(&second.id, 12);
        assert!(!runs.cancel("13"));
        assert!(!runs.cancel("run-9"));
        assert!(runs.cancel("12"));
        let stopped = [&first, &second, &resumed].map(|run| run.cancel.is_cancelled());
        assert_eq!(stopped, [false, true, false]);
        assert!(runs.cancel(&first.id) && runs.cancel("7"));
        runs.end(&second.id);
        assert!(!runs.cancel("12"));
    }
}
