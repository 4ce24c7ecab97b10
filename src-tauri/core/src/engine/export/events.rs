//! Occurrences, and the values of a tag, as rows.

use super::ExportFailure;
use super::writer::{self, Rows};
use crate::engine::find::{HITS_CHUNK, Hits};
use crate::export::{ColumnSet, ExportFile, ExportRow, Exported};
use crate::model::IssueId;
use crate::search::Plan;
use crate::store::{EventSlice, ExportStore, ExportedEvent, SearchStore, TagValue};
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
    let plan = choice.plan(hits);
    let mut ids = hits.ids().to_vec();
    ids.sort_unstable();
    let mut counted = Vec::with_capacity(ids.len());
    for part in ids.chunks(HITS_CHUNK) {
        let numbers = store.numbers(&plan, true, part).await?;
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
pub async fn export_events<S: ExportStore>(
    store: &S,
    hits: &Hits,
    (counted, choice): (&[(IssueId, u64)], EventChoice),
    most: Option<u64>,
    file: ExportFile<'static>,
    cancel: &CancellationToken,
) -> Result<Exported, ExportFailure> {
    let plan = choice.plan(hits);
    let read = async |rows: Rows| {
        let mut events = Events {
            store,
            plan: &plan,
            rows,
            left: most.unwrap_or(u64::MAX),
        };
        for part in parts(counted) {
            let goes_on = match part {
                [(issue, count)] if *count > EVENTS_CHUNK => events.of_large(*issue).await?,
                part => events.of_small(part).await?,
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    };
    writer::write(file, cancel, read).await
}

/// Issues that have no more occurrences together than are read at once; and those that have more, one by one.
fn parts(counted: &[(IssueId, u64)]) -> impl Iterator<Item = &[(IssueId, u64)]> {
    let mut rest = counted;
    std::iter::from_fn(move || {
        let mut sum = 0;
        let fits = rest.iter().take(HITS_CHUNK).take_while(|(_, count)| {
            sum += count;
            sum <= EVENTS_CHUNK
        });
        let length = fits.count().max(1).min(rest.len());
        let (part, behind) = rest.split_at(length);
        rest = behind;
        (!part.is_empty()).then_some(part)
    })
}

/// Occurrences on their way.
struct Events<'a, S> {
    store: &'a S,
    plan: &'a Plan,
    rows: Rows,
    left: u64,
}

impl<S: ExportStore> Events<'_, S> {
    /// Answers whether it makes sense to go on.
    async fn of_small(&mut self, part: &[(IssueId, u64)]) -> Result<bool, ExportFailure> {
        let ids: Vec<IssueId> = part.iter().map(|(id, _)| *id).collect();
        let store = self.store;
        let events = store.exported_events(&ids, self.plan, EventSlice::All);
        Ok(self.push(events.await?).await)
    }

    async fn of_large(&mut self, issue: IssueId) -> Result<bool, ExportFailure> {
        let most = u32::try_from(EVENTS_CHUNK).unwrap_or(u32::MAX);
        let mut after = None;
        loop {
            let slice = EventSlice::Next(after, most);
            let store = self.store;
            let events = store.exported_events(&[issue], self.plan, slice).await?;
            let Some(last) = events.last() else {
                return Ok(true);
            };
            after = Some((last.time, last.seq));
            let is_last = events.len() < most as usize;
            if !self.push(events).await {
                return Ok(false);
            }
            if is_last {
                return Ok(true);
            }
        }
    }

    async fn push(&mut self, mut events: Vec<ExportedEvent>) -> bool {
        events.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= events.len() as u64;
        self.rows.push(events.into_iter().map(row).collect()).await && self.left > 0
    }
}

fn row(event: ExportedEvent) -> ExportRow {
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
