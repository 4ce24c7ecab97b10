//! Finding issues: what a search text means for issues, events and their sums, which time it is about, and the numbers
//! that an issue is shown and ordered by (search spec, sections 5 to 9). What a store does with it is the store's.

mod condition;
mod convert;
mod known;
mod plan;
pub mod stats;
#[cfg(test)]
mod tests;
pub mod trends;
pub mod window;

pub use condition::{Condition, EventTest, IssueTest, Order, People, SumTest, TextField, TextTest};
pub use convert::{Search, convert};
pub use known::{Known, KnownRelease, LATEST, Needs};
pub use plan::{Hit, Numbers, Plan, Revisions, Sort};
