//! What people do to issues, beside the issues themselves: the journal, deletes, merges, jobs.

use super::{Job, JobState, NewJob, StoreError, TriageStore};
use crate::model::{GroupHash, IssueId, IssueStatus, ProjectId, TransactionId};
use crate::triage::{Image, Kin};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

/// Which rows beside the issues of a plan are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BesidePlan {
    /// What these members have with the issues.
    pub people: Vec<i64>,
    /// What anybody has with them.
    pub everybody: bool,
    /// Their links for others.
    pub shares: bool,
    /// Their labels.
    pub labels: bool,
    /// Their links to things outside.
    pub links: bool,
    /// Notes by their issue and ident.
    pub notes: Vec<(IssueId, String)>,
    /// The fingerprints that lead to them, and whether they have a tombstone already. Who takes fingerprints from an issue
    /// needs them: they are locked before it.
    pub hashes: bool,
    /// The environments and releases they were seen in.
    pub kin: bool,
}

/// A fingerprint of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueHash {
    /// The fingerprint.
    pub hash: GroupHash,
    /// Whether it was divided, so that its row outlives its issue.
    pub is_split: bool,
}

/// What kind of action an entry of the journal tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JournalKind {
    /// States, priorities, assignees, what members have with issues.
    Update,
    /// Several issues became one; what else was asked for at once is in it, too.
    Merge,
    /// Issues were deleted.
    Delete,
    /// Issues were deleted, and so is what would come for them.
    Discard,
    /// Something was taken back.
    Undo,
}

impl JournalKind {
    const ALL: [Self; 5] = [
        Self::Update,
        Self::Merge,
        Self::Delete,
        Self::Discard,
        Self::Undo,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Delete => "delete",
            Self::Discard => "discard",
            Self::Undo => "undo",
        }
    }

    /// The kind a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What was done, for the journal. The entry is made by the first transaction that has issues for it, the others add
/// theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalWrite {
    /// Identity of what was done.
    pub transaction: TransactionId,
    /// Its kind.
    pub kind: JournalKind,
    /// In words.
    pub title: String,
    /// Who did it.
    pub actor: Option<i64>,
    /// The entry that is taken back.
    pub undoes: Option<i64>,
    /// From when on it cannot be taken back.
    pub undo_until: Option<DateTime<Utc>>,
    /// The search whose issues it is; nothing where they were picked.
    pub query: Option<String>,
    /// Whether it is done along with something else, and not on purpose.
    pub is_automatic: bool,
    /// The issues it changed.
    pub issues: Vec<JournalIssueWrite>,
}

/// An issue of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalIssueWrite {
    /// The issue.
    pub issue: IssueId,
    /// As it was, as far as it changed.
    pub before: Image,
    /// As it is.
    pub after: Image,
}

/// How far a job is after this transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobStep {
    /// The job.
    pub job: i64,
    /// Issues that were dealt with before. Where the job is elsewhere, or does not run, the transaction fails with
    /// [`StoreError::JobTaken`].
    pub from: u64,
    /// Issues that were dealt with.
    pub done: u64,
    /// Those of them that were left as they were.
    pub skipped: u64,
    /// When: a job goes on for longer than the moment that its changes are dated.
    pub at: DateTime<Utc>,
}

/// A fingerprint that leads to an issue, or to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashWrite {
    /// Project.
    pub project: ProjectId,
    /// The fingerprint.
    pub hash: IssueHash,
    /// The issue.
    pub issue: Option<IssueId>,
}

/// Issues whose data goes later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionWrite {
    /// Their project.
    pub project: ProjectId,
    /// Identity of what was done; several transactions of one fill the same job, which is due when the last of them
    /// says, until it has begun.
    pub transaction: TransactionId,
    /// That of the entry in the journal.
    pub entry: TransactionId,
    /// [`JournalKind::Delete`] or [`JournalKind::Discard`].
    pub kind: JournalKind,
    /// Who deleted them.
    pub actor: Option<i64>,
    /// When their data goes.
    pub due_at: DateTime<Utc>,
    /// The issues, in the order in which they go.
    pub issues: Vec<IssueId>,
}

/// What is left of a discarded issue. All its fingerprints point at it from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct TombstoneWrite {
    /// The issue.
    pub issue: IssueId,
    /// Its project.
    pub project: ProjectId,
    /// Its level.
    pub level: i16,
    /// Its message.
    pub message: String,
    /// Where it happened.
    pub culprit: String,
    /// Its data.
    pub data: Image,
    /// Who discarded it.
    pub actor: Option<i64>,
}

