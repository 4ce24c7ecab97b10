//! Rows put into a store as they stand, past everything that would derive, log or refuse something.
//!
//! Only what the data says is written, with what a row cannot do without: an issue shows the message of its newest
//! event, an event gets a body and an occurrence record as if it had come in, environments and releases exist where
//! they are named.

mod event;
pub mod format;
pub mod insert;
pub mod look;
#[cfg(test)]
mod tests;

pub use format::Data;
pub use insert::{Cell, execute, insert};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use format::{EventRow, HolderRow, IssueRow};
use picket_core::model::{GroupHash, GroupType, Issue, IssueId, IssueStatus, Level, ProjectId};
use picket_core::store::{Connections, Store, TriageStore};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Puts all rows into an empty store.
///
/// # Errors
/// For data that contradicts itself or that the store does not take.
pub async fn load(store: &Store, data: &Data) -> Result<()> {
    people(store, data).await?;
    for project in &data.projects {
        let row = [
            ("id", project.id.into()),
            ("slug", project.slug.as_str().into()),
        ];
        insert(store, "project", &row).await?;
    }
    let newest = newest_events(data);
    let assignees: HashMap<i64, &HolderRow> = data
        .assignees
        .iter()
        .map(|holder| (holder.issue, holder))
        .collect();
    for issue in &data.issues {
        let newest = newest.get(&issue.id).copied();
        put_issue(store, issue, newest, assignees.get(&issue.id).copied()).await?;
    }
    numbers(store, data).await?;
    event::put(store, data).await?;
    names(store, data).await?;
    beside(store, data).await?;
    for row in &data.hashes {
        let cells = [
            ("project_id", row.project.into()),
            ("hash", digest(&row.hash).0.into()),
            ("issue_id", row.issue.into()),
            ("state", row.state.clone().into()),
        ];
        insert(store, "grouphash", &cells).await?;
    }
    searchable(store).await
}

/// Lets searches know of the events, as of any that were stored before searches could.
async fn searchable(store: &Store) -> Result<()> {
    let all = "UPDATE search_backlog SET next_seq = 0, last_seq = (SELECT coalesce(max(seq), 0) FROM occurrence)";
    execute(store, all).await?;
    while store.index_backlog(1_000).await? {}
    Ok(())
}

/// The digest that a text stands for: itself where it is one.
#[must_use]
pub fn digest(text: &str) -> GroupHash {
    match text.parse() {
        Ok(hash) if text.len() == 32 => hash,
        _ => GroupHash::of(text),
    }
}

async fn people(store: &Store, data: &Data) -> Result<()> {
    for (place, member) in (0_i64..).zip(&data.members) {
        let acts = Some(member.id) == data.acting_member;
        let row = [
            ("id", member.id.into()),
            // Who acts stands first.
            ("position", (if acts { 0 } else { place + 1 }).into()),
            ("username", member.username.as_str().into()),
            ("email", member.email.clone().into()),
            ("is_member", true.into()),
        ];
        insert(store, "member", &row).await?;
    }
    for (place, team) in (0_i64..).zip(&data.teams) {
        let row = [
            ("id", team.id.into()),
            ("position", place.into()),
            ("slug", team.slug.as_str().into()),
        ];
        insert(store, "team", &row).await?;
        for member in &team.members {
            let row = [("team_id", team.id.into()), ("user_id", (*member).into())];
            insert(store, "team_member", &row).await?;
        }
        for project in &team.projects {
            let row = [
                ("team_id", team.id.into()),
                ("project_id", (*project).into()),
            ];
            insert(store, "team_project", &row).await?;
        }
    }
    Ok(())
}

/// The newest event of each issue; of equally old ones the last of the list.
#[must_use]
pub fn newest_events(data: &Data) -> HashMap<i64, &EventRow> {
    let mut newest: HashMap<i64, &EventRow> = HashMap::new();
    for event in &data.events {
        let Some(issue) = event.issue else { continue };
        let known = newest.entry(issue).or_insert(event);
        if event.at >= known.at {
            *known = event;
        }
    }
    newest
}

