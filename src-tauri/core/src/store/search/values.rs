//! Values to choose from while a search is typed.

use super::ask::Ask;
use super::people::Stands;
use super::prefilter::{self, Need};
use crate::model::{Term, tells_who};
use crate::store::StoreError;

/// Counting stops here: what many issues have is "many".
const MOST_COUNTED: i64 = 10_000;

/// A value and how many issues have it, as far as anybody counted.
pub type SeenValue = (String, u64);

/// Values of a key that hold `typed`, in any case, at most `limit`; those of most issues first. `search_value` by
/// its key, `search_term` by its terms.
pub(in crate::store) async fn values(
    ask: &mut impl Ask,
    key: &str,
    typed: &str,
    limit: i64,
) -> Result<Vec<SeenValue>, StoreError> {
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
    sql.push(" ORDER BY v.value LIMIT ").integer(limit);
    let read: Vec<(String,)> = ask.ask(sql).await?;
    let terms = read.iter().map(|(value,)| Term::of(key, value));
    let parts = terms.filter(|_| tells_who(key)).collect();
    let stands = Stands::of_parts(ask, parts).await?;
    let mut values = Vec::with_capacity(read.len());
    for (value,) in read {
        let count = match stands.with(Term::of(key, &value)) {
            Some(terms) => issues_with(ask, terms).await?,
            None => MOST_COUNTED.unsigned_abs(),
        };
        values.push((value, count));
    }
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(values)
}

/// How many issues have one of these terms.
async fn issues_with(ask: &mut impl Ask, terms: Vec<Term>) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT count(*) FROM (SELECT DISTINCT n.issue_id FROM (");
    prefilter::issues(&mut sql, &Need::Terms(terms));
    sql.push(" LIMIT ")
        .integer(MOST_COUNTED)
        .push(") AS n) AS counted");
    ask.count(sql).await
}
