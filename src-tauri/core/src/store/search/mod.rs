//! The issue search on both stores: conditions lowered to SQL, and the statements around them.

mod ask;
mod condition;
mod fields;
mod hits;
mod inbox;
mod listed;
mod names;
mod numbers;
mod page;
mod prefilter;
mod role;
mod serialise;
mod sql;
mod text;
mod walk;

pub use inbox::InboxPlan;
pub use page::HitPage;
pub use role::SearchStore;
