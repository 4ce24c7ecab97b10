//! Values to choose from while a search is typed.

use super::ask::Ask;
use super::sql::{Dialect, Sql};
use crate::model::{Term, tells_who};
use crate::store::StoreError;
use crate::store::known::MOST_VALUES;
use std::cmp::Reverse;

/// How far the issues of a value are counted, round by round: every value a little, those that have more further.
const ROUNDS: [i64; 3] = [100, 1_000, MOST_COUNTED];
/// Counting stops here: what many issues have is "many".
const MOST_COUNTED: i64 = 10_000;
/// Entries that a question reads, about, at most: values are asked for with every key that somebody presses.
const MOST_READ: i64 = 100_000;

/// `search_value` by the first part of its key: from each key to the next one, past all its values.
pub(super) const KEYS: &str = "
    WITH RECURSIVE k (key) AS (
        SELECT min(v.key) FROM search_value AS v
        UNION ALL
        SELECT (SELECT min(v.key) FROM search_value AS v WHERE v.key > k.key) FROM k WHERE k.key IS NOT NULL
    )
    SELECT key FROM k WHERE key IS NOT NULL";

/// A value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenValue {
    /// The value.
    pub value: String,
    /// Issues that have it, as far as they were counted.
    pub issues: u64,
    /// Whether these are all.
    pub is_all: bool,
}

/// Values of a key that hold `typed`, in any case, at most `limit`; those of most issues first. `among`: the only issues
/// that count, and then only values that one of them has. `search_value` by its key, of which it has no more than
/// [`MOST_VALUES`] values; `search_term` by its terms.
pub(in crate::store) async fn values(
    ask: &mut impl Ask,
    key: &str,
    typed: &str,
    limit: usize,
    among: Option<&[i64]>,
) -> Result<Vec<SeenValue>, StoreError> {
    ranked(ask, (key, typed), limit, among, (&ROUNDS, MOST_READ)).await
}

/// As [`values`], counted in these rounds as long as entries are left to read.
pub(super) async fn ranked(
    ask: &mut impl Ask,
    (key, typed): (&str, &str),
    limit: usize,
    among: Option<&[i64]>,
    (rounds, mut left): (&[i64], i64),
) -> Result<Vec<SeenValue>, StoreError> {
    let known = known(ask, key, typed).await?;
    let mut ranked: Vec<SeenValue> = known
        .into_iter()
        .map(|value| SeenValue {
            value,
            issues: 0,
            is_all: false,
        })
        .collect();
    for &most in rounds {
        // Those that have reached the end of a round come first, so the others are behind them.
        let open = ranked.partition_point(|seen| !seen.is_all);
        let fit = usize::try_from(left / most).unwrap_or(0);
        let Some(counted) = ranked
            .get_mut(..open.min(fit))
            .filter(|open| !open.is_empty())
        else {
            break;
        };
        let terms = counted.iter().map(|seen| Term::of(key, &seen.value));
        let terms: Vec<Term> = terms.collect();
        let mut sql = ask.statement();
        count(&mut sql, &terms, tells_who(key), most, among);
        let numbers: Vec<(i64, i64)> = ask.ask(sql).await?;
        for (place, issues) in numbers {
            if let Some(seen) = usize::try_from(place)
                .ok()
                .and_then(|at| counted.get_mut(at))
            {
                seen.issues = issues.unsigned_abs();
                seen.is_all = issues >= 0;
                left -= if seen.is_all { issues } else { most };
            }
        }
        ranked.sort_by(|a, b| {
            let rank = |seen: &SeenValue| (seen.is_all, Reverse(seen.issues));
            rank(a).cmp(&rank(b)).then_with(|| a.value.cmp(&b.value))
        });
    }
    ranked.sort_by(|a, b| {
        let rank = |seen: &SeenValue| Reverse((seen.issues, !seen.is_all));
        rank(a).cmp(&rank(b)).then_with(|| a.value.cmp(&b.value))
    });
    if among.is_some() {
        ranked.retain(|seen| seen.issues > 0);
    }
    ranked.truncate(limit);
    Ok(ranked)
}

