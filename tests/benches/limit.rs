//! What the machine can write: the same payloads as blobs into one table with one unique index over random keys, in
//! transactions of the same size, with the same durability, from memory.

use super::{batch_records, fresh};
use anyhow::Result;
use picket_tests::kafka::Outgoing;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{QueryBuilder, raw_sql};
use std::path::Path;
use std::str::FromStr;
use std::time::Instant;
use uuid::Uuid;

/// Blobs per second into SQLite.
pub async fn sqlite(path: &Path, records: &[Outgoing]) -> Result<f64> {
    let options = SqliteConnectOptions::from_str(&fresh(path))?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "16000");
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    raw_sql("CREATE TABLE blob (id BLOB PRIMARY KEY, payload BLOB NOT NULL) STRICT")
        .execute(&pool)
        .await?;
    let ids = ids(records.len());
    let batch = batch_records();
    let begin = Instant::now();
    for (records, ids) in records.chunks(batch).zip(ids.chunks(batch)) {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut insert = QueryBuilder::new("INSERT INTO blob (id, payload) ");
        insert.push_values(records.iter().zip(ids), |mut row, (record, id)| {
            row.push_bind(*id).push_bind(record.payload.as_slice());
        });
        insert.build().execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    let rate = records.len() as f64 / begin.elapsed().as_secs_f64();
    pool.close().await;
    Ok(rate)
}

/// Blobs per second into PostgreSQL, on one connection.
pub async fn postgres(url: &str, records: &[Outgoing]) -> Result<f64> {
    let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
    raw_sql("CREATE TABLE blob (id uuid PRIMARY KEY, payload bytea NOT NULL)")
        .execute(&pool)
        .await?;
    let ids = ids(records.len());
    let batch = batch_records();
    let begin = Instant::now();
    for (records, ids) in records.chunks(batch).zip(ids.chunks(batch)) {
        let payloads: Vec<&[u8]> = records
            .iter()
            .map(|record| record.payload.as_slice())
            .collect();
        let mut transaction = pool.begin().await?;
        sqlx::query("INSERT INTO blob (id, payload) SELECT * FROM unnest($1::uuid[], $2::bytea[])")
            .bind(ids)
            .bind(payloads)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    let rate = records.len() as f64 / begin.elapsed().as_secs_f64();
    pool.close().await;
    Ok(rate)
}

/// Keys as scattered as those of occurrences, made before the clock runs.
fn ids(count: usize) -> Vec<Uuid> {
    (0..count).map(|_| Uuid::new_v4()).collect()
}
