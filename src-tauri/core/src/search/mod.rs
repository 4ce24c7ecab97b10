//! The issue search: which time a request is about, and the numbers that an issue is shown and ordered by (search
//! spec, sections 5.2 and 8).

pub mod stats;
#[cfg(test)]
mod tests;
pub mod trends;
pub mod window;
