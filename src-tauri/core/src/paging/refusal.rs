//! A parameter that cannot be used.

use crate::error::{Error, ErrorKind};

/// A parameter of a request that cannot be used: `bad_request` of the search spec, section 4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {message}")]
pub struct BadRequest {
    /// The parameter, under the name a caller gives it.
    pub parameter: &'static str,
    /// What is wrong with it and what it takes instead, for a person.
    pub message: String,
}

impl BadRequest {
    /// The stable code of this error.
    pub const CODE: &'static str = "bad_request";

    /// Refuses `parameter`.
    pub fn new(parameter: &'static str, message: impl Into<String>) -> Self {
        Self {
            parameter,
            message: message.into(),
        }
    }
}

impl From<BadRequest> for Error {
    fn from(refusal: BadRequest) -> Self {
        Self::new(ErrorKind::InvalidInput, refusal.to_string())
    }
}
