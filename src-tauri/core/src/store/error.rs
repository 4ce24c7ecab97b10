//! What can go wrong in a store.

use crate::error::{Error, ErrorKind};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has this SQLite file open for writing.
    #[error("the store {path} is in use by another Picket")]
    Locked {
        /// The database file.
        path: String,
    },
    /// The database was written by a newer Picket.
    #[error("the store has schema version {found}, this Picket knows up to {known}")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// The database is older than this Picket, and was opened for reading, which does not change it.
    #[error("the store has schema version {found}, this Picket reads {known}")]
    OlderSchema {
        /// Version in the database.
        found: i64,
        /// Version this program reads.
        known: i64,
    },
    /// There is no database to read.
    #[error("there is no store {path}")]
    Missing {
        /// The database file.
        path: String,
    },
    /// The store was opened for reading and was asked to write.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// The address of the store cannot be understood.
    #[error("“{url}” is not a store: {problem}")]
    BadUrl {
        /// The address without its password.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The partition is not where this writer left it: another one owns it now.
    #[error("partition {partition} of {topic} was moved by another writer")]
    Fenced {
        /// Topic.
        topic: String,
        /// Partition.
        partition: i32,
    },
    /// The job is not where this program left it: it was silent for so long that it passed for dead.
    #[error("job {job} was taken for interrupted, or goes on elsewhere")]
    JobTaken {
        /// The job.
        job: i64,
    },
    /// Another writer holds the short ids of a project for longer than a batch waits (occurrences spec, section 12.2).
    #[error("another writer has held the numbers of new issues for longer than a second")]
    ShortIdTimeout(#[source] sqlx::Error),
    /// The database does not answer; trying again can help.
    #[error("the store does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database answered with an error about what was written; trying again cannot help.
    #[error("the store refused a statement")]
    Refused(#[source] sqlx::Error),
    /// What was to be written cannot be right; trying again cannot help.
    #[error("{0}")]
    Defect(String),
    /// A stored value cannot be read back.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
    /// An issue was to get a status and substatus that do not go together (group-states spec, section 1.3).
    #[error("{issue} cannot be {status} with the substatus {substatus}")]
    InvalidStatus {
        /// The issue.
        issue: String,
        /// Its new status.
        status: &'static str,
        /// Its new substatus; `none` without one.
        substatus: &'static str,
    },
    /// A migration failed.
    #[error("the store cannot be brought to the current schema")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Whether the same statement can succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// What a statement that locks short ids for at most a second answers: a lock that was not to be had has its own error.
pub(super) fn of_short_ids(error: sqlx::Error) -> StoreError {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    if code.as_deref() == Some("55P03") {
        return StoreError::ShortIdTimeout(error);
    }
    error.into()
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(database) if is_passing(database.code().as_deref()) => {
                Self::Unavailable(error)
            }
            _ => Self::Refused(error),
        }
    }
}

/// SQLite: busy, locked, full, I/O. PostgreSQL: serialisation and deadlock (40), connection (08), resources (53),
/// operator intervention (57), the system underneath (58), a server that has become a standby (25006), a transaction
/// that was idle for too long (25P03), a lock that was not to be had (55P03).
fn is_passing(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    match code.parse::<i32>() {
        Ok(extended) if code.len() <= 4 => matches!(extended & 0xff, 5 | 6 | 10 | 13),
        _ => {
            ["40", "08", "53", "57", "58"]
                .iter()
                .any(|class| code.starts_with(class))
                || ["25006", "25P03", "55P03"].contains(&code)
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let (kind, next) = match &error {
            StoreError::Locked { .. } => (
                ErrorKind::StoreLocked,
                "Close the other window or stop the other ingest.",
            ),
            StoreError::NewerSchema { .. } => (
                ErrorKind::StoreUnavailable,
                "Use the newer Picket with this store.",
            ),
            StoreError::OlderSchema { .. } => {
                (ErrorKind::StoreUnavailable, "Run picketctl migrate.")
            }
            StoreError::Missing { .. } => (
                ErrorKind::NotFound,
                "Check its path, or ingest into it to create it.",
            ),
            StoreError::ReadOnly => (
                ErrorKind::StoreLocked,
                "Close the other Picket and open it again.",
            ),
            StoreError::BadUrl { .. } => (
                ErrorKind::InvalidInput,
                "Write sqlite:///path/file.db, sqlite::memory: or postgres://user@host/database.",
            ),
            StoreError::Unavailable(_) => (
                ErrorKind::StoreUnavailable,
                "Check that the database runs and its disk has room; Picket tries again.",
            ),
            StoreError::Fenced { .. } => (
                ErrorKind::Busy,
                "Its records are being stored by the other writer.",
            ),
            StoreError::JobTaken { .. } => (
                ErrorKind::Busy,
                "What it has done stays done; go on with it in the list of jobs.",
            ),
            StoreError::ShortIdTimeout(_) => (
                ErrorKind::Busy,
                "Try it again; if it stays so, end the program that holds them.",
            ),
            StoreError::Migration(_) => (
                ErrorKind::StoreUnavailable,
                "Restore the store from a copy or start a new one.",
            ),
            StoreError::Refused(_)
            | StoreError::Defect(_)
            | StoreError::Corrupt(_)
            | StoreError::InvalidStatus { .. } => (ErrorKind::Internal, "Please report this."),
        };
        let message = format!("{}. {next}", capitalised(&error.to_string()));
        Self::caused(kind, message, error)
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_pass_is_tried_again() {
        for passing in [
            "5", "6", "13", "517", "778", "40001", "40P01", "08006", "53100", "57P01", "25P03",
        ] {
            assert!(is_passing(Some(passing)), "{passing}");
        }
        for lasting in [
            "1", "11", "26", "1555", "2067", "23505", "22021", "42P01", "25P02", "",
        ] {
            assert!(!is_passing(Some(lasting)), "{lasting}");
        }
        assert!(!is_passing(None));
    }
}
