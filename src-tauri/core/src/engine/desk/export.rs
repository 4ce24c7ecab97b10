//! Issues of a selection, their occurrences, or all there is of them, as text or in a file.

use super::bundle;
use super::selection::ordered;
use crate::engine::export::{
    EventPages, ExportFailure, PART, Rows, counted, event_row, extent_of, issue_row, write,
};
use crate::engine::find::Asker;
use crate::error::{Error, ErrorKind};
use crate::export::{
    self, ColumnSet, Columns, CsvOptions, ExportError, ExportFile, ExportRow, Format, Redaction,
    RowWriter, Separator,
};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{EventDepth, ExportStore, QueryStore, SearchStore, StoreError};
use crate::view::{
    ExportFormat, ExportOptions, ExportPreview, ExportReport, ExportWhat, ListedIssue,
    ListedNumbers, Selection, count,
};
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Issues of a bundle that are read at once, each with what happened to it.
const CHUNK: usize = 500;
/// Rows of a preview.
const PREVIEWED: usize = 5;
/// Lines of a bundle beside those of issues and occurrences: the first and the last one.
const FRAME: u64 = 2;
/// Largest text for the clipboard, in bytes.
const MOST_TEXT: usize = 5 << 20;

/// The beginning of an export, and what it amounts to.
///
/// # Errors
/// Where the selection or an option cannot be used, or the store fails.
pub async fn preview<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    selection: &Selection,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<ExportPreview, Error> {
    let mut export = Export::new(store, selection, options, asker, now).await?;
    export.count_in_all().await?;
    // Issue by issue only of those whose rows come first: the others can be very many.
    if export.what == ExportWhat::Occurrences {
        export.ids.sort_unstable();
    }
    export.ids.truncate(CHUNK);
    export.count_each().await?;
    let mut writer = export.writer()?;
    let mut parts = export.parts(Some(PREVIEWED as u64));
    let mut left = PREVIEWED;
    while let Some(rows) = parts.next().await? {
        for row in rows.iter().take(left) {
            writer.write(row).map_err(|error| unwritten(&error))?;
        }
        left = left.saturating_sub(rows.len());
        if left == 0 {
            break;
        }
    }
    Ok(ExportPreview {
        text: text(writer)?,
        rows: count(export.total()),
        suggested_name: format!(
            "picket-{}-{}.{}",
            export.name(),
            now.format("%Y-%m-%d"),
            extension(options)
        ),
    })
}

/// A whole export as text, for the clipboard.
///
/// # Errors
/// As [`preview`], and where it is larger than 5 MB.
pub async fn to_text<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    selection: &Selection,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let mut export = Export::new(store, selection, options, asker, now).await?;
    export.count_each().await?;
    let mut writer = export.writer()?;
    let mut written = 0;
    let mut parts = export.parts(None);
    while let Some(rows) = parts.next().await? {
        for row in rows {
            written += export
                .columns
                .cells(&row)
                .map(|cell| cell.text().len())
                .sum::<usize>();
            writer.write(&row).map_err(|error| unwritten(&error))?;
        }
        if written > MOST_TEXT {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "This is more than 5 MB, too much for the clipboard. Export it to a file.",
            ));
        }
    }
    text(writer)
}

