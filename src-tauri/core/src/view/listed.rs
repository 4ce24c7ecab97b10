//! The serialised issue of the list (search spec, section 8.4): what `picketctl issues` prints and exports write. It does
//! not cross the bridge.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An issue as a list serialises it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
pub struct ListedIssue {
    /// Id, as text.
    pub id: String,
    /// `SLUG-BASE32`; nothing where the issue has no number.
    pub short_id: Option<String>,
    /// Title.
    pub title: String,
    /// Where it happened.
    pub culprit: String,
    /// Type of its events.
    #[serde(rename = "type")]
    pub event_type: String,
    /// What the event type extracted.
    pub metadata: Map<String, Value>,
    /// Level word, `unknown` where it is none.
    pub level: String,
    /// Logger of its newest event.
    pub logger: Option<String>,
    /// Platform.
    pub platform: Option<String>,
    /// Its project.
    pub project: ListedProject,
    /// Effective status: `unresolved`, `resolved`, `ignored`, `pending_deletion`, `pending_merge` or `reprocessing`.
    pub status: String,
    /// Substatus word.
    pub substatus: Option<String>,
    /// What the status depends on.
    pub status_details: Value,
    /// `high`, `medium`, `low`, or nothing.
    pub priority: Option<String>,
    /// Since when the priority is kept.
    #[serde(serialize_with = "time_or_null")]
    pub priority_locked_at: Option<DateTime<Utc>>,
    /// Slug of the group type.
    pub issue_type: String,
    /// Category.
    pub issue_category: String,
    /// Who has it.
    pub assigned_to: Option<ListedAssignee>,
    /// Whether who asks has bookmarked it.
    pub is_bookmarked: bool,
    /// Whether who asks is subscribed.
    pub is_subscribed: bool,
    /// Why.
    pub subscription_details: Option<Value>,
    /// Whether who asks has seen it since it was last active.
    pub has_seen: bool,
    /// Whether it is shared.
    pub is_public: bool,
    /// Under which id.
    pub share_id: Option<String>,
    /// Notes that people wrote.
    pub num_comments: u64,
    /// Notes of integrations: there are none.
    pub annotations: Vec<Value>,
    /// Labels in the order of their bytes.
    pub labels: Vec<String>,
    /// A link that opens it.
    pub permalink: String,
    /// Whether its newest event carries an error that was not handled.
    pub is_unhandled: bool,
    /// Version of its first release.
    pub first_release: Option<String>,
    /// Numbers of its events; nothing where they were collapsed.
    #[serde(flatten)]
    pub numbers: Option<ListedNumbers>,
    /// The same without window and filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<ListedNumbers>,
    /// The same for the events that match; null where the query asks nothing of events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filtered: Option<Option<ListedNumbers>>,
    /// Its row in the inbox, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbox: Option<Value>,
    /// Whom it is suggested to, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owners: Option<Value>,
    /// The event that was looked for, 32 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matching_event_id: Option<String>,
    /// Whether only its id and numbers are serialised.
    #[serde(skip)]
    pub is_collapsed: bool,
}

impl Serialize for ListedIssue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_collapsed {
            return Self::serialize(self, serializer);
        }
        CollapsedIssue {
            id: &self.id,
            numbers: self.numbers.as_ref(),
            lifetime: self.lifetime.as_ref(),
            filtered: self.filtered.as_ref(),
        }
        .serialize(serializer)
    }
}

/// What is left of an issue whose base is collapsed.
#[derive(Serialize)]
struct CollapsedIssue<'a> {
    id: &'a str,
    #[serde(flatten)]
    numbers: Option<&'a ListedNumbers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifetime: Option<&'a ListedNumbers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filtered: Option<&'a Option<ListedNumbers>>,
}

/// The project of a listed issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedProject {
    /// Id, as text.
    pub id: String,
    /// Name: its slug.
    pub name: String,
    /// Slug.
    pub slug: String,
    /// Platform of the issue, the only one that is known.
    pub platform: Option<String>,
}

/// Who has a listed issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedAssignee {
    /// `user` or `team`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Id, as text.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address, of users that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Numbers of some events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedNumbers {
    /// Events, as text.
    pub count: String,
    /// Distinct users among them.
    pub user_count: u64,
    /// The oldest of them.
    #[serde(serialize_with = "time_or_null")]
    pub first_seen: Option<DateTime<Utc>>,
    /// The newest of them.
    #[serde(serialize_with = "time_or_null")]
    pub last_seen: Option<DateTime<Utc>>,
    /// Bars by the name of the period: begin in Unix seconds, and events.
    pub stats: Option<BTreeMap<String, Vec<(i64, u64)>>>,
}

#[allow(
    clippy::ref_option,
    reason = "serde hands over a reference to the field"
)]
fn time_or_null<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Micros, true)),
        None => serializer.serialize_none(),
    }
}
