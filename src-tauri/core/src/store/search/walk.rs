//! The first hits of a list by date, without finding all of them: issues are looked at from the one last seen most
//! recently on. No matching event of an issue is newer than its last sighting, so as soon as enough hits are newer than
//! the next issue's, nothing can come before them any more.

use super::ask::Ask;
use super::bits;
use super::condition;
use super::hits::{self, Parts, around, hit, second_score};
use super::narrow::Narrowing;
use super::sql::{Dialect, Sql};
use super::sure::Sure;
use crate::search::window::TimeWindow;
use crate::search::{Condition, Hit, Plan};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, TimeDelta, Utc};

/// Issues of the first step: a page, and some that share its last second.
const FIRST_STEP: i64 = 128;
/// Of the second one, for what the first missed by a little. Later ones are larger, because these have said that hits are
/// rare.
const SECOND_STEP: i64 = 64;
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

/// Where a walk begins.
#[derive(Debug, Clone, Default)]
pub(super) struct Start {
    /// Only issues seen before this; nothing for the head of the list.
    pub from: Option<DateTime<Utc>>,
    /// Hits that are known.
    pub known: Vec<Hit>,
}

/// Walks until it is enough.
pub(super) async fn walk(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    start: Start,
    enough: impl Enough,
) -> Result<Beginning, StoreError> {
    let Start { from, known } = start;
    let mut found = known;
    let mut behind: Option<(Stamp, i64)> = None;
    let mut step = FIRST_STEP;
    // Of issues that are known.
    let mut walked = 0;
    loop {
        let mut sql = ask.statement();
        match narrowing {
            Narrowing::Few(few) => {
                let left = few.issues.get(walked..).unwrap_or_default();
                let next = left.get(..step_length(step)).unwrap_or(left);
                listed_step_sql(&mut sql, plan, narrowing, next);
            }
            Narrowing::No | Narrowing::Half(_) | Narrowing::Many(_) => {
                step_sql(&mut sql, plan, narrowing, (from, behind), step);
            }
        }
        let rows: Vec<(i64, Stamp, Option<Stamp>)> = ask.ask(sql).await?;
        let is_last = rows.len() < step_length(step);
        walked += rows.len();
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
        step = match behind {
            None => SECOND_STEP,
            Some(_) => (step * 2).min(LARGEST_STEP),
        };
        behind = Some((seen, id));
    }
}

fn step_length(step: i64) -> usize {
    usize::try_from(step).unwrap_or(usize::MAX)
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
    narrowing: &Narrowing,
    (from, behind): (Option<DateTime<Utc>>, Option<(Stamp, i64)>),
    step: i64,
) {
    sql.push("SELECT i.id, i.last_seen, ");
    newest(sql, plan);
    sql.push(" FROM issue AS i WHERE ");
    hits::scope(sql, plan);
    sql.push(" AND i.last_seen >= ").time(plan.window.start);
    match (behind, from) {
        (Some((seen, id)), _) => {
            sql.push(" AND (i.last_seen, i.id) < (")
                .time(seen.0)
                .push(", ")
                .integer(id)
                .push(")");
        }
        (None, Some(from)) => {
            sql.push(" AND i.last_seen < ").time(from);
        }
        (None, None) => {}
    }
    sql.push(" AND ");
    condition::push(sql, &issue_terms(&plan.condition), around(plan));
    narrowing.ask_each(sql, plan);
    sql.push(" ORDER BY i.last_seen DESC, i.id DESC LIMIT ")
        .integer(step);
}

/// As [`step_sql`], of issues that are known to meet what is asked of them alone. `issue` by its key.
fn listed_step_sql(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing, issues: &[i64]) {
    sql.push("SELECT i.id, i.last_seen, CASE WHEN 1 = 1");
    narrowing.ask_each(sql, plan);
    sql.push(" THEN ");
    newest(sql, plan);
    sql.push(" END FROM issue AS i WHERE i.id")
        .one_of(issues.to_vec())
        .push(" ORDER BY i.last_seen DESC, i.id DESC");
}

/// Every hit of a list by date.
pub(super) async fn all(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
) -> Result<Vec<Hit>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, ");
    newest(&mut sql, plan);
    sql.push(" AS at");
    candidates(&mut sql, plan, narrowing);
    // In the order of an index, so that there is next to nothing left to sort.
    sql.push(" ORDER BY i.last_seen DESC, i.id DESC");
    let rows = ask.timed_ids(sql).await?.into_iter();
    let hits = rows.filter_map(|(id, at)| Some(hit(second_score(at?.0), id)));
    Ok(hits.collect())
}

/// Issues seen behind the window that are looked at for a page in the middle of a list.
const MOST_LATE: i64 = 256;

