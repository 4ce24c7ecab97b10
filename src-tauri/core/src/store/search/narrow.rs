//! How the beginning of a list uses what an index says. Whether listing what the index knows or asking it issue by
//! issue is cheaper depends on how common it is, and the two differ by a factor of thousands at both ends: a word that
//! half of a million issues have takes a second to list, and an issue that has it is found at the second look; one that
//! ten issues have is listed at once, and found by asking after a hundred thousand looks.

use super::ask::Ask;
use super::prefilter::{self, Need};
use super::sql::{Dialect, Sql};
use crate::search::Condition;
use crate::store::StoreError;

/// So many rows of an index are listed. Up to here listing them, and putting the issues in order, takes less time than
/// finding a page of a hundred by asking.
const FEW: i64 = 20_000;

/// How a list is narrowed down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// No index helps.
    No,
    /// Few issues have this, and every hit does.
    Few(Need),
    /// Many issues have each of these, and every hit has all of them.
    Many(Vec<Need>),
}

impl Narrowing {
    /// The narrowing of a condition. A few rows of each index are counted.
    pub async fn of(ask: &mut impl Ask, condition: &Condition) -> Result<Self, StoreError> {
        let parts = match Need::of(condition) {
            None => return Ok(Self::No),
            Some(Need::All(parts)) => parts,
            Some(only) => vec![only],
        };
        let mut rarest: Option<(u64, &Need)> = None;
        for part in &parts {
            let rows = rows(ask, part).await?;
            if rarest.is_none_or(|(least, _)| rows < least) {
                rarest = Some((rows, part));
            }
            if rows == 0 {
                break;
            }
        }
        Ok(match rarest {
            Some((rows, part)) if rows <= FEW.unsigned_abs() => Self::Few(part.clone()),
            _ => Self::Many(parts),
        })
    }

    /// Appends the issues to look at, as `i`.
    pub fn from(&self, sql: &mut Sql) {
        match self {
            Self::Few(need) => issues_with(sql, need),
            Self::No | Self::Many(_) => {
                sql.push("issue AS i");
            }
        }
    }

    /// Appends the issues to look at in whatever order an index has them, as `i`.
    pub fn candidates(&self, sql: &mut Sql) {
        match self {
            Self::Many(needs) if !needs.is_empty() => issues_with(sql, &needs[0]),
            _ => self.from(sql),
        }
    }

    /// Appends ` AND` the issue is one of those that an index knows, for statements that answer all hits.
    pub fn within(&self, sql: &mut Sql) {
        match self {
            Self::No => {}
            Self::Few(need) => {
                sql.push(" AND ");
                prefilter::push(sql, need);
            }
            Self::Many(needs) => {
                sql.push(" AND ")
                    .joined(needs, " AND ", "1 = 1", prefilter::push);
            }
        }
    }

    /// Appends ` AND` what has to be asked of each of them.
    pub fn ask_each(&self, sql: &mut Sql) {
        if let Self::Many(needs) = self {
            sql.push(" AND ").joined(needs, " AND ", "1 = 1", has);
        }
    }
}

/// The issues that have what is needed, each once, as `i`.
fn issues_with(sql: &mut Sql, need: &Need) {
    sql.push("(SELECT DISTINCT n.issue_id FROM (");
    listed(sql, need);
    sql.push(") AS n) AS n ")
        .push_either("CROSS JOIN", "JOIN")
        .push(" issue AS i ON i.id = n.issue_id");
}

/// Rows that an index has for what is needed, at most one more than are few.
async fn rows(ask: &mut impl Ask, need: &Need) -> Result<u64, StoreError> {
    let mut leaves = Vec::new();
    superset(need, &mut leaves);
    let mut rows = 0;
    for leaf in leaves {
        let mut sql = ask.statement();
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ");
        entries(&mut sql, leaf);
        sql.push(" LIMIT ").integer(FEW + 1).push(") AS r");
        rows += ask.count(sql).await?;
        if rows > FEW.unsigned_abs() {
            break;
        }
    }
    Ok(rows)
}

