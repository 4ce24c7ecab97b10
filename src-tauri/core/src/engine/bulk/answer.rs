//! The answer to an update (search spec, section 11).

use super::body::{StatusWord, UpdateBody};
use super::job::JobReport;
use super::request::Context;
use super::update::Checked;
use crate::model::{Assignee, Directory, IssueId, Priority, Substatus};
use crate::triage::share_id;
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Map, Value, json};

/// What an update answers. `issues` are those it is about, `report` is what came of it, and `secret` is what the links of
/// shared issues are made of.
pub(super) fn of_update(
    checked: &Checked,
    issues: &[IssueId],
    report: &JobReport,
    secret: &str,
    context: &Context<'_>,
) -> Map<String, Value> {
    let body = &checked.body;
    let mut answer = Map::new();
    let mut put = |member: &str, value: Value| answer.insert(member.to_owned(), value);
    if let Some(priority) = body.priority {
        put("priority", json!(Priority::as_str(priority)));
    }
    if let Some(status) = body.effective_status() {
        let word = match status {
            StatusWord::Resolved | StatusWord::ResolvedInNextRelease => "resolved",
            StatusWord::Unresolved => "unresolved",
            StatusWord::Ignored => "ignored",
        };
        put("status", json!(word));
        put("statusDetails", details(status, body, context));
        if status != StatusWord::Unresolved {
            put("inbox", Value::Null);
        }
    }
    if body.assigned_to.is_some() {
        let value = checked
            .assignee
            .map(|assignee| actor(assignee, context.directory));
        put("assignedTo", json!(value));
    }
    let truths = [
        ("hasSeen", body.has_seen),
        ("isBookmarked", body.is_bookmarked),
        ("isSubscribed", body.is_subscribed),
        ("isPublic", body.is_public),
    ];
    for (member, truth) in truths {
        if let Some(truth) = truth {
            put(member, json!(truth));
        }
    }
    if body.is_subscribed.is_some() {
        put("subscriptionDetails", json!({ "reason": "unknown" }));
    }
    if let Some(public) = body.is_public {
        let shared = issues.first().filter(|_| public);
        put("shareId", json!(shared.map(|id| share_id(*id, secret))));
    }
    if let Some(labels) = &body.labels {
        put("labels", labels.to_json());
    }
    if let Some(note) = &body.note {
        put("note", json!(note.as_str()));
    }
    if let Some(inbox) = body.inbox {
        put("inbox", json!(inbox));
    }
    if let Some((parent, children)) = &report.merged {
        let children: Vec<String> = children.iter().map(ToString::to_string).collect();
        put(
            "merge",
            json!({ "parent": parent.to_string(), "children": children }),
        );
    }
    answer
}

fn details(status: StatusWord, body: &UpdateBody, context: &Context<'_>) -> Value {
    let details = &body.details;
    let acting = context
        .actor
        .map(|id| actor(Assignee::User(id), context.directory));
    let release = match status {
        StatusWord::ResolvedInNextRelease => Some(json!({ "inNextRelease": true })),
        StatusWord::Resolved if details.in_next_release => Some(json!({ "inNextRelease": true })),
        StatusWord::Resolved if details.in_upcoming_release => {
            Some(json!({ "inUpcomingRelease": true }))
        }
        StatusWord::Resolved => match (&details.in_release, &details.in_commit) {
            (Some(version), _) => Some(json!({ "inRelease": version })),
            (None, Some((repository, commit))) => Some(json!({
                "inCommit": { "repository": repository, "commit": commit }
            })),
            (None, None) => None,
        },
        StatusWord::Unresolved => None,
        StatusWord::Ignored => return archived(body, acting.as_ref(), context),
    };
    let Some(mut release) = release else {
        return json!({});
    };
    release["actor"] = json!(acting);
    release
}

fn archived(body: &UpdateBody, acting: Option<&Value>, context: &Context<'_>) -> Value {
    if body.substatus == Some(Substatus::UntilEscalating) {
        return json!({ "ignoreUntilEscalating": true });
    }
    let until = &body.details.ignore;
    if until.is_empty() {
        return json!({});
    }
    let set = |value: Option<u32>| value.filter(|value| *value > 0);
    let end = set(until.minutes)
        .and_then(|minutes| {
            let span = TimeDelta::minutes(i64::from(minutes));
            context.now.checked_add_signed(span)
        })
        .map(|end| end.to_rfc3339_opts(SecondsFormat::Micros, true));
    json!({
        "ignoreCount": set(until.count),
        "ignoreUntil": end,
        "ignoreUserCount": set(until.user_count),
        "ignoreUserWindow": set(until.user_window),
        "ignoreWindow": set(until.window),
        "actor": acting,
    })
}

/// A member or a team as an answer shows it.
fn actor(assignee: Assignee, directory: &Directory) -> Value {
    let id = assignee.id().to_string();
    match assignee {
        Assignee::User(number) => {
            let user = directory.user(number);
            let name = user.map_or_else(|| id.clone(), |user| user.username.clone());
            match user.and_then(|user| user.email.as_deref()) {
                Some(email) => json!({ "type": "user", "id": id, "name": name, "email": email }),
                None => json!({ "type": "user", "id": id, "name": name }),
            }
        }
        Assignee::Team(number) => {
            let team = directory.team(number);
            let name = team.map_or_else(|| id.clone(), |team| team.slug.clone());
            json!({ "type": "team", "id": id, "name": name })
        }
    }
}
