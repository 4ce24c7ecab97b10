//! What columns show that not every list has, for the rows that are on screen: a statement for each kind of column, over
//! all these rows at once.

use super::ask::Ask;
use super::reading::reading;
use super::sql::Sql;
use super::{hits, listed, numbers};
use crate::decode::{TopFrame, read_stored_json, top_frame};
use crate::model::IssueId;
use crate::search::trends::CURSOR_SCALE;
use crate::search::window::TimeWindow;
use crate::search::{Condition, IssueTest, Numbers, Order, Plan, Sort, SumTest};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use std::collections::HashMap;
use std::future::Future;

/// Newest occurrences of an issue that are looked at for what no index holds.
pub const LOOKED_AT: u64 = 200;
/// Stretches of a trend, as many as a row shows hours of the last day.
pub const BARS: usize = 24;
/// Releases and environments of an issue that are named.
const MOST_NAMED: usize = 20;

/// Which extras are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtrasExtent {
    /// The environments it was seen in.
    pub environments: bool,
    /// The releases it was seen in.
    pub releases: bool,
    /// The release it was first seen in.
    pub first_release: bool,
    /// The service of its newest event.
    pub service: bool,
    /// The topic of its newest occurrence.
    pub topic: bool,
    /// The frame of its newest event that one wants to see first.
    pub frame: bool,
    /// How many traces it has.
    pub traces: bool,
    /// How much space its occurrences take.
    pub size: bool,
    /// Its numbers in the time that the list is about.
    pub in_range: bool,
    /// When its events came in that time.
    pub trend: bool,
    /// Its score in the sort by trends.
    pub score: bool,
}

#[cfg(test)]
impl ExtrasExtent {
    pub(in crate::store) const EVERYTHING: Self = Self {
        environments: true,
        releases: true,
        first_release: true,
        service: true,
        topic: true,
        frame: true,
        traces: true,
        size: true,
        in_range: true,
        trend: true,
        score: true,
    };
}

/// A number that may be that of some of an issue's occurrences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: u64,
    /// Whether it is exact: the issue has no more than [`LOOKED_AT`] occurrences.
    pub is_exact: bool,
}

/// Events in stretches of the same length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RangeTrend {
    /// When the first stretch begins, in seconds since the epoch.
    pub start: i64,
    /// Seconds of a stretch.
    pub width: i64,
    /// Events of each, oldest first; there are [`BARS`].
    pub bars: Vec<u64>,
}

/// What columns show of an issue, as far as it was wanted and is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extras {
    /// At most 20, by name; the unnamed one is empty.
    pub environments: Vec<String>,
    /// At most 20, that of the newest event first.
    pub releases: Vec<String>,
    /// The release it was first seen in.
    pub first_release: Option<String>,
    /// The tag `service` of its newest event.
    pub service: Option<String>,
    /// The topic of its newest occurrence.
    pub topic: Option<String>,
    /// The frame of its newest event that one wants to see first.
    pub frame: Option<TopFrame>,
    /// Different traces, at least so many.
    pub traces: Option<Amount>,
    /// Bytes of its stored occurrences, estimated by the newest ones.
    pub bytes: Option<Amount>,
    /// Its events in the time that the list is about, where that is not all time.
    pub in_range: Option<Numbers>,
    /// When these came, where that time has a beginning.
    pub trend: Option<RangeTrend>,
    /// Its score, as the order by trends has it.
    pub score: Option<f64>,
}

