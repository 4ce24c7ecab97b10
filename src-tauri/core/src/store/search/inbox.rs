//! The list of the inbox (search spec, section 9).

use super::ask::Ask;
use super::condition::{self, Around};
use super::sql::Sql;
use crate::model::IssueId;
use crate::paging::{Cursor, HITS_CAP, Keyset, Limit, Micros, Order, Page};
use crate::search::window::TimeWindow;
use crate::search::{Condition, Hit};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::DateTime;

/// Which rows of the inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxPlan {
    /// Projects, by number.
    pub projects: Vec<i64>,
    /// The selected environments; nothing where none was selected.
    pub environments: Option<Vec<String>>,
    /// When they were put there.
    pub window: TimeWindow,
    /// What else is asked of their issues: who has them.
    pub condition: Condition,
}

/// A page of the inbox, newest row first, and how many rows there are, at most [`HITS_CAP`]. The issues of the page are
/// only those that are still unresolved, so that it may be shorter than its limit.
pub(in crate::store) async fn page(
    ask: &mut impl Ask,
    plan: &InboxPlan,
    (limit, cursor): (Limit, Option<Cursor>),
    counts: bool,
) -> Result<(Page<Hit>, Option<u64>), StoreError> {
    let keyset = Keyset::new(Order::Descending, limit, cursor);
    let slice = keyset.slice::<Micros>();
    let mut sql = ask.statement();
    sql.push("SELECT n.issue_id, n.since, i.status");
    rows(&mut sql, plan);
    let is_ascending = slice.order == Order::Ascending;
    if let Some(bound) = slice.bound {
        let bound = DateTime::from_timestamp_micros(bound.0).unwrap_or_default();
        sql.push(if is_ascending {
            " AND n.since >= "
        } else {
            " AND n.since <= "
        })
        .time(bound);
    }
    sql.push(if is_ascending {
        " ORDER BY n.since, n.issue_id LIMIT "
    } else {
        " ORDER BY n.since DESC, n.issue_id DESC LIMIT "
    })
    .integer(slice.take)
    .push(" OFFSET ")
    .integer(slice.skip);
    let read: Vec<(i64, Stamp, i16)> = ask.ask(sql).await?;
    let page = keyset.page(read, |(_, since, _)| Micros(since.0.timestamp_micros()));
    let hits = if counts {
        let mut sql = ask.statement();
        sql.push("SELECT count(*) FROM (SELECT n.issue_id");
        rows(&mut sql, plan);
        sql.push(" LIMIT ").integer(HITS_CAP).push(") AS hits");
        Some(ask.count(sql).await?)
    } else {
        None
    };
    let unresolved = page.map(|rows| {
        let rows = rows.into_iter().filter(|(_, _, status)| *status == 0);
        rows.map(|(id, since, _)| Hit {
            score: since.0.timestamp_millis(),
            id: IssueId(id),
        })
        .collect()
    });
    Ok((unresolved, hits))
}

/// `issue_inbox_by_age`, and `issue` by its key for each row.
fn rows(sql: &mut Sql, plan: &InboxPlan) {
    // The other way round every issue of the projects would be looked at.
    sql.push(" FROM issue_inbox AS n CROSS JOIN ")
        .push_either(
            "issue AS i ON i.id = n.issue_id",
            "LATERAL (SELECT * FROM issue AS k WHERE k.id = n.issue_id OFFSET 0) AS i",
        )
        .push(" WHERE n.since >= ")
        .time(plan.window.start)
        .push(" AND n.since <= ")
        .time(plan.window.end)
        .push(" AND ")
        .in_ranges(("i.project_id", "i.project_id"), plan.projects.clone());
    if let Some(environments) = &plan.environments {
        sql.push(
            " AND EXISTS (SELECT 1 FROM issue_environment AS e WHERE e.issue_id = i.id AND e.environment IN ",
        )
        .words(environments.iter().map(String::as_str))
        .push(")");
    }
    sql.push(" AND ");
    condition::push(sql, &plan.condition, Around { environments: None });
}
