//! Waiting for something to become true.
//!
//! A fixed sleep is too long on a quick machine and too short on a busy one; a deadline is neither.

use std::fmt::Debug;
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(25);

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none `within` the time, naming `what` was waited for.
pub async fn wait_for<T>(
    what: &str,
    within: Duration,
    mut probe: impl AsyncFnMut() -> Option<T>,
) -> T {
    let begin = Instant::now();
    loop {
        // The answer counts even when asking took longer than there was time.
        if let Some(answer) = probe().await {
            return answer;
        }
        assert!(
            begin.elapsed() < within,
            "waited {within:?} in vain for {what}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks again and again until the answer is yes.
///
/// # Panics
/// Like [`wait_for`].
pub async fn wait_until(what: &str, within: Duration, mut probe: impl AsyncFnMut() -> bool) {
    wait_for(what, within, async || probe().await.then_some(())).await;
}

/// Asks again and again until the value is the expected one, and says at the end which value it was instead.
///
/// # Panics
/// When it is another one all the time.
pub async fn wait_for_value<T: PartialEq + Debug>(
    what: &str,
    within: Duration,
    expected: T,
    mut probe: impl AsyncFnMut() -> T,
) {
    let begin = Instant::now();
    loop {
        let value = probe().await;
        if value == expected {
            return;
        }
        assert!(
            begin.elapsed() < within,
            "waited {within:?} in vain for {what} to be {expected:?}; it is {value:?}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// [`wait_until`] for code without a runtime.
///
/// # Panics
/// Like [`wait_for`].
pub fn block_until(what: &str, within: Duration, mut probe: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !probe() {
        assert!(
            begin.elapsed() < within,
            "waited {within:?} in vain for {what}"
        );
        std::thread::sleep(PAUSE);
    }
}
