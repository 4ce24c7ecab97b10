//! Opening and closing.

use super::SqliteStore;
use super::log::Log;
use super::query::REVISION;
use super::written::Written;
use crate::store::schema::{self, Applied, OnMigration};
use crate::store::search::forget_limit;
use crate::store::{Access, SchemaVersion, StoreError};
use futures_util::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{SqliteConnection, SqlitePool, query_scalar, raw_sql};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::time::Instant;

pub(in crate::store) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Connections that read.
const READERS: u32 = 4;

impl SqliteStore {
    /// Opens a file. For writing it is created where it is missing, locked against other processes and migrated.
    pub(in crate::store) async fn open_file(
        path: &Path,
        access: Access,
        hear: OnMigration<'_>,
    ) -> Result<Self, StoreError> {
        match access {
            Access::ReadWrite => Self::open_for_writing(path, hear).await,
            Access::ReadOnly => Self::open_for_reading(path).await,
        }
    }

    async fn open_for_writing(path: &Path, hear: OnMigration<'_>) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        let lock = lock(path).await?;
        let options = options(path)
            .create_if_missing(true)
            // It takes effect only in a new file, before the first table.
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut can lose the last commits, offsets included, so Kafka fills them in again.
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", "-65536")
            .pragma("journal_size_limit", "67108864")
            // Pages: 128 MiB, where `log` cannot keep up.
            .pragma("wal_autocheckpoint", "32000");
        let writer = one_connection().connect_with(options.clone()).await?;
        let applied = applied(&writer).await?;
        schema::refuse_newer(&MIGRATIONS, &applied)?;
        migrate(&writer, &applied, hear).await?;
        let revision = query_scalar(REVISION).fetch_one(&writer).await?;
        let readers = readers(path).await?;
        let log = one_connection().connect_with(options).await?;
        Ok(Self {
            writer: Some(writer),
            readers,
            log: Some(Log::keep(log)),
            lock: Some(lock),
            known: Arc::default(),
            written: Arc::new(Written::after(revision)),
            writes: AtomicU64::new(0),
        })
    }

    async fn open_for_reading(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing {
                path: path.display().to_string(),
            });
        }
        let readers = readers(path).await?;
        schema::require_current(&MIGRATIONS, &applied(&readers).await?)?;
        Ok(Self {
            writer: None,
            readers,
            log: None,
            lock: None,
            known: Arc::default(),
            written: Arc::new(Written::elsewhere()),
            writes: AtomicU64::new(0),
        })
    }

    /// Opens an empty database in memory.
    pub(in crate::store) async fn open_memory(hear: OnMigration<'_>) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .in_memory(true)
            .journal_mode(SqliteJournalMode::Memory)
            .pragma("temp_store", "MEMORY")
            .with_regexp()
            .statement_cache_capacity(STATEMENT_CACHE);
        // Readers use the same connection: a second one would need a shared cache, whose table locks make readers
        // fail where a file's WAL lets them pass.
        let writer = one_connection().connect_with(options).await?;
        migrate(&writer, &Applied::default(), hear).await?;
        Ok(Self {
            readers: writer.clone(),
            writer: Some(writer),
            log: None,
            lock: None,
            known: Arc::default(),
            written: Arc::new(Written::after(0)),
            writes: AtomicU64::new(0),
        })
    }

    pub(in crate::store) async fn schema(&self) -> Result<SchemaVersion, StoreError> {
        Ok(schema::version(&MIGRATIONS, &applied(&self.readers).await?))
    }

    /// Closes all connections. A file opened for writing then holds everything: its write-ahead log is empty.
    pub(in crate::store) async fn close(&self) {
        // A reader that is still open would keep the log from being emptied.
        self.readers.close().await;
        if let Some(log) = &self.log {
            log.close().await;
        }
        let (Some(writer), Some(lock)) = (&self.writer, &self.lock) else {
            return;
        };
        if let Err(error) = raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(writer)
            .await
        {
            // The log stays and is read at the next start; nothing is lost.
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
        writer.close().await;
        if let Err(error) = lock.unlock() {
            tracing::warn!(%error, "the lock of the store stays until this process ends");
        }
    }
}

async fn migrate(
    writer: &SqlitePool,
    applied: &Applied,
    hear: OnMigration<'_>,
) -> Result<(), StoreError> {
    let mut connection = writer.acquire().await?;
    schema::migrate(&MIGRATIONS, &mut *connection, applied, hear).await
}

/// The migrations a file has, without changing it.
pub(in crate::store) async fn applied_in_file(path: &Path) -> Result<Applied, StoreError> {
    if !path.is_file() {
        return Ok(Applied::default());
    }
    let pool = one_connection()
        .connect_with(options(path).read_only(true))
        .await?;
    let applied = applied(&pool).await;
    pool.close().await;
    applied
}

async fn applied(pool: &SqlitePool) -> Result<Applied, StoreError> {
    const HAS_TABLE: &str =
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
    const VERSIONS: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    if !sqlx::query_scalar::<_, bool>(HAS_TABLE)
        .fetch_one(pool)
        .await?
    {
        return Ok(Applied::default());
    }
    Ok(Applied(sqlx::query_scalar(VERSIONS).fetch_all(pool).await?))
}

/// Enough for every statement of the writer in each of its sizes.
const STATEMENT_CACHE: usize = 512;

/// Rows a connection's thread may be ahead of the task that reads them. A batch loads about a thousand rows at a time;
/// with fewer, the two wait for each other over and over.
const ROWS_AHEAD: usize = 4_096;

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(5))
        // Searches with wildcards: SQLite itself folds ASCII letters only.
        .with_regexp()
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(STATEMENT_CACHE)
        .row_buffer_size(ROWS_AHEAD)
}

/// Of each reader, in KiB. It holds the inner pages of every index; the leaves that a list or an export goes through are
/// read once, and the system keeps the file anyway. With four times as much an export took 90 MB more and was no faster.
const READER_CACHE: &str = "-8192";

async fn readers(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = options(path)
        .read_only(true)
        .pragma("cache_size", READER_CACHE);
    Ok(SqlitePoolOptions::new()
        .max_connections(READERS)
        .after_release(free)
        .connect_with(options)
        .await?)
}

/// A pool that keeps its one connection: it is the writer's cache, and in memory it is the database.
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        // In memory it reads, too.
        .after_release(free)
}

/// Frees a connection that is handed back from what was left on it. True: the pool keeps it.
fn free(
    connection: &mut SqliteConnection,
    _: PoolConnectionMetadata,
) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    Box::pin(async move {
        forget_limit(connection).await?;
        Ok(true)
    })
}

/// How long opening waits for whoever has the file: a window that was closed stores what its feed has read before it
/// lets go, and a person who opens it again at once means this store, not a copy that can only be read. A window that
/// opens shows nothing meanwhile, so it is short; whoever can wait longer tries again.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// Pause between two tries: too short to be noticed once the file is free.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Takes the lock of a database file: a file beside it, because SQLite has its own use for locks on the database.
/// Tries for [`LOCK_PATIENCE`].
async fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(name))
        .map_err(sqlx::Error::Io)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(sqlx::Error::Io(error).into()),
            Err(TryLockError::WouldBlock) if started.elapsed() >= LOCK_PATIENCE => {
                return Err(StoreError::Locked {
                    path: path.display().to_string(),
                });
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
        }
    }
}
