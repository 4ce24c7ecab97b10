//! Group mode: partitions come and go.
//!
//! Called inside `poll`, on the thread of the source. Partitions are read from the place the store names, never from
//! the broker's committed offsets; those are written only so that the lag of the group can be seen on the broker.

use super::context::{Consumer, Place, SourceContext, broker_error};
use super::placement;
use crate::error::Result;
use crate::source::SourceState;
use rdkafka::consumer::{CommitMode, Consumer as _, RebalanceProtocol};
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{Offset, TopicPartitionList};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How long store and broker may be away while partitions are being placed. Below the five minutes after which the
/// group would expel a member that does not poll.
const PLACING_PATIENCE: Duration = Duration::from_secs(120);

/// Carries out one rebalance.
pub(super) fn handle(
    context: &SourceContext,
    consumer: &Consumer,
    kind: RDKafkaRespErr,
    partitions: &TopicPartitionList,
) {
    context.health.set_state(SourceState::Rebalancing);
    let places = places(context, partitions);
    let outcome = if kind == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
        assign(context, consumer, &places)
    } else {
        revoke(context, consumer, &places, consumer.assignment_lost())
    };
    match outcome {
        Ok(()) => context.settle(),
        Err(error) => context.fail(error),
    }
}

fn assign(context: &SourceContext, consumer: &Consumer, places: &[Place]) -> Result<()> {
    let deadline = Instant::now() + PLACING_PATIENCE;
    let placed = placement::place(context, consumer, places, Some(deadline));
    // The library waits for an answer in any case; without a place to read from, the answer is an empty list.
    let list = match &placed {
        Ok(Some(placed)) => placement::list(placed)?,
        Ok(None) | Err(_) => TopicPartitionList::new(),
    };
    attach(context, consumer, &list)?;
    placed.map(|_| ())
}

fn revoke(
    context: &SourceContext,
    consumer: &Consumer,
    places: &[Place],
    lost: bool,
) -> Result<()> {
    context.revoke(places, lost);
    if !lost {
        report_stored(context, consumer);
    }
    for (topic, partition) in places {
        context.health.end(topic, *partition);
    }
    let mut list = TopicPartitionList::with_capacity(places.len());
    for (topic, partition) in places {
        list.add_partition(topic, *partition);
    }
    let result = match consumer.rebalance_protocol() {
        RebalanceProtocol::Cooperative => consumer.incremental_unassign(&list),
        RebalanceProtocol::Eager | RebalanceProtocol::None => consumer.unassign(),
    };
    result.map_err(|error| broker_error("The consumer group does not let partitions go.", error))
}

/// Starts to read partitions, paused where everything is.
pub(super) fn attach(
    context: &SourceContext,
    consumer: &Consumer,
    list: &TopicPartitionList,
) -> Result<()> {
    let result = match consumer.rebalance_protocol() {
        // Without a group there is no protocol, and partitions are added one by one as well.
        RebalanceProtocol::Cooperative | RebalanceProtocol::None => {
            consumer.incremental_assign(list)
        }
        RebalanceProtocol::Eager => consumer.assign(list),
    };
    result.map_err(|error| {
        broker_error("The broker's client does not take the partitions.", error)
    })?;
    if context.paused.load(Ordering::Relaxed) && list.count() > 0 {
        consumer
            .pause(list)
            .map_err(|error| broker_error("The broker's client does not pause.", error))?;
    }
    Ok(())
}

/// Tells the broker what is stored, so that its tools show the lag of the group. Best effort.
pub(super) fn report_stored(context: &SourceContext, consumer: &Consumer) {
    let mut list = TopicPartitionList::new();
    for place in context.health.snapshot().partitions {
        if list
            .add_partition_offset(&place.topic, place.partition, Offset::Offset(place.stored))
            .is_err()
        {
            return;
        }
    }
    if list.count() > 0
        && let Err(error) = consumer.commit(&list, CommitMode::Async)
    {
        tracing::debug!(%error, "the broker did not take the offsets for its dashboards");
    }
}

fn places(context: &SourceContext, list: &TopicPartitionList) -> Vec<Place> {
    list.elements()
        .into_iter()
        .map(|element| (context.topic(element.topic()), element.partition()))
        .collect()
}
