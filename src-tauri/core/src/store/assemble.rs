//! Read models from rows: the part of answering that is not SQL.

use super::StoreError;
use super::records::{
    BucketRecord, DeadLetterBodyRecord, DeadLetterRecord, IssueExtras, IssueListRecord,
    NO_PRIORITY, OccurrenceRecord, PlacedOccurrence,
};
use super::standing::{assignee_text, inbox_word, resolution};
use crate::decode;
use crate::model::{
    EventId, GroupHash, GroupType, IssueId, IssueStatus, Level, OccurrenceId, Priority, ProjectId,
};
use crate::model::{Substatus, format_short_id};
use crate::view::{
    Count, DeadLetterDetail, DeadLetterRow, EvidenceRow, FrameName, IssueDetail, IssueRow, Millis,
    OccurrenceDetail, OutcomeRow, RecordOrigin, StackFrame, TagPair, TimeBar,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// Hours of the bars beside a list row.
pub(super) const TREND_HOURS: i32 = 24;

/// Hours of the chart of an issue.
pub(super) const DETAIL_HOURS: i32 = 7 * 24;

/// Frames of an event that are answered beside it: a longer stack is no help in a short look, nor in a message.
const MOST_FRAMES: usize = 100;

/// The most a stored value may unpack to. Records are limited to far less when they are read.
const UNPACKED_LIMIT: usize = 256 << 20;

/// Compresses bytes as event bodies and occurrences are.
pub(super) fn compressed(bytes: &[u8]) -> Arc<[u8]> {
    decode::compress(bytes)
}

/// Puts rows into the order of `ids`, with their trends. `last_hour` is the hour of the last bar.
pub(super) fn issue_rows(
    ids: &[IssueId],
    records: Vec<IssueListRecord>,
    buckets: &[BucketRecord],
    last_hour: i32,
) -> Vec<IssueRow> {
    let mut trends: HashMap<i64, Vec<Count>> = HashMap::new();
    for bucket in buckets {
        let trend = trends.entry(bucket.issue_id).or_insert_with(empty_trend);
        if let Some(bar) = bar_at(trend, bucket.hour, last_hour) {
            *bar += count(bucket.count);
        }
    }
    let mut rows: HashMap<i64, IssueListRecord> = records
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    ids.iter()
        .filter_map(|id| {
            let record = rows.remove(&id.0)?;
            let trend = trends.remove(&id.0).unwrap_or_else(empty_trend);
            Some(issue_row(record, trend))
        })
        .collect()
}

pub(super) fn empty_trend() -> Vec<Count> {
    (0..TREND_HOURS).map(|_| 0.0).collect()
}

/// The bar of `hour` in bars that end with `last_hour`.
pub(super) fn bar_at(bars: &mut [Count], hour: i32, last_hour: i32) -> Option<&mut Count> {
    let back = usize::try_from(i64::from(last_hour) - i64::from(hour)).ok()?;
    let index = bars.len().checked_sub(back + 1)?;
    bars.get_mut(index)
}

fn issue_row(record: IssueListRecord, trend: Vec<Count>) -> IssueRow {
    let group_type = u16::try_from(record.group_type)
        .ok()
        .and_then(GroupType::by_id);
    IssueRow {
        id: record.id.to_string(),
        short_id: format_short_id(&record.slug, record.short_id),
        title: record.title,
        subtitle: record.subtitle,
        culprit: record.culprit,
        level: word(
            Level::from_number(record.level).map(Level::as_str),
            record.level,
        ),
        status: word(
            IssueStatus::from_number(record.status).map(IssueStatus::as_str),
            record.status,
        ),
        substatus: record.substatus.map(|number| {
            word(
                Substatus::from_number(number).map(Substatus::as_str),
                number,
            )
        }),
        priority: match record.priority {
            NO_PRIORITY => "none".to_owned(),
            number => word(Priority::from_number(number).map(Priority::as_str), number),
        },
        project: record.slug,
        issue_type: group_type.map_or_else(
            || record.group_type.to_string(),
            |known| known.slug.to_owned(),
        ),
        issue_type_name: group_type.map_or_else(
            || format!("Type {}", record.group_type),
            |known| known.description.to_owned(),
        ),
        platform: record.platform,
        times_seen: count(record.times_seen),
        first_seen: millis(record.first_seen.0),
        last_seen: millis(record.last_seen.0),
        trend,
        assignee: assignee_text(record.assigned_user, record.assigned_team),
        inbox_reason: record.inbox_reason.map(inbox_word),
        snoozed_until: record.snoozed_until.map(|until| millis(until.0)),
        resolution: resolution(
            record.resolution_kind,
            record.resolution_status,
            record.resolution_release,
        ),
        // Theirs who looks at it, and what they wrote: see `engine::find::rows`.
        users: None,
        labels: Vec::new(),
        note: None,
        merged: 0.0,
        is_bookmarked: false,
        has_seen: false,
    }
}

/// A word, or the number where a newer program stored one that this one does not know.
pub(super) fn word(known: Option<&'static str>, number: i16) -> String {
    known.map_or_else(|| number.to_string(), str::to_owned)
}

/// The head of an issue. `last_hour` is the hour of the last bar.
///
/// # Errors
/// [`StoreError::Corrupt`] where its forecast cannot be read.
pub(super) fn issue_detail(
    record: IssueListRecord,
    extras: IssueExtras,
    last_hour: i32,
    now: DateTime<Utc>,
) -> Result<IssueDetail, StoreError> {
    let mut bars: Vec<Count> = (0..DETAIL_HOURS).map(|_| 0.0).collect();
    for bucket in &extras.hours {
        if let Some(bar) = bar_at(&mut bars, bucket.hour, last_hour) {
            *bar += count(bucket.count);
        }
    }
    let trend = bars.split_at(bars.len() - empty_trend().len()).1.to_vec();
    let first_hour = i64::from(last_hour) - i64::from(DETAIL_HOURS) + 1;
    let hours = (first_hour..)
        .zip(bars)
        .map(|(hour, count)| TimeBar {
            start: start_of(hour),
            count,
        })
        .collect();
    let standing = extras.standing;
    let forecast = standing.forecast(record.status, record.substatus, now)?;
    let first_release = record.first_release.clone();
    let row = issue_row(record, trend);
    Ok(IssueDetail {
        hours,
        stored_occurrences: count(extras.stored_occurrences),
        first_release,
        last_release: extras.last_release,
        environments: extras.environments,
        hashes: extras
            .hashes
            .into_iter()
            .map(|hash| GroupHash(hash).to_string())
            .collect(),
        assignee: row.assignee.clone(),
        resolved_at: standing.resolved_at(),
        resolution: standing.resolution(),
        snooze: standing.snooze(),
        inbox: standing.inbox(),
        priority_locked: standing.priority_locked_at.is_some(),
        forecast,
        row,
    })
}

/// An occurrence with its event.
///
/// # Errors
/// [`StoreError::Corrupt`] where the stored record or event cannot be read.
pub(super) fn occurrence_detail(placed: &PlacedOccurrence) -> Result<OccurrenceDetail, StoreError> {
    let row = &placed.occurrence;
    let id = OccurrenceId(row.id);
    let stored = decode::read_stored_occurrence(&row.payload)
        .map_err(|problem| StoreError::Corrupt(format!("occurrence {id}: {problem}")))?;
    let (tags, top_frames, event_json) = match &placed.event_body {
        Some(body) => {
            let (project, event_id) = (ProjectId(row.project_id), EventId(row.event_id));
            let event = decode::read_stored_event(project, event_id, body)
                .map_err(|problem| StoreError::Corrupt(format!("event {event_id}: {problem}")))?;
            let json = event_json(&unpacked_text(body, "event")?)?;
            (event.tags, top_frames(&json), Some(format!("{json:#}")))
        }
        None => (light_tags(row)?, Vec::new(), None),
    };
    let evidence_data = stored
        .evidence_data
        .map(|data| serde_json::to_string_pretty(&data))
        .transpose();
    Ok(OccurrenceDetail {
        id: id.to_string(),
        event_id: EventId(row.event_id).to_string(),
        issue_id: placed.issue_id.to_string(),
        position: count(placed.position),
        total: count(placed.total),
        older: placed.older.map(occurrence_id),
        newer: placed.newer.map(occurrence_id),
        title: stored.title,
        subtitle: stored.subtitle,
        culprit: stored.culprit,
        level: stored.level.as_str().to_owned(),
        event_time: millis(row.event_time.0),
        detection_time: millis(stored.detection_time),
        resource_id: stored.resource_id,
        fingerprint: stored.fingerprint,
        evidence: stored
            .evidence
            .into_iter()
            .map(|line| EvidenceRow {
                name: line.name,
                value: line.value,
                important: line.important,
            })
            .collect(),
        evidence_data: evidence_data.map_err(|error| StoreError::Corrupt(error.to_string()))?,
        environment: row.environment.clone(),
        release: row.release.clone(),
        tags: tags
            .into_iter()
            .map(|(key, value)| TagPair { key, value })
            .collect(),
        top_frames,
        event_json,
        origin: RecordOrigin {
            source: row.source.clone(),
            topic: row.topic.clone(),
            partition: row.partition,
            offset: row.record_offset.to_string(),
            key: row.record_key.as_deref().map(text_or_escaped),
            stored_at: millis(row.stored_at.0),
        },
    })
}

fn occurrence_id(id: Uuid) -> String {
    OccurrenceId(id).to_string()
}

fn light_tags(row: &OccurrenceRecord) -> Result<Vec<(String, String)>, StoreError> {
    let Some(text) = &row.light_tags else {
        return Ok(Vec::new());
    };
    serde_json::from_str(text).map_err(|error| {
        StoreError::Corrupt(format!(
            "the tags of occurrence {}: {error}",
            OccurrenceId(row.id)
        ))
    })
}

/// The JSON text of a compressed body.
///
/// # Errors
/// [`StoreError::Corrupt`] where it does not unpack to text.
pub(super) fn unpacked_text(body: &[u8], what: &str) -> Result<String, StoreError> {
    String::from_utf8(unpacked(body, what)?)
        .map_err(|error| StoreError::Corrupt(format!("a stored {what} is not text: {error}")))
}

pub(super) fn unpacked(bytes: &[u8], what: &str) -> Result<Vec<u8>, StoreError> {
    decode::decompress(bytes, UNPACKED_LIMIT)
        .map_err(|error| StoreError::Corrupt(format!("a stored {what} does not unpack: {error}")))
}

fn event_json(text: &str) -> Result<serde_json::Value, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Corrupt(format!("a stored event is not JSON: {error}")))
}

