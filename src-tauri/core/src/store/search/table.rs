//! Issues as rows of a table, which is what exports write: an issue's own row, and of what lies elsewhere only what the
//! columns of the table need.

use super::ask::Ask;
use super::effective::{StatusRecord, status_columns};
use super::serialise::{assignee_name, assignee_of};
use super::sql::Sql;
use super::{export, hits, listed};
use crate::model::{
    Assignee, Directory, GroupType, IssueId, Level, Priority, Substatus, format_short_id,
};
use crate::search::{Numbers, Plan};
use crate::store::StoreError;
use crate::store::column::Stamp;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::collections::{BTreeMap, HashMap};

/// What is wanted of issues that does not stand in their own rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableExtent {
    /// How many events they have, and when the first and the last of them happened.
    pub events: bool,
    /// How many users they have, which takes the events as well.
    pub users: bool,
    /// Whether their newest events were unhandled.
    pub handling: bool,
    /// The tags of their newest events.
    pub tags: bool,
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
}

#[derive(Debug, FromRow)]
struct TableRecord {
    id: i64,
    short_id: i64,
    slug: String,
    group_type: i32,
    #[sqlx(flatten)]
    status: StatusRecord,
    substatus: Option<i16>,
    priority: i16,
    level: i16,
    title: String,
    culprit: String,
    first_release: Option<String>,
    assigned_user: Option<i64>,
    assigned_team: Option<i64>,
    is_unhandled: i64,
    tags: Option<String>,
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
    rows(&mut sql, issues, extent);
    let records: Vec<TableRecord> = ask.ask(sql).await?;
    let mut records: HashMap<i64, TableRecord> = records
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    let mut of_events = HashMap::new();
    if extent.events || extent.users {
        let mut sql = ask.statement();
        numbers(&mut sql, issues, plan, extent);
        of_events = read_numbers(ask, sql).await?;
    }
    let found = issues.iter().filter_map(|id| records.remove(&id.0));
    let rows = found.map(|record| {
        let numbers = of_events.remove(&record.id).unwrap_or_default();
        record.row(numbers, directory, now)
    });
    rows.collect()
}

async fn read_numbers(ask: &mut impl Ask, sql: Sql) -> Result<HashMap<i64, Numbers>, StoreError> {
    let rows: Vec<(i64, i64, i64, Stamp, Stamp)> = ask.ask(sql).await?;
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let numbers = rows.into_iter().map(|(id, count, users, first, last)| {
        let numbers = Numbers {
            count: whole(count),
            users: whole(users),
            first_seen: Some(first.0),
            last_seen: Some(last.0),
        };
        (id, numbers)
    });
    Ok(numbers.collect())
}

/// `issue` and the tables beside it by their keys.
pub(super) fn rows(sql: &mut Sql, issues: &[IssueId], extent: TableExtent) {
    sql.push(
        "SELECT i.id, i.short_id, coalesce(p.slug, '') AS slug, i.group_type, i.substatus, i.priority, i.level, \
         i.title, i.culprit, i.first_release, i.assigned_user, i.assigned_team, ",
    )
    .push(status_columns!())
    .push(", ");
    if extent.handling {
        listed::is_unhandled(sql);
    } else {
        sql.push("CAST(0 AS BIGINT)");
    }
    sql.push(" AS is_unhandled, ");
    if extent.tags {
        export::tags_of_newest_event(sql);
    } else {
        sql.push("NULL");
    }
    sql.push(
        " AS tags FROM issue AS i LEFT JOIN project AS p ON p.id = i.project_id \
         LEFT JOIN issue_snooze AS s ON s.issue_id = i.id WHERE i.id IN ",
    )
    .integers(issues.iter().map(|id| id.0));
}

/// `occurrence_by_issue`, which holds all it needs unless the plan names environments.
pub(super) fn numbers(sql: &mut Sql, issues: &[IssueId], plan: &Plan, extent: TableExtent) {
    sql.push("SELECT o.issue_id, count(*), ");
    if extent.users {
        sql.push("count(DISTINCT o.user_key)");
    } else {
        sql.push("CAST(0 AS BIGINT)");
    }
    sql.push(", min(o.event_time), max(o.event_time) FROM occurrence AS o WHERE o.issue_id IN ")
        .integers(issues.iter().map(|id| id.0));
    hits::in_window(sql, plan);
    hits::in_environments(sql, plan);
    sql.push(" GROUP BY o.issue_id");
}

impl TableRecord {
    fn row(
        self,
        numbers: Numbers,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<TableRow, StoreError> {
        let group_type = u16::try_from(self.group_type).ok();
        let group_type = group_type.and_then(GroupType::by_id);
        let problem =
            |error| StoreError::Corrupt(format!("the tags of issue {}: {error}", self.id));
        let tags = self.tags.as_deref().map(serde_json::from_str).transpose();
        let assignee = assignee_of(self.assigned_user, self.assigned_team);
        Ok(TableRow {
            id: IssueId(self.id),
            short_id: (self.short_id > 0).then(|| format_short_id(&self.slug, self.short_id)),
            level: Level::from_number(self.level).map_or("unknown", Level::as_str),
            status: self.status.word(now),
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
            numbers,
            tags: tags.map_err(problem)?.unwrap_or_default(),
            project: self.slug,
            title: self.title,
            culprit: self.culprit,
            first_release: self.first_release,
        })
    }
}
