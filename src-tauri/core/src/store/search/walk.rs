//! The first hits of a list by date, without finding all of them: issues are looked at from the one last seen most
//! recently on. No matching event of an issue is newer than its last sighting, so as soon as enough hits are newer than
//! the next issue's, nothing can come before them any more.

use super::ask::Ask;
use super::condition;
use super::hits::{self, Parts, around, hit, second_score};
use super::sql::Sql;
use crate::search::window::TimeWindow;
use crate::search::{Condition, Hit, Plan};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, TimeDelta, Utc};

/// Issues of the first step; later ones are larger, because the first already said that hits are rare.
const FIRST_STEP: i64 = 256;
const LARGEST_STEP: i64 = 8_192;

/// The beginning of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Hits in their order. All that could stand among them are there.
    pub hits: Vec<Hit>,
    /// Whether these are all there are.
    pub is_whole: bool,
}

/// How far to walk.
pub(super) trait Enough {
    /// Whether these hits, to which nothing can be added before their end, are enough.
    fn is_reached(&self, certain: &[Hit]) -> bool;
}

impl<F: Fn(&[Hit]) -> bool> Enough for F {
    fn is_reached(&self, certain: &[Hit]) -> bool {
        self(certain)
    }
}

/// Whether a search can be walked: sums are known only when all events have been looked at.
pub(super) fn is_walkable(plan: &Plan) -> bool {
    !plan.condition.asks_sums()
}

/// Whether an issue's last sighting is its score, unless it lies behind the window.
pub(super) fn is_by_row(plan: &Plan) -> bool {
    plan.is_about_issues_only() && plan.environments.is_none()
}

/// The way of a walk.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Over all issues.
    All,
    /// Over those last seen when the window had ended. Their hits can stand anywhere in the list.
    BehindTheWindow,
    /// Over those last seen within the window, before an instant.
    Before(DateTime<Utc>),
}

/// Walks until it is enough. With `from` the list need not have the hits of that instant and later.
pub(super) async fn walk(
    ask: &mut impl Ask,
    plan: &Plan,
    from: Option<DateTime<Utc>>,
    enough: impl Enough,
) -> Result<Beginning, StoreError> {
    let Some(from) = from else {
        return on(ask, plan, Way::All, Vec::new(), enough).await;
    };
    let never = |_: &[Hit]| false;
    let behind = on(ask, plan, Way::BehindTheWindow, Vec::new(), never).await?;
    on(ask, plan, Way::Before(from), behind.hits, enough).await
}

/// Walks one way; `found` are hits that are already known.
async fn on(
    ask: &mut impl Ask,
    plan: &Plan,
    way: Way,
    mut found: Vec<Hit>,
    enough: impl Enough,
) -> Result<Beginning, StoreError> {
    let mut behind: Option<(Stamp, i64)> = None;
    let mut step = FIRST_STEP;
    loop {
        let mut sql = ask.statement();
        step_sql(&mut sql, plan, way, behind, step);
        let rows: Vec<(i64, Stamp, Option<Stamp>)> = ask.ask(sql).await?;
        let is_last = (rows.len() as u64) < step.unsigned_abs();
        let newest = rows.iter();
        found.extend(newest.filter_map(|(id, _, at)| Some(hit(second_score((*at)?.0), *id))));
        hits::order(&mut found);
        let Some(&(id, seen, _)) = rows.last() else {
            return Ok(whole(found));
        };
        if is_last {
            return Ok(whole(found));
        }
        let bound = second_score(seen.0);
        let certain = found.partition_point(|hit| hit.score > bound);
        if enough.is_reached(&found[..certain]) {
            found.truncate(certain);
            return Ok(Beginning {
                hits: found,
                is_whole: false,
            });
        }
        behind = Some((seen, id));
        step = (step * 2).min(LARGEST_STEP);
    }
}

fn whole(hits: Vec<Hit>) -> Beginning {
    Beginning {
        hits,
        is_whole: true,
    }
}

