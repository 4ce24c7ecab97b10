//! Column types that differ between the backends.

use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type};
use std::borrow::Cow;

/// A time as a column: microseconds since the Unix epoch in SQLite, `timestamptz` in PostgreSQL.
///
/// Both count whole microseconds. Cutting here, and always downwards, makes the two stores hold the same instant:
/// left alone, PostgreSQL would round times before the year 2000 up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(pub DateTime<Utc>);

impl Stamp {
    pub(super) fn of(time: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time))
    }
}

impl Type<Sqlite> for Stamp {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for Stamp {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.timestamp_micros(), buffer)
    }
}

impl Decode<'_, Sqlite> for Stamp {
    fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
        let micros = <i64 as Decode<'_, Sqlite>>::decode(value)?;
        let time = DateTime::from_timestamp_micros(micros)
            .ok_or_else(|| format!("{micros} µs is not a time"))?;
        Ok(Self(time))
    }
}

/// As [`Decode`] in SQLite: in a JSON text it is a number as well.
impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let micros = i64::deserialize(deserializer)?;
        let time = DateTime::from_timestamp_micros(micros);
        time.map(Self)
            .ok_or_else(|| D::Error::custom(format_args!("{micros} µs is not a time")))
    }
}

impl Type<Postgres> for Stamp {
    fn type_info() -> PgTypeInfo {
        <DateTime<Utc> as Type<Postgres>>::type_info()
    }
}

impl PgHasArrayType for Stamp {
    fn array_type_info() -> PgTypeInfo {
        <DateTime<Utc> as PgHasArrayType>::array_type_info()
    }
}

impl Encode<'_, Postgres> for Stamp {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0, buffer)
    }
}

impl Decode<'_, Postgres> for Stamp {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        <DateTime<Utc> as Decode<'_, Postgres>>::decode(value).map(Self)
    }
}

/// Text as both backends can hold it: PostgreSQL refuses U+0000 in text, and SQLite's text functions stop at it.
/// Compressed payloads keep the original.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whole hours since the Unix epoch. Times that are further away than an `i32` of hours count into the last one.
pub(super) fn hour_of(time: DateTime<Utc>) -> i32 {
    let hours = time.timestamp().div_euclid(3600);
    i32::try_from(hours).unwrap_or(if hours < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn times_are_cut_downwards_on_both_sides_of_the_epoch() {
        let before = DateTime::from_timestamp(-1, 999_999_999).unwrap();
        assert_eq!(
            Stamp::of(before).0,
            DateTime::from_timestamp_micros(-1).unwrap()
        );
        let after = DateTime::from_timestamp(1, 1_999).unwrap();
        assert_eq!(
            Stamp::of(after).0,
            DateTime::from_timestamp_micros(1_000_001).unwrap()
        );
    }

    #[test]
    fn hours_before_the_epoch_are_negative() {
        assert_eq!(hour_of(Utc.timestamp_opt(-1, 0).unwrap()), -1);
        assert_eq!(hour_of(Utc.timestamp_opt(7_199, 0).unwrap()), 1);
        assert_eq!(hour_of(DateTime::<Utc>::MAX_UTC), i32::MAX);
    }

    #[test]
    fn nul_is_replaced_and_other_text_is_not_copied() {
        assert_eq!(storable("a\0b"), "a\u{fffd}b");
        assert!(matches!(storable("plain"), Cow::Borrowed(_)));
    }
}
