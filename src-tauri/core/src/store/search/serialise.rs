//! Records become serialised issues (search spec, section 8.4).

use super::listed::ListedRecord;
use crate::model::{
    Assignee, Directory, GroupType, Level, Priority, ResolutionKind, Substatus, format_short_id,
};
use crate::store::StoreError;
use crate::store::standing::inbox_word;
use crate::view::{ListedAssignee, ListedIssue, ListedProject};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// An issue without numbers. Its `inbox` is there; who did not ask for it takes it out. `users`: how many it has, where
/// [`ListedRecord::waits_for_users`].
pub(in crate::store) fn listed_issue(
    record: &ListedRecord,
    (labels, users): (Vec<String>, Option<u64>),
    directory: &Directory,
    now: DateTime<Utc>,
) -> Result<ListedIssue, StoreError> {
    let group_type = u16::try_from(record.group_type)
        .ok()
        .and_then(GroupType::by_id);
    let data: Map<String, Value> = serde_json::from_str(&record.data).map_err(|error| {
        StoreError::Corrupt(format!("the data of issue {}: {error}", record.id))
    })?;
    let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
    let (status, status_details) = status(record, users, directory, now);
    let platform = Some(record.platform.clone()).filter(|platform| !platform.is_empty());
    Ok(ListedIssue {
        id: record.id.to_string(),
        short_id: (record.short_id > 0).then(|| format_short_id(&record.slug, record.short_id)),
        title: record.title.clone(),
        culprit: record.culprit.clone(),
        event_type: text("type").to_owned(),
        metadata: match data.get("metadata") {
            Some(Value::Object(metadata)) => metadata.clone(),
            _ => Map::new(),
        },
        level: Level::from_number(record.level)
            .map_or("unknown", Level::as_str)
            .to_owned(),
        logger: record.logger.clone(),
        platform: platform.clone(),
        project: ListedProject {
            id: record.project_id.to_string(),
            name: record.slug.clone(),
            slug: record.slug.clone(),
            platform,
        },
        status: status.to_owned(),
        substatus: record
            .substatus
            .and_then(Substatus::from_number)
            .map(|substatus| substatus.as_str().to_owned()),
        status_details,
        priority: Priority::from_number(record.priority)
            .map(|priority| priority.as_str().to_owned()),
        priority_locked_at: record.priority_locked_at.map(|at| at.0),
        issue_type: group_type.map_or_else(String::new, |known| known.slug.to_owned()),
        issue_category: group_type
            .map_or_else(String::new, |known| known.category.as_str().to_owned()),
        assigned_to: assignee(record, directory),
        is_bookmarked: record.is_bookmarked > 0,
        is_subscribed: record.is_subscribed > 0,
        subscription_details: (record.is_subscribed > 0)
            .then(|| json!({ "reason": record.subscription_reason })),
        has_seen: record
            .seen_at
            .is_some_and(|seen| seen.0 > record.active_at.0),
        is_public: record.share_id.is_some(),
        share_id: record.share_id.clone(),
        num_comments: u64::try_from(record.comments).unwrap_or(0),
        annotations: Vec::new(),
        labels,
        permalink: format!("picket://issue/{}", record.id),
        is_unhandled: record.is_unhandled > 0,
        first_release: record.first_release.clone(),
        numbers: None,
        lifetime: None,
        filtered: None,
        inbox: Some(inbox(record)),
        owners: None,
        matching_event_id: None,
        is_collapsed: false,
    })
}

fn assignee(record: &ListedRecord, directory: &Directory) -> Option<ListedAssignee> {
    let assignee = assignee_of(record.assigned_user, record.assigned_team)?;
    Some(ListedAssignee {
        kind: assignee.kind(),
        id: assignee.id().to_string(),
        name: assignee_name(assignee, directory),
        email: directory.email(assignee).map(ToOwned::to_owned),
    })
}

