//! What a single event must have for a condition to hold, as far as the bits of its terms know: a superset of the events
//! that match, found in the index that leads to them.
//!
//! An issue with all terms of a search may have them in different events. Here each of its events is asked for all of them
//! at once, before its facts are looked at.

use super::prefilter::{exact_term, key};
use super::sql::{Dialect, Sql};
use crate::model::{TermBits, has_terms};
use crate::search::{Condition, EventTest, Plan, TextTest};

/// Of more sets than this nearly every event has one.
const MOST_SETS: usize = 8;

/// The bits an event must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bits {
    /// These.
    Set(TermBits),
    /// All of these.
    All(Vec<Bits>),
    /// One of these.
    Any(Vec<Bits>),
}

impl Bits {
    /// What a condition asks of the bits; nothing where they do not help.
    pub fn of(condition: &Condition) -> Option<Self> {
        match condition {
            Condition::All(parts) => all(parts.iter().filter_map(Self::of)),
            Condition::Any(parts) => any(parts.iter().map(Self::of)),
            Condition::Event(EventTest::Text(field, tests)) => {
                let (key, is_tag) = key(field)?;
                exact(key, is_tag, tests)
            }
            Condition::Event(EventTest::Element(list, tests)) => exact(list, false, tests),
            Condition::Event(_) | Condition::Not(_) | Condition::Issue(_) | Condition::Sum(_) => {
                None
            }
        }
    }

    fn push(&self, sql: &mut Sql) {
        match self {
            // Numbers are never negative: what has all bits of a set is no less than the set. PostgreSQL expects a third of
            // the events of that, and only one in two hundred of an equation.
            Self::Set(bits) => {
                sql.push("coalesce(o.term_bits, -1) & ")
                    .integer(bits.number())
                    .push(" >= ")
                    .integer(bits.number());
            }
            Self::All(parts) => {
                sql.joined(parts, " AND ", "1 = 1", |sql, part| part.push(sql));
            }
            Self::Any(parts) => {
                sql.joined(parts, " OR ", "1 = 0", |sql, part| part.push(sql));
            }
        }
    }
}

/// All of these, with the sets that each event must have made one.
fn all(parts: impl Iterator<Item = Bits>) -> Option<Bits> {
    let mut set: Option<TermBits> = None;
    let mut others = Vec::new();
    for part in parts {
        match part {
            Bits::Set(bits) => set = Some(set.unwrap_or_default().with(bits)),
            other => others.push(other),
        }
    }
    let mut parts: Vec<Bits> = set.map(Bits::Set).into_iter().chain(others).collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Bits::All(parts)),
    }
}

/// One of these, where each helps and they are not too many.
fn any(parts: impl Iterator<Item = Option<Bits>>) -> Option<Bits> {
    let mut parts: Vec<Bits> = parts.take(MOST_SETS + 1).collect::<Option<_>>()?;
    match parts.len() {
        0 | 1 => parts.pop(),
        2..=MOST_SETS => Some(Bits::Any(parts)),
        _ => None,
    }
}

/// The bits of texts are those of the terms themselves: what stands for the terms of a person does so for issues.
fn exact(key: &str, is_tag: bool, tests: &[TextTest]) -> Option<Bits> {
    if !has_terms(key, is_tag) {
        return None;
    }
    any(tests.iter().map(|test| {
        let term = exact_term(key, test)?;
        Some(Bits::Set(TermBits::of(&[term])))
    }))
}

/// Appends ` AND` the event `o` has the bits that the condition asks for. `occurrence_by_issue`, which holds them.
pub(super) fn with(sql: &mut Sql, condition: &Condition) {
    if let Some(bits) = Bits::of(condition) {
        sql.push(" AND ");
        bits.push(sql);
    }
}

