//! Issues as rows of a table, which is what exports write: an issue's own row, and of what lies elsewhere only what the
//! columns of the table need.

use super::ask::Ask;
use super::effective::StatusRecord;
use super::serialise::{assignee_name, assignee_of};
use super::sql::{Dialect, Sql};
use super::wording::{self, Wording};
use super::{export, hits, listed};
use crate::model::{
    Assignee, Directory, GroupType, IssueId, IssueStatus, Level, Priority, Substatus,
    format_short_id,
};
use crate::search::{Numbers, Plan};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::FromRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is wanted of issues that does not stand in their own rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableExtent {
    /// How many events they have.
    pub events: bool,
    /// How many users they have.
    pub users: bool,
    /// When the first of their events happened.
    pub first_seen: bool,
    /// When the last of their events happened.
    pub last_seen: bool,
    /// Whether their newest events were unhandled.
    pub handling: bool,
    /// The tags of their newest events.
    pub tags: bool,
    /// Their labels and newest notes.
    pub wording: bool,
}

/// An issue as a row of a table (search spec, section 13).
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// The issue.
    pub id: IssueId,
    /// As people call it; nothing for an issue without a number.
    pub short_id: Option<String>,
    /// Slug of its project.
    pub project: String,
    /// Title.
    pub title: String,
    /// Where it happened.
    pub culprit: String,
    /// Level word.
    pub level: &'static str,
    /// Word for the status that a list shows.
    pub status: &'static str,
    /// Word for the finer state that is stored.
    pub substatus: Option<&'static str>,
    /// Priority word.
    pub priority: Option<&'static str>,
    /// Slug of its group type; empty for one that is not known.
    pub issue_type: &'static str,
    /// Category of its group type; empty for one that is not known.
    pub issue_category: &'static str,
    /// Name of the user, or `#` and the name of the team.
    pub assignee: Option<String>,
    /// Release of the event that opened it.
    pub first_release: Option<String>,
    /// Whether its newest event was unhandled; false where that was not asked for.
    pub is_unhandled: bool,
    /// Of its events, as far as they were asked for.
    pub numbers: Numbers,
    /// Of its newest event, where they were asked for.
    pub tags: BTreeMap<String, String>,
    /// What people wrote on it, where that was asked for.
    pub wording: Wording,
}

/// The columns of [`rows`], and the members of [`TableRecord`] in that order.
pub(super) const ROW_COLUMNS: &[&str] = &[
    "id",
    "project_id",
    "short_id",
    "group_type",
    "status",
    "substatus",
    "priority",
    "level",
    "title",
    "culprit",
    "last_seen",
    "times_seen",
    "first_release",
    "assigned_user",
    "assigned_team",
    "is_unhandled",
    "tags",
    "events",
    "users",
    "first_event",
    "last_event",
];

/// Every column costs, so there are no more of them than a table needs, and what few issues have is read by itself.
#[derive(Debug, FromRow, Deserialize)]
struct TableRecord {
    id: i64,
    project_id: i64,
    short_id: i64,
    group_type: i32,
    status: i16,
    substatus: Option<i16>,
    priority: i16,
    level: i16,
    title: String,
    culprit: String,
    last_seen: Stamp,
    times_seen: i64,
    first_release: Option<String>,
    assigned_user: Option<i64>,
    assigned_team: Option<i64>,
    is_unhandled: i64,
    tags: Option<String>,
    events: i64,
    users: i64,
    first_event: Option<Stamp>,
    last_event: Option<Stamp>,
}

#[derive(Debug, FromRow)]
struct ProjectRecord {
    id: i64,
    slug: String,
    resolve_age_hours: Option<i32>,
}

#[derive(Debug, FromRow)]
struct SnoozeRecord {
    issue_id: i64,
    until: Option<Stamp>,
    count: Option<i64>,
    minutes: Option<i64>,
    times_seen: Option<i64>,
}

/// What lies beside the issues of a table.
#[derive(Debug, Default)]
struct Beside {
    projects: HashMap<i64, ProjectRecord>,
    snoozes: HashMap<i64, SnoozeRecord>,
    wordings: HashMap<IssueId, Wording>,
}

