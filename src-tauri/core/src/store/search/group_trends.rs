//! What lately happened in groups of a list.

use super::ask::Ask;
use super::narrow::Narrowing;
use super::sql::Sql;
use super::{grouping, walk};
use crate::search::Plan;
use crate::store::StoreError;
use crate::store::assemble::{TREND_HOURS, bar_at, empty_trend};
use crate::store::column::hour_of;
use crate::view::{Count, IssueGrouping, count};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// The trends of groups of a list, in the order of `keys`: for each hour of a row's trend the sum over the issues that the
/// search finds in the group. `keys`: as a list answers them.
pub(in crate::store) async fn trends(
    ask: &mut impl Ask,
    plan: &Plan,
    grouping: IssueGrouping,
    keys: &[Option<String>],
    now: DateTime<Utc>,
) -> Result<Vec<Vec<Count>>, StoreError> {
    let last_hour = hour_of(now);
    let plan = seen_since(plan, last_hour);
    let narrowing = Narrowing::of(ask, &plan).await?;
    let mut sql = ask.statement();
    summed(&mut sql, &plan, &narrowing, grouping, last_hour);
    let words = grouping::words(ask, grouping).await?;
    let mut trends: HashMap<Option<String>, Vec<Count>> = keys
        .iter()
        .map(|key| (key.clone(), empty_trend()))
        .collect();
    ask.each(sql, |(key, hour, events): (Option<String>, i32, i64)| {
        let key = grouping::kept(key).map(|key| words.get(&key).cloned().unwrap_or(key));
        let trend = trends.get_mut(&key);
        if let Some(bar) = trend.and_then(|trend| bar_at(trend, hour, last_hour)) {
            *bar += count(u64::try_from(events).unwrap_or(0));
        }
    })
    .await?;
    let trends = keys.iter().map(|key| trends.get(key).cloned());
    Ok(trends
        .map(|trend| trend.unwrap_or_else(empty_trend))
        .collect())
}

/// Only issues that were seen since the first bar began: the others have no event in any of them. So what is read does
/// not depend on how long the list is.
fn seen_since(plan: &Plan, last_hour: i32) -> Plan {
    let first_hour = i64::from(last_hour) + 1 - i64::from(TREND_HOURS);
    let since = TimeDelta::try_hours(first_hour)
        .and_then(|hours| DateTime::UNIX_EPOCH.checked_add_signed(hours));
    Plan {
        retention: plan.retention.max(since),
        ..plan.clone()
    }
}

/// Key, hour and events. `issue_by_last_seen` from its beginning, and `issue_bucket` by its key for each issue. A key is
/// found once an issue, before its hours are looked up.
fn summed(
    sql: &mut Sql,
    plan: &Plan,
    narrowing: &Narrowing,
    grouping: IssueGrouping,
    last_hour: i32,
) {
    sql.push("WITH g AS MATERIALIZED (SELECT i.id AS id, ");
    grouping::key(sql, grouping);
    sql.push(" AS word");
    walk::found(sql, plan, narrowing);
    sql.push(") SELECT g.word, b.hour, CAST(sum(b.count) AS BIGINT) FROM g ")
        .push_either("CROSS JOIN", "JOIN")
        .push(" issue_bucket AS b ON b.issue_id = g.id AND b.hour BETWEEN ")
        .integer(i64::from(last_hour) + 1 - i64::from(TREND_HOURS))
        .push(" AND ")
        .integer(i64::from(last_hour))
        .push(" GROUP BY g.word, b.hour");
}
