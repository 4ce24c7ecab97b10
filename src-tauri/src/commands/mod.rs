//! The commands of the window, by noun.

pub mod app;
pub mod bulk;
pub mod bundle;
pub mod connections;
pub mod dead_letters;
pub mod export;
pub mod feed;
pub mod issues;
mod progress;
pub mod query;
pub mod triage;
pub mod views;
pub mod window;
