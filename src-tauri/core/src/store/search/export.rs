//! What exports read beside listed issues: occurrences, the tags of an issue's newest event, the values of a tag.

use super::ask::{AnyRow, Ask};
use super::reading::reading;
use super::sql::Sql;
use super::table::{self, TableExtent, TableRow};
use super::{fields, listed, numbers};
use crate::decode::{read_stored_event, read_stored_json, read_stored_occurrence};
use crate::model::{Directory, EventId, IssueId, OccurrenceId, ProjectId, format_short_id};
use crate::search::Plan;
use crate::store::column::Stamp;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde_json::Value;
use sqlx::FromRow;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use uuid::Uuid;

/// Reads what exports write.
pub trait ExportStore: Send + Sync {
    /// Stored occurrences of some issues that match a plan, by issue, time and order of arrival. Sums that the plan asks
    /// for play no part.
    fn exported_events(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        slice: EventSlice,
        depth: EventDepth,
    ) -> impl Future<Output = Result<Vec<ExportedEvent>, StoreError>> + Send;

    /// Tags of the newest event of each of some issues.
    fn newest_tags(
        &self,
        issues: &[IssueId],
    ) -> impl Future<Output = Result<HashMap<IssueId, BTreeMap<String, String>>, StoreError>> + Send;

    /// Issues as rows of a table, in the order of their ids' list; missing ones are left out. Their numbers are those of
    /// the events in the window and the environments of the plan.
    fn table_rows(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        extent: TableExtent,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<TableRow>, StoreError>> + Send;

    /// The values of a tag in the events of an issue: the most frequent first, of equal ones by the value.
    fn tag_values(
        &self,
        issue: IssueId,
        tag: &str,
    ) -> impl Future<Output = Result<Vec<TagValue>, StoreError>> + Send;
}

/// Which of the occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSlice {
    /// All of them: for issues that have few.
    All,
    /// At most so many of one issue, behind the one at this time and in this place of arrival.
    Next(Option<(DateTime<Utc>, i64)>, u32),
}

/// How much of an occurrence is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventDepth {
    /// What tables show.
    Facts,
    /// Also the record and the event, as they are stored.
    Whole,
}

/// A stored occurrence with what its event says.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedEvent {
    /// Its issue.
    pub issue: IssueId,
    /// Order of arrival.
    pub seq: i64,
    /// The occurrence, 32 hex digits.
    pub id: String,
    /// The event, 32 hex digits.
    pub event_id: String,
    /// The issue, as people call it.
    pub short_id: String,
    /// Slug of its project.
    pub project: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Level word.
    pub level: String,
    /// Title.
    pub title: String,
    /// Message of the event; where it has none, the second line of the occurrence.
    pub message: String,
    /// Where it happened.
    pub culprit: String,
    /// Environment, empty for the unnamed one.
    pub environment: String,
    /// Release.
    pub release: Option<String>,
    /// The user as a tag, such as `id:7`.
    pub user: Option<String>,
    /// Tags in their order.
    pub tags: Vec<(String, String)>,
    /// With [`EventDepth::Whole`], the stored record of the occurrence.
    pub record: Option<Value>,
    /// With [`EventDepth::Whole`], the stored event. A light one has none.
    pub event: Option<Value>,
}

#[derive(Debug, FromRow)]
struct TagValueRecord {
    value: String,
    times_seen: i64,
    first_seen: Stamp,
    last_seen: Stamp,
    user_id: Option<String>,
    email: Option<String>,
    username: Option<String>,
    ip_address: Option<String>,
}

/// A value of a tag of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagValue {
    /// The value.
    pub value: String,
    /// Events that have it.
    pub times_seen: i64,
    /// The oldest of them.
    pub first_seen: DateTime<Utc>,
    /// The newest of them.
    pub last_seen: DateTime<Utc>,
    /// What the newest of them says of its user.
    pub user: TagUser,
}

/// A user, as far as an event names one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagUser {
    /// Id.
    pub id: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Name.
    pub username: Option<String>,
    /// Address in the network.
    pub ip_address: Option<String>,
}

#[derive(Debug, FromRow)]
struct EventRecord {
    issue_id: i64,
    slug: String,
    short_id: i64,
    seq: i64,
    id: Uuid,
    event_id: Uuid,
    project_id: i64,
    event_time: Stamp,
    environment: String,
    release: Option<String>,
    user_key: Option<String>,
    light_tags: Option<String>,
    payload: Vec<u8>,
    body: Option<Vec<u8>>,
}

