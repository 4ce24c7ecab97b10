//! A file of rows that appears whole or not at all.

use super::{Columns, ExportError, ExportRow, Format, Redaction, RowWriter, Times};
use serde::Serialize;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

/// Bytes that are gathered before the disk gets them.
const BUFFER: usize = 1 << 17;
/// Progress is told once in so many rows.
const REPORT_EVERY: u64 = 250;

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Rows written.
    pub rows: u64,
    /// Rows there are in all, where that is known.
    pub total: Option<u64>,
}

/// What was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Rows of the file, not counting a header.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// In which format.
    pub format: Format,
    /// With which columns.
    pub columns: Columns,
    /// Whether a file that is there may be replaced.
    pub overwrite: bool,
    /// How many rows there will be, where that is known; only the progress makes use of it.
    pub total: Option<u64>,
}

/// An export into a file, or into what takes a stream of bytes.
///
/// Until [`Self::finish`] the rows stand in a file of another name in the same folder, which goes away when the
/// export is cancelled, fails or is dropped. What is not a file, such as a device or a pipe, is written as it is. All
/// of this blocks.
pub struct ExportFile<'a> {
    file: PathBuf,
    /// Where the file really is, should `file` be a link to it.
    place: PathBuf,
    overwrite: bool,
    progress: Progress,
    /// Nothing once the export has ended.
    writer: Option<RowWriter<BufWriter<Sink<'a>>>>,
    cancel: CancellationToken,
    report: Box<dyn FnMut(Progress) + Send + 'a>,
}

enum Sink<'a> {
    Part(NamedTempFile),
    Device(File),
    /// With the number of bytes it has taken.
    Stream(Box<dyn Write + Send + 'a>, u64),
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Part(part) => part.write(bytes),
            Self::Device(device) => device.write(bytes),
            Self::Stream(stream, taken) => {
                let written = stream.write(bytes)?;
                *taken += written as u64;
                Ok(written)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Part(part) => part.flush(),
            Self::Device(device) => device.flush(),
            Self::Stream(stream, _) => stream.flush(),
        }
    }
}

impl<'a> ExportFile<'a> {
    /// Begins an export into `file`. `report` hears how far it is, now and then and at the end; once `cancel` is
    /// cancelled the next step of the export fails.
    ///
    /// # Errors
    /// When the file exists and may not be replaced, or none can be written there.
    pub fn create(
        file: impl Into<PathBuf>,
        options: ExportOptions,
        cancel: CancellationToken,
        report: impl FnMut(Progress) + Send + 'a,
    ) -> Result<Self, ExportError> {
        let file = file.into();
        let place = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        let unwritable = |source| ExportError::Unwritable {
            file: file.clone(),
            row: 0,
            source,
        };
        Self::refuse_existing(&file, options.overwrite)?;
        let sink = match fs::metadata(&place) {
            Ok(there) if there.is_file() => part(&place, Some(there.permissions())).map(Sink::Part),
            Ok(_) => File::options().write(true).open(&place).map(Sink::Device),
            Err(_) => part(&place, None).map(Sink::Part),
        };
        let sink = sink.map_err(unwritable)?;
        Self::begin(file, place, sink, options, cancel, report)
    }

    /// Says whether an export into `file` cannot begin because of what is there, before there are rows for it.
    ///
    /// # Errors
    /// When the file exists and may not be replaced, or is a folder.
    pub fn refuse_existing(file: &Path, overwrite: bool) -> Result<(), ExportError> {
        let Ok(there) = fs::metadata(file) else {
            return Ok(());
        };
        let file = file.to_owned();
        if there.is_dir() {
            return Err(ExportError::IsFolder { file });
        }
        if there.is_file() && !overwrite {
            return Err(ExportError::Exists { file });
        }
        Ok(())
    }

    /// Begins an export into `stream`, which errors call `name`. Whoever reads it sees the rows as they come, so what a
    /// cancelled or failed export has written stays written.
    ///
    /// # Errors
    /// When the stream takes nothing.
    pub fn stream(
        name: &str,
        stream: impl Write + Send + 'a,
        options: ExportOptions,
        cancel: CancellationToken,
        report: impl FnMut(Progress) + Send + 'a,
    ) -> Result<Self, ExportError> {
        let name = PathBuf::from(name);
        let sink = Sink::Stream(Box::new(stream), 0);
        Self::begin(name.clone(), name, sink, options, cancel, report)
    }

