//! Dead letters from rows: the part of both backends that is not SQL.

use super::assemble::{count, dead_letter_row, unpacked};
use super::records::DeadLetterRecord as ListRecord;
use super::{DeadLetterFilter, DeadLetterRecord, StoreError};
use crate::view::{DeadLetterList, ReasonCount};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sqlx::FromRow;
use std::collections::BTreeMap;

/// How many dead letters are in a state for a reason.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct DeadLetterCount {
    pub state: String,
    pub reason: String,
    pub count: i64,
}

/// Those of the counts that a filter keeps. Each stands for a part of the index of states and reasons, in which the
/// newest letters are found without reading the others.
pub(super) fn kept(
    counts: &[DeadLetterCount],
    filter: DeadLetterFilter,
) -> impl Iterator<Item = &DeadLetterCount> {
    counts.iter().filter(move |count| {
        is_in_state(count, filter)
            && filter
                .reason
                .is_none_or(|wanted| wanted.as_str() == count.reason)
    })
}

fn is_in_state(count: &DeadLetterCount, filter: DeadLetterFilter) -> bool {
    filter
        .state
        .is_none_or(|wanted| wanted.as_str() == count.state)
}

/// The newest of the ids that were found part by part.
pub(super) fn newest(mut ids: Vec<i64>, limit: u32) -> Vec<i64> {
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    ids
}

/// The list: `rows` newest first, and what the counts sum up to.
pub(super) fn list(
    counts: &[DeadLetterCount],
    filter: DeadLetterFilter,
    rows: Vec<ListRecord>,
) -> DeadLetterList {
    let mut by_reason: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counts.iter().filter(|count| is_in_state(count, filter)) {
        *by_reason.entry(&count.reason).or_default() += count.count;
    }
    DeadLetterList {
        rows: rows.into_iter().map(dead_letter_row).collect(),
        total: count(kept(counts, filter).map(|kept| kept.count).sum()),
        by_reason: by_reason
            .into_iter()
            .map(|(reason, letters)| ReasonCount {
                reason: reason.to_owned(),
                count: count(letters),
            })
            .collect(),
    }
}

/// The columns of [`StoredRecord`], from the tables called `d` (dead letter) and `s` (source).
macro_rules! stored_record_columns {
    () => {
        "d.id, s.name AS source, d.topic, d.partition, d.record_offset, d.record_key, d.headers, d.payload"
    };
}
pub(super) use stored_record_columns;

/// A dead letter as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct StoredRecord {
    pub id: i64,
    pub source: String,
    pub topic: String,
    pub partition: i32,
    pub record_offset: i64,
    pub record_key: Option<Vec<u8>>,
    pub headers: String,
    pub payload: Vec<u8>,
}

impl StoredRecord {
    /// The record as it was read from its source.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where its payload does not unpack or its headers cannot be read.
    pub(super) fn into_record(self) -> Result<DeadLetterRecord, StoreError> {
        let corrupt = |problem: &dyn std::fmt::Display| {
            StoreError::Corrupt(format!("the headers of dead letter {}: {problem}", self.id))
        };
        let headers: Vec<(String, String)> =
            serde_json::from_str(&self.headers).map_err(|error| corrupt(&error))?;
        let headers = headers
            .into_iter()
            .map(|(name, value)| {
                let value = BASE64.decode(value).map_err(|error| corrupt(&error))?;
                Ok((name, value))
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(DeadLetterRecord {
            payload: unpacked(&self.payload, "dead letter")?,
            id: self.id,
            source: self.source,
            topic: self.topic,
            partition: self.partition,
            offset: self.record_offset,
            key: self.record_key,
            headers,
        })
    }
}