fn top_frames(event: &serde_json::Value) -> Vec<StackFrame> {
    let frames = decode::top_frames(event, MOST_FRAMES).into_iter();
    frames
        .map(|frame| StackFrame {
            function: frame.function,
            place: frame.place,
            named_by: frame.named_by.map(|named| FrameName {
                key: format!("stack.{}", named.field),
                value: named.text,
            }),
        })
        .collect()
}

/// A dead letter as the list shows it.
pub(super) fn dead_letter_row(record: DeadLetterRecord) -> DeadLetterRow {
    DeadLetterRow {
        id: record.id.to_string(),
        source: record.source,
        topic: record.topic,
        partition: record.partition,
        offset: record.record_offset.to_string(),
        reason: record.reason,
        detail: record.detail,
        payload_bytes: count(record.payload_bytes),
        stored_at: millis(record.stored_at.0),
        state: record.state,
        attempts: count(record.attempts.into()),
    }
}

/// A dead letter with its bytes.
///
/// # Errors
/// [`StoreError::Corrupt`] where its payload does not unpack.
pub(super) fn dead_letter_detail(
    record: DeadLetterBodyRecord,
) -> Result<DeadLetterDetail, StoreError> {
    let payload = unpacked(&record.payload, "dead letter")?;
    Ok(DeadLetterDetail {
        key: record.record_key.as_deref().map(text_or_escaped),
        payload_base64: BASE64.encode(&payload),
        payload_text: String::from_utf8(payload).ok(),
        row: dead_letter_row(record.row),
    })
}

