//! The JSON of the lines, as the export writes it. What is left out here is not needed to show an issue.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(super) struct HeadForm {
    pub made: DateTime<Utc>,
    pub issues: u64,
    pub occurrences: u64,
    #[serde(default)]
    pub redacted: BTreeMap<String, bool>,
    #[serde(default)]
    pub view: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IssueForm {
    pub id: String,
    pub short_id: String,
    pub title: String,
    pub culprit: String,
    #[serde(rename = "type")]
    pub event_type: String,
    pub metadata: Map<String, Value>,
    pub level: String,
    pub platform: Option<String>,
    pub project: ProjectForm,
    pub status: String,
    pub substatus: Option<String>,
    #[serde(default)]
    pub status_details: StatusForm,
    pub priority: Option<String>,
    pub priority_locked_at: Option<DateTime<Utc>>,
    pub issue_type: String,
    pub assigned_to: Option<AssigneeForm>,
    pub first_release: Option<String>,
    /// Not in bundles of older programs.
    #[serde(default)]
    pub labels: Vec<String>,
    pub count: String,
    pub first_seen: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    pub activities: Vec<ActivityForm>,
    #[serde(default)]
    pub state: StateForm,
}

/// Of what a list tells of a status, that which nothing else tells.
#[derive(Deserialize, Default)]
pub(super) struct StatusForm {
    pub actor: Option<ActorForm>,
}

#[derive(Deserialize)]
pub(super) struct ActorForm {
    pub id: String,
}

#[derive(Deserialize)]
pub(super) struct ProjectForm {
    pub id: String,
    pub slug: String,
}

#[derive(Deserialize)]
pub(super) struct AssigneeForm {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    pub name: String,
    pub email: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ActivityForm {
    pub kind: String,
    pub at: f64,
    pub actor: Option<String>,
    pub data: Value,
}

/// Times are in milliseconds since the epoch.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct StateForm {
    #[serde(default)]
    pub hashes: Vec<String>,
    pub inbox: Option<InboxForm>,
    pub resolution: Option<ResolutionForm>,
    pub resolved_at: Option<f64>,
    pub snooze: Option<SnoozeForm>,
    pub times_seen: Option<f64>,
    pub first_seen: Option<f64>,
    pub last_seen: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct InboxForm {
    pub reason: String,
    pub since: f64,
}

#[derive(Deserialize)]
pub(super) struct ResolutionForm {
    pub release: Option<String>,
    pub kind: String,
    pub status: String,
}

#[derive(Deserialize)]
pub(super) struct SnoozeForm {
    pub until: Option<f64>,
    pub count: Option<f64>,
    pub window_minutes: Option<f64>,
    pub user_count: Option<f64>,
    pub user_window_minutes: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OccurrenceForm {
    /// Of its event.
    pub id: String,
    pub occurrence: String,
    pub issue_id: String,
    pub time: DateTime<Utc>,
    #[serde(default)]
    pub environment: Option<String>,
    pub release: Option<String>,
    pub user: Option<String>,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    pub record: Value,
    #[serde(default)]
    pub event: Value,
}
