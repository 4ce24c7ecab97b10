//! What a batch reads beside the state it starts from: its source, where its partitions stand, the next short ids.

use crate::store::error::of_short_ids;
use crate::store::short_ids::Numbering;
use crate::store::{OffsetAdvance, StoreError, StoredOffset};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// $1: name.
const SOURCE: &str = "SELECT id FROM source WHERE name = $1";
/// $1: name.
const ADD_SOURCE: &str = "INSERT INTO source (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
/// $1: source.
const OFFSETS: &str = r#"SELECT topic, partition, next_offset FROM consumer_offset WHERE source_id = $1 ORDER BY topic COLLATE "C", partition"#;
/// $1: source, $2: topics, $3: partitions.
const LOCK_OFFSETS: &str = "
    SELECT topic, partition, next_offset FROM consumer_offset
    WHERE source_id = $1
        AND (topic, partition) IN (SELECT w.topic, w.partition FROM unnest($2::text[], $3::integer[]) AS w (topic, partition))
    ORDER BY topic, partition FOR UPDATE";
/// How long a batch waits for a counter (occurrences spec, section 12.2), and the end of that.
const LIMIT_WAITING: &str = "SET LOCAL lock_timeout = '1000ms'";
const STOP_LIMITING: &str = "SET LOCAL lock_timeout TO DEFAULT";
/// $1: projects. Locks the counters, those that are missing as well.
const CLAIM_COUNTERS: &str = "
    INSERT INTO short_id_counter (project_id, last_number)
    SELECT DISTINCT w.id, 0 FROM unnest($1::bigint[]) AS w (id) ORDER BY 1
    ON CONFLICT (project_id) DO UPDATE SET last_number = 0 WHERE FALSE";
/// $1: projects. The highest number is found at the end of the unique (project_id, short_id).
const COUNTERS: &str = "
    SELECT c.project_id, c.last_number,
        coalesce((SELECT max(i.short_id) FROM issue AS i WHERE i.project_id = c.project_id), 0)
    FROM short_id_counter AS c WHERE c.project_id = ANY($1)";
/// $1: project, $2: counter, $3: the last number that can be tried.
const TAKEN: &str =
    "SELECT short_id FROM issue WHERE project_id = $1 AND short_id > $2 AND short_id <= $3";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    SOURCE,
    ADD_SOURCE,
    OFFSETS,
    LOCK_OFFSETS,
    LIMIT_WAITING,
    STOP_LIMITING,
    CLAIM_COUNTERS,
    COUNTERS,
    TAKEN,
];

/// Number of the source with this name, if it has one.
pub(super) async fn known_source(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(SOURCE)
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

/// Number of the source with this name, which it now has.
pub(super) async fn source(connection: &mut PgConnection, name: &str) -> Result<i64, StoreError> {
    if let Some(id) = known_source(connection, name).await? {
        return Ok(id);
    }
    sqlx::query(ADD_SOURCE)
        .bind(name)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_scalar(SOURCE)
        .bind(name)
        .fetch_one(connection)
        .await?)
}

pub(super) async fn offsets(
    connection: &mut PgConnection,
    source_id: i64,
) -> Result<Vec<StoredOffset>, StoreError> {
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(OFFSETS)
        .bind(source_id)
        .fetch_all(connection)
        .await?;
    Ok(stored_offsets(rows))
}

/// The stored offsets of a batch's partitions, which nobody else can move before the commit.
pub(super) async fn lock_offsets(
    connection: &mut PgConnection,
    source_id: i64,
    advances: &[OffsetAdvance],
) -> Result<Vec<StoredOffset>, StoreError> {
    if advances.is_empty() {
        return Ok(Vec::new());
    }
    let topics: Vec<&str> = advances.iter().map(|advance| &*advance.topic).collect();
    let partitions: Vec<i32> = advances.iter().map(|advance| advance.partition).collect();
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(LOCK_OFFSETS)
        .bind(source_id)
        .bind(topics)
        .bind(partitions)
        .fetch_all(connection)
        .await?;
    Ok(stored_offsets(rows))
}

fn stored_offsets(rows: Vec<(String, i32, i64)>) -> Vec<StoredOffset> {
    rows.into_iter()
        .map(|(topic, partition, next_offset)| StoredOffset {
            topic,
            partition,
            next_offset,
        })
        .collect()
}

/// The numbering of each project that opens issues, locked until the commit.
///
/// # Errors
/// [`StoreError::ShortIdTimeout`] where another writer holds one of them for longer than a second.
pub(super) async fn numberings(
    connection: &mut PgConnection,
    wanted: &BTreeMap<i64, usize>,
) -> Result<BTreeMap<i64, Numbering>, StoreError> {
    let mut numberings = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(numberings);
    }
    let projects: Vec<i64> = wanted.keys().copied().collect();
    sqlx::query(LIMIT_WAITING).execute(&mut *connection).await?;
    sqlx::query(CLAIM_COUNTERS)
        .bind(&projects)
        .execute(&mut *connection)
        .await
        .map_err(of_short_ids)?;
    sqlx::query(STOP_LIMITING).execute(&mut *connection).await?;
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
