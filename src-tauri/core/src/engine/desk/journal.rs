//! What people did, and taking it back.

use crate::engine::bulk::{self, ChangedSince, Context, Progress, is_undo, undo_watched};
use crate::error::Error;
use crate::model::{Directory, IssueId, TransactionId, parse_short_id};
use crate::store::{
    self, ActionStore, JournalFilter, JournalKind, JournalWord, QueryStore, SearchStore, StoreError,
};
use crate::view::{
    HashTaken, IssueRow, JournalAction, JournalEntry, JournalIssue, JournalState, JournalWanted,
    SkippedIssue, UndoConflict, UndoDifference, UndoReport, count, millis,
};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use tokio_util::sync::CancellationToken;

/// Issues of an entry that are named.
const EXAMPLES: u32 = 3;
/// Conflicts of an undo that are told one by one.
const CONFLICTS: usize = 20;

/// Entries of the journal, newest first; only those before an entry, where one is named.
///
/// # Errors
/// Where the store fails.
pub async fn journal<S: ActionStore + QueryStore + SearchStore>(
    store: &S,
    wanted: &JournalWanted,
    (before, limit): (Option<i64>, u32),
    directory: &Directory,
    now: DateTime<Utc>,
) -> Result<Vec<JournalEntry>, Error> {
    let filter = JournalFilter {
        before,
        ..filter(store, wanted, directory).await?
    };
    let mut entries = Vec::new();
    let found = store.journal_entries(&filter, limit).await?;
    let waiting = waiting(store, &found, now).await?;
    for entry in found {
        let examples = examples(store, entry.id, now).await?;
        entries.push(JournalEntry {
            id: entry.id.to_string(),
            at: millis(entry.at),
            actor: entry.actor.map(|id| actor(directory, id)),
            state: state(&entry, &waiting, now),
            issues: count(entry.issues),
            undo_until: entry.undo_until.map(millis),
            is_undo: is_undo(&entry),
            undoes: entry.undoes.map(|id| id.to_string()),
            examples,
            title: entry.title,
            query: entry.query,
            took_ms: entry.took.map(|took| took.as_secs_f64() * 1e3),
            automatic: entry.is_automatic,
        });
    }
    Ok(entries)
}

/// The entries that are wanted, from the newest one on.
pub(super) async fn filter<S: SearchStore>(
    store: &S,
    wanted: &JournalWanted,
    directory: &Directory,
) -> Result<JournalFilter, Error> {
    Ok(JournalFilter {
        before: None,
        kind: wanted.action.map(Into::into),
        by_hand: wanted.by_hand,
        words: words(store, &wanted.words, directory).await?,
    })
}

/// Short ids and titles of the first issues of an entry.
pub(super) async fn examples<S: ActionStore + QueryStore>(
    store: &S,
    entry: i64,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let issues = store.journal_issues(entry, IssueId(0), EXAMPLES).await?;
    let ids: Vec<_> = issues.iter().map(|issue| issue.issue).collect();
    let rows = store.issue_rows(&ids, now).await?;
    let example = |row: &IssueRow| format!("{} {}", row.short_id, row.title);
    Ok(rows.iter().map(example).collect())
}

/// Name of who did something.
pub(super) fn actor(directory: &Directory, id: i64) -> String {
    let user = directory.user(id);
    user.map_or_else(|| format!("user:{id}"), |user| user.username.clone())
}

/// The words of a text, with what else than a text each may stand for.
async fn words<S: SearchStore>(
    store: &S,
    text: &str,
    directory: &Directory,
) -> Result<Vec<JournalWord>, Error> {
    let mut words = Vec::new();
    for typed in text.split_whitespace() {
        let word = typed.to_lowercase();
        let users = directory.users.iter();
        let actors = users.filter(|user| user.username.to_lowercase().contains(&word));
        let issues = match parse_short_id(&word) {
            Some(short_id) => store.issues_of_short_ids(&[short_id].into()).await?,
            None => HashMap::new(),
        };
        words.push(JournalWord {
            actors: actors.map(|user| user.id).collect(),
            issues: issues.into_values().collect(),
            typed: typed.to_owned(),
            text: word,
        });
    }
    Ok(words)
}

impl From<JournalAction> for JournalKind {
    fn from(action: JournalAction) -> Self {
        match action {
            JournalAction::Update => Self::Update,
            JournalAction::Merge => Self::Merge,
            JournalAction::Delete => Self::Delete,
            JournalAction::Discard => Self::Discard,
            JournalAction::Undo => Self::Undo,
        }
    }
}

/// Issues of an entry by their id, those after one, where one is named. At most `limit`, and no more than
/// [`store::ROWS_CAP`].
///
/// # Errors
/// Where the store fails.
pub async fn journal_issues<S: ActionStore + QueryStore>(
    store: &S,
    entry: i64,
    (after, limit): (IssueId, u32),
    now: DateTime<Utc>,
) -> Result<Vec<JournalIssue>, Error> {
    let limit = limit.min(u32::try_from(store::ROWS_CAP).unwrap_or(u32::MAX));
    let issues = store.journal_issues(entry, after, limit).await?;
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.issue).collect();
    let rows = store.issue_rows(&ids, now).await?;
    let mut rows: HashMap<String, _> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    let issues = issues.into_iter().map(|issue| {
        let id = issue.issue.to_string();
        let (short_id, title) = rows
            .remove(&id)
            .map(|row| (row.short_id, row.title))
            .unzip();
        JournalIssue {
            id,
            short_id,
            title,
            undone: issue.undone_by.is_some(),
        }
    });
    Ok(issues.collect())
}

