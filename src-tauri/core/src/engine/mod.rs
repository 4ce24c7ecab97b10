//! What changes issues beside the records that arrive: people, the clock, and records that are tried again.
//!
//! Each of them is a transaction of the store with the rules of [`triage`](crate::triage) in its middle, so none of
//! them can undo what a batch does at the same time.

pub mod bulk;
pub mod bundle;
pub mod desk;
pub mod export;
pub mod find;
mod replay;
#[cfg(test)]
mod tests;
mod upkeep;

pub use replay::{Replayed, replay_dead_letters};
pub use upkeep::{Upkeep, UpkeepSettings, UpkeepTask, run_task, tick};
