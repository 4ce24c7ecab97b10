//! The window's list: all ids in order, and how it has moved since.

use super::ask::Ask;
use super::hits;
use super::narrow::Narrowing;
use super::sql::Sql;
use super::walk;
use crate::search::{Plan, Revisions, Sort};
use crate::store::changes::{Seen, changes};
use crate::store::{SNAPSHOT_CAP, StoreError, elapsed_ms};
use crate::view::{IssueChanges, IssueSnapshot, IssueSort};
use chrono::{DateTime, Utc};
use std::time::Instant;

/// Ids of all hits, in order, with their exact number. By a column of the issue's own row where there is one for it:
/// what a list shows beside an issue is about its whole life.
pub(in crate::store) async fn snapshot(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: IssueSort,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    let started = Instant::now();
    let revision = revision(ask).await?;
    let mut ids: Vec<i64> = match sort {
        IssueSort::Users => ranked(ask, plan, Sort::User, now).await?,
        IssueSort::Trends => ranked(ask, plan, Sort::Trends, now).await?,
        IssueSort::LastSeen | IssueSort::FirstSeen | IssueSort::Events => {
            let narrowing = Narrowing::of(ask, &plan.condition).await?;
            let mut sql = ask.statement();
            ordered(&mut sql, plan, &narrowing, sort);
            let rows: Vec<(i64,)> = ask.ask(sql).await?;
            rows.into_iter().map(|(id,)| id).collect()
        }
    };
    // Where the list is whole it has been counted.
    let total = if ids.len() < SNAPSHOT_CAP {
        ids.len() as u64
    } else {
        walk::count(ask, plan, None).await?
    };
    ids.truncate(SNAPSHOT_CAP);
    Ok(IssueSnapshot {
        revision: revision.to_string(),
        total: crate::view::count(total),
        ids: ids.iter().map(ToString::to_string).collect(),
        took_ms: elapsed_ms(started),
    })
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
        IssueSort::FirstSeen => " ORDER BY i.first_seen DESC, i.id DESC LIMIT ",
        IssueSort::Events => " ORDER BY i.times_seen DESC, i.id DESC LIMIT ",
        _ => " ORDER BY i.last_seen DESC, i.id DESC LIMIT ",
    })
    .integer(i64::try_from(SNAPSHOT_CAP).unwrap_or(i64::MAX));
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