/// A line that nobody can deny later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditWrite {
    /// The issue.
    pub issue: IssueId,
    /// Its project, which is noted by its slug.
    pub project: ProjectId,
    /// Identity of what was done.
    pub transaction: TransactionId,
    /// Who did it.
    pub actor: Option<i64>,
    /// What it is.
    pub event: &'static str,
}

/// Rows that move to the issue that others are merged into. Noted with the journal entry of the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeWrite {
    /// The issue that stays.
    pub parent: IssueId,
    /// The others.
    pub children: Vec<IssueId>,
    /// Environments and releases of the parent that are new or differ.
    pub put: Kin,
}

/// Rows that a merge moved and that go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmergeWrite {
    /// The entry of the merge.
    pub entry: i64,
    /// The issue that stayed.
    pub parent: IssueId,
    /// The others.
    pub children: Vec<IssueId>,
    /// Environments and releases of the parent that are as before again.
    pub put: Kin,
    /// Those that it has no longer.
    pub gone: Kin,
}

/// Everything that an action writes beside the issues.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Actions {
    /// The entry in the journal.
    pub journal: Option<JournalWrite>,
    /// Issues of an entry that are taken back by this transaction.
    pub undone: Option<(i64, Vec<IssueId>)>,
    /// How far the job is.
    pub job: Option<JobStep>,
    /// Fingerprints that lead elsewhere now.
    pub hashes: Vec<HashWrite>,
    /// What is deleted, by project.
    pub deletions: Vec<DeletionWrite>,
    /// Issues that no deletion waits for any more.
    pub undeleted: Vec<IssueId>,
    /// What is left of discarded issues.
    pub tombstones: Vec<TombstoneWrite>,
    /// Issues whose tombstone goes.
    pub exhumed: Vec<IssueId>,
    /// Lines for the audit log.
    pub audit: Vec<AuditWrite>,
    /// Issues that become one.
    pub merge: Option<MergeWrite>,
    /// Issues that become several again.
    pub unmerge: Option<UnmergeWrite>,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its number; later ones have greater ones.
    pub id: i64,
    /// Identity of what was done.
    pub transaction: TransactionId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Option<i64>,
    /// Its kind.
    pub kind: JournalKind,
    /// In words.
    pub title: String,
    /// How many issues changed.
    pub issues: u64,
    /// How many of them were taken back.
    pub undone: u64,
    /// The entry it takes back.
    pub undoes: Option<i64>,
    /// From when on it cannot be taken back.
    pub undo_until: Option<DateTime<Utc>>,
    /// The search whose issues it was; nothing where they were picked.
    pub query: Option<String>,
    /// How long it took, where that is known.
    pub took: Option<Duration>,
    /// Whether it was done along with something else, and not on purpose.
    pub is_automatic: bool,
}

/// Which entries of the journal are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Only those before this entry.
    pub before: Option<i64>,
    /// Only those of this kind.
    pub kind: Option<JournalKind>,
    /// Only what was done on purpose.
    pub by_hand: bool,
    /// Only those that all of these fit.
    pub words: Vec<JournalWord>,
}

/// A word that somebody looks for in the journal. An entry that any of this is true of fits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JournalWord {
    /// As it was written. Its title or query has it.
    pub typed: String,
    /// In lower case. Its title or query has it, in the case of letters that the store knows: of SQLite those of ASCII.
    pub text: String,
    /// One of them did it.
    pub actors: Vec<i64>,
    /// It changed one of them.
    pub issues: Vec<i64>,
}

/// An issue of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalIssue {
    /// The issue.
    pub issue: IssueId,
    /// As it was, as far as it changed.
    pub before: Image,
    /// As it became.
    pub after: Image,
    /// The entry that took it back.
    pub undone_by: Option<i64>,
}

/// Deleted issues of a project whose data goes when the time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionJob {
    /// Its number.
    pub id: i64,
    /// Project.
    pub project: ProjectId,
    /// Identity of the delete.
    pub transaction: TransactionId,
    /// [`JournalKind::Delete`] or [`JournalKind::Discard`].
    pub kind: JournalKind,
    /// When it runs.
    pub due_at: DateTime<Utc>,
    /// How often it was begun.
    pub attempts: u32,
    /// What went wrong the last time.
    pub problem: Option<String>,
}

