//! Finding the issues of a search, and their scores.

use super::ask::Ask;
use super::bits;
use super::condition::{self, Around};
use super::narrow::Narrowing;
use super::sql::Sql;
use super::walk;
use crate::model::{Category, GroupType, IssueId};
use crate::search::trends::{Trend, TrendEvent, TrendWeights, cursor_score};
use crate::search::window::TimeWindow;
use crate::search::{Condition, EventTest, Hit, Plan, Sort};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, Utc};

/// All hits of a search in their order. `now` is what ages are counted from.
pub(in crate::store) async fn all(
    ask: &mut impl Ask,
    plan: &Plan,
    sort: Sort,
    now: DateTime<Utc>,
) -> Result<Vec<Hit>, StoreError> {
    let narrowing = Narrowing::of(ask, plan).await?;
    narrowed(ask, plan, &narrowing, sort, now).await
}

/// As [`all`], of a search that is narrowed down.
pub(super) async fn narrowed(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    sort: Sort,
    now: DateTime<Utc>,
) -> Result<Vec<Hit>, StoreError> {
    let mut hits = match sort {
        Sort::Date if walk::is_walkable(plan) => walk::all(ask, plan, narrowing).await?,
        Sort::Date | Sort::New => {
            let sql = scored(ask.statement(), plan, narrowing, sort);
            let rows: Vec<(i64, Stamp)> = ask.ask(sql).await?;
            rows.into_iter()
                .map(|(id, at)| hit(second_score(at.0), id))
                .collect()
        }
        Sort::Freq | Sort::User => {
            let sql = scored(ask.statement(), plan, narrowing, sort);
            let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
            rows.into_iter().map(|(id, count)| hit(count, id)).collect()
        }
        Sort::Trends => trends(ask, plan, narrowing, now).await?,
    };
    order(&mut hits);
    Ok(hits)
}

pub(super) fn hit(score: i64, id: i64) -> Hit {
    Hit {
        score,
        id: IssueId(id),
    }
}

/// The order of a list: by score, of equal ones by id, both descending.
pub(super) fn order(hits: &mut [Hit]) {
    hits.sort_unstable_by_key(|hit| std::cmp::Reverse((hit.score, hit.id)));
}

/// The score of a time: whole seconds, in milliseconds.
pub(super) fn second_score(at: DateTime<Utc>) -> i64 {
    at.timestamp() * 1_000
}

/// Issue and score of every hit.
fn scored(mut sql: Sql, plan: &Plan, narrowing: &Narrowing, sort: Sort) -> Sql {
    let only_issues = plan.is_about_issues_only();
    let score = match (sort, only_issues) {
        // An issue whose events were all removed counts as if its newest one stood at its last sighting.
        (Sort::Date, true) => "coalesce(max(o.event_time), i.last_seen)",
        (Sort::New, true) => "coalesce(min(o.event_time), i.last_seen)",
        (Sort::Freq, true) => "CASE WHEN count(o.seq) = 0 THEN 1 ELSE count(o.seq) END",
        (Sort::Date, false) => "max(o.event_time)",
        (Sort::New, false) => "min(o.event_time)",
        (Sort::Freq, false) => "count(*)",
        (Sort::User | Sort::Trends, _) => "count(DISTINCT o.user_key)",
    };
    if let Some(asked) = sums_alone(&plan.condition) {
        sql.push("SELECT c.id, c.score FROM (");
        sums(&mut sql, plan, narrowing, Some(score));
        sql.push(") AS c WHERE ");
        condition::push(&mut sql, &asked, around(plan));
        return sql;
    }
    sql.push("SELECT i.id, ").push(score);
    matching(&mut sql, plan, narrowing);
    sql.push(" GROUP BY i.id");
    if only_issues {
        had_events(&mut sql, plan);
    }
    sql
}

/// What is asked of sums, where each term asks for nothing else or for no sum at all: then the events are read once,
/// and the sums decide about what came out.
pub(super) fn sums_alone(condition: &Condition) -> Option<Condition> {
    let terms: Vec<Condition> = condition
        .terms()
        .iter()
        .filter(|term| term.asks_sums())
        .cloned()
        .collect();
    (!terms.is_empty() && terms.iter().all(asks_only_sums)).then_some(Condition::All(terms))
}

