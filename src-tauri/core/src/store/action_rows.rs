//! Rows of actions as the read statements of both backends answer them, and as they are written.

use super::actions::{
    Actions, DeletionJob, IssueHash, IssueHead, JournalEntry, JournalIssue, JournalKind,
    JournalWord,
};
use super::column::{Stamp, storable};
use super::jobs::{Job, JobState};
use super::rows::json;
use super::{BatchState, StoreError};
use crate::model::{GroupHash, IssueId, IssueStatus, ProjectId, TransactionId};
use crate::triage::{Image, KinEnvironment, KinRelease};
use serde_json::Value;
use sqlx::FromRow;
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// The word of a hash row that outlives its issue.
pub(super) const SPLIT: &str = "split";

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(super) fn transaction(text: &str) -> Result<TransactionId, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Corrupt(format!("“{text}” is no transaction id")))
}

fn kind(word: &str) -> Result<JournalKind, StoreError> {
    JournalKind::from_word(word)
        .ok_or_else(|| StoreError::Corrupt(format!("“{word}” is no kind of action")))
}

fn value<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("{what}: {error}")))
}

/// Rows of issue heads: id, project, status, type, occurrences, in the order of `ids`.
pub(super) fn heads(
    ids: &[IssueId],
    rows: Vec<(i64, i64, i16, i32, i64)>,
) -> Result<Vec<IssueHead>, StoreError> {
    let mut heads = HashMap::with_capacity(rows.len());
    for (id, project, status, group_type, times_seen) in rows {
        let odd = |what: &str| StoreError::Corrupt(format!("issue {id} has an unknown {what}"));
        let head = IssueHead {
            id: IssueId(id),
            project: ProjectId(project),
            status: IssueStatus::from_number(status).ok_or_else(|| odd("status"))?,
            group_type: u16::try_from(group_type).map_err(|_| odd("type"))?,
            times_seen,
        };
        heads.insert(head.id, head);
    }
    Ok(ids.iter().filter_map(|id| heads.remove(id)).collect())
}

/// The columns of [`EntryRecord`].
macro_rules! entry_columns {
    () => {
        "id, transaction_id, at, actor, kind, title, issues, undone, undoes, undo_until, query, took, automatic"
    };
}
pub(super) use entry_columns;

#[derive(Debug, FromRow)]
pub(super) struct EntryRecord {
    pub id: i64,
    pub transaction_id: String,
    pub at: Stamp,
    pub actor: Option<i64>,
    pub kind: String,
    pub title: String,
    pub issues: i64,
    pub undone: i64,
    pub undoes: Option<i64>,
    pub undo_until: Option<Stamp>,
    pub query: Option<String>,
    /// Microseconds.
    pub took: Option<i64>,
    pub automatic: bool,
}

impl EntryRecord {
    pub(super) fn into_entry(self) -> Result<JournalEntry, StoreError> {
        Ok(JournalEntry {
            id: self.id,
            transaction: transaction(&self.transaction_id)?,
            at: self.at.0,
            actor: self.actor,
            kind: kind(&self.kind)?,
            title: self.title,
            issues: whole(self.issues),
            undone: whole(self.undone),
            undoes: self.undoes,
            undo_until: self.undo_until.map(|until| until.0),
            query: self.query,
            took: self.took.map(|took| Duration::from_micros(whole(took))),
            is_automatic: self.automatic,
        })
    }
}

/// Words that somebody looks for, as a statement takes them.
pub(super) fn words_text(words: &[JournalWord]) -> Result<String, StoreError> {
    let words = words.iter().map(|word| JournalWord {
        typed: storable(&word.typed).into_owned(),
        text: storable(&word.text).into_owned(),
        ..word.clone()
    });
    json(&words.collect::<Vec<_>>())
}

#[derive(Debug, FromRow)]
pub(super) struct EntryIssueRecord {
    pub issue_id: i64,
    pub before: String,
    pub after: String,
    pub undone_by: Option<i64>,
}