/// Reads what columns show.
pub trait ExtrasStore: Send + Sync {
    /// The extras of some issues. `plan`: that of the list, whose time the numbers are of, and whose conditions and window the score is.
    fn extras(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        extent: ExtrasExtent,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<HashMap<IssueId, Extras>, StoreError>> + Send;
}

impl ExtrasStore for Store {
    async fn extras(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        extent: ExtrasExtent,
        now: DateTime<Utc>,
    ) -> Result<HashMap<IssueId, Extras>, StoreError> {
        reading!(self, ask => extras(ask, issues, plan, extent, now).await)
    }
}

/// As [`ExtrasStore::extras`]. Each issue that was asked for has some.
pub(super) async fn extras(
    ask: &mut impl Ask,
    issues: &[IssueId],
    plan: &Plan,
    extent: ExtrasExtent,
    now: DateTime<Utc>,
) -> Result<HashMap<IssueId, Extras>, StoreError> {
    let mut all: HashMap<IssueId, Extras> =
        issues.iter().map(|id| (*id, Extras::default())).collect();
    if issues.is_empty() {
        return Ok(all);
    }
    let mut put = |id: i64, set: &mut dyn FnMut(&mut Extras)| {
        if let Some(extras) = all.get_mut(&IssueId(id)) {
            set(extras);
        }
    };
    if extent.environments {
        let mut sql = ask.statement();
        environments(&mut sql, issues);
        for (id, name) in ask.ask::<(i64, String)>(sql).await? {
            put(id, &mut |extras| {
                push_named(&mut extras.environments, &name);
            });
        }
    }
    if extent.releases {
        let mut sql = ask.statement();
        releases(&mut sql, issues);
        for (id, version) in ask.ask::<(i64, String)>(sql).await? {
            put(id, &mut |extras| push_named(&mut extras.releases, &version));
        }
    }
    if extent.first_release {
        let mut sql = ask.statement();
        of_each(&mut sql, issues, |sql| {
            sql.push("i.first_release");
        });
        for (id, release) in ask.ask::<(i64, Option<String>)>(sql).await? {
            put(id, &mut |extras| extras.first_release.clone_from(&release));
        }
    }
    if extent.service {
        let mut sql = ask.statement();
        of_each(&mut sql, issues, service);
        for (id, service) in ask.ask::<(i64, Option<String>)>(sql).await? {
            put(id, &mut |extras| extras.service.clone_from(&service));
        }
    }
    if extent.topic {
        let mut sql = ask.statement();
        of_each(&mut sql, issues, topic);
        for (id, topic) in ask.ask::<(i64, Option<String>)>(sql).await? {
            put(id, &mut |extras| extras.topic.clone_from(&topic));
        }
    }
    if extent.frame {
        let mut sql = ask.statement();
        of_each(&mut sql, issues, newest_body);
        let bodies = ask.ask::<(i64, Option<Vec<u8>>)>(sql).await?;
        for (id, frame) in top_frames(bodies).await? {
            put(id, &mut |extras| extras.frame.clone_from(&frame));
        }
    }
    if extent.traces {
        let mut sql = ask.statement();
        traces(&mut sql, issues);
        for (id, traces, more) in ask.ask::<(i64, i64, Option<i64>)>(sql).await? {
            let amount = Amount {
                value: traces.unsigned_abs(),
                is_exact: more.is_none(),
            };
            put(id, &mut |extras| extras.traces = Some(amount));
        }
    }
    if extent.size {
        let mut sql = ask.statement();
        sizes(&mut sql, issues);
        for (id, bytes, stored) in ask.ask::<(i64, i64, i64)>(sql).await? {
            let amount = scaled(bytes.unsigned_abs(), stored.unsigned_abs());
            put(id, &mut |extras| extras.bytes = Some(amount));
        }
    }
    if let Some(window) = range(plan) {
        let of_window = Plan {
            window,
            environments: plan.environments.clone(),
            ..Plan::everything()
        };
        if extent.in_range {
            let found = numbers::numbers(ask, &of_window, false, issues).await?;
            for id in issues {
                let numbers = found.get(id).cloned().unwrap_or_default();
                put(id.0, &mut |extras| extras.in_range = Some(numbers.clone()));
            }
        }
        if extent.trend
            && let Some((none, span)) = stretches(window, now)
        {
            let mut trends: HashMap<IssueId, RangeTrend> =
                issues.iter().map(|id| (*id, none.clone())).collect();
            let width = none.width;
            for (id, start, events) in
                numbers::stretches(ask, &of_window, false, issues, span, width).await?
            {
                let place = usize::try_from((start - none.start) / width).unwrap_or(BARS);
                let trend = trends.get_mut(&id);
                if let Some(bar) = trend.and_then(|trend| trend.bars.get_mut(place)) {
                    *bar += events;
                }
            }
            for (id, trend) in trends {
                put(id.0, &mut |extras| extras.trend = Some(trend.clone()));
            }
        }
    }
    if extent.score {
        for hit in hits::all(ask, &among(plan, issues), Sort::Trends, now).await? {
            #[allow(clippy::cast_precision_loss, reason = "it was a float before")]
            let score = hit.score as f64 / CURSOR_SCALE;
            put(hit.id.0, &mut |extras| extras.score = Some(score));
        }
    }
    Ok(all)
}

/// The time that a list is about: its window, and from when on its issues were seen last at the earliest. Nothing where it
/// is about all time.
fn range(plan: &Plan) -> Option<TimeWindow> {
    let seen_since = plan.condition.terms().iter().filter_map(|term| match term {
        Condition::Sum(SumTest::LastSeen(Order::Greater | Order::GreaterOrEqual, at)) => Some(*at),
        _ => None,
    });
    let window = TimeWindow {
        start: seen_since.fold(plan.window.start, std::cmp::max),
        end: plan.window.end,
    };
    (window != TimeWindow::ALWAYS).then_some(window)
}

/// A trend without events over some time, and the seconds from the first to behind the last of that time. Stretches begin
/// at multiples of their length and the last one holds the end, so that the first may begin a little before. Nothing for
/// a time without a beginning: nobody sees anything in bars that are years wide.
fn stretches(window: TimeWindow, now: DateTime<Utc>) -> Option<(RangeTrend, (i64, i64))> {
    let from = window.start.timestamp();
    let to = window.end.min(now).timestamp() + 1;
    if from <= 0 || from >= to {
        return None;
    }
    let bars = i64::try_from(BARS).unwrap_or(i64::MAX);
    let width = (to - from).div_euclid(bars - 1) + 1;
    let trend = RangeTrend {
        start: ((to - 1).div_euclid(width) - (bars - 1)) * width,
        width,
        bars: vec![0; BARS],
    };
    Some((trend, (from, to)))
}

/// The hits of a plan that are among some issues.
fn among(plan: &Plan, issues: &[IssueId]) -> Plan {
    let ids = issues.iter().map(|id| id.0).collect();
    Plan {
        condition: Condition::All(vec![
            plan.condition.clone(),
            Condition::Issue(IssueTest::Id(ids)),
        ]),
        ..plan.clone()
    }
}

fn push_named(names: &mut Vec<String>, name: &str) {
    if names.len() < MOST_NAMED {
        names.push(name.to_owned());
    }
}

/// The size of all occurrences, of which the newest ones take so many bytes.
fn scaled(bytes: u64, stored: u64) -> Amount {
    let looked_at = stored.min(LOOKED_AT);
    let all = u128::from(bytes) * u128::from(stored);
    Amount {
        value: all
            .checked_div(u128::from(looked_at))
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(0),
        is_exact: stored <= LOOKED_AT,
    }
}

/// `issue_environment` by the first part of its key.
fn environments(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("SELECT e.issue_id, e.environment FROM issue_environment AS e WHERE e.issue_id IN ")
        .integers(issues.iter().map(|id| id.0))
        .push(" ORDER BY e.issue_id, e.environment");
}

/// `issue_release` by the first part of its key.
fn releases(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("SELECT r.issue_id, r.release FROM issue_release AS r WHERE r.release <> '' AND r.issue_id IN ")
        .integers(issues.iter().map(|id| id.0))
        .push(" GROUP BY r.issue_id, r.release ORDER BY r.issue_id, max(r.last_seen) DESC, r.release DESC");
}

/// Something of each issue, which is `i`. `issue` by its key.
fn of_each(sql: &mut Sql, issues: &[IssueId], what: impl FnOnce(&mut Sql)) {
    sql.push("SELECT i.id, ");
    what(sql);
    sql.push(" FROM issue AS i WHERE i.id IN ")
        .integers(issues.iter().map(|id| id.0));
}

/// The tag of the newest event.
fn service(sql: &mut Sql) {
    listed::newest_fact(
        sql,
        "CAST(json_extract(f.facts, '$.tags.service') AS TEXT)",
        "f.facts -> 'tags' ->> 'service'",
    );
}

/// `occurrence_by_issue` from its end.
fn topic(sql: &mut Sql) {
    sql.push(
        "(SELECT o.topic FROM occurrence AS o WHERE o.issue_id = i.id \
         ORDER BY o.event_time DESC, o.seq DESC LIMIT 1)",
    );
}

/// The stored event of the newest occurrence, where that is no light one: `occurrence_by_issue` from its end, and `event`
/// by its unique (event_id, project_id).
fn newest_body(sql: &mut Sql) {
    sql.push("(SELECT ").push(listed::BODY).push(
        " FROM occurrence AS o WHERE o.issue_id = i.id ORDER BY o.event_time DESC, o.seq DESC LIMIT 1)",
    );
}

/// The frames that stored events show first. One that cannot be read has none.
async fn top_frames(
    bodies: Vec<(i64, Option<Vec<u8>>)>,
) -> Result<Vec<(i64, Option<TopFrame>)>, StoreError> {
    // Unpacking takes longer than reading, and must not hold up what else this thread does.
    let frames = tokio::task::spawn_blocking(move || {
        let of_body = |body: Vec<u8>| match read_stored_json(&body) {
            Ok(event) => top_frame(&event),
            Err(problem) => {
                tracing::warn!(problem, "a row without its frame");
                None
            }
        };
        let bodies = bodies.into_par_iter();
        bodies
            .map(|(id, body)| (id, body.and_then(of_body)))
            .collect()
    });
    frames
        .await
        .map_err(|error| StoreError::Corrupt(format!("unpacking events: {error}")))
}

/// One of the newest occurrences of each issue: `occurrence_by_issue` from its end. As a list, which PostgreSQL looks up
/// one by one.
fn newest(sql: &mut Sql) {
    sql.push_either("IN ", "= ANY(ARRAY")
        .push(
            "(SELECT o.seq FROM occurrence AS o WHERE o.issue_id = i.id \
             ORDER BY o.event_time DESC, o.seq DESC LIMIT ",
        )
        .integer(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX))
        .push(")")
        .push_either("", ")");
}

