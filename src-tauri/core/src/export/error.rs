//! Why an export ended early.

use crate::error::{Error, ErrorKind};
use std::io;
use std::path::PathBuf;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file of this name is there, and nobody asked to replace it.
    #[error("{} exists already. Choose another name, or ask to overwrite it.", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The name is that of a folder.
    #[error("{} is a folder. Name a file in it.", file.display())]
    IsFolder {
        /// The folder.
        file: PathBuf,
    },
    /// The file, or the disk, did not take a row.
    #[error("{} cannot be written: {}{}. {}", file.display(), cause(source), place(*row), next_step(source))]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// The row that was being written, from 1; 0 before the first one.
        row: u64,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody cancelled it.
    #[error("The export to {} was cancelled after row {rows} and left no file. Begin it again for all rows.", file.display())]
    Cancelled {
        /// The file.
        file: PathBuf,
        /// How many rows had been written.
        rows: u64,
    },
    /// It had ended before.
    #[error("The export to {} has ended already. Begin a new one.", file.display())]
    Ended {
        /// The file.
        file: PathBuf,
    },
}

fn place(row: u64) -> String {
    match row {
        0 => String::new(),
        row => format!(" at row {row}"),
    }
}

fn cause(error: &io::Error) -> String {
    let cause = match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::QuotaExceeded => "your share of the disk is used up",
        io::ErrorKind::FileTooLarge => "the file grows too large for this disk",
        io::ErrorKind::PermissionDenied => "writing is not allowed there",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "its folder does not exist",
        io::ErrorKind::BrokenPipe => "nobody reads it any more",
        _ => return error.to_string(),
    };
    cause.to_owned()
}

fn next_step(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "Make room or choose another disk, and export again."
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Choose a folder you may write to."
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "Create the folder or choose another one."
        }
        io::ErrorKind::BrokenPipe => "Export again if you need all of it.",
        _ => "Check the folder and its disk, and export again.",
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        let kind = match error {
            ExportError::Exists { .. }
            | ExportError::IsFolder { .. }
            | ExportError::Unwritable { .. } => ErrorKind::InvalidInput,
            // Whoever cancelled can begin again at once.
            ExportError::Cancelled { .. } => ErrorKind::Busy,
            ExportError::Ended { .. } => ErrorKind::Internal,
        };
        let message = error.to_string();
        match error {
            ExportError::Unwritable { source, .. } => Self::caused(kind, message, source),
            _ => Self::new(kind, message),
        }
    }
}
