//! The rows of a store as they are.

use anyhow::Result;
use picket_core::store::{Connections, Store};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that say when a row was written, and nothing of what it says.
const BOOKKEEPING: [&str; 2] = ["revision", "created_revision"];

/// Tables that tell what was done, and not how issues stand.
const LOGS: [&str; 4] = [
    "journal_issue",
    "journal_move",
    "deletion_job_issue",
    "audit",
];

/// All rows that belong to an issue, by issue: each as the name of its table and its values as text.
pub type IssueRows = BTreeMap<i64, BTreeSet<String>>;

/// Reads every row of every table that names an issue.
///
/// # Errors
/// Whatever the database says against it.
pub async fn issue_rows(store: &Store) -> Result<IssueRows> {
    let mut rows = IssueRows::new();
    for (table, columns) in tables(store).await? {
        if LOGS.contains(&table.as_str()) {
            continue;
        }
        let issue = if table == "issue" { "id" } else { "issue_id" };
        if !columns.iter().any(|column| column == issue) {
            continue;
        }
        let shown: Vec<String> = columns
            .iter()
            .filter(|column| !BOOKKEEPING.contains(&column.as_str()))
            // What is put back gets a row of its own; what it leads to is there once.
            .filter(|column| (table.as_str(), column.as_str()) != ("issue_link", "id"))
            .map(|column| match store.connections() {
                Connections::Sqlite(_) => format!("quote(\"{column}\")"),
                Connections::Postgres(_) => format!("quote_nullable(\"{column}\"::text)"),
            })
            .collect();
        let sql = format!(
            "SELECT {issue}, {} FROM \"{table}\" WHERE {issue} IS NOT NULL",
            shown.join(" || ' ' || ")
        );
        let found: Vec<(i64, String)> = match store.connections() {
            Connections::Sqlite(pool) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await?,
            Connections::Postgres(pool) => {
                sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await?
            }
        };
        for (id, row) in found {
            rows.entry(id).or_default().insert(format!("{table} {row}"));
        }
    }
    Ok(rows)
}

/// Issues whose rows differ, ascending.
#[must_use]
pub fn changed(before: &IssueRows, after: &IssueRows) -> Vec<i64> {
    let all: BTreeSet<&i64> = before.keys().chain(after.keys()).collect();
    all.into_iter()
        .filter(|id| before.get(id) != after.get(id))
        .copied()
        .collect()
}

/// Ordinary tables with their columns.
async fn tables(store: &Store) -> Result<BTreeMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = match store.connections() {
        Connections::Sqlite(pool) => {
            sqlx::query_as(
                "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                 WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, c.cid",
            )
            .fetch_all(pool)
            .await?
        }
        Connections::Postgres(pool) => {
            sqlx::query_as(
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
            )
            .fetch_all(pool)
            .await?
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    Ok(tables)
}

/// The one value of a query; nothing where it answers no row.
///
/// # Errors
/// Whatever the database says against it.
pub async fn number(store: &Store, sql: &str) -> Result<Option<i64>> {
    Ok(numbers(store, sql).await?.into_iter().next())
}

/// The values of a query that answers whole numbers.
///
/// # Errors
/// Whatever the database says against it.
pub async fn numbers(store: &Store, sql: &str) -> Result<Vec<i64>> {
    let safe = AssertSqlSafe(format!("SELECT CAST(q.n AS bigint) FROM ({sql}) AS q (n)"));
    let sqlite = AssertSqlSafe(format!(
        "WITH q (n) AS ({sql}) SELECT CAST(n AS bigint) FROM q"
    ));
    Ok(match store.connections() {
        Connections::Sqlite(pool) => sqlx::query_scalar(sqlite).fetch_all(pool).await?,
        Connections::Postgres(pool) => sqlx::query_scalar(safe).fetch_all(pool).await?,
    })
}
