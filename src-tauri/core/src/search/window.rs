//! The time a request is about: its period (search spec, section 8.1) and the window in which events count (5.2).

use crate::paging::BadRequest;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

/// How far back a request looks that names no period, and how far back any request can look.
const LONGEST: TimeDelta = TimeDelta::days(90);
/// How far back the inbox looks.
const INBOX: TimeDelta = TimeDelta::days(7);
/// How far ahead of this machine's clock an event may be dated.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// Later than any event.
const LAST: DateTime<Utc> = DateTime::from_timestamp(32_503_680_000, 0).unwrap();

/// The parameters that name a period, as a request has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeriodParameters<'a> {
    /// `statsPeriod`: a length of time up to now.
    pub stats_period: Option<&'a str>,
    /// `statsPeriodStart`: how long before now the period begins.
    pub stats_period_start: Option<&'a str>,
    /// `statsPeriodEnd`: how long before now it ends.
    pub stats_period_end: Option<&'a str>,
    /// `start`: an instant.
    pub start: Option<&'a str>,
    /// `end`: an instant.
    pub end: Option<&'a str>,
}

/// The time between two instants, the second of which is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
}

impl PeriodParameters<'_> {
    /// The period they name. A length up to now wins over two distances from now, and those over two instants; without
    /// any of them it is the last 90 days.
    ///
    /// # Errors
    /// When the text of a parameter that counts cannot be read, the other end is missing, or nothing lies between
    /// start and end.
    pub fn resolve(&self, now: DateTime<Utc>) -> Result<Period, BadRequest> {
        let start_name;
        let (start, end) = if let Some(length) = self.stats_period {
            start_name = "statsPeriod";
            (before(now, start_name, length)?, now)
        } else if self.stats_period_start.is_some() || self.stats_period_end.is_some() {
            start_name = "statsPeriodStart";
            let end_name = "statsPeriodEnd";
            let start = present(start_name, self.stats_period_start, end_name)?;
            let end = present(end_name, self.stats_period_end, start_name)?;
            (before(now, start_name, start)?, before(now, end_name, end)?)
        } else if self.start.is_some() || self.end.is_some() {
            start_name = "start";
            let start = present(start_name, self.start, "end")?;
            let end = present("end", self.end, start_name)?;
            (instant(start_name, start)?, instant("end", end)?)
        } else {
            start_name = "start";
            (now - LONGEST, now)
        };
        if start >= end {
            let message =
                format!("{start} is not before the end, {end}. Let the period begin earlier.");
            return Err(BadRequest::new(start_name, message));
        }
        Ok(Period { start, end })
    }
}

fn present<'a>(
    name: &'static str,
    text: Option<&'a str>,
    other: &str,
) -> Result<&'a str, BadRequest> {
    text.ok_or_else(|| {
        let message = format!("it is missing. Give it beside {other}, or leave both out.");
        BadRequest::new(name, message)
    })
}

/// The instant that lies as long before `now` as `text` says.
fn before(now: DateTime<Utc>, name: &'static str, text: &str) -> Result<DateTime<Utc>, BadRequest> {
    let length = length(text).ok_or_else(|| {
        let message = format!(
            "“{text}” is no length of time. Write digits and one of s, m, h, d and w, like 24h or 14d."
        );
        BadRequest::new(name, message)
    })?;
    let instant = TimeDelta::try_seconds(length).and_then(|length| now.checked_sub_signed(length));
    instant.and_then(in_range).ok_or_else(|| {
        let message = format!("“{text}” reaches too far back. Name a shorter time.");
        BadRequest::new(name, message)
    })
}

/// Seconds of a text like `14d`; those that no machine can count are as many as it can.
fn length(text: &str) -> Option<i64> {
    let (digits, unit) = match text.as_bytes().last()? {
        b's' => (&text[..text.len() - 1], 1),
        b'm' => (&text[..text.len() - 1], 60),
        b'h' => (&text[..text.len() - 1], 3600),
        b'd' => (&text[..text.len() - 1], 86_400),
        b'w' => (&text[..text.len() - 1], 604_800),
        _ => (text, 1),
    };
    if !is_digits(digits) {
        return None;
    }
    Some(digits.parse().unwrap_or(i64::MAX).saturating_mul(unit))
}

fn instant(name: &'static str, text: &str) -> Result<DateTime<Utc>, BadRequest> {
    iso(text)
        .or_else(|| unix_seconds(text))
        .and_then(in_range)
        .ok_or_else(|| {
            let message = format!(
                "“{text}” is no instant. Write it like 2024-06-01T12:00:00Z, or as seconds since 1970."
            );
            BadRequest::new(name, message)
        })
}

/// `2024-06-01`, `2024-06-01T12:00:00`, with a fraction of up to six digits and an offset if need be (3.2).
fn iso(text: &str) -> Option<DateTime<Utc>> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    if !has_shape(date, "0000-00-00") {
        return None;
    }
    let Some(time) = time else {
        let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc());
    };
    let (clock, rest) = time.split_at_checked(8)?;
    let zone = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone);
    let has_fraction = fraction
        .strip_prefix('.')
        .map_or(fraction.is_empty(), |digits| {
            is_digits(digits) && digits.len() <= 6
        });
    if !has_shape(clock, "00:00:00") || !has_fraction {
        return None;
    }
    let local = format!("{date}T{clock}{fraction}");
    let local = NaiveDateTime::parse_from_str(&local, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    // A leap second is not an instant of the time scale that events are dated in.
    if local.nanosecond() >= 1_000_000_000 {
        return None;
    }
    local.and_utc().checked_sub_signed(offset(zone)?)
}

