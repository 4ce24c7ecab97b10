//! What the window hears while many issues are changed.

use crate::events;
use crate::runs::{Run, Runs};
use picket_core::engine::bulk::Progress;
use picket_core::view::{JobProgress, count};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::AppHandle;
use tauri::ipc::Channel;

/// Shortest time between two words about one job that the store has changed: rows follow its transactions, and the
/// window is not kept busy with reading them.
const CHANGES_EVERY: Duration = Duration::from_millis(500);

/// Tells the window how far a job is, and every now and then that the store has changed.
pub(super) struct Told<'a> {
    app: &'a AppHandle,
    runs: &'a Runs,
    run: &'a Run,
    /// A window that is gone hears nothing, and the job goes on.
    channel: &'a Channel<JobProgress>,
    changes: Mutex<Changes>,
}

impl<'a> Told<'a> {
    pub fn new(
        (app, runs): (&'a AppHandle, &'a Runs),
        run: &'a Run,
        channel: &'a Channel<JobProgress>,
    ) -> Self {
        Self {
            app,
            runs,
            run,
            channel,
            changes: Mutex::default(),
        }
    }

    pub fn hear(&self, progress: Progress) {
        if let Some(job) = progress.job {
            self.runs.works_on(self.run, job);
        }
        // The window knows a job of the store by its number, and only what is none by the name of its run.
        let number = progress.job.map(|job| job.to_string());
        let _ = self.channel.send(JobProgress {
            job: number.unwrap_or_else(|| self.run.name.clone()),
            done: count(progress.done),
            total: count(progress.total),
        });
        if let Some(revision) = progress.revision {
            let due = self.changes(|changes| changes.hear(revision, Instant::now()));
            self.tell(due);
        }
    }

    /// Says what has changed and was not said.
    pub fn tell_rest(&self) {
        let rest = self.changes(|changes| changes.untold.take());
        self.tell(rest);
    }

    fn changes<T>(&self, ask: impl FnOnce(&mut Changes) -> T) -> T {
        ask(&mut self.changes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tell(&self, revision: Option<i64>) {
        if let Some(revision) = revision {
            events::store_changed(self.app, revision);
        }
    }
}

/// Which revisions of a job were told, and when.
#[derive(Debug, Default)]
struct Changes {
    told: Option<Instant>,
    untold: Option<i64>,
}

impl Changes {
    /// The revision, where it is time to say it.
    fn hear(&mut self, revision: i64, now: Instant) -> Option<i64> {
        let is_due = self
            .told
            .is_none_or(|told| now.duration_since(told) >= CHANGES_EVERY);
        self.untold = Some(revision);
        if !is_due {
            return None;
        }
        self.told = Some(now);
        self.untold.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_at_once_then_seldom_and_none_is_lost() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut changes = Changes::default();
        assert_eq!(changes.hear(5, at(0)), Some(5));
        assert_eq!(changes.hear(6, at(100)), None);
        assert_eq!(changes.hear(7, at(499)), None);
        assert_eq!(changes.untold, Some(7));
        assert_eq!(changes.hear(8, at(500)), Some(8));
        assert_eq!(changes.untold, None);
        assert_eq!(changes.hear(9, at(999)), None);
        assert_eq!(changes.untold.take(), Some(9));
    }
}
