//! How the beginning of a list uses what an index says. Whether listing what the index knows or asking it issue by
//! issue is cheaper depends on how common it is, and the two differ by a factor of thousands at both ends: a word that
//! half of a million issues have takes a second to list, and an issue that has it is found at the second look; one that
//! ten issues have is listed at once, and found by asking after a hundred thousand looks.

use super::ask::Ask;
use super::bits::Bits;
use super::entries::{self, Order};
use super::halves::Half;
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
/// Rows of an index of which those that are left are estimated: with as many issues a capped count comes about, too.
const SAMPLE: u64 = 5_000;
/// The same of texts in PostgreSQL, which reads each to see whether it is one of them.
const SAMPLE_OF_READ_TEXTS: u64 = 2_500;
/// How many times as many rows a larger sample has at most.
const GROWTH: u64 = 8;
/// An issue with fewer events than this is looked at sooner than an index is asked about it.
const FEW_EVENTS: i64 = 10;
/// The same in SQLite where the bits of events say what they lack: its index of terms reads the list of a common one page
/// by page for each issue. PostgreSQL asks its index as fast as it looks at events.
const FEW_EVENTS_BY_BITS: i64 = 100;

/// How a list is narrowed down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// No index helps.
    No,
    /// No index helps, and somebody else reads the other half.
    Half(Half),
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
    /// Of the issues with one of the leaves of the first need those that the index has first, each once.
    pub first: Sample,
}

/// What an index has first for a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample {
    /// The leaf.
    pub leaf: Need,
    /// So many rows.
    pub rows: u64,
    /// Their issues, each once, by their ids.
    pub issues: Vec<i64>,
}

