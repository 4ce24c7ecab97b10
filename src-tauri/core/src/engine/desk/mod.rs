//! What the window asks of the engine beside lists: selections, changes of many issues, the journal, and help while a
//! search is typed. Answers are [`view`](crate::view)s.

mod act;
mod complete;
mod explain;
mod export;
mod journal;
mod left_out;
mod lists;
mod rows;
mod selection;
#[cfg(test)]
mod tests;

pub use act::{bulk_change, jobs, opened, resume_job};
pub use complete::complete;
#[cfg(test)]
pub(crate) use complete::complete_within;
pub use explain::explain;
pub use export::{Exporting, preview, to_file, to_text};
pub use journal::{is_erased, journal, journal_issues, short_ids, undo_entry};
pub use left_out::LeftOut;
pub use lists::{Chosen, Listed, Lists};
pub use selection::{Selected, labels, selected, standings, summary};
