//! A filter as it was understood: key, operator, value.

use super::span::Span;
use super::text::TextValue;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value as Json, json};
use std::fmt;

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What is looked at.
    pub key: Key,
    /// How it is compared. A `!` before the filter is already part of it.
    pub op: Op,
    /// With what.
    pub value: Value,
    /// Whether it was typed as bare words, without a key.
    pub free_text: bool,
    /// The whole filter, with its `!`.
    pub span: Span,
    /// The key as typed, of `has:key` the operand; empty for bare words.
    pub key_span: Span,
    /// What stands after the colon, with its operator and quotes.
    pub value_span: Span,
}

impl Filter {
    /// The JSON form of search spec 6.1.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "key": self.key.to_string(), "op": self.op.as_str(), "value": self.value.to_json() })
    }
}

/// What a filter looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A field, or a tag where no field has this name: the canonical name, after aliases.
    Name(String),
    /// Explicitly a tag, or a flag.
    Tag(TagKey),
    /// A function over many events.
    Aggregate(Aggregate),
}

impl Key {
    /// A plain key.
    #[must_use]
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// Whether it is the plain key of this canonical name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name)
    }

    /// Whether it is a function over many events.
    #[must_use]
    pub fn is_aggregate(&self) -> bool {
        matches!(self, Self::Aggregate(_))
    }
}

/// The canonical text: `level`, `tags[fruit]`, `count_if(a, equals, b)`.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Tag(tag) => tag.fmt(formatter),
            Self::Aggregate(aggregate) => formatter.write_str(&aggregate.text),
        }
    }
}

/// An explicit tag.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagKey {
    /// Where the name is looked up.
    pub scope: TagScope,
    /// The name, as typed.
    pub name: String,
    /// How its values are to be read, where that was said (search spec, section 2.5).
    pub kind: Option<TagKind>,
}

impl fmt::Display for TagKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}", self.scope.as_str(), self.name)?;
        if let Some(kind) = self.kind {
            write!(formatter, ",{}", kind.as_str())?;
        }
        formatter.write_str("]")
    }
}

/// What `name[...]` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagScope {
    /// `tags[...]`
    Tags,
    /// `flags[...]`
    Flags,
}

impl TagScope {
    /// The word before the bracket.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Flags => "flags",
        }
    }
}

/// How the values of a tag are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// As text.
    Text,
    /// As numbers.
    Number,
    /// As true or false.
    Boolean,
}

impl TagKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Text, Self::Number, Self::Boolean];

    /// The word after the comma.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// A function over many events.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// The canonical text: the arguments joined by `", "`.
    pub text: String,
    /// The name before the parenthesis.
    pub function: String,
    /// The arguments; a quoted one keeps its quotes and backslashes.
    pub arguments: Vec<String>,
}

impl Aggregate {
    /// A function and its arguments.
    #[must_use]
    pub fn new(function: impl Into<String>, arguments: Vec<String>) -> Self {
        let function = function.into();
        Self {
            text: format!("{function}({})", arguments.join(", ")),
            function,
            arguments,
        }
    }
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// One of a list.
    In,
    /// None of a list.
    NotIn,
}

impl Op {
    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::In => "IN",
            Self::NotIn => "NOT IN",
        }
    }

    /// The operator that holds where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Greater => Self::LessOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Less => Self::GreaterOrEqual,
            Self::GreaterOrEqual => Self::Less,
            Self::In => Self::NotIn,
            Self::NotIn => Self::In,
        }
    }

    /// The operator under a `!`, where there is one.
    pub(super) fn negated_if(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }

    /// Whether it asks for an order.
    #[must_use]
    pub fn is_ordering(self) -> bool {
        matches!(
            self,
            Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual
        )
    }

    /// Whether it is `!=` or `NOT IN`.
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(self, Self::NotEqual | Self::NotIn)
    }
}

/// What a key is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, perhaps a pattern.
    Text(TextValue),
    /// A number; durations are in milliseconds, sizes in bytes, true and false are 1 and 0.
    Number(f64),
    /// A word of the `is:` table that has two values.
    Flag(bool),
    /// A point in time.
    Instant(Instant),
    /// The values of `IN` and `NOT IN`.
    List(Vec<Value>),
}

impl Value {
    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&TextValue> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list, or the value itself as the only one.
    #[must_use]
    pub fn each(&self) -> &[Value] {
        match self {
            Self::List(values) => values,
            single => std::slice::from_ref(single),
        }
    }

    /// The JSON form of search spec 6.1.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text.text),
            Self::Number(number) => number_json(*number),
            Self::Flag(flag) => json!(flag),
            Self::Instant(instant) => {
                json!({ "instant": instant.at.to_rfc3339_opts(SecondsFormat::Millis, true) })
            }
            Self::List(values) => values.iter().map(Self::to_json).collect(),
        }
    }
}

/// A whole number is written without a point.
fn number_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "whole and small enough to be exact"
        )]
        let whole = number as i64;
        return json!(whole);
    }
    json!(number)
}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instant {
    /// When.
    pub at: DateTime<Utc>,
    /// The distance into the past it was typed as, where it was.
    pub ago: Option<Ago>,
}

/// A distance into the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ago {
    /// How many.
    pub count: i64,
    /// Of what: `m`, `h`, `d` or `w`.
    pub unit: char,
}
