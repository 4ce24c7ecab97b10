//! Numbers of some issues that are shown already (search spec, end of section 8.5).

use super::error::FindError;
use super::prepare::{prepare, project_ids};
use super::request::ListRequest;
use super::{Asker, lookup, numbers, scope};
use crate::paging::BadRequest;
use crate::search::Plan;
use crate::search::stats::StatsPeriod;
use crate::search::window::TimeWindow;
use crate::store::{QueryStore, SearchStore};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};

/// Most issues of a call.
const MOST: usize = 25;

/// What a list that left the numbers out leaves out here.
const BASE: &str = "base";

/// The numbers of up to 25 issues, named by `group` of the request, in the order of their names: those of the window and
/// environments of the request, and where its query asks for events, those of the events it asks for. Without `collapse`
/// nothing but the numbers is answered. Order, limit and cursor mean nothing; issues out of scope are left out.
///
/// # Errors
/// [`FindError`] where no issue is named or more than 25, or a parameter cannot be used; or the store fails.
pub async fn stats_of_issues<S>(
    store: &S,
    request: &ListRequest,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ListedIssue>, FindError>
where
    S: SearchStore + QueryStore,
{
    let problem = match request.group.len() {
        0 => Some("name no issue; name 1 to 25 by their ids".to_owned()),
        1..=MOST => None,
        more => Some(format!("name {more} issues; name at most {MOST}")),
    };
    if let Some(problem) = problem {
        return Err(BadRequest::new("group", problem).into());
    }
    let period = request.period().resolve(now)?;
    let stats = StatsPeriod::parse(request.group_stats_period.as_deref())?;
    let all = store.projects().await?;
    let scope = scope(store, request, &all, asker).await?;
    let prepared = prepare(store, request.text(), &scope, now).await?;
    let mut found = lookup::named_in(store, &request.group, &project_ids(&scope)).await?;
    let plan = prepared.plan(&scope, period.into(), now);
    // Nothing happened in an empty window; without any, the numbers would be those of the issues' rows.
    found.plan = Some(plan.unwrap_or_else(|| Plan {
        window: TimeWindow::NEVER,
        ..numbers::everything(&scope)
    }));
    found.asks_events = prepared.search.asks_events;
    let mut request = request.clone();
    if request.collapse.is_empty() {
        request.collapse.push(BASE.to_owned());
    }
    numbers::serialise(store, &found, &request, (stats, period), &scope, now).await
}
