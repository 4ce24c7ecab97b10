//! Selections of issues.

use crate::engine::find::{Asker, FindError, rows, window_plan};
use crate::model::IssueId;
use crate::paging::BadRequest;
use crate::search::{Condition, IssueTest, Plan, Revisions};
use crate::store::{QueryStore, SearchStore};
use crate::view::{IssueOrder, LabelCount, ProjectIssues, Selection, SelectionSummary, count};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

/// The issues a selection means now. Those that have come to exist since it was made are not meant.
///
/// # Errors
/// Where the query of the selection cannot be run, or an id is no number.
pub async fn selected<S: SearchStore + QueryStore>(
    store: &S,
    selection: &Selection,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<IssueId>, FindError> {
    if let Selection::Some { ids } = selection {
        return numbers(ids);
    }
    let (plan, except) = plan(store, selection, asker, now).await?;
    let mut found = store.found_ids(&plan).await?;
    found.retain(|id| !except.contains(id));
    Ok(found)
}

/// As [`selected`], in the order of the window's list. Issues that are not listed are left out.
///
/// # Errors
/// As [`selected`].
pub(super) async fn ordered<S: SearchStore + QueryStore>(
    store: &S,
    selection: &Selection,
    order: IssueOrder,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<IssueId>, FindError> {
    let (plan, except) = plan(store, selection, asker, now).await?;
    let mut found = store.ordered_ids(&plan, order, now).await?;
    found.retain(|id| !except.contains(id));
    Ok(found)
}

/// What finds the issues of a selection, and those of them that are left out.
async fn plan<S: SearchStore + QueryStore>(
    store: &S,
    selection: &Selection,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<(Plan, HashSet<IssueId>), FindError> {
    match selection {
        Selection::Some { ids } => {
            let ids = numbers::<Vec<_>>(ids)?;
            let condition = Condition::Issue(IssueTest::Id(ids.iter().map(|id| id.0).collect()));
            let plan = Plan {
                condition,
                ..Plan::everything()
            };
            Ok((plan, HashSet::new()))
        }
        Selection::Query {
            query,
            as_of,
            except,
        } => {
            let except = numbers(except)?;
            let mut plan = window_plan(store, query, asker, now).await?;
            plan.revisions = Revisions {
                created_until: Some(number(as_of)?),
                ..Revisions::default()
            };
            Ok((plan, except))
        }
    }
}

fn numbers<C: FromIterator<IssueId>>(ids: &[String]) -> Result<C, FindError> {
    ids.iter().map(|id| number(id).map(IssueId)).collect()
}

fn number(text: &str) -> Result<i64, FindError> {
    text.parse().map_err(|_| {
        let message = format!("“{text}” is no number.");
        FindError::Parameter(BadRequest::new("selection", message))
    })
}

/// Every label that some issue has, by its text, with how many issues of a selection have it.
///
/// # Errors
/// As [`selected`].
pub async fn labels<S: SearchStore + QueryStore>(
    store: &S,
    selection: &Selection,
    asker: Asker<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<LabelCount>, FindError> {
    let ids = selected(store, selection, asker, now).await?;
    let uses = store.label_uses(&ids).await?.into_iter();
    Ok(uses
        .map(|(label, uses)| LabelCount {
            label,
            issues: count(uses.issues),
            selected: count(uses.among),
        })
        .collect())
}

/// A selection in exact numbers. `purge_delay`: how long a delete can be taken back.
///
/// # Errors
/// As [`selected`].
pub async fn summary<S: SearchStore + QueryStore>(
    store: &S,
    selection: &Selection,
    asker: Asker<'_>,
    purge_delay: TimeDelta,
    now: DateTime<Utc>,
) -> Result<SelectionSummary, FindError> {
    let ids = selected(store, selection, asker, now).await?;
    let since = match selection {
        Selection::Query { as_of, .. } => Some(number(as_of)?),
        Selection::Some { .. } => None,
    };
    let amount = store.amount(&ids, since).await?;
    let by_project = amount
        .by_project
        .into_iter()
        .map(|(project, issues)| ProjectIssues {
            project,
            issues: count(issues),
        });
    let mut by_project: Vec<_> = by_project.collect();
    by_project.sort_by(|a, b| b.issues.total_cmp(&a.issues));
    Ok(SelectionSummary {
        issues: count(amount.issues),
        occurrences: count(amount.occurrences),
        bytes: count(amount.bytes),
        by_project,
        examples: rows(store, &amount.largest, asker.me, now).await?,
        non_error: count(amount.not_errors),
        changed_since: count(amount.changed_since),
        purge_delay_ms: count(purge_delay.num_milliseconds().unsigned_abs()),
    })
}
