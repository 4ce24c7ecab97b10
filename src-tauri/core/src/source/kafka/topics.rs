//! Which partitions there are to read.

use super::context::{Place, broker_error};
use super::placement::REQUEST;
use crate::error::{Error, ErrorKind, Result};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::metadata::MetadataTopic;
use rdkafka::types::RDKafkaRespErr;
use std::sync::Arc;

/// How many existing topics are named beside a missing one.
const SUGGESTIONS: usize = 3;

/// All partitions of all `topics`.
///
/// # Errors
/// [`ErrorKind::NotFound`] for a topic that does not exist, with the nearest names that do;
/// [`ErrorKind::InvalidInput`] for one that may not be read; [`ErrorKind::BrokerUnreachable`] otherwise.
pub(super) fn partitions<C: ConsumerContext>(
    topics: &[Arc<str>],
    consumer: &BaseConsumer<C>,
) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for topic in topics {
        // Never creates a topic: the client is configured so.
        let metadata = consumer
            .fetch_metadata(Some(topic), REQUEST)
            .map_err(|error| {
                broker_error("The brokers do not say which topics they have.", error)
            })?;
        let Some(found) = metadata
            .topics()
            .iter()
            .find(|found| found.name() == &**topic)
        else {
            return Err(missing(consumer, topic));
        };
        check(consumer, topic, found)?;
        places.extend(
            found
                .partitions()
                .iter()
                .map(|partition| (Arc::clone(topic), partition.id())),
        );
    }
    Ok(places)
}

fn check<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    topic: &str,
    found: &MetadataTopic,
) -> Result<()> {
    match found.error() {
        None => Ok(()),
        Some(
            RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
            | RDKafkaRespErr::RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC
            | RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
        ) => Err(missing(consumer, topic)),
        Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) => Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "This user may not see the topic {topic}. Ask the operators for Describe and Read on it."
            ),
        )),
        Some(_) => Err(Error::new(
            ErrorKind::BrokerUnreachable,
            format!("The brokers are not ready to serve the topic {topic}. Picket tries again."),
        )),
    }
}

/// The error for a topic that is not there.
fn missing<C: ConsumerContext>(consumer: &BaseConsumer<C>, topic: &str) -> Error {
    let existing: Vec<String> = consumer
        .fetch_metadata(None, REQUEST)
        .map(|metadata| {
            metadata
                .topics()
                .iter()
                .map(|found| found.name().to_owned())
                .collect()
        })
        .unwrap_or_default();
    let names = nearest(topic, existing.iter().map(String::as_str));
    let message = if names.is_empty() {
        format!(
            "The cluster has no topic {topic}, nor one with a similar name. Check the name and the cluster."
        )
    } else {
        format!(
            "The cluster has no topic {topic}. Did you mean {}?",
            names.join(" or ")
        )
    };
    Error::new(ErrorKind::NotFound, message)
}

/// The names most like `wanted`, best first.
pub(super) fn nearest<'a>(wanted: &str, existing: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted_lower = wanted.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = existing
        .filter(|name| !name.starts_with("__"))
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let far = distance(&wanted_lower, &lower);
            let related = lower.contains(&wanted_lower)
                || (!lower.is_empty() && wanted_lower.contains(&lower));
            (related || far <= wanted.chars().count() / 3 + 1)
                .then_some((if related { far / 4 } else { far }, name))
        })
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .take(SUGGESTIONS)
        .map(|(_, name)| name)
        .collect()
}

/// Single-character edits between two texts.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (left, right, edits) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("ä", "a", 1),
        ] {
            assert_eq!(distance(left, right), edits, "{left} to {right}");
        }
    }

    #[test]
    fn similar_names_are_offered_and_others_not() {
        let existing = [
            "ingest-events",
            "ingest-occurrences",
            "billing",
            "__consumer_offsets",
            "prod.ingest-occurences",
        ];
        assert_eq!(
            nearest("ingest-occurences", existing.into_iter()),
            ["ingest-occurrences", "prod.ingest-occurences"]
        );
        assert!(nearest("weather", existing.into_iter()).is_empty());
        assert!(nearest("__consumer_offset", existing.into_iter()).is_empty());
    }
}