/// Some issues in the order of their ids' list; missing ones are left out. The events are those of the window and the
/// environments of the plan.
pub(in crate::store) async fn table(
    ask: &mut impl Ask,
    issues: &[IssueId],
    plan: &Plan,
    extent: TableExtent,
    (directory, now): (&Directory, DateTime<Utc>),
) -> Result<Vec<TableRow>, StoreError> {
    let mut sql = ask.statement();
    rows(&mut sql, issues, plan, extent);
    let records: Vec<TableRecord> = ask.ask_packed(sql, ROW_COLUMNS).await?;
    let mut beside = Beside::read(ask, &records).await?;
    if extent.wording {
        beside.wordings = wording::wordings(ask, issues).await?;
    }
    let mut records: HashMap<i64, TableRecord> = records
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    let found = issues.iter().filter_map(|id| records.remove(&id.0));
    found
        .map(|record| record.row(&mut beside, directory, now))
        .collect()
}

impl Beside {
    /// The projects of issues, and when those that are archived come back.
    async fn read(ask: &mut impl Ask, records: &[TableRecord]) -> Result<Self, StoreError> {
        let of_issues: BTreeSet<i64> = records.iter().map(|record| record.project_id).collect();
        let mut sql = ask.statement();
        projects(&mut sql, of_issues);
        let found: Vec<ProjectRecord> = ask.ask(sql).await?;
        let mut beside = Self {
            projects: found.into_iter().map(|it| (it.id, it)).collect(),
            ..Self::default()
        };
        let is_archived = |record: &&TableRecord| record.status == IssueStatus::Ignored.number();
        let archived: Vec<i64> = records
            .iter()
            .filter(is_archived)
            .map(|record| record.id)
            .collect();
        if !archived.is_empty() {
            let mut sql = ask.statement();
            snoozes(&mut sql, archived);
            let found: Vec<SnoozeRecord> = ask.ask(sql).await?;
            beside.snoozes = found.into_iter().map(|it| (it.issue_id, it)).collect();
        }
        Ok(beside)
    }
}

/// `issue` and `issue_content` by their keys; `occurrence_by_issue` for each of them, which holds all that is asked of
/// events unless the plan names environments. The first and the last event are the ends of the issue's part of it: to
/// compare all of them in one statement that groups takes half as long again.
pub(super) fn rows(sql: &mut Sql, issues: &[IssueId], plan: &Plan, extent: TableExtent) {
    sql.push(
        "SELECT i.id, i.project_id, i.short_id, i.group_type, i.status, i.substatus, i.priority, i.level, c.title, \
         c.culprit, i.last_seen, i.times_seen, i.first_release, i.assigned_user, i.assigned_team",
    );
    let no_time = match sql.dialect {
        Dialect::Sqlite => "NULL",
        Dialect::Postgres => "CAST(NULL AS TIMESTAMPTZ)",
    };
    let mut column = |is_wanted, name, nothing, value: &dyn Fn(&mut Sql)| {
        sql.push(", ");
        if is_wanted {
            value(sql);
        } else {
            sql.push(nothing);
        }
        sql.push(name);
    };
    let (no_number, handling) = ("CAST(0 AS BIGINT)", &listed::is_unhandled);
    column(extent.handling, " AS is_unhandled", no_number, handling);
    column(extent.tags, " AS tags", "CAST(NULL AS TEXT)", &|sql| {
        export::tags_of_newest_event(sql);
        // A text also where SQLite remembers that it was made as JSON.
        sql.push(" || ''");
    });
    column(extent.events, " AS events", no_number, &|sql| {
        of_events(sql, plan, "count(*)", "");
    });
    column(extent.users, " AS users", no_number, &|sql| {
        of_events(sql, plan, "count(DISTINCT o.user_key)", "");
    });
    column(extent.first_seen, " AS first_event", no_time, &|sql| {
        of_events(sql, plan, "o.event_time", " ORDER BY o.event_time LIMIT 1");
    });
    column(extent.last_seen, " AS last_event", no_time, &|sql| {
        let last = " ORDER BY o.event_time DESC LIMIT 1";
        of_events(sql, plan, "o.event_time", last);
    });
    sql.push(" FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id WHERE i.id")
        .one_of(issues.iter().map(|id| id.0).collect());
}

