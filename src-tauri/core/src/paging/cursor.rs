//! Places in a list, as text.

use super::BadRequest;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::{fmt, str::FromStr};

/// A place in a list: `value:offset:is_prev`. What value and offset mean is the paginator's business.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// Where the page begins, in the column the list is ordered by.
    pub value: CursorValue,
    /// Rows to pass over there.
    pub offset: i64,
    /// Whether the page lies before that place and not behind it.
    pub is_prev: bool,
}

/// The first part of a cursor.
#[derive(Debug, Clone, Copy)]
pub enum CursorValue {
    /// A whole number, as all cursors of Picket have.
    Integer(i64),
    /// A number that was written with a point, never an infinite one.
    Decimal(f64),
}

impl Cursor {
    /// The first page.
    pub const FIRST: Self = Self::new(0, 0, false);

    /// A cursor with a whole number.
    #[must_use]
    pub const fn new(value: i64, offset: i64, is_prev: bool) -> Self {
        Self {
            value: CursorValue::Integer(value),
            offset,
            is_prev,
        }
    }

    /// The cursor of a request; an empty text is none.
    ///
    /// # Errors
    /// When the text is no cursor.
    pub fn parse(text: &str) -> Result<Option<Self>, BadRequest> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some)
    }
}

impl FromStr for Cursor {
    type Err = BadRequest;

    fn from_str(text: &str) -> Result<Self, BadRequest> {
        let refuse = |problem: &str| {
            let shown: String = text.chars().take(60).collect();
            let message = format!(
                "“{shown}” is not a place in a list: {problem}. Take a cursor as an answer gives it, or none for the first page."
            );
            BadRequest::new("cursor", message)
        };
        let mut parts = text.split(':');
        let (Some(value), Some(offset), Some(is_prev), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse("it needs exactly three parts"));
        };
        let value = CursorValue::parse(value)
            .ok_or_else(|| refuse("its first part is no number within range"))?;
        let offset = integer(offset)
            .ok_or_else(|| refuse("its second part is no whole number within range"))?;
        let is_prev = integer(is_prev)
            .ok_or_else(|| refuse("its third part is no whole number within range"))?;
        if offset < 0 {
            return Err(refuse("its second part is negative"));
        }
        Ok(Self {
            value,
            offset,
            is_prev: is_prev != 0,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, offset) = (self.value, self.offset);
        write!(f, "{value}:{offset}:{}", u8::from(self.is_prev))
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl CursorValue {
    fn parse(text: &str) -> Option<Self> {
        let Some((whole, fraction)) = text.split_once('.') else {
            return integer(text).map(Self::Integer);
        };
        let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let number: f64 = text.parse().ok()?;
        number.is_finite().then_some(Self::Decimal(number))
    }

    /// Whether this is 0, which stands for the end of the list where reading begins.
    #[must_use]
    pub fn is_zero(self) -> bool {
        match self {
            Self::Integer(number) => number == 0,
            Self::Decimal(number) => number == 0.0,
        }
    }

    /// The number, where it is whole.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Decimal(_) => None,
        }
    }

    /// How an integer compares to this number, exactly.
    #[must_use]
    pub fn order_of(self, integer: i64) -> Ordering {
        let number = match self {
            Self::Integer(number) => return integer.cmp(&number),
            Self::Decimal(number) => number,
        };
        // Two to the power of 63: the first float above all integers, and, negative, the lowest integer itself.
        const BEYOND: f64 = 9_223_372_036_854_775_808.0;
        if number >= BEYOND {
            return Ordering::Less;
        }
        if number < -BEYOND {
            return Ordering::Greater;
        }
        let floor = to_integer(number.floor());
        match integer.cmp(&floor) {
            Ordering::Equal if number > number.floor() => Ordering::Less,
            order => order,
        }
    }
}

impl PartialEq for CursorValue {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Decimal(one), Self::Decimal(other)) => one == other,
            (Self::Integer(integer), value) | (value, Self::Integer(integer)) => {
                value.order_of(integer).is_eq()
            }
        }
    }
}

impl fmt::Display for CursorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(number) => number.fmt(f),
            // The point is what says that this is a decimal number.
            Self::Decimal(number) if number.fract() == 0.0 => write!(f, "{number:.1}"),
            Self::Decimal(number) => number.fmt(f),
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The integer nearest to a whole float; beyond the range, the end of the range.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the callers round first, and saturating is what they want"
)]
pub(super) fn to_integer(whole: f64) -> i64 {
    whole as i64
}
