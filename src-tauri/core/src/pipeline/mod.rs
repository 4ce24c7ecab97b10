//! The stations a record passes, wired together.
//!
//! A [`Feed`] runs one source. Its records go through lanes: each lane gathers them into batches and decodes them
//! (`collect`), then folds each batch into effects (`fold`) inside the transaction that stores it (`write`).

mod apply;
mod batch;
mod buckets;
mod budget;
mod burst;
mod collect;
mod feed;
mod fold;
mod issue_values;
mod outcome;
mod plan;
mod process;
mod route;
mod settings;
mod sightings;
mod start;
mod stats;
#[cfg(test)]
mod tests;
mod write;

pub use batch::{Batch, BatchItem, Partition};
pub use feed::{Feed, SourceSeat};
pub use process::{Processor, Progress, Stop};
pub use settings::PipelineSettings;
