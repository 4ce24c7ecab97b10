//! Issues of a selection as text or in a file.

use super::selection::ordered;
use crate::engine::export::{ExportFailure, PART, Rows, ahead, extent_of, issue_row, write};
use crate::engine::find::Asker;
use crate::error::{Error, ErrorKind};
use crate::export::{
    self, ColumnSet, Columns, CsvOptions, ExportError, ExportFile, ExportRow, Format, RowWriter,
    Separator,
};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{ExportStore, QueryStore, SearchStore, StoreError};
use crate::view::{ExportFormat, ExportOptions, ExportPreview, ExportReport, Selection, count};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
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
    selection: &Selection,
    options: &ExportOptions,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<ExportPreview, Error> {
    let (columns, format) = chosen(options)?;
    let ids = ordered(store, selection, options.sort, asker, now).await?;
    let mut writer = writer(format, columns.clone())?;
    for row in rows(
        store,
        ids.get(..PREVIEWED).unwrap_or(&ids),
        &columns,
        asker,
        now,
    )
    .await?
    {
        writer.write(&row).map_err(|error| unwritten(&error))?;
    }
    Ok(ExportPreview {
        text: text(writer)?,
        rows: count(ids.len() as u64),
        suggested_name: format!(
            "picket-issues-{}.{}",
            now.format("%Y-%m-%d"),
            extension(options.format)
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
    let (columns, format) = chosen(options)?;
    let ids = ordered(store, selection, options.sort, asker, now).await?;
    let mut writer = writer(format, columns.clone())?;
    let mut written = 0;
    for part in ids.chunks(PART) {
        for row in rows(store, part, &columns, asker, now).await? {
            written += columns
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
    let (columns, format) = chosen(options)?;
    let ids = ordered(store, selection, options.sort, asker, now).await?;
    let total = ids.len() as u64;
    progress(0, total);
    let file_options = export::ExportOptions {
        format,
        columns: columns.clone(),
        overwrite,
        total: Some(total),
    };
    let shown = path.display().to_string();
    let file = ExportFile::create(path, file_options, cancel.clone(), |_| {})?;
    let report = |rows: u64, bytes: u64, cancelled: bool| ExportReport {
        path: shown.clone(),
        rows: count(rows),
        bytes: count(bytes),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
        cancelled,
    };
    let read = async |sink: Rows| {
        let mut done = 0;
        let parts = ids.chunks(PART);
        let mut parts = ahead(parts.map(|part| rows(store, part, &columns, asker, now)));
        while let Some(rows) = parts.next().await {
            let rows = rows?;
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

fn chosen(options: &ExportOptions) -> Result<(Columns, Format), Error> {
    let columns = ColumnSet::ISSUES.choose(&options.columns.join(","))?;
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

fn extension(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
        ExportFormat::Ndjson => "ndjson",
        ExportFormat::Markdown => "md",
    }
}

fn writer(format: Format, columns: Columns) -> Result<RowWriter<Vec<u8>>, Error> {
    RowWriter::new(Vec::new(), format, columns).map_err(|error| unwritten(&error))
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

async fn rows<S: ExportStore>(
    store: &S,
    ids: &[IssueId],
    columns: &Columns,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ExportRow>, StoreError> {
    let (everything, extent) = (Plan::everything(), extent_of(columns));
    let issues = store.table_rows(ids, &everything, extent, asker.directory, now);
    Ok(issues.await?.into_iter().map(issue_row).collect())
}
