//! What happens to an issue after it was opened: the rules by which it is resolved, archived and comes back. Pure
//! functions of what they are given; nothing here reads, writes or waits.

pub mod activity_list;
pub mod forecast;
pub mod release_order;
