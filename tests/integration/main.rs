//! Picket on real parts: Apache Kafka, PostgreSQL, SQLite files, and the built programs.
//!
//! One binary, because each would link librdkafka and SQLite anew.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test should stop where it fails"
)]

mod acceptance;
mod actions;
mod bad_input;
mod conform;
mod ingest;
mod kill;
mod outages;
mod properties;
mod rebalance;
mod replay;
mod search;
mod writers;
