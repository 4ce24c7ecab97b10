//! Counters for noise reduction and creation quotas.

use chrono::{DateTime, Utc};

/// A change of a counter of this process, mirrored into the store so that a restart does not forget it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterWrite {
    /// Name of the counter.
    pub key: String,
    /// What to add; a counter that has expired starts at this.
    pub add: i64,
    /// New end of the counter; nothing keeps the stored one.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A stored counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterRow {
    /// Name of the counter.
    pub key: String,
    /// Its value.
    pub count: i64,
    /// When it starts again at 0.
    pub expires_at: DateTime<Utc>,
}
