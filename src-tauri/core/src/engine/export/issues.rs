//! The issues of a search.

use super::rows::{extent_of, row};
use super::{ExportFailure, PART, ahead, writer};
use crate::engine::find::{Extent, FindError, HITS_CHUNK, Hits};
use crate::export::{Columns, ExportFile, ExportRow, Exported};
use crate::model::IssueId;
use crate::store::{ExportStore, SearchStore, TableExtent};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use serde_json::Value;
use std::collections::BTreeSet;
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
    let table = extent_of(columns);
    let read = async |rows: writer::Rows| {
        let parts = hits.ids().chunks(match extent {
            Extent::Full => HITS_CHUNK,
            Extent::Row => PART,
        });
        let parts = parts.map(|part| of_part(store, hits, part, (extent, table), now));
        let mut parts = ahead(parts);
        while let Some(part) = parts.next().await {
            if !rows.push(part?).await {
                break;
            }
        }
        Ok(())
    };
    writer::write(file, cancel, read).await
}

async fn of_part<S: SearchStore + ExportStore>(
    store: &S,
    hits: &Hits,
    part: &[IssueId],
    (extent, table): (Extent, TableExtent),
    now: DateTime<Utc>,
) -> Result<Vec<ExportRow>, FindError> {
    Ok(match extent {
        Extent::Full => {
            let issues = hits.listed(store, part, now).await?;
            issues.iter().map(object).collect()
        }
        Extent::Row => {
            let issues = hits.table(store, part, table, now).await?;
            issues.into_iter().map(row).collect()
        }
    })
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
