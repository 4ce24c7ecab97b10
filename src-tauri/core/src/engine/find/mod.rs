//! Lists of issues (search spec, sections 8 and 9): from a request to a page of serialised issues.

mod error;
mod extras;
mod hits;
mod inbox;
mod lookup;
mod numbers;
mod prepare;
mod request;
mod similar;
mod stats;
mod window;

pub use error::FindError;
pub use extras::{Shown, extras};
pub use hits::{Deed, Extent, HITS_CHUNK, Hits, Reach, action_hits, all_hits, count_hits};
pub use prepare::{Prepared, Scope, prepare};
pub use request::{DEFAULT_QUERY, ListRequest};
pub use similar::similar;
pub use stats::stats_of_issues;
pub(super) use window::{Question, question};
pub use window::{
    changes, detail, group_trends, grouped_snapshot, head, rows, snapshot, total, totals,
    window_plan,
};

use crate::model::{Directory, IssueId, Project};
use crate::paging::{Cursor, Limit, Link, PAGE_CAP, Page, ScorePager};
use crate::query::{Problem, ProblemCode};
use crate::search::stats::StatsPeriod;
use crate::search::window::{Bounds, TimeWindow};
use crate::search::{Hit, Plan, Sort};
use crate::store::{InboxPlan, QueryStore, SearchStore, TriageStore};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// The word for the order of the inbox.
const INBOX: &str = "inbox";

/// A page of issues.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueList {
    /// The issues.
    pub issues: Vec<ListedIssue>,
    /// Towards the start of the list.
    pub prev: Link,
    /// Towards the end of the list.
    pub next: Link,
    /// How many hits there are, at most [`crate::paging::HITS_CAP`]; nothing where nobody counts.
    pub hits: Option<u64>,
    /// Whether the query was the id of the one issue that is answered.
    pub direct_hit: bool,
}

/// The issues that stand for one request, before they are serialised.
struct Found {
    page: Page<Hit>,
    hits: Option<u64>,
    /// What their numbers are about; nothing where no window was passed on.
    plan: Option<Plan>,
    /// Whether the query asks for events, so that there are numbers of those that match.
    asks_events: bool,
    /// Statuses outside which issues are left out once they are serialised.
    only_statuses: Option<Vec<i16>>,
    direct_hit: bool,
    matching_event: Option<uuid::Uuid>,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// People and teams.
    pub directory: &'a Directory,
    /// The acting member.
    pub me: Option<i64>,
}

/// Answers a request for a list.
///
/// # Errors
/// [`FindError`] for a request that is refused, before anything is searched; or where the store fails.
pub async fn list_issues<S>(
    store: &S,
    request: &ListRequest,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<IssueList, FindError>
where
    S: SearchStore + QueryStore + TriageStore,
{
    let period = request.period().resolve(now)?;
    let stats = StatsPeriod::parse(request.group_stats_period.as_deref())?;
    let all = store.projects().await?;
    if all.is_empty() {
        return Ok(nothing());
    }
    let scope = scope(store, request, &all, asker).await?;
    let limit = match &request.limit {
        Some(limit) => Limit::parse(limit, PAGE_CAP)?,
        None => Limit::PAGE,
    };
    let cursor = match &request.cursor {
        Some(cursor) => Cursor::parse(cursor)?,
        None => None,
    };
    let found = match lookup::direct(store, request, &scope, &all).await? {
        Some(found) => found,
        None => find(store, request, &scope, (limit, cursor), period.into(), now).await?,
    };
    let mut issues =
        numbers::serialise(store, &found, request, (stats, period), &scope, now).await?;
    keep_statuses(&mut issues, found.only_statuses.as_deref());
    Ok(IssueList {
        issues,
        prev: found.page.prev,
        next: found.page.next,
        hits: found.hits,
        direct_hit: found.direct_hit,
    })
}

/// Leaves out issues that are serialised with another status than was asked for.
fn keep_statuses(issues: &mut Vec<ListedIssue>, only: Option<&[i16]>) {
    if let Some(words) = words_of(only) {
        issues.retain(|issue| words.contains(&issue.status.as_str()));
    }
}

/// Words for the only statuses a query asks for, where it does.
fn words_of(only: Option<&[i16]>) -> Option<Vec<&'static str>> {
    let words = |statuses: &[i16]| statuses.iter().filter_map(|it| status_word(*it)).collect();
    only.map(words)
}

fn status_word(number: i16) -> Option<&'static str> {
    Some(match number {
        0 => "unresolved",
        1 => "resolved",
        2 => "ignored",
        6 => "reprocessing",
        _ => return None,
    })
}

