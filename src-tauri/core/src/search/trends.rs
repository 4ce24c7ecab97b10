//! The score of the sort `trends`: issues that are young, frequent and growing come first (search spec, section 8.3).

use crate::model::Level;
use chrono::TimeDelta;

/// No factor of a score is below this.
const LEAST: f64 = 0.01;
/// After so many hours an issue is half as new.
const ISSUE_HALF_LIFE: f64 = 12.0;
/// An issue gets no older than so many half-lives.
const OLDEST_HALF_LIVES: f64 = 16.0;
/// After so many hours an event counts half.
const EVENT_HALF_LIFE: f64 = 4.0;
/// Growth is at most weighted with this.
const MOST_GROWTH: f64 = 10.0;
/// Windows at least as long compare the last hour with the last week.
const WEEK: TimeDelta = TimeDelta::days(7);
/// Digits of a score that a cursor keeps.
pub const CURSOR_SCALE: f64 = 1e6;

/// How much the parts of a score count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendWeights {
    /// The level of an event.
    pub level: f64,
    /// Whether an event has a stack trace.
    pub stack: f64,
    /// Growth, at most 10.
    pub growth: f64,
}

impl Default for TrendWeights {
    fn default() -> Self {
        Self {
            level: 0.0,
            stack: 0.0,
            growth: 1.0,
        }
    }
}

/// What the score needs of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrendEvent {
    /// How long ago it happened. One that is dated ahead of the clock happened now.
    pub age: TimeDelta,
    /// Its level, where it has one.
    pub level: Option<Level>,
    /// Whether it has a stack trace.
    pub has_stack: bool,
}

/// The score of one issue, from its events one after the other in any order.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    weights: TrendWeights,
    overall_span: TimeDelta,
    recent_span: TimeDelta,
    oldest: TimeDelta,
    ranks: f64,
    recent: u32,
    overall: u32,
}

impl Trend {
    /// An issue without events yet, in a search over a window of this length.
    #[must_use]
    pub fn new(weights: TrendWeights, window: TimeDelta) -> Self {
        let (overall_span, recent_span) = if window >= WEEK {
            (WEEK, TimeDelta::hours(1))
        } else {
            // The last hundredth, exactly: a window is far from the longest time that can be counted in microseconds.
            let micros = window.num_microseconds().unwrap_or_default();
            (window, TimeDelta::microseconds(micros / 100))
        };
        Self {
            weights,
            overall_span,
            recent_span,
            oldest: TimeDelta::zero(),
            ranks: 0.0,
            recent: 0,
            overall: 0,
        }
    }

    /// Adds a matching event.
    pub fn add(&mut self, event: TrendEvent) {
        let age = event.age.max(TimeDelta::zero());
        self.oldest = self.oldest.max(age);
        self.ranks += self.weights.rank(event) * (-hours(age) / EVENT_HALF_LIFE).exp2();
        self.recent += u32::from(age <= self.recent_span);
        self.overall += u32::from(age <= self.overall_span);
    }

    /// The score.
    #[must_use]
    pub fn score(&self) -> f64 {
        let half_lives = (hours(self.oldest) / ISSUE_HALF_LIFE).min(OLDEST_HALF_LIVES);
        let newness = (-half_lives).exp2().max(LEAST);
        let events = self.ranks.ln_1p();
        let weight = self.weights.growth.min(MOST_GROWTH) / MOST_GROWTH;
        let growth = weight * f64::from(self.recent) / (f64::from(self.overall) + 1.0);
        newness * events.max(LEAST) * growth.max(LEAST)
    }
}

impl Extend<TrendEvent> for Trend {
    fn extend<T: IntoIterator<Item = TrendEvent>>(&mut self, events: T) {
        events.into_iter().for_each(|event| self.add(event));
    }
}

impl TrendWeights {
    /// How much an event counts while it is new, from 0 to 1.
    fn rank(&self, event: TrendEvent) -> f64 {
        let level = match event.level {
            Some(Level::Fatal) => 1.0,
            Some(Level::Error) => 0.66,
            Some(Level::Warning) => 0.33,
            _ => 0.0,
        };
        let stack = f64::from(u8::from(event.has_stack));
        (level * self.level + stack * self.stack + 1.0) / (self.level + self.stack + 1.0)
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "exact to the microsecond for ages up to 285 years"
)]
fn hours(age: TimeDelta) -> f64 {
    age.num_microseconds().unwrap_or(i64::MAX) as f64 / 3.6e9
}

/// A score as a cursor holds it.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a score is far from the range of integers, and beyond it saturating is right"
)]
#[must_use]
pub fn cursor_score(score: f64) -> i64 {
    (score * CURSOR_SCALE).floor() as i64
}
