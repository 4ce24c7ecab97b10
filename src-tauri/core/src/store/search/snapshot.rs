//! The window's list: all ids in order, on their own or in groups, the first of them alone, and how it has moved since.

use super::ask::Ask;
use super::grouping;
use super::order;
use super::walk;
use crate::search::{Plan, Revisions};
use crate::store::changes::{Moved, Seen, by_ids, by_sums, by_written};
use crate::store::{GROUPS_CAP, Held, StoreError, elapsed_ms};
use crate::view::{IssueChanges, IssueGrouping, IssueHead, IssueOrder, IssueSnapshot};
use chrono::{DateTime, Utc};
use std::time::Instant;

/// The first `most` ids of all hits, in order, with the exact number of all.
pub(in crate::store) async fn snapshot(
    ask: &mut impl Ask,
    plan: &Plan,
    order: IssueOrder,
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    let started = Instant::now();
    let revision = revision(ask).await?;
    let ids = order::ids(ask, plan, order, Some(most), now).await?;
    // Where the list is whole it has been counted.
    let total = if ids.len() < most {
        ids.len() as u64
    } else {
        walk::count(ask, plan, None).await?
    };
    Ok(IssueSnapshot {
        revision: revision.to_string(),
        list: None,
        total: crate::view::count(total),
        ids: ids.iter().map(ToString::to_string).collect(),
        groups: Vec::new(),
        took_ms: elapsed_ms(started),
    })
}

/// The first `most` ids of all hits, in order. Nothing where that is as much as to read the whole list: where there are
/// fewer hits than that, and in an order by sums, of which nothing is known before all of it is.
pub(in crate::store) async fn head(
    ask: &mut impl Ask,
    plan: &Plan,
    order: IssueOrder,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Option<IssueHead>, StoreError> {
    if order::has_sums(order) {
        return Ok(None);
    }
    let started = Instant::now();
    let revision = revision(ask).await?;
    let ids = order::ids(ask, plan, order, Some(most), now).await?;
    if ids.len() < most {
        return Ok(None);
    }
    Ok(Some(IssueHead {
        revision: revision.to_string(),
        ids: ids.iter().map(ToString::to_string).collect(),
        took_ms: elapsed_ms(started),
    }))
}

/// All hits in groups, those of each group in order: the first `most` ids, and the exact numbers of all.
pub(in crate::store) async fn grouped(
    ask: &mut impl Ask,
    plan: &Plan,
    (grouping, order): (IssueGrouping, IssueOrder),
    most: usize,
    now: DateTime<Utc>,
) -> Result<IssueSnapshot, StoreError> {
    let started = Instant::now();
    let revision = revision(ask).await?;
    let mut issues = grouping::collect(ask, plan, grouping, order).await?;
    if order::has_sums(order) {
        issues.rank(order::ids(ask, plan, order, None, now).await?);
    }
    let arranged = issues.arrange(grouping::succession(grouping), GROUPS_CAP);
    let ids = &arranged.ids;
    Ok(IssueSnapshot {
        revision: revision.to_string(),
        list: None,
        total: crate::view::count(ids.len() as u64),
        ids: ids.iter().take(most).map(ToString::to_string).collect(),
        groups: grouping::named(ask, grouping, arranged.groups).await?,
        took_ms: elapsed_ms(started),
    })
}

/// What has changed since a list was read. `written_since` may know the issues that were written after a revision.
pub(in crate::store) async fn moved(
    ask: &mut impl Ask,
    plan: &Plan,
    held: &Held<'_>,
    written_since: impl Fn(i64) -> Option<Vec<i64>>,
) -> Result<IssueChanges, StoreError> {
    let revision = revision(ask).await?;
    let known = written_since(held.revision);
    let is_written = revision != held.revision;
    let with = |revisions| {
        let plan = Plan {
            revisions,
            ..plan.clone()
        };
        plan.among(known.as_deref())
    };
    let written = with(Revisions {
        written_after: Some(held.revision),
        ..plan.revisions
    });
    let moved = match held.ids {
        Some(kept) if held.goes_by_time => {
            let written = if is_written {
                matching(ask, &written).await?
            } else {
                Vec::new()
            };
            by_ids(kept, &matching(ask, plan).await?, &written)
        }
        _ if !is_written => Moved::default(),
        Some(kept) => {
            // Whatever came in was written.
            let written = matching(ask, &written).await?;
            by_written(kept, &written, walk::count(ask, plan, None).await?)
        }
        None => {
            let created = with(Revisions {
                created_after: Some(held.revision),
                ..plan.revisions
            });
            let seen = Seen {
                written: walk::count(ask, &written, None).await?,
                created: walk::count(ask, &created, None).await?,
                now: walk::count(ask, plan, None).await?,
            };
            by_sums(held.total, &seen)
        }
    };
    Ok(moved.at(revision))
}

/// The ids of all hits, ascending. In no order of the store: to sort numbers here costs less than to sort rows there.
async fn matching(ask: &mut impl Ask, plan: &Plan) -> Result<Vec<i64>, StoreError> {
    let mut ids = walk::ids(ask, plan).await?;
    ids.sort_unstable();
    Ok(ids)
}

pub(super) async fn revision(ask: &mut impl Ask) -> Result<i64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT revision FROM store_state WHERE id = 1");
    let rows: Vec<(i64,)> = ask.ask(sql).await?;
    let missing = || StoreError::Corrupt("the state of the store is missing".to_owned());
    rows.first()
        .map(|(revision,)| *revision)
        .ok_or_else(missing)
}
