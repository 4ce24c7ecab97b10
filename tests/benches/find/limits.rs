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
    let sql = format!("SELECT title FROM issue_content WHERE issue_id IN ({list})");
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

/// All issues with the columns of a list, in the order of an index.
pub async fn rows(store: &Store) -> Result<usize> {
    const ROWS: &str = "SELECT i.id, c.title, c.culprit, i.times_seen FROM issue AS i \
        JOIN issue_content AS c ON c.issue_id = i.id ORDER BY i.last_seen DESC, i.id DESC";
    type Row = (i64, String, String, i64);
    Ok(match store.connections() {
        Connections::Sqlite(pool) => sqlx::query_as::<_, Row>(ROWS).fetch_all(pool).await?.len(),
        Connections::Postgres(pool) => sqlx::query_as::<_, Row>(ROWS).fetch_all(pool).await?.len(),
    })
}

/// Writes the status of known issues again, a thousand a transaction.
pub async fn restate(store: &Store, issues: &[IssueId]) -> Result<usize> {
    let mut written = 0;
    for part in issues.chunks(1_000) {
        let list: Vec<String> = part.iter().map(|id| id.0.to_string()).collect();
        let sql = format!(
            "UPDATE issue SET status = status, substatus = substatus WHERE id IN ({})",
            list.join(", ")
        );
        written += match store.connections() {
            Connections::Sqlite(pool) => sqlx::query(AssertSqlSafe(sql))
                .execute(pool)
                .await?
                .rows_affected(),
            Connections::Postgres(pool) => sqlx::query(AssertSqlSafe(sql))
                .execute(pool)
                .await?
                .rows_affected(),
        };
    }
    Ok(usize::try_from(written)?)
}
