//! Finding issues: what a search text means for issues, events and their sums, which window it looks at, and in which
//! order its hits stand. What a store does with it is the store's.

mod condition;
mod convert;
mod known;

pub use condition::{Condition, EventTest, IssueTest, Order, People, SumTest, TextField, TextTest};
pub use convert::{Search, convert};
pub use known::{Known, KnownRelease, Needs};