/// Writes an export into a file, which appears whole or not at all.
///
/// # Errors
/// As [`preview`], and where the file cannot be written.
pub async fn to_file<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    selection: &Selection,
    options: &ExportOptions,
    (path, overwrite): (PathBuf, bool),
    (asker, now): (Asker<'_>, DateTime<Utc>),
    progress: impl Fn(u64, u64) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<ExportReport, Error> {
    let started = Instant::now();
    // Said at once, and not after everything has been counted.
    ExportFile::refuse_existing(&path, overwrite)?;
    let mut export = Export::new(store, selection, options, asker, now).await?;
    export.count_each().await?;
    let total = export.total();
    progress(0, total);
    let file_options = export::ExportOptions {
        format: export.format,
        columns: export.columns.clone(),
        overwrite,
        total: Some(total),
    };
    let shown = path.display().to_string();
    let file = ExportFile::create(path, file_options, cancel.clone(), |_| {})?
        .redacted(export.redaction.clone());
    let report = |rows: u64, bytes: u64, cancelled: bool| ExportReport {
        path: shown.clone(),
        rows: count(rows),
        bytes: count(bytes),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
        cancelled,
    };
    let read = async |sink: Rows| {
        let mut done = 0;
        let mut parts = export.parts(None);
        while let Some(rows) = parts.next().await? {
            done += rows.len() as u64;
            if !sink.push(rows).await {
                break;
            }
            progress(done, total);
        }
        Ok(())
    };
    match write(file, cancel, read).await {
        Ok(written) => Ok(report(written.rows, written.bytes, false)),
        Err(ExportFailure::Export(ExportError::Cancelled { rows, .. })) => {
            Ok(report(rows, 0, true))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// An export that has been asked for: what of which issues, and how.
pub(super) struct Export<'a, S> {
    store: &'a S,
    asker: Asker<'a>,
    now: DateTime<Utc>,
    what: ExportWhat,
    columns: Columns,
    format: Format,
    pub(super) redaction: Redaction,
    /// In the order of the window's list.
    ids: Vec<IssueId>,
    /// Those of them that have occurrences, with their number; empty where only issues are exported.
    counted: Vec<(IssueId, u64)>,
    /// Issues in all.
    pub(super) issues: u64,
    /// Their occurrences in all, once they are counted; 0 where only issues are exported.
    pub(super) occurrences: u64,
    everything: Plan,
}

impl<'a, S: SearchStore + ExportStore + QueryStore> Export<'a, S> {
    async fn new(
        store: &'a S,
        selection: &Selection,
        options: &ExportOptions,
        asker: Asker<'a>,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let (columns, format) = chosen(options)?;
        let redact = &options.redact;
        let redaction = Redaction {
            secrets: redact.secrets,
            emails: redact.emails,
            addresses: redact.addresses,
            pattern: Redaction::pattern(&redact.pattern)?,
        };
        let ids = ordered(store, selection, options.sort, asker, now).await?;
        Ok(Self {
            issues: ids.len() as u64,
            occurrences: 0,
            ids,
            what: options.what,
            counted: Vec::new(),
            everything: Plan::everything(),
            store,
            asker,
            now,
            columns,
            format,
            redaction,
        })
    }

    /// Counts the occurrences of each issue, where they are exported.
    async fn count_each(&mut self) -> Result<(), Error> {
        if self.what == ExportWhat::Issues {
            return Ok(());
        }
        self.counted = counted(self.store, &self.everything, &self.ids).await?;
        if self.ids.len() as u64 == self.issues {
            self.occurrences = self.counted.iter().map(|(_, count)| count).sum();
        }
        Ok(())
    }

    /// Counts all occurrences in one go, where they are exported.
    async fn count_in_all(&mut self) -> Result<(), Error> {
        if self.what != ExportWhat::Issues {
            self.occurrences = self.store.amount(&self.ids, None).await?.occurrences;
        }
        Ok(())
    }

    /// Rows of the whole export, once they are counted.
    fn total(&self) -> u64 {
        match self.what {
            ExportWhat::Issues => self.issues,
            ExportWhat::Occurrences => self.occurrences,
            ExportWhat::Bundle => self.issues + self.occurrences + FRAME,
        }
    }

    fn name(&self) -> &'static str {
        match self.what {
            ExportWhat::Issues => "issues",
            ExportWhat::Occurrences => "occurrences",
            ExportWhat::Bundle => "bundle",
        }
    }

    fn writer(&self) -> Result<RowWriter<Vec<u8>>, Error> {
        let writer = RowWriter::new(Vec::new(), self.format, self.columns.clone());
        let mut writer = writer.map_err(|error| unwritten(&error))?;
        writer.redact(self.redaction.clone());
        Ok(writer)
    }

    /// The rows, part by part; with `most` no more occurrences than that, and no more issues at once.
    fn parts(&self, most: Option<u64>) -> Parts<'_, S> {
        let depth = match self.what {
            ExportWhat::Bundle => EventDepth::Whole,
            _ => EventDepth::Facts,
        };
        let part = match self.what {
            ExportWhat::Issues => PART,
            ExportWhat::Occurrences | ExportWhat::Bundle => CHUNK,
        };
        let at_once = most.map_or(part as u64, |most| most.min(part as u64));
        Parts {
            export: self,
            step: match self.what {
                ExportWhat::Issues => Step::Issues,
                ExportWhat::Occurrences => Step::Occurrences,
                ExportWhat::Bundle => Step::Head,
            },
            issues: self.ids.chunks(usize::try_from(at_once).unwrap_or(part)),
            events: EventPages::new(&self.everything, &self.counted, depth, most),
            written: 0,
        }
    }

    async fn listed(&self, ids: &[IssueId]) -> Result<Vec<ListedIssue>, StoreError> {
        let (asker, now) = (self.asker, self.now);
        let issues = self
            .store
            .listed_issues(ids, asker.me, asker.directory, now)
            .await?;
        let numbers = self.store.numbers(&self.everything, false, ids).await?;
        let with_numbers = issues.into_iter().map(|issue| {
            let id = issue.id.parse().map_or(IssueId(0), IssueId);
            let of_issue = numbers.get(&id).cloned().unwrap_or_default();
            ListedIssue {
                numbers: Some(ListedNumbers {
                    count: of_issue.count.to_string(),
                    user_count: of_issue.users,
                    first_seen: of_issue.first_seen,
                    last_seen: of_issue.last_seen,
                    stats: None,
                }),
                ..issue
            }
        });
        Ok(with_numbers.collect())
    }

    async fn issue_rows(&self, ids: &[IssueId]) -> Result<Vec<ExportRow>, StoreError> {
        let extent = extent_of(&self.columns);
        let directory = self.asker.directory;
        let issues = self
            .store
            .table_rows(ids, &self.everything, extent, directory, self.now)
            .await?;
        Ok(issues.into_iter().map(issue_row).collect())
    }

    /// Issues two parts at a time: the store reads the second while the first is put together.
    async fn issue_parts(
        &self,
        parts: &mut std::slice::Chunks<'_, IssueId>,
    ) -> Result<Option<Vec<ExportRow>>, StoreError> {
        let Some(first) = parts.next() else {
            return Ok(None);
        };
        let Some(second) = parts.next() else {
            return self.issue_rows(first).await.map(Some);
        };
        let (mut rows, more) = tokio::try_join!(self.issue_rows(first), self.issue_rows(second))?;
        rows.extend(more);
        Ok(Some(rows))
    }

    async fn bundled_issues(&self, ids: &[IssueId]) -> Result<Vec<ExportRow>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for issue in self.listed(ids).await? {
            rows.push(bundle::issue(self.store, &issue).await?);
        }
        Ok(rows)
    }
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

/// The rows of an export on their way.
struct Parts<'a, S> {
    export: &'a Export<'a, S>,
    step: Step,
    issues: std::slice::Chunks<'a, IssueId>,
    events: EventPages<'a>,
    /// Occurrences that were handed over.
    written: u64,
}

