//! Why a bundle does not open.

use super::MOST_BYTES;
use crate::engine::export::{BUNDLE_MOST_ISSUES, BUNDLE_VERSION};
use crate::error::{Error, ErrorKind};
use crate::store::StoreError;
use std::path::PathBuf;

/// Why a bundle does not open: what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}. Check its name and whether you may read it.", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It does not begin as a bundle does.
    #[error("{} is no Picket bundle. Choose a file that was exported as a bundle.", file.display())]
    NotABundle {
        /// The file.
        file: PathBuf,
    },
    /// Its form is one that this program does not know.
    #[error("{} is a bundle of version {version}; this Picket reads version {BUNDLE_VERSION}. Open it with a newer Picket.", file.display())]
    OtherVersion {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u64,
    },
    /// There is more in it than is opened at once.
    #[error("{} is too large to open: {} MB and {BUNDLE_MOST_ISSUES} issues are the most. Export fewer issues.", file.display(), MOST_BYTES >> 20)]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// It ends before its end.
    #[error("{} is not whole: it ends at line {line}. Copy or export it again.", file.display())]
    Cut {
        /// The file.
        file: PathBuf,
        /// The last line that is there, from 1.
        line: u64,
    },
    /// A line is not what it should be.
    #[error("{} is damaged at line {line}: {problem}. Export it again.", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// What it says does not fit together, or there is no room for it.
    #[error("The bundle cannot be opened: {0}.")]
    Store(#[from] StoreError),
}

impl From<BundleError> for Error {
    fn from(error: BundleError) -> Self {
        Self::caused(ErrorKind::InvalidInput, error.to_string(), error)
    }
}
