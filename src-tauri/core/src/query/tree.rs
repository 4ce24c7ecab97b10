//! A search as it was typed, and as it is evaluated (search spec, sections 6.1 and 6.2).

use super::filter::Filter;
use serde_json::{Value as Json, json};

/// A search text that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What was typed, in order.
    pub items: Vec<Item>,
}

impl Query {
    /// The form that is evaluated.
    #[must_use]
    pub fn tree(&self) -> Node {
        Node::of(&self.items)
    }

    /// The JSON form of search spec 6.1.
    #[must_use]
    pub fn to_json(&self) -> Json {
        to_json(&self.items)
    }
}

/// A part of a search, as typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// One condition.
    Filter(Filter),
    /// A date without an operator: the two filters of the range it means. They are one item to what stands around them.
    Range(Box<[Filter; 2]>),
    /// A group in parentheses.
    Group(Vec<Item>),
    /// AND.
    And,
    /// OR.
    Or,
    /// NOT, for the one item after it.
    Not,
}

/// The JSON form of search spec 6.1.
#[must_use]
pub fn to_json(items: &[Item]) -> Json {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::Filter(filter) => list.push(filter.to_json()),
            Item::Range(filters) => list.extend(filters.iter().map(Filter::to_json)),
            Item::Group(items) => list.push(json!({ "group": to_json(items) })),
            Item::And => list.push(json!("AND")),
            Item::Or => list.push(json!("OR")),
            Item::Not => list.push(json!("NOT")),
        }
    }
    Json::Array(list)
}

/// A search in normal form. `All` never stands directly in `All`, nor `Not` in `Not`, and a list of one is its element.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// All of these; none at all is true.
    All(Vec<Node>),
    /// Any of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// One condition.
    Filter(Filter),
}

impl Node {
    /// The normal form of a search. NOT binds most tightly, then AND, written or not, then OR.
    #[must_use]
    pub fn of(items: &[Item]) -> Self {
        let mut alternatives: Vec<Self> = items
            .split(|item| *item == Item::Or)
            .map(|chain| Self::all(operands(chain)))
            .collect();
        match alternatives.pop() {
            Some(only) if alternatives.is_empty() => only,
            Some(last) => {
                alternatives.push(last);
                Self::Any(alternatives)
            }
            None => Self::All(Vec::new()),
        }
    }

    /// All of these, in normal form.
    #[must_use]
    pub fn all(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for node in nodes {
            match node {
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 {
            return flat.remove(0);
        }
        Self::All(flat)
    }

    /// The opposite, in normal form.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The top-level terms: the operands of the outermost AND.
    #[must_use]
    pub fn terms(&self) -> &[Self] {
        match self {
            Self::All(nodes) => nodes,
            only => std::slice::from_ref(only),
        }
    }

    /// The filters among the top-level terms.
    pub fn top_filters(&self) -> impl Iterator<Item = &Filter> {
        self.terms().iter().filter_map(|term| match term {
            Self::Filter(filter) => Some(filter),
            _ => None,
        })
    }

    /// Every filter, wherever it stands, in the order typed.
    #[must_use]
    pub fn filters(&self) -> Vec<&Filter> {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().flat_map(Self::filters).collect(),
            Self::Not(node) => node.filters(),
            Self::Filter(filter) => vec![filter],
        }
    }

    /// Items with this normal form, with as few groups as possible.
    #[must_use]
    pub fn to_items(&self) -> Vec<Item> {
        match self {
            Self::All(nodes) => nodes
                .iter()
                .flat_map(|node| match node {
                    Self::Any(_) => vec![Item::Group(node.to_items())],
                    other => other.to_items(),
                })
                .collect(),
            Self::Any(nodes) => {
                let alternatives: Vec<_> = nodes
                    .iter()
                    .map(|node| match node {
                        Self::Any(_) => vec![Item::Group(node.to_items())],
                        Self::All(inner) if inner.is_empty() => vec![Item::Group(Vec::new())],
                        other => other.to_items(),
                    })
                    .collect();
                alternatives.join(&Item::Or)
            }
            Self::Not(node) => match &**node {
                Self::Filter(filter) => vec![Item::Not, Item::Filter(filter.clone())],
                inner => vec![Item::Not, Item::Group(inner.to_items())],
            },
            Self::Filter(filter) => vec![Item::Filter(filter.clone())],
        }
    }
}

/// The operands of an AND chain, each with the NOTs before it.
fn operands(chain: &[Item]) -> Vec<Node> {
    let mut operands = Vec::new();
    let mut negated = false;
    for item in chain {
        let operand = match item {
            Item::Not => {
                negated = !negated;
                continue;
            }
            Item::And | Item::Or => continue,
            Item::Filter(filter) => Node::Filter(filter.clone()),
            Item::Range(filters) => Node::all(filters.iter().cloned().map(Node::Filter)),
            Item::Group(items) => Node::of(items),
        };
        operands.push(if negated { operand.negated() } else { operand });
        negated = false;
    }
    operands
}
