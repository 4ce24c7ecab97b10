//! The store of this process, whichever backend it is.

use super::address::{Address, Location};
use super::journal::Journal;
use super::postgres::{self, PostgresStore};
use super::schema::{self, MigrationReport, OnMigration, SchemaVersion};
use super::search;
use super::sqlite::{self, SqliteStore};
use super::{
    ActionStore, Ahead, Commit, DeadLetterFilter, DeadLetterRecord, DeadLetterState, Decide,
    DeletionJob, Due, Held, IngestStore, IssueHead, Job, JobState, JournalEntry, JournalFilter,
    JournalIssue, LoadPlan, NewJob, OffsetAdvance, OutcomeGrouping, PurgeStep, QueryStore,
    SNAPSHOT_CAP, StoreError, StoreSummary, StoredOffset, TriageStore, Turn,
};
use crate::limits::CounterRow;
use crate::model::{
    Directory, EscalationThreshold, EventId, IssueId, Project, ProjectId, TransactionId,
};
use crate::search::Plan;
use crate::triage::Velocity;
use crate::view::{
    Activity, DeadLetterDetail, DeadLetterList, IssueChanges, IssueDetail, IssueOrder, IssueRow,
    IssueSnapshot, OccurrenceDetail, OccurrencePosition, OutcomeRow,
};
use chrono::{DateTime, Utc};
use sqlx::{PgPool, SqlitePool};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading and writing. The schema is brought up to date; a SQLite file is created where it is missing and
    /// belongs to this process until the store is closed.
    ReadWrite,
    /// Reading. Nothing is changed, and a writer in another process is no obstacle.
    ReadOnly,
}

/// An open store.
#[derive(Debug)]
pub struct Store {
    pub(super) backend: Backend,
    shown: String,
}

#[derive(Debug)]
pub(super) enum Backend {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// The connections of a store.
#[derive(Debug, Clone, Copy)]
pub enum Connections<'a> {
    /// SQLite. The one that writes, where the store was opened for that.
    Sqlite(&'a SqlitePool),
    /// PostgreSQL.
    Postgres(&'a PgPool),
}

/// Runs the same method of whichever backend it is.
macro_rules! each {
    ($store:expr, $backend:ident => $answer:expr) => {
        match &$store.backend {
            Backend::Sqlite($backend) => $answer,
            Backend::Postgres($backend) => $answer,
        }
    };
}
pub(super) use each;

impl Store {
    /// All issues that were written after a revision, and maybe others; nothing where that is not remembered, and in
    /// PostgreSQL, which has an index for it. To be asked within a reading transaction that has read something.
    pub(super) fn written_since(&self, revision: i64) -> Option<Vec<i64>> {
        match &self.backend {
            Backend::Sqlite(backend) => backend.written_since(revision),
            Backend::Postgres(_) => None,
        }
    }

    /// Opens the store at an address: `sqlite:///path/file.db`, `sqlite::memory:`, or `postgres://…`, which takes
    /// `?schema=name` to live in a schema of its own.
    ///
    /// # Errors
    /// [`StoreError::BadUrl`] for an address that is none; [`StoreError::Locked`] where another process writes to the
    /// file; [`StoreError::NewerSchema`] where a newer program wrote it; for reading only, [`StoreError::Missing`] and
    /// [`StoreError::OlderSchema`]; [`StoreError::Unavailable`] where the database cannot be reached.
    pub async fn open(url: &str, access: Access) -> Result<Self, StoreError> {
        Self::open_telling(url, access, &|_| {}).await
    }

    async fn open_telling(
        url: &str,
        access: Access,
        hear: OnMigration<'_>,
    ) -> Result<Self, StoreError> {
        let location = Location::parse(url)?;
        let backend = match &location.address {
            Address::SqliteFile(path) => {
                Backend::Sqlite(SqliteStore::open_file(path, access, hear).await?)
            }
            Address::SqliteMemory => Backend::Sqlite(SqliteStore::open_memory(hear).await?),
            Address::Postgres(address) => {
                let opened = PostgresStore::open(address, &location.shown, access, hear);
                Backend::Postgres(opened.await?)
            }
        };
        Ok(Self {
            backend,
            shown: location.shown,
        })
    }

    /// Brings the store at an address to the current schema, or says what that would do. `hear` is told of each
    /// migration as it begins and ends: on a large store one can take minutes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn migrate(
        url: &str,
        dry_run: bool,
        hear: OnMigration<'_>,
    ) -> Result<MigrationReport, StoreError> {
        let location = Location::parse(url)?;
        let report = match &location.address {
            Address::SqliteFile(path) => {
                schema::report(&sqlite::MIGRATIONS, &sqlite::applied_in_file(path).await?)?
            }
            Address::SqliteMemory => {
                schema::report(&sqlite::MIGRATIONS, &schema::Applied::default())?
            }
            Address::Postgres(address) => {
                let applied = postgres::applied_on_server(address, &location.shown).await?;
                schema::report(&postgres::MIGRATIONS, &applied)?
            }
        };
        if !dry_run {
            let store = Self::open_telling(url, Access::ReadWrite, hear).await?;
            store.close().await;
        }
        Ok(report)
    }

    /// Versions of the schema.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn schema(&self) -> Result<SchemaVersion, StoreError> {
        each!(self, backend => backend.schema().await)
    }