/// Rows that a purge removes one kind after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeStep {
    /// Everything beside the issues but their occurrences.
    Satellites,
    /// Occurrences, newest first, with their event bodies.
    Occurrences,
}

/// What has to be known of an issue to decide whether an action is about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueHead {
    /// The issue.
    pub id: IssueId,
    /// Its project.
    pub project: ProjectId,
    /// Where it stands.
    pub status: IssueStatus,
    /// Number of its group type.
    pub group_type: u16,
    /// Occurrences counted into it.
    pub times_seen: i64,
}

/// Keeps what people did, and what of it is still to do.
pub trait ActionStore: TriageStore {
    /// The heads of issues in the order of `ids`; missing ones are left out.
    fn issue_heads(
        &self,
        ids: &[IssueId],
    ) -> impl Future<Output = Result<Vec<IssueHead>, StoreError>> + Send;

    /// Entries of the journal, newest first.
    fn journal_entries(
        &self,
        filter: &JournalFilter,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<JournalEntry>, StoreError>> + Send;

    /// One entry.
    fn journal_entry(
        &self,
        id: i64,
    ) -> impl Future<Output = Result<Option<JournalEntry>, StoreError>> + Send;

    /// The entry of what was done.
    fn journal_entry_of(
        &self,
        transaction: TransactionId,
    ) -> impl Future<Output = Result<Option<JournalEntry>, StoreError>> + Send;

    /// Issues of an entry by their number, after `after`.
    fn journal_issues(
        &self,
        entry: i64,
        after: IssueId,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<JournalIssue>, StoreError>> + Send;

    /// Notes how much longer it took what an entry tells of. Nothing happens where there is no such entry.
    fn add_took(
        &self,
        entry: i64,
        took: Duration,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes the entries before a time, then the oldest as long as those that are newer changed `most` issues, each
    /// time that one was changed. Those of deletes that can still be taken back stay. Answers how many went. Jobs that
    /// came to all their issues before that time go as well; those that can go on stay.
    fn forget_journal(
        &self,
        before: DateTime<Utc>,
        most: u64,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Those of the entries with these transactions that deleted issues whose purge has not begun: they can be taken
    /// back whatever the clock shows.
    fn waiting_deletions(
        &self,
        entries: &[TransactionId],
    ) -> impl Future<Output = Result<HashSet<TransactionId>, StoreError>> + Send;

    /// Deletions whose time has come, oldest first.
    fn due_deletions(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<DeletionJob>, StoreError>> + Send;

    /// Begins a deletion, unless somebody else has begun it since it was read. It is due again at `again_at`, should
    /// this program end.
    fn claim_deletion(
        &self,
        job: &DeletionJob,
        again_at: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The next issues of a deletion, at most `limit`, marked as being deleted. Those that came back in the meantime
    /// leave it.
    fn take_deletion_batch(
        &self,
        job: i64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// Removes at most `limit` rows of issues that are being deleted, in one transaction, and answers how many.
    fn purge(
        &self,
        issues: &[IssueId],
        step: PurgeStep,
        limit: u32,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Removes the issues themselves, and takes them out of their deletion.
    fn purge_issues(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends a deletion that has no issues left. True where it had none.
    fn end_deletion(&self, job: i64) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Lets a deletion wait, and notes why.
    fn delay_deletion(
        &self,
        job: i64,
        due_at: DateTime<Utc>,
        problem: Option<&str>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Begins a job.
    fn add_job(
        &self,
        job: &NewJob<'_>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<i64, StoreError>> + Send;

    /// One job.
    fn job(&self, id: i64) -> impl Future<Output = Result<Option<Job>, StoreError>> + Send;

    /// Jobs, newest first; only those before a job, where one is named.
    fn jobs(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Job>, StoreError>> + Send;

    /// The issues of a job, in the order in which they are dealt with.
    fn job_scope(&self, id: i64) -> impl Future<Output = Result<Vec<IssueId>, StoreError>> + Send;

    /// Lets a job that ended go on. False where it goes on already, or is done.
    fn resume_job(
        &self,
        id: i64,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Ends a job that runs and has dealt with so many issues. One that is elsewhere is somebody else's by now.
    fn end_job(
        &self,
        id: i64,
        done: u64,
        state: JobState,
        now: DateTime<Utc>,
        problem: Option<&str>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Marks jobs as interrupted that say they go on and have not been heard of since `not_since`, and answers how many.
    fn interrupt_jobs(
        &self,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
}
