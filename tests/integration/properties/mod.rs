//! What holds for all messages: played at random on SQLite in memory.

mod generate;
mod interleavings;
mod invariants;

use proptest::test_runner::Config;
use std::future::Future;

/// Each case opens stores and plays dozens of steps, so there are fewer than usual. `PROPTEST_CASES` asks for another
/// number.
pub fn cases(count: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok();
    Config {
        cases: asked.and_then(|count| count.parse().ok()).unwrap_or(count),
        // A failure is told with its messages; there is nothing to keep.
        failure_persistence: None,
        ..Config::default()
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
