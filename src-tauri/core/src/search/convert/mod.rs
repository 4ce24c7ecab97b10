//! Words become ids, filters become conditions (search spec, sections 7.2 to 7.4).

mod event;
mod issue;
mod limits;
mod people;
mod releases;
#[cfg(test)]
mod tests;
mod values;
mod wording;

use super::condition::{Condition, EventTest, Order, SumTest};
use super::known::Known;
use super::window::Bounds;
use crate::model::{Category, GroupType, IssueStatus, Substatus};
use crate::query::{Filter, Key, Node, Op, Problem, ProblemCode, Value};

/// A search that a store can answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What is asked of an issue and one of its events. Filters that only narrow the window are not part of it.
    pub condition: Condition,
    /// Bounds of the window that the text sets.
    pub bounds: Bounds,
    /// Whether issues of the category feedback take part: only where the text names them.
    pub shows_feedback: bool,
    /// Whether some filter asks for an event: the `filtered` numbers of a list exist only then.
    pub asks_events: bool,
    /// The words of the first positive status filter, where *unresolved* is among them (search spec, section 8.2,
    /// step 5).
    pub only_statuses: Option<Vec<i16>>,
}

/// Converts a search in normal form.
///
/// # Errors
/// The first problem, in the order typed.
pub fn convert(tree: &Node, known: &Known) -> Result<Search, Problem> {
    limits::check(tree)?;
    let mut bounds = Bounds::default();
    let mut terms = Vec::new();
    for term in tree.terms() {
        match narrowed(bounds, term)? {
            Some(narrower) => bounds = narrower,
            None => terms.push(condition(term, known)?),
        }
    }
    terms.extend(implied_status(tree)?);
    let condition = Condition::All(terms);
    let filters = tree.filters();
    Ok(Search {
        bounds,
        shows_feedback: filters.iter().any(|filter| names_feedback(filter)),
        asks_events: condition.asks_events() || filters.iter().any(|filter| is_of_event(filter)),
        only_statuses: only_statuses(tree)?,
        condition,
    })
}

/// The parts of a tree, converted in the order typed.
fn condition(node: &Node, known: &Known) -> Result<Condition, Problem> {
    let each = |nodes: &[Node]| -> Result<Vec<_>, Problem> {
        nodes.iter().map(|node| condition(node, known)).collect()
    };
    match node {
        Node::All(nodes) => Ok(Condition::All(each(nodes)?)),
        Node::Any(nodes) => Ok(Condition::Any(each(nodes)?)),
        Node::Not(node) => Ok(condition(node, known)?.negated()),
        Node::Filter(filter) => leaf(filter, known),
    }
}

fn leaf(filter: &Filter, known: &Known) -> Result<Condition, Problem> {
    let name = match &filter.key {
        Key::Aggregate(_) => return Err(no_aggregate(filter)),
        Key::Tag(tag) => return event::tag(filter, tag),
        Key::Name(name) => name.as_str(),
    };
    match name {
        // What everything has.
        "date" | "timestamp" | "times_seen" | "last_seen" | "first_seen"
            if values::asks_empty(filter) =>
        {
            Ok(Condition::everything().negated_if(!filter.op.is_negative()))
        }
        "date" | "timestamp" => {
            let (order, at) = values::instant(filter)?;
            let happened = Condition::Event(EventTest::Happened(order, at));
            Ok(happened.negated_if(filter.op.is_negative()))
        }
        "times_seen" => times_seen(filter),
        "last_seen" => {
            let (order, at) = values::instant(filter)?;
            let seen = Condition::Sum(SumTest::LastSeen(order, at));
            Ok(seen.negated_if(filter.op.is_negative()))
        }
        _ => match issue::condition(name, filter, known)? {
            Some(condition) => Ok(condition),
            None => event::condition(name, filter, known),
        },
    }
}

fn no_aggregate(filter: &Filter) -> Problem {
    values::problem(
        ProblemCode::AggregateNotAllowed,
        filter,
        format!(
            "`{}` is computed over many events, which a search for issues does not do. `times_seen` and `last_seen` are.",
            filter.key
        ),
    )
}

