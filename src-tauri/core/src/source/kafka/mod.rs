//! Records of a Kafka cluster.
//!
//! One thread owns one [`BaseConsumer`](rdkafka::consumer::BaseConsumer). It decides where to begin from the store
//! alone (`placement`), hands records over in small batches, pauses its partitions while the pipeline is over its
//! budget but goes on polling, and gives partitions back when the group asks (`rebalance`). A client that cannot read on
//! by itself is replaced by a new one, which begins where the store stands.

mod context;
mod diagnose;
mod ladder;
mod network;
mod placement;
mod poll;
mod rebalance;
mod settings;
#[cfg(test)]
mod tests;
mod topics;

pub use ladder::{TestStep, TestStepName, TestStepState, test_connection};
pub use poll::KafkaSource;
pub use settings::{Begin, KafkaSettings};
