//! Who stands for whom: an issue has one term for everything that tells who a user is (user, its id, e-mail and name),
//! and the store says once what that term stands for.

use super::ask::Ask;
use super::prefilter;
use super::sql::{Dialect, Sql};
use crate::model::Term;
use crate::search::Condition;
use crate::store::StoreError;
use std::collections::HashMap;

/// A text that more people than this have in common is not looked up: it narrows next to nothing.
const MOST_PEOPLE: i64 = 1_000;

/// The terms that stand for the terms of a condition.
#[derive(Debug, Default)]
pub(super) struct Stands(HashMap<Term, Option<Vec<Term>>>);

impl Stands {
    /// Asks for those of every text in `condition` that tells who a user is.
    pub async fn of(ask: &mut impl Ask, condition: &Condition) -> Result<Self, StoreError> {
        let mut parts = Vec::new();
        prefilter::parts_of_people(condition, &mut parts);
        Self::of_parts(ask, parts).await
    }

    /// Asks for those of these terms.
    pub async fn of_parts(ask: &mut impl Ask, parts: Vec<Term>) -> Result<Self, StoreError> {
        let mut stands = HashMap::new();
        for part in parts {
            let mut sql = ask.statement();
            wholes(&mut sql, part);
            let rows: Vec<(i64,)> = ask.ask(sql).await?;
            let is_whole = rows.len() as u64 <= MOST_PEOPLE.unsigned_abs();
            let terms = rows.into_iter().map(|(number,)| Term::numbered(number));
            stands.insert(part, is_whole.then(|| terms.collect()));
        }
        Ok(Self(stands))
    }

    /// The terms of which an event has one that has this one; nothing where there are too many.
    pub fn with(&self, term: Term) -> Option<Vec<Term>> {
        let mut terms = vec![term];
        if let Some(stands) = self.0.get(&term) {
            terms.extend(stands.as_ref()?);
        }
        Some(terms)
    }
}

/// `search_person` by the first part of its key; in SQLite its full-text index.
fn wholes(sql: &mut Sql, part: Term) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push("SELECT q.rowid FROM search_person_fts(")
                .word(&part.to_string())
                .push(") AS q");
        }
        Dialect::Postgres => {
            sql.push("SELECT p.whole FROM search_person AS p WHERE p.part = ")
                .integer(part.number());
        }
    }
    sql.push(" LIMIT ").integer(MOST_PEOPLE + 1);
}
