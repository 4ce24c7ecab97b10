//! Everything that was ever noted about an issue, for who has to see more than a list of activities shows.

use super::StoreError;
use super::column::Stamp;
use crate::model::{Activity, ActivityKind, History, HistoryKind};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// All activities and lines of history of an issue, oldest first, repeated ones included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// Activities. The first sighting is none; see [`ActivityKind::FirstSeen`].
    pub activities: Vec<Activity>,
    /// Lines of history.
    pub history: Vec<JournalLine>,
}

/// A line of history as it is stored (group-states spec, section 1.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// The line.
    pub line: History,
    /// When the newest earlier line of an opposite kind was written; nothing where there was none.
    pub undoes: Option<DateTime<Utc>>,
}

#[derive(Debug, FromRow)]
pub(super) struct ActivityRow {
    pub kind: i16,
    pub actor: Option<i64>,
    pub ident: Option<String>,
    pub data: String,
    pub at: Stamp,
}

#[derive(Debug, FromRow)]
pub(super) struct HistoryRow {
    pub kind: i16,
    pub actor: Option<i64>,
    pub release: Option<String>,
    pub at: Stamp,
    pub previous_at: Option<Stamp>,
}

impl Journal {
    /// # Errors
    /// [`StoreError::Corrupt`] for a number that is no kind, and data that is no JSON.
    pub(super) fn read(
        activities: Vec<ActivityRow>,
        history: Vec<HistoryRow>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            activities: activities
                .into_iter()
                .map(activity)
                .collect::<Result<_, _>>()?,
            history: history.into_iter().map(line).collect::<Result<_, _>>()?,
        })
    }
}

fn activity(row: ActivityRow) -> Result<Activity, StoreError> {
    let kind = ActivityKind::from_number(row.kind);
    let data = serde_json::from_str(&row.data)
        .map_err(|error| StoreError::Corrupt(format!("the data of an activity: {error}")))?;
    Ok(Activity {
        kind: kind.ok_or_else(|| unknown("activity", row.kind))?,
        actor: row.actor,
        ident: row.ident,
        data,
        at: row.at.0,
    })
}

fn line(row: HistoryRow) -> Result<JournalLine, StoreError> {
    let kind = HistoryKind::from_number(row.kind);
    Ok(JournalLine {
        line: History {
            kind: kind.ok_or_else(|| unknown("line of history", row.kind))?,
            actor: row.actor,
            release: row.release,
            at: row.at.0,
        },
        undoes: row.previous_at.map(|at| at.0),
    })
}

fn unknown(what: &str, kind: i16) -> StoreError {
    StoreError::Corrupt(format!("no {what} has the kind {kind}"))
}
