//! Instants on the wire: Unix seconds or ISO 8601 text (occurrences spec, section 3.2).

use super::tree::Value;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::Number;

/// The instant a JSON value stands for; nothing where it stands for none or lies outside the years 1 to 9999.
///
/// Instants are whole microseconds: that is what every store can keep.
pub(super) fn read(value: &Value<'_>) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(number) => from_number(number),
        Value::String(text) => from_text(text),
        _ => None,
    }
}

/// Unix seconds with a fraction, the form instants take in stored JSON.
#[allow(
    clippy::cast_precision_loss,
    reason = "exact to the microsecond up to the year 2255"
)]
pub(super) fn to_seconds(instant: DateTime<Utc>) -> f64 {
    instant.timestamp_micros() as f64 / 1e6
}

fn from_number(seconds: &Number) -> Option<DateTime<Utc>> {
    if let Some(whole) = seconds.as_i64() {
        return DateTime::from_timestamp(whole, 0).and_then(in_range);
    }
    let seconds = seconds.as_f64()?;
    let whole = seconds.floor();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a float beyond the range saturates and is then out of range"
    )]
    let (whole, micros) = (whole as i64, ((seconds - whole) * 1e6).round() as i64);
    let instant =
        DateTime::from_timestamp(whole, 0)?.checked_add_signed(TimeDelta::microseconds(micros))?;
    in_range(instant)
}

/// Reads `2024-08-12T11:59:00.25+02:00` and its relatives: `T`, `t` or a blank before the time, seconds and fraction
/// optional, offset `Z`, `±hh`, `±hhmm` or `±hh:mm`, UTC without one; a date alone is its midnight. The basic form
/// without separators (`20240812T115900Z`) is read as well.
fn from_text(text: &str) -> Option<DateTime<Utc>> {
    let mut scan = Scan(text.trim().as_bytes());
    let year = scan.digits(4)?;
    let extended = scan.skip(b"-");
    let month = scan.digits(2)?;
    if extended && !scan.skip(b"-") {
        return None;
    }
    let day = scan.digits(2)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    if scan.0.is_empty() {
        return in_range(date.and_hms_opt(0, 0, 0)?.and_utc());
    }

    if !scan.skip(b"Tt ") {
        return None;
    }
    let hour = scan.digits(2)?;
    let colons = scan.skip(b":");
    let minute = scan.digits(2)?;
    let has_seconds = if colons {
        scan.skip(b":")
    } else {
        scan.0.first().is_some_and(u8::is_ascii_digit)
    };
    let second = if has_seconds { scan.digits(2)? } else { 0 };
    let micros = if has_seconds && scan.skip(b".,") {
        scan.fraction()?
    } else {
        0
    };
    // A leap second is the first instant of the next minute.
    let leap = i64::from(second == 60);
    let time =
        date.and_hms_micro_opt(hour, minute, if second == 60 { 59 } else { second }, micros)?;

    scan.0 = scan.0.trim_ascii_start();
    let offset = scan.offset()?;
    let instant = time
        .checked_add_signed(TimeDelta::seconds(leap) - offset)?
        .and_utc();
    if scan.0.is_empty() {
        in_range(instant)
    } else {
        None
    }
}

fn in_range(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1..=9999).contains(&instant.year()).then_some(instant)
}

