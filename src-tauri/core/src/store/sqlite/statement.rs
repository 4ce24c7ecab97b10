//! Statements with a list of rows or keys.

use crate::store::StoreError;
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type};
use std::borrow::Cow;

/// `head VALUES (?, …), (?, …), … tail`.
///
/// A call into SQLite costs more than a row: in statements of hundreds of rows four times as many rows are written
/// per second as one by one.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct MultiRow {
    pub head: &'static str,
    pub tail: &'static str,
}

/// The most rows of one statement. With the widest table (27 columns) far below SQLite's 32 766 parameters.
const MOST_ROWS: usize = 256;

/// The rows being bound, one value after the other.
pub(super) struct Row {
    arguments: SqliteArguments,
    refused: Option<BoxDynError>,
}

impl Row {
    /// Adds the next value.
    pub(super) fn push_bind<'t>(
        &mut self,
        value: impl Encode<'t, Sqlite> + Type<Sqlite>,
    ) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.refused.get_or_insert(error);
        }
        self
    }
}

impl MultiRow {
    /// Runs the statement for all rows.
    ///
    /// The rows are cut into powers of two, so that there are few different texts and each is prepared once. SQLite works
    /// on a thread of its own: while it runs one part, the next one is bound.
    pub(super) async fn run<T: Sync>(
        &self,
        connection: &mut SqliteConnection,
        mut rows: &[T],
        bind: impl Fn(&mut Row, &T) + Sync,
    ) -> Result<(), StoreError> {
        let mut next = self.bound(&mut rows, &bind)?;
        while let Some((sql, arguments)) = next {
            let run = sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *connection);
            let (done, following) =
                tokio::join!(biased; run, async { self.bound(&mut rows, &bind) });
            done?;
            next = following?;
        }
        Ok(())
    }

    /// The statement for the first of `rows`, which are taken away; nothing when there are none left.
    fn bound<T>(
        &self,
        rows: &mut &[T],
        bind: impl Fn(&mut Row, &T),
    ) -> Result<Option<(String, SqliteArguments)>, StoreError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let size = MOST_ROWS.min(1 << rows.len().ilog2());
        let (part, rest) = rows.split_at(size);
        *rows = rest;
        let mut row = Row {
            arguments: SqliteArguments::default(),
            refused: None,
        };
        for value in part {
            bind(&mut row, value);
        }
        match row.refused {
            Some(error) => Err(sqlx::Error::Encode(error).into()),
            None => {
                let columns = row.arguments.len() / size;
                Ok(Some((self.with_rows(size, columns), row.arguments)))
            }
        }
    }

    /// The text of the statement for `rows` of `columns` values.
    fn with_rows(&self, rows: usize, columns: usize) -> String {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let rows = vec![row.as_str(); rows].join(", ");
        format!("{} VALUES {rows} {}", self.head, self.tail)
    }
}

/// A list of integers for `json_each`, which keeps the statement's text the same for every length.
pub(super) fn integers(values: impl IntoIterator<Item = i64>) -> String {
    json_list(values.into_iter().map(|value| value.to_string()))
}

/// A list of `[integer, UUID in hex]` for `json_each`.
pub(super) fn integer_uuid_pairs(pairs: impl IntoIterator<Item = (i64, uuid::Uuid)>) -> String {
    json_list(
        pairs
            .into_iter()
            .map(|(number, id)| format!("[{number},\"{}\"]", id.as_simple())),
    )
}

fn json_list(items: impl Iterator<Item = String>) -> String {
    let mut list = String::from("[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            list.push(',');
        }
        list.push_str(&item);
    }
    list.push(']');
    list
}

/// A list of pairs of integers for `json_each`.
pub(super) fn integer_pairs(pairs: impl IntoIterator<Item = (i64, i64)>) -> String {
    json_list(
        pairs
            .into_iter()
            .map(|(first, second)| format!("[{first},{second}]")),
    )
}

/// A list of `[integer, text]` for `json_each`.
pub(super) fn integer_text_pairs<'a>(
    pairs: impl IntoIterator<Item = (i64, Cow<'a, str>)>,
) -> Result<String, StoreError> {
    let pairs: Vec<_> = pairs.into_iter().collect();
    serde_json::to_string(&pairs).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A list of texts for `json_each`.
pub(super) fn texts(values: &[&str]) -> Result<String, StoreError> {
    serde_json::to_string(values).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Every statement of this backend, for the test that prepares them.
#[cfg(test)]
pub(in crate::store) fn all() -> Vec<String> {
    let fixed = [
        super::actions::STATEMENTS,
        super::hot::GROUPED,
        super::ingest::STATEMENTS,
        super::inspect::STATEMENTS,
        super::journal::STATEMENTS,
        super::load::STATEMENTS,
        super::state::STATEMENTS,
        super::write::STATEMENTS,
        super::write_merge::STATEMENTS,
        super::write_search::STATEMENTS,
        super::write_states::STATEMENTS,
        super::people::STATEMENTS,
        super::projects::STATEMENTS,
        super::query::STATEMENTS,
        super::search_index::STATEMENTS,
        super::triage::STATEMENTS,
        super::velocity::STATEMENTS,
    ];
    let rows = [
        super::hot::MULTI_ROW,
        super::write::MULTI_ROW,
        super::write_actions::MULTI_ROW,
        super::write_beside::MULTI_ROW,
        super::write_merge::MULTI_ROW,
        super::write_search::MULTI_ROW,
        super::write_states::MULTI_ROW,
    ]
    .concat();
    let fixed = fixed.concat().into_iter().chain(served());
    fixed
        .map(str::to_owned)
        .chain(
            rows.iter()
                .map(|(statement, columns)| statement.sample(*columns)),
        )
        .collect()
}

/// Those of them that must not read a whole table, for the test that looks at their plans.
#[cfg(test)]
pub(in crate::store) fn served() -> Vec<&'static str> {
    let served = [
        super::hot::STATEMENTS,
        super::actions::SERVED,
        super::dead_letters::SERVED,
        super::load_beside::SERVED,
        super::purge::SERVED,
        super::purge::SERVED_SATELLITES,
        super::write_actions::SERVED,
        super::write_beside::SERVED,
        super::write_merge::SERVED,
        super::projects::SERVED,
        super::query::SERVED,
        super::search_index::SERVED,
        super::triage::SERVED,
        super::velocity::SERVED,
        super::write_search::SERVED,
    ];
    served.concat()
}

#[cfg(test)]
impl MultiRow {
    /// The statement for two rows of `columns` values.
    pub(in crate::store) fn sample(&self, columns: usize) -> String {
        self.with_rows(2, columns)
    }
}
