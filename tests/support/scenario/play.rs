//! Carries out the steps of a scenario.

use super::act::{self, Action};
use super::{Actual, Config, actual};
use anyhow::{Context, Result, anyhow, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use picket_core::clock::{Clock, ManualClock};
use picket_core::decode::{Mode, ProjectPolicy};
use picket_core::model::{GroupHash, IssueId, IssueState, Measures, ProjectId};
use picket_core::pipeline::{Batch, BatchItem, PipelineSettings, Processor, Progress, Stop};
use picket_core::source::Record;
use picket_core::store::{
    BatchState, Commit, Effects, IngestStore, LoadPlan, OffsetAdvance, Store, StoreError, Tally,
    TriageStore,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// The topic whose one partition all messages come from.
pub const TOPIC: &str = "ingest-occurrences";
const SOURCE: &str = "scenario";

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    /// A message, byte by byte.
    Message(Vec<u8>),
    /// The batch is complete.
    Flush,
    /// The clock moves, once the batch is stored.
    Advance(TimeDelta),
    /// Somebody or something acts, once the batch is stored.
    Act(Action),
}

/// A scenario under way.
#[derive(Debug)]
pub struct Play {
    pub(super) store: Arc<Store>,
    pub(super) config: Config,
    source: Arc<str>,
    clock: ManualClock,
    processor: Processor<Store>,
    /// Messages of the batch that is not complete.
    waiting: Vec<Vec<u8>>,
    next_offset: i64,
    tally: Tally,
    measures: Measures,
}

impl Play {
    /// Prepares a fresh store.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn start(store: Arc<Store>, config: &Config) -> Result<Self> {
        store.name_projects(&config.projects).await?;
        store.set_directory(&config.directory).await?;
        Self::from(store, config, SOURCE).await
    }

    /// Another one on the same store, with a source and limits of its own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn beside(&self, source: &str) -> Result<Self> {
        Self::from(Arc::clone(&self.store), &self.config, source).await
    }

    async fn from(store: Arc<Store>, config: &Config, source: &str) -> Result<Self> {
        let next_offset = store.claim_partition(source, TOPIC, 0, 0).await?;
        let known = config.projects.iter().map(|project| project.id).collect();
        let settings = PipelineSettings {
            projects: ProjectPolicy::Known(Arc::new(known)),
            features: Arc::new(config.features.clone()),
            mode: config.mode,
            prune_status_changes: config.prune_status_changes,
            directory: Arc::new(config.directory.clone()),
            ..PipelineSettings::default()
        };
        Ok(Self {
            processor: Processor::new(Arc::clone(&store), settings),
            store,
            config: config.clone(),
            source: Arc::from(source),
            clock: ManualClock::new(config.clock),
            waiting: Vec::new(),
            next_offset,
            tally: Tally::default(),
            measures: Measures::default(),
        })
    }

    /// Processing time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The store that is played on.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What became of the messages since the counts were forgotten last.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What was counted since then.
    #[must_use]
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Starts counting anew. Issues, limits and marks stay.
    pub fn forget_counts(&mut self) {
        self.tally = Tally::default();
        self.measures = Measures::default();
    }

    /// Carries out a section: its last batch ends with it.
    ///
    /// # Errors
    /// The number of the step that failed, and why.
    pub async fn steps(&mut self, steps: &[Step]) -> Result<()> {
        for (place, step) in steps.iter().enumerate() {
            self.step(step)
                .await
                .with_context(|| format!("step {place}"))?;
        }
        self.flush().await
    }

    /// Carries out one step.
    ///
    /// # Errors
    /// When it cannot be carried out, or the store fails.
    pub async fn step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Message(payload) => {
                self.waiting.push(payload.clone());
                let size = match self.config.mode {
                    Mode::Batched => self.config.batch_size,
                    Mode::Serial => 1,
                };
                if self.waiting.len() >= size {
                    self.flush().await?;
                }
            }
            Step::Flush => self.flush().await?,
            Step::Advance(by) => {
                self.flush().await?;
                self.clock.advance(*by);
            }
            Step::Act(action) => {
                self.flush().await?;
                act::act(self, action).await?;
            }
        }
        Ok(())
    }

    /// Stores the messages that wait for their batch to be complete.
    ///
    /// # Errors
    /// When the store fails, or when a message was not accounted for exactly once.
    pub async fn flush(&mut self) -> Result<()> {
        let payloads = std::mem::take(&mut self.waiting);
        if payloads.is_empty() {
            return Ok(());
        }
        let topic: Arc<str> = Arc::from(TOPIC);
        let start = self.next_offset;
        let records: Vec<Record> = payloads
            .into_iter()
            .zip(start..)
            .map(|(payload, offset)| Record {
                topic: Arc::clone(&topic),
                partition: 0,
                offset,
                timestamp_ms: None,
                key: key(&payload),
                headers: Vec::new(),
                payload: Arc::from(payload),
                flaw: None,
            })
            .collect();
        let count = records.len() as u64;
        self.next_offset += i64::try_from(count)?;
        let batch = Batch {
            source: Arc::clone(&self.source),
            items: self.processor.decode(records, self.now()),
            starts: BTreeMap::from([((topic, 0), start)]),
            now: self.now(),
        };
        let watch = Watch::default();
        // A store that does not answer ends the scenario.
        let patience = CancellationToken::new();
        patience.cancel();
        let stored = self.processor.store(batch, &watch, &patience).await;
        let Seen {
            tally,
            measures,
            moved_to,
            away,
        } = watch.0.into_inner().map_err(|_| anyhow!("a panic"))?;
        match stored {
            Ok(()) => {}
            Err(Stop::Fatal(error)) => return Err(error.into()),
            Err(Stop::Abandoned) => {
                return Err(anyhow!(
                    "the store does not answer: {}",
                    away.unwrap_or_default()
                ));
            }
        }
        ensure!(
            tally.records() == count,
            "{count} messages were sent and {} accounted for: {tally:?}",
            tally.records()
        );
        ensure!(
            moved_to == Some(self.next_offset),
            "the partition stands at {moved_to:?}, not at {}",
            self.next_offset
        );
        self.tally.add(&tally);
        self.measures.add(&measures);
        Ok(())
    }

    /// Everything that can be compared.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn actual(&self) -> Result<Actual> {
        actual::read(self).await
    }

    /// What a transaction with this plan would start from.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(&self, plan: &LoadPlan) -> Result<BatchState> {
        let loaded = Mutex::new(None);
        let decide = |state| {
            if let Ok(mut loaded) = loaded.lock() {
                *loaded = Some(state);
            }
            Effects::default()
        };
        self.store.apply(plan, &decide).await?;
        let loaded = loaded.into_inner().map_err(|_| anyhow!("a panic"))?;
        loaded.context("the store has decided without loading")
    }

    /// The issue that a fingerprint leads to, as a transaction sees it.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub async fn state(&self, project: ProjectId, fingerprint: &str) -> Result<IssueState> {
        let key = (project, GroupHash::of(fingerprint));
        let plan = LoadPlan {
            now: Some(self.now()),
            hashes: vec![key],
            ..LoadPlan::default()
        };
        let mut state = self.load(&plan).await?;
        let id = state.hashes.get(&key).copied();
        id.and_then(|id| state.issues.remove(&id))
            .map(|state| *state)
            .with_context(|| format!("project {project} has no issue “{fingerprint}”"))
    }

    /// Its id.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub async fn issue_id(&self, project: ProjectId, fingerprint: &str) -> Result<IssueId> {
        let state = self.state(project, fingerprint).await?;
        state.issue.id.context("a stored issue has an id")
    }

    /// The project that is meant where none is named.
    ///
    /// # Errors
    /// Where there are several.
    pub(super) fn project(&self, named: Option<ProjectId>) -> Result<ProjectId> {
        match (named, self.config.projects.as_slice()) {
            (Some(project), _) => Ok(project),
            (None, [only]) => Ok(only.id),
            (None, _) => Err(anyhow!("project_id is missing, and there is not just one")),
        }
    }
}

/// What a producer uses as the key: the first part of the fingerprint.
fn key(payload: &[u8]) -> Option<Arc<[u8]>> {
    let message: serde_json::Value = serde_json::from_slice(payload).ok()?;
    let part = message.get("fingerprint")?.get(0)?.as_str()?;
    Some(Arc::from(part.as_bytes()))
}

/// Follows the storing of one batch.
#[derive(Debug, Default)]
struct Watch(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    tally: Tally,
    measures: Measures,
    moved_to: Option<i64>,
    away: Option<String>,
}

impl Progress for Watch {
    fn committed(&self, commit: &Commit, moves: &[OffsetAdvance], _: &[BatchItem]) {
        let mut seen = self.0.lock().expect("no panic while counting");
        seen.tally.add(&commit.tally);
        seen.measures.add(&commit.measures);
        seen.moved_to = moves.last().map(|advance| advance.to);
    }

    fn store_away(&self, error: &StoreError) {
        let mut seen = self.0.lock().expect("no panic while counting");
        seen.away = Some(error.to_string());
    }

    fn store_back(&self) {}
}
