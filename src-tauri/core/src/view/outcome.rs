//! What did not become part of an issue, and why.

use super::{Count, Millis, ReasonCount};
use serde::Serialize;
use specta::Type;

/// Records that ended for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct OutcomeRow {
    /// Reason, category or start of the hour, as asked for.
    pub group: String,
    /// `accepted`, `dropped` or `dead_lettered`.
    pub outcome: String,
    /// Records.
    pub quantity: Count,
}

/// A record that could not be processed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DeadLetterRow {
    /// Dead letter id, a 64-bit integer as text.
    pub id: String,
    /// Source the record came from.
    pub source: String,
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset, as text.
    pub offset: String,
    /// Reason word, such as `invalid_payload`.
    pub reason: String,
    /// What exactly is wrong and where.
    pub detail: String,
    /// Size of the record's value in bytes.
    pub payload_bytes: Count,
    /// When it was set aside.
    pub stored_at: Millis,
    /// `new`, `replayed` or `discarded`; another word where a newer program wrote it.
    pub state: String,
    /// How often it was tried, the first time included.
    pub attempts: Count,
}

/// Dead letters that a filter keeps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
pub struct DeadLetterList {
    /// Newest first, at most as many as asked for.
    pub rows: Vec<DeadLetterRow>,
    /// Exact number of those the filter keeps.
    pub total: Count,
    /// Exact numbers of those in the filter's state by reason, whatever reason it asks for; by reason word.
    pub by_reason: Vec<ReasonCount>,
}

/// A dead letter with its bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct DeadLetterDetail {
    /// The row of the list.
    pub row: DeadLetterRow,
    /// Key as text, escaped where it is not UTF-8.
    pub key: Option<String>,
    /// The value as text where it is UTF-8; nothing otherwise.
    pub payload_text: Option<String>,
    /// The value in base64, always exact.
    pub payload_base64: String,
}
