//! Why a search was refused.

use crate::error::{Error, ErrorKind};
use crate::paging::BadRequest;
use crate::query::{Problem, ProblemCode};
use crate::store::StoreError;

/// Why a search was refused, or failed.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The search text cannot be understood, or names something that does not exist. Never empty.
    #[error("Error while parsing the search query: {}", first(.0))]
    Query(Vec<Problem>),
    /// The search cannot be carried out: its order, or the rules of the inbox.
    #[error("{0}")]
    Refused(Problem),
    /// A parameter cannot be used.
    #[error(transparent)]
    Parameter(#[from] BadRequest),
    /// A project that is not there, or not for the member who asks.
    #[error("There is no project {0} to search in. Leave `project` out to search in all of them.")]
    Project(String),
    /// An environment that no project has.
    #[error(
        "No project has an environment “{0}”. Leave `environment` out to search in all of them."
    )]
    Environment(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn first(problems: &[Problem]) -> &str {
    problems.first().map_or("", |problem| &problem.message)
}

impl FindError {
    /// A search text with one problem.
    #[must_use]
    pub fn query(problem: Problem) -> Self {
        Self::Query(vec![problem])
    }

    /// The stable code of search spec, section 4; nothing for errors of the store.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Query(problems) => problems.first().map(|problem| problem.code.as_str()),
            Self::Refused(problem) => Some(problem.code.as_str()),
            Self::Parameter(_) => Some(ProblemCode::BadRequest.as_str()),
            Self::Project(_) => Some("permission_denied"),
            Self::Environment(_) => Some("not_found"),
            Self::Store(_) => None,
        }
    }
}

impl From<FindError> for Error {
    fn from(error: FindError) -> Self {
        let kind = match &error {
            FindError::Query(_) | FindError::Refused(_) => ErrorKind::InvalidQuery,
            FindError::Parameter(_) => ErrorKind::InvalidInput,
            FindError::Project(_) | FindError::Environment(_) => ErrorKind::NotFound,
            FindError::Store(_) => {
                return match error {
                    FindError::Store(error) => Self::from(error),
                    other => Self::new(ErrorKind::Internal, other.to_string()),
                };
            }
        };
        Self::new(kind, error.to_string())
    }
}