fn asks_only_sums(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(asks_only_sums),
        Condition::Not(part) => asks_only_sums(part),
        Condition::Sum(_) => true,
        Condition::Issue(_) | Condition::Event(_) => false,
    }
}

/// `HAVING` for a list that asks nothing of events: there are some in the window, or there were.
fn had_events(sql: &mut Sql, plan: &Plan) {
    sql.push(" HAVING count(o.seq) > 0 OR ");
    lost_its_events(sql, plan);
}

/// The last sighting lies in the window, but no event of the window is left.
pub(super) fn lost_its_events(sql: &mut Sql, plan: &Plan) {
    sql.push("(i.last_seen >= ")
        .time(plan.window.start)
        .push(" AND i.last_seen < ")
        .time(plan.window.end)
        .push(" AND NOT EXISTS (SELECT 1 FROM occurrence AS o WHERE o.issue_id = i.id");
    in_window(sql, plan);
    sql.push("))");
}

/// `FROM … WHERE …`: every issue of the search with each of its matching events.
pub(super) fn matching(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing) {
    let only_issues = plan.is_about_issues_only();
    sql.push(" FROM issue AS i ");
    sql.push(if only_issues {
        "LEFT JOIN occurrence AS o ON o.issue_id = i.id"
    } else {
        "JOIN occurrence AS o ON o.issue_id = i.id"
    });
    in_window(sql, plan);
    in_environments(sql, plan);
    bits::with(sql, &plan.condition);
    Parts::of(&plan.condition).join(sql);
    if plan.condition.asks_sums() {
        sql.push(" JOIN (");
        sums(sql, plan, narrowing, None);
        sql.push(") AS c ON c.id = i.id");
    }
    sql.push(" WHERE ");
    scope(sql, plan);
    narrowing.within(sql, plan);
    sql.push(" AND ");
    condition::push(sql, &plan.condition, around(plan));
}

/// The sums over the counted events of each issue: those that make true every term that does not ask for sums
/// (search spec, section 6.4). `score`: another sum to read along.
pub(super) fn sums(sql: &mut Sql, plan: &Plan, narrowing: &Narrowing, score: Option<&'static str>) {
    let terms = plan.condition.terms().iter();
    let counted = Condition::All(terms.filter(|term| !term.asks_sums()).cloned().collect());
    sql.push("SELECT i.id AS id, count(*) AS times_seen, max(o.event_time) AS last_seen");
    if let Some(score) = score {
        sql.push(", ").push(score).push(" AS score");
    }
    sql.push(" FROM issue AS i JOIN occurrence AS o ON o.issue_id = i.id");
    in_window(sql, plan);
    in_environments(sql, plan);
    bits::with(sql, &counted);
    Parts::of(&counted).join(sql);
    sql.push(" WHERE ");
    scope(sql, plan);
    narrowing.within(sql, plan);
    sql.push(" AND ");
    condition::push(sql, &counted, around(plan));
    sql.push(" GROUP BY i.id");
}

pub(super) fn around(plan: &Plan) -> Around<'_> {
    Around {
        environments: plan.environments.as_deref(),
    }
}

/// ` AND` the event lies in the window.
pub(super) fn in_window(sql: &mut Sql, plan: &Plan) {
    happened_in(sql, plan.window);
}

/// ` AND` the event lies in this window.
pub(super) fn happened_in(sql: &mut Sql, window: TimeWindow) {
    sql.push(" AND o.event_time >= ")
        .time(window.start)
        .push(" AND o.event_time < ")
        .time(window.end);
}

/// ` AND` the event is of a selected environment.
pub(super) fn in_environments(sql: &mut Sql, plan: &Plan) {
    bits::in_environments(sql, plan);
    if let Some(environments) = &plan.environments {
        sql.push(" AND o.environment IN ")
            .words(environments.iter().map(String::as_str));
    }
}

