//! The JSON form of the rows.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Everything a case starts from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// What the clock shows.
    pub now: DateTime<Utc>,
    #[serde(default)]
    pub projects: Vec<ProjectRow>,
    #[serde(default)]
    pub members: Vec<MemberRow>,
    #[serde(default)]
    pub teams: Vec<TeamRow>,
    /// Who makes the requests.
    pub acting_member: Option<i64>,
    #[serde(default)]
    pub issues: Vec<IssueRow>,
    #[serde(default)]
    pub events: Vec<EventRow>,
    #[serde(default)]
    pub assignees: Vec<HolderRow>,
    #[serde(default)]
    pub owners: Vec<HolderRow>,
    #[serde(default)]
    pub bookmarks: Vec<HolderRow>,
    #[serde(default)]
    pub subscriptions: Vec<SubscriptionRow>,
    #[serde(default)]
    pub inbox: Vec<InboxRow>,
    #[serde(default)]
    pub issue_environments: Vec<IssueEnvironmentRow>,
    #[serde(default)]
    pub hashes: Vec<HashRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectRow {
    pub id: i64,
    pub slug: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRow {
    pub id: i64,
    pub username: String,
    pub email: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamRow {
    pub id: i64,
    pub slug: String,
    #[serde(default)]
    pub members: Vec<i64>,
    #[serde(default)]
    pub projects: Vec<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueRow {
    pub id: i64,
    pub project: i64,
    /// The number, not the text.
    pub short_id: i64,
    pub status: i16,
    pub substatus: Option<i16>,
    pub priority: Option<i16>,
    /// Words; the category is that of the type.
    pub category: String,
    #[serde(rename = "type")]
    pub issue_type: String,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    pub times_seen: i64,
    pub first_release: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRow {
    /// 32 hex digits.
    pub event_id: String,
    /// Nothing for an event that belongs to no issue.
    pub issue: Option<i64>,
    pub project: i64,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The user's id.
    pub user: Option<String>,
    pub environment: Option<String>,
    pub release: Option<String>,
    pub level: String,
    pub message: String,
    /// Further members of its body, such as `exception`.
    #[serde(default)]
    pub body: Map<String, Value>,
}

/// An issue that a member or a team has, bookmarks or is suggested for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderRow {
    pub issue: i64,
    pub member: Option<i64>,
    pub team: Option<i64>,
    /// Of owners.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionRow {
    pub issue: i64,
    pub member: i64,
    pub active: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxRow {
    pub issue: i64,
    pub date_added: DateTime<Utc>,
    pub reason: i16,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueEnvironmentRow {
    pub issue: i64,
    pub environment: String,
    pub first_release: Option<String>,
    pub first_seen: DateTime<Utc>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashRow {
    /// Any text; one that is no digest stands for its digest.
    pub hash: String,
    pub issue: Option<i64>,
    pub project: i64,
    /// `split` or nothing.
    pub state: Option<String>,
}
