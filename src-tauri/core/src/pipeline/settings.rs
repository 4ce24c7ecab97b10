//! How the pipeline works; everything has a default that suits a laptop.

use crate::decode::{Mode, ProjectPolicy};
use crate::limits::Counters;
use crate::model::Directory;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Settings of a running pipeline.
#[derive(Debug, Clone)]
pub struct PipelineSettings {
    /// Most records in one transaction.
    pub batch_records: usize,
    /// Most bytes in one transaction.
    pub batch_bytes: usize,
    /// Longest time a record waits for others.
    pub batch_delay: Duration,
    /// Bytes in flight above which reading pauses.
    pub budget_bytes: usize,
    /// Records in flight above which reading pauses.
    pub budget_records: usize,
    /// How long stopping may take before what is in flight is left to the broker.
    pub drain: Duration,
    /// Which projects are accepted.
    pub projects: ProjectPolicy,
    /// Features that are switched on.
    pub features: Arc<BTreeSet<String>>,
    /// How records are taken in.
    pub mode: Mode,
    /// Whether a status change is left out that a later one of the same batch makes pointless; only in batches.
    pub prune_status_changes: bool,
    /// Whom issues can be handed to.
    pub directory: Arc<Directory>,
    /// Counters of noise reduction and quotas, shared by everything in this process that opens issues in the store.
    pub counters: Arc<Counters>,
    /// Whether a live source is stopped when too many of its records cannot be read.
    pub burst_guard: bool,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            batch_records: 2_000,
            batch_bytes: 8 << 20,
            batch_delay: Duration::from_millis(250),
            // Four lanes with a batch each that is written, decoded, being decoded and gathered are 32 000 records.
            budget_bytes: 128 << 20,
            budget_records: 40_000,
            drain: Duration::from_secs(10),
            projects: ProjectPolicy::CreateUnknown,
            features: Arc::default(),
            mode: Mode::Batched,
            prune_status_changes: true,
            directory: Arc::default(),
            counters: Arc::default(),
            burst_guard: true,
        }
    }
}
