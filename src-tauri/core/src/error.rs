//! The one error type that leaves the crate, with a closed set of kinds for the window and the command line.

use serde::Serialize;
use specta::Type;

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The search text cannot be understood.
    InvalidQuery,
    /// A value that was given is not acceptable.
    InvalidInput,
    /// The thing asked for does not exist.
    NotFound,
    /// The store cannot be reached or read at the moment.
    StoreUnavailable,
    /// Another process owns the store.
    StoreLocked,
    /// What is open can only be looked at.
    ReadOnly,
    /// No broker answers, or it refuses.
    BrokerUnreachable,
    /// The keyring of the operating system cannot be used.
    KeyringUnavailable,
    /// A file of this name is there; it is only replaced when that is asked for.
    FileExists,
    /// Something is already running.
    Busy,
    /// Whoever asked does not wait for the answer any more.
    Withdrawn,
    /// A defect.
    Internal,
}

/// An error with words for a person: what failed, why, and what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What a caller can do about it.
    pub kind: ErrorKind,
    /// One or two sentences for a person.
    pub message: String,
    /// The error underneath, if any.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Result of the crate's outer functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a cause underneath.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// An error on top of `source`.
    pub fn caused(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            kind,
            message: message.into(),
            source: Some(Box::new(source)),
        }
    }

    /// Whether trying again later can help without changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::StoreUnavailable
                | ErrorKind::StoreLocked
                | ErrorKind::BrokerUnreachable
                | ErrorKind::Busy
        )
    }

    /// The chain of causes below this error, outermost first, for logs and details panes.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        let mut parts = Vec::new();
        let mut next = self
            .source
            .as_deref()
            .map(|source| source as &dyn std::error::Error);
        while let Some(error) = next {
            parts.push(error.to_string());
            next = error.source();
        }
        (!parts.is_empty()).then(|| parts.join(": "))
    }
}
