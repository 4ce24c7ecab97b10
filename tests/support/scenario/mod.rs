//! Scenarios: messages, actions and the passing of time, played on a fresh store with a virtual clock (occurrences
//! spec, section 16.3).
//!
//! - [`format`]: scenario files
//! - [`Play`]: the steps of a scenario, one after another, through the same pipeline, triage and upkeep as the programs
//! - [`Actual`]: what a store holds in the end
//! - [`differences`]: what of it was expected otherwise
//! - [`messages`]: messages for scenarios that are written in Rust

mod act;
mod actual;
mod compare;
pub mod format;
pub mod messages;
mod play;

pub use act::Action;
pub use actual::{Actual, IssueActual};
pub use compare::differences;
pub use play::{Play, Step, TOPIC};

use anyhow::Result;
use chrono::{DateTime, Utc};
use picket_core::decode::Mode;
use picket_core::model::{Directory, Project};
use picket_core::store::Store;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A scenario and what is expected of it.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub name: String,
    pub config: Config,
    pub setup: Vec<Step>,
    pub messages: Vec<Step>,
    pub expect: Expectation,
}

/// What a scenario starts from.
#[derive(Debug, Clone)]
pub struct Config {
    /// Processing time of the first step.
    pub clock: DateTime<Utc>,
    pub mode: Mode,
    pub batch_size: usize,
    pub prune_status_changes: bool,
    pub features: BTreeSet<String>,
    /// The only projects there are.
    pub projects: Vec<Project>,
    /// The first user is the one who acts.
    pub directory: Directory,
}

/// What is compared in the end; everything else may be as it likes.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// By project and short id. Each names the members to compare.
    pub issues: Option<Vec<Map<String, Value>>>,
    /// Complete: a reason that is left out must not occur.
    pub dropped: BTreeMap<String, u64>,
    pub counters: Option<BTreeMap<String, u64>>,
    pub events_stored: Option<u64>,
    pub occurrences_stored: Option<u64>,
}

/// Plays a scenario on a fresh store.
///
/// # Errors
/// When a step cannot be carried out, or the store fails.
pub async fn run(store: Arc<Store>, scenario: &Scenario) -> Result<Actual> {
    let mut play = Play::start(store, &scenario.config).await?;
    play.steps(&scenario.setup).await?;
    play.forget_counts();
    play.steps(&scenario.messages).await?;
    play.actual().await
}
