//! The search language: text in, a tree of filters or the problems of the text out. Nothing here asks a store.
//!
//! | step | where |
//! | --- | --- |
//! | What stands where: items, keys, the shape of each value. Never fails. | `read`, `keys`, `payload`, `lists`, on top of `scan` |
//! | What a key takes, decided by its [`SearchConfig`]; the value of numbers, durations and dates | `meaning`, `values`, `text` |
//! | Whether the words between items join something | `words` |
//! | What is wrong, where, and how to put it right: [`Problem`] | `mend`, `problem` |
//! | The items as typed, and the form that is evaluated: [`Query`], [`Node`] | `tree` |
//! | Back to text | [`print`](print()) |
//! | For editors: colours and what may be typed next | `tokens`, `complete`, `vocabulary` |
//!
//! Turning words such as `me` or `latest` into ids, and running a search, is not done here.

mod complete;
mod config;
mod filter;
mod keys;
mod lists;
mod meaning;
mod mend;
mod parser;
mod payload;
mod print;
mod problem;
mod read;
mod scan;
mod span;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod tree;
mod values;
mod vocabulary;
mod words;

pub use complete::{Completion, Stage, Suggestion, SuggestionKind, completion_at, stored_key};
pub use config::{IsValue, IsWord, Keys, SearchConfig};
pub use filter::{Aggregate, Ago, Filter, Instant, Key, Op, TagKey, TagKind, TagScope, Value};
pub use parser::parse;
pub use print::{literal_value, print, print_tree};
pub use problem::{Fix, Problem, ProblemCode, nearest};
pub use span::Span;
pub use text::{Pattern, TextValue};
pub use tokens::{Token, TokenKind, tokens};
pub use tree::{Item, Node, Query, to_json};
pub use vocabulary::{KnownKey, KnownWord, Values};
