//! Many rows into many tables at once, as fast as the database takes them: multi-row statements without a journal in
//! SQLite, binary `COPY` in PostgreSQL, on both without the indexes that can be built afterwards.

mod postgres;
mod sqlite;

use anyhow::Result;
use sqlx::{PgConnection, SqliteConnection};

/// What a column holds, where that decides how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `smallint`
    Small,
    /// `integer`
    Int,
    /// `bigint`
    Big,
    Time,
    Text,
    Bytes,
    Id,
    Json,
}

/// A table and the columns that are written.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
}

/// A value.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Nothing,
    Number(i64),
    /// Microseconds since the Unix epoch.
    Time(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Id([u8; 16]),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

/// The connection rows go to.
#[derive(Debug)]
pub enum Target {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Rows of several tables on their way.
#[derive(Debug)]
pub struct Bulk {
    target: Target,
    tables: Vec<Rows>,
    /// Statements that build the indexes that were dropped.
    indexes: Vec<String>,
}

#[derive(Debug)]
enum Rows {
    Sqlite(sqlite::Rows),
    Postgres(postgres::Rows),
}

impl Bulk {
    /// Prepares some tables for many rows.
    ///
    /// # Errors
    /// Whatever the database says against it.
    pub async fn begin(mut target: Target, tables: Vec<&'static Table>) -> Result<Self> {
        let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
        let indexes = match &mut target {
            Target::Sqlite(connection) => sqlite::begin(connection, &names).await?,
            Target::Postgres(connection) => postgres::begin(connection, &names).await?,
        };
        let rows = tables.into_iter().map(|table| match &target {
            Target::Sqlite(_) => Rows::Sqlite(sqlite::Rows::new(table)),
            Target::Postgres(_) => Rows::Postgres(postgres::Rows::new(table)),
        });
        Ok(Self {
            tables: rows.collect(),
            target,
            indexes,
        })
    }

    /// Whether this is SQLite, which keeps some things in full-text tables of its own.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.target, Target::Sqlite(_))
    }

    /// Puts a row into the table at this place of the list.
    pub fn put(&mut self, table: usize, row: &[Cell<'_>]) {
        match &mut self.tables[table] {
            Rows::Sqlite(rows) => rows.put(row),
            Rows::Postgres(rows) => rows.put(row),
        }
    }

    /// Writes what has come together, where that is enough.
    ///
    /// # Errors
    /// Whatever the database says against it.
    pub async fn drain(&mut self) -> Result<()> {
        for rows in &mut self.tables {
            match (rows, &mut self.target) {
                (Rows::Sqlite(rows), Target::Sqlite(connection)) => rows.drain(connection).await?,
                (Rows::Postgres(rows), Target::Postgres(connection)) if rows.is_large() => {
                    rows.write(connection).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// Whatever the database says against it.
    pub async fn flush(&mut self) -> Result<()> {
        for rows in &mut self.tables {
            match (rows, &mut self.target) {
                (Rows::Sqlite(rows), Target::Sqlite(connection)) => rows.write(connection).await?,
                (Rows::Postgres(rows), Target::Postgres(connection)) => {
                    rows.write(connection).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the rest and builds the indexes.
    ///
    /// # Errors
    /// Whatever the database says against it.
    pub async fn finish(mut self) -> Result<()> {
        self.flush().await?;
        match self.target {
            Target::Sqlite(connection) => sqlite::finish(connection, self.indexes).await,
            Target::Postgres(connection) => postgres::finish(connection, self.indexes).await,
        }
    }
}