fn offset(text: &str) -> Option<TimeDelta> {
    if matches!(text, "" | "Z") {
        return Some(TimeDelta::zero());
    }
    let (sign, clock) = text.split_at_checked(1)?;
    if !has_shape(clock, "00:00") {
        return None;
    }
    let (hours, minutes) = (
        clock[..2].parse::<i64>().ok()?,
        clock[3..].parse::<i64>().ok()?,
    );
    if hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = TimeDelta::minutes(hours * 60 + minutes);
    match sign {
        "+" => Some(ahead),
        "-" => Some(-ahead),
        _ => None,
    }
}

/// Seconds since the epoch, with a fraction if need be; digits beyond microseconds are cut off.
fn unix_seconds(text: &str) -> Option<DateTime<Utc>> {
    let (sign, number) = match text.strip_prefix('-') {
        Some(number) => (-1, number),
        None => (1, text),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let (whole, micros) = (whole.parse::<i64>().ok()?, micros.parse::<i64>().ok()?);
    let micros = whole.checked_mul(1_000_000)?.checked_add(micros)?;
    DateTime::from_timestamp_micros(sign * micros)
}

/// Whether the text is made like `shape`, in which `0` stands for any digit.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, like): (u8, u8)| match like {
        b'0' => byte.is_ascii_digit(),
        _ => byte == like,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Within the years that every store can keep.
fn in_range(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1..=9999).contains(&instant.year()).then_some(instant)
}

/// What narrows the window of a search: the period of the request, and the filters on `date` and `timestamp` that are
/// top-level terms of the query. Whether a bound itself is included makes no difference here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    lower: Option<DateTime<Utc>>,
    upper: Option<DateTime<Utc>>,
}

impl Bounds {
    /// Nothing earlier than `instant`. Of several the latest holds.
    #[must_use]
    pub fn since(self, instant: DateTime<Utc>) -> Self {
        let lower = self.lower.max(Some(instant));
        Self { lower, ..self }
    }

    /// Nothing later than `instant`. Of several the earliest holds.
    #[must_use]
    pub fn until(self, instant: DateTime<Utc>) -> Self {
        let upper = self.upper.map_or(instant, |upper| upper.min(instant));
        Self {
            upper: Some(upper),
            ..self
        }
    }

    /// Both of these.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let lower = other.lower.map_or(self, |lower| self.since(lower));
        other.upper.map_or(lower, |upper| lower.until(upper))
    }
}

impl From<Period> for Bounds {
    fn from(period: Period) -> Self {
        Self::default().since(period.start).until(period.end)
    }
}

/// The time in which events, or inbox rows, count. It is never empty: a search without a window finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// The first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it for events; the last instant for inbox rows.
    pub end: DateTime<Utc>,
}

impl TimeWindow {
    /// Any time that a store can hold.
    pub const ALWAYS: Self = Self {
        start: DateTime::<Utc>::UNIX_EPOCH,
        end: LAST,
    };

    /// No time at all.
    pub const NEVER: Self = Self {
        start: LAST,
        end: LAST,
    };

    /// Any time within bounds; nothing where none is left.
    #[must_use]
    pub fn unlimited(bounds: Bounds) -> Option<Self> {
        let start = bounds.lower.unwrap_or(Self::ALWAYS.start);
        let end = bounds.upper.unwrap_or(Self::ALWAYS.end);
        (start < end).then_some(Self { start, end })
    }

    /// The window for events. `retention`: since when events are kept, where that is configured.
    #[must_use]
    pub fn of_events(
        bounds: Bounds,
        now: DateTime<Utc>,
        retention: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let longest = now - LONGEST;
        let keep = retention.map_or(longest, |since| since.max(longest));
        Self::within(bounds, now, keep)
    }

    /// The window for inbox rows (section 9, steps 1 to 3).
    #[must_use]
    pub fn of_inbox(bounds: Bounds, now: DateTime<Utc>) -> Option<Self> {
        Self::within(bounds, now, now - INBOX)
    }

    fn within(bounds: Bounds, now: DateTime<Utc>, keep: DateTime<Utc>) -> Option<Self> {
        let start = bounds.lower.map_or(keep, |lower| lower.max(keep));
        let end = bounds.upper.unwrap_or(now + SKEW).max(keep);
        (start < end).then_some(Self { start, end })
    }

    /// Whether an event of this instant counts.
    #[must_use]
    pub fn has_event(&self, at: DateTime<Utc>) -> bool {
        (self.start..self.end).contains(&at)
    }

    /// Whether an inbox row of this instant counts.
    #[must_use]
    pub fn has_inbox_row(&self, at: DateTime<Utc>) -> bool {
        (self.start..=self.end).contains(&at)
    }
}