/// Hits of issues seen at the end of the window or after it: their place in the list is not that of their last
/// sighting. Nothing where there are too many of them. For lists by the issues' own rows.
pub(super) async fn late(ask: &mut impl Ask, plan: &Plan) -> Result<Option<Vec<Hit>>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, ");
    newest(&mut sql, plan);
    sql.push(" FROM issue AS i");
    conditions(&mut sql, plan, plan.window.end);
    sql.push(" ORDER BY i.last_seen DESC, i.id DESC LIMIT ")
        .integer(MOST_LATE + 1);
    let rows: Vec<(i64, Option<Stamp>)> = ask.ask(sql).await?;
    if rows.len() as u64 > MOST_LATE.unsigned_abs() {
        return Ok(None);
    }
    let hits = rows.into_iter();
    let hits = hits.filter_map(|(id, at)| Some(hit(second_score(at?.0), id)));
    Ok(Some(hits.collect()))
}

/// Hits of a list by its own rows that were seen at `from` or later, the oldest ones: so many of them at least, where
/// there are as many. Newest first. `late`: what [`late`] said.
pub(super) async fn before(
    ask: &mut impl Ask,
    plan: &Plan,
    from: DateTime<Utc>,
    late: &[Hit],
    count: i64,
) -> Result<Vec<Hit>, StoreError> {
    let mut read = count.saturating_add(FIRST_STEP);
    loop {
        let mut sql = ask.statement();
        sql.push("SELECT i.id, i.last_seen FROM issue AS i");
        conditions(&mut sql, plan, from.max(plan.window.start));
        sql.push(" AND i.last_seen < ")
            .time(plan.window.end)
            .push(" ORDER BY i.last_seen, i.id LIMIT ")
            .integer(read);
        let rows: Vec<(i64, Stamp)> = ask.ask(sql).await?;
        let is_whole = (rows.len() as u64) < read.unsigned_abs();
        let bound = rows.last().map(|(_, seen)| second_score(seen.0));
        let seen = rows.iter().map(|(id, seen)| hit(second_score(seen.0), *id));
        let from = from.timestamp_millis();
        let late = late.iter().filter(|hit| hit.score >= from).copied();
        let mut found: Vec<Hit> = seen.chain(late).collect();
        if !is_whole {
            // There may be more of its second, and after it.
            found.retain(|hit| Some(hit.score) < bound);
        }
        if is_whole || found.len() as u64 >= count.unsigned_abs() {
            hits::order(&mut found);
            return Ok(found);
        }
        read = read.saturating_mul(4);
    }
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
    } else if let Some(sure) = Sure::of(&plan.condition) {
        sql.push("CASE WHEN ");
        sure.push(sql, around(plan));
        sql.push(" THEN ");
        newest_that(sql, plan, &Condition::All(Vec::new()));
        sql.push(" ELSE ");
        newest_event(sql, plan);
        sql.push(" END");
    } else {
        newest_event(sql, plan);
    }
}

fn newest_event(sql: &mut Sql, plan: &Plan) {
    newest_that(sql, plan, &plan.condition);
}

/// The time of the newest event in the window of which this holds, or null.
fn newest_that(sql: &mut Sql, plan: &Plan, asked: &Condition) {
    sql.push("(SELECT o.event_time FROM occurrence AS o");
    Parts::of(asked).join(sql);
    sql.push(" WHERE o.issue_id = i.id");
    hits::in_window(sql, plan);
    bits::with(sql, asked);
    hits::in_environments(sql, plan);
    sql.push(" AND ");
    condition::push(sql, asked, around(plan));
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
    let narrowing = Narrowing::of(ask, plan).await?;
    count_all(ask, plan, &narrowing, cap).await
}

/// How many issues there are at most. `issue` by its key, from its end.
pub(super) async fn most_issues(ask: &mut impl Ask) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT coalesce(max(i.id), 0) FROM issue AS i");
    ask.count(sql).await
}

/// The ids of all hits, in no particular order.
pub(super) async fn ids(ask: &mut impl Ask, plan: &Plan) -> Result<Vec<i64>, StoreError> {
    let narrowing = Narrowing::of(ask, plan).await?;
    let mut sql = ask.statement();
    sql.push_either(
        "SELECT json_group_array(id)",
        "SELECT coalesce(json_agg(id), '[]')::text",
    )
    .push(" FROM (SELECT i.id");
    found(&mut sql, plan, &narrowing);
    sql.push(") AS hits");
    ask.ids(sql).await
}

/// How many hits a search has, and how many of these `me` has seen since they last became active. What somebody has seen
/// is found once, for few issues of many, so that the hits are counted as by [`count`]: by an index that does not hold
/// when they became active.
pub(super) async fn count_seen(
    ask: &mut impl Ask,
    plan: &Plan,
    me: i64,
) -> Result<(u64, u64), StoreError> {
    let narrowing = Narrowing::of(ask, plan).await?;
    let mut sql = ask.statement();
    sql.push(
        "WITH seen AS MATERIALIZED (SELECT v.issue_id FROM issue_seen AS v JOIN issue AS k ON k.id = v.issue_id \
         WHERE v.seen_at > k.active_at AND v.user_id = ",
    )
    .integer(me)
    .push(") SELECT count(*), count(seen.issue_id) FROM (SELECT i.id");
    found(&mut sql, plan, &narrowing);
    sql.push(") AS hits LEFT JOIN seen ON seen.issue_id = hits.id");
    let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
    let (hits, seen) = rows.first().copied().unwrap_or_default();
    Ok((hits.unsigned_abs(), seen.unsigned_abs()))
}

