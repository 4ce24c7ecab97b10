//! What was done, in words for the journal.

use super::body::{StatusWord, UpdateBody};
use super::wording::LabelsBody;
use crate::model::{Assignee, Directory, Priority, Substatus};

/// The parts of a body, joined.
pub(super) fn of_update(body: &UpdateBody, directory: &Directory) -> String {
    let mut parts = Vec::new();
    if let Some(priority) = body.priority {
        parts.push(format!("Priority {}", Priority::as_str(priority)));
    }
    if let Some(status) = body.effective_status() {
        parts.push(of_status(status, body));
    }
    if let Some(identifier) = &body.assigned_to {
        parts.push(match directory.assignee(identifier) {
            Some(assignee) => format!("Assign to {}", name(assignee, directory)),
            None => "Unassign".to_owned(),
        });
    }
    parts.extend(body.labels.iter().flat_map(LabelsBody::words));
    parts.extend(body.note.as_ref().map(|_| "Note".to_owned()));
    let truths = [
        (body.has_seen, "Mark as seen", "Mark as unseen"),
        (body.is_bookmarked, "Bookmark", "Remove bookmark"),
        (body.is_subscribed, "Subscribe", "Unsubscribe"),
        (body.is_public, "Share", "Stop sharing"),
        (Some(true).filter(|_| body.merge), "Merge", ""),
        (body.inbox, "Add to inbox", "Mark as reviewed"),
    ];
    for (truth, yes, no) in truths {
        if let Some(truth) = truth {
            parts.push(if truth { yes } else { no }.to_owned());
        }
    }
    if parts.is_empty() {
        return "Change nothing".to_owned();
    }
    parts.join(", ")
}

fn of_status(status: StatusWord, body: &UpdateBody) -> String {
    let details = &body.details;
    match status {
        StatusWord::ResolvedInNextRelease => "Resolve in the next release".to_owned(),
        StatusWord::Resolved if details.in_next_release => "Resolve in the next release".to_owned(),
        StatusWord::Resolved if details.in_upcoming_release => {
            "Resolve in the upcoming release".to_owned()
        }
        StatusWord::Resolved => match (&details.in_release, &details.in_commit) {
            (Some(version), _) => format!("Resolve in {version}"),
            (None, Some((_, commit))) => format!("Resolve by commit {commit}"),
            (None, None) => "Resolve".to_owned(),
        },
        StatusWord::Unresolved => "Unresolve".to_owned(),
        StatusWord::Ignored => match body.substatus {
            Some(Substatus::UntilEscalating) => "Archive until it escalates".to_owned(),
            Some(Substatus::Forever) => "Archive".to_owned(),
            None if details.ignore.is_empty() => "Archive".to_owned(),
            _ => "Archive until a condition is met".to_owned(),
        },
    }
}

pub(super) fn name(assignee: Assignee, directory: &Directory) -> String {
    let known = match assignee {
        Assignee::User(id) => directory.user(id).map(|user| user.username.clone()),
        Assignee::Team(id) => directory.team(id).map(|team| format!("#{}", team.slug)),
    };
    known.unwrap_or_else(|| assignee.to_string())
}