    pub(super) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// The address, without its password.
    #[must_use]
    pub fn describe(&self) -> &str {
        &self.shown
    }

    /// Writers that may work side by side. SQLite has one. On PostgreSQL one more than there are processors keeps them
    /// busy, and more than four wait for each other.
    #[must_use]
    pub fn lanes(&self) -> usize {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        match &self.backend {
            Backend::Sqlite(_) => 1,
            Backend::Postgres(_) => (processors + 1).min(4),
        }
    }

    /// What is wrong inside the database, in its own words; nothing where all is well. Reads the whole of it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        match &self.backend {
            Backend::Sqlite(backend) => backend.check_integrity().await,
            // PostgreSQL checks its pages as it reads them; there is no statement that reads them all.
            Backend::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Everything that was ever noted about an issue; empty where it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn journal(&self, issue: IssueId) -> Result<Journal, StoreError> {
        each!(self, backend => backend.journal(issue).await)
    }

    /// Closes the connections, waiting for those in use. A SQLite file is complete and free for others afterwards.
    pub async fn close(&self) {
        each!(self, backend => backend.close().await);
    }

    /// The connections themselves, past every rule: for tools that put rows into a store as they stand, or look at them
    /// as they are.
    #[must_use]
    pub fn connections(&self) -> Connections<'_> {
        match &self.backend {
            Backend::Sqlite(backend) => Connections::Sqlite(backend.pool()),
            Backend::Postgres(backend) => Connections::Postgres(backend.pool()),
        }
    }
}

impl IngestStore for Store {
    async fn ingest(
        &self,
        source: &str,
        advances: &[OffsetAdvance],
        plan: &LoadPlan,
        decide: &impl Decide,
    ) -> Result<Commit, StoreError> {
        each!(self, backend => backend.ingest(source, advances, plan, decide).await)
    }

    async fn load_events(
        &self,
        events: &[(ProjectId, EventId)],
    ) -> Result<HashMap<(ProjectId, EventId), Vec<u8>>, StoreError> {
        each!(self, backend => backend.load_events(events).await)
    }

    async fn offsets(&self, source: &str) -> Result<Vec<StoredOffset>, StoreError> {
        each!(self, backend => backend.offsets(source).await)
    }

    async fn claim_partition(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        initial: i64,
    ) -> Result<i64, StoreError> {
        each!(self, backend => backend.claim_partition(source, topic, partition, initial).await)
    }

    async fn name_projects(&self, projects: &[Project]) -> Result<(), StoreError> {
        each!(self, backend => backend.name_projects(projects).await)
    }

    async fn skip_gap(
        &self,
        source: &str,
        advance: &OffsetAdvance,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        each!(self, backend => backend.skip_gap(source, advance, now).await)
    }
}

impl TriageStore for Store {
    async fn apply_turn<W: Send>(
        &self,
        turn: Turn<'_, W>,
        decide: &impl Decide<W>,
    ) -> Result<(Commit, Option<Ahead<W>>), StoreError> {
        each!(self, backend => backend.apply_turn(turn, decide).await)
    }

    async fn revision(&self) -> Result<i64, StoreError> {
        each!(self, backend => backend.revision().await)
    }

    async fn due(&self, due: &Due, limit: u32) -> Result<Vec<IssueId>, StoreError> {
        each!(self, backend => backend.due(due, limit).await)
    }

    async fn claim_task(
        &self,
        task: &str,
        project: ProjectId,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        each!(self, backend => backend.claim_task(task, project, not_since, now).await)
    }

    async fn clear_inbox(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        each!(self, backend => backend.clear_inbox(before).await)
    }

