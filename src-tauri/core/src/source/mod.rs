//! Where records come from.

mod capture;
mod demo;
mod file;
mod generator;
mod handle;
mod health;
mod intake;
mod kafka;
mod patience;
mod record;
#[cfg(test)]
mod testing;

pub use capture::{Captured, capture};
pub use demo::{DEMO_TOPIC, DemoHandle, DemoOptions, DemoSource, Produced};
pub use file::{FileSource, UNREADABLE_TOPIC};
pub use generator::{
    Defect, Generated, GeneratedKind, Generator, GeneratorOptions, projects as demo_projects,
};
pub use handle::SourceHandle;
pub use health::{HealthSnapshot, PartitionHealth, SourceHealth, SourceState};
pub use intake::{Intake, Positions, SourceEvent, StopSignal};
pub use kafka::{
    Begin, KafkaSettings, KafkaSource, TestStep, TestStepName, TestStepState, test_connection,
};
pub use record::Record;
