//! Times of many runs, beside what the same machine needs at least.

use anyhow::Result;
use std::time::{Duration, Instant};

/// Times of one question asked with different constants.
#[derive(Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time so many hundredths of the runs did not exceed, in milliseconds.
    pub fn percentile(&self, hundredths: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
        sorted
            .get(place)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }
}

/// A question: what it took, and what its limit took.
#[derive(Debug)]
pub struct Figure {
    pub name: String,
    /// The p50 it should stay below, in milliseconds.
    pub aim: Option<f64>,
    pub times: Times,
    pub limit: Times,
    /// What it found in its last run, to be seen that it found something.
    pub found: usize,
}

impl Figure {
    pub fn new(name: impl Into<String>, aim: impl Into<Option<f64>>) -> Self {
        Self {
            name: name.into(),
            aim: aim.into(),
            times: Times::default(),
            limit: Times::default(),
            found: 0,
        }
    }

    pub fn head() {
        println!(
            "{:<44} {:>9} {:>9} {:>9} {:>7} {:>9}  aim",
            "", "p50 ms", "p95 ms", "limit ms", "ratio", "found"
        );
    }

    pub fn say(&self) {
        let (half, most) = (self.times.percentile(50), self.times.percentile(95));
        let limit = self.limit.percentile(50);
        let aim = self.aim.map_or(String::new(), |aim| {
            let held = if half <= aim { "held" } else { "MISSED" };
            format!("{aim:.0} ms {held}")
        });
        println!(
            "{:<44} {half:>9.2} {most:>9.2} {limit:>9.2} {:>7.1} {:>9}  {aim}",
            self.name,
            half / limit,
            self.found
        );
    }
}

/// Runs something and says how long it took.
pub async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(T, Duration)> {
    let begin = Instant::now();
    let done = work.await?;
    Ok((done, begin.elapsed()))
}
