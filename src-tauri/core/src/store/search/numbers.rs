//! Numbers of the issues of a page: of their events in the window, and of those that match (search spec, section 8.4).

use super::ask::Ask;
use super::bits;
use super::condition;
use super::hits::{self, Parts, around};
use super::narrow::{Few, Narrowing};
use super::sql::{Dialect, Sql};
use crate::model::IssueId;
use crate::search::window::TimeWindow;
use crate::search::{Condition, Numbers, Plan};
use crate::store::StoreError;
use crate::store::column::Stamp;
use std::collections::HashMap;

/// The numbers of some issues. `filtered`: only of events that make the whole condition of the plan true.
pub(in crate::store) async fn numbers(
    ask: &mut impl Ask,
    plan: &Plan,
    filtered: bool,
    issues: &[IssueId],
) -> Result<HashMap<IssueId, Numbers>, StoreError> {
    let mut sql = ask.statement();
    sql.push(
        "SELECT i.id, count(*), count(DISTINCT o.user_key), min(o.event_time), max(o.event_time)",
    );
    events(&mut sql, plan, filtered, issues);
    sql.push(" GROUP BY i.id");
    let rows: Vec<(i64, i64, i64, Stamp, Stamp)> = ask.ask(sql).await?;
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, count, users, first, last)| {
            let numbers = Numbers {
                count: whole(count),
                users: whole(users),
                first_seen: Some(first.0),
                last_seen: Some(last.0),
            };
            (IssueId(id), numbers)
        })
        .collect())
}

/// How many users the events of some issues have. `occurrence_by_issue`, which holds all it needs.
pub(in crate::store) async fn users(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<HashMap<IssueId, u64>, StoreError> {
    let ids = || issues.iter().map(|id| id.0);
    let mut sql = ask.statement();
    match ask.dialect() {
        Dialect::Sqlite => {
            sql.push("SELECT o.issue_id, count(DISTINCT o.user_key) FROM occurrence AS o WHERE o.issue_id IN ")
                .integers(ids())
                .push(" GROUP BY o.issue_id");
        }
        // It would sort the events of each issue; users alone are few enough to be hashed.
        Dialect::Postgres => {
            sql.push(
                "SELECT d.issue_id, count(*) FROM (SELECT DISTINCT o.issue_id, o.user_key FROM occurrence AS o \
                 WHERE o.user_key IS NOT NULL AND o.issue_id IN ",
            )
            .integers(ids())
            .push(") AS d GROUP BY d.issue_id");
        }
    }
    let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, users)| (IssueId(id), u64::try_from(users).unwrap_or(0)))
        .collect())
}

/// Events of some issues in stretches of `width` seconds that begin at multiples of it: issue, begin of the stretch in
/// seconds since the epoch, and events. `from` up to `to` are seconds.
pub(in crate::store) async fn stretches(
    ask: &mut impl Ask,
    plan: &Plan,
    filtered: bool,
    issues: &[IssueId],
    (from, to): (i64, i64),
    width: i64,
) -> Result<Vec<(IssueId, i64, u64)>, StoreError> {
    let span = TimeWindow {
        start: at(from),
        end: at(to),
    };
    let mut sql = ask.statement();
    sql.push("SELECT i.id, ");
    // Both divide times after the epoch only: windows reach back 90 days.
    match ask.dialect() {
        Dialect::Sqlite => {
            sql.push("o.event_time / ")
                .integer(width.saturating_mul(1_000_000));
        }
        Dialect::Postgres => {
            sql.push("floor(extract(epoch FROM o.event_time) / ")
                .integer(width)
                .push(")::bigint");
        }
    }
    sql.push(" AS stretch, count(*)");
    events_within(&mut sql, plan, span, filtered, issues);
    sql.push(" GROUP BY 1, 2");
    let rows: Vec<(i64, i64, i64)> = ask.ask(sql).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, stretch, count)| {
            let count = u64::try_from(count).unwrap_or(0);
            (IssueId(id), stretch.saturating_mul(width), count)
        })
        .collect())
}

fn at(second: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(second, 0).unwrap_or_default()
}

/// `FROM … WHERE …`: the events of some issues in the window and the environments. `filtered`: only those that make the
/// whole condition true. `occurrence_by_issue`.
pub(super) fn events(sql: &mut Sql, plan: &Plan, filtered: bool, issues: &[IssueId]) {
    events_within(sql, plan, plan.window, filtered, issues);
}

/// As [`events`], of a part of the window: what the condition says of sums is still meant of all of it.
fn events_within(sql: &mut Sql, plan: &Plan, span: TimeWindow, filtered: bool, issues: &[IssueId]) {
    let everything = Condition::everything();
    let condition = if filtered {
        &plan.condition
    } else {
        &everything
    };
    let issues: Vec<i64> = issues.iter().map(|id| id.0).collect();
    sql.push(" FROM issue AS i JOIN occurrence AS o ON o.issue_id = i.id");
    hits::happened_in(sql, span);
    hits::in_environments(sql, plan);
    bits::with(sql, condition);
    Parts::of(condition).join(sql);
    if condition.asks_sums() {
        let known = Narrowing::Few(Few {
            issues: issues.clone(),
            needs: Vec::new(),
        });
        sql.push(" JOIN (");
        hits::sums(sql, plan, &known, None);
        sql.push(") AS c ON c.id = i.id");
    }
    sql.push(" WHERE i.id").one_of(issues).push(" AND ");
    condition::push(sql, condition, around(plan));
}