/// Something of the events of an issue in the window and the environments of the plan.
fn of_events(sql: &mut Sql, plan: &Plan, what: &'static str, end: &'static str) {
    sql.push("(SELECT ")
        .push(what)
        .push(" FROM occurrence AS o WHERE o.issue_id = i.id");
    hits::in_window(sql, plan);
    hits::in_environments(sql, plan);
    sql.push(end).push(")");
}

/// `project` by its key.
pub(super) fn projects(sql: &mut Sql, projects: impl IntoIterator<Item = i64>) {
    sql.push("SELECT p.id, p.slug, p.resolve_age_hours FROM project AS p WHERE p.id IN ")
        .integers(projects);
}

/// `issue_snooze` by its key.
pub(super) fn snoozes(sql: &mut Sql, issues: impl IntoIterator<Item = i64>) {
    sql.push(
        "SELECT s.issue_id, s.until, CAST(s.count AS BIGINT) AS count, CAST(s.window AS BIGINT) AS minutes, \
         CAST(s.times_seen AS BIGINT) AS times_seen FROM issue_snooze AS s WHERE s.issue_id IN ",
    )
    .integers(issues);
}

impl TableRecord {
    fn row(
        self,
        beside: &mut Beside,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<TableRow, StoreError> {
        let project = beside.projects.get(&self.project_id);
        let slug = project.map_or("", |project| &project.slug);
        let snooze = beside.snoozes.get(&self.id);
        let status = StatusRecord {
            status: self.status,
            last_seen: self.last_seen,
            times_seen: self.times_seen,
            resolve_age_hours: project.and_then(|project| project.resolve_age_hours),
            snooze_of: snooze.map(|snooze| snooze.issue_id),
            snooze_until: snooze.and_then(|snooze| snooze.until),
            snooze_count: snooze.and_then(|snooze| snooze.count),
            snooze_window: snooze.and_then(|snooze| snooze.minutes),
            snooze_times_seen: snooze.and_then(|snooze| snooze.times_seen),
        };
        let group_type = u16::try_from(self.group_type).ok();
        let group_type = group_type.and_then(GroupType::by_id);
        let problem =
            |error| StoreError::Corrupt(format!("the tags of issue {}: {error}", self.id));
        let tags = self.tags.as_deref().map(serde_json::from_str).transpose();
        let assignee = assignee_of(self.assigned_user, self.assigned_team);
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(TableRow {
            id: IssueId(self.id),
            short_id: (self.short_id > 0).then(|| format_short_id(slug, self.short_id)),
            level: Level::from_number(self.level).map_or("unknown", Level::as_str),
            status: status.word(now),
            substatus: self
                .substatus
                .and_then(Substatus::from_number)
                .map(Substatus::as_str),
            priority: Priority::from_number(self.priority).map(Priority::as_str),
            issue_type: group_type.map_or("", |known| known.slug),
            issue_category: group_type.map_or("", |known| known.category.as_str()),
            assignee: assignee.map(|assignee| match assignee {
                Assignee::User(_) => assignee_name(assignee, directory),
                Assignee::Team(_) => format!("#{}", assignee_name(assignee, directory)),
            }),
            is_unhandled: self.is_unhandled > 0,
            numbers: Numbers {
                count: whole(self.events),
                users: whole(self.users),
                first_seen: self.first_event.map(|time| time.0),
                last_seen: self.last_event.map(|time| time.0),
            },
            tags: tags.map_err(problem)?.unwrap_or_default(),
            wording: beside
                .wordings
                .remove(&IssueId(self.id))
                .unwrap_or_default(),
            project: slug.to_owned(),
            title: self.title,
            culprit: self.culprit,
            first_release: self.first_release,
        })
    }
}
