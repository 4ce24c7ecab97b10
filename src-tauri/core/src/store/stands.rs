//! How issues stand after an action, as it is written: nothing else of them changes.

use super::Effects;
use super::alike::{Run, runs};
use super::column::Stamp;
use super::records::NO_PRIORITY;
use crate::model::{Assignee, Issue, IssueState, Priority, Substatus};

/// How an issue stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct StandRow {
    pub id: i64,
    pub status: i16,
    pub substatus: Option<i16>,
    pub priority: i16,
    pub resolved_at: Option<Stamp>,
    pub priority_locked_at: Option<Stamp>,
    pub assigned_user: Option<i64>,
    pub assigned_team: Option<i64>,
    /// Which of these differ from what is stored.
    changes: Changes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Changes {
    status: bool,
    priority: bool,
    resolved_at: bool,
    priority_locked_at: bool,
    assignee: bool,
}

/// What issues have in common that stand alike. A member that is nothing stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// With the substatus.
    pub status: Option<(i16, Option<i16>)>,
    pub priority: Option<i16>,
    pub resolved_at: Option<Option<Stamp>>,
    pub priority_locked_at: Option<Option<Stamp>>,
    /// A user or a team.
    pub assignee: Option<(Option<i64>, Option<i64>)>,
}

impl StandRow {
    pub(super) fn of(id: i64, state: &IssueState) -> Self {
        let issue = &state.issue;
        let (assigned_user, assigned_team) = assigned(issue);
        let changes = match &state.loaded {
            Some(loaded) => Changes {
                status: (loaded.status, loaded.substatus) != (issue.status, issue.substatus),
                priority: loaded.priority != issue.priority,
                resolved_at: loaded.resolved_at != issue.resolved_at,
                priority_locked_at: loaded.priority_locked_at != issue.priority_locked_at,
                assignee: loaded.assignee != issue.assignee,
            },
            None => Changes {
                status: true,
                priority: true,
                resolved_at: true,
                priority_locked_at: true,
                assignee: true,
            },
        };
        Self {
            id,
            status: issue.status.number(),
            substatus: issue.substatus.map(Substatus::number),
            priority: issue.priority.map_or(NO_PRIORITY, Priority::number),
            resolved_at: issue.resolved_at.map(Stamp::of),
            priority_locked_at: issue.priority_locked_at.map(Stamp::of),
            assigned_user,
            assigned_team,
            changes,
        }
    }

    /// What has to be written of it.
    pub(super) fn standing(&self) -> Standing {
        let changes = &self.changes;
        Standing {
            status: changes.status.then_some((self.status, self.substatus)),
            priority: changes.priority.then_some(self.priority),
            resolved_at: changes.resolved_at.then_some(self.resolved_at),
            priority_locked_at: changes
                .priority_locked_at
                .then_some(self.priority_locked_at),
            assignee: changes
                .assignee
                .then_some((self.assigned_user, self.assigned_team)),
        }
    }
}

/// The issues of which only how they stand is written.
pub(super) fn restated(effects: &Effects) -> Vec<StandRow> {
    let restated = effects.issues.iter().filter(|write| write.is_restated());
    restated
        .filter_map(|write| Some(StandRow::of(write.state.issue.id?.0, &write.state)))
        .collect()
}

/// The rows, by how they are written.
pub(super) fn stand_runs(rows: &[StandRow]) -> Vec<Run<'_, StandRow>> {
    runs(rows, |one, other| one.standing() == other.standing())
}

/// The columns of who has an issue.
pub(super) fn assigned(issue: &Issue) -> (Option<i64>, Option<i64>) {
    match issue.assignee {
        Some(Assignee::User(id)) => (Some(id), None),
        Some(Assignee::Team(id)) => (None, Some(id)),
        None => (None, None),
    }
}
