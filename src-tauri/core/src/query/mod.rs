//! The search language.

pub mod ast;
