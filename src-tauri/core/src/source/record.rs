//! What a source hands to the pipeline.

use std::sync::Arc;

/// One message of a topic, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// This record's own offset.
    pub offset: i64,
    /// Broker timestamp in milliseconds since the Unix epoch, if it has one.
    pub timestamp_ms: Option<i64>,
    /// Key, if any.
    pub key: Option<Arc<[u8]>>,
    /// Headers in order; a header without a value has an empty one.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Value; empty for a tombstone.
    pub payload: Arc<[u8]>,
    /// Why the source could not make a record of these bytes, in words. Such a record is set aside undecoded.
    pub flaw: Option<String>,
}

impl Record {
    /// Bytes this record keeps in memory, for budgets.
    #[must_use]
    pub fn weight(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        self.payload.len() + self.key.as_ref().map_or(0, |key| key.len()) + headers + 128
    }
}