/// Who has an issue, by the columns that say it.
pub(super) fn assignee_of(user: Option<i64>, team: Option<i64>) -> Option<Assignee> {
    user.map(Assignee::User).or(team.map(Assignee::Team))
}

/// What somebody is called, or how a search names somebody who is not known.
pub(super) fn assignee_name(assignee: Assignee, directory: &Directory) -> String {
    let known = match assignee {
        Assignee::User(id) => directory.user(id).map(|user| &user.username),
        Assignee::Team(id) => directory.team(id).map(|team| &team.slug),
    };
    known.map_or_else(|| assignee.to_string(), Clone::clone)
}

fn inbox(record: &ListedRecord) -> Value {
    let (Some(reason), Some(since)) = (record.inbox_reason, record.inbox_since) else {
        return Value::Null;
    };
    let details = record.inbox_details.as_deref();
    json!({
        "reason": reason,
        "reason_word": inbox_word(reason),
        "reason_details": details.and_then(|details| serde_json::from_str::<Value>(details).ok()),
        "date_added": time(since.0),
    })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The effective status, and what it depends on.
fn status(
    record: &ListedRecord,
    users: Option<u64>,
    directory: &Directory,
    now: DateTime<Utc>,
) -> (&'static str, Value) {
    let word = record.status.word(now);
    let details = match (record.status.stored(), word) {
        ("ignored", "ignored") => snooze(record, users, directory),
        ("resolved", _) => resolution(record, directory),
        (_, "resolved") => json!({ "autoResolved": true }),
        _ => json!({}),
    };
    (word, details)
}

/// What ends the archive. Without a window numbers are what remains of them. `users`: how many the issue has.
fn snooze(record: &ListedRecord, users: Option<u64>, directory: &Directory) -> Value {
    let snoozed = &record.status;
    if snoozed.snooze_of.is_none() {
        return json!({});
    }
    let remaining = |total: Option<i64>, window: Option<i64>, seen: i64| match window {
        Some(window) if window > 0 => total,
        _ => total.map(|total| (total - seen).max(0)),
    };
    let (total, before) = (snoozed.times_seen, snoozed.snooze_times_seen);
    let seen = total - before.unwrap_or(total);
    let users = users.map_or(0, |users| i64::try_from(users).unwrap_or(i64::MAX));
    let users = users - record.snooze_users_seen.unwrap_or(0);
    json!({
        "ignoreCount": remaining(snoozed.snooze_count, snoozed.snooze_window, seen),
        "ignoreUntil": snoozed.snooze_until.map(|until| time(until.0)),
        "ignoreUserCount": remaining(record.snooze_user_count, record.snooze_user_window, users),
        "ignoreUserWindow": record.snooze_user_window,
        "ignoreWindow": snoozed.snooze_window,
        "actor": record.snooze_actor.map(|id| actor(id, directory)),
    })
}

fn actor(id: i64, directory: &Directory) -> Value {
    let user = directory.user(id);
    json!({
        "id": id.to_string(),
        "name": user.map(|user| &user.username),
        "email": user.and_then(|user| user.email.as_ref()),
    })
}

/// In which release, with whom; of a commit that is in none yet, the commit.
fn resolution(record: &ListedRecord, directory: &Directory) -> Value {
    if record.resolution_of.is_none() {
        let commit = record.resolved_in_commit.as_deref();
        let commit = commit.and_then(|data| serde_json::from_str::<Value>(data).ok());
        return commit.map_or_else(|| json!({}), |commit| json!({ "inCommit": commit }));
    }
    let actor = record.resolution_actor.map(|id| actor(id, directory));
    match record.resolution_kind.map(ResolutionKind::from_number) {
        Some(Some(ResolutionKind::InRelease)) => {
            json!({ "inRelease": record.resolution_release, "actor": actor })
        }
        _ => json!({ "inNextRelease": true, "actor": actor }),
    }
}
