//! What an occurrence and its event say about an issue: the values of a new issue and of an update
//! (occurrences spec, sections 9 and 14). Pure.

use crate::model::{Event, FEEDBACK, Issue, IssueStatus, Occurrence, ProjectRules, Substatus};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Longest search text before it is cut to one line, in code points.
const MAX_SEARCH_TEXT: usize = 8192;
/// Longest stored message, in code points.
const MAX_MESSAGE: usize = 255;
/// Longest stored culprit, in code points.
const MAX_CULPRIT: usize = 200;
/// Longest stored platform, in code points.
const MAX_PLATFORM: usize = 64;
/// The feature that keeps feedback marked as spam out of the inbox.
const SPAM_FILTER: &str = "organizations:user-feedback-spam-filter-actions";

/// Titles that say nothing; they never replace a real one.
const PLACEHOLDER_TITLES: [&str; 4] = ["<untitled>", "<unknown>", "<unlabeled event>", "Error"];

/// The issue a first occurrence opens: unresolved and ongoing, until post-processing makes it new (section 13).
pub(super) fn new_issue(occurrence: &Occurrence, event: &Event) -> Issue {
    let mut data = occurrence_data(occurrence, event);
    if let (Some((name, normalized)), Some(Value::Object(metadata))) =
        (&event.sdk, data.get_mut("metadata"))
    {
        let mut sdk = Map::new();
        sdk.insert("name".to_owned(), Value::from(name.as_str()));
        sdk.insert(
            "name_normalized".to_owned(),
            Value::from(normalized.as_str()),
        );
        metadata.insert("sdk".to_owned(), Value::Object(sdk));
    }
    Issue {
        id: None,
        project_id: occurrence.project_id,
        group_type: occurrence.group_type.id,
        status: IssueStatus::Unresolved,
        substatus: Some(Substatus::Ongoing),
        priority: Some(occurrence.priority()),
        priority_locked_at: None,
        assignee: None,
        level: occurrence.level,
        platform: event.platform.chars().take(MAX_PLATFORM).collect(),
        message: message(occurrence, event),
        culprit: cut(&occurrence.culprit, MAX_CULPRIT),
        first_seen: event.timestamp,
        last_seen: event.timestamp,
        active_at: event.timestamp,
        resolved_at: None,
        times_seen: 1,
        first_release: None,
        data,
    }
}

/// Counts one more occurrence into an issue (section 14).
pub(super) fn update_issue(issue: &mut Issue, occurrence: &Occurrence, event: &Event) {
    issue.times_seen += 1;
    issue.first_seen = issue.first_seen.min(event.timestamp);
    issue.last_seen = issue.last_seen.max(event.timestamp);
    let message = message(occurrence, event);
    if !message.is_empty()
        && !PLACEHOLDER_TITLES.contains(&message.as_str())
        && event.event_type != "transaction"
    {
        issue.message = message;
    }
    issue.level = occurrence.level;
    issue.culprit = cut(&occurrence.culprit, MAX_CULPRIT);
    merge_data(&mut issue.data, occurrence_data(occurrence, event));
}

/// Whether what follows after an occurrence has reached its issue follows for this one. Feedback has to come from
/// people, and not be marked as spam where that is looked at (group-states spec, section 4).
pub(super) fn reaches_inbox(
    occurrence: &Occurrence,
    project: ProjectRules,
    features: &BTreeSet<String>,
) -> bool {
    if occurrence.group_type.id != FEEDBACK {
        return true;
    }
    let evidence = |key| {
        occurrence
            .evidence_data
            .as_ref()
            .and_then(|data| data.get(key))
    };
    let is_spam = features.contains(SPAM_FILTER) && evidence("is_spam") == Some(&Value::Bool(true));
    let is_wanted = match evidence("source").and_then(Value::as_str) {
        Some("new_feedback_envelope") => true,
        Some(
            "crash_report_embed_form"
            | "user_report_envelope"
            | "user_report_sentry_django_endpoint"
            | "update_user_reports_task",
        ) => project.feedback_in_inbox,
        _ => false,
    };
    is_wanted && !is_spam
}

