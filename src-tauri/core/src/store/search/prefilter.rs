//! What an issue must have for a condition to hold, as far as an index knows: a superset of the hits, found without
//! looking at events.

use super::people::Stands;
use super::sql::{Dialect, Sql};
use super::text::like_literal;
use crate::model::{Term, fold, has_terms, tells_who};
use crate::search::{Condition, EventTest, TextField, TextTest};
use crate::store::column::storable;

/// Shorter texts have no entry in the index.
const TRIGRAM: usize = 3;
/// So many of a text's entries are asked for; with more, asking costs more than looking.
const MOST_TRIGRAMS: usize = 6;

/// What an issue must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// One of these terms.
    Terms(Vec<Term>),
    /// A text that contains all of these, in lower case.
    Texts(Vec<String>),
    /// All of these.
    All(Vec<Need>),
    /// One of these.
    Any(Vec<Need>),
}

impl Need {
    /// What a condition needs; nothing where no index helps. `stands`: what stands for its terms.
    pub fn of(condition: &Condition, stands: &Stands) -> Option<Self> {
        let of = |part| Self::of(part, stands);
        match condition {
            Condition::All(parts) => {
                let mut needs: Vec<_> = parts.iter().filter_map(of).collect();
                match needs.len() {
                    0 | 1 => needs.pop(),
                    _ => Some(Self::All(needs)),
                }
            }
            Condition::Any(parts) => {
                let needs: Option<Vec<_>> = parts.iter().map(of).collect();
                needs.filter(|needs| !needs.is_empty()).map(Self::Any)
            }
            Condition::Event(test) => of_event(test, stands),
            Condition::Not(_) | Condition::Issue(_) | Condition::Sum(_) => None,
        }
    }
}

fn of_event(test: &EventTest, stands: &Stands) -> Option<Need> {
    match test {
        EventTest::Text(field, tests) => {
            let (key, is_tag) = key(field)?;
            exact_terms(key, is_tag, tests, stands)
        }
        EventTest::HasText(field) => {
            let (key, is_tag) = key(field)?;
            has_terms(key, is_tag).then(|| Need::Terms(vec![Term::of_key(key)]))
        }
        EventTest::Element(list, tests) => exact_terms(list, false, tests, stands),
        EventTest::Contains(test) => {
            let pieces: Vec<String> = match test {
                TextTest::Is(text) => vec![fold(text)],
                TextTest::Like(pattern) => pattern.pieces.iter().map(|piece| fold(piece)).collect(),
            };
            let long = pieces
                .into_iter()
                .filter(|piece| piece.chars().count() >= TRIGRAM);
            let long: Vec<_> = long.collect();
            (!long.is_empty()).then_some(Need::Texts(long))
        }
        _ => None,
    }
}

/// The key under which a text has terms, and whether it is a tag.
pub(super) fn key(field: &TextField) -> Option<(&str, bool)> {
    match field {
        TextField::Tag(name) => Some((name, true)),
        TextField::Field(name) => Some((name, false)),
        TextField::Context(name) => Some((name, false)),
        TextField::Environment => Some(("environment", false)),
        TextField::Release => Some(("release", false)),
        TextField::User => Some(("user", false)),
        TextField::UserDisplay => None,
    }
}

/// Appends the terms of the texts in `condition` that tell who a user is.
pub(super) fn parts_of_people(condition: &Condition, parts: &mut Vec<Term>) {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            for condition in conditions {
                parts_of_people(condition, parts);
            }
        }
        Condition::Event(EventTest::Text(field, tests)) => {
            if let Some((key, _)) = key(field).filter(|(key, _)| tells_who(key)) {
                parts.extend(tests.iter().filter_map(|test| exact_term(key, test)));
            }
        }
        Condition::Event(_) | Condition::Not(_) | Condition::Issue(_) | Condition::Sum(_) => {}
    }
}

fn exact_terms(key: &str, is_tag: bool, tests: &[TextTest], stands: &Stands) -> Option<Need> {
    if !has_terms(key, is_tag) {
        return None;
    }
    let terms: Option<Vec<_>> = tests
        .iter()
        .map(|test| stands.with(exact_term(key, test)?))
        .collect();
    Some(Need::Terms(terms?.concat()))
}

