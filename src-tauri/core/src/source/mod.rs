//! Where records come from.

mod handle;
mod health;
mod intake;
mod kafka;
mod record;
#[cfg(test)]
mod testing;

pub use handle::SourceHandle;
pub use health::{HealthSnapshot, PartitionHealth, SourceHealth, SourceState};
pub use intake::{Intake, Positions, SourceEvent, StopSignal};
pub use kafka::{Begin, KafkaSettings, KafkaSource};
pub use record::Record;