/// How many hits a narrowed search has, at most `cap`.
pub(super) async fn count_all(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    cap: Option<i64>,
) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT count(*) FROM (SELECT i.id");
    found(&mut sql, plan, narrowing);
    if let Some(cap) = cap {
        sql.push(" LIMIT ").integer(cap);
    }
    sql.push(") AS hits");
    ask.count(sql).await
}

/// How many hits a search has, at most `cap`: as many as are found first, wherever they stand in the list. What many
/// issues have is looked for among those that an index reads first, before all of them are asked.
pub(super) async fn count_first(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    cap: i64,
) -> Result<u64, StoreError> {
    if let Narrowing::Many(many) = narrowing
        && !plan.condition.asks_sums()
    {
        let wanted = cap.unsigned_abs();
        let known = &many.first;
        let nothing_more = Narrowing::No;
        let asked = match &many.needs[..] {
            [need] if *need == known.leaf => &nothing_more,
            _ => narrowing,
        };
        let mut found = count_of(ask, plan, asked, known.issues.clone(), cap).await?;
        if found < wanted
            && let Some(more) = known.enlarged(ask, wanted, found).await?
        {
            found = count_of(ask, plan, asked, more, cap).await?;
        }
        if found >= wanted {
            return Ok(found);
        }
    }
    count_all(ask, plan, narrowing, Some(cap)).await
}

/// How many of some issues are hits, at most `cap`. `issue` by its key.
async fn count_of(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    issues: Vec<i64>,
    cap: i64,
) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT count(*) FROM (SELECT i.id");
    among(&mut sql, plan, issues);
    narrowing.ask_each(&mut sql, plan);
    matching(&mut sql, plan);
    sql.push(" LIMIT ").integer(cap).push(") AS hits");
    ask.count(sql).await
}

/// `FROM … WHERE …` (and `GROUP BY i.id` where sums are asked for): every issue of the search once.
pub(super) fn found(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing) {
    if let Some(asked) = hits::sums_alone(&plan.condition) {
        sql.push(" FROM (");
        hits::sums(sql, plan, narrowing, None);
        sql.push(") AS c JOIN issue AS i ON i.id = c.id WHERE ");
        condition::push(sql, &asked, around(plan));
    } else if plan.condition.asks_sums() {
        // Only the sums say which issues these are.
        hits::matching(sql, plan, narrowing);
        sql.push(" GROUP BY i.id");
    } else {
        candidates(sql, plan, narrowing);
        matching(sql, plan);
    }
}

/// `FROM … WHERE …`: every issue that may be a hit, as far as issues and indexes know.
fn candidates(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing) {
    sql.push(" FROM issue AS i");
    if sql.dialect == Dialect::Sqlite && plan.revisions.written_since().is_some() {
        // No index knows revisions. By their keys, where these are known, or one after the other as they stand.
        sql.push(" NOT INDEXED");
    }
    match narrowing {
        // They meet what is asked of the issue alone.
        Narrowing::Few(few) => {
            sql.push(" WHERE i.id").one_of(few.issues.clone());
            narrowing.ask_each(sql, plan);
        }
        Narrowing::Half(half) => {
            conditions(sql, plan, half.from(plan.window.start));
            half.before_end(sql);
        }
        Narrowing::No | Narrowing::Many(_) => {
            conditions(sql, plan, plan.window.start);
            narrowing.within(sql, plan);
        }
    }
}

/// ` WHERE` what is asked of the issue alone. `from`: since when it was seen; the one bound, because SQLite enters an
/// index by only one of several.
fn conditions(sql: &mut Sql, plan: &Plan, from: DateTime<Utc>) {
    sql.push(" WHERE ");
    hits::scope(sql, plan);
    if from > TimeWindow::ALWAYS.start {
        sql.push(" AND i.last_seen >= ").time(from);
    }
    sql.push(" AND ");
    condition::push(sql, &issue_terms(&plan.condition), around(plan));
}

/// `FROM … WHERE …`: those of some issues that meet what is asked of the issue alone. `issue` by its key, and by nothing
/// else: PostgreSQL would ask an index for all issues of the window as well.
pub(super) fn among(sql: &mut Sql, plan: &Plan, issues: Vec<i64>) {
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push(" FROM issue AS i");
            conditions(sql, plan, plan.window.start);
            sql.push(" AND i.id").one_of(issues);
        }
        Dialect::Postgres => {
            sql.push(" FROM (SELECT * FROM issue AS k WHERE k.id")
                .one_of(issues)
                .push(" OFFSET 0) AS i");
            conditions(sql, plan, plan.window.start);
        }
    }
}

/// ` AND` there is a matching event in the window.
fn matching(sql: &mut Sql, plan: &Plan) {
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
