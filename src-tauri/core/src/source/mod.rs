//! Where records come from.

mod demo;
mod generator;
mod handle;
mod health;
mod intake;
mod kafka;
mod record;
#[cfg(test)]
mod testing;

pub use demo::{DEMO_TOPIC, DemoHandle, DemoOptions, DemoSource, Produced};
pub use generator::{
    Defect, Generated, GeneratedKind, Generator, GeneratorOptions, projects as demo_projects,
};
pub use handle::SourceHandle;
pub use health::{HealthSnapshot, PartitionHealth, SourceHealth, SourceState};
pub use intake::{Intake, Positions, SourceEvent, StopSignal};
pub use kafka::{Begin, KafkaSettings, KafkaSource};
pub use record::Record;
