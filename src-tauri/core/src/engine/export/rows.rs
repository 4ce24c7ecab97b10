//! Issues as the cells of a table.

use crate::export::{Cell, Columns, ExportRow};
use crate::store::{TableExtent, TableRow};

/// What these columns need that does not stand in the rows of issues.
pub(in crate::engine) fn extent_of(columns: &Columns) -> TableExtent {
    let has = |name: &str| columns.names().any(|column| column == name);
    TableExtent {
        events: has("count") || has("firstSeen") || has("lastSeen"),
        users: has("userCount"),
        handling: has("isUnhandled"),
        tags: columns.tags().next().is_some(),
        wording: has("labels") || has("note"),
    }
}

/// An issue with a cell for each column of a table.
pub(in crate::engine) fn row(issue: TableRow) -> ExportRow {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = ExportRow::new()
        .with("id", issue.id.to_string())
        .with("shortId", issue.short_id)
        .with("project", issue.project)
        .with("title", issue.title)
        .with("culprit", issue.culprit)
        .with("level", issue.level)
        .with("status", issue.status)
        .with("substatus", issue.substatus)
        .with("priority", issue.priority)
        .with("issueType", issue.issue_type)
        .with("issueCategory", issue.issue_category)
        .with("assignee", issue.assignee)
        .with("count", whole(issue.numbers.count))
        .with("userCount", whole(issue.numbers.users))
        .with("firstSeen", issue.numbers.first_seen)
        .with("lastSeen", issue.numbers.last_seen)
        .with("firstRelease", issue.first_release)
        .with("isUnhandled", issue.is_unhandled)
        .with("labels", issue.wording.labels.join(", "))
        .with("note", issue.wording.note);
    let tags = issue.tags.into_iter();
    tags.fold(row, |row, (name, value)| {
        row.with_tag(&name, Cell::from(value))
    })
}