    fn begin(
        file: PathBuf,
        place: PathBuf,
        sink: Sink<'a>,
        options: ExportOptions,
        cancel: CancellationToken,
        report: impl FnMut(Progress) + Send + 'a,
    ) -> Result<Self, ExportError> {
        let buffer = BufWriter::with_capacity(BUFFER, sink);
        let writer = match RowWriter::new(buffer, options.format, options.columns) {
            Ok(writer) => writer,
            Err(source) => {
                return Err(ExportError::Unwritable {
                    file,
                    row: 0,
                    source,
                });
            }
        };
        Ok(Self {
            file,
            place,
            overwrite: options.overwrite,
            progress: Progress {
                rows: 0,
                total: options.total,
            },
            writer: Some(writer),
            cancel,
            report: Box::new(report),
        })
    }

    /// The export without what is to be taken out of it.
    #[must_use]
    pub fn redacted(mut self, redaction: Redaction) -> Self {
        if let Some(writer) = &mut self.writer {
            writer.redact(redaction);
        }
        self
    }

    /// The export with its instants written so.
    #[must_use]
    pub fn timed(mut self, times: Times) -> Self {
        if let Some(writer) = &mut self.writer {
            writer.write_times(times);
        }
        self
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the export is cancelled, or the disk does not take the row. The export has then ended, without a file.
    pub fn push(&mut self, row: &ExportRow) -> Result<(), ExportError> {
        let mut writer = self.take()?;
        writer
            .write(row)
            .map_err(|error| self.unwritable(self.progress.rows + 1, error))?;
        self.writer = Some(writer);
        self.progress.rows += 1;
        if self.progress.rows.is_multiple_of(REPORT_EVERY) {
            (self.report)(self.progress);
        }
        Ok(())
    }

    /// Ends the export: from now on the file is there, and stays after a power cut.
    ///
    /// # Errors
    /// When the export is cancelled, the disk does not take the last rows, or a file of this name has appeared
    /// meanwhile. There is then no file.
    pub fn finish(mut self) -> Result<Exported, ExportError> {
        let writer = self.take()?;
        let bytes = match self.save(writer) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(ExportError::Exists { file: self.file });
            }
            Err(error) => return Err(self.unwritable(self.progress.rows, error)),
        };
        (self.report)(self.progress);
        Ok(Exported {
            rows: self.progress.rows,
            bytes,
        })
    }

    /// The writer, to be put back where the export goes on.
    fn take(&mut self) -> Result<RowWriter<BufWriter<Sink<'a>>>, ExportError> {
        let file = || self.file.clone();
        let writer = self.writer.take();
        let writer = writer.ok_or_else(|| ExportError::Ended { file: file() })?;
        if self.cancel.is_cancelled() {
            return Err(ExportError::Cancelled {
                file: file(),
                rows: self.progress.rows,
            });
        }
        Ok(writer)
    }

    fn save(&self, writer: RowWriter<BufWriter<Sink<'a>>>) -> io::Result<u64> {
        let buffer = writer.finish()?;
        let sink = buffer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        let part = match sink {
            Sink::Part(part) => part,
            Sink::Device(device) => return Ok(device.metadata()?.len()),
            Sink::Stream(_, taken) => return Ok(taken),
        };
        part.as_file().sync_all()?;
        let bytes = part.as_file().metadata()?.len();
        if self.overwrite {
            part.persist(&self.place)?;
        } else {
            part.persist_noclobber(&self.place)?;
        }
        // The name has to last as well. Where a folder cannot be synchronised, the file is there all the same.
        #[cfg(unix)]
        let _ = File::open(folder(&self.place)).and_then(|folder| folder.sync_all());
        Ok(bytes)
    }

    fn unwritable(&self, row: u64, source: io::Error) -> ExportError {
        ExportError::Unwritable {
            file: self.file.clone(),
            row,
            source,
        }
    }
}

/// A file beside `place`, with the permissions of the one it will replace.
fn part(place: &Path, replaced: Option<Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".picket-export-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file has; the system takes off what the user does not want.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let part = builder.tempfile_in(folder(place))?;
    if let Some(permissions) = replaced {
        part.as_file().set_permissions(permissions)?;
    }
    Ok(part)
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
