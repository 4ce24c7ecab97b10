//! Rows as the read statements of both backends answer them.

use super::column::Stamp;
use super::standing::StandingRecord;
use super::{StoreError, StoreSummary};
use crate::limits::CounterRow;
use crate::model::{
    Assignee, Directory, Issue, IssueId, IssueStatus, Level, Priority, Project, ProjectId,
    ProjectRules, Substatus, Team, User,
};
use crate::triage::Velocity;
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

/// What stands for an issue without a priority.
pub(super) const NO_PRIORITY: i16 = 0;

/// The columns of [`IssueStateRecord`] in its order, from the issue table called `i`.
macro_rules! issue_state_columns {
    () => {
        "i.id, i.project_id, i.group_type, i.status, i.substatus, i.priority, i.level, i.first_seen, i.last_seen, \
         i.active_at, i.times_seen, i.first_release, i.resolved_at, i.priority_locked_at, i.assigned_user, \
         i.assigned_team"
    };
}
pub(super) use issue_state_columns;

/// An issue as the pipeline reads it, but for what it [says](super::content::ContentRecord).
#[derive(Debug, FromRow, Deserialize)]
pub(super) struct IssueStateRecord {
    pub id: i64,
    pub project_id: i64,
    pub group_type: i32,
    pub status: i16,
    pub substatus: Option<i16>,
    pub priority: i16,
    pub level: i16,
    pub first_seen: Stamp,
    pub last_seen: Stamp,
    pub active_at: Stamp,
    pub times_seen: i64,
    pub first_release: Option<String>,
    pub resolved_at: Option<Stamp>,
    pub priority_locked_at: Option<Stamp>,
    pub assigned_user: Option<i64>,
    pub assigned_team: Option<i64>,
}

impl IssueStateRecord {
    pub(super) fn into_issue(self) -> Result<(IssueId, Issue), StoreError> {
        let id = IssueId(self.id);
        let odd = |what: &str| StoreError::Corrupt(format!("issue {id} has an unknown {what}"));
        let substatus = match self.substatus {
            Some(number) => Some(Substatus::from_number(number).ok_or_else(|| odd("substatus"))?),
            None => None,
        };
        let issue = Issue {
            id: Some(id),
            project_id: ProjectId(self.project_id),
            group_type: u16::try_from(self.group_type).map_err(|_| odd("type"))?,
            status: IssueStatus::from_number(self.status).ok_or_else(|| odd("status"))?,
            substatus,
            priority: match self.priority {
                NO_PRIORITY => None,
                number => Some(Priority::from_number(number).ok_or_else(|| odd("priority"))?),
            },
            priority_locked_at: self.priority_locked_at.map(|at| at.0),
            assignee: self
                .assigned_user
                .map(Assignee::User)
                .or(self.assigned_team.map(Assignee::Team)),
            level: Level::from_number(self.level).ok_or_else(|| odd("level"))?,
            platform: String::new(),
            message: String::new(),
            culprit: String::new(),
            first_seen: self.first_seen.0,
            last_seen: self.last_seen.0,
            active_at: self.active_at.0,
            resolved_at: self.resolved_at.map(|at| at.0),
            times_seen: self.times_seen,
            first_release: self.first_release,
            data: serde_json::Map::new(),
        };
        Ok((id, issue))
    }
}

/// The columns of [`IssueListRecord`], from the tables called `i` (issue), `c` (issue_content), `p` (project),
/// `n` (issue_inbox), `z` (issue_snooze) and `v` (issue_resolution).
macro_rules! issue_list_columns {
    () => {
        "i.id, i.short_id, coalesce(p.slug, 'project-' || i.project_id) AS slug, i.group_type, i.status, i.substatus, \
         i.priority, i.level, c.platform, c.title, c.subtitle, c.culprit, i.times_seen, i.first_seen, i.last_seen, \
         i.first_release, i.assigned_user, i.assigned_team, n.reason AS inbox_reason, z.until AS snoozed_until, \
         v.kind AS resolution_kind, v.status AS resolution_status, v.release AS resolution_release"
    };
}
pub(super) use issue_list_columns;

/// An issue as the list shows it.
#[derive(Debug, FromRow)]
pub(super) struct IssueListRecord {
    pub id: i64,
    pub short_id: i64,
    pub slug: String,
    pub group_type: i32,
    pub status: i16,
    pub substatus: Option<i16>,
    pub priority: i16,
    pub level: i16,
    pub platform: String,
    pub title: String,
    pub subtitle: String,
    pub culprit: String,
    pub times_seen: i64,
    pub first_seen: Stamp,
    pub last_seen: Stamp,
    pub first_release: Option<String>,
    pub assigned_user: Option<i64>,
    pub assigned_team: Option<i64>,
    pub inbox_reason: Option<i16>,
    pub snoozed_until: Option<Stamp>,
    pub resolution_kind: Option<i16>,
    pub resolution_status: Option<i16>,
    pub resolution_release: Option<String>,
}

/// Occurrences of an issue in one hour.
#[derive(Debug, FromRow)]
pub(super) struct BucketRecord {
    pub issue_id: i64,
    pub hour: i32,
    pub count: i64,
}

/// The columns of [`OccurrenceRecord`], from the tables called `o` (occurrence) and `s` (source).
macro_rules! occurrence_columns {
    () => {
        "o.seq, o.id, o.project_id, o.event_id, o.event_time, o.environment, o.release, o.light_tags, o.payload, \
         s.name AS source, o.topic, o.partition, o.record_offset, o.record_key, o.stored_at"
    };
}
pub(super) use occurrence_columns;

