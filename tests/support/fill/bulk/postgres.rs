//! PostgreSQL.

use super::{Cell, Kind, Table};
use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};

/// Bytes of one `COPY`.
const LARGE: usize = 4 << 20;
/// What a binary `COPY` begins with: its signature, no flags, no extension.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TAIL: &[u8] = &[0xff, 0xff];
/// Microseconds between the epochs of Unix and of PostgreSQL.
const EPOCH: i64 = 946_684_800_000_000;

/// Rows of a table.
#[derive(Debug)]
pub struct Rows {
    table: &'static Table,
    bytes: Vec<u8>,
}

impl Rows {
    pub fn new(table: &'static Table) -> Self {
        Self {
            table,
            bytes: HEAD.to_vec(),
        }
    }

    pub fn put(&mut self, row: &[Cell<'_>]) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        let fields = i16::try_from(row.len()).expect("a table has few columns");
        self.bytes.extend(fields.to_be_bytes());
        for (cell, (_, kind)) in row.iter().zip(self.table.columns) {
            match *cell {
                Cell::Nothing => self.bytes.extend((-1_i32).to_be_bytes()),
                Cell::Number(number) => match kind {
                    Kind::Small => {
                        let number = i16::try_from(number).expect("a small number");
                        self.field(&number.to_be_bytes());
                    }
                    Kind::Int => {
                        let number = i32::try_from(number).expect("a number of four bytes");
                        self.field(&number.to_be_bytes());
                    }
                    _ => self.field(&number.to_be_bytes()),
                },
                Cell::Time(micros) => self.field(&(micros - EPOCH).to_be_bytes()),
                Cell::Text(text) if *kind == Kind::Json => {
                    self.length(text.len() + 1);
                    // The version of the format.
                    self.bytes.push(1);
                    self.bytes.extend(text.as_bytes());
                }
                Cell::Text(text) => self.field(text.as_bytes()),
                Cell::Bytes(bytes) => self.field(bytes),
                Cell::Id(id) => self.field(&id),
            }
        }
    }

    fn length(&mut self, bytes: usize) {
        let length = i32::try_from(bytes).expect("a field is short");
        self.bytes.extend(length.to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend(bytes);
    }

    pub fn is_large(&self) -> bool {
        self.bytes.len() >= LARGE
    }

    pub async fn write(&mut self, connection: &mut PgConnection) -> Result<()> {
        if self.bytes.len() == HEAD.len() {
            return Ok(());
        }
        self.bytes.extend(TAIL);
        let columns: Vec<&str> = self.table.columns.iter().map(|(name, _)| *name).collect();
        let (table, columns) = (self.table.name, columns.join(", "));
        let copy = format!("COPY {table} ({columns}) FROM STDIN WITH (FORMAT binary)");
        let context = || format!("the table {table}");
        let mut copying = connection.copy_in_raw(&copy).await.with_context(context)?;
        copying
            .send(self.bytes.as_slice())
            .await
            .with_context(context)?;
        copying.finish().await.with_context(context)?;
        self.bytes.clear();
        self.bytes.extend(HEAD);
        Ok(())
    }
}

/// Drops indexes and keys. Answers the statements that build them again.
pub async fn begin(connection: &mut PgConnection, tables: &[&str]) -> Result<Vec<String>> {
    raw_sql("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        .execute(&mut *connection)
        .await?;
    let keys: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid)
         FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u')
             AND c.relname = ANY ($1)
         ORDER BY 1, 2",
    )
    .bind(tables)
    .fetch_all(&mut *connection)
    .await?;
    let mut statements = Vec::new();
    for (table, key, definition) in keys {
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {key}");
        raw_sql(AssertSqlSafe(drop))
            .execute(&mut *connection)
            .await?;
        statements.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {key} {definition}"
        ));
    }
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT indexname::text, indexdef FROM pg_indexes
         WHERE schemaname = current_schema() AND tablename = ANY ($1) ORDER BY 1",
    )
    .bind(tables)
    .fetch_all(&mut *connection)
    .await?;
    for (index, definition) in indexes {
        let drop = format!("DROP INDEX {index}");
        raw_sql(AssertSqlSafe(drop))
            .execute(&mut *connection)
            .await?;
        statements.push(definition);
    }
    Ok(statements)
}

/// Builds indexes and keys, and lets the server look at what it has.
pub async fn finish(mut connection: PgConnection, statements: Vec<String>) -> Result<()> {
    for sql in statements {
        raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
    Ok(connection.close().await?)
}
