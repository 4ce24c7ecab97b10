//! The window's list: all ids in order, on their own or in groups, and how it has moved since.

use super::ask::Ask;
use super::grouping;
use super::hits;
use super::narrow::Narrowing;
use super::sql::Sql;
use super::walk;
use crate::search::{Plan, Revisions, Sort};
use crate::store::changes::{Seen, changes};
use crate::store::{GROUPS_CAP, StoreError, elapsed_ms};
use crate::view::{IssueChanges, IssueGrouping, IssueSnapshot, IssueSort};
use chrono::{DateTime, Utc};
use std::time::Instant;

/// The first `most` ids of all hits, in order, with the exact number of all.
pub(in crate::store) async fn snapshot(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: IssueSort,
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    let started = Instant::now();
    let revision = revision(ask).await?;
    let ids = ids(ask, plan, sort, Some(most), now).await?;
    // Where the list is whole it has been counted.
    let total = if ids.len() < most {
        ids.len() as u64
    } else {
        walk::count(ask, plan, None).await?
    };
    Ok(IssueSnapshot {
        revision: revision.to_string(),
        total: crate::view::count(total),
        ids: ids.iter().map(ToString::to_string).collect(),
        groups: Vec::new(),
        took_ms: elapsed_ms(started),
    })
}

/// All hits in groups, those of each group in order: the first `most` ids, and the exact numbers of all.
pub(in crate::store) async fn grouped(
    ask: &mut impl Ask,
    plan: &Plan,
    (grouping, sort): (IssueGrouping, IssueSort),
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    let started = Instant::now();
    let revision = revision(ask).await?;
    let mut issues = grouping::collect(ask, plan, grouping, sort).await?;
    if let Some(sort) = summed(sort) {
        issues.rank(ranked(ask, plan, sort, now).await?);
    }
    let arranged = issues.arrange(grouping::succession(grouping), GROUPS_CAP);
    let ids = &arranged.ids;
    Ok(IssueSnapshot {
        revision: revision.to_string(),
        total: crate::view::count(ids.len() as u64),
        ids: ids.iter().take(most).map(ToString::to_string).collect(),
        groups: grouping::named(ask, grouping, arranged.groups).await?,
        took_ms: elapsed_ms(started),
    })
}

/// The order by a sum over the events of each issue, where it is none by a column of its row.
fn summed(sort: IssueSort) -> Option<Sort> {
    match sort {
        IssueSort::Users => Some(Sort::User),
        IssueSort::Trends => Some(Sort::Trends),
        IssueSort::LastSeen | IssueSort::FirstSeen | IssueSort::Events => None,
    }
}

/// Ids of all hits in order, or the first `most` of them. By a column of the issue's own row where there is one for
/// it: what a list shows beside an issue is about its whole life.
pub(in crate::store) async fn ids(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: IssueSort,
    most: Option<usize>,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let mut ids = match summed(sort) {
        Some(sort) => ranked(ask, plan, sort, now).await?,
        None => {
            let narrowing = Narrowing::of(ask, plan).await?;
            let mut sql = ask.statement();
            ordered(&mut sql, plan, &narrowing, sort);
            if let Some(most) = most {
                sql.push(" LIMIT ")
                    .integer(i64::try_from(most).unwrap_or(i64::MAX));
            }
            let rows: Vec<(i64,)> = ask.ask(sql).await?;
            rows.into_iter().map(|(id,)| id).collect()
        }
    };
    ids.truncate(most.unwrap_or(usize::MAX));
    Ok(ids)
}

async fn ranked(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: Sort,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let hits = hits::all(ask, plan, sort, now).await?;
    Ok(hits.into_iter().map(|hit| hit.id.0).collect())
}

/// `issue_by_last_seen`, `issue_by_first_seen`, `issue_by_times_seen`.
fn ordered(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing, sort: IssueSort) {
    sql.push("SELECT i.id");
    walk::found(sql, plan, narrowing);
    sql.push(match sort {
        IssueSort::FirstSeen => " ORDER BY i.first_seen DESC, i.id DESC",
        IssueSort::Events => " ORDER BY i.times_seen DESC, i.id DESC",
        _ => " ORDER BY i.last_seen DESC, i.id DESC",
    });
}

/// What has changed since a snapshot that had `total` hits at `revision`.
pub(in crate::store) async fn moved(
    ask: &mut impl Ask,
    plan: &Plan,
    since: i64,
    total: u64,
) -> Result<IssueChanges, StoreError> {
    let revision = revision(ask).await?;
    let mut seen = Seen {
        written: 0,
        created: 0,
        now: total,
    };
    if revision != since {
        let with = |revisions| Plan {
            revisions,
            ..plan.clone()
        };
        seen.written = walk::count(
            ask,
            &with(Revisions {
                written_after: Some(since),
                ..plan.revisions
            }),
            None,
        )
        .await?;
        seen.created = walk::count(
            ask,
            &with(Revisions {
                created_after: Some(since),
                ..plan.revisions
            }),
            None,
        )
        .await?;
        seen.now = walk::count(ask, plan, None).await?;
    }
    Ok(changes(revision, total, &seen))
}

async fn revision(ask: &mut impl Ask) -> Result<i64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT revision FROM store_state WHERE id = 1");
    let rows: Vec<(i64,)> = ask.ask(sql).await?;
    let missing = || StoreError::Corrupt("the state of the store is missing".to_owned());
    rows.first()
        .map(|(revision,)| *revision)
        .ok_or_else(missing)
}
