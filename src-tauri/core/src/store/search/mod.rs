//! The issue search on both stores: conditions lowered to SQL, and the statements around them.

mod ask;
mod bits;
mod condition;
mod effective;
mod entries;
mod export;
mod extras;
mod fields;
mod group_trends;
mod grouping;
mod groups;
mod halves;
mod hits;
mod inbox;
mod limited;
mod listed;
mod merged;
mod names;
mod narrow;
mod numbers;
mod order;
mod order_keys;
mod page;
mod people;
mod prefilter;
mod reading;
mod role;
mod selection;
mod serialise;
mod similar;
mod snapshot;
mod sql;
mod sure;
mod table;
#[cfg(test)]
pub(in crate::store) mod tests;
mod text;
mod values;
mod walk;
mod window_list;
mod wording;

pub use export::{EventDepth, EventSlice, ExportStore, ExportedEvent, TagUser, TagValue};
pub use extras::{Amount, Extras, ExtrasExtent, ExtrasStore, RangeTrend};
pub use inbox::InboxPlan;
pub(in crate::store) use limited::forget_limit;
pub use page::HitPage;
pub use role::SearchStore;
pub(in crate::store) use role::fixed;
pub use selection::{SelectionNumbers, Standings};
pub use table::{TableExtent, TableRow};
pub use values::SeenValue;
#[cfg(test)]
pub(in crate::store) use window_list::grouped;
pub(in crate::store) use window_list::{changes, snapshot};
pub use wording::{LabelUse, Wording};