    async fn forget_expired(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, backend => backend.forget_expired(now).await)
    }

    async fn index_backlog(&self, most: u32) -> Result<bool, StoreError> {
        each!(self, backend => backend.index_backlog(most).await)
    }

    async fn sweep_search(&self) -> Result<u64, StoreError> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(0),
            Backend::Postgres(backend) => backend.sweep_search().await,
        }
    }

    async fn set_directory(&self, directory: &Directory) -> Result<(), StoreError> {
        each!(self, backend => backend.set_directory(directory).await)
    }

    async fn directory(&self) -> Result<Directory, StoreError> {
        each!(self, backend => backend.directory().await)
    }

    async fn counters(&self, now: DateTime<Utc>) -> Result<Vec<CounterRow>, StoreError> {
        each!(self, backend => backend.counters(now).await)
    }

    async fn unmeasured_projects(
        &self,
        latest: DateTime<Utc>,
    ) -> Result<Vec<ProjectId>, StoreError> {
        each!(self, backend => backend.unmeasured_projects(latest).await)
    }

    async fn velocities(
        &self,
        project: ProjectId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Velocity>, StoreError> {
        each!(self, backend => backend.velocities(project, since, now).await)
    }

    async fn set_escalation_threshold(
        &self,
        project: ProjectId,
        threshold: EscalationThreshold,
    ) -> Result<(), StoreError> {
        each!(self, backend => backend.set_escalation_threshold(project, threshold).await)
    }

    async fn set_short_id_counter(
        &self,
        project: ProjectId,
        last_number: i64,
    ) -> Result<(), StoreError> {
        each!(self, backend => backend.set_short_id_counter(project, last_number).await)
    }

    async fn dead_letter_records(&self, ids: &[i64]) -> Result<Vec<DeadLetterRecord>, StoreError> {
        each!(self, backend => backend.dead_letter_records(ids).await)
    }

    async fn move_dead_letters(
        &self,
        ids: &[i64],
        from: DeadLetterState,
        to: DeadLetterState,
    ) -> Result<u64, StoreError> {
        each!(self, backend => backend.move_dead_letters(ids, from, to).await)
    }
}

impl ActionStore for Store {
    async fn issue_heads(&self, ids: &[IssueId]) -> Result<Vec<IssueHead>, StoreError> {
        each!(self, backend => backend.issue_heads(ids).await)
    }

    async fn journal_entries(
        &self,
        filter: &JournalFilter,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        each!(self, backend => backend.journal_entries(filter, limit).await)
    }

    async fn journal_entry(&self, id: i64) -> Result<Option<JournalEntry>, StoreError> {
        each!(self, backend => backend.journal_entry(id).await)
    }

    async fn journal_entry_of(
        &self,
        transaction: TransactionId,
    ) -> Result<Option<JournalEntry>, StoreError> {
        each!(self, backend => backend.journal_entry_of(transaction).await)
    }

    async fn journal_issues(
        &self,
        entry: i64,
        after: IssueId,
        limit: u32,
    ) -> Result<Vec<JournalIssue>, StoreError> {
        each!(self, backend => backend.journal_issues(entry, after, limit).await)
    }

    async fn add_took(&self, entry: i64, took: Duration) -> Result<(), StoreError> {
        each!(self, backend => backend.add_took(entry, took).await)
    }

    async fn forget_journal(
        &self,
        before: DateTime<Utc>,
        most: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        each!(self, backend => backend.forget_journal(before, most, now).await)
    }

    async fn waiting_deletions(
        &self,
        entries: &[TransactionId],
    ) -> Result<HashSet<TransactionId>, StoreError> {
        each!(self, backend => backend.waiting_deletions(entries).await)
    }

    async fn due_deletions(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<DeletionJob>, StoreError> {
        each!(self, backend => backend.due_deletions(now, limit).await)
    }

    async fn claim_deletion(
        &self,
        job: &DeletionJob,
        again_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        each!(self, backend => backend.claim_deletion(job, again_at).await)
    }

    async fn take_deletion_batch(&self, job: i64, limit: u32) -> Result<Vec<IssueId>, StoreError> {
        each!(self, backend => backend.take_deletion_batch(job, limit).await)
    }

    async fn purge(
        &self,
        issues: &[IssueId],
        step: PurgeStep,
        limit: u32,
    ) -> Result<u64, StoreError> {
        each!(self, backend => backend.purge(issues, step, limit).await)
    }

    async fn purge_issues(&self, issues: &[IssueId]) -> Result<(), StoreError> {
        each!(self, backend => backend.purge_issues(issues).await)
    }

    async fn end_deletion(&self, job: i64) -> Result<bool, StoreError> {
        each!(self, backend => backend.end_deletion(job).await)
    }

    async fn delay_deletion(
        &self,
        job: i64,
        due_at: DateTime<Utc>,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        each!(self, backend => backend.delay_deletion(job, due_at, problem).await)
    }

    async fn add_job(&self, job: &NewJob<'_>, now: DateTime<Utc>) -> Result<i64, StoreError> {
        each!(self, backend => backend.add_job(job, now).await)
    }

    async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        each!(self, backend => backend.job(id).await)
    }

