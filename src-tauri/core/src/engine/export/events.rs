//! Occurrences, and the values of a tag, as rows.

use super::ExportFailure;
use super::parts::{Content, Parts, Wanted};
use super::writer::{self, Rows};
use crate::engine::find::{HITS_CHUNK, Hits};
use crate::export::{ColumnSet, ExportFile, ExportRow, Exported};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{
    EventDepth, EventSlice, ExportStore, ExportedEvent, QueryStore, SearchStore, StoreError,
    TagValue,
};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

/// Occurrences that are read at once, as long as their issues have no more than that.
const EVENTS_CHUNK: u64 = 500;

/// Which occurrences of the issues that were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventChoice {
    /// All that are stored.
    All,
    /// Those that match the search: its time, its environments, and what it asks of events.
    Matching,
}

impl EventChoice {
    fn plan(self, hits: &Hits) -> Plan {
        match (self, hits.plan()) {
            (Self::Matching, Some(plan)) => plan.clone(),
            (Self::Matching | Self::All, _) => Plan::everything(),
        }
    }
}

/// How many occurrences an export will have, by issue in ascending order. Issues without any are left out.
///
/// # Errors
/// [`ExportFailure`] where the store fails.
pub async fn count_events<S: SearchStore>(
    store: &S,
    hits: &Hits,
    choice: EventChoice,
) -> Result<Vec<(IssueId, u64)>, ExportFailure> {
    Ok(counted(store, &choice.plan(hits), hits.ids()).await?)
}

/// As [`count_events`], of these issues.
pub(in crate::engine) async fn counted<S: SearchStore>(
    store: &S,
    plan: &Plan,
    issues: &[IssueId],
) -> Result<Vec<(IssueId, u64)>, StoreError> {
    let mut ids = issues.to_vec();
    ids.sort_unstable();
    let mut counted = Vec::with_capacity(ids.len());
    for part in ids.chunks(HITS_CHUNK) {
        let numbers = store.numbers(plan, true, part).await?;
        let count = |id: &IssueId| Some((*id, numbers.get(id)?.count));
        counted.extend(part.iter().filter_map(count));
    }
    Ok(counted)
}

/// Writes the occurrences of issues, as [`count_events`] has counted them, by issue, time and order of arrival; at most
/// `most`.
///
/// # Errors
/// [`ExportFailure`]; there is then no file.
pub async fn export_events<S: SearchStore + ExportStore + QueryStore>(
    store: &S,
    hits: &Hits,
    (counted, choice): (&[(IssueId, u64)], EventChoice),
    most: Option<u64>,
    file: ExportFile<'static>,
    cancel: &CancellationToken,
    now: DateTime<Utc>,
) -> Result<Exported, ExportFailure> {
    let content = Content {
        hits,
        plan: &choice.plan(hits),
        counted,
        numbers: (0, 0),
    };
    let parts = Parts::new(store, content, &Wanted::Occurrences, most, now);
    writer::write_all(parts, file, cancel, |_| {}).await
}

/// Where an occurrence stands among those of its issue: its time, and its order of arrival.
type Place = (DateTime<Utc>, i64);

/// Occurrences of issues, part by part: by issue, time and order of arrival.
pub(in crate::engine) struct EventPages<'a> {
    plan: &'a Plan,
    depth: EventDepth,
    /// Issues that are not begun, with the number of their occurrences.
    rest: &'a [(IssueId, u64)],
    /// The issue that is being read slice by slice, because it has many, and up to where it is read.
    within: Option<(IssueId, Option<Place>)>,
    left: u64,
}

impl<'a> EventPages<'a> {
    /// From the beginning; at most `most` of them.
    pub(in crate::engine) fn new(
        plan: &'a Plan,
        counted: &'a [(IssueId, u64)],
        depth: EventDepth,
        most: Option<u64>,
    ) -> Self {
        Self {
            plan,
            depth,
            rest: counted,
            within: None,
            left: most.unwrap_or(u64::MAX),
        }
    }