impl EntryIssueRecord {
    pub(super) fn into_issue(self) -> Result<JournalIssue, StoreError> {
        Ok(JournalIssue {
            issue: IssueId(self.issue_id),
            before: value(&self.before, "what the journal has of an issue")?,
            after: value(&self.after, "what the journal has of an issue")?,
            undone_by: self.undone_by,
        })
    }
}

/// The columns of [`DeletionRecord`].
macro_rules! deletion_columns {
    () => {
        "id, project_id, transaction_id, kind, due_at, attempts, problem"
    };
}
pub(super) use deletion_columns;

#[derive(Debug, FromRow)]
pub(super) struct DeletionRecord {
    pub id: i64,
    pub project_id: i64,
    pub transaction_id: String,
    pub kind: String,
    pub due_at: Stamp,
    pub attempts: i32,
    pub problem: Option<String>,
}

impl DeletionRecord {
    pub(super) fn into_job(self) -> Result<DeletionJob, StoreError> {
        Ok(DeletionJob {
            id: self.id,
            project: ProjectId(self.project_id),
            transaction: transaction(&self.transaction_id)?,
            kind: kind(&self.kind)?,
            due_at: self.due_at.0,
            attempts: u32::try_from(self.attempts).unwrap_or(0),
            problem: self.problem,
        })
    }
}

/// The columns of [`JobRecord`].
macro_rules! job_columns {
    () => {
        "id, transaction_id, kind, title, request, actor, state, total, done, skipped, started_at, touched_at, ended_at, \
         journal_id, problem"
    };
}
pub(super) use job_columns;

#[derive(Debug, FromRow)]
pub(super) struct JobRecord {
    pub id: i64,
    pub transaction_id: String,
    pub kind: String,
    pub title: String,
    pub request: String,
    pub actor: Option<i64>,
    pub state: String,
    pub total: i64,
    pub done: i64,
    pub skipped: i64,
    pub started_at: Stamp,
    pub touched_at: Stamp,
    pub ended_at: Option<Stamp>,
    pub journal_id: Option<i64>,
    pub problem: Option<String>,
}

impl JobRecord {
    pub(super) fn into_job(self) -> Result<Job, StoreError> {
        let state = JobState::from_word(&self.state);
        Ok(Job {
            id: self.id,
            transaction: transaction(&self.transaction_id)?,
            kind: self.kind,
            title: self.title,
            request: value::<Value>(&self.request, "the request of a job")?,
            actor: self.actor,
            state: state.ok_or_else(|| {
                StoreError::Corrupt(format!("“{}” is no state of a job", self.state))
            })?,
            total: whole(self.total),
            done: whole(self.done),
            skipped: whole(self.skipped),
            started_at: self.started_at.0,
            touched_at: self.touched_at.0,
            ended_at: self.ended_at.map(|at| at.0),
            journal: self.journal_id,
            problem: self.problem,
        })
    }
}

/// The list of issues of a job as it is stored.
pub(super) fn scope_text(issues: &[IssueId]) -> Result<String, StoreError> {
    json(&issues)
}

/// # Errors
/// [`StoreError::Corrupt`] for what is no such list.
pub(super) fn scope(text: &str) -> Result<Vec<IssueId>, StoreError> {
    value(text, "the issues of a job")
}

/// An issue of a journal entry as it is written.
#[derive(Debug)]
pub(super) struct ImageRow {
    pub issue_id: i64,
    pub before: String,
    pub after: String,
}

/// The images of everything an action notes in the journal.
pub(super) fn image_rows(actions: &Actions) -> Result<Vec<ImageRow>, StoreError> {
    let issues = actions.journal.as_ref();
    let issues = issues.map_or(&[][..], |write| &write.issues);
    // PostgreSQL refuses U+0000 in text, also escaped in what it is asked to read as JSON; these are texts alone.
    let text =
        |image: &Image| -> Result<String, StoreError> { Ok(storable(&json(image)?).into_owned()) };
    issues
        .iter()
        .map(|write| {
            Ok(ImageRow {
                issue_id: write.issue.0,
                before: text(&write.before)?,
                after: text(&write.after)?,
            })
        })
        .collect()
}