/// The list of a store without projects.
fn nothing() -> IssueList {
    IssueList {
        issues: Vec::new(),
        prev: no_more(true),
        next: no_more(false),
        hits: None,
        direct_hit: false,
    }
}

fn no_more(is_prev: bool) -> Link {
    Link {
        cursor: Cursor::new(0, 0, is_prev),
        results: false,
    }
}

async fn scope<S: SearchStore>(
    store: &S,
    request: &ListRequest,
    all: &[Project],
    asker: Asker<'_>,
) -> Result<Scope, FindError> {
    let projects = if request.project.is_empty() || request.project.contains(&-1) {
        all.to_vec()
    } else {
        let named = request.project.iter().map(|id| {
            let project = all.iter().find(|project| project.id.0 == *id);
            project
                .cloned()
                .ok_or_else(|| FindError::Project(id.to_string()))
        });
        named.collect::<Result<_, _>>()?
    };
    let mut scope = Scope {
        projects,
        environments: None,
        directory: asker.directory.clone(),
        me: asker.me,
    };
    if !request.environment.is_empty() {
        // Known is what any project has: a list of those without it is empty, and no mistake.
        let projects: Vec<i64> = all.iter().map(|project| project.id.0).collect();
        let known = store.known_environments(&projects).await?;
        refuse_unknown(&request.environment, &known)?;
        scope.environments = Some(request.environment.clone());
    }
    Ok(scope)
}

fn refuse_unknown(wanted: &[String], known: &BTreeSet<String>) -> Result<(), FindError> {
    match wanted.iter().find(|name| !known.contains(*name)) {
        Some(unknown) => Err(FindError::Environment(unknown.clone())),
        None => Ok(()),
    }
}

/// Step 4 of search spec 8.2: the search itself.
async fn find<S: SearchStore>(
    store: &S,
    request: &ListRequest,
    scope: &Scope,
    place: (Limit, Option<Cursor>),
    requested: Bounds,
    now: DateTime<Utc>,
) -> Result<Found, FindError> {
    let prepared = prepare(store, request.text(), scope, now).await?;
    let plan = prepared.plan(scope, requested, now);
    let sort = request.sort.as_deref().unwrap_or(Sort::default().as_str());
    if sort == INBOX {
        return find_in_inbox(store, &prepared, scope, place, requested, now).await;
    }
    let sort = Sort::from_word(sort).ok_or_else(|| sort_unknown(sort))?;
    let (page, hits) = match &plan {
        Some(plan) => {
            let found = store.hit_page(plan, sort, place, true, now).await?;
            (found.page, found.hits)
        }
        None => (ScorePager::of_issues(place.0, place.1).page(&[]), Some(0)),
    };
    Ok(Found {
        page,
        hits,
        plan,
        asks_events: prepared.search.asks_events,
        only_statuses: prepared.search.only_statuses,
        direct_hit: false,
        matching_event: None,
    })
}

fn sort_unknown(word: &str) -> FindError {
    let words = Sort::ALL.map(Sort::as_str).join(", ");
    FindError::Refused(Problem::of_request(
        ProblemCode::SortUnknown,
        format!("There is no order “{word}”. Known: {words}, {INBOX}."),
    ))
}

async fn find_in_inbox<S: SearchStore>(
    store: &S,
    prepared: &Prepared,
    scope: &Scope,
    place: (Limit, Option<Cursor>),
    requested: Bounds,
    now: DateTime<Utc>,
) -> Result<Found, FindError> {
    let mut found = Found {
        page: Page {
            rows: Vec::new(),
            prev: no_more(true),
            next: no_more(false),
        },
        hits: None,
        plan: prepared.plan(scope, requested, now),
        asks_events: false,
        only_statuses: prepared.search.only_statuses.clone(),
        direct_hit: false,
        matching_event: None,
    };
    // An empty window answers before anything else is checked.
    let Some(window) = TimeWindow::of_inbox(prepared.bounds(requested), now) else {
        return Ok(found);
    };
    let plan = InboxPlan {
        projects: prepare::project_ids(scope),
        environments: scope.environments.clone(),
        window,
        condition: inbox::condition(&prepared.tree, &prepared.search.condition)?,
    };
    (found.page, found.hits) = store.inbox_page(&plan, place, true).await?;
    Ok(found)
}

/// Ids of the issues of a page, in its order.
fn ids(page: &Page<Hit>) -> Vec<IssueId> {
    page.rows.iter().map(|hit| hit.id).collect()
}
