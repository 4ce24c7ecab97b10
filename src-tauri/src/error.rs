//! Errors as the window gets them.

use picket_core::ErrorKind;
use serde::Serialize;
use specta::Type;

/// An error of a command. The window switches on `code` and shows `message`.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CommandError {
    /// What can be done about it.
    pub code: ErrorKind,
    /// Cause and next step.
    pub message: String,
    /// The errors underneath, for a details pane.
    pub detail: Option<String>,
    /// Whether trying again later can help.
    pub retryable: bool,
}

impl From<picket_core::Error> for CommandError {
    fn from(error: picket_core::Error) -> Self {
        Self {
            code: error.kind,
            detail: error.detail(),
            retryable: error.is_retryable(),
            message: error.message,
        }
    }
}

impl From<picket_core::store::StoreError> for CommandError {
    fn from(error: picket_core::store::StoreError) -> Self {
        picket_core::Error::from(error).into()
    }
}

impl CommandError {
    /// An error of the shell itself.
    pub fn new(code: ErrorKind, message: impl Into<String>) -> Self {
        picket_core::Error::new(code, message).into()
    }
}

/// Result of a command.
pub type CommandResult<T> = Result<T, CommandError>;
