//! The issues most like one of them (UX 12.2).

use super::error::FindError;
use super::window::rows;
use crate::model::IssueId;
use crate::similar::{Likeness, Subject};
use crate::store::{QueryStore, SearchStore};
use crate::view::{IssueRow, OccurrencePosition, SharedParts, SimilarIssue, SimilarIssues, count};
use chrono::{DateTime, Utc};
use std::cmp::Ordering;

/// Issues that are compared.
const MOST_COMPARED: usize = 100;
/// The most issues one call answers.
const MOST_ANSWERED: usize = 20;

/// Issues that could be merged with this one, the one most like it first, at most `most` of them; those that have
/// nothing in common with it are left out. The score is what [`crate::similar`] says. Nothing where there is no such
/// issue. `me`: who acts.
///
/// # Errors
/// Where the store fails.
pub async fn similar<S: SearchStore + QueryStore>(
    store: &S,
    issue: IssueId,
    most: usize,
    me: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<SimilarIssues>, FindError> {
    let newest = store.occurrence(issue, &OccurrencePosition::Newest);
    let (mut own, newest) =
        tokio::try_join!(store.portraits(std::slice::from_ref(&issue)), newest)?;
    let Some(portrait) = own.remove(&issue) else {
        return Ok(None);
    };
    let event = newest.and_then(|occurrence| occurrence.event_json);
    let subject = Subject::new(portrait, event.as_deref());
    let found = store
        .found_alike(issue, &subject.portrait, &subject.probes(), MOST_COMPARED)
        .await?;
    let others = store.portraits(&found).await?;
    let mut likenesses: Vec<(IssueId, Likeness)> = others
        .iter()
        .map(|(id, other)| (*id, subject.likeness(other)))
        .filter(|(_, likeness)| likeness.score > 0.0)
        .collect();
    likenesses.sort_by(best_first);
    likenesses.truncate(most.min(MOST_ANSWERED));
    let ids: Vec<IssueId> = likenesses.iter().map(|(id, _)| *id).collect();
    let mut rows = rows(store, &ids, me, now).await?.into_iter().peekable();
    let issues = likenesses.into_iter().filter_map(|(id, likeness)| {
        // Rows come in the same order; those of issues that went meanwhile are left out.
        let row = rows.next_if(|row| row.id == id.to_string())?;
        Some(shown(row, likeness, subject.in_app))
    });
    Ok(Some(SimilarIssues {
        issues: issues.collect(),
        compared: count(others.len() as u64),
    }))
}

/// Of two that are equally alike the newer one.
fn best_first(one: &(IssueId, Likeness), other: &(IssueId, Likeness)) -> Ordering {
    let by_score = other.1.score.total_cmp(&one.1.score);
    by_score.then_with(|| other.0.cmp(&one.0))
}

fn shown(row: IssueRow, likeness: Likeness, in_app: bool) -> SimilarIssue {
    let parts = |share: crate::similar::Share| SharedParts {
        same: count(share.same as u64),
        of: count(share.of as u64),
    };
    SimilarIssue {
        row,
        score: likeness.score,
        frames: parts(likeness.frames),
        in_app,
        error_type: likeness.same_type,
        words: parts(likeness.words),
        same_title: likeness.same_title,
    }
}
