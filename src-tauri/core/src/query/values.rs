//! What numbers, durations, sizes and dates mean (search spec, sections 3.1 and 3.2).

use super::filter::{Ago, Instant};
use super::problem::ProblemCode;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Utc};

/// Milliseconds of the longest duration: 999 999 999 days.
const LONGEST_MS: f64 = 999_999_999.0 * 86_400_000.0;

/// A decimal times a power of ten, rounded once: `1.15` and 3 are 1150 and not a hair less.
fn scaled(digits: &str, power: i32) -> f64 {
    format!("{digits}e{power}").parse().unwrap_or(f64::INFINITY)
}

/// A number with its suffix; nothing where it is too large to be told from others.
pub(super) fn number(digits: &str, suffix: &str) -> Option<f64> {
    let power = match suffix.to_ascii_lowercase().as_str() {
        "k" => 3,
        "m" => 6,
        "b" => 9,
        _ => 0,
    };
    finite(scaled(digits, power))
}

/// A share in percent.
pub(super) fn percent(digits: &str) -> Option<f64> {
    finite(scaled(digits, -2))
}

/// A duration in milliseconds.
pub(super) fn duration(digits: &str, unit: &str) -> Result<f64, ProblemCode> {
    let milliseconds = match unit {
        "ms" => scaled(digits, 0),
        "s" => scaled(digits, 3),
        "min" | "m" => 6.0 * scaled(digits, 4),
        "hr" | "h" => 36.0 * scaled(digits, 5),
        "day" | "d" => 864.0 * scaled(digits, 5),
        _ => 6_048.0 * scaled(digits, 5),
    };
    if milliseconds > LONGEST_MS {
        return Err(ProblemCode::DurationTooLarge);
    }
    Ok(milliseconds)
}

/// A size in bytes.
pub(super) fn size(digits: &str, unit: &str) -> Option<f64> {
    const STEPS: [&str; 8] = ["k", "m", "g", "t", "p", "e", "z", "y"];
    let unit = unit.to_ascii_lowercase();
    let step = |prefix: &str| {
        let step = STEPS.iter().position(|&step| step == prefix)?;
        i32::try_from(step + 1).ok()
    };
    finite(match unit.as_str() {
        "bit" => scaled(digits, 0) / 8.0,
        "nb" => scaled(digits, 0) / 2.0,
        "bytes" => scaled(digits, 0),
        unit => match unit.strip_suffix("ib").and_then(step) {
            Some(step) => scaled(digits, 0) * 1024_f64.powi(step),
            None => scaled(digits, 3 * unit.strip_suffix('b').and_then(step)?),
        },
    })
}

fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

/// A date as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Iso {
    pub at: DateTime<Utc>,
    pub has_time: bool,
}

/// Reads what [`super::scan::Scan::iso_date`] found; nothing where there is no such day or time.
pub(super) fn iso_date(text: &str) -> Option<Iso> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let year = text.get(..4)?.parse().ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    let has_time = text.get(10..11) == Some("T");
    let mut rest = text.get(10..)?;
    let mut local = day.and_hms_opt(0, 0, 0)?;
    if has_time {
        rest = text.get(19..)?;
        let mut microseconds = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits = fraction.find(['Z', '+', '-']).unwrap_or(fraction.len());
            microseconds = format!("{:0<6}", fraction.get(..digits)?).parse().ok()?;
            rest = fraction.get(digits..)?;
        }
        local = day.and_hms_micro_opt(
            number(11, 13)?,
            number(14, 16)?,
            number(17, 19)?,
            microseconds,
        )?;
    }
    let offset = offset_seconds(rest)?;
    let at = local
        .checked_sub_offset(FixedOffset::east_opt(offset)?)?
        .and_utc();
    in_calendar(at).map(|at| Iso { at, has_time })
}

/// `Z`, `+hh:mm` or nothing.
fn offset_seconds(zone: &str) -> Option<i32> {
    let Some(hours_and_minutes) = zone.get(1..).filter(|rest| !rest.is_empty()) else {
        return Some(0);
    };
    let (hours, minutes) = hours_and_minutes.split_once(':')?;
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
    if minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    Some(if zone.starts_with('-') {
        -seconds
    } else {
        seconds
    })
}

/// Years that are written with four digits.
fn in_calendar(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1..=9999).contains(&at.year()).then_some(at)
}

/// The range that a date without an operator means: its day, or from five minutes before to six minutes after.
pub(super) fn around(date: Iso) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (from, until) = if date.has_time {
        (
            date.at.checked_sub_signed(TimeDelta::minutes(5))?,
            date.at.checked_add_signed(TimeDelta::minutes(6))?,
        )
    } else {
        (date.at, date.at.checked_add_days(Days::new(1))?)
    };
    Some((in_calendar(from)?, in_calendar(until)?))
}

/// Reads what [`super::scan::Scan::relative_date`] found; nothing where it lies before all calendars.
pub(super) fn relative(text: &str, now: DateTime<Utc>) -> Option<Instant> {
    let unit = text.chars().last()?;
    let count: i64 = text.get(1..text.len() - 1)?.parse().ok()?;
    let distance = match unit {
        'm' => TimeDelta::try_minutes(count),
        'h' => TimeDelta::try_hours(count),
        'd' => TimeDelta::try_days(count),
        _ => TimeDelta::try_weeks(count),
    }?;
    Some(Instant {
        at: in_calendar(now.checked_sub_signed(distance)?)?,
        ago: Some(Ago { count, unit }),
    })
}
