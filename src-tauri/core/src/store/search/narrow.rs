//! How the beginning of a list uses what an index says. Whether listing what the index knows or asking it issue by
//! issue is cheaper depends on how common it is, and the two differ by a factor of thousands at both ends: a word that
//! half of a million issues have takes a second to list, and an issue that has it is found at the second look; one that
//! ten issues have is listed at once, and found by asking after a hundred thousand looks.

use super::ask::Ask;
use super::entries::{self, Order};
use super::people::Stands;
use super::prefilter::{self, Need};
use super::sql::{Dialect, Sql};
use super::walk;
use crate::search::Plan;
use crate::store::StoreError;
use std::collections::BTreeSet;

/// Hits that are looked for: a page.
const PAGE: u64 = 100;
/// At least so many rows of an index are listed, and at most so many.
const FEW: (u64, u64) = (1_000, 20_000);
/// How many times as many rows the second batch of some issues is made of.
const GROWTH: usize = 8;
/// An issue with fewer events than this is looked at sooner than an index is asked about it.
const FEW_EVENTS: i64 = 10;

/// How a list is narrowed down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// No index helps.
    No,
    /// Few issues come into question, and these are known.
    Few(Few),
    /// Many issues have each of some needs, and every hit has all of them.
    Many(Many),
}

/// The issues that come into question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Few {
    /// Each once, the one last seen most recently first. They meet whatever the plan asks of the issue alone.
    pub issues: Vec<i64>,
    /// What every hit has beside, and too many issues for a list.
    pub needs: Vec<Need>,
}

/// What more issues have than are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Many {
    /// What every hit has; at least one.
    pub needs: Vec<Need>,
    /// The rows that the index reads first for the first leaf of the first need.
    pub first_rows: Vec<i64>,
}

/// What an index has for a need.
enum Listing {
    /// All issues.
    Whole(BTreeSet<i64>),
    /// Too many. The rows of the first leaf that were read until then.
    Cut(Vec<i64>),
}

impl Narrowing {
    /// The narrowing of a plan: what each index knows is listed, as far as that is not too much, and what all lists
    /// have in common is left.
    pub async fn of(ask: &mut impl Ask, plan: &Plan) -> Result<Self, StoreError> {
        let stands = Stands::of(ask, &plan.condition).await?;
        let parts = match Need::of(&plan.condition, &stands) {
            None => return Ok(Self::No),
            Some(Need::All(parts)) => parts,
            Some(only) => vec![only],
        };
        let issues = most_issues(ask).await?;
        let mut common: Option<BTreeSet<i64>> = None;
        let mut needs = Vec::new();
        let mut first_rows = None;
        for part in parts {
            match listed(ask, &part, few(&part, issues)).await? {
                Listing::Cut(rows) => {
                    first_rows = first_rows.or(Some(rows));
                    needs.push(part);
                }
                Listing::Whole(listed) => {
                    common = Some(match common {
                        None => listed,
                        Some(common) => common.intersection(&listed).copied().collect(),
                    });
                }
            }
            if common.as_ref().is_some_and(BTreeSet::is_empty) {
                break;
            }
        }
        let Some(common) = common else {
            return Ok(Self::Many(Many {
                needs,
                first_rows: first_rows.unwrap_or_default(),
            }));
        };
        let issues = in_order(ask, plan, common).await?;
        Ok(Self::Few(Few { issues, needs }))
    }

    /// Appends ` AND` the issue is one of those that an index knows, for statements that answer all hits.
    pub fn within(&self, sql: &mut Sql) {
        match self {
            Self::No => {}
            Self::Few(few) => {
                sql.push(" AND i.id").one_of(few.issues.clone());
                few.ask_each(sql);
            }
            Self::Many(many) => {
                sql.push(" AND ")
                    .joined(&many.needs, " AND ", "1 = 1", prefilter::push);
            }
        }
    }

    /// Appends ` AND` what has to be asked of each of them.
    pub fn ask_each(&self, sql: &mut Sql) {
        match self {
            Self::No => {}
            Self::Few(few) => few.ask_each(sql),
            Self::Many(many) => {
                sql.push(" AND ").joined(&many.needs, " AND ", "1 = 1", has);
            }
        }
    }
}

impl Many {
    /// Some of the issues that come into question, and then more of them: those an index reads first, in batches that
    /// grow. Each batch has those before it.
    pub async fn some(
        &self,
        ask: &mut impl Ask,
        batch: usize,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let Some(leaf) = self
            .needs
            .first()
            .and_then(|need| leaves(need).into_iter().next())
        else {
            return Ok(None);
        };
        let rows = match batch {
            0 => self.first_rows.clone(),
            1 => {
                let limit = self.first_rows.len().saturating_mul(GROWTH);
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                entries::rows(ask, leaf, limit, Order::Any).await?
            }
            _ => return Ok(None),
        };
        let issues: BTreeSet<i64> = entries::issues(ask, leaf, rows)
            .await?
            .into_iter()
            .collect();
        Ok(Some(issues.into_iter().collect()))
    }
}

