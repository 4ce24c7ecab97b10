//! Everything a request finds, without pages: what exports write, and what actions on a search work on.

use super::error::FindError;
use super::prepare::{Prepared, Scope, prepare, project_ids};
use super::request::ListRequest;
use super::{Asker, Found, INBOX, find_in_inbox, keep_statuses, lookup, no_more, numbers};
use crate::model::{IssueId, Project};
use crate::paging::{BadRequest, Limit, Page};
use crate::search::stats::StatsPeriod;
use crate::search::window::{Bounds, Period};
use crate::search::{Hit, Plan, Sort};
use crate::store::{ExportStore, QueryStore, SearchStore, TableExtent, TableRow};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};

/// Issues that are asked about at once.
pub const HITS_CHUNK: usize = 500;

/// Which time a request is about that names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The last 90 days up to now, like a list.
    List,
    /// All of it, like a selection in the window.
    Always,
    /// The last 90 days, and events of the next minute, like an action on a search (search spec, section 5.2).
    Action,
}

/// How much of an issue is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What a row of a table has: the issue and its four numbers.
    Row,
    /// All that a list serialises, as the request asks for it.
    Full,
}

/// Everything a request finds, in its order.
#[derive(Debug, Clone)]
pub struct Hits {
    ids: Vec<IssueId>,
    request: ListRequest,
    scope: Scope,
    stats: StatsPeriod,
    period: Period,
    plan: Option<Plan>,
    asks_events: bool,
    only_statuses: Option<Vec<i16>>,
}

/// Finds everything a request asks for. Its limit and its cursor play no part.
///
/// # Errors
/// [`FindError`] for a request that is refused, before anything is searched; or where the store fails.
pub async fn all_hits<S>(
    store: &S,
    request: &ListRequest,
    reach: Reach,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Hits, FindError>
where
    S: SearchStore + QueryStore,
{
    let (mut hits, search) = begin(store, request, (reach, Names::Mean), asker, now).await?;
    if let Some(search) = search {
        hits.find(store, &search, now).await?;
    }
    Ok(hits)
}

/// What is done to everything that a request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// An update (search spec, section 11).
    Update,
    /// A delete (section 12).
    Delete,
}

/// Finds the issues that an action by query is about, in the order of its search. A query that is an id is a text like
/// any other. Its limit and its cursor play no part. `reach` is [`Reach::Action`] where the specification speaks, and
/// [`Reach::Always`] where a person chose by a search that passes over nothing old.
///
/// # Errors
/// As [`all_hits`]; and [`FindError::Parameter`] for a delete of what the inbox has, in its order (section 12.1, step 5).
pub async fn action_hits<S>(
    store: &S,
    request: &ListRequest,
    (reach, deed): (Reach, Deed),
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Hits, FindError>
where
    S: SearchStore + QueryStore,
{
    if deed == Deed::Delete && request.sort.as_deref() == Some(INBOX) {
        let message = "what is deleted is not found by the order of the inbox; choose another one";
        return Err(FindError::Parameter(BadRequest::new("sort", message)));
    }
    let how = (reach, Names::AreText);
    let (mut hits, search) = begin(store, request, how, asker, now).await?;
    if let Some(search) = search {
        hits.find(store, &search, now).await?;
    }
    Ok(hits)
}

/// What a query is that is the id of an event, or the short id of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// It means the issue.
    Mean,
    /// It is looked for.
    AreText,
}

