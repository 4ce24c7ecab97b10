//! How instants are written.

use super::{Cell, Columns, ExportRow};
use crate::paging::BadRequest;
use chrono::{DateTime, FixedOffset, Utc};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How an export writes instants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Times {
    /// ISO 8601 in UTC, to the microsecond.
    #[default]
    Utc,
    /// ISO 8601 in the time of a place, with the offset that it has at that instant.
    Local(TimeZone),
    /// Milliseconds since the beginning of 1970.
    UnixMillis,
}

impl Times {
    /// Local time in the zone of this IANA name.
    ///
    /// # Errors
    /// Where there is no such zone.
    pub fn in_zone(name: &str) -> Result<Self, BadRequest> {
        TimeZone::get(name).map(Self::Local).map_err(|_| {
            let message = format!("“{name}” is no time zone that is known here. Choose UTC.");
            BadRequest::new("times", message)
        })
    }

    /// Local time as this machine has it.
    ///
    /// # Errors
    /// Where the machine does not say which zone it is in.
    pub fn of_machine() -> Result<Self, BadRequest> {
        TimeZone::try_system().map(Self::Local).map_err(|_| {
            let message = "This machine does not say which time zone it is in. Set TZ, as in TZ=Europe/Berlin, or \
                           choose UTC.";
            BadRequest::new("times", message)
        })
    }

    /// A row with its instants written so; nothing where it is as it has to be.
    pub(super) fn row(&self, columns: &Columns, row: &ExportRow) -> Option<ExportRow> {
        if *self == Self::Utc {
            return None;
        }
        let cells = columns.names().map(|name| (name, row.get(name)));
        Some(cells.fold(ExportRow::new(), |timed, (name, cell)| {
            let cell = match cell {
                Cell::Time(instant) => self.cell(*instant),
                other => other.clone(),
            };
            timed.with(name.to_owned(), cell)
        }))
    }

    fn cell(&self, instant: DateTime<Utc>) -> Cell {
        match self {
            Self::Utc => Cell::Time(instant),
            Self::Local(zone) => Cell::LocalTime(instant.with_timezone(&offset(zone, instant))),
            Self::UnixMillis => Cell::Integer(instant.timestamp_millis()),
        }
    }
}

/// The offset of a zone at an instant, to the minute: that is what ISO 8601 can say. Zones had seconds once, before
/// they were agreed upon; the written time goes with the written offset, so that together they are the instant.
fn offset(zone: &TimeZone, instant: DateTime<Utc>) -> FixedOffset {
    let (first, last) = (Timestamp::MIN, Timestamp::MAX);
    let second = instant
        .timestamp()
        .clamp(first.as_second(), last.as_second());
    let instant = Timestamp::from_second(second).unwrap_or(last);
    let seconds = zone.to_offset(instant).seconds();
    let whole_minutes = seconds - seconds % 60;
    FixedOffset::east_opt(whole_minutes).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}
