//! Where to read each partition on: the store's word, corrected by what the broker still has.

use super::context::{Consumer, Place, SourceContext, broker_error};
use super::settings::Begin;
use crate::error::{Error, ErrorKind, Result};
use crate::source::{SourceEvent, patience};
use rdkafka::consumer::Consumer as _;
use rdkafka::{Offset, TopicPartitionList};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one request to the broker may take.
pub(super) const REQUEST: Duration = Duration::from_secs(2);

/// A partition with the offset to read it from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub topic: Arc<str>,
    pub partition: i32,
    pub next_offset: i64,
}

/// Finds the place of each partition and tells the pipeline. Nothing when the source was asked to stop meanwhile.
///
/// Store and broker may be away for a while; this waits for them until `deadline`, for ever without one.
pub(super) fn place(
    context: &SourceContext,
    consumer: &Consumer,
    partitions: &[Place],
    deadline: Option<Instant>,
) -> Result<Option<Vec<Placed>>> {
    let source = context.source();
    let Some(times) = begin_times(context, consumer, partitions, deadline)? else {
        return Ok(None);
    };
    let mut placed = Vec::with_capacity(partitions.len());
    for (topic, partition) in partitions {
        let ends = patiently(context, deadline, || {
            consumer
                .fetch_watermarks(topic, *partition, REQUEST)
                .map_err(|error| {
                    broker_error(
                        format!(
                            "The broker does not say what partition {partition} of {topic} holds."
                        ),
                        error,
                    )
                })
        })?;
        let Some((low, high)) = ends else {
            return Ok(None);
        };
        let begin = match context.settings.begin {
            Begin::Earliest => low,
            Begin::Latest => high,
            Begin::At(_) => times
                .get(&(Arc::clone(topic), *partition))
                .copied()
                .unwrap_or(high)
                .clamp(low, high),
        };
        let claimed = patiently(context, deadline, || {
            context.positions.claim(&source, topic, *partition, begin)
        })?;
        let Some(stored) = claimed else {
            return Ok(None);
        };
        let next_offset = corrected(stored, low, high, begin);
        if next_offset != stored {
            let moved = patiently(context, deadline, || {
                context
                    .positions
                    .skip_gap(&source, topic, *partition, stored, next_offset)
            })?;
            if moved.is_none() {
                return Ok(None);
            }
            context.health.notice(gap_notice(
                topic,
                *partition,
                stored,
                low,
                high,
                next_offset,
            ));
        }
        context.health.begin(topic, *partition, next_offset);
        context
            .health
            .watermarks(topic, *partition, Some(low), Some(high));
        placed.push(Placed {
            topic: Arc::clone(topic),
            partition: *partition,
            next_offset,
        });
    }
    for place in &placed {
        context.intake.send(SourceEvent::Assigned {
            source: Arc::clone(&source),
            topic: Arc::clone(&place.topic),
            partition: place.partition,
            next_offset: place.next_offset,
        });
    }
    Ok(Some(placed))
}

/// The stored offset if the broker has it. Before the oldest record: the oldest, since what lies between is gone.
/// Behind the end: the topic was made anew or cut, so the stored place means nothing in it, and the beginning that
/// the connection names holds, as it does for a partition never read before.
pub(super) fn corrected(stored: i64, low: i64, high: i64, begin: i64) -> i64 {
    if stored < low {
        low
    } else if stored > high {
        begin
    } else {
        stored
    }
}

fn gap_notice(topic: &str, partition: i32, stored: i64, low: i64, high: i64, next: i64) -> String {
    if stored < low {
        format!(
            "{} records of partition {partition} of {topic} are gone: the broker had deleted offsets {stored} to {} \
             before they were read.",
            low - stored,
            low - 1
        )
    } else {
        format!(
            "Partition {partition} of {topic} ends at offset {high}, before the stored offset {stored}: the topic \
             was deleted and made again, or cut. Reading goes on at {next}."
        )
    }
}

/// The list the client library wants.
pub(super) fn list(placed: &[Placed]) -> Result<TopicPartitionList> {
    let mut list = TopicPartitionList::with_capacity(placed.len());
    for place in placed {
        list.add_partition_offset(
            &place.topic,
            place.partition,
            Offset::Offset(place.next_offset),
        )
        .map_err(|error| broker_error("The broker's client refused an offset.", error))?;
    }
    Ok(list)
}

/// Offsets of the wanted time, where the beginning is a time. Partitions without such a record are left out.
fn begin_times(
    context: &SourceContext,
    consumer: &Consumer,
    partitions: &[Place],
    deadline: Option<Instant>,
) -> Result<Option<HashMap<Place, i64>>> {
    let Begin::At(time) = context.settings.begin else {
        return Ok(Some(HashMap::new()));
    };
    let found = patiently(context, deadline, || {
        let mut wanted = TopicPartitionList::with_capacity(partitions.len());
        for (topic, partition) in partitions {
            wanted
                .add_partition_offset(
                    topic,
                    *partition,
                    Offset::Offset(time.timestamp_millis().max(0)),
                )
                .map_err(|error| broker_error("The broker's client refused a time.", error))?;
        }
        consumer
            .offsets_for_times(wanted, REQUEST)
            .map_err(|error| broker_error("The broker does not say where the time begins.", error))
    })?;
    let Some(found) = found else { return Ok(None) };
    let offsets = found
        .elements()
        .into_iter()
        .filter_map(|element| match element.offset() {
            Offset::Offset(offset) if element.error().is_ok() => Some((
                (context.topic(element.topic()), element.partition()),
                offset,
            )),
            _ => None,
        });
    Ok(Some(offsets.collect()))
}

/// Repeats `attempt` while it fails for a passing reason. Nothing when the source was asked to stop.
pub(super) fn patiently<T>(
    context: &SourceContext,
    deadline: Option<Instant>,
    attempt: impl FnMut() -> Result<T>,
) -> Result<Option<T>> {
    let waiting = |error: &Error| match error.kind {
        ErrorKind::BrokerUnreachable => context.retrying(&error.message),
        _ => context.health.retrying(error.message.clone()),
    };
    patience::patiently(&context.stop, deadline, waiting, attempt)
}
