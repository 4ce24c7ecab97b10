//! The wire form of an occurrence and of its event (occurrences spec, sections 1 and 3).

use serde::Serialize;
use serde_json::{Map, Value};

/// A message of the occurrence topic.
#[derive(Debug, Serialize)]
pub(super) struct Message<'a> {
    pub id: String,
    pub project_id: i64,
    pub event_id: &'a str,
    pub fingerprint: [&'a str; 1],
    pub issue_title: &'a str,
    pub subtitle: &'a str,
    pub resource_id: Option<&'a str>,
    pub evidence_data: Map<String, Value>,
    pub evidence_display: Vec<EvidenceLine<'a>>,
    #[serde(rename = "type")]
    pub group_type: u16,
    pub detection_time: f64,
    pub level: &'a str,
    pub culprit: &'a str,
    pub initial_issue_priority: Option<u8>,
    pub assignee: Option<&'a str>,
    pub payload_type: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_buffered_spans: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Body<'a>>,
}

/// A line of the evidence table.
#[derive(Debug, Serialize)]
pub(super) struct EvidenceLine<'a> {
    pub name: &'a str,
    pub value: String,
    pub important: bool,
}

/// An event body.
#[derive(Debug, Serialize)]
pub(super) struct Body<'a> {
    pub event_id: &'a str,
    pub project_id: i64,
    pub platform: &'a str,
    pub timestamp: Timestamp,
    pub received: String,
    pub environment: &'a str,
    pub release: &'a str,
    pub server_name: &'a str,
    pub transaction: &'a str,
    pub trace_id: &'a str,
    pub tags: Tags<'a>,
    pub user: User,
    pub sdk: Sdk<'a>,
    pub contexts: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Request<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breadcrumbs: Option<Breadcrumbs<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stacktrace: Option<Stacktrace<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// Both forms senders use.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Timestamp {
    Text(String),
    Seconds(f64),
}

/// Both forms senders use: an object beside a full body, pairs beside a light one.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Tags<'a> {
    Pairs(Vec<(&'a str, String)>),
    Object(Map<String, Value>),
}

#[derive(Debug, Serialize)]
pub(super) struct User {
    pub id: String,
    pub email: String,
    pub ip_address: String,
    pub geo: Geo,
}

#[derive(Debug, Serialize)]
pub(super) struct Geo {
    pub country_code: &'static str,
    pub city: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Sdk<'a> {
    pub name: &'a str,
    pub version: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    pub url: String,
    pub method: &'a str,
    pub query_string: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Breadcrumbs<'a> {
    pub values: Vec<Breadcrumb<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Breadcrumb<'a> {
    pub timestamp: f64,
    pub category: &'a str,
    pub level: &'a str,
    pub message: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Stacktrace<'a> {
    pub frames: Vec<Frame<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Frame<'a> {
    pub filename: std::borrow::Cow<'a, str>,
    pub module: std::borrow::Cow<'a, str>,
    pub function: std::borrow::Cow<'a, str>,
    pub lineno: u64,
    pub in_app: bool,
}

/// A status change of an issue (occurrences spec, section 15).
#[derive(Debug, Serialize)]
pub(super) struct StatusChange<'a> {
    pub id: String,
    pub project_id: i64,
    pub fingerprint: [&'a str; 1],
    pub new_status: u8,
    pub new_substatus: Option<u8>,
    pub payload_type: &'a str,
}
