//! The small steps every change of an issue's state is made of.

use crate::model::{
    Activity, ActivityKind, Assignee, Directory, History, HistoryKind, InboxDetails, InboxEntry,
    InboxReason, IssueState, IssueStatus, Priority, Snooze, Substatus,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// When something happens, and through whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// Processing time.
    pub now: DateTime<Utc>,
    /// The user who acts; nothing for the program itself.
    pub actor: Option<i64>,
}

impl Cause {
    /// The program itself.
    #[must_use]
    pub fn system(now: DateTime<Utc>) -> Self {
        Self { now, actor: None }
    }
}

/// Sets status and substatus. The store refuses a pair that does not go together.
pub(super) fn set_status(
    state: &mut IssueState,
    status: IssueStatus,
    substatus: Option<Substatus>,
) {
    state.issue.status = status;
    state.issue.substatus = substatus;
}

/// Whether an issue stands exactly so.
pub(super) fn stands(
    state: &IssueState,
    status: IssueStatus,
    substatus: Option<Substatus>,
) -> bool {
    state.issue.status == status && state.issue.substatus == substatus
}

/// Adds an activity.
pub(super) fn log(state: &mut IssueState, kind: ActivityKind, data: Value, cause: Cause) {
    state.activities.push(Activity {
        kind,
        actor: cause.actor,
        ident: None,
        data,
        at: cause.now,
    });
}

/// Adds an activity, and the line of history that the state after it stands for (group-states spec, section 1.7).
pub(super) fn log_change(state: &mut IssueState, kind: ActivityKind, data: Value, cause: Cause) {
    log(state, kind, data, cause);
    let line = state
        .issue
        .substatus
        .and_then(HistoryKind::of_substatus)
        .or_else(|| HistoryKind::of_activity(kind));
    if let Some(line) = line {
        record(state, line, None, cause);
    }
}

/// Adds a line of history.
pub(super) fn record(
    state: &mut IssueState,
    kind: HistoryKind,
    release: Option<&str>,
    cause: Cause,
) {
    state.history.push(History {
        kind,
        actor: cause.actor,
        release: release.map(str::to_owned),
        at: cause.now,
    });
}

/// Puts an issue into the inbox. One that is there stays as it is (group-states spec, section 1.5).
pub(super) fn enter_inbox(
    state: &mut IssueState,
    reason: InboxReason,
    details: Option<InboxDetails>,
    cause: Cause,
) {
    if state.inbox.get().is_none() {
        state.inbox.set(InboxEntry {
            reason,
            details,
            since: cause.now,
        });
    }
}

/// The conditions of a snooze row as the inbox and activities carry them.
pub(super) fn snooze_details(snooze: &Snooze) -> InboxDetails {
    InboxDetails {
        until: snooze.until,
        count: snooze.count,
        window: snooze.window,
        user_count: snooze.user_count,
        user_window: snooze.user_window,
    }
}

/// Sets a priority if it differs, with its activity and line of history.
pub(super) fn change_priority(
    state: &mut IssueState,
    priority: Priority,
    reason: Option<&str>,
    cause: Cause,
) -> bool {
    if state.issue.priority == Some(priority) {
        return false;
    }
    state.issue.priority = Some(priority);
    let data = json!({ "priority": priority.as_str(), "reason": reason });
    log(state, ActivityKind::SetPriority, data, cause);
    record(state, HistoryKind::of_priority(priority), None, cause);
    true
}

/// Raises the priority of an issue that escalates, unless a user chose it (group-states spec, section 8).
pub(super) fn raise_priority(state: &mut IssueState, cause: Cause) {
    if state.issue.priority_locked_at.is_some() {
        return;
    }
    let raised = match state.issue.priority {
        Some(Priority::Low) => Priority::Medium,
        Some(Priority::Medium | Priority::High) | None => Priority::High,
    };
    change_priority(state, raised, Some("escalating"), cause);
}

/// Gives an issue that no longer escalates its initial priority back, unless a user chose one (section 8, G6).
pub(super) fn reset_priority(state: &mut IssueState, cause: Cause) {
    if state.issue.priority_locked_at.is_some() {
        return;
    }
    let Some(initial) = state.issue.initial_priority() else {
        tracing::error!(issue = ?state.issue.id, "an issue without a known initial priority keeps its priority");
        return;
    };
    change_priority(state, initial, Some("ongoing"), cause);
}

/// An issue is seen too often: it escalates, and comes back where it was archived (section 3, rows 3, 4 and 10).
pub(super) fn escalate(
    state: &mut IssueState,
    data: Value,
    details: Option<InboxDetails>,
    cause: Cause,
) {
    set_status(state, IssueStatus::Unresolved, Some(Substatus::Escalating));
    enter_inbox(state, InboxReason::Escalating, details, cause);
    log_change(state, ActivityKind::SetEscalating, data, cause);
    raise_priority(state, cause);
}

/// The time an issue was archived for is over (section 3, rows 5 and 6).
pub(super) fn wake(
    state: &mut IssueState,
    data: Value,
    details: Option<InboxDetails>,
    cause: Cause,
) {
    set_status(state, IssueStatus::Unresolved, Some(Substatus::Ongoing));
    enter_inbox(state, InboxReason::Ongoing, details, cause);
    log_change(state, ActivityKind::SetUnresolved, data, cause);
}

/// Becomes ongoing by itself or by a review (section 3, rows 7 to 9 and 19).
pub(super) fn settle(state: &mut IssueState, data: Value, cause: Cause) {
    let was_escalating = state.issue.substatus == Some(Substatus::Escalating);
    set_status(state, IssueStatus::Unresolved, Some(Substatus::Ongoing));
    log_change(state, ActivityKind::AutoSetOngoing, data, cause);
    state.inbox.clear();
    if was_escalating {
        reset_priority(state, cause);
    }
}

/// Hands an issue to somebody (occurrences spec, section 3.4). Nothing happens where it is theirs already.
pub(super) fn assign(
    state: &mut IssueState,
    assignee: Assignee,
    directory: &Directory,
    cause: Cause,
) -> bool {
    if state.issue.assignee == Some(assignee) {
        return false;
    }
    state.issue.assignee = Some(assignee);
    let data = json!({
        "assignee": assignee.id().to_string(),
        "assigneeEmail": directory.email(assignee),
        "assigneeType": assignee.kind(),
    });
    log(state, ActivityKind::Assigned, data, cause);
    record(state, HistoryKind::Assigned, None, cause);
    true
}

/// Hands a new issue to somebody (occurrences spec, section 3.4). An assignment that exists stays.
pub fn assign_new(
    state: &mut IssueState,
    assignee: Assignee,
    directory: &Directory,
    cause: Cause,
) -> bool {
    state.issue.assignee.is_none() && assign(state, assignee, directory, cause)
}

/// Takes an issue from whoever has it.
pub(super) fn unassign(state: &mut IssueState, cause: Cause) -> bool {
    if state.issue.assignee.take().is_none() {
        return false;
    }
    log(state, ActivityKind::Unassigned, Value::Null, cause);
    record(state, HistoryKind::Unassigned, None, cause);
    true
}