/// The term of exactly this text; nothing where there is none to rely on.
pub(super) fn exact_term(key: &str, test: &TextTest) -> Option<Term> {
    match test {
        // A missing text is the empty text, which only the environment has a term for.
        TextTest::Is(text) if text.is_empty() && key != "environment" => None,
        // Terms are made of texts as they are stored.
        TextTest::Is(text) => Some(Term::of(key, &storable(text))),
        TextTest::Like(_) => None,
    }
}

/// Appends that the issue has what is needed. `search_term` by its terms, `search_text` by its trigrams.
pub(super) fn push(sql: &mut Sql, need: &Need) {
    match need {
        Need::All(needs) => push_all(sql, needs),
        Need::Any(needs) => {
            sql.joined(needs, " OR ", "1 = 0", push);
        }
        Need::Terms(_) | Need::Texts(_) => {
            sql.push("i.id IN (");
            issues(sql, need);
            sql.push(")");
        }
    }
}

/// Appends that the issue has all of these.
pub(super) fn push_all(sql: &mut Sql, needs: &[Need]) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.joined(needs, " AND ", "1 = 1", push);
        }
        Dialect::Postgres => {
            let (terms, others): (Vec<&Need>, Vec<&Need>) = needs
                .iter()
                .partition(|need| matches!(need, Need::Terms(_)));
            if !terms.is_empty() {
                // What they have in common is one list. PostgreSQL cannot tell how many issues have a term, and joins
                // one list after the other: it has sorted the second one anew for every issue of the first.
                sql.push("i.id IN ")
                    .joined(terms, " INTERSECT ", "", issues)
                    .push(" AND ");
            }
            sql.joined(others, " AND ", "1 = 1", push);
        }
    }
}

/// Appends a statement that answers the issues with a term or a text.
pub(super) fn issues(sql: &mut Sql, need: &Need) {
    match need {
        Need::Terms(terms) => {
            sql.push("SELECT h.issue_id FROM search_term AS h WHERE h.term IN ");
            match sql.dialect {
                Dialect::Sqlite => {
                    let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
                    sql.words(terms.iter().map(String::as_str))
                }
                Dialect::Postgres => sql.integers(terms.iter().map(|term| term.number())),
            };
        }
        Need::Texts(texts) => texts_of(sql, texts),
        Need::All(_) | Need::Any(_) => {}
    }
}

fn texts_of(sql: &mut Sql, texts: &[String]) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("SELECT x.issue_id FROM search_text_fts(")
                .word(&trigrams(texts))
                .push(") AS q CROSS JOIN search_text AS x ON x.id = q.rowid WHERE ");
        }
        Dialect::Postgres => {
            sql.push("SELECT x.issue_id FROM search_text AS x WHERE ");
        }
    }
    holds(sql, texts);
}

/// Appends that the text `x` holds all of these.
pub(super) fn holds(sql: &mut Sql, texts: &[String]) {
    sql.joined(texts, " AND ", "1 = 1", |sql, text| match sql.dialect {
        Dialect::Sqlite => {
            sql.push("instr(x.text, ").word(text).push(") > 0");
        }
        Dialect::Postgres => {
            let like = format!("%{}%", like_literal(text));
            sql.push("x.text LIKE ").word(&like).push(r" ESCAPE '\'");
        }
    });
}

/// The full-text query for texts that hold all of these: some of their trigrams, spread over the text.
pub(super) fn trigrams(texts: &[String]) -> String {
    let mut query = String::new();
    for text in texts {
        let characters: Vec<char> = text.chars().collect();
        let windows: Vec<&[char]> = characters.windows(TRIGRAM).collect();
        let step = windows.len().div_ceil(MOST_TRIGRAMS).max(1);
        for window in windows.into_iter().step_by(step) {
            if !query.is_empty() {
                query.push_str(" AND ");
            }
            let trigram: String = window.iter().collect();
            query.push('"');
            query.push_str(&trigram.replace('"', "\"\""));
            query.push('"');
        }
    }
    query
}
