//! What a store holds, in a form that two stores can be compared by.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use picket_core::model::IssueId;
use picket_core::search::Plan;
use picket_core::store::{OutcomeGrouping, QueryStore, Store};
use picket_core::view::IssueOrder;
use std::collections::BTreeMap;

/// More than any issue of a test has.
const MOST_ACTIVITIES: u32 = 10_000;

/// Everything that must not depend on how the records were batched, who stored them, or how often that was
/// interrupted. Ids and short ids are left out: they follow the order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Issues by project and hash.
    pub issues: BTreeMap<(String, String), IssuePicture>,
    /// Stored occurrences.
    pub occurrences: u64,
    /// Stored event bodies.
    pub events: u64,
    /// Dead letters.
    pub dead_letters: u64,
    /// Records per outcome and reason.
    pub outcomes: BTreeMap<(String, String), u64>,
}

/// One issue.
#[derive(Debug, Clone, PartialEq)]
pub struct IssuePicture {
    pub title: String,
    pub subtitle: String,
    pub culprit: String,
    pub issue_type: String,
    pub status: String,
    pub substatus: Option<String>,
    pub priority: String,
    pub level: String,
    pub times_seen: u64,
    pub first_seen: u64,
    pub last_seen: u64,
    pub hours: u64,
    pub occurrences: u64,
    pub environments: Vec<String>,
    /// Names and data of what happened, newest first.
    pub activities: Vec<(String, String)>,
}

impl Picture {
    /// Issues opened and joined, as the issues themselves tell it.
    #[must_use]
    pub fn times_seen(&self) -> u64 {
        self.issues.values().map(|issue| issue.times_seen).sum()
    }

    /// Records of one outcome and reason.
    #[must_use]
    pub fn outcome(&self, outcome: &str) -> u64 {
        self.outcomes
            .iter()
            .filter(|((kind, _), _)| kind == outcome)
            .map(|(_, count)| count)
            .sum()
    }
}

/// Reads a store through the queries that the window uses.
///
/// # Errors
/// When the store does not answer.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and times of test data"
)]
pub async fn of(store: &Store, now: DateTime<Utc>) -> Result<Picture> {
    let snapshot = store
        .issue_snapshot(
            &Plan::everything(),
            IssueOrder::default(),
            chrono::DateTime::UNIX_EPOCH,
        )
        .await?;
    anyhow::ensure!(
        snapshot.total == snapshot.ids.len() as f64,
        "the snapshot is cut"
    );
    let mut issues = BTreeMap::new();
    for id in &snapshot.ids {
        let id: IssueId = id.parse()?;
        let detail = store
            .issue_detail(id, now)
            .await?
            .context("an issue of the snapshot is gone")?;
        let mut environments = detail.environments.clone();
        environments.sort();
        let activities = store.activities(id, MOST_ACTIVITIES).await?;
        let row = detail.row;
        let picture = IssuePicture {
            title: row.title,
            subtitle: row.subtitle,
            culprit: row.culprit,
            issue_type: row.issue_type,
            status: row.status,
            substatus: row.substatus,
            priority: row.priority,
            level: row.level,
            times_seen: row.times_seen as u64,
            first_seen: row.first_seen as u64,
            last_seen: row.last_seen as u64,
            hours: detail.hours.iter().map(|bar| bar.count as u64).sum(),
            occurrences: detail.stored_occurrences as u64,
            environments,
            activities: activities
                .into_iter()
                .map(|activity| (activity.kind, activity.data))
                .collect(),
        };
        issues.insert((row.project, detail.hashes.join(",")), picture);
    }
    let summary = store.summary().await?;
    let outcomes = store.outcomes(OutcomeGrouping::Reason).await?;
    Ok(Picture {
        issues,
        occurrences: summary.occurrences,
        events: summary.events,
        dead_letters: summary.dead_letters,
        outcomes: outcomes
            .into_iter()
            .map(|row| ((row.outcome, row.group), row.quantity as u64))
            .collect(),
    })
}
