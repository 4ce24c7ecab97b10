//! Issues as rows.

use super::ExportFailure;
use super::writer;
use crate::engine::find::{Extent, HITS_CHUNK, Hits};
use crate::export::{Cell, Columns, ExportFile, ExportRow, Exported};
use crate::store::{ExportStore, SearchStore};
use crate::view::{ListedAssignee, ListedIssue};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tokio_util::sync::CancellationToken;

/// The tags that the newest events of some issues have: what `tags…` of an export of all columns stands for.
///
/// # Errors
/// [`ExportFailure`] where the store fails.
pub async fn issue_tags<S: ExportStore>(
    store: &S,
    hits: &Hits,
) -> Result<BTreeSet<String>, ExportFailure> {
    let mut names = BTreeSet::new();
    for part in hits.ids().chunks(HITS_CHUNK) {
        for tags in store.newest_tags(part).await?.into_values() {
            names.extend(tags.into_keys());
        }
    }
    Ok(names)
}

/// Writes the issues of a search. `extent`: [`Extent::Row`] for [`ColumnSet::ISSUES`], [`Extent::Full`] for
/// [`ColumnSet::ISSUE_OBJECTS`].
///
/// [`ColumnSet::ISSUES`]: crate::export::ColumnSet::ISSUES
/// [`ColumnSet::ISSUE_OBJECTS`]: crate::export::ColumnSet::ISSUE_OBJECTS
///
/// # Errors
/// [`ExportFailure`]; there is then no file.
pub async fn export_issues<S: SearchStore + ExportStore>(
    store: &S,
    hits: &Hits,
    (columns, extent): (&Columns, Extent),
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    now: DateTime<Utc>,
) -> Result<Exported, ExportFailure> {
    let has_tags = columns.tags().next().is_some();
    let read = async |rows: writer::Rows| {
        for part in hits.ids().chunks(HITS_CHUNK) {
            let mut tags = if has_tags {
                store.newest_tags(part).await?
            } else {
                HashMap::new()
            };
            let issues = hits.listed(store, part, extent, now).await?;
            let of_part = issues.into_iter().map(|issue| match extent {
                Extent::Full => object(&issue),
                Extent::Row => {
                    let id = issue.id.parse().map(crate::model::IssueId);
                    let tags = id.ok().and_then(|id| tags.remove(&id));
                    row(issue, tags.unwrap_or_default())
                }
            });
            if !rows.push(of_part.collect()).await {
                break;
            }
        }
        Ok(())
    };
    writer::write(file, cancel, read).await
}

/// An issue with a cell for each member of its serialised form.
pub(in crate::engine) fn object(issue: &ListedIssue) -> ExportRow {
    // Plain data with texts for keys: nothing of it can fail to become JSON.
    let Ok(Value::Object(members)) = serde_json::to_value(issue) else {
        return ExportRow::new();
    };
    let members = members.into_iter();
    members.fold(ExportRow::new(), |row, (name, value)| row.with(name, value))
}

/// An issue with a cell for each column of a table.
pub(in crate::engine) fn row(issue: ListedIssue, tags: BTreeMap<String, String>) -> ExportRow {
    let numbers = issue.numbers.unwrap_or_default();
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = ExportRow::new()
        .with("id", issue.id)
        .with("shortId", issue.short_id)
        .with("project", issue.project.slug)
        .with("title", issue.title)
        .with("culprit", issue.culprit)
        .with("level", issue.level)
        .with("status", issue.status)
        .with("substatus", issue.substatus)
        .with("priority", issue.priority)
        .with("issueType", issue.issue_type)
        .with("issueCategory", issue.issue_category)
        .with("assignee", issue.assigned_to.map(assignee))
        .with("count", numbers.count.parse::<i64>().ok())
        .with("userCount", whole(numbers.user_count))
        .with("firstSeen", numbers.first_seen)
        .with("lastSeen", numbers.last_seen)
        .with("firstRelease", issue.first_release)
        .with("isUnhandled", issue.is_unhandled);
    let tags = tags.into_iter();
    tags.fold(row, |row, (name, value)| {
        row.with_tag(&name, Cell::from(value))
    })
}

/// The form in which a search names it, too.
fn assignee(assignee: ListedAssignee) -> String {
    match assignee.kind {
        "team" => format!("#{}", assignee.name),
        _ => assignee.name,
    }
}
