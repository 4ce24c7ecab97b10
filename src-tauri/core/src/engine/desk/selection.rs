//! Selections of issues.

use crate::engine::find::{Asker, FindError, rows, window_plan};
use crate::model::IssueId;
use crate::paging::BadRequest;
use crate::search::Revisions;
use crate::store::{QueryStore, SearchStore};
use crate::view::{ProjectIssues, Selection, SelectionSummary, count};
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
    match selection {
        Selection::Some { ids } => ids.iter().map(|id| number(id).map(IssueId)).collect(),
        Selection::Query {
            query,
            as_of,
            except,
        } => {
            let except: HashSet<i64> = except
                .iter()
                .map(|id| number(id))
                .collect::<Result<_, _>>()?;
            let mut plan = window_plan(store, query, asker, now).await?;
            plan.revisions = Revisions {
                created_until: Some(number(as_of)?),
                ..Revisions::default()
            };
            let mut found = store.found_ids(&plan).await?;
            found.retain(|id| !except.contains(&id.0));
            Ok(found)
        }
    }
}

fn number(text: &str) -> Result<i64, FindError> {
    text.parse().map_err(|_| {
        let message = format!("“{text}” is no number.");
        FindError::Parameter(BadRequest::new("selection", message))
    })
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
