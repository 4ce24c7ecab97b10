//! One row into one table, whichever store it is.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use picket_core::store::{Connections, Store};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// A value of a column.
#[derive(Debug, Clone)]
pub enum Cell {
    Nothing,
    Number(i64),
    Truth(bool),
    Text(String),
    Time(DateTime<Utc>),
    Id(Uuid),
    Bytes(Vec<u8>),
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i16> for Cell {
    fn from(number: i16) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Time(time)
    }
}

impl From<Uuid> for Cell {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<&[u8]> for Cell {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// Inserts a row, or leaves the one that has its key.
///
/// # Errors
/// Whatever the database says against it.
pub async fn insert(store: &Store, table: &str, row: &[(&str, Cell)]) -> Result<()> {
    let columns: Vec<&str> = row.iter().map(|(column, _)| *column).collect();
    let mut number = 0;
    let places: Vec<String> = row
        .iter()
        .map(|(_, cell)| match cell {
            // A parameter has a type, and nothing has to go into columns of every type.
            Cell::Nothing => "NULL".to_owned(),
            _ => {
                number += 1;
                format!("${number}")
            }
        })
        .collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({}) ON CONFLICT DO NOTHING",
        columns.join(", "),
        places.join(", ")
    );
    let cells = row.iter().map(|(_, cell)| cell);
    match store.connections() {
        Connections::Sqlite(pool) => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in cells {
                query = match cell {
                    Cell::Nothing => query,
                    Cell::Number(number) => query.bind(*number),
                    Cell::Truth(truth) => query.bind(*truth),
                    Cell::Text(text) => query.bind(text.clone()),
                    Cell::Time(time) => query.bind(time.timestamp_micros()),
                    Cell::Id(id) => query.bind(*id),
                    Cell::Bytes(bytes) => query.bind(bytes.clone()),
                };
            }
            query.execute(pool).await.map(drop)
        }
        Connections::Postgres(pool) => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in cells {
                query = match cell {
                    Cell::Nothing => query,
                    Cell::Number(number) => query.bind(*number),
                    Cell::Truth(truth) => query.bind(*truth),
                    Cell::Text(text) => query.bind(text.clone()),
                    Cell::Time(time) => query.bind(*time),
                    Cell::Id(id) => query.bind(*id),
                    Cell::Bytes(bytes) => query.bind(bytes.clone()),
                };
            }
            query.execute(pool).await.map(drop)
        }
    }
    .with_context(|| format!("a row of {table}"))
}

/// Runs a statement without parameters.
///
/// # Errors
/// Whatever the database says against it.
pub async fn execute(store: &Store, sql: &str) -> Result<()> {
    let safe = AssertSqlSafe(sql.to_owned());
    match store.connections() {
        Connections::Sqlite(pool) => sqlx::raw_sql(safe).execute(pool).await.map(drop),
        Connections::Postgres(pool) => sqlx::raw_sql(safe).execute(pool).await.map(drop),
    }
    .with_context(|| sql.to_owned())
}
