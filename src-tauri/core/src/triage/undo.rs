//! Taking a change back (search spec, section 12.4, and the journal).
//!
//! A log stays a log: what was noted about the change is not unsaid, and taking it back is noted as well. History gets
//! no line, because an issue is again where its history has it.

use super::image::{Difference, Image, changed_since, differences, images, put_back};
use super::merge::is_of_merge;
use super::steps::{Cause, log};
use crate::model::{ActivityKind, Directory, IssueState, IssueStatus, Priority};
use serde_json::{Value, json};

/// Why an issue is not put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// These members are no longer as the change left them.
    ChangedSince(Vec<Difference>),
    /// It is gone, or is being deleted or merged.
    Gone,
    /// What is noted about it cannot be read.
    Unreadable,
}

/// Puts an issue back to what it was before a change. With `force` also where it has changed since. Answers what that
/// changed: as it was a moment ago, and as it is.
///
/// # Errors
/// [`Obstacle`]; the issue is then as it was.
pub fn take_back(
    state: &mut IssueState,
    (before, after): (&Image, &Image),
    directory: &Directory,
    force: bool,
    cause: Cause,
) -> Result<(Image, Image), Obstacle> {
    if is_out_of_reach(state, after) {
        return Err(Obstacle::Gone);
    }
    let differing = differences(state, (before, after), directory);
    if !differing.is_empty() && !force {
        return Err(Obstacle::ChangedSince(differing));
    }
    let was = state.clone();
    if put_back(state, before).is_none() {
        *state = was;
        return Err(Obstacle::Unreadable);
    }
    // Of a merge one line says it all.
    if !is_of_merge(before) && !is_of_merge(after) {
        note(state, &was, directory, cause);
    }
    Ok(images(&was, state))
}

/// A hidden issue is left alone, unless it is the change that hid it.
fn is_out_of_reach(state: &IssueState, after: &Image) -> bool {
    let hid_it = after.contains_key("stand") && changed_since(state, after).is_empty();
    state.issue.status.is_hidden() && !hid_it
}

fn note(state: &mut IssueState, was: &IssueState, directory: &Directory, cause: Cause) {
    let (old, new) = (&was.issue, state.issue.clone());
    let was_hidden = old.status.is_hidden();
    if (old.status, old.substatus) != (new.status, new.substatus) && !was_hidden {
        let kind = match new.status {
            IssueStatus::Resolved => Some(ActivityKind::SetResolved),
            IssueStatus::Ignored => Some(ActivityKind::SetIgnored),
            IssueStatus::Unresolved => Some(ActivityKind::SetUnresolved),
            _ => None,
        };
        if let Some(kind) = kind {
            log(state, kind, json!({ "undo": true }), cause);
        }
    }
    if old.priority != new.priority {
        let priority = new.priority.map(Priority::as_str);
        let data = json!({ "priority": priority, "reason": "undo" });
        log(state, ActivityKind::SetPriority, data, cause);
    }
    if old.assignee != new.assignee {
        match new.assignee {
            Some(assignee) => {
                let data = json!({
                    "assignee": assignee.id().to_string(),
                    "assigneeEmail": directory.email(assignee),
                    "assigneeType": assignee.kind(),
                });
                log(state, ActivityKind::Assigned, data, cause);
            }
            None => log(state, ActivityKind::Unassigned, Value::Null, cause),
        }
    }
}
