//! The stretches of a search text, for colouring. Never fails: what cannot be read is a stretch, too.

use super::config::SearchConfig;
use super::read::read;
use super::span::Span;
use super::syntax::{Node, RawFilter, Shape};
use serde::Serialize;

/// What a stretch of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The `!` before a filter.
    Negation,
    /// A key, with its quotes or brackets; also the operand of `has:`.
    Key,
    /// The colon and the operator after it.
    Operator,
    /// The value of a filter.
    Value,
    /// Free text.
    Text,
    /// Free text in quotes.
    Quoted,
    /// AND, OR and NOT.
    Connective,
    /// A parenthesis around a group.
    Parenthesis,
    /// What cannot be read.
    Rest,
}

/// A stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// The stretches of a text, in order and without the blanks between them. None is empty.
#[must_use]
pub fn tokens(text: &str, config: &SearchConfig) -> Vec<Token> {
    let syntax = read(text, config.extensions);
    let mut tokens = Tokens(Vec::new());
    tokens.nodes(&syntax.nodes);
    tokens.push(TokenKind::Rest, syntax.rest);
    tokens.0
}

struct Tokens(Vec<Token>);

impl Tokens {
    fn push(&mut self, kind: TokenKind, span: Span) {
        if !span.is_empty() {
            self.0.push(Token { kind, span });
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Connective(_, span) => self.push(TokenKind::Connective, *span),
                Node::Group(group) => {
                    let Span { start, end } = group.span;
                    self.push(TokenKind::Parenthesis, Span::new(start, start + 1));
                    self.nodes(&group.nodes);
                    self.push(TokenKind::Parenthesis, Span::new(end - 1, end));
                }
                Node::Filter(filter) => self.filter(filter),
                Node::Text(text) => {
                    let kind = if text.quoted {
                        TokenKind::Quoted
                    } else {
                        TokenKind::Text
                    };
                    self.push(kind, text.span);
                }
            }
        }
    }

    fn filter(&mut self, filter: &RawFilter) {
        let key = filter.key.span;
        self.push(TokenKind::Negation, Span::new(filter.span.start, key.start));
        self.push(TokenKind::Key, key);
        let payload = &filter.payload;
        self.push(TokenKind::Operator, Span::new(key.end, payload.op_span.end));
        let kind = match payload.shape {
            Shape::Has(Some(_)) => TokenKind::Key,
            _ => TokenKind::Value,
        };
        self.push(kind, Span::new(payload.op_span.end, payload.span.end));
    }
}