/// What an index has for a need.
enum Listing {
    /// All issues.
    Whole(BTreeSet<i64>),
    /// Too many.
    Cut(Sample),
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
        let issues = walk::most_issues(ask).await?;
        let mut common: Option<BTreeSet<i64>> = None;
        let mut needs = Vec::new();
        let mut first = None;
        for part in parts {
            match listed(ask, &part, issues).await? {
                Listing::Cut(sample) => {
                    first = first.or(Some(sample));
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
        match (common, first) {
            (Some(common), _) => {
                let issues = in_order(ask, plan, common).await?;
                Ok(Self::Few(Few { issues, needs }))
            }
            (None, Some(first)) => Ok(Self::Many(Many { needs, first })),
            (None, None) => Ok(Self::No),
        }
    }

    /// Appends ` AND` the issue is one of those that an index knows, for statements that answer all hits.
    pub fn within(&self, sql: &mut Sql, plan: &Plan) {
        match self {
            Self::No => {}
            Self::Half(half) => half.of_each(sql),
            Self::Few(few) => {
                sql.push(" AND i.id").one_of(few.issues.clone());
                few.ask_each(sql, plan);
            }
            Self::Many(many) => {
                sql.push(" AND ");
                prefilter::push_all(sql, &many.needs);
            }
        }
    }

    /// Appends ` AND` what has to be asked of each of them.
    pub fn ask_each(&self, sql: &mut Sql, plan: &Plan) {
        match self {
            Self::No => {}
            Self::Half(half) => half.of_each(sql),
            Self::Few(few) => few.ask_each(sql, plan),
            Self::Many(many) => {
                for need in &many.needs {
                    sql.push(" AND ");
                    let events = few_by_bits(sql.dialect, need, plan);
                    has_unless_few(sql, need, events);
                }
            }
        }
    }
}

impl Sample {
    /// At most so many rows.
    pub async fn read(ask: &mut impl Ask, leaf: &Need, most: u64) -> Result<Self, StoreError> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = entries::rows(ask, leaf, limit, Order::Any).await?;
        let count = rows.len() as u64;
        let issues = entries::issues(ask, leaf, rows).await?;
        let each_once: BTreeSet<i64> = issues.into_iter().collect();
        Ok(Self {
            leaf: leaf.clone(),
            rows: count,
            issues: each_once.into_iter().collect(),
        })
    }

    /// As many more rows as it takes for `wanted` hits, where these rows have `found`: their issues. Nothing where that
    /// would be too many.
    pub async fn enlarged(
        &self,
        ask: &mut impl Ask,
        wanted: u64,
        found: u64,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let Some(rows) = (self.rows * wanted).checked_div(found) else {
            return Ok(None);
        };
        // A quarter more: later rows are not just like the first ones.
        let rows = rows.saturating_add(rows / 4);
        if rows > self.rows.saturating_mul(GROWTH) {
            return Ok(None);
        }
        let larger = Self::read(ask, &self.leaf, rows).await?;
        Ok(Some(larger.issues))
    }
}

impl Few {
    /// Appends ` AND` what else has to be asked of each of them, unless looking is cheaper.
    fn ask_each(&self, sql: &mut Sql, plan: &Plan) {
        for need in &self.needs {
            sql.push(" AND ");
            let events = few_by_bits(sql.dialect, need, plan).unwrap_or(FEW_EVENTS);
            has_unless_few(sql, need, Some(events));
        }
    }
}

/// With fewer events than this an issue is not asked for what is needed, because the bits of its events say more.
fn few_by_bits(dialect: Dialect, need: &Need, plan: &Plan) -> Option<i64> {
    let helps = dialect == Dialect::Sqlite
        && is_of_terms_alone(need)
        && Bits::of(&plan.condition).is_some();
    helps.then_some(FEW_EVENTS_BY_BITS)
}

/// Appends that issue `i` has what is needed, or fewer than so many events; without a number it is asked in any case.
fn has_unless_few(sql: &mut Sql, need: &Need, events: Option<i64>) {
    let Some(events) = events else {
        return has(sql, need);
    };
    sql.push("(i.times_seen < ").integer(events).push(" OR ");
    has(sql, need);
    sql.push(")");
}

/// Whether nothing of it is a text.
fn is_of_terms_alone(need: &Need) -> bool {
    match need {
        Need::Terms(_) => true,
        Need::Texts(_) => false,
        Need::All(needs) | Need::Any(needs) => needs.iter().all(is_of_terms_alone),
    }
}

/// How many rows of an index are few. With `n` rows listing them takes `n` looks, and one issue in `issues / n` has what
/// is needed: asking each takes `PAGE * issues / n` questions to find a page. Where both are the same a page costs most,
/// whatever is searched.
fn few(need: &Need, issues: u64) -> u64 {
    // An issue has several texts to be asked; a question to its terms is a search of its own.
    let looks = if is_of_terms(need) { 6 } else { 2 };
    let few = issues.saturating_mul(PAGE * looks).isqrt();
    few.clamp(FEW.0, FEW.1)
}

/// Whether no text is asked for.
fn is_of_terms(need: &Need) -> bool {
    let is_of_terms = |leaf: &Need| matches!(leaf, Need::Terms(_));
    leaves(need).into_iter().all(is_of_terms)
}

/// The issues that have what is needed, as far as an index knows, where it has few rows for them. `issues`: how many
/// issues there are.
async fn listed(ask: &mut impl Ask, need: &Need, issues: u64) -> Result<Listing, StoreError> {
    let most = few(need, issues);
    let mut listed = BTreeSet::new();
    let mut left = most;
    for leaf in leaves(need) {
        let enough = match (leaf, ask.dialect()) {
            (Need::Texts(_), Dialect::Postgres) => SAMPLE_OF_READ_TEXTS,
            _ => SAMPLE,
        };
        let mut sample = Sample::read(ask, leaf, left.min(enough) + 1).await?;
        if sample.rows > enough && sample.rows <= left {
            let rows =
                entries::all_rows((leaf, ask.dialect()), (sample.rows, &sample.issues), issues);
            if rows > left {
                return Ok(Listing::Cut(sample));
            }
            sample = Sample::read(ask, leaf, left + 1).await?;
        }
        left = match left.checked_sub(sample.rows) {
            Some(left) => left,
            None => return Ok(Listing::Cut(sample)),
        };
        listed.extend(sample.issues);
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
        "SELECT json_group_array(i.id ORDER BY i.last_seen DESC, i.id DESC)",
        "SELECT coalesce(json_agg(i.id ORDER BY i.last_seen DESC, i.id DESC), '[]')::text",
    );
    walk::among(&mut sql, plan, issues.into_iter().collect());
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