async fn known(ask: &mut impl Ask, key: &str, typed: &str) -> Result<Vec<String>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT v.value FROM search_value AS v WHERE v.key = ")
        .word(key);
    if !typed.is_empty() {
        sql.push_either(
            " AND instr(lower(v.value), ",
            " AND strpos(lower(v.value), ",
        )
        .word(&typed.to_lowercase())
        .push(") > 0");
    }
    let most = i64::try_from(MOST_VALUES).unwrap_or(i64::MAX);
    sql.push(" ORDER BY v.value LIMIT ").integer(most);
    let rows: Vec<(String,)> = ask.ask(sql).await?;
    Ok(rows.into_iter().map(|(value,)| value).collect())
}

/// The place of each term and how many issues have it; negative where there may be more, because `most` entries were
/// read. `of_people`: terms that stand for parts of a person, by which the issues are found over `search_person`.
fn count(sql: &mut Sql, terms: &[Term], of_people: bool, most: i64, among: Option<&[i64]>) {
    sql.push("SELECT ")
        .push_either("CAST(v.key AS BIGINT)", "v.place - 1")
        .push(", (SELECT CASE WHEN count(*) < ")
        .integer(most)
        .push(" THEN count(DISTINCT n.issue_id) ELSE -count(DISTINCT n.issue_id) END FROM (");
    let entries = match (sql.dialect, of_people) {
        (Dialect::Sqlite, false) => &SQLITE[..2],
        (Dialect::Sqlite, true) => &SQLITE[..],
        (Dialect::Postgres, false) => &POSTGRES[..1],
        (Dialect::Postgres, true) => &POSTGRES[..],
    };
    for (place, &(entries, issue)) in entries.iter().enumerate() {
        if place > 0 {
            sql.push(" UNION ALL ");
        }
        sql.push(entries);
        if let Some(issues) = among {
            sql.push(" AND ").push(issue).one_of(issues.to_vec());
        }
    }
    sql.push(" LIMIT ").integer(most).push(") AS n) FROM ");
    match sql.dialect {
        Dialect::Sqlite => {
            let terms = terms.iter().map(ToString::to_string).collect();
            sql.push("json_each(")
                .bound_texts(terms)
                .push(") AS v ORDER BY v.key");
        }
        Dialect::Postgres => {
            let terms = terms.iter().map(|term| term.number()).collect();
            sql.push("unnest(")
                .bound_integers(terms)
                .push("::bigint[]) WITH ORDINALITY AS v (value, place) ORDER BY v.place");
        }
    }
}

/// What finds the issues of the term `v.value`, and what they are called there: its own, and those of the people that it
/// is a part of. SQLite hands a term of another table to an index only past the view.
static SQLITE: [(&str, &str); 4] = [
    (
        "SELECT r.doc >> 30 AS issue_id FROM search_term_row AS r WHERE r.term = v.value",
        "(r.doc >> 30)",
    ),
    (
        "SELECT h.issue_id FROM search_term_row AS r CROSS JOIN search_heir AS h ON h.from_id = r.doc >> 30 \
         WHERE r.term = v.value",
        "h.issue_id",
    ),
    (
        "SELECT r.doc >> 30 FROM search_person_fts(v.value) AS q \
         CROSS JOIN search_term_row AS r ON r.term = printf('%016x', q.rowid) WHERE 1 = 1",
        "(r.doc >> 30)",
    ),
    (
        "SELECT h.issue_id FROM search_person_fts(v.value) AS q \
         CROSS JOIN search_term_row AS r ON r.term = printf('%016x', q.rowid) \
         CROSS JOIN search_heir AS h ON h.from_id = r.doc >> 30 WHERE 1 = 1",
        "h.issue_id",
    ),
];
static POSTGRES: [(&str, &str); 2] = [
    (
        "SELECT h.issue_id FROM search_term AS h WHERE h.term = v.value",
        "h.issue_id",
    ),
    (
        "SELECT h.issue_id FROM search_person AS p JOIN search_term AS h ON h.term = p.whole WHERE p.part = v.value",
        "h.issue_id",
    ),
];
