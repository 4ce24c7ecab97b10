//! A Kafka topic of a test's own, records into it, offsets out of it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::util::Timeout;
use rdkafka::{ClientContext, Offset, TopicPartitionList};

const WAIT: Duration = Duration::from_secs(30);

/// One record to be sent. Without a partition, the key decides.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    pub key: Option<Vec<u8>>,
    pub payload: Vec<u8>,
    pub partition: Option<i32>,
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Outgoing {
    #[must_use]
    pub fn new(payload: impl Into<Vec<u8>>) -> Self {
        Self {
            payload: payload.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.key = Some(key.into());
        self
    }

    #[must_use]
    pub fn partition(mut self, partition: i32) -> Self {
        self.partition = Some(partition);
        self
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// Where a record ended up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landed {
    pub partition: i32,
    pub offset: i64,
}

/// A topic with a name no other test has. [`Topic::delete`] removes it; left behind, it goes with the broker's data.
#[derive(Debug)]
pub struct Topic {
    brokers: String,
    name: String,
    partitions: i32,
}

impl Topic {
    /// Creates `<prefix>-<random>` and waits until the broker knows a leader for each partition.
    ///
    /// # Errors
    /// When the broker cannot be reached or refuses.
    pub async fn create(brokers: &str, prefix: &str, partitions: i32) -> Result<Self> {
        let name = format!("{prefix}-{}", crate::unique());
        let topic = Self {
            brokers: brokers.to_owned(),
            name,
            partitions,
        };
        let created = topic
            .admin()?
            .create_topics(
                [&NewTopic::new(
                    &topic.name,
                    partitions,
                    TopicReplication::Fixed(1),
                )],
                &AdminOptions::new().operation_timeout(Some(Timeout::After(WAIT))),
            )
            .await
            .with_context(|| format!("Kafka at {brokers} did not answer"))?;
        one(created).with_context(|| format!("the topic {} could not be created", topic.name))?;
        topic.await_leaders().await?;
        Ok(topic)
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    #[must_use]
    pub fn partitions(&self) -> i32 {
        self.partitions
    }

    /// Adds partitions, as an operator would while consumers are running.
    ///
    /// # Errors
    /// When the broker refuses.
    pub async fn grow(&mut self, partitions: i32) -> Result<()> {
        let count = usize::try_from(partitions)?;
        let grown = self
            .admin()?
            .create_partitions(
                [&NewPartitions::new(&self.name, count)],
                &AdminOptions::new(),
            )
            .await?;
        one(grown)?;
        self.partitions = partitions;
        self.await_leaders().await
    }

    /// # Errors
    /// When the broker refuses.
    pub async fn delete(self) -> Result<()> {
        one(self
            .admin()?
            .delete_topics(&[&self.name], &AdminOptions::new())
            .await?)
    }

    /// Sends all records, in their order, and returns where each ended up once the broker has them all.
    ///
    /// Blocks: from async code, `tokio::task::spawn_blocking` or a runtime with several threads.
    ///
    /// # Errors
    /// When a record could not be delivered.
    pub fn send(&self, records: impl IntoIterator<Item = Outgoing>) -> Result<Vec<Landed>> {
        let deliveries = Deliveries::default();
        let producer: BaseProducer<Deliveries> = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            // The order of the input, also when a batch has to be sent again.
            .set("enable.idempotence", "true")
            .set("linger.ms", "5")
            // Oversized payloads have to arrive: refusing them well is what is tested.
            .set("message.max.bytes", "16000000")
            .set("queue.buffering.max.kbytes", "65536")
            .create_with_context(deliveries.clone())?;
        for (sent, record) in records.into_iter().enumerate() {
            deliveries.expect_one();
            let mut headers = OwnedHeaders::new_with_capacity(record.headers.len());
            for (key, value) in &record.headers {
                headers = headers.insert(Header {
                    key,
                    value: Some(value),
                });
            }
            let mut outgoing: BaseRecord<'_, [u8], [u8], usize> =
                BaseRecord::with_opaque_to(&self.name, sent).payload(&record.payload);
            outgoing.key = record.key.as_deref();
            outgoing.partition = record.partition;
            if !record.headers.is_empty() {
                outgoing.headers = Some(headers);
            }
            let deadline = Instant::now() + WAIT;
            loop {
                match producer.send(outgoing) {
                    Ok(()) => break,
                    // The queue is bounded on purpose; serving deliveries makes room.
                    Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back))
                        if Instant::now() < deadline =>
                    {
                        producer.poll(Duration::from_millis(50));
                        outgoing = back;
                    }
                    Err((error, _)) => {
                        return Err(error)
                            .with_context(|| format!("record {sent} could not be sent"));
                    }
                }
            }
            producer.poll(Duration::ZERO);
        }
        producer
            .flush(WAIT)
            .context("the broker did not take all records in time")?;
        deliveries.landed()
    }

    /// The low and high offsets of a partition: the first record still there, and the one after the last.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub fn watermarks(&self, partition: i32) -> Result<(i64, i64)> {
        Ok(self
            .consumer("picket-tests-watermarks")?
            .fetch_watermarks(&self.name, partition, WAIT)?)
    }

    /// What a consumer group has committed, per partition; `None` where it has not.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub fn committed(&self, group: &str) -> Result<Vec<Option<i64>>> {
        let mut asked = TopicPartitionList::new();
        asked.add_partition_range(&self.name, 0, self.partitions - 1);
        let answer = self.consumer(group)?.committed_offsets(asked, WAIT)?;
        Ok((0..self.partitions)
            .map(|partition| {
                match answer
                    .find_partition(&self.name, partition)
                    .map(|found| found.offset())
                {
                    Some(Offset::Offset(offset)) => Some(offset),
                    _ => None,
                }
            })
            .collect())
    }

    /// The names of the groups the broker knows, with the number of their members.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub fn groups(&self) -> Result<Vec<(String, usize)>> {
        let list = self
            .consumer("picket-tests-groups")?
            .fetch_group_list(None, WAIT)?;
        Ok(list
            .groups()
            .iter()
            .map(|group| (group.name().to_owned(), group.members().len()))
            .collect())
    }

    fn admin(&self) -> Result<AdminClient<DefaultClientContext>> {
        Ok(ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .create()?)
    }

    fn consumer(&self, group: &str) -> Result<BaseConsumer> {
        Ok(ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("group.id", group)
            .set("enable.auto.commit", "false")
            .create()?)
    }

    /// A topic is created before its partitions have leaders, and a consumer that comes too early sees none.
    async fn await_leaders(&self) -> Result<()> {
        let consumer = self.consumer("picket-tests-metadata")?;
        let wanted = usize::try_from(self.partitions)?;
        let deadline = Instant::now() + WAIT;
        loop {
            let metadata = consumer.fetch_metadata(Some(&self.name), WAIT)?;
            let led = metadata.topics().first().map_or(0, |topic| {
                topic
                    .partitions()
                    .iter()
                    .filter(|partition| partition.leader() >= 0)
                    .count()
            });
            if led == wanted {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!(
                    "{led} of {wanted} partitions of {} have a leader after {WAIT:?}",
                    self.name
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The one answer to one admin request.
fn one(answers: Vec<Result<String, (String, RDKafkaErrorCode)>>) -> Result<()> {
    match answers.into_iter().next() {
        Some(Ok(_)) => Ok(()),
        Some(Err((topic, code))) => Err(anyhow!("{topic}: {code}")),
        None => Err(anyhow!("the broker gave no answer")),
    }
}

/// Where the records ended up, filled in by the client as the broker confirms them, in any order.
#[derive(Clone, Default)]
struct Deliveries(Arc<Mutex<Vec<Option<Delivery>>>>);

type Delivery = Result<Landed, KafkaError>;

impl Deliveries {
    fn expect_one(&self) {
        self.0.lock().expect("no panic while counting").push(None);
    }

    fn landed(&self) -> Result<Vec<Landed>> {
        std::mem::take(&mut *self.0.lock().expect("no panic while counting"))
            .into_iter()
            .enumerate()
            .map(|(index, delivery)| match delivery {
                Some(Ok(landed)) => Ok(landed),
                Some(Err(error)) => {
                    Err(error).with_context(|| format!("record {index} was refused"))
                }
                None => Err(anyhow!("record {index} was never confirmed")),
            })
            .collect()
    }
}

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, index: usize) {
        let delivery = match result {
            Ok(message) => Ok(Landed {
                partition: message.partition(),
                offset: message.offset(),
            }),
            Err((error, _)) => Err(error.clone()),
        };
        self.0.lock().expect("no panic while counting")[index] = Some(delivery);
    }
}

#[cfg(test)]
mod tests {
    use super::{Outgoing, Topic};
    use crate::service;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn records_land_in_order_where_they_were_sent() {
        let Some(brokers) = service::kafka() else {
            return;
        };
        let topic = Topic::create(&brokers, "support", 3).await.unwrap();
        let records = (0_i32..900).map(|n| Outgoing::new(n.to_string()).key("k").partition(n % 2));
        let landed = topic.send(records).unwrap();
        for (n, place) in (0_i32..).zip(&landed) {
            assert_eq!((place.partition, place.offset), (n % 2, i64::from(n / 2)));
        }
        let large = topic
            .send([Outgoing::new(vec![b'x'; 5_000_000]).partition(2)])
            .unwrap();
        assert_eq!(large[0].offset, 0);
        assert_eq!(topic.watermarks(0).unwrap(), (0, 450));
        assert_eq!(topic.committed("nobody").unwrap(), [None, None, None]);
        topic.delete().await.unwrap();
    }
}
