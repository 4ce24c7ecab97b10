//! Records that could not be processed.

use super::statement::integers;
use super::{SqliteStore, write};
use crate::store::dead_letters::{self, DeadLetterCount, StoredRecord, stored_record_columns};
use crate::store::records::{DeadLetterBodyRecord, dead_letter_columns};
use crate::store::{DeadLetterFilter, DeadLetterRecord, DeadLetterState, StoreError, assemble};
use crate::view::{DeadLetterDetail, DeadLetterList};

/// `dead_letter_by_state`, which holds all of it.
const COUNTS: &str =
    "SELECT state, reason, count(*) AS count FROM dead_letter GROUP BY state, reason";
/// `dead_letter_by_state`, which holds all of it. ?1: state.
const COUNTS_OF_STATE: &str = "
    SELECT state, reason, count(*) AS count FROM dead_letter WHERE state = ?1 GROUP BY state, reason";
/// `dead_letter_by_state`, from the end of a part of it. ?1: state, ?2: reason, ?3: limit.
const NEWEST_IDS: &str =
    "SELECT id FROM dead_letter WHERE state = ?1 AND reason = ?2 ORDER BY id DESC LIMIT ?3";
/// `dead_letter` by its key. ?1: `[id, …]`.
const ROWS: &str = concat!(
    "SELECT ",
    dead_letter_columns!(),
    " FROM dead_letter AS d CROSS JOIN source AS s ON s.id = d.source_id \
      WHERE d.id IN (SELECT value FROM json_each(?1)) ORDER BY d.id DESC"
);
/// `dead_letter` by its key. ?1: dead letter.
const DEAD_LETTER: &str = concat!(
    "SELECT ",
    dead_letter_columns!(),
    ", d.payload, d.record_key FROM dead_letter AS d JOIN source AS s ON s.id = d.source_id WHERE d.id = ?1"
);
/// `dead_letter` by its key. ?1: `[id, …]`.
const NEW_RECORDS: &str = concat!(
    "SELECT ",
    stored_record_columns!(),
    " FROM dead_letter AS d CROSS JOIN source AS s ON s.id = d.source_id \
      WHERE d.id IN (SELECT value FROM json_each(?1)) AND +d.state = 'new' ORDER BY d.id"
);
/// `dead_letter` by its key. ?1: `[id, …]`, ?2: state, ?3: new state.
const MOVE: &str = "
    UPDATE dead_letter SET state = ?3 WHERE id IN (SELECT value FROM json_each(?1)) AND +state = ?2";

/// Those that must not read a whole table.
#[cfg(test)]
pub(super) const SERVED: &[&str] = &[
    COUNTS,
    COUNTS_OF_STATE,
    NEWEST_IDS,
    ROWS,
    DEAD_LETTER,
    NEW_RECORDS,
    MOVE,
];

impl SqliteStore {
    pub(in crate::store) async fn dead_letters(
        &self,
        filter: DeadLetterFilter,
    ) -> Result<DeadLetterList, StoreError> {
        let mut tx = self.begin_read().await?;
        let counts = match filter.state {
            Some(state) => sqlx::query_as(COUNTS_OF_STATE).bind(state.as_str()),
            None => sqlx::query_as(COUNTS),
        };
        let counts: Vec<DeadLetterCount> = counts.fetch_all(&mut *tx).await?;
        let mut ids = Vec::new();
        for part in dead_letters::kept(&counts, filter) {
            let newest: Vec<i64> = sqlx::query_scalar(NEWEST_IDS)
                .bind(&part.state)
                .bind(&part.reason)
                .bind(filter.limit)
                .fetch_all(&mut *tx)
                .await?;
            ids.extend(newest);
        }
        let rows = sqlx::query_as(ROWS)
            .bind(integers(dead_letters::newest(ids, filter.limit)))
            .fetch_all(&mut *tx)
            .await?;
        Ok(dead_letters::list(&counts, filter, rows))
    }

    pub(in crate::store) async fn dead_letter(
        &self,
        id: i64,
    ) -> Result<Option<DeadLetterDetail>, StoreError> {
        let row: Option<DeadLetterBodyRecord> = sqlx::query_as(DEAD_LETTER)
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.map(assemble::dead_letter_detail).transpose()
    }

    pub(in crate::store) async fn dead_letter_records(
        &self,
        ids: &[i64],
    ) -> Result<Vec<DeadLetterRecord>, StoreError> {
        let rows: Vec<StoredRecord> = sqlx::query_as(NEW_RECORDS)
            .bind(integers(ids.iter().copied()))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(StoredRecord::into_record).collect()
    }

    pub(in crate::store) async fn move_dead_letters(
        &self,
        ids: &[i64],
        from: DeadLetterState,
        to: DeadLetterState,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        let moved = sqlx::query(MOVE)
            .bind(integers(ids.iter().copied()))
            .bind(from.as_str())
            .bind(to.as_str())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        if moved > 0 {
            write::next_revision(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(moved)
    }
}
