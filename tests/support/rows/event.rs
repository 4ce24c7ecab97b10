//! Events: bodies and occurrence records as if they had come in.

use super::format::{EventRow, IssueRow};
use super::{Data, digest, execute, group_type, insert, look};
use anyhow::{Context, Result};
use picket_core::decode;
use picket_core::model::{
    Category, EventId, GroupType, Level, Occurrence, OccurrenceId, ProjectId,
};
use picket_core::store::{Connections, IngestStore, Store};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The topic and source that the records say they came from.
const TOPIC: &str = "rows";

/// The type key of an event of an issue of this type: plain messages are events of their own, everything else comes
/// with an occurrence.
pub(super) fn event_type(group_type: &GroupType) -> &'static str {
    match group_type.category {
        Category::Error => "default",
        _ => "generic",
    }
}

/// Puts all events of the data, in the order of the list.
pub(super) async fn put(store: &Store, data: &Data) -> Result<()> {
    if data.events.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(data.events.len())?;
    store.claim_partition(TOPIC, TOPIC, 0, count).await?;
    let source = look::number(store, "SELECT id FROM source").await?;
    let source = source.context("the source of the rows is missing")?;
    let issues: HashMap<i64, &IssueRow> =
        data.issues.iter().map(|issue| (issue.id, issue)).collect();
    let mut hours: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for (offset, event) in (0_i64..).zip(&data.events) {
        let issue = match event.issue {
            Some(id) => Some(
                *issues
                    .get(&id)
                    .with_context(|| format!("event {}: issue {id}", event.event_id))?,
            ),
            None => None,
        };
        put_event(store, data, event, issue, (source, offset)).await?;
        if let Some(id) = event.issue {
            let hour = event.at.timestamp().div_euclid(3600);
            *hours.entry((id, hour)).or_default() += 1;
        }
    }
    if let Connections::Postgres(_) = store.connections() {
        let sql = format!("ALTER SEQUENCE occurrence_seq RESTART WITH {}", count + 1);
        execute(store, &sql).await?;
    }
    for ((issue, hour), count) in hours {
        let row = [
            ("issue_id", issue.into()),
            ("hour", hour.into()),
            ("count", count.into()),
        ];
        insert(store, "issue_bucket", &row).await?;
    }
    Ok(())
}

async fn put_event(
    store: &Store,
    data: &Data,
    event: &EventRow,
    issue: Option<&IssueRow>,
    (source, offset): (i64, i64),
) -> Result<()> {
    let id: EventId = event
        .event_id
        .parse()
        .with_context(|| format!("event id {}", event.event_id))?;
    let group_type = match issue {
        Some(issue) => group_type(issue)?,
        None => GroupType::by_slug("error").context("there is no type error")?,
    };
    let level = Level::from_word(&event.level)
        .with_context(|| format!("event {}: level {}", event.event_id, event.level))?;
    let body = serde_json::to_vec(&body(event, id, event_type(group_type)))?;
    let row = [
        ("project_id", event.project.into()),
        ("event_id", id.0.into()),
        ("event_type", event_type(group_type).into()),
        ("event_time", event.at.into()),
        ("json_bytes", i64::try_from(body.len())?.into()),
        ("body", (&*decode::compress(&body)).into()),
    ];
    insert(store, "event", &row).await?;

    let record = Occurrence {
        id: OccurrenceId(id.0),
        project_id: ProjectId(event.project),
        event_id: id,
        fingerprint: vec![digest(&format!("issue-{:?}", event.issue))],
        issue_title: Some(event.message.clone()),
        subtitle: None,
        resource_id: None,
        evidence_data: None,
        evidence_display: Vec::new(),
        group_type,
        detection_time: event.at,
        level,
        culprit: String::new(),
        initial_priority: None,
        assignee: None,
    };
    let payload = serde_json::to_vec(&decode::occurrence_json(&record))?;
    let row = [
        ("seq", (offset + 1).into()),
        ("project_id", event.project.into()),
        ("id", id.0.into()),
        ("event_id", id.0.into()),
        ("issue_id", event.issue.into()),
        ("event_time", event.at.into()),
        (
            "environment",
            event.environment.clone().unwrap_or_default().into(),
        ),
        ("release", event.release.clone().into()),
        ("user_key", user_key(event).into()),
        ("payload", (&*decode::compress(&payload)).into()),
        ("source_id", source.into()),
        ("topic", TOPIC.into()),
        ("partition", 0_i64.into()),
        ("record_offset", offset.into()),
        ("stored_at", data.now.into()),
    ];
    insert(store, "occurrence", &row).await
}

/// The tag a user is counted by.
fn user_key(event: &EventRow) -> Option<String> {
    event.user.as_ref().map(|user| format!("id:{user}"))
}

fn body(event: &EventRow, id: EventId, event_type: &str) -> Value {
    let seconds = event.at.timestamp_micros();
    #[allow(
        clippy::cast_precision_loss,
        reason = "stored events carry float seconds"
    )]
    let seconds = seconds as f64 / 1e6;
    let mut tags: Vec<(&str, &str)> = event
        .tags
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let user = user_key(event);
    let derived = [
        ("level", Some(event.level.as_str())),
        ("environment", event.environment.as_deref()),
        ("sentry:release", event.release.as_deref()),
        ("sentry:user", user.as_deref()),
    ];
    for (key, value) in derived {
        // What the data says wins.
        if let (Some(value), false) = (value, event.tags.contains_key(key)) {
            tags.push((key, value));
        }
    }
    let mut body = json!({
        "event_id": id,
        "project": event.project,
        "type": event_type,
        "level": event.level,
        "platform": "other",
        "timestamp": seconds,
        "received": seconds,
        "title": event.message,
        "message": event.message,
        "logentry": { "formatted": event.message },
        "culprit": "",
        "metadata": { "title": event.message },
        "tags": tags,
    });
    for (key, value) in [
        ("environment", &event.environment),
        ("release", &event.release),
    ] {
        if let Some(value) = value {
            body[key] = json!(value);
        }
    }
    if let Some(user) = &event.user {
        body["user"] = json!({ "id": user });
    }
    for (key, value) in &event.body {
        body[key] = value.clone();
    }
    body
}