/// The type a word names.
fn group_type(issue: &IssueRow) -> Result<&'static GroupType> {
    let named = GroupType::by_slug(&issue.issue_type)
        .with_context(|| format!("issue {}: type {}", issue.id, issue.issue_type))?;
    ensure!(
        named.category.as_str() == issue.category,
        "issue {}: {} is of the category {}, not {}",
        issue.id,
        issue.issue_type,
        named.category.as_str(),
        issue.category
    );
    Ok(named)
}

async fn put_issue(
    store: &Store,
    row: &IssueRow,
    newest: Option<&EventRow>,
    assignee: Option<&HolderRow>,
) -> Result<()> {
    let message = newest.map_or("", |event| event.message.as_str());
    let level = newest.and_then(|event| Level::from_word(&event.level));
    let data = json!({
        "type": event::event_type(group_type(row)?),
        "title": message,
        "metadata": { "title": message, "initial_priority": row.priority },
    });
    let issue = Issue {
        id: Some(IssueId(row.id)),
        project_id: ProjectId(row.project),
        group_type: group_type(row)?.id,
        status: IssueStatus::from_number(row.status)
            .with_context(|| format!("issue {}: status {}", row.id, row.status))?,
        substatus: None,
        priority: None,
        priority_locked_at: None,
        assignee: None,
        level: level.unwrap_or(Level::Error),
        platform: "other".to_owned(),
        message: message.to_owned(),
        culprit: String::new(),
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        active_at: row.first_seen,
        resolved_at: None,
        times_seen: row.times_seen,
        first_release: row.first_release.clone(),
        data: data.as_object().cloned().unwrap_or_default(),
    };
    let cells = [
        ("id", row.id.into()),
        ("project_id", row.project.into()),
        ("short_id", row.short_id.into()),
        ("group_type", i64::from(issue.group_type).into()),
        ("status", row.status.into()),
        ("substatus", row.substatus.into()),
        ("priority", row.priority.unwrap_or(0).into()),
        ("level", issue.level.number().into()),
        ("first_seen", row.first_seen.into()),
        ("last_seen", row.last_seen.into()),
        ("active_at", row.first_seen.into()),
        ("times_seen", row.times_seen.into()),
        ("score", issue.score().into()),
        ("first_release", row.first_release.clone().into()),
        (
            "assigned_user",
            assignee.and_then(|holder| holder.member).into(),
        ),
        (
            "assigned_team",
            assignee.and_then(|holder| holder.team).into(),
        ),
        ("revision", 1_i64.into()),
        ("created_revision", 1_i64.into()),
    ];
    insert(store, "issue", &cells).await?;
    let content = [
        ("issue_id", row.id.into()),
        ("platform", issue.platform.as_str().into()),
        ("message", message.into()),
        ("culprit", "".into()),
        ("title", issue.title().into()),
        ("subtitle", issue.subtitle().into()),
        ("data", data.to_string().into()),
    ];
    insert(store, "issue_content", &content).await
}

/// Where the numbers of issues go on.
async fn numbers(store: &Store, data: &Data) -> Result<()> {
    let last = data.issues.iter().map(|issue| issue.id).max().unwrap_or(0);
    let sql = match store.connections() {
        Connections::Sqlite(_) => {
            format!("UPDATE store_state SET last_issue_id = {last}, revision = 1")
        }
        Connections::Postgres(_) => {
            format!(
                "UPDATE store_state SET revision = 1; ALTER SEQUENCE issue_id RESTART WITH {}",
                last + 1
            )
        }
    };
    execute(store, &sql).await?;
    let mut highest: BTreeMap<i64, i64> = BTreeMap::new();
    for issue in &data.issues {
        let number = highest.entry(issue.project).or_default();
        *number = issue.short_id.max(*number);
    }
    for (project, number) in highest {
        let row = [
            ("project_id", project.into()),
            ("last_number", number.into()),
        ];
        insert(store, "short_id_counter", &row).await?;
    }
    Ok(())
}

