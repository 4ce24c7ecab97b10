//! The state of a running feed.

use super::{Count, Millis, count, millis};
use crate::limits;
use serde::Serialize;
use specta::Type;

/// What a feed is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// No feed runs.
    #[default]
    Off,
    /// Started; no partition has been read yet.
    Connecting,
    /// Records arrive.
    Live,
    /// Connected and caught up, nothing arrives.
    Idle,
    /// Partitions are paused until the store has caught up.
    StoreBound,
    /// The broker or the store is away; Picket keeps trying.
    Retrying,
    /// Finishing what has been read.
    Draining,
    /// Ended by an error, which `problem` explains.
    Failed,
}

/// Records of one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct ReasonCount {
    /// Reason word, such as `invalid_json`.
    pub reason: String,
    /// Records that ended so.
    pub count: Count,
}

/// How the records of a run ended. `records` is the sum of all the others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Type)]
pub struct FeedTotals {
    /// Records taken from the source.
    pub records: Count,
    /// Records that opened an issue.
    pub created: Count,
    /// Records that were added to an issue.
    pub updated: Count,
    /// Status changes that changed an issue.
    pub status_changed: Count,
    /// Status changes that changed nothing.
    pub unchanged: Count,
    /// Records that were dropped with a counted reason.
    pub dropped: Vec<ReasonCount>,
    /// Records set aside as dead letters.
    pub dead_lettered: Count,
}

/// Progress in one partition.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct PartitionStatus {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Next offset to store, as text.
    pub next_offset: String,
    /// End of the partition as the broker last said, as text; nothing while unknown.
    pub high: Option<String>,
    /// Records between the two; nothing while unknown.
    pub lag: Option<Count>,
    /// Records per second over the last seconds.
    pub rate: f64,
}

/// Where the counters of noise reduction and quotas are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CountersKind {
    /// In this process.
    #[default]
    Memory,
    /// In Redis, shared with others.
    Redis,
    /// Nowhere: nothing is limited.
    Off,
}

impl From<limits::CountersStatus> for CountersStatus {
    fn from(status: limits::CountersStatus) -> Self {
        Self {
            kind: match status.kind {
                limits::CountersKind::Memory => CountersKind::Memory,
                limits::CountersKind::Redis => CountersKind::Redis,
                limits::CountersKind::Off => CountersKind::Off,
            },
            away_since: status.away_since.map(millis),
            reason: status.reason,
            decided_without: count(status.decided_without),
        }
    }
}

/// How the counters are doing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Type)]
pub struct CountersStatus {
    /// Where they are kept.
    pub kind: CountersKind,
    /// Since when they cannot be reached; nothing while they can.
    pub away_since: Option<Millis>,
    /// Why they cannot be reached and what to do, in words.
    pub reason: Option<String>,
    /// Hashes that were ever decided without them.
    pub decided_without: Count,
}

/// What a feed waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FeedAway {
    /// The broker does not answer.
    Broker,
    /// The store cannot be written.
    Store,
}

/// Why a feed stopped taking records by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct FeedPause {
    /// Cause and next step, in words.
    pub reason: String,
    /// Records that could not be processed …
    pub rejected: Count,
    /// … among so many of the last ones.
    pub of: Count,
    /// The most frequent reason word among them.
    pub top_reason: String,
}

/// The feed as the window shows it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Type)]
pub struct FeedStatus {
    /// What it does.
    pub state: FeedState,
    /// Name of the connection, or `demo`; empty when off.
    pub connection: String,
    /// What went wrong and what to do, in words.
    pub problem: Option<String>,
    /// When it was started.
    pub since: Option<Millis>,
    /// Records per second over the last seconds.
    pub rate: f64,
    /// Sum of the known lags; nothing while none is known.
    pub lag: Option<Count>,
    /// How its records ended so far.
    pub totals: FeedTotals,
    /// Partition by partition.
    pub partitions: Vec<PartitionStatus>,
    /// Counters of noise reduction and quotas.
    pub counters: CountersStatus,
    /// What it waits for while it is `retrying`.
    pub away: Option<FeedAway>,
    /// Why it takes no records until somebody says so; nothing while it does.
    pub paused: Option<FeedPause>,
}
