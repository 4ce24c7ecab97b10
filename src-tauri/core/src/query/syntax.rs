//! What stands where in a search text: items with their places, before anybody asks what they mean. Reading never
//! fails; what cannot be read is left over at the end.

use super::filter::{Op, TagKind, TagScope};
use super::scan::{Measure, Numeral, Word};
use super::span::Span;

/// A text that was read.
#[derive(Debug, Clone)]
pub(super) struct Syntax {
    pub nodes: Vec<Node>,
    /// What is left over; empty where everything was read.
    pub rest: Span,
    /// The parenthesis that was one too deep to be read.
    pub too_deep: Option<usize>,
}

/// An item.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Connective(Connective, Span),
    Group(Group),
    Filter(Box<RawFilter>),
    Text(RawText),
}

impl Node {
    pub fn span(&self) -> Span {
        match self {
            Self::Connective(_, span) => *span,
            Self::Group(group) => group.span,
            Self::Filter(filter) => filter.span,
            Self::Text(text) => text.span,
        }
    }
}

/// A word between items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connective {
    And,
    Or,
    Not,
}

impl Connective {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
        }
    }
}

/// Items in parentheses.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub nodes: Vec<Node>,
    /// With the parentheses.
    pub span: Span,
}

/// Bare words, without the blanks around them, or a text with its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawText {
    pub span: Span,
    pub quoted: bool,
}

/// `key:value` with its places.
#[derive(Debug, Clone)]
pub(super) struct RawFilter {
    pub negated: bool,
    pub key: RawKey,
    pub payload: Payload,
    /// With the `!`.
    pub span: Span,
}

/// A key as typed.
#[derive(Debug, Clone)]
pub(super) struct RawKey {
    pub shape: KeyShape,
    /// With quotes, brackets or parentheses.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum KeyShape {
    /// A plain or quoted key, without its quotes.
    Name(Span),
    Tag {
        scope: TagScope,
        /// Without quotes.
        name: Span,
        kind: Option<TagKind>,
    },
    Aggregate {
        function: Span,
        /// Nothing where an argument is missing after a comma.
        arguments: Vec<Option<Span>>,
    },
}

/// What stands after the colon.
#[derive(Debug, Clone)]
pub(super) struct Payload {
    /// The operator, and an empty place where there is none.
    pub op: Option<Op>,
    pub op_span: Span,
    /// The word operator, which takes the place of the operator.
    pub word: Option<Word>,
    pub shape: Shape,
    /// Without the operator, with quotes and brackets.
    pub span: Span,
}

/// The shape of a value, numbered as in the table of search spec 2.2.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// 1, 2 and 13.
    Date,
    /// 3 and 14.
    Relative,
    /// 4 and 9.
    Duration(Measure),
    /// 5 and 12.
    Size(Measure),
    /// 6.
    Flag,
    /// 7; nothing where an element is missing.
    Numbers(Vec<Option<Numeral>>),
    /// 8 and 11.
    Number(Numeral),
    /// 10: the number without its sign.
    Percentage(Span),
    /// 15: the key, or nothing where the operand is none.
    Has(Option<RawKey>),
    /// 16.
    Is(RawText),
    /// 17; nothing where an element is missing.
    Texts(Vec<Option<RawText>>),
    /// 18.
    Text(RawText),
}
