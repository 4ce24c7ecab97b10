use super::*;
use crate::error::{Error, ErrorKind};
use std::io;

#[test]
fn an_error_says_file_row_cause_and_next_step() {
    for (kind, words) in [
        (
            io::ErrorKind::StorageFull,
            "the disk is full at row 7. Make room or choose another disk, and export again.",
        ),
        (
            io::ErrorKind::QuotaExceeded,
            "your share of the disk is used up at row 7. Make room or choose another disk, and export again.",
        ),
        (
            io::ErrorKind::FileTooLarge,
            "the file grows too large for this disk at row 7. Make room or choose another disk, and export again.",
        ),
        (
            io::ErrorKind::PermissionDenied,
            "writing is not allowed there at row 7. Choose a folder you may write to.",
        ),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            "the disk is read-only at row 7. Choose a folder you may write to.",
        ),
        (
            io::ErrorKind::NotFound,
            "its folder does not exist at row 7. Create the folder or choose another one.",
        ),
        (
            io::ErrorKind::BrokenPipe,
            "nobody reads it any more at row 7. Export again if you need all of it.",
        ),
        (
            io::ErrorKind::TimedOut,
            "timed out at row 7. Check the folder and its disk, and export again.",
        ),
    ] {
        let error = ExportError::Unwritable {
            file: "out/issues.csv".into(),
            row: 7,
            source: kind.into(),
        };
        assert_eq!(
            error.to_string(),
            format!("out/issues.csv cannot be written: {words}")
        );
        let error = Error::from(error);
        assert_eq!(error.kind, ErrorKind::InvalidInput);
        assert!(error.detail().is_some(), "the cause is kept");
    }
}

#[test]
fn what_the_caller_can_do_follows_from_the_error() {
    let file = || "x.csv".into();
    for (error, kind) in [
        (ExportError::Exists { file: file() }, ErrorKind::FileExists),
        (
            ExportError::IsFolder { file: file() },
            ErrorKind::InvalidInput,
        ),
        (
            ExportError::Cancelled {
                file: file(),
                rows: 3,
            },
            ErrorKind::Busy,
        ),
        (ExportError::Ended { file: file() }, ErrorKind::Internal),
    ] {
        let error = Error::from(error);
        assert_eq!(error.kind, kind);
        assert!(error.message.contains("x.csv"), "{error}");
    }
}
