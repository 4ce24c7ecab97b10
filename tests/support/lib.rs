//! What the tests of Picket share: the services they run against, and waiting for something to become true.
//!
//! - [`service`]: where Kafka, PostgreSQL and Redis are, and what a test does when one is not there
//! - [`feeds`]: a feed from a topic into a store
//! - [`fill`]: a store with as many issues and events as one likes
//! - [`fresh`]: stores that nobody has used
//! - [`messages`]: occurrence messages, valid and bad
//! - [`picture`]: what a store holds, to compare two
//! - [`kafka`]: a topic of one's own, records into it, its offsets out of it
//! - [`postgres`]: a database of one's own, dropped when the test is over
//! - [`wait`]: waiting with a deadline, never with a fixed sleep
//! - [`program`]: the built programs, for tests which run them as a user would
//! - [`rows`]: rows put into a store as they stand, and looked at as they are
//! - [`cases`]: case files that others wrote
//! - [`scenario`]: messages, actions and the passing of time on a fresh store
//!
//! It does not start services: `tests/services/services` does.

// The whole package is test code, but its helpers sit outside `#[test]` functions, where clippy does not see that.
// A helper that cannot do its work has to fail the test on the spot, and panicking is how that is done.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

pub mod cases;
pub mod feeds;
pub mod fill;
pub mod fresh;
pub mod kafka;
pub mod messages;
pub mod picture;
pub mod postgres;
pub mod program;
pub mod rows;
pub mod scenario;
pub mod service;
pub mod traffic;
pub mod wait;

use std::hash::{BuildHasher, Hasher, RandomState};

/// Part of a name which nothing else has, in this run or another: tests share their services.
#[must_use]
pub fn unique() -> String {
    // Seeded by the system once per thread and different at each call.
    format!("{:016x}", RandomState::new().build_hasher().finish())
}