/// Appends ` AND` the event `o` has the bits of a selected environment. Only in SQLite: PostgreSQL reads the row of an event
/// whose environment is asked for anyway, and the environment stands there.
pub(super) fn in_environments(sql: &mut Sql, plan: &Plan) {
    if sql.dialect == Dialect::Postgres {
        return;
    }
    if let Some(environments) = &plan.environments {
        let tests: Vec<TextTest> = environments.iter().cloned().map(TextTest::Is).collect();
        if let Some(bits) = exact("environment", false, &tests) {
            sql.push(" AND ");
            bits.push(sql);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;
    use crate::query::Pattern;
    use crate::search::TextField;

    fn text(field: TextField, values: &[&str]) -> Condition {
        let tests = values.iter().map(|value| TextTest::Is((*value).to_owned()));
        Condition::Event(EventTest::Text(field, tests.collect()))
    }

    fn tag(name: &str, values: &[&str]) -> Condition {
        text(TextField::Tag(name.to_owned()), values)
    }

    fn set(terms: &[(&str, &str)]) -> Bits {
        let terms = terms.iter().map(|(key, value)| Term::of(key, value));
        Bits::Set(TermBits::of(&terms.collect::<Vec<_>>()))
    }

    #[test]
    fn what_every_event_must_have_is_one_set() {
        let condition = Condition::All(vec![
            tag("browser", &["Firefox"]),
            Condition::All(vec![text(TextField::User, &["id:7"])]),
            Condition::Not(Box::new(tag("region", &["us"]))),
            text(TextField::Field("level"), &["error"]),
        ]);
        let expected = set(&[("browser", "Firefox"), ("user", "id:7"), ("level", "error")]);
        assert_eq!(Bits::of(&condition), Some(expected));
    }

    #[test]
    fn of_several_values_an_event_has_one() {
        let condition = Condition::All(vec![
            tag("browser", &["Firefox", "Opera"]),
            tag("region", &["us"]),
        ]);
        let browsers = vec![set(&[("browser", "Firefox")]), set(&[("browser", "Opera")])];
        let expected = Bits::All(vec![set(&[("region", "us")]), Bits::Any(browsers)]);
        assert_eq!(Bits::of(&condition), Some(expected));
        // Nearly every event has one of many.
        let many: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(Bits::of(&tag("n", &many[..MOST_SETS])).is_some());
        assert_eq!(Bits::of(&tag("n", &many)), None);
    }

    #[test]
    fn a_choice_helps_where_all_of_it_does() {
        let (one, other) = (tag("browser", &["Firefox"]), tag("region", &["us"]));
        let choice = Condition::Any(vec![one.clone(), other]);
        let sets = vec![set(&[("browser", "Firefox")]), set(&[("region", "us")])];
        assert_eq!(Bits::of(&choice), Some(Bits::Any(sets)));
        let open = Condition::Any(vec![one, Condition::everything()]);
        assert_eq!(Bits::of(&open), None);
        assert_eq!(Bits::of(&Condition::Any(Vec::new())), None);
    }

    #[test]
    fn what_has_no_terms_says_nothing() {
        let pattern = TextTest::Like(Pattern {
            pieces: vec!["Fire".to_owned(), String::new()],
        });
        let browser = TextField::Tag("browser".to_owned());
        for condition in [
            Condition::everything(),
            Condition::Not(Box::new(tag("browser", &["Firefox"]))),
            Condition::Event(EventTest::Text(browser.clone(), vec![pattern.clone()])),
            Condition::Event(EventTest::Text(
                browser.clone(),
                vec![TextTest::Is("a".to_owned()), pattern],
            )),
            Condition::Event(EventTest::HasText(browser)),
            tag("browser", &[""]),
            tag("browser", &["Firefox", ""]),
            text(TextField::Field("title"), &["one"]),
            text(TextField::UserDisplay, &["somebody"]),
            text(TextField::Release, &[""]),
        ] {
            assert_eq!(Bits::of(&condition), None, "{condition:?}");
        }
        // An event without an environment is in the unnamed one, which has a term.
        let unnamed = text(TextField::Environment, &[""]);
        assert_eq!(Bits::of(&unnamed), Some(set(&[("environment", "")])));
    }

    #[test]
    fn values_are_asked_for_as_they_are_stored() {
        let asked = tag("browser", &["a\0b"]);
        assert_eq!(Bits::of(&asked), Some(set(&[("browser", "a\u{fffd}b")])));
        let elements = EventTest::Element("error.type", vec![TextTest::Is("KeyError".to_owned())]);
        let expected = set(&[("error.type", "KeyError")]);
        assert_eq!(Bits::of(&Condition::Event(elements)), Some(expected));
    }

    #[test]
    fn sets_are_bound() {
        let mut sql = Sql::new(Dialect::Postgres);
        with(&mut sql, &tag("browser", &["Firefox", "Opera"]));
        assert_eq!(
            sql.text,
            " AND (coalesce(o.term_bits, -1) & $1 >= $2 OR coalesce(o.term_bits, -1) & $3 >= $4)"
        );
        assert_eq!(sql.binds[0], sql.binds[1]);
        let mut sql = Sql::new(Dialect::Sqlite);
        with(&mut sql, &Condition::everything());
        assert_eq!(sql.text, "");
    }
}