/// Section 9.4 without what is added only on creation.
fn occurrence_data(occurrence: &Occurrence, event: &Event) -> Map<String, Value> {
    let title = occurrence
        .issue_title
        .as_deref()
        .map_or(Value::Null, Value::from);
    let mut metadata = event.metadata.clone();
    metadata.insert("title".to_owned(), title.clone());
    metadata.insert(
        "value".to_owned(),
        occurrence
            .subtitle
            .as_deref()
            .map_or(Value::Null, Value::from),
    );
    metadata.insert(
        "initial_priority".to_owned(),
        Value::from(occurrence.priority().number()),
    );
    if occurrence.group_type.id == FEEDBACK {
        for key in ["contact_email", "message", "name", "source"] {
            let value = occurrence
                .evidence_data
                .as_ref()
                .and_then(|data| data.get(key))
                .cloned();
            metadata.insert(key.to_owned(), value.unwrap_or(Value::Null));
        }
    }
    let mut data = Map::new();
    data.insert("type".to_owned(), Value::from(event.event_type.as_str()));
    data.insert("title".to_owned(), title);
    data.insert(
        "culprit".to_owned(),
        Value::from(cut(&occurrence.culprit, MAX_CULPRIT)),
    );
    data.insert("metadata".to_owned(), Value::Object(metadata));
    data.insert(
        "location".to_owned(),
        event.location.as_deref().map_or(Value::Null, Value::from),
    );
    data.insert(
        "last_received".to_owned(),
        Value::from(instant_text(event.timestamp)),
    );
    data
}

fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Shallow merge, incoming wins; `metadata` one level deeper; titles by their own rule.
fn merge_data(stored: &mut Map<String, Value>, incoming: Map<String, Value>) {
    for (key, value) in incoming {
        match (key.as_str(), value) {
            ("title", title) => merge_title(stored, title),
            ("metadata", Value::Object(incoming)) => match stored.get_mut("metadata") {
                Some(Value::Object(metadata)) => {
                    for (key, value) in incoming {
                        if key == "title" {
                            merge_title(metadata, value);
                        } else {
                            metadata.insert(key, value);
                        }
                    }
                }
                _ => {
                    stored.insert(key, Value::Object(incoming));
                }
            },
            (_, value) => {
                stored.insert(key, value);
            }
        }
    }
}

/// A real title always wins; a placeholder or nothing only over a placeholder.
fn merge_title(stored: &mut Map<String, Value>, incoming: Value) {
    let is_real = |title: Option<&Value>| {
        title
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty() && !PLACEHOLDER_TITLES.contains(&text))
    };
    let stored_is_placeholder = stored
        .get("title")
        .and_then(Value::as_str)
        .is_some_and(|text| PLACEHOLDER_TITLES.contains(&text));
    if is_real(Some(&incoming)) || stored_is_placeholder {
        stored.insert("title".to_owned(), incoming);
    }
}

/// Sections 9.1 to 9.3: search text of the event, augmented by the occurrence, cut to one line.
fn message(occurrence: &Occurrence, event: &Event) -> String {
    let mut text = event_search_text(event);
    let additions = [
        occurrence.issue_title.as_deref(),
        occurrence.subtitle.as_deref(),
        Some(occurrence.culprit.as_str()),
    ];
    for addition in additions.into_iter().flatten() {
        append_unless_contained(&mut text, addition);
    }
    let first_line = trimmed(&text).split(is_line_end).next().unwrap_or_default();
    cut(first_line, MAX_MESSAGE)
}

fn event_search_text(event: &Event) -> String {
    let mut text = event.message.clone();
    for (key, value) in &event.metadata {
        if key == "in_app_frame_mix" {
            continue;
        }
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(value) => append_unless_contained(&mut text, value),
            composite @ (Value::Array(_) | Value::Object(_)) => {
                append_unless_contained(&mut text, &composite.to_string());
            }
        }
    }
    append_unless_contained(&mut text, &event.culprit);
    cut(trimmed(&text), MAX_SEARCH_TEXT)
}

fn append_unless_contained(text: &mut String, addition: &str) {
    if !addition.is_empty() && !text.contains(addition) {
        text.push(' ');
        text.push_str(addition);
    }
}

/// Without white space at its ends, to which the information separators belong here, as they do for senders.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
    })
}

fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{1c}'
            | '\u{1d}'
            | '\u{1e}'
            | '\u{85}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

/// At most `limit` code points; a longer text ends in `...`.
fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit || text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 3).chain("...".chars()).collect()
}
