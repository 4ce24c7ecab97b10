//! What a status-change message does to an issue (occurrences spec, section 15).

use super::steps::{Cause, escalate, log_change, reset_priority, set_status};
use crate::model::{ActivityKind, IssueState, IssueStatus, Substatus};
use serde_json::Value;

/// What became of a status change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChanged {
    /// The issue changed.
    Yes,
    /// There was nothing to change.
    No,
    /// The pair is none that can be set; the issue is as it was.
    Invalid,
}

/// Whether a change asks for a status that no message can set. Such a message counts as failed and not as processed,
/// so that it is not recognised when it comes again.
#[must_use]
pub fn is_unsupported(status: i64, substatus: Option<i64>) -> bool {
    !(0..=2).contains(&status) && substatus.is_none()
}

/// Carries out a status change, by the decision table of the section; the first row that fits decides. An issue that is
/// about to be deleted or merged stays as it is.
pub fn change_status(
    state: &mut IssueState,
    status: i64,
    substatus: Option<i64>,
    cause: Cause,
) -> StatusChanged {
    let current = (
        i64::from(state.issue.status.number()),
        state.issue.substatus.map(|now| i64::from(now.number())),
    );
    if current == (status, substatus) || state.issue.status.is_hidden() {
        return StatusChanged::No;
    }
    let wanted = substatus
        .and_then(|number| i16::try_from(number).ok())
        .and_then(Substatus::from_number);
    match (status, substatus) {
        (0 | 2, None) => refuse(state, "group.update_status.missing_substatus"),
        (1, None) => {
            resolve(state, cause);
            StatusChanged::Yes
        }
        (2, Some(_)) => match wanted {
            Some(
                archived @ (Substatus::UntilEscalating
                | Substatus::UntilConditionMet
                | Substatus::Forever),
            ) => {
                archive(state, archived, cause);
                StatusChanged::Yes
            }
            _ => refuse(state, "group.update_status.invalid_substatus"),
        },
        (0, Some(_)) => reopen(state, wanted, cause),
        (_, Some(_)) => refuse(state, "group.update_status.unexpected_substatus"),
        (_, None) => refuse(state, "group.update_status.unsupported_status"),
    }
}

fn refuse(state: &IssueState, problem: &str) -> StatusChanged {
    tracing::error!(issue = ?state.issue.id, problem, "a status change cannot be carried out");
    StatusChanged::Invalid
}

fn resolve(state: &mut IssueState, cause: Cause) {
    set_status(state, IssueStatus::Resolved, None);
    state.issue.resolved_at = Some(cause.now);
    state.inbox.clear();
    log_change(state, ActivityKind::SetResolved, Value::Null, cause);
}

fn archive(state: &mut IssueState, substatus: Substatus, cause: Cause) {
    set_status(state, IssueStatus::Ignored, Some(substatus));
    state.inbox.clear();
    log_change(state, ActivityKind::SetIgnored, Value::Null, cause);
}

fn reopen(state: &mut IssueState, wanted: Option<Substatus>, cause: Cause) -> StatusChanged {
    match wanted {
        Some(Substatus::Escalating) if state.issue.status == IssueStatus::Ignored => {
            escalate(state, Value::Null, None, cause);
            StatusChanged::Yes
        }
        Some(Substatus::Escalating) => StatusChanged::No,
        Some(Substatus::Regressed) => {
            set_status(state, IssueStatus::Unresolved, wanted);
            log_change(state, ActivityKind::SetRegression, Value::Null, cause);
            StatusChanged::Yes
        }
        Some(Substatus::Ongoing) => {
            let was_escalating = state.issue.substatus == Some(Substatus::Escalating);
            set_status(state, IssueStatus::Unresolved, wanted);
            if was_escalating {
                log_change(state, ActivityKind::AutoSetOngoing, Value::Null, cause);
                reset_priority(state, cause);
            } else {
                log_change(state, ActivityKind::SetUnresolved, Value::Null, cause);
            }
            StatusChanged::Yes
        }
        _ => refuse(state, "group.update_status.invalid_substatus"),
    }
}
