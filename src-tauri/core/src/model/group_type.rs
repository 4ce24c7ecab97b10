//! The registry of group types (occurrences spec, section 4).

use super::Priority;
use std::time::Duration;

/// What kind of problem a group type stands for. An issue never changes its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Errors.
    Error = 1,
    /// Performance problems.
    Performance = 2,
    /// Missed or failed scheduled jobs.
    Cron = 4,
    /// Problems found in session replays.
    Replay = 5,
    /// What users wrote.
    Feedback = 6,
    /// Unreachable sites.
    Uptime = 7,
}

/// How many occurrences of an unknown fingerprint are ignored before an issue is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoiseLimit {
    /// The occurrence with this number opens the issue.
    pub ignore_limit: u32,
    /// How long an ignored occurrence keeps counting.
    pub expiry: Duration,
}

/// One registered group type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupType {
    /// Number on the wire.
    pub id: u16,
    /// Stable word.
    pub slug: &'static str,
    /// Words for people.
    pub description: &'static str,
    /// Its category.
    pub category: Category,
    /// Noise reduction, where the type has one.
    pub noise: Option<NoiseLimit>,
    /// Priority of an occurrence that names none.
    pub default_priority: Priority,
    /// Whether it is processed without its features being switched on.
    pub released: bool,
    /// Whether old issues of this type resolve themselves.
    pub auto_resolve: bool,
    /// Whether a rise in its rate reopens an archived issue.
    pub escalation_detection: bool,
    /// Issues of this type that may be opened per project and hour.
    pub creation_quota: u32,
}
