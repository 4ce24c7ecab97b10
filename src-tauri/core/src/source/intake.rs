//! The seam between a source and the pipeline.
//!
//! A source lives on a thread of its own and knows three things of the rest: an [`Intake`] that takes what it read,
//! the [`Positions`] that say where each partition stands, and a [`StopSignal`]. What it reports about itself goes
//! into a [`SourceHealth`](super::SourceHealth), which anyone may read at any time.

use super::Record;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Asks a source to end. Cancelled once, it stays cancelled. A source looks at it several times a second, and at
/// worst after the two seconds of one request to a broker.
pub type StopSignal = tokio_util::sync::CancellationToken;

/// What a source tells the pipeline, in the order in which it happened.
#[derive(Debug)]
pub enum SourceEvent {
    /// A partition begins at this stored next offset. Comes before any of its records. It begins again only after
    /// it was [`SourceEvent::Revoked`].
    Assigned {
        /// Whose offsets these are: `kafka:<cluster id>`, `file:<digest>` or `demo:<run>`. One value per source run.
        source: Arc<str>,
        /// Topic.
        topic: Arc<str>,
        /// Partition.
        partition: i32,
        /// The stored next offset; the first record that follows has this offset or a higher one.
        next_offset: i64,
    },
    /// Records, in rising order of offsets within each partition. Offsets may have holes: compaction and
    /// transaction markers leave some.
    Records(Vec<Record>),
    /// These partitions go away. Finish or abandon what was read of them, then answer; the source waits at most
    /// five seconds for the answer, and a dropped sender counts as one.
    Revoked {
        /// Topics and partitions.
        partitions: Vec<(Arc<str>, i32)>,
        /// They belong to someone else already: abandon at once.
        lost: bool,
        /// Answered when nothing of these partitions is in flight any more.
        done: oneshot::Sender<()>,
    },
}

/// What a source needs of the pipeline.
pub trait Intake: Send + Sync {
    /// Hands an event over. Never blocks; after the pipeline has ended, events are discarded.
    fn send(&self, event: SourceEvent);

    /// Whether more is in flight than there should be: stop reading.
    fn is_over_budget(&self) -> bool;

    /// Whether enough of it has been stored: read again. Lower than the mark of [`Intake::is_over_budget`], so that
    /// reading does not flutter.
    fn is_below_resume(&self) -> bool;
}

/// Where partitions stand in the store. Blocking; called on the source's own thread, never inside a runtime.
pub trait Positions: Send + Sync {
    /// Where to read a partition on: the stored next offset, or `initial`, which is stored for a partition that is
    /// new to the store.
    ///
    /// # Errors
    /// Whatever the store says; see [`crate::Error::is_retryable`].
    fn claim(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        initial: i64,
    ) -> Result<i64, crate::Error>;

    /// Moves a partition from `from`, its stored next offset, to `to`, because the broker does not have the records
    /// at `from`. `to` is lower than `from` where a topic was made anew under its old name.
    ///
    /// # Errors
    /// Whatever the store says; a moved partition (another writer) is an error.
    fn skip_gap(
        &self,
        source: &str,
        topic: &str,
        partition: i32,
        from: i64,
        to: i64,
    ) -> Result<(), crate::Error>;
}
