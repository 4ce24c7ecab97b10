//! How many rows a page may have.

use super::BadRequest;

/// Most rows of a page.
pub const PAGE_CAP: i64 = 100;
/// Most rows of a list that is worked on as a whole.
pub const BULK_CAP: i64 = 1000;

/// A number of rows, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(i64);

impl Limit {
    /// As many rows as a page can have.
    pub const PAGE: Self = Self(PAGE_CAP);
    /// As many rows as are worked on at once.
    pub const BULK: Self = Self(BULK_CAP);

    /// `asked` rows, or `cap` where that is fewer.
    ///
    /// # Errors
    /// When less than one row is asked for.
    pub fn new(asked: i64, cap: i64) -> Result<Self, BadRequest> {
        if asked < 1 {
            let message = format!("{asked} rows make no page. Ask for 1 to {cap}.");
            return Err(BadRequest::new("limit", message));
        }
        Ok(Self(asked.min(cap.max(1))))
    }

    /// As [`Self::new`], from the text of a request.
    ///
    /// # Errors
    /// When `text` is no integer, or one below 1.
    pub fn parse(text: &str, cap: i64) -> Result<Self, BadRequest> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("“{text}” is not a whole number. Ask for 1 to {cap} rows.");
            return Err(BadRequest::new("limit", message));
        }
        // An integer too long for the machine is still an integer, and capped or refused like any other.
        let beyond = if text.starts_with('-') { -1 } else { i64::MAX };
        Self::new(text.parse().unwrap_or(beyond), cap)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// The number, to compare the length of a list with.
    pub(super) fn rows(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}
