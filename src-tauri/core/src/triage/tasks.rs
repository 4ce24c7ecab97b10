//! What happens to issues by itself, as time passes (group-states spec, sections 3 and 6).

use super::post_process::make_forecast;
use super::steps::{Cause, log, record, set_status, settle, stands, wake};
use crate::model::{
    ActivityKind, GroupType, HistoryKind, IssueState, IssueStatus, ProjectRules, Substatus,
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Value, json};

/// Days after which a new, regressed or escalating issue is just ongoing.
const SETTLED_AFTER_DAYS: i64 = 7;

/// A task that changes issues one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// New, regressed or escalating for long: becomes ongoing. Carries the substatus it was found in.
    Settle(Substatus),
    /// The end of a snooze row has come.
    Wake,
    /// Quiet for as long as its project allows: resolved.
    ResolveQuiet,
    /// Archived until it escalates: its forecast is made anew.
    Forecast,
}

/// The time before which an issue must have become new, regressed or escalating to be settled at `now`: seven days
/// ago, cut to whole seconds.
#[must_use]
pub fn settled_before(now: DateTime<Utc>) -> DateTime<Utc> {
    let start = now - TimeDelta::days(SETTLED_AFTER_DAYS);
    start.duration_trunc(TimeDelta::seconds(1)).unwrap_or(start)
}

/// The last sighting before which an issue of a project counts as quiet at `now`; nothing where the project does not
/// resolve by age, which is also what an age of zero says.
#[must_use]
pub fn quiet_before(rules: ProjectRules, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let hours = rules.resolve_age_hours.filter(|hours| *hours > 0)?;
    now.checked_sub_signed(TimeDelta::hours(i64::from(hours)))
}

/// Carries a task out on an issue that was found for it, unless the issue has changed since. True where it changed.
pub fn carry_out(state: &mut IssueState, task: Task, rules: ProjectRules, cause: Cause) -> bool {
    match task {
        Task::Settle(substatus) => {
            let waits = stands(state, IssueStatus::Unresolved, Some(substatus));
            if waits {
                settle(state, json!({ "after_days": SETTLED_AFTER_DAYS }), cause);
            }
            waits
        }
        Task::Wake => end_snooze(state, cause),
        Task::ResolveQuiet => resolve_quiet(state, rules, cause),
        Task::Forecast => {
            let waits = stands(
                state,
                IssueStatus::Ignored,
                Some(Substatus::UntilEscalating),
            );
            if waits {
                make_forecast(state, cause.now);
            }
            waits && state.forecast.is_changed()
        }
    }
}

fn end_snooze(state: &mut IssueState, cause: Cause) -> bool {
    let Some(snooze) = state.snooze.get() else {
        return false;
    };
    if snooze.until.is_none_or(|until| until > cause.now) {
        return false;
    }
    state.snooze.clear();
    if state.issue.status == IssueStatus::Ignored {
        wake(state, Value::Null, None, cause);
    }
    true
}

fn resolve_quiet(state: &mut IssueState, rules: ProjectRules, cause: Cause) -> bool {
    let (Some(hours), Some(limit)) = (rules.resolve_age_hours, quiet_before(rules, cause.now))
    else {
        return false;
    };
    let may =
        GroupType::by_id(state.issue.group_type).is_some_and(|group_type| group_type.auto_resolve);
    let is_due =
        may && state.issue.status == IssueStatus::Unresolved && state.issue.last_seen <= limit;
    if is_due {
        set_status(state, IssueStatus::Resolved, None);
        state.issue.resolved_at = Some(cause.now);
        state.inbox.clear();
        log(
            state,
            ActivityKind::SetResolvedByAge,
            json!({ "age": hours }),
            cause,
        );
        record(state, HistoryKind::AutoResolved, None, cause);
    }
    is_due
}