/// The rest of a text that is being read.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + u32::from(digit - b'0');
        }
        self.0 = rest;
        Some(number)
    }

    /// Skips one byte if it is one of `any`.
    fn skip(&mut self, any: &[u8]) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if any.contains(first) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// One or more digits after the decimal sign, as microseconds; further digits are cut off.
    fn fraction(&mut self) -> Option<u32> {
        let length = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 {
            return None;
        }
        let mut micros = 0;
        for place in 0..6 {
            micros = micros * 10
                + if place < length {
                    u32::from(self.0[place] - b'0')
                } else {
                    0
                };
        }
        self.0 = &self.0[length..];
        Some(micros)
    }

    /// The offset from UTC; zero where the text ends before one.
    fn offset(&mut self) -> Option<TimeDelta> {
        if self.0.is_empty() || self.skip(b"Zz") {
            return Some(TimeDelta::zero());
        }
        let negative = self.0.first() == Some(&b'-');
        if !self.skip(b"+-") {
            return None;
        }
        let hours = self.digits(2)?;
        let minutes = if self.skip(b":") || !self.0.is_empty() {
            self.digits(2)?
        } else {
            0
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        let offset = TimeDelta::minutes(i64::from(hours * 60 + minutes));
        Some(if negative { -offset } else { offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tree::tree;

    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads better with tree!(…) at the call"
    )]
    fn rfc3339(value: Value<'_>) -> Option<String> {
        read(&value).map(|instant| instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }

    #[test]
    fn numbers_are_unix_seconds() {
        assert_eq!(
            rfc3339(tree!(1_723_464_000)).unwrap(),
            "2024-08-12T12:00:00Z"
        );
        assert_eq!(
            rfc3339(tree!(1_717_713_781.1)).unwrap(),
            "2024-06-06T22:43:01.100Z"
        );
        assert_eq!(rfc3339(tree!(-1.5)).unwrap(), "1969-12-31T23:59:58.500Z");
        assert_eq!(rfc3339(tree!(-1)).unwrap(), "1969-12-31T23:59:59Z");
        assert_eq!(rfc3339(tree!(0.999_999_9)).unwrap(), "1970-01-01T00:00:01Z");
    }

    #[test]
    fn text_is_iso_8601() {
        for (text, instant) in [
            ("2024-08-12T11:59:00Z", "2024-08-12T11:59:00Z"),
            ("2024-08-12 11:59:00", "2024-08-12T11:59:00Z"),
            ("2024-08-12t11:59:00z", "2024-08-12T11:59:00Z"),
            ("2024-08-12T11:59", "2024-08-12T11:59:00Z"),
            ("2024-08-12", "2024-08-12T00:00:00Z"),
            ("2024-08-12T10:00:00+02:00", "2024-08-12T08:00:00Z"),
            ("2024-08-12T10:00:00-0330", "2024-08-12T13:30:00Z"),
            ("2024-08-12 10:00:00 +02", "2024-08-12T08:00:00Z"),
            (
                "2024-06-06T22:43:01.100000+00:00",
                "2024-06-06T22:43:01.100Z",
            ),
            (
                "2024-06-06T22:43:01.1234567890Z",
                "2024-06-06T22:43:01.123456Z",
            ),
            ("2024-06-06T22:43:01,5Z", "2024-06-06T22:43:01.500Z"),
            ("20240812T115900Z", "2024-08-12T11:59:00Z"),
            ("  2024-08-12T11:59:00Z\n", "2024-08-12T11:59:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(tree!(text)).as_deref(), Some(instant), "{text}");
        }
    }

    #[test]
    fn everything_else_is_no_instant() {
        for text in [
            "",
            "now",
            "1723464000",
            "2024",
            "2024-08",
            "2024-8-12",
            "2024-08-32",
            "2024-02-30T00:00:00Z",
            "2024-0812",
            "2024-08-12T",
            "2024-08-12T1",
            "2024-08-12T24:00:00Z",
            "2024-08-12T11:60:00Z",
            "2024-08-12T11:59:61Z",
            "2024-08-12T11:59:00.Z",
            "2024-08-12T11:59:00+",
            "2024-08-12T11:59:00+2",
            "2024-08-12T11:59:00+24:00",
            "2024-08-12T11:59:00+02:60",
            "2024-08-12T11:59:00Zoo",
            "2024-08-12X11:59:00",
            "0000-12-31T00:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "２０２４-08-12",
            "-2024-08-12",
        ] {
            assert_eq!(rfc3339(tree!(text)), None, "{text}");
        }
        for value in [
            tree!(null),
            tree!(true),
            tree!([]),
            tree!({}),
            tree!(1e18),
            tree!(-1e18),
            tree!(u64::MAX),
        ] {
            assert_eq!(rfc3339(value.clone()), None, "{value}");
        }
        assert_eq!(rfc3339(tree!(253_402_300_800_i64)), None, "the year 10000");
        assert_eq!(rfc3339(tree!(-62_135_596_801_i64)), None, "the year 0");
    }

    #[test]
    fn seconds_survive_the_way_there_and_back() {
        for text in [
            "2024-08-12T11:59:00.123456Z",
            "1969-12-31T23:59:58.5Z",
            "2200-01-01T00:00:00.000001Z",
        ] {
            let instant = read(&tree!(text)).unwrap();
            assert_eq!(read(&tree!(to_seconds(instant))), Some(instant), "{text}");
        }
    }
}
