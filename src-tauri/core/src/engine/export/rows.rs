//! Issues as the cells of a table.

use crate::export::{Cell, ColumnSet, Columns, ExportRow};
use crate::store::{TableExtent, TableRow};

/// Which cells of an issue a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct IssueCells {
    /// Columns that do not depend on a tag.
    columns: Vec<&'static str>,
    extent: TableExtent,
}

impl IssueCells {
    /// Those of these columns.
    pub(in crate::engine) fn of(columns: &Columns) -> Self {
        let has = |name: &str| columns.names().any(|column| column == name);
        Self {
            columns: ColumnSet::ISSUES.known().filter(|name| has(name)).collect(),
            extent: TableExtent {
                events: has("count"),
                users: has("userCount"),
                first_seen: has("firstSeen"),
                last_seen: has("lastSeen"),
                handling: has("isUnhandled"),
                tags: columns.tags().next().is_some(),
                wording: has("labels") || has("note"),
            },
        }
    }

    /// What they need that does not stand in the rows of issues.
    pub(in crate::engine) fn extent(&self) -> TableExtent {
        self.extent
    }

    /// An issue with these cells.
    pub(in crate::engine) fn row(&self, mut issue: TableRow) -> ExportRow {
        let cells = self.columns.iter();
        let row = cells.fold(ExportRow::new(), |row, column| {
            row.with(*column, cell(&mut issue, column))
        });
        let tags = issue.tags.into_iter();
        tags.fold(row, |row, (name, value)| {
            row.with_tag(&name, Cell::from(value))
        })
    }
}

/// The cell of a column, taken out of the issue.
fn cell(issue: &mut TableRow, column: &str) -> Cell {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match column {
        "id" => issue.id.to_string().into(),
        "shortId" => issue.short_id.take().into(),
        "project" => std::mem::take(&mut issue.project).into(),
        "title" => std::mem::take(&mut issue.title).into(),
        "culprit" => std::mem::take(&mut issue.culprit).into(),
        "level" => issue.level.into(),
        "status" => issue.status.into(),
        "substatus" => issue.substatus.into(),
        "priority" => issue.priority.into(),
        "issueType" => issue.issue_type.into(),
        "issueCategory" => issue.issue_category.into(),
        "assignee" => issue.assignee.take().into(),
        "count" => whole(issue.numbers.count).into(),
        "userCount" => whole(issue.numbers.users).into(),
        "firstSeen" => issue.numbers.first_seen.into(),
        "lastSeen" => issue.numbers.last_seen.into(),
        "firstRelease" => issue.first_release.take().into(),
        "isUnhandled" => issue.is_unhandled.into(),
        "labels" => issue.wording.labels.join(", ").into(),
        "note" => issue.wording.note.take().into(),
        _ => Cell::Null,
    }
}
