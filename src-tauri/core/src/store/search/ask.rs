//! Running what was put together, on either store.

use super::sql::{Bind, Dialect, Sql, json_list};
use crate::store::StoreError;
use crate::store::column::Stamp;
use crate::store::rows::rows_of;
use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Database, FromRow, Postgres, Sqlite, Transaction};
use std::future::Future;

/// A row that both stores can answer with.
pub(in crate::store) trait AnyRow:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> AnyRow for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// A reading transaction of either store.
pub(in crate::store) trait Ask: Send {
    /// The language it understands.
    fn dialect(&self) -> Dialect;

    /// Hands over the rows a statement answers one after the other, for answers that should not be held as a whole.
    fn each<T: AnyRow>(
        &mut self,
        sql: Sql,
        take: impl FnMut(T) + Send,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The rows a statement answers.
    fn ask<T: AnyRow>(
        &mut self,
        sql: Sql,
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send {
        async move {
            let mut rows = Vec::new();
            self.each(sql, |row| rows.push(row)).await?;
            Ok(rows)
        }
    }

    /// A statement in the making.
    fn statement(&self) -> Sql {
        Sql::new(self.dialect())
    }

    /// The ids that a statement answers as a JSON list: handing over thousands of rows takes longer than finding them.
    fn ids(&mut self, sql: Sql) -> impl Future<Output = Result<Vec<i64>, StoreError>> + Send {
        async move {
            let rows: Vec<(String,)> = self.ask(sql).await?;
            let list = rows.first().map_or("[]", |(list,)| list);
            rows_of(list, "a list of ids")
        }
    }

    /// The rows a statement answers, all at once: for thousands of them. `columns` are those of the statement, and in that
    /// order the members of the row. SQLite hands over one text, for [`rows_of`].
    fn ask_packed<T: AnyRow + DeserializeOwned>(
        &mut self,
        sql: Sql,
        columns: &[&'static str],
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send {
        async move {
            if sql.dialect == Dialect::Postgres {
                return self.ask(sql).await;
            }
            let packed: Vec<(String,)> = self.ask(sql.packed(columns)).await?;
            let rows = packed.first().map_or("[]", |(rows,)| rows);
            rows_of(rows, "rows of a table")
        }
    }

    /// Rows of an `id` with the time `at`, which may be none, for a million of them. SQLite hands over a text for each
    /// column, which takes half of what a text for each row does.
    fn timed_ids(
        &mut self,
        sql: Sql,
    ) -> impl Future<Output = Result<Vec<(i64, Option<Stamp>)>, StoreError>> + Send {
        async move {
            if sql.dialect == Dialect::Postgres {
                return self.ask(sql).await;
            }
            let columns = sql.around(
                "SELECT json_group_array(id), json_group_array(at) FROM (",
                ")",
            );
            let packed: Vec<(String, String)> = self.ask(columns).await?;
            let (ids, times) = packed
                .first()
                .map_or(("[]", "[]"), |(ids, times)| (ids, times));
            let ids: Vec<i64> = rows_of(ids, "a list of ids")?;
            let times: Vec<Option<Stamp>> = rows_of(times, "a list of times")?;
            Ok(ids.into_iter().zip(times).collect())
        }
    }

    /// The number a statement answers.
    fn count(&mut self, sql: Sql) -> impl Future<Output = Result<u64, StoreError>> + Send {
        async move {
            let rows: Vec<(i64,)> = self.ask(sql).await?;
            let count = rows.first().map_or(0, |(count,)| *count);
            Ok(u64::try_from(count).unwrap_or(0))
        }
    }
}

/// A reading transaction. A type of its own, because what is implemented for a transaction has to hold for every
/// lifetime.
#[derive(Debug)]
pub(in crate::store) struct Reader<DB: Database>(pub Transaction<'static, DB>);

macro_rules! ask {
    ($database:ty, $dialect:expr, $list:path) => {
        impl Ask for Reader<$database> {
            fn dialect(&self) -> Dialect {
                $dialect
            }

            async fn each<T: AnyRow>(
                &mut self,
                sql: Sql,
                mut take: impl FnMut(T) + Send,
            ) -> Result<(), StoreError> {
                // Only fixed pieces and marks of bound values can get into a `Sql`.
                let mut query = sqlx::query_as(AssertSqlSafe(sql.text));
                for value in sql.binds {
                    query = match value {
                        Bind::Integer(value) => query.bind(value),
                        Bind::Number(value) => query.bind(value),
                        Bind::Text(value) => query.bind(value),
                        Bind::Time(value) => query.bind(value),
                        Bind::Uuid(value) => query.bind(value),
                        Bind::Integers(list) => query.bind($list(list)),
                        Bind::Texts(list) => query.bind($list(list)),
                        Bind::Uuids(list) => query.bind($list(list)),
                    };
                }
                let mut rows = query.fetch(&mut *self.0);
                while let Some(row) = rows.try_next().await? {
                    take(row);
                }
                Ok(())
            }
        }
    };
}

ask!(Sqlite, Dialect::Sqlite, json_list);
ask!(Postgres, Dialect::Postgres, std::convert::identity);