/// How many issues a request finds, all of them.
///
/// # Errors
/// As [`all_hits`].
pub async fn count_hits<S>(
    store: &S,
    request: &ListRequest,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<u64, FindError>
where
    S: SearchStore + QueryStore,
{
    let how = (Reach::List, Names::Mean);
    let (mut hits, search) = begin(store, request, how, asker, now).await?;
    match search {
        Some(Search { order: Some(_), .. }) => match &hits.plan {
            Some(plan) => Ok(store.count_hits(plan, None).await?),
            None => Ok(0),
        },
        Some(search) => {
            hits.find(store, &search, now).await?;
            Ok(hits.ids.len() as u64)
        }
        None => Ok(hits.ids.len() as u64),
    }
}

/// A search that remains to be run.
struct Search {
    prepared: Prepared,
    bounds: Bounds,
    /// Nothing for the order of the inbox.
    order: Option<Sort>,
}

/// Checks a request, and finds the issues it names.
async fn begin<S>(
    store: &S,
    request: &ListRequest,
    (reach, names): (Reach, Names),
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<(Hits, Option<Search>), FindError>
where
    S: SearchStore + QueryStore,
{
    let period = request.period().resolve(now)?;
    let stats = StatsPeriod::parse(request.group_stats_period.as_deref())?;
    let all = store.projects().await?;
    let mut hits = Hits {
        ids: Vec::new(),
        request: request.clone(),
        scope: Scope::default(),
        stats,
        period,
        plan: None,
        asks_events: false,
        only_statuses: None,
    };
    if all.is_empty() {
        return Ok((hits, None));
    }
    hits.scope = super::scope(store, request, &all, asker).await?;
    if names == Names::Mean
        && let Some(named) = hits.named(store, &all).await?
    {
        hits.ids = named;
        return Ok((hits, None));
    }
    let names_no_period = request.names_no_period();
    let bounds = match reach {
        Reach::Action if names_no_period => Bounds::default(),
        Reach::List | Reach::Always | Reach::Action => Bounds::from(period),
    };
    let prepared = prepare(store, request.text(), &hits.scope, now).await?;
    let order = match request.sort.as_deref() {
        None => Some(Sort::default()),
        Some(INBOX) => None,
        Some(word) => Some(Sort::from_word(word).ok_or_else(|| super::sort_unknown(word))?),
    };
    hits.plan = match reach {
        Reach::Always if names_no_period => {
            let mut plan = prepared.unlimited_plan();
            if let Some(plan) = &mut plan {
                let is_narrowed = !request.project.is_empty();
                plan.projects = is_narrowed.then(|| project_ids(&hits.scope));
                plan.environments.clone_from(&hits.scope.environments);
            }
            plan
        }
        _ => prepared.plan(&hits.scope, bounds, now),
    };
    hits.asks_events = order.is_some() && prepared.search.asks_events;
    hits.only_statuses
        .clone_from(&prepared.search.only_statuses);
    let search = Search {
        prepared,
        bounds,
        order,
    };
    Ok((hits, Some(search)))
}

impl Hits {
    /// Issues that are known by their ids and not by a search, with all there is of them: whenever it happened, and
    /// without bars.
    #[must_use]
    pub fn of_issues(ids: Vec<IssueId>, asker: Asker<'_>) -> Self {
        let scope = Scope {
            directory: asker.directory.clone(),
            me: asker.me,
            ..Scope::default()
        };
        Self::all_of(ids, scope)
    }

    /// The same issues with all there is of them, as [`Self::of_issues`].
    #[must_use]
    pub fn whole(self) -> Self {
        let scope = Scope {
            environments: None,
            ..self.scope
        };
        Self::all_of(self.ids, scope)
    }

    fn all_of(ids: Vec<IssueId>, scope: Scope) -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            ids,
            // One kind of numbers says it all where nothing is left out.
            request: ListRequest {
                expand: words(&["inbox"]),
                collapse: words(&["lifetime", "filtered"]),
                ..ListRequest::default()
            },
            scope,
            stats: StatsPeriod::None,
            period: Period {
                start: DateTime::<Utc>::UNIX_EPOCH,
                end: DateTime::<Utc>::UNIX_EPOCH,
            },
            plan: Some(Plan::everything()),
            asks_events: false,
            only_statuses: None,
        }
    }

    /// The issues.
    #[must_use]
    pub fn ids(&self) -> &[IssueId] {
        &self.ids
    }

    /// Puts the issues into ascending order of their ids.
    pub fn sort_by_id(&mut self) {
        self.ids.sort_unstable();
    }

    /// Leaves out all but the first `most` issues.
    pub fn truncate(&mut self, most: usize) {
        self.ids.truncate(most);
    }

    /// What is asked of the events of these issues; nothing where they were named and not searched for.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Some of the issues as rows of a table, with what `extent` names beside their own rows. Left out are those of
    /// [`Self::listed`].
    ///
    /// # Errors
    /// [`FindError::Store`] where the store fails.
    pub async fn table<S: SearchStore + ExportStore>(
        &self,
        store: &S,
        ids: &[IssueId],
        extent: TableExtent,
        now: DateTime<Utc>,
    ) -> Result<Vec<TableRow>, FindError> {
        let everywhere = numbers::everything(&self.scope);
        let plan = self.plan.as_ref().unwrap_or(&everywhere);
        let directory = &self.scope.directory;
        let mut rows = store.table_rows(ids, plan, extent, directory, now).await?;
        if self.plan.is_none() && (extent.events || extent.first_seen) {
            // Who names issues asks for them, not for their events of some time.
            let environments = self.scope.environments.as_deref();
            let own = store.row_numbers(ids, environments).await?;
            for row in &mut rows {
                if let Some(&(times_seen, first_seen)) = own.get(&row.id) {
                    row.numbers.count = u64::try_from(times_seen).unwrap_or(0);
                    row.numbers.first_seen = Some(first_seen);
                }
            }
        }
        if let Some(words) = super::words_of(self.only_statuses.as_deref()) {
            rows.retain(|row| words.contains(&row.status));
        }
        Ok(rows)
    }

    /// Some of the issues as a list has them, at most [`HITS_CHUNK`] at once. Those that have meanwhile gone, or are not
    /// as the query asks once they are serialised (search spec, section 8.2, step 5), are left out.
    ///
    /// # Errors
    /// [`FindError::Store`] where the store fails.
    pub async fn listed<S: SearchStore>(
        &self,
        store: &S,
        ids: &[IssueId],
        now: DateTime<Utc>,
    ) -> Result<Vec<ListedIssue>, FindError> {
        let rows = ids.iter().map(|&id| Hit { score: 0, id });
        let found = Found {
            page: Page {
                rows: rows.collect(),
                prev: no_more(true),
                next: no_more(false),
            },
            hits: None,
            plan: self.plan.clone(),
            asks_events: self.asks_events,
            only_statuses: self.only_statuses.clone(),
            direct_hit: false,
            matching_event: None,
        };
        let times = (self.stats, self.period);
        let mut issues =
            numbers::serialise(store, &found, &self.request, times, &self.scope, now).await?;
        keep_statuses(&mut issues, found.only_statuses.as_deref());
        Ok(issues)
    }

    /// The issues that the request names in place of a search.
    async fn named<S: SearchStore>(
        &self,
        store: &S,
        all: &[Project],
    ) -> Result<Option<Vec<IssueId>>, FindError> {
        let parts: Vec<ListRequest> = if self.request.group.is_empty() {
            vec![self.request.clone()]
        } else {
            // A database takes only so many values at once.
            let parts = self.request.group.chunks(HITS_CHUNK);
            let parts = parts.map(|group| ListRequest {
                group: group.to_vec(),
                ..self.request.clone()
            });
            parts.collect()
        };
        let mut ids = Vec::new();
        for part in &parts {
            let Some(found) = lookup::direct(store, part, &self.scope, all).await? else {
                return Ok(None);
            };
            ids.extend(super::ids(&found.page));
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        Ok(Some(ids))
    }

    async fn find<S: SearchStore>(
        &mut self,
        store: &S,
        search: &Search,
        now: DateTime<Utc>,
    ) -> Result<(), FindError> {
        if let Some(order) = search.order {
            if let Some(plan) = &self.plan {
                let hits = store.all_hits(plan, order, now).await?;
                self.ids = hits.into_iter().map(|hit| hit.id).collect();
            }
            return Ok(());
        }
        let mut cursor = None;
        loop {
            let (place, bounds) = ((Limit::BULK, cursor), search.bounds);
            let found =
                find_in_inbox(store, &search.prepared, &self.scope, place, bounds, now).await?;
            self.ids.extend(super::ids(&found.page));
            if !found.page.next.results {
                return Ok(());
            }
            cursor = Some(found.page.next.cursor);
        }
    }
}