/// How many occurrences an issue has: `occurrence_by_issue`, which holds all it needs.
const STORED: &str = "(SELECT count(*) FROM occurrence AS o WHERE o.issue_id = i.id)";

/// Something where an issue has more occurrences than are looked at. As [`STORED`].
fn has_more(sql: &mut Sql) {
    sql.push(
        "(SELECT CAST(1 AS BIGINT) FROM occurrence AS o WHERE o.issue_id = i.id LIMIT 1 OFFSET ",
    )
    .integer(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX))
    .push(")");
}

/// `event_fact` by its key for the newest occurrences.
fn traces(sql: &mut Sql, issues: &[IssueId]) {
    of_each(sql, issues, |sql| {
        sql.push("(SELECT count(DISTINCT ").push_either(
            "CAST(json_extract(f.facts, '$.trace') AS TEXT)",
            "f.facts ->> 'trace'",
        );
        sql.push(") FROM event_fact AS f WHERE f.seq ");
        newest(sql);
        sql.push("), ");
        has_more(sql);
    });
}

/// `occurrence` by its key for the newest ones.
fn sizes(sql: &mut Sql, issues: &[IssueId]) {
    of_each(sql, issues, |sql| {
        sql.push(
            "(SELECT CAST(coalesce(sum(length(b.payload)), 0) AS BIGINT) FROM occurrence AS b WHERE b.seq ",
        );
        newest(sql);
        sql.push("), ").push(STORED);
    });
}