/// The next issues by their last sighting, each with its newest matching event. `issue_by_last_seen`, and
/// `occurrence_by_issue` from its end for each issue.
fn step_sql(
    sql: &mut Sql,
    plan: &Plan,
    way: Way,
    behind: Option<(Stamp, i64)>,
    step: i64,
) {
    sql.push("SELECT i.id, i.last_seen, ");
    newest(sql, plan);
    sql.push(" FROM issue AS i");
    let of_issue = issue_terms(&plan.condition);
    sql.push(" WHERE ");
    hits::scope(sql, plan);
    sql.push(" AND i.last_seen >= ").time(plan.window.start);
    match way {
        Way::All => {}
        Way::BehindTheWindow => {
            sql.push(" AND i.last_seen >= ").time(plan.window.end);
        }
        Way::Before(from) => {
            sql.push(" AND i.last_seen < ")
                .time(from.min(plan.window.end));
        }
    }
    if let Some((seen, id)) = behind {
        sql.push(" AND (i.last_seen, i.id) < (")
            .time(seen.0)
            .push(", ")
            .integer(id)
            .push(")");
    }
    sql.push(" AND ");
    condition::push(sql, &of_issue, around(plan));
    hits::needed(sql, &plan.condition);
    sql.push(" ORDER BY i.last_seen DESC, i.id DESC LIMIT ")
        .integer(step);
}

/// The terms that ask for nothing but the issue: they decide before an event is looked at.
fn issue_terms(condition: &Condition) -> Condition {
    let terms = condition.terms().iter();
    Condition::All(
        terms
            .filter(|term| !term.asks_events() && !term.asks_sums())
            .cloned()
            .collect(),
    )
}

/// The time of the newest matching event in the window, or null.
fn newest(sql: &mut Sql, plan: &Plan) {
    if is_by_row(plan) {
        sql.push("CASE WHEN i.last_seen < ")
            .time(plan.window.end)
            .push(" THEN i.last_seen ELSE ");
        newest_event(sql, plan);
        sql.push(" END");
    } else if plan.is_about_issues_only() {
        sql.push("CASE WHEN ");
        hits::lost_its_events(sql, plan);
        sql.push(" THEN i.last_seen ELSE ");
        newest_event(sql, plan);
        sql.push(" END");
    } else {
        newest_event(sql, plan);
    }
}

fn newest_event(sql: &mut Sql, plan: &Plan) {
    sql.push("(SELECT o.event_time FROM occurrence AS o");
    Parts::of(&plan.condition).join(sql);
    sql.push(" WHERE o.issue_id = i.id");
    hits::in_window(sql, plan);
    hits::in_environments(sql, plan);
    sql.push(" AND ");
    condition::push(sql, &plan.condition, around(plan));
    sql.push(" ORDER BY o.event_time DESC LIMIT 1)");
}

/// The first instant after the second a score stands for.
pub(super) fn behind_second(score: i64) -> Option<DateTime<Utc>> {
    let second = DateTime::from_timestamp(score.div_euclid(1_000), 0)?;
    second.checked_add_signed(TimeDelta::seconds(1))
}

/// How many hits a search has, at most `cap`.
pub(super) async fn count(
    ask: &mut impl Ask,
    plan: &Plan,
    cap: Option<i64>,
) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT count(*) FROM (SELECT i.id");
    found(&mut sql, plan);
    if let Some(cap) = cap {
        sql.push(" LIMIT ").integer(cap);
    }
    sql.push(") AS hits");
    ask.count(sql).await
}

/// `FROM … WHERE …` (and `GROUP BY i.id` where sums are asked for): every issue of the search once.
pub(super) fn found(sql: &mut Sql, plan: &Plan) {
    if plan.condition.asks_sums() {
        // Only the sums say which issues these are.
        hits::matching(sql, plan);
        sql.push(" GROUP BY i.id");
        return;
    }
    sql.push(" FROM issue AS i WHERE ");
    hits::scope(sql, plan);
    if plan.window.start > TimeWindow::ALWAYS.start {
        sql.push(" AND i.last_seen >= ").time(plan.window.start);
    }
    sql.push(" AND ");
    condition::push(sql, &issue_terms(&plan.condition), around(plan));
    hits::needed(sql, &plan.condition);
    if is_by_row(plan) {
        if plan.window.end < TimeWindow::ALWAYS.end {
            sql.push(" AND (i.last_seen < ")
                .time(plan.window.end)
                .push(" OR ");
            newest_event(sql, plan);
            sql.push(" IS NOT NULL)");
        }
    } else {
        sql.push(" AND (");
        newest(sql, plan);
        sql.push(") IS NOT NULL");
    }
}