impl ExportStore for Store {
    async fn exported_events(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        slice: EventSlice,
        depth: EventDepth,
    ) -> Result<Vec<ExportedEvent>, StoreError> {
        let records: Vec<EventRecord> = read(self, |sql| events(sql, issues, plan, slice)).await?;
        // Unpacking takes longer than reading, and must not hold up what else this thread does.
        let unpacked = tokio::task::spawn_blocking(move || {
            let records = records.into_par_iter();
            records.map(|record| record.unpacked(depth)).collect()
        });
        unpacked
            .await
            .map_err(|error| StoreError::Corrupt(format!("unpacking occurrences: {error}")))
    }

    async fn newest_tags(
        &self,
        issues: &[IssueId],
    ) -> Result<HashMap<IssueId, BTreeMap<String, String>>, StoreError> {
        let rows: Vec<(i64, Option<String>)> =
            read(self, |sql| tags_of_newest(sql, issues)).await?;
        let tags = rows.into_iter().map(|(id, tags)| {
            let tags = tags.map(|tags| serde_json::from_str(&tags)).transpose();
            let problem = |error| StoreError::Corrupt(format!("the tags of issue {id}: {error}"));
            Ok((IssueId(id), tags.map_err(problem)?.unwrap_or_default()))
        });
        tags.collect()
    }