/// Outcomes by reason.
pub(super) fn outcomes_by_reason(rows: Vec<(String, String, i64)>) -> Vec<OutcomeRow> {
    rows.into_iter()
        .map(|(outcome, reason, quantity)| OutcomeRow {
            group: reason,
            outcome,
            quantity: count(quantity),
        })
        .collect()
}

/// Outcomes by hour.
pub(super) fn outcomes_by_hour(rows: Vec<(String, i32, i64)>) -> Vec<OutcomeRow> {
    let text = |hour: i32| {
        let start =
            DateTime::<Utc>::UNIX_EPOCH.checked_add_signed(TimeDelta::hours(i64::from(hour)));
        start.map_or_else(String::new, |start| {
            start.to_rfc3339_opts(SecondsFormat::Secs, true)
        })
    };
    rows.into_iter()
        .map(|(outcome, hour, quantity)| OutcomeRow {
            group: text(hour),
            outcome,
            quantity: count(quantity),
        })
        .collect()
}

/// A count for display; counts beyond 2⁵³ lose their last digits.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn count(number: i64) -> Count {
    number as Count
}

pub(super) fn millis(time: DateTime<Utc>) -> Millis {
    count(time.timestamp_millis())
}

fn start_of(hour: i64) -> Millis {
    count(hour.saturating_mul(3_600_000))
}

/// Bytes as text; those that are not UTF-8 as `\xNN`.
fn text_or_escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_end_with_the_last_hour() {
        let mut bars = empty_trend();
        assert!(bar_at(&mut bars, 101, 100).is_none());
        assert!(bar_at(&mut bars, 76, 100).is_none());
        *bar_at(&mut bars, 77, 100).unwrap() = 1.0;
        *bar_at(&mut bars, 100, 100).unwrap() = 2.0;
        assert_eq!((bars[0], bars[23]), (1.0, 2.0));
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(text_or_escaped("clé".as_bytes()), "clé");
        assert_eq!(text_or_escaped(b"a\xff\x00z"), "a\\xFF\0z");
    }
}
