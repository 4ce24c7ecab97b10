//! A row of an export: values by name, whatever the format.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Null,
    /// Text, taken as hostile: it comes from the programs that are watched.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number; one that is not finite is nothing.
    Number(f64),
    /// An instant.
    Time(DateTime<Utc>),
    /// An instant as the clocks of a place have it.
    LocalTime(DateTime<FixedOffset>),
    /// Yes or no.
    Flag(bool),
    /// Something with members or elements. Formats that know only texts have it as compact JSON.
    Nested(serde_json::Value),
}

impl Cell {
    /// The value in formats that know only texts; nothing is an empty text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => "".into(),
            Self::Text(text) => text.into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Number(number) if number.is_finite() => number.to_string().into(),
            Self::Number(_) => "".into(),
            Self::Time(instant) => time(*instant).into(),
            Self::LocalTime(instant) => local_time(*instant).into(),
            Self::Flag(true) => "true".into(),
            Self::Flag(false) => "false".into(),
            Self::Nested(value) => value.to_string().into(),
        }
    }

    /// Whether the text of the value is somebody else's, and not a form that this program gave it.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Nested(_))
    }
}

fn time(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn local_time(instant: DateTime<FixedOffset>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, false)
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Number(number) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Number(_) => serializer.serialize_unit(),
            Self::Time(instant) => serializer.serialize_str(&time(*instant)),
            Self::LocalTime(instant) => serializer.serialize_str(&local_time(*instant)),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Nested(value) => value.serialize(serializer),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Time(instant)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<serde_json::Value> for Cell {
    fn from(value: serde_json::Value) -> Self {
        Self::Nested(value)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExportRow {
    cells: Vec<(Cow<'static, str>, Cell)>,
}

impl ExportRow {
    /// A row in which everything is nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The row with a value in a column. Set twice, the last value holds.
    #[must_use]
    pub fn with(mut self, column: impl Into<Cow<'static, str>>, value: impl Into<Cell>) -> Self {
        self.cells.push((column.into(), value.into()));
        self
    }

    /// The row with the value of a tag.
    #[must_use]
    pub fn with_tag(self, tag: &str, value: impl Into<Cell>) -> Self {
        self.with(super::columns::tag(tag), value)
    }

    /// The value in a column; nothing where it was not set.
    #[must_use]
    pub fn get(&self, column: &str) -> &Cell {
        let mut newest_first = self.cells.iter().rev();
        let found = newest_first.find(|(name, _)| name == column);
        found.map_or(&Cell::Null, |(_, value)| value)
    }
}