/// A tombstone as it is written.
#[derive(Debug)]
pub(super) struct TombstoneRow {
    pub issue_id: i64,
    pub project_id: i64,
    pub level: i16,
    pub message: String,
    pub culprit: String,
    pub data: String,
    pub actor: Option<i64>,
}

pub(super) fn tombstone_rows(actions: &Actions) -> Result<Vec<TombstoneRow>, StoreError> {
    actions
        .tombstones
        .iter()
        .map(|write| {
            Ok(TombstoneRow {
                issue_id: write.issue.0,
                project_id: write.project.0,
                level: write.level,
                message: storable(&write.message).into_owned(),
                culprit: storable(&write.culprit).into_owned(),
                data: json(&write.data)?,
                actor: write.actor,
            })
        })
        .collect()
}

/// Takes fingerprints that lead to issues: issue, fingerprint, state.
pub(super) fn put_issue_hashes(rows: Vec<(i64, Uuid, Option<String>)>, state: &mut BatchState) {
    for (issue, hash, kept) in rows {
        let hashes = state.issue_hashes.entry(IssueId(issue)).or_default();
        hashes.push(IssueHash {
            hash: GroupHash(hash),
            is_split: kept.as_deref() == Some(SPLIT),
        });
    }
    for hashes in state.issue_hashes.values_mut() {
        hashes.sort_unstable();
    }
}

/// Takes what hashes lead to: project, hash, issue, tombstone.
pub(super) fn put_hashes(rows: Vec<(i64, Uuid, Option<i64>, Option<i64>)>, state: &mut BatchState) {
    for (project, hash, issue, tombstone) in rows {
        let key = (ProjectId(project), GroupHash(hash));
        match (issue, tombstone) {
            (Some(issue), _) => drop(state.hashes.insert(key, IssueId(issue))),
            (None, Some(_)) => drop(state.buried.insert(key)),
            (None, None) => {}
        }
    }
}

#[derive(Debug, FromRow)]
pub(super) struct KinEnvironmentRecord {
    pub issue_id: i64,
    pub environment: String,
    pub first_release: Option<String>,
    pub first_seen: Stamp,
}

#[derive(Debug, FromRow)]
pub(super) struct KinReleaseRecord {
    pub issue_id: i64,
    pub release: String,
    pub environment: String,
    pub first_seen: Stamp,
    pub last_seen: Stamp,
}

/// Takes where issues were seen.
pub(super) fn put_kin(
    environments: Vec<KinEnvironmentRecord>,
    releases: Vec<KinReleaseRecord>,
    state: &mut BatchState,
) {
    for row in environments {
        let kin = state.kin.entry(IssueId(row.issue_id)).or_default();
        kin.environments.push(KinEnvironment {
            environment: row.environment,
            first_release: row.first_release,
            first_seen: row.first_seen.0,
        });
    }
    for row in releases {
        let kin = state.kin.entry(IssueId(row.issue_id)).or_default();
        kin.releases.push(KinRelease {
            release: row.release,
            environment: row.environment,
            first_seen: row.first_seen.0,
            last_seen: row.last_seen.0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_what_they_stand_for() {
        for known in ["update", "merge", "delete", "discard", "undo"] {
            assert_eq!(kind(known).unwrap().as_str(), known);
        }
        assert!(matches!(kind("Undo"), Err(StoreError::Corrupt(_))));
        for known in ["running", "done", "cancelled", "interrupted", "failed"] {
            let state = JobState::from_word(known).map(JobState::as_str);
            assert_eq!(state, Some(known));
        }
    }

    #[test]
    fn a_scope_comes_back_in_its_order() {
        let issues = vec![IssueId(7), IssueId(2), IssueId(9)];
        assert_eq!(scope(&scope_text(&issues).unwrap()).unwrap(), issues);
        assert!(matches!(scope("[1,"), Err(StoreError::Corrupt(_))));
    }
}
