//! Where records come from.

mod record;

pub use record::Record;
