//! Values to choose from while a search is typed.

use super::ask::Ask;
use super::sql::Dialect;
use crate::model::Term;
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
    let mut values = Vec::with_capacity(read.len());
    for (value,) in read {
        let term = Term::of(key, &value);
        let mut sql = ask.statement();
        sql.push("SELECT count(*) FROM (SELECT h.issue_id FROM search_term AS h WHERE h.term = ");
        match ask.dialect() {
            Dialect::Sqlite => sql.word(&term.to_string()),
            Dialect::Postgres => sql.integer(term.number()),
        };
        sql.push(" LIMIT ")
            .integer(MOST_COUNTED)
            .push(") AS counted");
        values.push((value, ask.count(sql).await?));
    }
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(values)
}
