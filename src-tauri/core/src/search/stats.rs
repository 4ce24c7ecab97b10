//! The bars of an issue: events counted in buckets of time (search spec, section 8.5).

use super::window::Period;
use crate::paging::BadRequest;
use chrono::{DateTime, TimeDelta, Utc};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const MICROS: i64 = 1_000_000;

/// Which bars are asked for: `groupStatsPeriod`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatsPeriod {
    /// None.
    None,
    /// The last 24 hours.
    #[default]
    Day,
    /// The last 14 days.
    Fortnight,
    /// The period of the request.
    Auto,
}

impl StatsPeriod {
    /// Reads the parameter; without it the bars are those of a day.
    ///
    /// # Errors
    /// When there are no such bars.
    pub fn parse(text: Option<&str>) -> Result<Self, BadRequest> {
        Ok(match text {
            None => Self::default(),
            Some("") => Self::None,
            Some("24h") => Self::Day,
            Some("14d") => Self::Fortnight,
            Some("auto") => Self::Auto,
            Some(other) => {
                let message =
                    format!("“{other}” is unknown. Use 24h, 14d or auto, or leave it empty.");
                return Err(BadRequest::new("groupStatsPeriod", message));
            }
        })
    }

    /// Its name, which is also the name of the bars in an answer.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Day => "24h",
            Self::Fortnight => "14d",
            Self::Auto => "auto",
        }
    }

    /// The buckets, for a request about `period`.
    #[must_use]
    pub fn buckets(self, period: Period, now: DateTime<Utc>) -> Option<Buckets> {
        let back = |hours| now - TimeDelta::hours(hours);
        match self {
            Self::None => None,
            Self::Day => Some(Buckets::back_from(now, back(23), HOUR)),
            Self::Fortnight => Some(Buckets::back_from(now, back(13 * 24), DAY)),
            Self::Auto => {
                let Period { start, end } = period;
                Some(Buckets::back_from(end, start, auto_width(end - start)))
            }
        }
    }
}

/// The width of a bucket that divides a length of time into about 29 of them, in seconds.
fn auto_width(length: TimeDelta) -> i64 {
    let hours = |hours| TimeDelta::hours(hours);
    match length {
        short if short < hours(24) => (short.num_seconds() / 29).max(1),
        short if short < hours(29) => HOUR,
        short if short < hours(58) => 2 * HOUR,
        short if short < hours(87) => 3 * HOUR,
        short if short < hours(174) => 6 * HOUR,
        short if short < hours(420) => 12 * HOUR,
        short if short < hours(696) => DAY,
        long => DAY * round_to_even(micros(long), 29 * DAY * MICROS),
    }
}

/// `number / by` as the nearest whole number, and halfway between two as the even one.
fn round_to_even(number: i64, by: i64) -> i64 {
    let (whole, rest) = (number.div_euclid(by), number.rem_euclid(by));
    let up = match (2 * rest).cmp(&by) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => whole % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    whole + i64::from(up)
}

fn micros(length: TimeDelta) -> i64 {
    length.num_microseconds().unwrap_or(i64::MAX)
}

/// Buckets of equal width, one beside the other, that begin at multiples of their width since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    first: i64,
    width: i64,
    count: i64,
}

impl Buckets {
    /// Backwards from `end` in steps of `width` seconds for as long as `start` is not passed, each step floored.
    fn back_from(end: DateTime<Utc>, start: DateTime<Utc>, width: i64) -> Self {
        let steps = micros(end - start).max(0) / (width * MICROS);
        let last = end.timestamp().div_euclid(width) * width;
        Self {
            first: last - steps * width,
            width,
            count: steps + 1,
        }
    }

    /// When they begin, in seconds since the epoch, ascending.
    pub fn starts(&self) -> impl Iterator<Item = i64> + use<> {
        let Self {
            first,
            width,
            count,
        } = *self;
        (0..count).map(move |number| first + number * width)
    }

    /// Seconds of one bucket.
    #[must_use]
    pub fn width(&self) -> i64 {
        self.width
    }

    /// From the first second of the first bucket up to, not including, the one after the last bucket.
    #[must_use]
    pub fn seconds(&self) -> std::ops::Range<i64> {
        self.first..self.first + self.width * self.count
    }

    /// The bucket of an instant in seconds since the epoch.
    #[must_use]
    pub fn index_of(&self, second: i64) -> Option<usize> {
        if !self.seconds().contains(&second) {
            return None;
        }
        usize::try_from((second - self.first) / self.width).ok()
    }

    /// What is counted, each bucket with its begin. `counts` are pairs of an instant in seconds since the epoch and a
    /// number of events; those outside are left out, and a bucket without any has 0.
    pub fn fill(&self, counts: impl IntoIterator<Item = (i64, u64)>) -> Vec<(i64, u64)> {
        let mut filled: Vec<(i64, u64)> = self.starts().map(|start| (start, 0)).collect();
        for (second, count) in counts {
            if let Some(bucket) = self
                .index_of(second)
                .and_then(|index| filled.get_mut(index))
            {
                bucket.1 = bucket.1.saturating_add(count);
            }
        }
        filled
    }
}
