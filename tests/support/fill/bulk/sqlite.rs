//! SQLite.

use super::{Cell, Table};
use anyhow::{Context, Result};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use std::sync::Arc;

/// Most values of a statement; SQLite takes 32 766.
const MOST_VALUES: usize = 8_192;
/// Pages a full-text index collects before it writes them: by default so few that most of the time goes into merging.
const HASH_BYTES: i64 = 128 << 20;
const USUAL_HASH_BYTES: i64 = 1 << 20;
const FULL_TEXT: [&str; 3] = ["search_text_fts", "search_term_fts", "occurrence_event_fts"];

/// Rows of a table.
#[derive(Debug)]
pub struct Rows {
    table: &'static Table,
    per_statement: usize,
    sql: Arc<str>,
    /// Values of whole statements.
    full: Vec<SqliteArguments>,
    current: SqliteArguments,
    count: usize,
}

impl Rows {
    pub fn new(table: &'static Table) -> Self {
        let per_statement = (MOST_VALUES / table.columns.len()).max(1);
        Self {
            table,
            per_statement,
            sql: insert(table, per_statement),
            full: Vec::new(),
            current: SqliteArguments::default(),
            count: 0,
        }
    }

    pub fn put(&mut self, row: &[Cell<'_>]) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        for cell in row {
            let added = match *cell {
                Cell::Nothing => self.current.add(None::<i64>),
                Cell::Number(number) | Cell::Time(number) => self.current.add(number),
                Cell::Text(text) => self.current.add(text),
                Cell::Bytes(bytes) => self.current.add(bytes),
                Cell::Id(id) => self.current.add(&id[..]),
            };
            added.expect("a plain value can be bound");
        }
        self.count += 1;
        if self.count == self.per_statement {
            self.full.push(std::mem::take(&mut self.current));
            self.count = 0;
        }
    }

    pub async fn drain(&mut self, connection: &mut SqliteConnection) -> Result<()> {
        for values in self.full.drain(..) {
            sqlx::query_with(AssertSqlSafe(Arc::clone(&self.sql)), values)
                .execute(&mut *connection)
                .await
                .with_context(|| format!("the table {}", self.table.name))?;
        }
        Ok(())
    }

    pub async fn write(&mut self, connection: &mut SqliteConnection) -> Result<()> {
        self.drain(connection).await?;
        if self.count > 0 {
            let sql = insert(self.table, self.count);
            let values = std::mem::take(&mut self.current);
            self.count = 0;
            sqlx::query_with(AssertSqlSafe(sql), values)
                .persistent(false)
                .execute(&mut *connection)
                .await
                .with_context(|| format!("the table {}", self.table.name))?;
        }
        Ok(())
    }
}

fn insert(table: &Table, rows: usize) -> Arc<str> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let rows = vec![row; rows].join(", ");
    let (table, columns) = (table.name, columns.join(", "));
    Arc::from(format!("INSERT INTO {table} ({columns}) VALUES {rows}"))
}

/// Begins one large transaction without a journal. Answers the statements of the indexes that were dropped.
pub async fn begin(connection: &mut SqliteConnection, tables: &[&str]) -> Result<Vec<String>> {
    // A crash leaves a damaged file, which is made anew.
    let fast = "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
                PRAGMA cache_size = -3000000; PRAGMA temp_store = MEMORY; BEGIN";
    raw_sql(fast).execute(&mut *connection).await?;
    hash_bytes(connection, HASH_BYTES).await?;
    let indexes: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut dropped = Vec::new();
    for (table, name, sql) in indexes {
        if tables.contains(&table.as_str()) {
            let drop = format!("DROP INDEX {name}");
            raw_sql(AssertSqlSafe(drop))
                .execute(&mut *connection)
                .await?;
            dropped.push(sql);
        }
    }
    Ok(dropped)
}

async fn hash_bytes(connection: &mut SqliteConnection, bytes: i64) -> Result<()> {
    for table in FULL_TEXT {
        let set = format!("INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {bytes})");
        raw_sql(AssertSqlSafe(set))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Builds the indexes and ends the transaction.
pub async fn finish(mut connection: SqliteConnection, indexes: Vec<String>) -> Result<()> {
    for sql in indexes {
        raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    hash_bytes(&mut connection, USUAL_HASH_BYTES).await?;
    raw_sql("COMMIT; PRAGMA journal_mode = WAL")
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}
