//! What is in a list, as text or in a file: issues of a selection, their occurrences or all there is of them, the
//! journal, jobs.

use super::journal;
use super::lists::Chosen;
use super::rows::{ListPages, Listing};
use super::selection::ordered;
use crate::engine::export::{
    BundleFace, Content, ExportFailure, IssueCells, Parts, RowStream, Wanted, bundle_rows, counted,
    fits_bundle, write_all,
};
use crate::engine::find::{Asker, FindError, HITS_CHUNK, Hits};
use crate::error::{Error, ErrorKind};
use crate::export::{
    self, ColumnSet, Columns, CsvOptions, ExportError, ExportFile, ExportRow, Format, Redaction,
    RowWriter, Separator, Times,
};
use crate::model::{Directory, IssueId};
use crate::search::Plan;
use crate::store::{ActionStore, ExportStore, QueryStore, SearchStore};
use crate::view::{
    ExportFormat, ExportOptions, ExportPreview, ExportReport, ExportTimes, ExportWhat,
    JournalWanted, Selection, count,
};
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Rows of a preview.
const PREVIEWED: usize = 5;
/// Largest text for the clipboard, in bytes.
const MOST_TEXT: usize = 5 << 20;

/// The list that is exported.
#[derive(Debug, Clone)]
pub enum Exporting<'a> {
    /// Issues.
    Issues(Chosen<'a>),
    /// Entries of the journal.
    Journal(&'a JournalWanted),
    /// Jobs.
    Jobs,
}

impl<'a> From<Chosen<'a>> for Exporting<'a> {
    fn from(chosen: Chosen<'a>) -> Self {
        Self::Issues(chosen)
    }
}

impl<'a> From<&'a Selection> for Exporting<'a> {
    fn from(selection: &'a Selection) -> Self {
        Self::Issues(selection.into())
    }
}

