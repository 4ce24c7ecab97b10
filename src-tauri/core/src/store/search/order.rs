//! All hits of a search in the order of the window's list.

use super::ask::Ask;
use super::narrow::Narrowing;
use super::order_keys::{Key, LAST_SEEN, Term};
use super::sql::Sql;
use super::{hits, walk};
use crate::search::{Plan, Sort};
use crate::store::StoreError;
use crate::store::column::Stamp;
use crate::view::{IssueOrder, IssueSort};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Ids of all hits in order, or the first `most` of them. By a column of the issue's own row where there is one for
/// it: what a list shows beside an issue is about its whole life.
pub(in crate::store) async fn ids(
    ask: &mut impl Ask,
    plan: &Plan,
    order: IssueOrder,
    most: Option<usize>,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let mut ids = if has_sums(order) {
        ranked(ask, plan, order, now).await?
    } else {
        let narrowing = Narrowing::of(ask, plan).await?;
        let mut sql = ask.statement();
        ordered(&mut sql, plan, &narrowing, order);
        if let Some(most) = most {
            sql.push(" LIMIT ")
                .integer(i64::try_from(most).unwrap_or(i64::MAX));
        }
        let rows: Vec<(i64,)> = ask.ask(sql).await?;
        rows.into_iter().map(|(id,)| id).collect()
    };
    ids.truncate(most.unwrap_or(usize::MAX));
    Ok(ids)
}

/// Whether a key is a sum over the events of each issue, so that no statement knows the order.
pub(super) fn has_sums(order: IssueOrder) -> bool {
    let mut keys = order.keys().map(|key| Key::of(key.by));
    keys.any(|key| matches!(key, Key::Sum(_)))
}

/// What a statement reads that puts issues in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The index of lists, in its order where that is the one.
    Index,
    /// The rows of the table, in order when they have been read.
    Rows,
}

/// ` ORDER BY` those keys that are no sums, then the last sighting and the id.
pub(super) fn by_columns(sql: &mut Sql, order: IssueOrder, source: Source) {
    let column = |sql: &mut Sql, name: &'static str| {
        if source == Source::Rows {
            // Then SQLite looks for no index.
            sql.push_either("+", "");
        }
        sql.push(name);
    };
    sql.push(" ORDER BY ");
    let mut is_by_last_seen = false;
    for key in order.keys() {
        let end = if key.ascending { ", " } else { " DESC, " };
        match Key::of(key.by) {
            Key::Column(name) => {
                column(sql, name);
                sql.push(end);
            }
            Key::Terms(terms) => {
                for term in terms {
                    term(sql);
                    sql.push(end);
                }
            }
            Key::Sum(_) => {}
        }
        is_by_last_seen |= key.by == IssueSort::LastSeen;
    }
    if !is_by_last_seen {
        column(sql, LAST_SEEN);
        sql.push(" DESC, ");
    }
    sql.push("i.id DESC");
}

/// `issue_by_last_seen`: in its own order it is read as it stands; from its other end only issues that are equal in the
/// key are sorted. It holds the columns of every other order as well, and what project, priority, status, type and
/// assignee go by, so that a usual search looks up no row and sorts what it has read. An index in another order would be
/// written with every change of any issue, and lists in that order are asked for far less often.
///
/// Title, level, platform and short id are read from the rows of `issue`, all of them once, as they stand in the table.
fn ordered(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing, order: IssueOrder) {
    sql.push("SELECT i.id");
    walk::found(sql, plan, narrowing);
    by_columns(sql, order, Source::Index);
}

/// What decides about the place of an issue.
struct Standing {
    /// A value for each key, the lesser one in front.
    values: [i64; IssueOrder::MOST],
    last_seen: DateTime<Utc>,
    id: i64,
}

/// Issue, last and first sighting, and number of events.
type Columns = (i64, Stamp, Stamp, i64);

/// Ids of all hits, in an order by sums. The sums are formed as those of any search, what is no column of an index is
/// counted by the database; columns and what breaks ties are read once beside them, from an index where the search asks
/// for nothing else.
async fn ranked(
    ask: &mut impl Ask,
    plan: &Plan,
    order: IssueOrder,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let narrowing = Narrowing::of(ask, plan).await?;
    let mut keys = Vec::with_capacity(IssueOrder::MOST);
    for key in order.keys() {
        let numbers = match Key::of(key.by) {
            Key::Sum(sort) => Some(scores(ask, plan, sort, now).await?),
            Key::Terms(terms) => Some(places(ask, plan, &narrowing, terms).await?),
            Key::Column(_) => None,
        };
        keys.push((key, numbers));
    }
    let mut sql = ask.statement();
    columns(&mut sql, plan, &narrowing);
    let mut standings = Vec::new();
    ask.each(sql, |(id, last_seen, first_seen, events): Columns| {
        let mut values = [0; IssueOrder::MOST];
        for (place, (key, numbers)) in values.iter_mut().zip(&keys) {
            let value = match (numbers, key.by) {
                (Some(numbers), _) => numbers.get(&id).copied(),
                (None, IssueSort::FirstSeen) => Some(first_seen.0.timestamp_micros()),
                (None, IssueSort::Events) => Some(events),
                (None, _) => Some(last_seen.0.timestamp_micros()),
            };
            // What is no hit where sums are formed is none.
            let Some(value) = value else { return };
            // Turns the order round, and every number has its like.
            *place = if key.ascending { value } else { !value };
        }
        standings.push(Standing {
            values,
            last_seen: last_seen.0,
            id,
        });
    })
    .await?;
    standings.sort_unstable_by(|a, b| {
        let newest_first = (b.last_seen, b.id).cmp(&(a.last_seen, a.id));
        a.values.cmp(&b.values).then(newest_first)
    });
    Ok(standings.into_iter().map(|standing| standing.id).collect())
}

/// The score of every hit.
async fn scores(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: Sort,
    now: DateTime<Utc>,
) -> Result<HashMap<i64, i64>, StoreError> {
    let hits = hits::all(ask, plan, sort, now).await?.into_iter();
    Ok(hits.map(|hit| (hit.id.0, hit.score)).collect())
}

/// The place of every hit among the values of a key, from the least on, the same for hits that are equal in it: numbers
/// of all hits are held beside sums, texts of all would be too much.
async fn places(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    terms: &[Term],
) -> Result<HashMap<i64, i64>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, dense_rank() OVER (ORDER BY ");
    for (place, term) in terms.iter().enumerate() {
        sql.push(if place > 0 { ", " } else { "" });
        term(&mut sql);
    }
    sql.push(")");
    walk::found(&mut sql, plan, narrowing);
    let mut places = HashMap::new();
    ask.each(sql, |(id, place): (i64, i64)| {
        places.insert(id, place);
    })
    .await?;
    Ok(places)
}

/// Every hit with the columns that an order can have. `issue_by_last_seen`, which holds them all.
fn columns(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing) {
    sql.push("SELECT i.id, i.last_seen, i.first_seen, i.times_seen");
    walk::found(sql, plan, narrowing);
}
