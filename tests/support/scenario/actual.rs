//! What a store holds at the end of a scenario.

use super::Play;
use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use picket_core::model::{IssueId, IssueState, Priority, Substatus, parse_short_id};
use picket_core::search::Plan;
use picket_core::store::{Ending, LoadPlan, QueryStore, ROWS_CAP, Tally};
use picket_core::view::IssueOrder;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything that can be expected, complete.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Actual {
    /// By project and short id.
    pub issues: Vec<IssueActual>,
    pub dropped: BTreeMap<String, u64>,
    /// Sums over all tags; of a gauge the last value.
    pub counters: BTreeMap<String, u64>,
    pub events_stored: u64,
    pub occurrences_stored: u64,
}

/// An issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueActual {
    pub project_id: i64,
    /// Nothing where no fingerprint leads to it any more.
    pub fingerprint_hash: Option<String>,
    pub short_id: i64,
    pub title: String,
    pub subtitle: Option<String>,
    pub culprit: String,
    #[serde(rename = "type")]
    pub group_type: u16,
    pub status: &'static str,
    pub substatus: Option<&'static str>,
    pub priority: &'static str,
    pub level: &'static str,
    pub times_seen: i64,
    #[serde(serialize_with = "instant")]
    pub first_seen: DateTime<Utc>,
    #[serde(serialize_with = "instant")]
    pub last_seen: DateTime<Utc>,
    pub platform: String,
    pub message: String,
    pub inbox_reason: Option<&'static str>,
    pub assignee: Option<String>,
    /// Oldest first.
    pub activities: Vec<&'static str>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "how serde hands a field over"
)]
fn instant<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

pub(super) async fn read(play: &Play) -> Result<Actual> {
    let summary = play.store().summary().await?;
    let mut counters = BTreeMap::new();
    for (measure, count) in &play.measures().counters {
        *counters.entry(measure.name.to_owned()).or_default() += count;
    }
    let gauges = play.measures().gauges.iter();
    counters.extend(gauges.map(|(name, value)| ((*name).to_owned(), *value)));
    Ok(Actual {
        issues: issues(play).await?,
        dropped: dropped(play.tally()),
        counters,
        events_stored: summary.events,
        occurrences_stored: summary.occurrences,
    })
}

fn dropped(tally: &Tally) -> BTreeMap<String, u64> {
    let mut dropped: BTreeMap<String, u64> = BTreeMap::new();
    for (ending, count) in tally.0.iter().filter(|(_, count)| **count > 0) {
        let reason = match ending {
            Ending::Dropped(reason) => reason.as_str(),
            Ending::DeadLettered(reason) => reason.as_str(),
            Ending::Created | Ending::Updated | Ending::StatusChanged | Ending::Unchanged => {
                continue;
            }
        };
        *dropped.entry(reason.to_owned()).or_default() += count;
    }
    dropped
}

async fn issues(play: &Play) -> Result<Vec<IssueActual>> {
    let store = play.store();
    let snapshot = store
        .issue_snapshot(
            &Plan::everything(),
            IssueOrder::default(),
            chrono::DateTime::UNIX_EPOCH,
        )
        .await?;
    let ids: Vec<IssueId> = snapshot
        .ids
        .iter()
        .map(|id| id.parse())
        .collect::<Result<_, _>>()?;
    let mut issues = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS_CAP) {
        let mut sorted = chunk.to_vec();
        sorted.sort_unstable();
        let plan = LoadPlan {
            now: Some(play.now()),
            issues: sorted,
            ..LoadPlan::default()
        };
        let mut loaded = play.load(&plan).await?;
        let rows = store.issue_rows(chunk, play.now()).await?;
        for (id, row) in chunk.iter().zip(rows) {
            let state = loaded
                .issues
                .remove(id)
                .context("an issue of the list is gone")?;
            let (_, short_id) = parse_short_id(&row.short_id).context("a short id is none")?;
            if !state.issue.status.is_hidden() {
                issues.push(issue(play, *id, short_id, &state).await?);
            }
        }
    }
    issues.sort_by_key(|issue| (issue.project_id, issue.short_id));
    Ok(issues)
}

async fn issue(play: &Play, id: IssueId, short_id: i64, state: &IssueState) -> Result<IssueActual> {
    let store = play.store();
    let detail = store.issue_detail(id, play.now()).await?;
    let mut hashes = detail.context("an issue of the list is gone")?.hashes;
    let journal = store.journal(id).await?;
    let issue = &state.issue;
    let subtitle = issue
        .data
        .get("metadata")
        .and_then(|data| data.get("value"));
    Ok(IssueActual {
        project_id: issue.project_id.0,
        fingerprint_hash: (!hashes.is_empty()).then(|| hashes.swap_remove(0)),
        short_id,
        title: issue.title().to_owned(),
        subtitle: subtitle.and_then(Value::as_str).map(str::to_owned),
        culprit: issue.culprit.clone(),
        group_type: issue.group_type,
        status: issue.status.as_str(),
        substatus: issue.substatus.map(Substatus::as_str),
        priority: issue.priority.map_or("none", Priority::as_str),
        level: issue.level.as_str(),
        times_seen: issue.times_seen,
        first_seen: issue.first_seen,
        last_seen: issue.last_seen,
        platform: issue.platform.clone(),
        message: issue.message.clone(),
        inbox_reason: state.inbox.get().map(|entry| entry.reason.as_str()),
        assignee: issue.assignee.map(|assignee| assignee.to_string()),
        activities: journal
            .activities
            .iter()
            .map(|activity| activity.kind.as_str())
            .collect(),
    })
}