/// The beginning of an export, and what it amounts to.
///
/// # Errors
/// Where the selection or an option cannot be used, or the store fails.
pub async fn preview<S: SearchStore + ExportStore + ActionStore + QueryStore>(
    store: &S,
    source: &Exporting<'_>,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<ExportPreview, Error> {
    let mut export = Export::new(store, source, options, asker, now).await?;
    export.count_in_all().await?;
    export.begin_only().await?;
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
        shown: count((PREVIEWED - left) as u64),
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
pub async fn to_text<S: SearchStore + ExportStore + ActionStore + QueryStore>(
    store: &S,
    source: &Exporting<'_>,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let mut export = Export::new(store, source, options, asker, now).await?;
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
pub async fn to_file<S: SearchStore + ExportStore + ActionStore + QueryStore>(
    store: &S,
    source: &Exporting<'_>,
    options: &ExportOptions,
    (path, overwrite): (PathBuf, bool),
    (asker, now): (Asker<'_>, DateTime<Utc>),
    progress: impl Fn(u64, u64) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<ExportReport, Error> {
    let started = Instant::now();
    // Said at once, and not after everything has been counted.
    ExportFile::refuse_existing(&path, overwrite)?;
    let mut export = Export::new(store, source, options, asker, now).await?;
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
        .redacted(export.redaction.clone())
        .timed(export.times.clone());
    let report = |rows: u64, bytes: u64, cancelled: bool| ExportReport {
        path: shown.clone(),
        rows: count(rows),
        bytes: count(bytes),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
        cancelled,
    };
    let heard = |done| progress(done, total);
    match write_all(export.parts(None), file, cancel, heard).await {
        Ok(written) => Ok(report(written.rows, written.bytes, false)),
        Err(ExportFailure::Export(ExportError::Cancelled { rows, .. })) => {
            Ok(report(rows, 0, true))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// An export that has been asked for: what, and how.
struct Export<'a, S> {
    store: &'a S,
    now: DateTime<Utc>,
    directory: &'a Directory,
    what: ExportWhat,
    columns: Columns,
    format: Format,
    redaction: Redaction,
    times: Times,
    content: Held,
}

/// What an export holds.
enum Held {
    Issues(Box<HeldIssues>),
    /// Another list, with the number of its rows once they are counted.
    List(Listing, u64),
}

/// Issues, and what of them.
struct HeldIssues {
    wanted: Wanted,
    /// In the order of the window's list.
    hits: Hits,
    /// Those of them that have occurrences, with their number; empty where only issues are exported.
    counted: Vec<(IssueId, u64)>,
    /// Issues in all.
    issues: u64,
    /// Their occurrences in all, once they are counted; 0 where only issues are exported.
    occurrences: u64,
    everything: Plan,
}

/// Rows of either.
enum Flow<'a, S> {
    Issues(Box<Parts<'a, S>>),
    List(ListPages<'a, S>),
}

impl<S: SearchStore + ExportStore + ActionStore + QueryStore> RowStream for Flow<'_, S> {
    async fn next(&mut self) -> Result<Option<Vec<ExportRow>>, FindError> {
        match self {
            Self::Issues(parts) => parts.next().await,
            Self::List(pages) => pages.next().await,
        }
    }
}

impl<'a, S: SearchStore + ExportStore + ActionStore + QueryStore> Export<'a, S> {
    async fn new(
        store: &'a S,
        source: &Exporting<'_>,
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
        let content = match (source, options.what) {
            (
                Exporting::Issues(selection),
                ExportWhat::Issues | ExportWhat::Occurrences | ExportWhat::Bundle,
            ) => {
                let ids = ordered(store, selection, options.sort, asker, now).await?;
                if options.what == ExportWhat::Bundle {
                    fits_bundle(ids.len() as u64)?;
                }
                Held::Issues(Box::new(HeldIssues {
                    issues: ids.len() as u64,
                    occurrences: 0,
                    hits: Hits::of_issues(ids, asker),
                    wanted: match options.what {
                        ExportWhat::Occurrences => Wanted::Occurrences,
                        ExportWhat::Bundle => Wanted::Bundle(BundleFace {
                            redaction: redaction.clone(),
                            view: options.view.clone(),
                        }),
                        _ => Wanted::Rows(IssueCells::of(&columns)),
                    },
                    counted: Vec::new(),
                    everything: Plan::everything(),
                }))
            }
            (Exporting::Journal(wanted), ExportWhat::Journal) => {
                let filter = journal::filter(store, wanted, asker.directory).await?;
                Held::List(Listing::journal(filter, &columns), 0)
            }
            (Exporting::Jobs, ExportWhat::Jobs) => Held::List(Listing::Jobs, 0),
            _ => {
                let words = "This list has no such rows. Open its own dialog of exports.";
                return Err(Error::new(ErrorKind::InvalidInput, words));
            }
        };
        Ok(Self {
            times: times(options)?,
            directory: asker.directory,
            what: options.what,
            store,
            now,
            columns,
            format,
            redaction,
            content,
        })
    }

    /// Counts the rows, of issues those of each, where occurrences are exported.
    async fn count_each(&mut self) -> Result<(), Error> {
        match &mut self.content {
            Held::List(listing, rows) => *rows = listing.count(self.store).await?,
            Held::Issues(_) if self.what == ExportWhat::Issues => {}
            Held::Issues(held) => {
                held.counted = counted(self.store, &held.everything, held.hits.ids()).await?;
                if held.hits.ids().len() as u64 == held.issues {
                    held.occurrences = held.counted.iter().map(|(_, count)| count).sum();
                }
            }
        }
        Ok(())
    }

    /// Counts all rows in one go.
    async fn count_in_all(&mut self) -> Result<(), Error> {
        match &mut self.content {
            Held::Issues(held) if self.what != ExportWhat::Issues => {
                let amount = self.store.amount(held.hits.ids(), None).await?;
                held.occurrences = amount.occurrences;
            }
            Held::Issues(_) => {}
            Held::List(..) => self.count_each().await?,
        }
        Ok(())
    }

    /// Keeps only what the first rows are of. Issue by issue only those are counted: the others can be very many.
    async fn begin_only(&mut self) -> Result<(), Error> {
        let Held::Issues(held) = &mut self.content else {
            return Ok(());
        };
        if self.what == ExportWhat::Occurrences {
            held.hits.sort_by_id();
        }
        held.hits.truncate(HITS_CHUNK);
        self.count_each().await
    }

    /// Rows of the whole export, once they are counted.
    fn total(&self) -> u64 {
        match &self.content {
            Held::List(_, rows) => *rows,
            Held::Issues(held) => match self.what {
                ExportWhat::Bundle => bundle_rows(held.issues, held.occurrences),
                ExportWhat::Occurrences => held.occurrences,
                _ => held.issues,
            },
        }
    }

    fn name(&self) -> &'static str {
        match self.what {
            ExportWhat::Issues => "issues",
            ExportWhat::Occurrences => "occurrences",
            ExportWhat::Bundle => "bundle",
            ExportWhat::Journal => "journal",
            ExportWhat::Jobs => "jobs",
        }
    }

    fn writer(&self) -> Result<RowWriter<Vec<u8>>, Error> {
        let writer = RowWriter::new(Vec::new(), self.format, self.columns.clone());
        let mut writer = writer.map_err(|error| unwritten(&error))?;
        writer.redact(self.redaction.clone());
        writer.write_times(self.times.clone());
        Ok(writer)
    }

    /// The rows, part by part; with `most` no more occurrences than that, and no more of anything else at once.
    fn parts(&self, most: Option<u64>) -> Flow<'_, S> {
        match &self.content {
            Held::List(listing, _) => {
                let of = (listing, self.directory);
                Flow::List(ListPages::new(self.store, of, most, self.now))
            }
            Held::Issues(held) => {
                let content = Content {
                    hits: &held.hits,
                    plan: &held.everything,
                    counted: &held.counted,
                    numbers: (held.issues, held.occurrences),
                };
                let parts = Parts::new(self.store, content, &held.wanted, most, self.now);
                Flow::Issues(Box::new(parts))
            }
        }
    }
}

fn chosen(options: &ExportOptions) -> Result<(Columns, Format), Error> {
    let columns = options.columns.join(",");
    let columns = match options.what {
        ExportWhat::Issues => ColumnSet::ISSUES.choose(&columns)?,
        ExportWhat::Occurrences => ColumnSet::EVENTS.choose(&columns)?,
        ExportWhat::Journal => ColumnSet::JOURNAL.choose(&columns)?,
        ExportWhat::Jobs => ColumnSet::JOBS.choose(&columns)?,
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

fn times(options: &ExportOptions) -> Result<Times, Error> {
    match (options.times, options.zone.as_deref()) {
        _ if options.what == ExportWhat::Bundle => Ok(Times::Utc),
        (ExportTimes::Utc, _) => Ok(Times::Utc),
        (ExportTimes::Unix, _) => Ok(Times::UnixMillis),
        (ExportTimes::Local, Some(zone)) => Ok(Times::in_zone(zone)?),
        (ExportTimes::Local, None) => Ok(Times::of_machine()?),
    }
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
