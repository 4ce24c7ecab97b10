//! Where records come from.

mod handle;
mod health;
mod intake;
mod record;

pub use handle::SourceHandle;
pub use health::{HealthSnapshot, PartitionHealth, SourceHealth, SourceState};
pub use intake::{Intake, Positions, SourceEvent, StopSignal};
pub use record::Record;