impl Few {
    /// Appends ` AND` what else has to be asked of each of them, unless looking is cheaper.
    fn ask_each(&self, sql: &mut Sql) {
        for need in &self.needs {
            sql.push(" AND (i.times_seen < ")
                .integer(FEW_EVENTS)
                .push(" OR ");
            has(sql, need);
            sql.push(")");
        }
    }
}

/// How many issues there are at most. `issue` by its key, from its end.
async fn most_issues(ask: &mut impl Ask) -> Result<u64, StoreError> {
    let mut sql = ask.statement();
    sql.push("SELECT coalesce(max(i.id), 0) FROM issue AS i");
    ask.count(sql).await
}

/// How many rows of an index are few. With `n` rows listing them takes `n` looks, and one issue in `issues / n` has what
/// is needed: asking each takes `PAGE * issues / n` questions to find a page. Where both are the same a page costs most,
/// whatever is searched.
fn few(need: &Need, issues: u64) -> u64 {
    // A question to the texts of an issue takes as long as a look; one to its terms is a search of its own.
    let is_of_terms = |leaf: &&Need| matches!(leaf, Need::Terms(_));
    let is_dear = leaves(need).iter().all(is_of_terms);
    let looks = if is_dear { 6 } else { 1 };
    let few = issues.saturating_mul(PAGE * looks).isqrt();
    few.clamp(FEW.0, FEW.1)
}

/// The issues that have what is needed, as far as an index knows, where it has at most `most` rows for them.
async fn listed(ask: &mut impl Ask, need: &Need, most: u64) -> Result<Listing, StoreError> {
    let mut listed = BTreeSet::new();
    let mut first_rows = None;
    let mut left = most;
    for leaf in leaves(need) {
        let limit = i64::try_from(left).unwrap_or(i64::MAX).saturating_add(1);
        let rows = entries::rows(ask, leaf, limit, Order::Any).await?;
        left = match left.checked_sub(rows.len() as u64) {
            Some(left) => left,
            None => return Ok(Listing::Cut(first_rows.unwrap_or(rows))),
        };
        first_rows = first_rows.or_else(|| Some(rows.clone()));
        listed.extend(entries::issues(ask, leaf, rows).await?);
    }
    Ok(Listing::Whole(listed))
}

/// Those of some issues that meet what the plan asks of the issue alone, the one last seen most recently first. `issue`
/// by its key.
async fn in_order(
    ask: &mut impl Ask,
    plan: &Plan,
    issues: BTreeSet<i64>,
) -> Result<Vec<i64>, StoreError> {
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = ask.statement();
    sql.push_either(
        "SELECT json_group_array(i.id ORDER BY i.last_seen DESC, i.id DESC) FROM issue AS i",
        "SELECT coalesce(json_agg(i.id ORDER BY i.last_seen DESC, i.id DESC), '[]')::text FROM issue AS i",
    );
    walk::conditions(&mut sql, plan, plan.window.start);
    sql.push(" AND i.id").one_of(issues.into_iter().collect());
    ask.ids(sql).await
}

/// Leaves of which every hit has one.
pub(super) fn leaves(need: &Need) -> Vec<&Need> {
    match need {
        Need::Any(needs) => needs.iter().flat_map(leaves).collect(),
        // Any of them will do.
        Need::All(needs) => needs.first().map_or_else(Vec::new, leaves),
        Need::Terms(_) | Need::Texts(_) => vec![need],
    }
}

/// Appends that issue `i` has what is needed, to be asked of one issue after the other: `search_text` by the first part
/// of its unique (issue_id, hash); `search_term` by its key, in SQLite by the rows of the issue. Not by `EXISTS`: of that
/// PostgreSQL makes a join, for which it may list all that the index knows.
fn has(sql: &mut Sql, need: &Need) {
    match (need, sql.dialect) {
        (Need::All(needs), _) => {
            sql.joined(needs, " AND ", "1 = 1", has);
        }
        (Need::Any(needs), _) => {
            sql.joined(needs, " OR ", "1 = 0", has);
        }
        (Need::Texts(texts), _) => {
            sql.push("(SELECT 1 FROM search_text AS x WHERE x.issue_id = i.id AND ");
            prefilter::holds(sql, texts);
            sql.push(" LIMIT 1) IS NOT NULL");
        }
        (Need::Terms(terms), Dialect::Postgres) => {
            sql.push("(SELECT 1 FROM search_term AS h WHERE h.issue_id = i.id AND h.term IN ")
                .integers(terms.iter().map(|term| term.number()))
                .push(" LIMIT 1) IS NOT NULL");
        }
        (Need::Terms(terms), Dialect::Sqlite) => {
            let terms = entries::match_terms(terms);
            // A row of an issue has its number in the bits above the thirtieth.
            sql.push("(EXISTS (SELECT 1 FROM search_term_fts(")
                .word(&terms)
                .push(
                    ") AS q WHERE q.rowid BETWEEN i.id << 30 AND (i.id << 30) + 1073741823) \
                     OR EXISTS (SELECT 1 FROM search_heir AS r CROSS JOIN search_term_fts(",
                )
                .word(&terms)
                .push(
                    ") AS q WHERE r.issue_id = i.id \
                     AND q.rowid BETWEEN r.from_id << 30 AND (r.from_id << 30) + 1073741823))",
                );
        }
    }
}
