//! Issues of a selection, their occurrences, or all there is of them, as text or in a file.

use super::lists::Chosen;
use super::selection::ordered;
use crate::engine::export::{
    BundleFace, Content, ExportFailure, IssueCells, Parts, Wanted, bundle_rows, counted,
    fits_bundle, write_all,
};
use crate::engine::find::{Asker, HITS_CHUNK, Hits};
use crate::error::{Error, ErrorKind};
use crate::export::{
    self, ColumnSet, Columns, CsvOptions, ExportError, ExportFile, Format, Redaction, RowWriter,
    Separator, Times,
};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{ExportStore, QueryStore, SearchStore};
use crate::view::{
    ExportFormat, ExportOptions, ExportPreview, ExportReport, ExportTimes, ExportWhat, count,
};
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// Rows of a preview.
const PREVIEWED: usize = 5;
/// Largest text for the clipboard, in bytes.
const MOST_TEXT: usize = 5 << 20;

/// The beginning of an export, and what it amounts to.
///
/// # Errors
/// Where the selection or an option cannot be used, or the store fails.
pub async fn preview<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    selection: &Chosen<'_>,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<ExportPreview, Error> {
    let mut export = Export::new(store, selection, options, asker, now).await?;
    export.count_in_all().await?;
    // Issue by issue only of those whose rows come first: the others can be very many.
    if export.what == ExportWhat::Occurrences {
        export.hits.sort_by_id();
    }
    export.hits.truncate(HITS_CHUNK);
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
pub async fn to_text<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    selection: &Chosen<'_>,
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
    selection: &Chosen<'_>,
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

/// An export that has been asked for: what of which issues, and how.
struct Export<'a, S> {
    store: &'a S,
    now: DateTime<Utc>,
    what: ExportWhat,
    wanted: Wanted,
    columns: Columns,
    format: Format,
    redaction: Redaction,
    times: Times,
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

impl<'a, S: SearchStore + ExportStore + QueryStore> Export<'a, S> {
    async fn new(
        store: &'a S,
        selection: &Chosen<'_>,
        options: &ExportOptions,
        asker: Asker<'_>,
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
        if options.what == ExportWhat::Bundle {
            fits_bundle(ids.len() as u64)?;
        }
        Ok(Self {
            issues: ids.len() as u64,
            occurrences: 0,
            hits: Hits::of_issues(ids, asker),
            what: options.what,
            wanted: match options.what {
                ExportWhat::Issues => Wanted::Rows(IssueCells::of(&columns)),
                ExportWhat::Occurrences => Wanted::Occurrences,
                ExportWhat::Bundle => Wanted::Bundle(BundleFace {
                    redaction: redaction.clone(),
                    view: options.view.clone(),
                }),
            },
            counted: Vec::new(),
            everything: Plan::everything(),
            store,
            now,
            columns,
            format,
            redaction,
            times: times(options)?,
        })
    }

    /// Counts the occurrences of each issue, where they are exported.
    async fn count_each(&mut self) -> Result<(), Error> {
        if self.what == ExportWhat::Issues {
            return Ok(());
        }
        self.counted = counted(self.store, &self.everything, self.hits.ids()).await?;
        if self.hits.ids().len() as u64 == self.issues {
            self.occurrences = self.counted.iter().map(|(_, count)| count).sum();
        }
        Ok(())
    }

    /// Counts all occurrences in one go, where they are exported.
    async fn count_in_all(&mut self) -> Result<(), Error> {
        if self.what != ExportWhat::Issues {
            self.occurrences = self.store.amount(self.hits.ids(), None).await?.occurrences;
        }
        Ok(())
    }

    /// Rows of the whole export, once they are counted.
    fn total(&self) -> u64 {
        match self.what {
            ExportWhat::Issues => self.issues,
            ExportWhat::Occurrences => self.occurrences,
            ExportWhat::Bundle => bundle_rows(self.issues, self.occurrences),
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
        writer.write_times(self.times.clone());
        Ok(writer)
    }

    /// The rows, part by part; with `most` no more occurrences than that, and no more issues at once.
    fn parts(&self, most: Option<u64>) -> Parts<'_, S> {
        let content = Content {
            hits: &self.hits,
            plan: &self.everything,
            counted: &self.counted,
            numbers: (self.issues, self.occurrences),
        };
        Parts::new(self.store, content, &self.wanted, most, self.now)
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
