//! Memory of this process while something is done. Pages of a mapped file count as memory too, but the system takes
//! them back whenever it needs them: SQLite maps a part of its database, and reading that is not growing.

use anyhow::{Context as _, Result};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often is looked. No call to the kernel counts the peak of one kind alone.
const INTERVAL: Duration = Duration::from_millis(5);

/// Memory in kB.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// What the process holds for itself.
    pub own: u64,
    /// Pages of files, of which there is a copy on the disk.
    pub of_files: u64,
}

impl Memory {
    /// What this process holds now.
    fn now() -> Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let of = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            Ok(number
                .with_context(|| format!("{name} is missing"))?
                .parse()?)
        };
        Ok(Self {
            own: of("RssAnon:")?,
            of_files: of("RssFile:")?,
        })
    }
}

/// Looks again and again, on a thread of its own, until it is asked.
#[derive(Debug)]
pub struct Watch {
    before: Memory,
    end: Sender<()>,
    thread: JoinHandle<Result<Memory>>,
}

impl Watch {
    /// Begins to look.
    pub fn begin() -> Result<Self> {
        let before = Memory::now()?;
        let (end, ended) = channel();
        let thread = std::thread::spawn(move || {
            let mut peak = before;
            loop {
                let now = Memory::now()?;
                peak.own = peak.own.max(now.own);
                peak.of_files = peak.of_files.max(now.of_files);
                if ended.recv_timeout(INTERVAL) != Err(RecvTimeoutError::Timeout) {
                    return Ok(peak);
                }
            }
        });
        Ok(Self {
            before,
            end,
            thread,
        })
    }

    /// By how much each kind has grown at most since the beginning.
    pub fn grown(self) -> Result<Memory> {
        drop(self.end);
        let peak = self.thread.join().ok().context("nobody looked")??;
        Ok(Memory {
            own: peak.own - self.before.own,
            of_files: peak.of_files - self.before.of_files,
        })
    }
}