/// Which issues can be found at all (search spec, section 8.2).
pub(super) fn scope(sql: &mut Sql, plan: &Plan) {
    // Pending deletion, being deleted, pending merge.
    sql.push("i.status NOT IN (3, 4, 5)");
    if let Some(projects) = &plan.projects {
        // The key that begins with it is no way into a list: it holds neither an order nor what else is asked.
        sql.push(" AND ")
            .in_ranges(("+i.project_id", "i.project_id"), projects.clone());
    }
    if !plan.shows_feedback {
        sql.push(" AND NOT ");
        let feedback = GroupType::in_category(Category::Feedback);
        condition::group_types(sql, feedback.map(|group_type| group_type.id));
    }
    if let Some(retention) = plan.retention {
        sql.push(" AND i.last_seen >= ").time(retention);
    }
    let revisions = plan.revisions;
    for (bound, revision) in [
        (" AND i.created_revision <= ", revisions.created_until),
        // Whatever was created was also written: PostgreSQL's index begins with that.
        (
            " AND i.revision > ",
            revisions.written_after.or(revisions.created_after),
        ),
        (" AND i.created_revision > ", revisions.created_after),
    ] {
        if let Some(revision) = revision {
            sql.push(bound).integer(revision);
        }
    }
    if let Some(environments) = &plan.environments {
        sql.push(
            " AND EXISTS (SELECT 1 FROM issue_environment AS e WHERE e.issue_id = i.id AND e.environment IN ",
        )
        .words(environments.iter().map(String::as_str))
        .push(")");
    }
}

/// The tables beside the event that a condition looks into.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    facts: bool,
    message: bool,
    stack: bool,
    own_text: bool,
}

impl Parts {
    pub fn of(condition: &Condition) -> Self {
        let mut parts = Self::default();
        parts.add(condition);
        parts
    }

    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::All(inner) | Condition::Any(inner) => {
                for part in inner {
                    self.add(part);
                }
            }
            Condition::Not(part) => self.add(part),
            Condition::Issue(_) | Condition::Sum(_) => {}
            Condition::Event(test) => match test {
                EventTest::Happened(..) | EventTest::EventId(_) => {}
                EventTest::Contains(_) | EventTest::HasMessage => {
                    self.message = true;
                    self.stack = true;
                    self.own_text = true;
                }
                EventTest::Element(list, _)
                | EventTest::ElementNumber(list, _, _)
                | EventTest::HasElement(list) => {
                    if list.starts_with("error.") {
                        self.message = true;
                    } else {
                        self.stack = true;
                    }
                }
                _ => self.facts = true,
            },
        }
    }

    pub fn join(self, sql: &mut Sql) {
        if self.facts || self.message || self.stack {
            sql.push(" LEFT JOIN event_fact AS f ON f.seq = o.seq");
        }
        if self.message {
            sql.push(
                " LEFT JOIN search_text AS m ON m.issue_id = o.issue_id AND m.hash = f.message",
            );
        }
        if self.stack {
            sql.push(" LEFT JOIN search_text AS s ON s.issue_id = o.issue_id AND s.hash = f.stack");
        }
        if self.own_text {
            sql.push(" LEFT JOIN search_text AS t ON t.issue_id = i.id AND t.hash = i.text_hash");
        }
    }
}

async fn trends(
    ask: &mut impl Ask,
    plan: &Plan,
    narrowing: &Narrowing,
    now: DateTime<Utc>,
) -> Result<Vec<Hit>, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT i.id, coalesce(o.event_time, i.last_seen)");
    matching(&mut sql, plan, narrowing);
    if plan.is_about_issues_only() {
        sql.push(" AND (o.seq IS NOT NULL OR ");
        lost_its_events(&mut sql, plan);
        sql.push(")");
    }
    sql.push(" ORDER BY i.id");
    let events: Vec<(i64, Stamp)> = ask.ask(sql).await?;
    let window = plan.window.end - plan.window.start;
    let of_issues = events.chunk_by(|a, b| a.0 == b.0);
    let hits = of_issues.filter_map(|events| {
        let (id, _) = events.first()?;
        let mut trend = Trend::new(TrendWeights::default(), window);
        for (_, at) in events {
            trend.add(TrendEvent {
                age: now - at.0,
                level: None,
                has_stack: false,
            });
        }
        Some(hit(cursor_score(trend.score()), *id))
    });
    Ok(hits.collect())
}
