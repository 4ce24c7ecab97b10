//! Issues an action is meant for, in numbers.

use super::ask::Ask;
use super::{hits, snapshot, walk};
use crate::model::{Category, GroupType, IssueId, IssueStatus, Substatus};
use crate::search::Plan;
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Issues of one question about a list of ids.
const CHUNK: usize = 1_000;

/// What a list of issues amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectionNumbers {
    /// Issues that exist.
    pub issues: u64,
    /// Their stored occurrences.
    pub occurrences: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Issues by the slug of their project.
    pub by_project: BTreeMap<String, u64>,
    /// Issues that are not of category error.
    pub not_errors: u64,
    /// Issues written after the revision that was asked about.
    pub changed_since: u64,
    /// The issues with the most occurrences, at most three.
    pub largest: Vec<IssueId>,
    /// When one of them was seen last; nothing where there is none.
    pub newest: Option<DateTime<Utc>>,
    /// When one of them was first seen; nothing where there is none.
    pub oldest: Option<DateTime<Utc>>,
    /// Issues that nobody has ever opened.
    pub never_read: u64,
    /// Issues whose like is dropped already.
    pub with_tombstone: u64,
}

/// How the issues of a list stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standings {
    /// Unresolved issues.
    pub unresolved: u64,
    /// Resolved ones.
    pub resolved: u64,
    /// Archived ones.
    pub archived: u64,
    /// Those of the archived that come back once they escalate.
    pub until_escalating: u64,
}

/// Ids of all hits, in no particular order.
pub(in crate::store) async fn found(
    ask: &mut impl Ask,
    plan: &Plan,
    written_since: impl Fn(i64) -> Option<Vec<i64>>,
) -> Result<Vec<IssueId>, StoreError> {
    let ids = match plan.revisions.written_since() {
        Some(revision) => {
            // Now it sees a state, and what is written from now on is not in it.
            snapshot::revision(ask).await?;
            let known = written_since(revision);
            walk::ids(ask, &plan.clone().among(known.as_deref())).await?
        }
        None => walk::ids(ask, plan).await?,
    };
    Ok(ids.into_iter().map(IssueId).collect())
}

/// How some issues stand; those that are hidden or gone count as nothing. `issue` by its key.
pub(in crate::store) async fn standings(
    ask: &mut impl Ask,
    issues: &[IssueId],
) -> Result<Standings, StoreError> {
    let mut standings = Standings::default();
    for chunk in issues.chunks(CHUNK) {
        let mut sql = ask.statement();
        sql.push("SELECT i.status, i.substatus, count(*) FROM issue AS i WHERE i.id IN ")
            .integers(chunk.iter().map(|id| id.0))
            .push(" GROUP BY i.status, i.substatus");
        let rows: Vec<(i16, Option<i16>, i64)> = ask.ask(sql).await?;
        for (status, substatus, count) in rows {
            let count = u64::try_from(count).unwrap_or(0);
            let is = |wanted: IssueStatus| status == wanted.number();
            if is(IssueStatus::Unresolved) {
                standings.unresolved += count;
            } else if is(IssueStatus::Resolved) {
                standings.resolved += count;
            } else if is(IssueStatus::Ignored) {
                standings.archived += count;
                if substatus == Some(Substatus::UntilEscalating.number()) {
                    standings.until_escalating += count;
                }
            }
        }
    }
    Ok(standings)
}

/// What some issues amount to. `issue`, `issue_seen` and `tombstone` by their keys, `occurrence_by_issue`.
pub(in crate::store) async fn amount(
    ask: &mut impl Ask,
    issues: &[IssueId],
    since: Option<i64>,
) -> Result<SelectionNumbers, StoreError> {
    let errors: Vec<u16> = GroupType::in_category(Category::Error)
        .map(|group_type| group_type.id)
        .collect();
    let mut amount = SelectionNumbers::default();
    let mut largest: Vec<(i64, IssueId)> = Vec::new();
    for chunk in issues.chunks(CHUNK) {
        let mut sql = ask.statement();
        sql.push("SELECT i.id, coalesce(p.slug, ''), i.group_type, i.times_seen, i.revision, i.first_seen, i.last_seen FROM issue AS i ")
            .push("LEFT JOIN project AS p ON p.id = i.project_id WHERE ");
        hits::scope(&mut sql, &Plan::everything());
        sql.push(" AND i.id IN ")
            .integers(chunk.iter().map(|id| id.0));
        let rows: Vec<(i64, String, i32, i64, i64, Stamp, Stamp)> = ask.ask(sql).await?;
        // What else is counted is that of these: a name may be that of an issue which is being deleted or merged.
        let in_scope: Vec<i64> = rows.iter().map(|row| row.0).collect();
        for (id, slug, group_type, times_seen, revision, first_seen, last_seen) in rows {
            amount.issues += 1;
            let oldest = amount.oldest.unwrap_or(first_seen.0);
            amount.oldest = Some(oldest.min(first_seen.0));
            amount.newest = amount.newest.max(Some(last_seen.0));
            *amount.by_project.entry(slug).or_default() += 1;
            let is_error = u16::try_from(group_type).is_ok_and(|number| errors.contains(&number));
            amount.not_errors += u64::from(!is_error);
            amount.changed_since += u64::from(since.is_some_and(|since| revision > since));
            largest.push((times_seen, IssueId(id)));
        }
        largest.sort_unstable_by(|a, b| b.cmp(a));
        largest.truncate(3);
        let mut sql = ask.statement();
        sql.push(
            "SELECT coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM issue_seen AS v WHERE v.issue_id = i.id) THEN 0 ELSE 1 END), 0), \
             coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM tombstone AS t WHERE t.previous_issue_id = i.id) THEN 1 ELSE 0 END), 0) \
             FROM issue AS i WHERE i.id IN ",
        )
        .integers(in_scope.iter().copied());
        let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
        for (never_read, with_tombstone) in rows {
            amount.never_read += u64::try_from(never_read).unwrap_or(0);
            amount.with_tombstone += u64::try_from(with_tombstone).unwrap_or(0);
        }
        let mut sql = ask.statement();
        sql.push("SELECT count(*), CAST(coalesce(sum(length(o.payload)), 0) AS BIGINT) FROM occurrence AS o WHERE o.issue_id IN ")
            .integers(in_scope);
        let rows: Vec<(i64, i64)> = ask.ask(sql).await?;
        for (count, bytes) in rows {
            amount.occurrences += u64::try_from(count).unwrap_or(0);
            amount.bytes += u64::try_from(bytes).unwrap_or(0);
        }
    }
    amount.largest = largest.into_iter().map(|(_, id)| id).collect();
    Ok(amount)
}
