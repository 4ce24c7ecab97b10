//! One page of a list of hits.

use super::ask::Ask;
use super::hits;
use super::narrow::Narrowing;
use super::walk::{self, Beginning, Start};
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
    if sort != Sort::Date || !walk::is_walkable(plan) {
        return Ok(whole(
            &hits::all(ask, plan, sort, now).await?,
            &pager,
            counts,
        ));
    }
    let narrowing = Narrowing::of(ask, plan).await?;
    // A list by the issues' own rows can begin at the cursor; in any other, what stands before it has to be found.
    let place = cursor.filter(|cursor| walk::is_by_row(plan) && !cursor.value.is_zero());
    let from = place.and_then(|cursor| walk::behind_second(cursor.value.integer()?));
    let late = match from {
        Some(_) => walk::late(ask, plan).await?,
        None => None,
    };
    let start = match (from, &late) {
        (Some(from), Some(late)) => Start {
            from: Some(from.min(plan.window.end)),
            known: seen_before(late, from),
        },
        _ => Start::default(),
    };
    let is_at_head = start.from.is_none();
    let (beginning, before) = match cursor.filter(|cursor| cursor.is_prev) {
        Some(cursor) => {
            let (Some(from), Some(late)) = (from, &late) else {
                return Ok(whole(
                    &hits::all(ask, plan, sort, now).await?,
                    &pager,
                    counts,
                ));
            };
            // What the page can reach on either side, and one more, which says that the list goes on.
            let reach = cursor.offset.saturating_add(limit.get()).saturating_add(1);
            let before = walk::before(ask, plan, from, late, reach).await?;
            let enough = |certain: &[Hit]| length(certain) > cursor.offset;
            let behind = walk::walk(ask, plan, &narrowing, start, enough).await?;
            (behind, before)
        }
        None => {
            let enough = |certain: &[Hit]| {
                let better = |value| {
                    let better = certain.partition_point(|hit| pager.is_better(hit.score, value));
                    // Where all are better the list may go on before the cursor's place.
                    (better < certain.len()).then(|| i64::try_from(better).unwrap_or(i64::MAX))
                };
                let range = pager.range(i64::MAX, |value| better(value).ok_or(()));
                range.is_ok_and(|range| range.end < length(certain))
            };
            let beginning = walk::walk(ask, plan, &narrowing, start, enough).await?;
            // Behind the end of the list its last hits say where that is.
            let before = match (from, &late) {
                (Some(from), Some(late)) if beginning.hits.is_empty() => {
                    walk::before(ask, plan, from, late, 1).await?
                }
                _ => Vec::new(),
            };
            (beginning, before)
        }
    };
    let Beginning { hits, is_whole } = beginning;
    let count = match (counts, is_at_head) {
        (false, _) => None,
        (true, true) if is_whole || length(&hits) >= HITS_CAP => Some(capped(hits.len())),
        (true, _) => Some(walk::count_first(ask, plan, &narrowing, HITS_CAP).await?),
    };
    let hits: Vec<Hit> = before.into_iter().chain(hits).collect();
    Ok(HitPage {
        page: pager.page(&scored(&hits)),
        hits: count,
    })
}

/// The page of a list that was found as a whole.
fn whole(all: &[Hit], pager: &ScorePager, counts: bool) -> HitPage {
    HitPage {
        page: pager.page(&scored(all)),
        hits: counts.then(|| capped(all.len())),
    }
}

/// Those of some hits that stand behind a time.
fn seen_before(hits: &[Hit], from: DateTime<Utc>) -> Vec<Hit> {
    let from = from.timestamp_millis();
    let hits = hits.iter().filter(|hit| hit.score < from);
    hits.copied().collect()
}

fn length(hits: &[Hit]) -> i64 {
    i64::try_from(hits.len()).unwrap_or(i64::MAX)
}

fn scored(hits: &[Hit]) -> Vec<(i64, Hit)> {
    hits.iter().map(|hit| (hit.score, *hit)).collect()
}

fn capped(count: usize) -> u64 {
    (count as u64).min(HITS_CAP.unsigned_abs())
}
