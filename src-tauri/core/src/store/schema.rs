//! Which migrations a database has and which this program knows.

use super::StoreError;
use sqlx::migrate::{Migrate, Migrator};
use std::time::{Duration, Instant};

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

/// A migration that is being applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationStep<'a> {
    /// Its number.
    pub version: i64,
    /// What it is about, in a few words.
    pub name: &'a str,
    /// The time it took; nothing where it begins now.
    pub took: Option<Duration>,
}

/// Hears of each migration twice: when it begins and when it has ended.
pub type OnMigration<'a> = &'a (dyn Fn(MigrationStep<'_>) + Send + Sync);

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

/// Applies what is missing, one migration after the other.
pub(super) async fn migrate<C: Migrate>(
    migrations: &Migrator,
    connection: &mut C,
    applied: &Applied,
    hear: OnMigration<'_>,
) -> Result<(), StoreError> {
    // Not `run`: it takes whatever can be turned into a connection, for every lifetime, and the compiler then cannot
    // tell that the future may move between threads.
    for migration in migrations.iter() {
        if applied.0.contains(&migration.version) {
            continue;
        }
        let step = |took| MigrationStep {
            version: migration.version,
            name: &migration.description,
            took,
        };
        hear(step(None));
        let started = Instant::now();
        migrations
            .run_direct(Some(migration.version), connection, false)
            .await
            .map_err(StoreError::Migration)?;
        hear(step(Some(started.elapsed())));
    }
    // Also where nothing is missing: it is checked that those that were applied are the ones this program knows.
    migrations
        .run_direct(None, connection, false)
        .await
        .map_err(StoreError::Migration)
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