/// Those of some entries whose time is over and whose issues wait for their purge all the same.
pub(super) async fn waiting<S: ActionStore>(
    store: &S,
    entries: &[store::JournalEntry],
    now: DateTime<Utc>,
) -> Result<HashSet<TransactionId>, StoreError> {
    let over = entries.iter().filter(|entry| is_over(entry, now));
    let over: Vec<TransactionId> = over.map(|entry| entry.transaction).collect();
    if over.is_empty() {
        return Ok(HashSet::new());
    }
    store.waiting_deletions(&over).await
}

fn is_over(entry: &store::JournalEntry, now: DateTime<Utc>) -> bool {
    entry.undo_until.is_some_and(|until| until <= now)
}

/// Whether what an entry deleted is gone for good: its time is over, and the purge has begun with the last of its
/// issues (search spec, section 12.4).
///
/// # Errors
/// Where the store fails.
pub async fn is_erased<S: ActionStore>(
    store: &S,
    entry: &store::JournalEntry,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let waiting = waiting(store, std::slice::from_ref(entry), now).await?;
    Ok(is_over(entry, now) && waiting.is_empty())
}

pub(super) fn state(
    entry: &store::JournalEntry,
    waiting: &HashSet<TransactionId>,
    now: DateTime<Utc>,
) -> JournalState {
    if entry.undone > 0 && entry.undone >= entry.issues {
        JournalState::Undone
    } else if entry.undone > 0 {
        JournalState::PartlyUndone
    } else if is_over(entry, now) && !waiting.contains(&entry.transaction) {
        JournalState::Purged
    } else {
        JournalState::Done
    }
}

/// Takes an entry back; with `overwrite` also from issues that have changed since. `progress` hears how far that is, and
/// `cancel` stops it, where it takes several transactions.
///
/// # Errors
/// Where there is no such entry, or the store fails; what was committed until then stays, in the journal.
pub async fn undo_entry<S: ActionStore + QueryStore>(
    store: &S,
    id: i64,
    overwrite: bool,
    context: &Context<'_>,
    progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<(UndoReport, Option<i64>), Error> {
    let report = undo_watched(store, id, overwrite, context, progress, cancel).await?;
    let revision = report.revision;
    Ok((undo_report(store, report, context.now).await?, revision))
}

/// How taking an entry back went, for people.
pub(super) async fn undo_report<S: QueryStore>(
    store: &S,
    report: bulk::UndoReport,
    now: DateTime<Utc>,
) -> Result<UndoReport, Error> {
    let taken = report.hashes_taken.iter();
    let named: Vec<IssueId> = taken.flat_map(|taken| [taken.issue, taken.now]).collect();
    let names = short_ids(store, &named, now).await?;
    let name = |id: IssueId| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    Ok(UndoReport {
        title: report.title,
        job: report.job.map_or_else(String::new, |id| id.to_string()),
        restored: count(report.restored.len() as u64),
        remaining: count(report.remaining),
        not_restored: report
            .not_restored
            .iter()
            .map(|one| SkippedIssue {
                id: one.issue.to_string(),
                reason: one.why.to_string(),
            })
            .collect(),
        conflict_count: count(report.changed_since.len() as u64),
        conflicts: conflicts(store, &report.changed_since, now).await?,
        hashes_taken: report
            .hashes_taken
            .iter()
            .map(|taken| HashTaken {
                id: taken.issue.to_string(),
                short_id: name(taken.issue),
                now: name(taken.now),
            })
            .collect(),
        entry: report.entry.map_or_else(String::new, |id| id.to_string()),
    })
}

/// The first issues that have changed since, as people know them.
async fn conflicts<S: QueryStore>(
    store: &S,
    changed: &[ChangedSince],
    now: DateTime<Utc>,
) -> Result<Vec<UndoConflict>, Error> {
    let shown = changed.get(..CONFLICTS).unwrap_or(changed);
    let ids: Vec<IssueId> = shown.iter().map(|changed| changed.issue).collect();
    let rows = store.issue_rows(&ids, now).await?;
    let conflict = |changed: &ChangedSince| {
        let id = changed.issue.to_string();
        let row = rows.iter().find(|row| row.id == id);
        let leading = changed.differences.iter().filter(|one| !one.follows);
        UndoConflict {
            short_id: row.map_or_else(|| id.clone(), |row| row.short_id.clone()),
            title: row.map(|row| row.title.clone()).unwrap_or_default(),
            differences: leading
                .map(|one| UndoDifference {
                    what: one.what.clone(),
                    before: one.before.clone(),
                    now: one.now.clone(),
                })
                .collect(),
            id,
        }
    };
    Ok(shown.iter().map(conflict).collect())
}

/// Short ids of issues, as far as there are any.
///
/// # Errors
/// Where the store fails.
pub async fn short_ids<S: QueryStore>(
    store: &S,
    ids: &[IssueId],
    now: DateTime<Utc>,
) -> Result<HashMap<IssueId, String>, Error> {
    let mut names = HashMap::new();
    for part in ids.chunks(store::ROWS_CAP) {
        for row in store.issue_rows(part, now).await? {
            if let Ok(id) = row.id.parse() {
                names.insert(IssueId(id), row.short_id);
            }
        }
    }
    Ok(names)
}
