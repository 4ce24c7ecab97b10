//! Rows of the lists that are no lists of issues, for an export.

use super::journal;
use crate::engine::export::RowStream;
use crate::engine::find::FindError;
use crate::export::{Columns, ExportRow};
use crate::model::Directory;
use crate::store::{self, ActionStore, JournalFilter, QueryStore, StoreError};
use crate::view::JournalState;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::time::Duration;

/// Rows that are read at once.
const PAGE: u32 = 500;

/// What is listed.
#[derive(Debug, Clone)]
pub(super) enum Listing {
    /// Entries of the journal, with examples of their issues where a column has them.
    Journal {
        filter: JournalFilter,
        has_examples: bool,
    },
    /// Jobs.
    Jobs,
}

impl Listing {
    /// The entries that a filter keeps, with what these columns need.
    pub(super) fn journal(filter: JournalFilter, columns: &Columns) -> Self {
        Self::Journal {
            filter,
            has_examples: columns.names().any(|name| name == "examples"),
        }
    }

    /// How many rows there are. The ids are read page by page; nothing of them is kept.
    pub(super) async fn count<S: ActionStore>(&self, store: &S) -> Result<u64, StoreError> {
        let (mut count, mut before) = (0, None);
        loop {
            let page: Vec<i64> = match self {
                Self::Journal { filter, .. } => entries(store, filter, before, PAGE)
                    .await?
                    .iter()
                    .map(|entry| entry.id)
                    .collect(),
                Self::Jobs => {
                    let jobs = store.jobs(before, PAGE).await?;
                    jobs.iter().map(|job| job.id).collect()
                }
            };
            count += page.len() as u64;
            before = page.last().copied();
            if page.len() < PAGE as usize {
                return Ok(count);
            }
        }
    }
}

/// The rows of a list, newest first and page by page.
pub(super) struct ListPages<'a, S> {
    pub store: &'a S,
    pub listing: &'a Listing,
    pub directory: &'a Directory,
    pub now: DateTime<Utc>,
    /// Up to where it is read.
    before: Option<i64>,
    /// Rows of the next page; none once there are no more.
    page: u32,
}

impl<'a, S> ListPages<'a, S> {
    /// From the newest one on; with `most` no more at once than that.
    pub(super) fn new(
        store: &'a S,
        (listing, directory): (&'a Listing, &'a Directory),
        most: Option<u64>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            store,
            listing,
            directory,
            now,
            before: None,
            page: most.map_or(PAGE, |most| u32::try_from(most).unwrap_or(PAGE).min(PAGE)),
        }
    }
}

impl<S: ActionStore + QueryStore> ListPages<'_, S> {
    /// A page of rows, and the number of the last one.
    async fn rows(&self) -> Result<(Vec<ExportRow>, Option<i64>), StoreError> {
        match self.listing {
            Listing::Journal {
                filter,
                has_examples,
            } => {
                let found = entries(self.store, filter, self.before, self.page).await?;
                let waiting = journal::waiting(self.store, &found, self.now).await?;
                let mut rows = Vec::with_capacity(found.len());
                for entry in &found {
                    let state = journal::state(entry, &waiting, self.now);
                    let row = self.entry(entry, state);
                    rows.push(if *has_examples {
                        let examples = journal::examples(self.store, entry.id, self.now).await?;
                        row.with("examples", Value::from(examples))
                    } else {
                        row
                    });
                }
                Ok((rows, found.last().map(|entry| entry.id)))
            }
            Listing::Jobs => {
                let jobs = self.store.jobs(self.before, self.page).await?;
                let rows = jobs.iter().map(|job| self.job(job)).collect();
                Ok((rows, jobs.last().map(|job| job.id)))
            }
        }
    }

    fn entry(&self, entry: &store::JournalEntry, state: JournalState) -> ExportRow {
        ExportRow::new()
            .with("id", entry.id.to_string())
            .with("at", entry.at)
            .with("actor", self.actor(entry.actor))
            .with("action", entry.kind.as_str())
            .with("title", entry.title.as_str())
            .with("issues", whole(entry.issues))
            .with("state", state_word(state))
            .with("undoUntil", entry.undo_until)
            .with("undoes", entry.undoes.map(|id| id.to_string()))
            .with("query", entry.query.as_deref())
            .with("tookMs", entry.took.map(milliseconds))
            .with("automatic", entry.is_automatic)
    }

    fn job(&self, job: &store::Job) -> ExportRow {
        let took = job.ended_at.map(|end| end - job.started_at);
        ExportRow::new()
            .with("id", job.id.to_string())
            .with("title", job.title.as_str())
            .with("state", job.state.as_str())
            .with("actor", self.actor(job.actor))
            .with("total", whole(job.total))
            .with("done", whole(job.done))
            .with("skipped", whole(job.skipped))
            .with("startedAt", job.started_at)
            .with("endedAt", job.ended_at)
            .with(
                "tookMs",
                took.and_then(|took| took.to_std().ok()).map(milliseconds),
            )
            .with("journal", job.journal.map(|id| id.to_string()))
            .with("problem", job.problem.as_deref())
    }

    fn actor(&self, id: Option<i64>) -> Option<String> {
        id.map(|id| journal::actor(self.directory, id))
    }
}

impl<S: ActionStore + QueryStore> RowStream for ListPages<'_, S> {
    async fn next(&mut self) -> Result<Option<Vec<ExportRow>>, FindError> {
        if self.page == 0 {
            return Ok(None);
        }
        let (rows, last) = self.rows().await?;
        self.before = last;
        if rows.len() < self.page as usize {
            self.page = 0;
        }
        Ok(Some(rows).filter(|rows| !rows.is_empty()))
    }
}

async fn entries<S: ActionStore>(
    store: &S,
    filter: &JournalFilter,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<store::JournalEntry>, StoreError> {
    let filter = JournalFilter {
        before,
        ..filter.clone()
    };
    store.journal_entries(&filter, limit).await
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn state_word(state: JournalState) -> &'static str {
    match state {
        JournalState::Done => "done",
        JournalState::Undone => "undone",
        JournalState::PartlyUndone => "partly_undone",
        JournalState::Purged => "purged",
    }
}