/// Environments and releases by their names, and which release was seen in which environment; a release was added with
/// its earliest event, or where only an issue names it, when that was first seen.
async fn names(store: &Store, data: &Data) -> Result<()> {
    let project_of: HashMap<i64, i64> = data
        .issues
        .iter()
        .map(|issue| (issue.id, issue.project))
        .collect();
    let mut environments: BTreeSet<(i64, &str)> = BTreeSet::new();
    let mut releases: BTreeMap<(i64, &str), DateTime<Utc>> = BTreeMap::new();
    let mut seen_in: BTreeSet<(i64, &str, &str)> = BTreeSet::new();
    for event in &data.events {
        environments.extend(
            event
                .environment
                .as_deref()
                .map(|name| (event.project, name)),
        );
        if let Some(version) = &event.release {
            let added = releases.entry((event.project, version)).or_insert(event.at);
            *added = event.at.min(*added);
            let environment = event.environment.as_deref();
            seen_in.extend(environment.map(|name| (event.project, version.as_str(), name)));
        }
    }
    for row in &data.issue_environments {
        let project = project_of.get(&row.issue).copied();
        let project = project.with_context(|| format!("there is no issue {}", row.issue))?;
        environments.insert((project, &row.environment));
        if let Some(version) = &row.first_release {
            releases.entry((project, version)).or_insert(row.first_seen);
            seen_in.insert((project, version, &row.environment));
        }
    }
    for issue in &data.issues {
        if let Some(version) = &issue.first_release {
            let key = (issue.project, version.as_str());
            releases.entry(key).or_insert(issue.first_seen);
        }
    }
    for (project, name) in environments {
        let row = [("project_id", project.into()), ("name", name.into())];
        insert(store, "project_environment", &row).await?;
    }
    for ((project, version), added) in releases {
        let row = [
            ("project_id", project.into()),
            ("version", version.into()),
            ("date_added", added.into()),
            ("new_groups", 0_i64.into()),
        ];
        insert(store, "project_release", &row).await?;
    }
    for (project, version, environment) in seen_in {
        let row = [
            ("project_id", project.into()),
            ("version", version.into()),
            ("environment", environment.into()),
            ("new_issues", 0_i64.into()),
        ];
        insert(store, "project_release_environment", &row).await?;
    }
    Ok(())
}

/// What stands beside the issues.
async fn beside(store: &Store, data: &Data) -> Result<()> {
    for row in &data.issue_environments {
        let cells = [
            ("issue_id", row.issue.into()),
            ("environment", row.environment.as_str().into()),
            ("first_release", row.first_release.clone().into()),
            ("first_seen", row.first_seen.into()),
        ];
        insert(store, "issue_environment", &cells).await?;
    }
    for row in &data.inbox {
        let cells = [
            ("issue_id", row.issue.into()),
            ("reason", row.reason.into()),
            ("since", row.date_added.into()),
        ];
        insert(store, "issue_inbox", &cells).await?;
    }
    for row in &data.owners {
        let kind = row.kind.as_deref().unwrap_or("ownershipRule");
        let cells = [
            ("issue_id", row.issue.into()),
            ("kind", kind.into()),
            ("user_id", row.member.into()),
            ("team_id", row.team.into()),
            ("added_at", data.now.into()),
        ];
        insert(store, "issue_owner", &cells).await?;
    }
    for row in &data.bookmarks {
        let cells = [
            ("issue_id", row.issue.into()),
            ("user_id", row.member.into()),
            ("at", data.now.into()),
        ];
        insert(store, "issue_bookmark", &cells).await?;
    }
    for row in &data.subscriptions {
        let cells = [
            ("issue_id", row.issue.into()),
            ("user_id", row.member.into()),
            ("active", row.active.into()),
            ("at", data.now.into()),
        ];
        insert(store, "issue_subscription", &cells).await?;
    }
    Ok(())
}
