//! The stations a record passes, wired together.
//!
//! A [`Feed`] runs one source. Its records go through lanes: each lane gathers them into batches and decodes them
//! (`collect`), then folds each batch into effects (`fold`) inside the transaction that stores it (`write`).

mod batch;
mod budget;
mod collect;
mod feed;
mod fold;
mod issue_values;
mod settings;
mod start;
mod stats;
#[cfg(test)]
mod tests;
mod write;

pub use feed::{Feed, SourceSeat};
pub use settings::PipelineSettings;
