//! Issues that are named and not searched for (search spec, section 8.2, steps 1 to 3).

use super::error::FindError;
use super::prepare::{Scope, project_ids};
use super::request::ListRequest;
use super::{Found, no_more};
use crate::model::{IssueId, Project, parse_short_id};
use crate::paging::{BadRequest, Page};
use crate::search::Hit;
use crate::store::SearchStore;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The issues a request names; nothing where it has to be searched.
pub(super) async fn direct<S: SearchStore>(
    store: &S,
    request: &ListRequest,
    scope: &Scope,
    all: &[Project],
) -> Result<Option<Found>, FindError> {
    let text = request.query.as_deref().unwrap_or_default().trim();
    if let Some(event) = event_id(text) {
        // Whoever asks may read every project.
        let everywhere: Vec<i64> = all.iter().map(|project| project.id.0).collect();
        let issues = store.issues_of_event(event, &everywhere).await?;
        if !issues.is_empty() {
            let is_direct = issues.len() == 1;
            return Ok(Some(named(issues, is_direct, is_direct.then_some(event))));
        }
    }
    if request.short_id_lookup
        && let Some(short_id) = short_id(text)
    {
        let found = store
            .issues_of_short_ids(&BTreeSet::from([short_id]))
            .await?;
        if !found.is_empty() {
            return Ok(Some(named(found.into_values().collect(), true, None)));
        }
    }
    if request.group.is_empty() {
        return Ok(None);
    }
    let found = named_in(store, &request.group, &project_ids(scope)).await?;
    Ok(Some(found))
}

/// Issues by their numbers, those of some projects.
pub(super) async fn named_in<S: SearchStore>(
    store: &S,
    names: &[String],
    projects: &[i64],
) -> Result<Found, FindError> {
    let ids = names.iter().map(|id| number(id));
    let ids = ids.collect::<Result<Vec<i64>, _>>()?;
    let known = store.issues_in_projects(&ids, projects).await?;
    let ids = ids.into_iter().filter(|id| known.contains(id)).collect();
    Ok(named(ids, false, None))
}

fn number(text: &str) -> Result<i64, FindError> {
    let refuse = |_| {
        let message = format!("“{text}” is no number of an issue.");
        FindError::Parameter(BadRequest::new("group", message))
    };
    text.trim().parse().map_err(refuse)
}

fn named(issues: Vec<i64>, direct_hit: bool, matching_event: Option<Uuid>) -> Found {
    let rows = issues.into_iter().map(|id| Hit {
        score: 0,
        id: IssueId(id),
    });
    Found {
        page: Page {
            rows: rows.collect(),
            prev: no_more(true),
            next: no_more(false),
        },
        hits: None,
        plan: None,
        asks_events: false,
        only_statuses: None,
        direct_hit,
        matching_event,
    }
}

/// 32 hex digits in any case, wherever dashes stand.
fn event_id(text: &str) -> Option<Uuid> {
    let digits = text.replace('-', "");
    let is_id = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| Uuid::try_parse(&digits).ok()).flatten()
}

/// A slug and a number, with a hyphen, an underscore or a blank between them.
fn short_id(text: &str) -> Option<(String, i64)> {
    let at = text.rfind(['-', '_', ' '])?;
    let (slug, number) = (&text[..at], &text[at + 1..]);
    parse_short_id(&format!("{slug}-{number}"))
}
