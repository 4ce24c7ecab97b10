//! What is exported, part by part: the one stream of rows behind the files, texts and previews of the window and of the
//! command line.

use super::events::{EventPages, row as event_row};
use super::issues::object;
use super::rows::IssueCells;
use super::{BundleFace, PART, bundle};
use crate::engine::find::{FindError, HITS_CHUNK, Hits};
use crate::export::ExportRow;
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{EventDepth, ExportStore, QueryStore, SearchStore};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use std::future::Future;

/// Parts that are read at once, so that the store always reads one while others are put together.
const READ_AT_ONCE: usize = 3;

/// What of some issues is exported.
#[derive(Debug, Clone)]
pub(in crate::engine) enum Wanted {
    /// A row of a table for each issue, with what its columns need beside the issue's own row.
    Rows(IssueCells),
    /// Each issue as a list serialises it.
    Objects,
    /// A row for each occurrence.
    Occurrences,
    /// A bundle, with what its first line says.
    Bundle(BundleFace),
}

impl Wanted {
    /// Issues of one part.
    fn part(&self) -> usize {
        match self {
            Self::Rows(_) => PART,
            Self::Objects | Self::Occurrences | Self::Bundle(_) => HITS_CHUNK,
        }
    }
}

/// Issues with their occurrences as far as these are exported.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Content<'a> {
    pub hits: &'a Hits,
    /// Which occurrences.
    pub plan: &'a Plan,
    /// Issues that have such occurrences, with their numbers, in the order in which they are exported.
    pub counted: &'a [(IssueId, u64)],
    /// What the first line of a bundle says: issues and occurrences.
    pub numbers: (u64, u64),
}

/// Where an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Head,
    Issues,
    Occurrences,
    End,
    Done,
}

/// Rows on their way, whatever they are of.
pub(in crate::engine) trait RowStream {
    /// The next rows; nothing at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<ExportRow>>, FindError>> + Send;
}

/// Rows of issues on their way.
pub(in crate::engine) struct Parts<'a, S> {
    store: &'a S,
    content: Content<'a>,
    wanted: &'a Wanted,
    now: DateTime<Utc>,
    step: Step,
    issues: std::slice::Chunks<'a, IssueId>,
    /// Parts that are being read, in their order, and how many these may be.
    reading: FuturesOrdered<BoxFuture<'a, Result<Vec<ExportRow>, FindError>>>,
    read_at_once: usize,
    events: EventPages<'a>,
    /// Issues and occurrences that were handed over.
    written: (u64, u64),
}

impl<'a, S: SearchStore + ExportStore + QueryStore> Parts<'a, S> {
    /// From the beginning; with `most` no more occurrences than that, and no more issues at once.
    pub(in crate::engine) fn new(
        store: &'a S,
        content: Content<'a>,
        wanted: &'a Wanted,
        most: Option<u64>,
        now: DateTime<Utc>,
    ) -> Self {
        let depth = match wanted {
            Wanted::Bundle(_) => EventDepth::Whole,
            _ => EventDepth::Facts,
        };
        let part = wanted.part();
        let at_once = most.map_or(part, |most| usize::try_from(most).unwrap_or(part).min(part));
        Self {
            store,
            content,
            wanted,
            now,
            step: match wanted {
                Wanted::Bundle(_) => Step::Head,
                Wanted::Rows(_) | Wanted::Objects => Step::Issues,
                Wanted::Occurrences => Step::Occurrences,
            },
            issues: content.hits.ids().chunks(at_once.max(1)),
            reading: FuturesOrdered::new(),
            // Who wants so many and no more wants the first part.
            read_at_once: if most.is_some() { 1 } else { READ_AT_ONCE },
            events: EventPages::new(content.plan, content.counted, depth, most),
            written: (0, 0),
        }
    }

    async fn rows(&mut self) -> Result<Option<Vec<ExportRow>>, FindError> {
        loop {
            match (self.step, self.wanted) {
                (Step::Head, Wanted::Bundle(face)) => {
                    self.step = Step::Issues;
                    let head = bundle::head(self.content.numbers, face, self.now);
                    return Ok(Some(vec![head]));
                }
                (Step::Issues, wanted) => {
                    if let Some(rows) = self.issues().await? {
                        self.written.0 += rows.len() as u64;
                        return Ok(Some(rows));
                    }
                    self.step = match wanted {
                        Wanted::Bundle(_) => Step::Occurrences,
                        _ => Step::Done,
                    };
                }
                (Step::Occurrences, wanted) => {
                    let is_bundle = matches!(wanted, Wanted::Bundle(_));
                    if let Some(page) = self.events.next(self.store).await? {
                        self.written.1 += page.len() as u64;
                        let row = if is_bundle {
                            bundle::occurrence
                        } else {
                            event_row
                        };
                        return Ok(Some(page.into_iter().map(row).collect()));
                    }
                    self.step = if is_bundle { Step::End } else { Step::Done };
                }
                (Step::End, _) => {
                    self.step = Step::Done;
                    // What was handed over: an issue may have gone since it was counted.
                    return Ok(Some(vec![bundle::end(self.written.0, self.written.1)]));
                }
                (Step::Head | Step::Done, _) => return Ok(None),
            }
        }
    }

    /// The next issues, while those after them are read.
    async fn issues(&mut self) -> Result<Option<Vec<ExportRow>>, FindError> {
        while self.reading.len() < self.read_at_once
            && let Some(part) = self.issues.next()
        {
            let read = of_part(self.store, self.content.hits, self.wanted, part, self.now);
            self.reading.push_back(Box::pin(read));
        }
        self.reading.next().await.transpose()
    }
}

impl<S: SearchStore + ExportStore + QueryStore> RowStream for Parts<'_, S> {
    async fn next(&mut self) -> Result<Option<Vec<ExportRow>>, FindError> {
        self.rows().await
    }
}

async fn of_part<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    hits: &Hits,
    wanted: &Wanted,
    part: &[IssueId],
    now: DateTime<Utc>,
) -> Result<Vec<ExportRow>, FindError> {
    Ok(match wanted {
        Wanted::Rows(cells) => {
            let issues = hits.table(store, part, cells.extent(), now).await?;
            issues.into_iter().map(|issue| cells.row(issue)).collect()
        }
        Wanted::Bundle(_) => {
            let mut rows = Vec::with_capacity(part.len());
            for issue in hits.listed(store, part, now).await? {
                rows.push(bundle::issue(store, &issue, now).await?);
            }
            rows
        }
        Wanted::Objects | Wanted::Occurrences => {
            let issues = hits.listed(store, part, now).await?;
            issues.iter().map(object).collect()
        }
    })
}