fn times_seen(filter: &Filter) -> Result<Condition, Problem> {
    let tests = values::numbers(filter)?.into_iter();
    let tests = tests.map(|(order, number)| Condition::Sum(SumTest::TimesSeen(order, number)));
    Ok(values::any(tests).negated_if(filter.op.is_negative()))
}

/// The window as a term narrows it, where it is a bound for `date` or `timestamp` (search spec, section 5.2). To be at a
/// time, or not at it, is asked of the event.
fn narrowed(bounds: Bounds, term: &Node) -> Result<Option<Bounds>, Problem> {
    let Node::Filter(filter) = term else {
        return Ok(None);
    };
    let is_on_time = filter.key.is("date") || filter.key.is("timestamp");
    if !is_on_time || values::asks_empty(filter) {
        return Ok(None);
    }
    let (order, at) = values::instant(filter)?;
    Ok(match order {
        Order::Greater | Order::GreaterOrEqual => Some(bounds.since(at)),
        Order::Less | Order::LessOrEqual => Some(bounds.until(at)),
        Order::Equal => None,
    })
}

/// A substatus says which status is meant, where nothing else does (search spec, section 7.4).
fn implied_status(tree: &Node) -> Result<Option<Condition>, Problem> {
    if tree.top_filters().any(|filter| filter.key.is("status")) {
        return Ok(None);
    }
    let mut of_substatus: Vec<&Filter> = tree
        .top_filters()
        .filter(|filter| filter.key.is("substatus"))
        .collect();
    // Positive ones first, else in their order.
    of_substatus.sort_by_key(|filter| filter.op.is_negative());
    let Some(deciding) = of_substatus.first() else {
        return Ok(None);
    };
    let Some(first) = issue::substatuses(deciding)?.first().copied() else {
        return Ok(None);
    };
    let is_archived = Substatus::from_number(first)
        .is_some_and(|substatus| IssueStatus::Ignored.allows(Some(substatus)));
    let status = if is_archived {
        IssueStatus::Ignored
    } else {
        IssueStatus::Unresolved
    };
    let test = super::condition::IssueTest::Status(vec![status.number()]);
    Ok(Some(
        Condition::Issue(test).negated_if(deciding.op.is_negative()),
    ))
}

/// What the language asks of events (search spec, section 7.2) and the issue can answer for all of its own.
fn is_of_event(filter: &Filter) -> bool {
    const KEYS: [&str; 6] = [
        "project",
        "project.name",
        "project.id",
        "project_id",
        "issue",
        "issue.id",
    ];
    KEYS.iter().any(|key| filter.key.is(key))
}

/// Feedback has a place of its own and is listed only where it is asked for by name.
fn names_feedback(filter: &Filter) -> bool {
    if filter.op.is_negative() {
        return false;
    }
    let mut words = filter.value.each().iter().filter_map(Value::as_text);
    if filter.key.is("issue.category") {
        words.any(|word| word.text.eq_ignore_ascii_case(Category::Feedback.as_str()))
    } else if filter.key.is("issue.type") {
        words.any(|word| {
            GroupType::by_slug(&word.text)
                .is_some_and(|group_type| group_type.category == Category::Feedback)
        })
    } else {
        false
    }
}

fn only_statuses(tree: &Node) -> Result<Option<Vec<i16>>, Problem> {
    let first = tree
        .top_filters()
        .find(|filter| filter.key.is("status") && !filter.op.is_negative());
    let Some(filter) = first else {
        return Ok(None);
    };
    let statuses = issue::statuses(filter)?;
    let unresolved = IssueStatus::Unresolved.number();
    Ok(statuses.contains(&unresolved).then_some(statuses))
}

/// The comparison an operator asks for; a negation is left to the caller.
fn order(op: Op) -> Order {
    match op {
        Op::Equal | Op::NotEqual | Op::In | Op::NotIn => Order::Equal,
        Op::Greater => Order::Greater,
        Op::GreaterOrEqual => Order::GreaterOrEqual,
        Op::Less => Order::Less,
        Op::LessOrEqual => Order::LessOrEqual,
    }
}