impl<S: SearchStore + ExportStore + QueryStore> Parts<'_, S> {
    /// The next rows; nothing at the end.
    async fn next(&mut self) -> Result<Option<Vec<ExportRow>>, StoreError> {
        let export = self.export;
        let is_bundle = export.what == ExportWhat::Bundle;
        loop {
            match self.step {
                Step::Head => {
                    self.step = Step::Issues;
                    return Ok(Some(vec![bundle::head(export, export.now)]));
                }
                Step::Issues if is_bundle => match self.issues.next() {
                    Some(ids) => return export.bundled_issues(ids).await.map(Some),
                    None => self.step = Step::Occurrences,
                },
                Step::Issues => match export.issue_parts(&mut self.issues).await? {
                    Some(rows) => return Ok(Some(rows)),
                    None => self.step = Step::Done,
                },
                Step::Occurrences => match self.events.next(export.store).await? {
                    Some(page) => {
                        self.written += page.len() as u64;
                        let row = if is_bundle {
                            bundle::occurrence
                        } else {
                            event_row
                        };
                        return Ok(Some(page.into_iter().map(row).collect()));
                    }
                    None if is_bundle => self.step = Step::End,
                    None => self.step = Step::Done,
                },
                Step::End => {
                    self.step = Step::Done;
                    return Ok(Some(vec![bundle::end(export.issues, self.written)]));
                }
                Step::Done => return Ok(None),
            }
        }
    }
}

fn chosen(options: &ExportOptions) -> Result<(Columns, Format), Error> {
    let columns = options.columns.join(",");
    let columns = match options.what {
        ExportWhat::Issues => ColumnSet::ISSUES.choose(&columns)?,
        ExportWhat::Occurrences => ColumnSet::EVENTS.choose(&columns)?,
        ExportWhat::Bundle => return Ok((ColumnSet::BUNDLE.all([""; 0]), Format::Ndjson)),
    };
    let separator = match options.separator.as_str() {
        "," => Separator::Comma,
        ";" => Separator::Semicolon,
        "\t" => Separator::Tab,
        "|" => Separator::Pipe,
        other => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "“{other}” cannot stand between cells. Choose a comma, a semicolon, a tab or |."
                ),
            ));
        }
    };
    let format = match options.format {
        ExportFormat::Csv => Format::Csv(CsvOptions {
            separator,
            header: options.header,
            bom: options.bom,
            guard_formulas: options.formula_guard,
        }),
        ExportFormat::Json => Format::Json,
        ExportFormat::Ndjson => Format::Ndjson,
        ExportFormat::Markdown => Format::Markdown,
    };
    Ok((columns, format))
}

fn extension(options: &ExportOptions) -> &'static str {
    match options.format {
        _ if options.what == ExportWhat::Bundle => "picket",
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Ndjson => "ndjson",
        ExportFormat::Markdown => "md",
    }
}

fn text(writer: RowWriter<Vec<u8>>) -> Result<String, Error> {
    let bytes = writer.finish().map_err(|error| unwritten(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("A row cannot be written: {error}"),
    )
}
