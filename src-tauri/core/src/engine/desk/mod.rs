//! What the window asks of the engine beside lists: selections, changes of many issues, the journal, and help while a
//! search is typed. Answers are [`view`](crate::view)s.

mod act;
mod complete;
mod explain;
mod export;
mod journal;
mod selection;

pub use act::{bulk_change, jobs, resume_job};
pub use complete::complete;
pub use explain::explain;
pub use export::{preview, to_file, to_text};
pub use journal::{journal, short_ids, undo_entry};
pub use selection::{labels, selected, summary};