/// Leaves of which every hit has one.
fn superset<'a>(need: &'a Need, leaves: &mut Vec<&'a Need>) {
    match need {
        Need::Any(needs) => needs.iter().for_each(|need| superset(need, leaves)),
        // Any of them will do.
        Need::All(needs) => needs.iter().take(1).for_each(|need| superset(need, leaves)),
        Need::Terms(_) | Need::Texts(_) => leaves.push(need),
    }
}

/// The entries of an index, as a table with a condition. In SQLite those of merged issues' terms are left out.
fn entries(sql: &mut Sql, leaf: &Need) {
    match (leaf, sql.dialect) {
        (Need::Terms(terms), Dialect::Sqlite) => {
            sql.push("search_term_fts(")
                .word(&match_terms(terms))
                .push(")");
        }
        (Need::Terms(terms), Dialect::Postgres) => {
            sql.push("search_term AS h WHERE h.term IN ")
                .integers(terms.iter().map(|term| term.number()));
        }
        (Need::Texts(texts), Dialect::Sqlite) => {
            sql.push("search_text_fts(")
                .word(&prefilter::trigrams(texts))
                .push(")");
        }
        (Need::Texts(texts), Dialect::Postgres) => {
            sql.push("search_text AS x WHERE ");
            prefilter::holds(sql, texts);
        }
        (Need::All(_) | Need::Any(_), _) => {}
    }
}

/// The full-text query for one of some terms. An empty query is none; an empty phrase is one that nothing answers.
fn match_terms(terms: &[crate::model::Term]) -> String {
    if terms.is_empty() {
        return "\"\"".to_owned();
    }
    let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
    terms.join(" OR ")
}

/// Statements that answer the issues which have what is needed, repetitions and all.
fn listed(sql: &mut Sql, need: &Need) {
    let mut leaves = Vec::new();
    superset(need, &mut leaves);
    for (place, leaf) in leaves.into_iter().enumerate() {
        if place > 0 {
            sql.push(" UNION ALL ");
        }
        prefilter::issues(sql, leaf);
    }
}

/// Appends that issue `i` has what is needed, to be asked of one issue after the other: `search_text` by the first part
/// of its unique (issue_id, hash); `search_term` by its key, in SQLite by the rows of the issue.
fn has(sql: &mut Sql, need: &Need) {
    match (need, sql.dialect) {
        (Need::All(needs), _) => {
            sql.joined(needs, " AND ", "1 = 1", has);
        }
        (Need::Any(needs), _) => {
            sql.joined(needs, " OR ", "1 = 0", has);
        }
        (Need::Texts(texts), _) => {
            sql.push("EXISTS (SELECT 1 FROM search_text AS x WHERE x.issue_id = i.id AND ");
            prefilter::holds(sql, texts);
            sql.push(")");
        }
        (Need::Terms(terms), Dialect::Postgres) => {
            sql.push(
                "EXISTS (SELECT 1 FROM search_term AS h WHERE h.issue_id = i.id AND h.term IN ",
            )
            .integers(terms.iter().map(|term| term.number()))
            .push(")");
        }
        (Need::Terms(terms), Dialect::Sqlite) => {
            let terms = match_terms(terms);
            // A row of an issue has its number in the bits above the thirtieth.
            sql.push("(EXISTS (SELECT 1 FROM search_term_fts(")
                .word(&terms)
                .push(
                    ") AS q WHERE q.rowid BETWEEN i.id << 30 AND (i.id << 30) + 1073741823) \
                     OR EXISTS (SELECT 1 FROM search_heir AS r CROSS JOIN search_term_fts(",
                )
                .word(&terms)
                .push(
                    ") AS q WHERE r.issue_id = i.id \
                     AND q.rowid BETWEEN r.from_id << 30 AND (r.from_id << 30) + 1073741823))",
                );
        }
    }
}
