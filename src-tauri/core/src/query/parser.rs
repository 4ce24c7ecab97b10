//! Reads a search text: gives what stands in it a meaning, or says what is wrong with it.

use super::config::SearchConfig;
use super::filter::{Filter, Key, Op, Value};
use super::meaning::Meaning;
use super::mend;
use super::problem::Problem;
use super::read::read;
use super::span::Span;
use super::syntax::{Connective, Node, RawText};
use super::text::TextValue;
use super::tree::{Item, Query};
use super::words;
use chrono::{DateTime, Utc};

/// Reads a search text. Relative dates are counted from `now`.
///
/// # Errors
/// Every problem of the text, never an empty list. The first is the one the text is refused for: text that is left
/// over, then filters and values from left to right, then words between them.
pub fn parse(text: &str, config: &SearchConfig, now: DateTime<Utc>) -> Result<Query, Vec<Problem>> {
    let syntax = read(text, config.extensions);
    let mut parser = Parser {
        meaning: Meaning {
            text,
            config,
            now,
            advise: true,
        },
        problems: Vec::new(),
    };
    let parts = parser.parts(&syntax.nodes);
    let mut problems = parser.problems;
    if syntax.rest.is_empty() {
        words::check(&parts, Span::new(0, text.len()), &mut problems);
    } else {
        // What is left over may be what the last word is missing, so words are not looked at.
        problems.insert(0, mend::left_over(text, config, &syntax));
    }
    if problems.is_empty() {
        return Ok(Query {
            items: parts.into_iter().flat_map(Part::into_items).collect(),
        });
    }
    Err(problems)
}

/// An item and its place.
#[derive(Debug)]
pub(super) struct Part {
    pub what: What,
    pub span: Span,
}

#[derive(Debug)]
pub(super) enum What {
    Connective(Connective),
    Group(Vec<Part>),
    /// Nothing where the operand is wrong; that it stands here still counts.
    Operand(Vec<Item>),
}

impl Part {
    fn into_items(self) -> Vec<Item> {
        match self.what {
            What::Connective(Connective::And) => vec![Item::And],
            What::Connective(Connective::Or) => vec![Item::Or],
            What::Connective(Connective::Not) => vec![Item::Not],
            What::Group(parts) => {
                let items = parts.into_iter().flat_map(Self::into_items);
                vec![Item::Group(items.collect())]
            }
            What::Operand(items) => items,
        }
    }
}

struct Parser<'t> {
    meaning: Meaning<'t>,
    problems: Vec<Problem>,
}

impl Parser<'_> {
    fn parts(&mut self, nodes: &[Node]) -> Vec<Part> {
        nodes
            .iter()
            .filter_map(|node| {
                let what = self.what(node)?;
                let span = node.span();
                Some(Part { what, span })
            })
            .collect()
    }

    /// What a node is; nothing where it is an empty text.
    fn what(&mut self, node: &Node) -> Option<What> {
        let Meaning { text, config, .. } = self.meaning;
        match node {
            Node::Connective(word, span) => {
                if !config.allow_boolean {
                    self.problems
                        .push(mend::boolean_not_allowed(*word, *span, text));
                    return None;
                }
                Some(What::Connective(*word))
            }
            Node::Group(group) => {
                let parts = self.parts(&group.nodes);
                if config.allow_boolean {
                    return Some(What::Group(parts));
                }
                // Where there are no groups, the parenthesis itself is looked for.
                self.free_text(RawText {
                    span: group.span,
                    quoted: false,
                })
            }
            Node::Text(raw) => self.free_text(*raw),
            Node::Filter(filter) => Some(What::Operand(match self.meaning.filter(filter) {
                Ok(item) => vec![item],
                Err(problem) => {
                    self.problems.push(problem);
                    Vec::new()
                }
            })),
        }
    }

    fn free_text(&self, raw: RawText) -> Option<What> {
        let Meaning { text, config, .. } = self.meaning;
        let value = if raw.quoted {
            self.meaning.text(raw)
        } else {
            TextValue::bare(raw.span.of(text))
        };
        if value.text.is_empty() {
            return None;
        }
        Some(What::Operand(vec![Item::Filter(Filter {
            key: Key::name(config.free_text_key),
            op: Op::Equal,
            value: Value::Text(value),
            free_text: true,
            span: raw.span,
            key_span: Span::before(raw.span.start),
            value_span: raw.span,
        })]))
    }
}
