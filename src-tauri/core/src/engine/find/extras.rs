//! What columns show that not every list has, for the rows that are on screen (ux, section 4.2).

use super::error::FindError;
use super::{Asker, window_plan};
use crate::decode::TopFrame;
use crate::model::IssueId;
use crate::store::{Amount, Extras, ExtrasExtent, ExtrasStore, QueryStore, ROWS_CAP, SearchStore};
use crate::view::{
    IssueAmount, IssueColumn, IssueExtras, IssueOrder, IssueSort, RangeNumbers, RangeTrend,
    RowFrame, count, millis,
};
use chrono::{DateTime, Utc};

/// What a list shows beside its rows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Its search.
    pub query: &'a str,
    /// Its order.
    pub order: IssueOrder,
    /// Its columns.
    pub columns: &'a [IssueColumn],
}

/// What the columns of a list show of some of its issues, in their order; of more than [`ROWS_CAP`] the first ones.
///
/// # Errors
/// Where the search cannot be run, or the store fails.
pub async fn extras<S: SearchStore + QueryStore + ExtrasStore>(
    store: &S,
    ids: &[IssueId],
    shown: Shown<'_>,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<IssueExtras>, FindError> {
    let ids = ids.get(..ROWS_CAP).unwrap_or(ids);
    let plan = window_plan(store, shown.query, asker, now).await?;
    let has = |column| shown.columns.contains(&column);
    let extent = ExtrasExtent {
        environments: has(IssueColumn::Environment),
        releases: has(IssueColumn::Release) || has(IssueColumn::LastRelease),
        first_release: has(IssueColumn::FirstRelease),
        service: has(IssueColumn::Service),
        topic: has(IssueColumn::Topic),
        frame: has(IssueColumn::Frame),
        traces: has(IssueColumn::Traces),
        size: has(IssueColumn::Size),
        in_range: true,
        trend: has(IssueColumn::Trend),
        score: shown.order.keys().any(|key| key.by == IssueSort::Trends),
    };
    let mut extras = store.extras(ids, &plan, extent, now).await?;
    let of_ids = ids.iter().filter_map(|id| Some((id, extras.remove(id)?)));
    Ok(of_ids.map(|(id, extras)| shown_of(*id, extras)).collect())
}

fn shown_of(id: IssueId, extras: Extras) -> IssueExtras {
    let amount = |amount: Amount| IssueAmount {
        value: count(amount.value),
        exact: amount.is_exact,
    };
    IssueExtras {
        id: id.to_string(),
        environments: extras.environments,
        releases: extras.releases,
        first_release: extras.first_release,
        service: extras.service,
        topic: extras.topic,
        frame: extras.frame.map(
            |TopFrame {
                 function, place, ..
             }| RowFrame { function, place },
        ),
        traces: extras.traces.map(amount),
        bytes: extras.bytes.map(amount),
        in_range: extras.in_range.map(|numbers| RangeNumbers {
            events: count(numbers.count),
            users: count(numbers.users),
        }),
        trend: extras.trend.map(|trend| RangeTrend {
            start: millis(DateTime::from_timestamp(trend.start, 0).unwrap_or_default()),
            width: count(trend.width.unsigned_abs()) * 1e3,
            bars: trend.bars.into_iter().map(count).collect(),
        }),
        trend_score: extras.score,
    }
}