    /// The next part; nothing at the end. No part is empty.
    pub(in crate::engine) async fn next<S: ExportStore>(
        &mut self,
        store: &S,
    ) -> Result<Option<Vec<ExportedEvent>>, StoreError> {
        while self.left > 0 {
            let mut page = match self.within {
                Some((issue, after)) => self.slice(store, issue, after).await?,
                None => match first_part(&mut self.rest) {
                    [] => return Ok(None),
                    [(issue, count)] if *count > EVENTS_CHUNK => {
                        self.within = Some((*issue, None));
                        continue;
                    }
                    part => {
                        let ids: Vec<IssueId> = part.iter().map(|(id, _)| *id).collect();
                        let slice = EventSlice::All;
                        store
                            .exported_events(&ids, self.plan, slice, self.depth)
                            .await?
                    }
                },
            };
            page.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
            if !page.is_empty() {
                self.left -= page.len() as u64;
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    async fn slice<S: ExportStore>(
        &mut self,
        store: &S,
        issue: IssueId,
        after: Option<Place>,
    ) -> Result<Vec<ExportedEvent>, StoreError> {
        let most = u32::try_from(EVENTS_CHUNK.min(self.left)).unwrap_or(u32::MAX);
        let slice = EventSlice::Next(after, most);
        let page = store
            .exported_events(&[issue], self.plan, slice, self.depth)
            .await?;
        self.within = match page.last() {
            Some(last) if page.len() == most as usize => Some((issue, Some((last.time, last.seq)))),
            _ => None,
        };
        Ok(page)
    }
}

/// Takes issues that have no more occurrences together than are read at once, or one that has more by itself.
fn first_part<'a>(rest: &mut &'a [(IssueId, u64)]) -> &'a [(IssueId, u64)] {
    let mut sum = 0;
    let fits = rest.iter().take(HITS_CHUNK).take_while(|(_, count)| {
        sum += count;
        sum <= EVENTS_CHUNK
    });
    let length = fits.count().max(1).min(rest.len());
    let (part, behind) = rest.split_at(length);
    *rest = behind;
    part
}

/// An occurrence with a cell for each column.
pub(in crate::engine) fn row(event: ExportedEvent) -> ExportRow {
    let mut tags = Map::new();
    let mut row = ExportRow::new()
        .with("id", event.event_id)
        .with("occurrence", event.id)
        .with("issue", event.short_id)
        .with("issueId", event.issue.to_string())
        .with("project", event.project)
        .with("time", event.time)
        .with("level", event.level)
        .with("title", event.title)
        .with("message", event.message)
        .with("culprit", event.culprit)
        .with("environment", event.environment)
        .with("release", event.release)
        .with("user", event.user);
    for (name, value) in event.tags {
        row = row.with_tag(&name, value.as_str());
        tags.insert(name, Value::String(value));
    }
    row.with("tags", Value::Object(tags))
}

/// The tag whose values say more of a user.
const USER: &str = "user";

/// The columns that the values of a tag have.
#[must_use]
pub fn tag_columns(tag: &str) -> ColumnSet {
    if tag == USER {
        ColumnSet::USER_VALUES
    } else {
        ColumnSet::TAG_VALUES
    }
}

/// Writes the values of a tag in the events of an issue.
///
/// # Errors
/// [`ExportFailure`]; there is then no file.
pub async fn export_tag_values(
    values: Vec<TagValue>,
    file: ExportFile<'static>,
    cancel: &CancellationToken,
) -> Result<Exported, ExportFailure> {
    let read = async |rows: Rows| {
        rows.push(values.into_iter().map(tag_row).collect()).await;
        Ok(())
    };
    writer::write(file, cancel, read).await
}

fn tag_row(value: TagValue) -> ExportRow {
    ExportRow::new()
        .with("value", value.value)
        .with("id", value.user.id)
        .with("email", value.user.email)
        .with("username", value.user.username)
        .with("ip_address", value.user.ip_address)
        .with("times_seen", value.times_seen)
        .with("last_seen", value.last_seen)
        .with("first_seen", value.first_seen)
}
