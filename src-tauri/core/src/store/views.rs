//! Saved views, on either store: their statements are the same text in both dialects.

use super::backend::{Backend, Store};
use super::column::storable;
use super::{StoreError, search};
use crate::view::{IssueColumn, IssueOrder, SavedView};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;

const VIEWS: &str = "
    SELECT id, name, query, sort, position, pinned, grouping, columns, density, follow, icon
    FROM saved_view ORDER BY position, id";
/// `saved_view` by its key.
const PUT: &str = "
    INSERT INTO saved_view (id, name, query, sort, position, pinned, grouping, columns, density, follow, icon)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query, sort = excluded.sort,
        position = excluded.position, pinned = excluded.pinned, grouping = excluded.grouping,
        columns = excluded.columns, density = excluded.density, follow = excluded.follow, icon = excluded.icon";
const NEXT_ID: &str = "SELECT coalesce(max(id), 0) + 1 FROM saved_view";
const DELETE: &str = "DELETE FROM saved_view WHERE id = $1";
const MOVE: &str = "UPDATE saved_view SET position = $2 WHERE id = $1";

/// A row of `saved_view`.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    query: String,
    sort: String,
    position: i32,
    pinned: bool,
    grouping: Option<String>,
    columns: Option<String>,
    density: Option<String>,
    follow: bool,
    icon: Option<String>,
}

/// Keeps searches under names.
pub trait ViewStore: Send + Sync {
    /// All views, in their order.
    fn saved_views(&self) -> impl Future<Output = Result<Vec<SavedView>, StoreError>> + Send;

    /// Saves a view under an id, or under a new one. The id in `view` is not looked at. Answers it as it is stored.
    fn save_view(
        &self,
        id: Option<i64>,
        view: &SavedView,
    ) -> impl Future<Output = Result<SavedView, StoreError>> + Send;

    /// Removes a view; one that is not there is no error.
    fn delete_view(&self, id: i64) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Puts views into this order.
    fn order_views(&self, ids: &[i64]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Runs something in a writing transaction of whichever store it is, and commits it.
macro_rules! writing {
    ($store:expr, $tx:ident => $answer:expr) => {
        match $store.backend() {
            Backend::Sqlite(store) => {
                let mut $tx = store.begin_write().await?;
                let answer = $answer;
                $tx.commit().await?;
                answer
            }
            Backend::Postgres(store) => {
                let mut $tx = store.begin_write().await?;
                let answer = $answer;
                $tx.commit().await?;
                answer
            }
        }
    };
}

impl ViewStore for Store {
    async fn saved_views(&self) -> Result<Vec<SavedView>, StoreError> {
        let rows: Vec<Row> = search::fixed(self, VIEWS).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    async fn save_view(&self, id: Option<i64>, view: &SavedView) -> Result<SavedView, StoreError> {
        let name = storable(view.name.trim()).into_owned();
        let query = storable(&view.query).into_owned();
        let columns = view.columns.as_deref().map(joined);
        let position = i32::try_from(view.position).unwrap_or(i32::MAX);
        let id = writing!(self, tx => {
            let id = match id {
                Some(id) => id,
                None => sqlx::query_scalar::<_, i64>(NEXT_ID).fetch_one(&mut *tx).await?,
            };
            sqlx::query(PUT)
                .bind(id)
                .bind(&name)
                .bind(&query)
                .bind(view.sort.to_string())
                .bind(position)
                .bind(view.pinned)
                .bind(view.grouping.as_ref().and_then(word))
                .bind(columns.as_deref())
                .bind(view.density.as_ref().and_then(word))
                .bind(view.follow)
                .bind(view.icon.as_ref().and_then(word))
                .execute(&mut *tx)
                .await?;
            id
        });
        Ok(SavedView {
            id: id.to_string(),
            name,
            query,
            ..view.clone()
        })
    }

    async fn delete_view(&self, id: i64) -> Result<(), StoreError> {
        writing!(self, tx => sqlx::query(DELETE).bind(id).execute(&mut *tx).await.map(drop)?);
        Ok(())
    }

    async fn order_views(&self, ids: &[i64]) -> Result<(), StoreError> {
        writing!(self, tx => {
            for (&id, position) in ids.iter().zip(0_i32..) {
                sqlx::query(MOVE).bind(id).bind(position).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}

fn view(row: Row) -> SavedView {
    SavedView {
        id: row.id.to_string(),
        name: row.name,
        query: row.query,
        // What a newer program wrote is shown by last sighting, without groups, and looks like other lists.
        sort: row.sort.parse().unwrap_or(IssueOrder::default()),
        grouping: row.grouping.as_deref().and_then(meant),
        columns: row.columns.map(|words| split(&words)),
        density: row.density.as_deref().and_then(meant),
        follow: row.follow,
        icon: row.icon.as_deref().and_then(meant),
        position: u32::try_from(row.position).unwrap_or(0),
        pinned: row.pinned,
    }
}

/// Words of columns with commas between them.
fn joined(columns: &[IssueColumn]) -> String {
    let words: Vec<String> = columns.iter().filter_map(word).collect();
    words.join(",")
}

/// The columns of such words, each once; those that a newer program has are left out.
fn split(words: &str) -> Vec<IssueColumn> {
    let mut columns = Vec::new();
    for column in words.split(',').filter_map(meant) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// The word that stands for a value, which is the one it has on its way to the window: a table of its own would have to
/// be thought of with every new value.
fn word<T: Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Some(word),
        _ => None,
    }
}

/// The value that a word stands for; nothing where this program has none.
fn meant<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}
