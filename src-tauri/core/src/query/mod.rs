//! The search language: text in, a filter on issues or problems at their position out.
//!
//! `lexer` cuts the text into items and never fails; `parser` gives them a meaning. Both keep byte spans, so that an
//! editor can colour the text and underline a problem where it is.

pub mod ast;
mod lexer;
mod parser;
mod problem;
#[cfg(test)]
mod tests;

pub use lexer::{Span, Token, TokenKind, tokenize};
pub use parser::{QueryContext, parse};
pub use problem::{Fix, Problem, ProblemCode};