    async fn jobs(&self, before: Option<i64>, limit: u32) -> Result<Vec<Job>, StoreError> {
        each!(self, backend => backend.jobs(before, limit).await)
    }

    async fn job_scope(&self, id: i64) -> Result<Vec<IssueId>, StoreError> {
        each!(self, backend => backend.job_scope(id).await)
    }

    async fn resume_job(&self, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        each!(self, backend => backend.resume_job(id, now).await)
    }

    async fn end_job(
        &self,
        id: i64,
        done: u64,
        state: JobState,
        now: DateTime<Utc>,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        each!(self, backend => backend.end_job(id, done, state, now, problem).await)
    }

    async fn interrupt_jobs(
        &self,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        each!(self, backend => backend.interrupt_jobs(not_since, now).await)
    }
}

impl QueryStore for Store {
    async fn issue_snapshot(
        &self,
        plan: &Plan,
        order: IssueOrder,
        now: DateTime<Utc>,
    ) -> Result<IssueSnapshot, StoreError> {
        search::snapshot(self, plan, order, SNAPSHOT_CAP, now).await
    }

    async fn issue_changes(
        &self,
        plan: &Plan,
        held: &Held<'_>,
    ) -> Result<IssueChanges, StoreError> {
        search::changes(self, plan, held).await
    }

    async fn issue_rows(
        &self,
        ids: &[IssueId],
        now: DateTime<Utc>,
    ) -> Result<Vec<IssueRow>, StoreError> {
        each!(self, backend => backend.issue_rows(ids, now).await)
    }

    async fn issue_detail(
        &self,
        id: IssueId,
        now: DateTime<Utc>,
    ) -> Result<Option<IssueDetail>, StoreError> {
        each!(self, backend => backend.issue_detail(id, now).await)
    }

    async fn issue_by_short_id(
        &self,
        project_slug: &str,
        number: i64,
    ) -> Result<Option<IssueId>, StoreError> {
        each!(self, backend => backend.issue_by_short_id(project_slug, number).await)
    }

    async fn occurrence(
        &self,
        issue: IssueId,
        position: &OccurrencePosition,
    ) -> Result<Option<OccurrenceDetail>, StoreError> {
        each!(self, backend => backend.occurrence(issue, position).await)
    }

    async fn activities(&self, issue: IssueId, limit: u32) -> Result<Vec<Activity>, StoreError> {
        each!(self, backend => backend.activities(issue, limit).await)
    }

    async fn notes(&self, issue: IssueId) -> Result<Vec<Activity>, StoreError> {
        each!(self, backend => backend.notes(issue).await)
    }

    async fn project_releases(&self, project: ProjectId) -> Result<Vec<String>, StoreError> {
        each!(self, backend => backend.project_releases(project).await)
    }

    async fn has_release(&self, project: ProjectId, version: &str) -> Result<bool, StoreError> {
        each!(self, backend => backend.has_release(project, version).await)
    }

    async fn event_bodies(&self, id: EventId) -> Result<Vec<(ProjectId, String)>, StoreError> {
        each!(self, backend => backend.event_bodies(id).await)
    }

    async fn projects(&self) -> Result<Vec<Project>, StoreError> {
        each!(self, backend => backend.projects().await)
    }

    async fn outcomes(&self, by: OutcomeGrouping) -> Result<Vec<OutcomeRow>, StoreError> {
        each!(self, backend => backend.outcomes(by).await)
    }

    async fn dead_letters(&self, filter: DeadLetterFilter) -> Result<DeadLetterList, StoreError> {
        each!(self, backend => backend.dead_letters(filter).await)
    }

    async fn dead_letter(&self, id: i64) -> Result<Option<DeadLetterDetail>, StoreError> {
        each!(self, backend => backend.dead_letter(id).await)
    }

    async fn summary(&self) -> Result<StoreSummary, StoreError> {
        each!(self, backend => backend.summary().await)
    }
}
