//! What an index has for a term or a text, as far as it is asked for.

use super::ask::Ask;
use super::prefilter::{self, Need};
use super::sql::{Dialect, Sql};
use crate::model::Term;
use crate::store::StoreError;

/// Which rows of an index come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Whichever it reads without a sort: the newest, which are most likely in the time that is asked for, but of terms in
    /// PostgreSQL.
    Any,
    /// The newest.
    Newest,
}

/// At most `limit` rows that an index has for a leaf, and those of issues that have taken over terms of these: issues,
/// repetitions and all; in SQLite, of texts in place of issues. `search_term` by its terms, `search_text` by its
/// trigrams.
pub(super) async fn rows(
    ask: &mut impl Ask,
    leaf: &Need,
    limit: i64,
    order: Order,
) -> Result<Vec<i64>, StoreError> {
    let mut sql = ask.statement();
    push(&mut sql, leaf, limit, order);
    ask.ids(sql).await
}

/// The issues of such rows, repetitions and all. `search_text` by its key.
pub(super) async fn issues(
    ask: &mut impl Ask,
    leaf: &Need,
    rows: Vec<i64>,
) -> Result<Vec<i64>, StoreError> {
    let (Need::Texts(texts), Dialect::Sqlite) = (leaf, ask.dialect()) else {
        return Ok(rows);
    };
    let mut sql = ask.statement();
    list_of(&mut sql);
    sql.push("SELECT x.issue_id AS id FROM search_text AS x WHERE x.id")
        .one_of(rows)
        .push(" AND ");
    prefilter::holds(&mut sql, texts);
    sql.push(") AS n");
    ask.ids(sql).await
}

/// How many rows an index is likely to have for a leaf, for which it has so many for these issues in [`Order::Any`]: as many
/// for each of `all` issues as for those that it has passed.
pub(super) fn all_rows(
    (leaf, dialect): (&Need, Dialect),
    (rows, issues): (u64, &[i64]),
    all: u64,
) -> u64 {
    let passed = if has_newest_first(leaf, dialect) {
        let oldest = issues.iter().min().map_or(0, |id| id.unsigned_abs());
        all.saturating_add(1).saturating_sub(oldest)
    } else {
        issues.iter().max().map_or(all, |id| id.unsigned_abs())
    };
    rows.saturating_mul(all) / passed.max(1)
}

/// Whether the newest come first in [`Order::Any`]. PostgreSQL would sort all of several terms, and of heirs.
fn has_newest_first(leaf: &Need, dialect: Dialect) -> bool {
    !matches!((leaf, dialect), (Need::Terms(_), Dialect::Postgres))
}

fn push(sql: &mut Sql, leaf: &Need, limit: i64, order: Order) {
    // There a view would read every row of the index for it.
    let is_of_heirs = matches!((leaf, sql.dialect), (Need::Terms(_), Dialect::Sqlite));
    if is_of_heirs {
        sql.push("WITH c AS MATERIALIZED (");
    } else {
        list_of(sql);
    }
    let newest = match (leaf, sql.dialect) {
        (Need::Terms(terms), Dialect::Sqlite) => {
            sql.push("SELECT q.rowid >> 30 AS id FROM search_term_fts(")
                .word(&match_terms(terms))
                .push(") AS q");
            " ORDER BY q.rowid DESC"
        }
        (Need::Terms(terms), Dialect::Postgres) => {
            sql.push("SELECT h.issue_id AS id FROM search_term AS h WHERE h.term IN ")
                .integers(terms.iter().map(|term| term.number()));
            " ORDER BY h.issue_id DESC"
        }
        (Need::Texts(texts), Dialect::Sqlite) => {
            sql.push("SELECT q.rowid AS id FROM search_text_fts(")
                .word(&prefilter::trigrams(texts))
                .push(") AS q");
            " ORDER BY q.rowid DESC"
        }
        (Need::Texts(texts), Dialect::Postgres) => {
            sql.push("SELECT x.issue_id AS id FROM search_text AS x WHERE ");
            prefilter::holds(sql, texts);
            // Where many have it these are read by (issue_id, hash), from its end.
            " ORDER BY x.issue_id DESC"
        }
        (Need::All(_) | Need::Any(_), _) => "",
    };
    if order == Order::Newest || has_newest_first(leaf, sql.dialect) {
        sql.push(newest);
    }
    sql.push(" LIMIT ").integer(limit).push(") ");
    if is_of_heirs {
        list_of(sql);
        sql.push("SELECT c.id FROM c UNION ALL SELECT r.issue_id FROM c CROSS JOIN search_heir AS r ON r.from_id = c.id) ");
    }
    sql.push("AS n");
}

/// `SELECT` a JSON list of the `id` of `n`; the caller closes the parenthesis.
fn list_of(sql: &mut Sql) {
    sql.push_either(
        "SELECT json_group_array(n.id) FROM (",
        "SELECT coalesce(json_agg(n.id), '[]')::text FROM (",
    );
}

/// The full-text query for one of some terms. An empty query is none; an empty phrase is one that nothing answers.
pub(super) fn match_terms(terms: &[Term]) -> String {
    if terms.is_empty() {
        return "\"\"".to_owned();
    }
    let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
    terms.join(" OR ")
}
