//! How many issues have become part of others, as rows of lists show it.

use super::ask::Ask;
use super::sql::Sql;
use crate::model::IssueId;
use crate::store::StoreError;
use std::collections::HashMap;

/// How many issues are part of some issues, those that were part of these included; issues without any are left out.
pub(in crate::store) async fn merged(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<HashMap<IssueId, u64>, StoreError> {
    if issues.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = ask.statement();
    count(&mut sql, issues);
    let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|(id, count)| (IssueId(id), whole(count)))
        .collect())
}

/// `issue_redirect_by_target`, step by step: an issue that others were merged into may be merged itself.
fn count(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("WITH RECURSIVE part (issue_id, id) AS (SELECT d.new_id, d.old_id FROM issue_redirect AS d WHERE d.new_id IN ")
        .integers(issues.iter().map(|id| id.0))
        .push(
            " UNION SELECT part.issue_id, d.old_id FROM part JOIN issue_redirect AS d ON d.new_id = part.id) \
             SELECT part.issue_id, count(*) FROM part GROUP BY part.issue_id",
        );
}
