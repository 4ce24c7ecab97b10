//! Bundles: everything there is of some issues, for another program or another person.
//!
//! A bundle is a text of JSON objects, one a line, each with what it is (`kind`) and that itself (`data`): first a
//! `bundle` that says what follows and in which version, then every `issue` as a list serialises it with its
//! `activities` and with what else decides about its `state`, then every `occurrence` with the `record` and the `event`
//! as they are stored, and at last an `end` with the numbers, by which a reader knows that nothing is missing.

use super::events::row as event_row;
use super::issues::object as issue_object;
use crate::error::{Error, ErrorKind};
use crate::export::{Cell, ColumnSet, ExportRow, Redaction};
use crate::model::IssueId;
use crate::store::{ExportedEvent, QueryStore, StoreError};
use crate::view::{Activity, BundleView, IssueDetail, ListedIssue};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// Version of the form, which changes when an older reader would read it wrongly.
pub(in crate::engine) const VERSION: u32 = 1;
/// Most issues. Each of them is a transaction of its own for a reader where their numbers have gaps.
pub(in crate::engine) const MOST_ISSUES: u64 = 20_000;
/// Activities of an issue that are kept, the newest ones.
const ACTIVITIES: u32 = 1_000;

/// Refuses a bundle that nobody could open.
///
/// # Errors
/// Where so many issues are too many.
pub fn fits_bundle(issues: u64) -> Result<(), Error> {
    if issues <= MOST_ISSUES {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!(
            "A bundle takes {MOST_ISSUES} issues, and these are {issues}. Choose fewer, or export them as NDJSON."
        ),
    ))
}

/// Lines of a bundle of so many issues and occurrences: the first and the last one stand around theirs.
#[must_use]
pub fn bundle_rows(issues: u64, occurrences: u64) -> u64 {
    issues + occurrences + 2
}

fn line(kind: &'static str, data: Value) -> ExportRow {
    ExportRow::new().with("kind", kind).with("data", data)
}

/// What the first line of a bundle says beside its numbers.
#[derive(Debug, Clone, Default)]
pub struct BundleFace {
    /// What is taken out.
    pub redaction: Redaction,
    /// How the list looked that it comes from.
    pub view: Option<BundleView>,
}

/// The first line: numbers of issues and occurrences, what is taken out, how the list looked, and when it is made.
pub(super) fn head(
    (issues, occurrences): (u64, u64),
    BundleFace { redaction, view }: &BundleFace,
    now: DateTime<Utc>,
) -> ExportRow {
    // A search for what is taken out would find nothing.
    let view = view.as_ref();
    let view = view.filter(|view| !redaction.changes(&view.query));
    line(
        "bundle",
        json!({
            "version": VERSION,
            "program": concat!("picket ", env!("CARGO_PKG_VERSION")),
            "made": now.to_rfc3339_opts(SecondsFormat::Secs, true),
            "issues": issues,
            "occurrences": occurrences,
            "redacted": {
                "secrets": redaction.secrets,
                "emails": redaction.emails,
                "addresses": redaction.addresses,
                "pattern": redaction.pattern.is_some(),
            },
            "view": view,
        }),
    )
}

/// An issue with what happened to it.
pub(super) async fn issue<S: QueryStore>(
    store: &S,
    listed: &ListedIssue,
    now: DateTime<Utc>,
) -> Result<ExportRow, StoreError> {
    let mut members = object(&issue_object(listed), ColumnSet::ISSUE_OBJECTS.names);
    let id = listed.id.parse().map_or(IssueId(0), IssueId);
    let activities = store.activities(id, ACTIVITIES).await?;
    let activities = activities.iter().map(activity).collect();
    members.insert("activities".to_owned(), activities);
    // Gone since it was listed: then it has no more of a state than its list tells.
    if let Some(detail) = store.issue_detail(id, now).await? {
        members.insert("state".to_owned(), state(&detail));
    }
    Ok(line("issue", Value::Object(members)))
}

/// What a list does not tell, times in milliseconds since the epoch. Lists count the events that are stored; an issue was
/// seen more often where some are gone.
fn state(detail: &IssueDetail) -> Value {
    json!({
        "hashes": detail.hashes,
        "inbox": detail.inbox,
        "resolution": detail.resolution,
        "resolvedAt": detail.resolved_at,
        "snooze": detail.snooze,
        "timesSeen": detail.row.times_seen,
        "firstSeen": detail.row.first_seen,
        "lastSeen": detail.row.last_seen,
    })
}

fn activity(activity: &Activity) -> Value {
    let at = serde_json::to_value(activity.at).unwrap_or_default();
    json!({
        "kind": activity.kind,
        "at": at,
        "actor": activity.actor,
        // The view has it as text, because its members are of many shapes.
        "data": serde_json::from_str::<Value>(&activity.data).unwrap_or_default(),
    })
}

/// An occurrence as it is stored.
pub(super) fn occurrence(mut event: ExportedEvent) -> ExportRow {
    let (record, body) = (event.record.take(), event.event.take());
    let mut members = object(&event_row(event), ColumnSet::EVENTS.names);
    members.insert("record".to_owned(), record.unwrap_or_default());
    members.insert("event".to_owned(), body.unwrap_or_default());
    line("occurrence", Value::Object(members))
}

/// The last line.
pub(super) fn end(issues: u64, occurrences: u64) -> ExportRow {
    let data = json!({ "issues": issues, "occurrences": occurrences });
    line("end", data)
}

fn object(row: &ExportRow, names: &[&str]) -> Map<String, Value> {
    let member = |name: &&str| {
        let value = match row.get(name) {
            Cell::Nested(value) => value.clone(),
            cell => serde_json::to_value(cell).unwrap_or_default(),
        };
        ((*name).to_owned(), value)
    };
    names.iter().map(member).collect()
}
