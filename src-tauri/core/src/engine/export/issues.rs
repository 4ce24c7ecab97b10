//! The issues of a search.

use super::parts::{Content, Parts, Wanted};
use super::rows::IssueCells;
use super::{BundleFace, ExportFailure, writer};
use crate::engine::find::{Extent, HITS_CHUNK, Hits};
use crate::export::{Columns, ExportFile, ExportRow, Exported};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{ExportStore, QueryStore, SearchStore};
use crate::view::ListedIssue;
use chrono::{DateTime, Utc};
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
pub async fn export_issues<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    hits: &Hits,
    (columns, extent): (&Columns, Extent),
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    now: DateTime<Utc>,
) -> Result<Exported, ExportFailure> {
    let wanted = match extent {
        Extent::Full => Wanted::Objects,
        Extent::Row => Wanted::Rows(IssueCells::of(columns)),
    };
    let content = Content {
        hits,
        plan: &Plan::everything(),
        counted: &[],
        numbers: (0, 0),
    };
    let parts = Parts::new(store, content, &wanted, None, now);
    writer::write_all(parts, file, cancel, |_| {}).await
}

/// Writes a bundle: everything there is of the issues of a search, whenever it happened, with all their occurrences as
/// [`count_events`](super::count_events) has counted them. The redaction of `face` is what `file` takes out; the first
/// line says so.
///
/// # Errors
/// [`ExportFailure`]; there is then no file.
pub async fn export_bundle<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    (hits, counted): (&Hits, &[(IssueId, u64)]),
    face: BundleFace,
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    now: DateTime<Utc>,
) -> Result<Exported, ExportFailure> {
    let hits = hits.clone().whole();
    let occurrences = counted.iter().map(|(_, count)| count).sum();
    let content = Content {
        hits: &hits,
        plan: &Plan::everything(),
        counted,
        numbers: (hits.ids().len() as u64, occurrences),
    };
    let wanted = Wanted::Bundle(face);
    let parts = Parts::new(store, content, &wanted, None, now);
    writer::write_all(parts, file, cancel, |_| {}).await
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
