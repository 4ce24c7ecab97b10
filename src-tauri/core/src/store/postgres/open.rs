//! Opening and closing.

use super::PostgresStore;
use crate::store::address::PostgresAddress;
use crate::store::known::Known;
use crate::store::schema::{self, Applied, OnMigration};
use crate::store::{Access, SchemaVersion, StoreError};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};
use std::time::Duration;

pub(in crate::store) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Four writers and as many readers, with some to spare.
const CONNECTIONS: u32 = 10;

/// How long to wait for a connection before the server counts as away.
const PATIENCE: Duration = Duration::from_secs(10);

impl PostgresStore {
    /// Opens a store. For writing its schema is created where it is missing, and migrated.
    pub(in crate::store) async fn open(
        address: &PostgresAddress,
        shown: &str,
        access: Access,
        hear: OnMigration<'_>,
    ) -> Result<Self, StoreError> {
        let options = address
            .options
            .as_ref()
            .clone()
            .application_name("picket")
            .options([
                // A client that was put to sleep must not keep the others waiting for its locks.
                ("idle_in_transaction_session_timeout", "60s"),
                // Lists read their first rows of plans that could read millions: the server would compile these, which
                // takes longer than running them.
                ("jit", "off"),
            ]);
        let options = match access {
            Access::ReadWrite => options,
            Access::ReadOnly => options.options([("default_transaction_read_only", "on")]),
        };
        let mut first = connect(&options, shown).await?;
        let applied = applied(&mut first).await?;
        match access {
            Access::ReadWrite => {
                schema::refuse_newer(&MIGRATIONS, &applied)?;
                migrate(&mut first, address.schema.as_deref(), &applied, hear).await?;
            }
            Access::ReadOnly => schema::require_current(&MIGRATIONS, &applied)?,
        }
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE);
        Ok(Self {
            pool: pool.connect_lazy_with(options),
            access,
            known: Known::default(),
        })
    }

    pub(in crate::store) async fn schema(&self) -> Result<SchemaVersion, StoreError> {
        Ok(schema::version(
            &MIGRATIONS,
            &applied(&mut *self.pool.acquire().await?).await?,
        ))
    }

    pub(in crate::store) async fn close(&self) {
        self.pool.close().await;
    }
}

/// The migrations a database has, without changing it.
pub(in crate::store) async fn applied_on_server(
    address: &PostgresAddress,
    shown: &str,
) -> Result<Applied, StoreError> {
    let mut connection = connect(&address.options, shown).await?;
    let applied = applied(&mut connection).await;
    connection.close().await?;
    applied
}

/// Connects once. A pool would go on trying a server that refuses, which is right later but not while a person waits
/// for the store to open.
async fn connect(options: &PgConnectOptions, shown: &str) -> Result<PgConnection, StoreError> {
    let connection = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
    connection
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
        .map_err(|error| match &error {
            // The server answers, but not to this user or not for this database.
            sqlx::Error::Database(refusal)
                if refusal
                    .code()
                    .is_some_and(|code| code.starts_with("28") || code == "3D000") =>
            {
                StoreError::BadUrl {
                    url: shown.to_owned(),
                    problem: refusal.message().to_owned(),
                }
            }
            _ => error.into(),
        })
}

async fn applied(connection: &mut PgConnection) -> Result<Applied, StoreError> {
    const HAS_TABLE: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    const VERSIONS: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    if !sqlx::query_scalar::<_, bool>(HAS_TABLE)
        .fetch_one(&mut *connection)
        .await?
    {
        return Ok(Applied::default());
    }
    Ok(Applied(
        sqlx::query_scalar(VERSIONS).fetch_all(connection).await?,
    ))
}

/// Runs what is missing, under an advisory lock of the database, so that two programs that start at once do not both
/// try.
async fn migrate(
    connection: &mut PgConnection,
    schema: Option<&str>,
    applied: &Applied,
    hear: OnMigration<'_>,
) -> Result<(), StoreError> {
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    if let Some(schema) = schema {
        migrator.create_schema(schema.to_owned());
    }
    schema::migrate(&migrator, connection, applied, hear).await
}
