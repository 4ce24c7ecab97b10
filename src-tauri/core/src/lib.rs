//! The engine of Picket.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test should stop where it fails"))]

pub mod clock;
pub mod config;
pub mod decode;
pub mod error;
pub mod model;
//pub mod pipeline;
pub mod query;
pub mod source;
pub mod store;
pub mod view;

pub use error::{Error, ErrorKind, Result};
