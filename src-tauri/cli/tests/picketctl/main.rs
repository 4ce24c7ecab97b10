//! `picketctl` as its user runs it: arguments in, text, JSON, files and exit codes out.

// All of it is test code, but helpers sit outside `#[test]` functions, where clippy does not see that.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod actions;
mod export;
mod interrupts;
mod issues;
mod journal;
mod migrate;
mod refusals;
mod world;
