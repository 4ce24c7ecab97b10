//! The small language that the lists were first searched with: status, level, project and text. Its place is taken by
//! the language beside it, and it goes as soon as nothing lists issues by it any more.

pub mod ast;
mod lexer;
mod parser;
mod problem;
#[cfg(test)]
mod tests;

pub use lexer::{Span, Token, TokenKind, tokenize};
pub use parser::{QueryContext, parse};
pub use problem::{Fix, Problem, ProblemCode};
