//! What a batch reads beside the state it starts from: its source, where its partitions stand, the next short ids.

use super::statement::integers;
use crate::store::short_ids::Numbering;
use crate::store::{StoreError, StoredOffset};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

const SOURCE: &str = "SELECT id FROM source WHERE name = ?1";
const ADD_SOURCE: &str = "INSERT INTO source (name) VALUES (?1) RETURNING id";
const OFFSETS: &str = "SELECT topic, partition, next_offset FROM consumer_offset WHERE source_id = ?1 ORDER BY topic, partition";
/// ?1: `[project, …]`. The highest number is found at the end of the unique (project_id, short_id).
const COUNTERS: &str = "
    SELECT wanted.value, coalesce(c.last_number, 0),
        coalesce((SELECT max(i.short_id) FROM issue AS i WHERE i.project_id = wanted.value), 0)
    FROM json_each(?1) AS wanted LEFT JOIN short_id_counter AS c ON c.project_id = wanted.value";
/// ?1: project, ?2: counter, ?3: the last number that can be tried.
const TAKEN: &str =
    "SELECT short_id FROM issue WHERE project_id = ?1 AND short_id > ?2 AND short_id <= ?3";

/// Number of the source with this name, if it has one.
pub(super) async fn known_source(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(SOURCE)
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

/// Number of the source with this name, which it now has.
pub(super) async fn source(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<i64, StoreError> {
    match known_source(connection, name).await? {
        Some(id) => Ok(id),
        None => Ok(sqlx::query_scalar(ADD_SOURCE)
            .bind(name)
            .fetch_one(connection)
            .await?),
    }
}

pub(super) async fn offsets(
    connection: &mut SqliteConnection,
    source_id: i64,
) -> Result<Vec<StoredOffset>, StoreError> {
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(OFFSETS)
        .bind(source_id)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(topic, partition, next_offset)| StoredOffset {
            topic,
            partition,
            next_offset,
        })
        .collect())
}

/// The numbering of each project that opens issues. The write lock keeps it from changing.
pub(super) async fn numberings(
    connection: &mut SqliteConnection,
    wanted: &BTreeMap<i64, usize>,
) -> Result<BTreeMap<i64, Numbering>, StoreError> {
    let mut numberings = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(numberings);
    }
    let projects = integers(wanted.keys().copied());
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(COUNTERS)
        .bind(projects)
        .fetch_all(&mut *connection)
        .await?;
    for (project, counter, highest) in rows {
        let mut numbering = Numbering {
            counter,
            highest,
            ..Numbering::default()
        };
        if highest > counter {
            let count = wanted.get(&project).copied().unwrap_or_default();
            let last = counter.saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
            let taken: Vec<i64> = sqlx::query_scalar(TAKEN)
                .bind(project)
                .bind(counter)
                .bind(last)
                .fetch_all(&mut *connection)
                .await?;
            numbering.taken = taken.into_iter().collect();
        }
        numberings.insert(project, numbering);
    }
    Ok(numberings)
}

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SOURCE, ADD_SOURCE, OFFSETS, COUNTERS, TAKEN];