/// A stored occurrence.
#[derive(Debug, FromRow)]
pub(super) struct OccurrenceRecord {
    pub seq: i64,
    pub id: Uuid,
    pub project_id: i64,
    pub event_id: Uuid,
    pub event_time: Stamp,
    pub environment: String,
    pub release: Option<String>,
    pub light_tags: Option<String>,
    pub payload: Vec<u8>,
    pub source: String,
    pub topic: String,
    pub partition: i32,
    pub record_offset: i64,
    pub record_key: Option<Vec<u8>>,
    pub stored_at: Stamp,
}

/// An occurrence with what surrounds it.
#[derive(Debug)]
pub(super) struct PlacedOccurrence {
    pub occurrence: OccurrenceRecord,
    pub issue_id: i64,
    /// 1 is the oldest.
    pub position: i64,
    pub total: i64,
    pub older: Option<Uuid>,
    pub newer: Option<Uuid>,
    /// Compressed body of its event, where one is stored.
    pub event_body: Option<Vec<u8>>,
}

/// What an issue's head shows beside its row.
#[derive(Debug)]
pub(super) struct IssueExtras {
    pub hours: Vec<BucketRecord>,
    pub stored_occurrences: i64,
    pub last_release: Option<String>,
    pub environments: Vec<String>,
    pub hashes: Vec<Uuid>,
    pub standing: StandingRecord,
}

/// The columns of [`DeadLetterRecord`], from the tables called `d` (dead letter) and `s` (source).
macro_rules! dead_letter_columns {
    () => {
        "d.id, s.name AS source, d.topic, d.partition, d.record_offset, d.reason, d.detail, d.payload_bytes, \
         d.stored_at, d.state, d.attempts"
    };
}
pub(super) use dead_letter_columns;

/// A dead letter as the list shows it.
#[derive(Debug, FromRow)]
pub(super) struct DeadLetterRecord {
    pub id: i64,
    pub source: String,
    pub topic: String,
    pub partition: i32,
    pub record_offset: i64,
    pub reason: String,
    pub detail: String,
    pub payload_bytes: i64,
    pub stored_at: Stamp,
    pub state: String,
    pub attempts: i32,
}

/// A dead letter with its bytes.
#[derive(Debug, FromRow)]
pub(super) struct DeadLetterBodyRecord {
    #[sqlx(flatten)]
    pub row: DeadLetterRecord,
    pub payload: Vec<u8>,
    pub record_key: Option<Vec<u8>>,
}

/// A user.
#[derive(Debug, FromRow)]
pub(super) struct MemberRecord {
    pub id: i64,
    pub username: String,
    pub email: Option<String>,
    pub is_member: bool,
    pub assigns_itself: bool,
}

/// A project with its rules.
#[derive(Debug, FromRow)]
pub(super) struct ProjectRecord {
    pub id: i64,
    pub slug: String,
    pub resolve_age_hours: Option<i32>,
    pub feedback_in_inbox: bool,
}

impl From<ProjectRecord> for Project {
    fn from(record: ProjectRecord) -> Self {
        Self {
            id: ProjectId(record.id),
            slug: record.slug,
            rules: ProjectRules {
                resolve_age_hours: record
                    .resolve_age_hours
                    .and_then(|hours| u32::try_from(hours).ok()),
                feedback_in_inbox: record.feedback_in_inbox,
            },
        }
    }
}

/// Counts of a store.
#[derive(Debug, FromRow)]
pub(super) struct SummaryRecord {
    pub issues: i64,
    pub occurrences: i64,
    pub events: i64,
    pub dead_letters: i64,
    pub bytes: i64,
    pub revision: i64,
}

impl From<SummaryRecord> for StoreSummary {
    fn from(record: SummaryRecord) -> Self {
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            issues: whole(record.issues),
            occurrences: whole(record.occurrences),
            events: whole(record.events),
            dead_letters: whole(record.dead_letters),
            bytes: whole(record.bytes),
            revision: record.revision,
        }
    }
}

/// What the people statements of both backends answer: users; number and short name of teams; teams with their members
/// and with their projects.
pub(super) fn directory(
    users: Vec<MemberRecord>,
    teams: Vec<(i64, String)>,
    members: &[(i64, i64)],
    projects: &[(i64, i64)],
) -> Directory {
    let of_team = |rows: &[(i64, i64)], id: i64| -> Vec<i64> {
        let of_it = rows.iter().filter(|(team, _)| *team == id);
        of_it.map(|(_, member)| *member).collect()
    };
    let users = users.into_iter().map(|member| User {
        id: member.id,
        username: member.username,
        email: member.email,
        is_member: member.is_member,
        assigns_itself: member.assigns_itself,
    });
    let teams = teams.into_iter().map(|(id, slug)| Team {
        id,
        slug,
        members: of_team(members, id),
        projects: of_team(projects, id).into_iter().map(ProjectId).collect(),
    });
    Directory {
        users: users.collect(),
        teams: teams.collect(),
    }
}

/// Issues of a project: when each was first seen, and its events since.
pub(super) fn velocities(rows: Vec<(Stamp, i64)>) -> Vec<Velocity> {
    let velocities = rows.into_iter().map(|(first_seen, events)| Velocity {
        first_seen: first_seen.0,
        events,
    });
    velocities.collect()
}

/// Mirrored counters: name, count and end.
pub(super) fn counters(rows: Vec<(String, i64, Stamp)>) -> Vec<CounterRow> {
    let counters = rows.into_iter().map(|(key, count, end)| CounterRow {
        key,
        count,
        expires_at: end.0,
    });
    counters.collect()
}
