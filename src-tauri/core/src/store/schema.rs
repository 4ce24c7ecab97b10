//! Which migrations a database has and which this program knows.

use super::StoreError;
use sqlx::migrate::Migrator;

/// Versions of the schema, as migration numbers; 0 stands for an empty database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaVersion {
    /// Newest migration the database has.
    pub applied: i64,
    /// Newest migration this program knows.
    pub known: i64,
}

/// What bringing a store to the current schema did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// Version before.
    pub from: i64,
    /// Version after.
    pub to: i64,
    /// Migrations in between, oldest first.
    pub applied: Vec<i64>,
}

/// The migrations a database has.
#[derive(Debug, Clone, Default)]
pub(super) struct Applied(pub Vec<i64>);

impl Applied {
    fn newest(&self) -> i64 {
        self.0.iter().copied().max().unwrap_or(0)
    }
}

fn newest_known(migrations: &Migrator) -> i64 {
    migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

pub(super) fn version(migrations: &Migrator, applied: &Applied) -> SchemaVersion {
    SchemaVersion {
        applied: applied.newest(),
        known: newest_known(migrations),
    }
}

/// What is missing, in the order it is applied.
pub(super) fn report(
    migrations: &Migrator,
    applied: &Applied,
) -> Result<MigrationReport, StoreError> {
    refuse_newer(migrations, applied)?;
    let missing = migrations
        .iter()
        .map(|migration| migration.version)
        .filter(|known| !applied.0.contains(known));
    let SchemaVersion {
        applied: from,
        known: to,
    } = version(migrations, applied);
    Ok(MigrationReport {
        from,
        to,
        applied: missing.collect(),
    })
}

/// Refuses a database that a newer program has changed.
pub(super) fn refuse_newer(migrations: &Migrator, applied: &Applied) -> Result<(), StoreError> {
    let SchemaVersion {
        applied: found,
        known,
    } = version(migrations, applied);
    if found > known {
        Err(StoreError::NewerSchema { found, known })
    } else {
        Ok(())
    }
}

/// Refuses a database that cannot be read as it is: newer, or not migrated yet.
pub(super) fn require_current(migrations: &Migrator, applied: &Applied) -> Result<(), StoreError> {
    let SchemaVersion {
        applied: found,
        known,
    } = version(migrations, applied);
    refuse_newer(migrations, applied)?;
    if found < known {
        Err(StoreError::OlderSchema { found, known })
    } else {
        Ok(())
    }
}