    async fn table_rows(
        &self,
        issues: &[IssueId],
        plan: &Plan,
        extent: TableExtent,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<Vec<TableRow>, StoreError> {
        let about = (directory, now);
        reading!(self, ask => table::table(ask, issues, plan, extent, about).await)
    }

    async fn tag_values(&self, issue: IssueId, tag: &str) -> Result<Vec<TagValue>, StoreError> {
        let rows: Vec<TagValueRecord> = read(self, |sql| values_of_tag(sql, issue, tag)).await?;
        Ok(rows.into_iter().map(TagValue::from).collect())
    }
}

/// Runs a statement on whichever store it is.
async fn read<T: AnyRow>(
    store: &Store,
    build: impl FnOnce(&mut Sql) + Send,
) -> Result<Vec<T>, StoreError> {
    reading!(store, ask => {
        let mut sql = ask.statement();
        build(&mut sql);
        ask.ask(sql).await
    })
}

/// Occurrences with their bodies. `issue` by its key, `occurrence_by_issue` in its order, `project` by its key, `event` by
/// its unique (event_id, project_id).
pub(super) fn events(sql: &mut Sql, issues: &[IssueId], plan: &Plan, slice: EventSlice) {
    sql.push(
        "SELECT i.id AS issue_id, coalesce((SELECT p.slug FROM project AS p WHERE p.id = i.project_id), '') AS slug, \
         i.short_id, o.seq, o.id, o.event_id, o.project_id, o.event_time, o.environment, o.release, o.user_key, \
         o.light_tags, o.payload, \
         CASE WHEN o.light_tags IS NULL THEN ",
    )
    .push(listed::BODY)
    .push(" END AS body");
    numbers::events(sql, plan, true, issues);
    let EventSlice::Next(after, most) = slice else {
        sql.push(" ORDER BY o.issue_id, o.event_time, o.seq");
        return;
    };
    if let Some((time, seq)) = after {
        sql.push(" AND (o.event_time, o.seq) > (")
            .time(time)
            .push(", ")
            .integer(seq)
            .push(")");
    }
    sql.push(" ORDER BY o.event_time, o.seq LIMIT ")
        .integer(most.into());
}

/// Issue, and the tags of its newest event as a JSON object.
pub(super) fn tags_of_newest(sql: &mut Sql, issues: &[IssueId]) {
    sql.push("SELECT i.id, ");
    tags_of_newest_event(sql);
    sql.push(" FROM issue AS i WHERE i.id IN ")
        .integers(issues.iter().map(|id| id.0));
}

/// The tags of the newest event of the issue as a JSON object.
pub(super) fn tags_of_newest_event(sql: &mut Sql) {
    listed::newest_fact(
        sql,
        "json_extract(f.facts, '$.tags')",
        "(f.facts -> 'tags')::text",
    );
}

/// The tag that says who it was; events have the user in a column of its own.
const USER: &str = "user";

/// The values of a tag. `occurrence_by_issue`.
pub(super) fn values_of_tag(sql: &mut Sql, issue: IssueId, tag: &str) {
    sql.push("WITH e AS (SELECT ");
    if tag == USER || tag == "sentry:user" {
        sql.push("o.user_key");
    } else {
        // Those that the pipeline sets have a prefix that people leave out.
        sql.push("coalesce(");
        fields::tag(sql, tag);
        sql.push(", ");
        fields::tag(sql, &format!("sentry:{tag}"));
        sql.push(")");
    }
    sql.push(" AS value, o.event_time AS at, o.seq AS seq");
    for (field, name) in [
        ("user.id", " AS user_id"),
        ("user.email", " AS email"),
        ("user.username", " AS username"),
        ("user.ip", " AS ip_address"),
    ] {
        sql.push(", CAST(");
        fields::member(sql, field);
        sql.push(" AS TEXT)").push(name);
    }
    sql.push(" FROM occurrence AS o LEFT JOIN event_fact AS f ON f.seq = o.seq WHERE o.issue_id = ")
        .integer(issue.0)
        .push(
            "), n AS (SELECT e.*, row_number() OVER (PARTITION BY value ORDER BY at DESC, seq DESC) AS place, \
             count(*) OVER (PARTITION BY value) AS times_seen, min(at) OVER (PARTITION BY value) AS first_seen \
             FROM e WHERE value IS NOT NULL) \
             SELECT value, times_seen, first_seen, at AS last_seen, user_id, email, username, ip_address \
             FROM n WHERE place = 1 ORDER BY times_seen DESC, value",
        )
        .push_either("", " COLLATE \"C\"");
}

impl EventRecord {
    /// A record that cannot be read is exported with what is known without it: one damaged row must not keep all others
    /// from being exported.
    fn unpacked(self, depth: EventDepth) -> ExportedEvent {
        let damaged = |problem: &str| tracing::warn!(seq = self.seq, problem, "exported in part");
        let stored = read_stored_occurrence(&self.payload)
            .inspect_err(|problem| damaged(problem))
            .ok();
        let (tags, message) = self.event().unwrap_or_else(|problem| {
            damaged(&problem);
            Default::default()
        });
        let whole = |packed: &[u8]| match depth {
            EventDepth::Facts => None,
            EventDepth::Whole => read_stored_json(packed)
                .inspect_err(|problem| damaged(problem))
                .ok(),
        };
        let (record, event) = (whole(&self.payload), self.body.as_deref().and_then(whole));
        let (title, subtitle, culprit, level) = stored.map_or_else(Default::default, |stored| {
            let level = stored.level.as_str().to_owned();
            (stored.title, stored.subtitle, stored.culprit, level)
        });
        ExportedEvent {
            issue: IssueId(self.issue_id),
            seq: self.seq,
            id: OccurrenceId(self.id).to_string(),
            event_id: EventId(self.event_id).to_string(),
            short_id: format_short_id(&self.slug, self.short_id),
            project: self.slug,
            time: self.event_time.0,
            level,
            title,
            message: if message.is_empty() {
                subtitle
            } else {
                message
            },
            culprit,
            environment: self.environment,
            release: self.release,
            user: self.user_key,
            tags,
            record,
            event,
        }
    }

    /// Tags and message of the event. A light one has no message.
    fn event(&self) -> Result<(Vec<(String, String)>, String), String> {
        if let Some(body) = &self.body {
            let (project, event) = (ProjectId(self.project_id), EventId(self.event_id));
            let event = read_stored_event(project, event, body)?;
            return Ok((event.tags, event.message));
        }
        match &self.light_tags {
            Some(tags) => {
                let tags = serde_json::from_str(tags).map_err(|error| error.to_string())?;
                Ok((tags, String::new()))
            }
            None => Ok(Default::default()),
        }
    }
}

impl From<TagValueRecord> for TagValue {
    fn from(record: TagValueRecord) -> Self {
        Self {
            value: record.value,
            times_seen: record.times_seen,
            first_seen: record.first_seen.0,
            last_seen: record.last_seen.0,
            user: TagUser {
                id: record.user_id,
                email: record.email,
                username: record.username,
                ip_address: record.ip_address,
            },
        }
    }
}
