//! One page of a list of hits.

use super::ask::Ask;
use super::hits;
use super::walk::{self, Beginning};
use crate::paging::{Cursor, HITS_CAP, Limit, Page, ScorePager};
use crate::search::{Hit, Plan, Sort};
use crate::store::StoreError;
use chrono::{DateTime, Utc};

/// A page of hits, and how many there are, at most [`HITS_CAP`].
#[derive(Debug, Clone, PartialEq)]
pub struct HitPage {
    /// The page.
    pub page: Page<Hit>,
    /// How many hits there are; nothing where nobody asked.
    pub hits: Option<u64>,
}

/// The page of a search at `cursor` (search spec, section 10.3).
pub(in crate::store) async fn page(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: Sort,
    (limit, cursor): (Limit, Option<Cursor>),
    counts: bool,
    now: DateTime<Utc>,
) -> Result<HitPage, StoreError> {
    let pager = ScorePager::of_issues(limit, cursor);
    let is_forward = cursor.is_none_or(|cursor| !cursor.is_prev);
    if sort != Sort::Date || !is_forward || !walk::is_walkable(plan) {
        let all = hits::all(ask, plan, sort, now).await?;
        return Ok(HitPage {
            page: pager.page(&scored(&all)),
            hits: counts.then(|| capped(all.len())),
        });
    }
    // A list by the issues' own rows can begin at the cursor; in any other, what stands before it has to be found.
    let from = cursor
        .filter(|cursor| walk::is_by_row(plan) && !cursor.value.is_zero())
        .and_then(|cursor| walk::behind_second(cursor.value.integer()?));
    let length = |certain: &[Hit]| i64::try_from(certain.len()).unwrap_or(i64::MAX);
    let hits_cap = if counts && from.is_none() {
        HITS_CAP
    } else {
        0
    };
    let enough = |certain: &[Hit]| {
        let better = |value| {
            let better = certain.partition_point(|hit| pager.is_better(hit.score, value));
            // Where all are better the list may go on before the cursor's place.
            (better < certain.len()).then(|| i64::try_from(better).unwrap_or(i64::MAX))
        };
        let range = pager.range(i64::MAX, |value| better(value).ok_or(()));
        range.is_ok_and(|range| range.end < length(certain)) && length(certain) >= hits_cap
    };
    let Beginning { hits, is_whole } = walk::walk(ask, plan, from, enough).await?;
    let page = pager.page(&scored(&hits));
    if from.is_some() && page.rows.is_empty() {
        // Behind the end of the list: only the whole of it says which cursors lead back.
        let all = hits::all(ask, plan, sort, now).await?;
        return Ok(HitPage {
            page: pager.page(&scored(&all)),
            hits: counts.then(|| capped(all.len())),
        });
    }
    let count = match (counts, from) {
        (false, _) => None,
        (true, None) if is_whole || length(&hits) >= HITS_CAP => Some(capped(hits.len())),
        (true, _) => Some(walk::count(ask, plan, Some(HITS_CAP)).await?),
    };
    Ok(HitPage { page, hits: count })
}

fn scored(hits: &[Hit]) -> Vec<(i64, Hit)> {
    hits.iter().map(|hit| (hit.score, *hit)).collect()
}

fn capped(count: usize) -> u64 {
    (count as u64).min(HITS_CAP.unsigned_abs())
}
