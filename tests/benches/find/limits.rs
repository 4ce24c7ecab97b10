//! What the database needs at least: the same ids by a plain statement.

use anyhow::Result;
use picket_core::model::IssueId;
use picket_core::store::{Connections, Store};
use sqlx::AssertSqlSafe;

/// Runs a statement that answers ids.
pub async fn ids(store: &Store, sql: String) -> Result<Vec<i64>> {
    Ok(match store.connections() {
        Connections::Sqlite(pool) => {
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(pool)
                .await?
        }
        Connections::Postgres(pool) => {
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(pool)
                .await?
        }
    })
}

/// Runs a statement that answers texts.
pub async fn texts(store: &Store, sql: String) -> Result<Vec<String>> {
    Ok(match store.connections() {
        Connections::Sqlite(pool) => {
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(pool)
                .await?
        }
        Connections::Postgres(pool) => {
            sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(pool)
                .await?
        }
    })
}

/// Reads known issues by their key.
pub async fn by_key(store: &Store, issues: &[IssueId]) -> Result<usize> {
    let list: Vec<String> = issues.iter().map(|id| id.0.to_string()).collect();
    let list = if list.is_empty() {
        "0".to_owned()
    } else {
        list.join(", ")
    };
    let sql = format!("SELECT title FROM issue WHERE id IN ({list})");
    Ok(texts(store, sql).await?.len())
}

/// All ids in the order of an index.
pub async fn all(store: &Store) -> Result<usize> {
    let sql = "SELECT id FROM issue ORDER BY last_seen DESC, id DESC";
    Ok(ids(store, sql.to_owned()).await?.len())
}

/// How many issues there are, by an index.
pub async fn count(store: &Store) -> Result<usize> {
    let sql = "SELECT count(last_seen) FROM issue";
    let counted = ids(store, sql.to_owned()).await?;
    Ok(usize::try_from(counted.first().copied().unwrap_or(0))?)
}
