//! The rows beside the issues that one transaction writes, worked out once for both backends.

use super::column::{Stamp, storable};
use super::rows::{Identities, json};
use super::{Effects, IssueWrite, StoreError};
use crate::model::{
    Activity, ActivityKind, Forecast, History, HistoryKind, InboxDetails, InboxEntry, InboxReason,
    Kept, Note, Resolution, ResolutionKind, Snooze,
};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that take the place of whatever was there, and issues that lose theirs; both by issue.
#[derive(Debug)]
pub(super) struct Changed<R> {
    pub put: Vec<R>,
    pub gone: Vec<i64>,
}

/// What a transaction writes beside the issues. Empty lists run no statement.
#[derive(Debug)]
pub(super) struct StateRows<'a> {
    pub inbox: Changed<InboxRow>,
    pub snoozes: Changed<SnoozeRow>,
    pub resolutions: Changed<ResolutionRow<'a>>,
    pub forecasts: Changed<ForecastRow>,
    /// In the order they happened.
    pub activities: Vec<ActivityRow<'a>>,
    /// In the order they happened.
    pub history: Vec<HistoryRow<'a>>,
    /// Activities with their new data.
    pub corrections: Vec<(i64, String)>,
    /// Issues that no hash leads to any more.
    pub without_hashes: Vec<i64>,
    /// Projects and messages, in order.
    pub marks: Vec<(i64, Cow<'a, str>)>,
    /// By key.
    pub counters: Vec<CounterRow<'a>>,
}

#[derive(Debug)]
pub(super) struct InboxRow {
    pub issue_id: i64,
    pub reason: i16,
    pub details: Option<String>,
    pub since: Stamp,
}

#[derive(Debug)]
pub(super) struct SnoozeRow {
    pub issue_id: i64,
    pub until: Option<Stamp>,
    pub count: Option<i64>,
    pub window: Option<i64>,
    pub user_count: Option<i64>,
    pub user_window: Option<i64>,
    pub times_seen: Option<i64>,
    pub users_seen: Option<i64>,
    pub actor: Option<i64>,
}

#[derive(Debug)]
pub(super) struct ResolutionRow<'a> {
    pub issue_id: i64,
    pub project_id: i64,
    pub id: Cow<'a, str>,
    pub kind: Option<i16>,
    pub status: i16,
    pub release: Cow<'a, str>,
    pub current_release_version: Option<Cow<'a, str>>,
}

#[derive(Debug)]
pub(super) struct ForecastRow {
    pub issue_id: i64,
    pub limits: String,
    pub made_at: Stamp,
}

#[derive(Debug)]
pub(super) struct ActivityRow<'a> {
    pub issue_id: i64,
    pub kind: i16,
    pub actor: Option<i64>,
    pub ident: Option<Cow<'a, str>>,
    pub data: String,
    pub at: Stamp,
}

#[derive(Debug)]
pub(super) struct HistoryRow<'a> {
    pub issue_id: i64,
    pub kind: i16,
    pub actor: Option<i64>,
    pub release: Option<Cow<'a, str>>,
    pub at: Stamp,
}

#[derive(Debug)]
pub(super) struct CounterRow<'a> {
    pub key: Cow<'a, str>,
    pub add: i64,
    /// Its end, unless the stored one is running and ends later.
    pub expires_at: Stamp,
}

impl<'a> StateRows<'a> {
    pub(super) fn of(effects: &'a Effects, identities: &Identities) -> Result<Self, StoreError> {
        let issues: Vec<(i64, &IssueWrite)> = identities.ids().zip(&effects.issues).collect();
        let mut rows = Self {
            inbox: changed(&issues, |write| &write.state.inbox, inbox_row)?,
            snoozes: changed(&issues, |write| &write.state.snooze, snooze_row)?,
            resolutions: changed(&issues, |write| &write.state.resolution, resolution_row)?,
            forecasts: changed(&issues, |write| &write.state.forecast, forecast_row)?,
            activities: Vec::new(),
            history: Vec::new(),
            corrections: Vec::new(),
            without_hashes: Vec::new(),
            marks: marks(effects),
            counters: counters(effects),
        };
        let mut corrections = BTreeMap::new();
        for &(id, write) in &issues {
            let state = &write.state;
            for activity in &state.activities {
                rows.activities.push(activity_row(id, activity)?);
            }
            for (ident, note) in state.notes.iter().filter(|(_, note)| note.is_changed()) {
                let row = note.get().map(|note| note_row(id, ident, note));
                rows.activities.extend(row.transpose()?);
            }
            rows.history
                .extend(state.history.iter().map(|line| history_row(id, line)));
            for activity in &state.corrected {
                corrections.insert(activity.id, json(&activity.data)?);
            }
            if state.gives_up_hashes {
                rows.without_hashes.push(id);
            }
        }
        rows.corrections = corrections.into_iter().collect();
        Ok(rows)
    }

    /// Kinds of new lines of history that may have a line to point to.
    pub(super) fn kinds_to_link(&self) -> Vec<HistoryKind> {
        let kinds: BTreeSet<i16> = self.history.iter().map(|line| line.kind).collect();
        let kinds = kinds.into_iter().filter_map(HistoryKind::from_number);
        kinds.filter(|kind| !kind.opposites().is_empty()).collect()
    }
}

impl ActivityRow<'_> {
    /// Whether two of them differ in no more than their issue.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let values = |row: &Self| (row.kind, row.actor, row.at);
        values(self) == values(other) && self.ident == other.ident && self.data == other.data
    }
}

impl HistoryRow<'_> {
    /// Whether two of them differ in no more than their issue.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let values = |row: &Self| (row.kind, row.actor, row.at);
        values(self) == values(other) && self.release == other.release
    }
}

/// The changed rows of one kind, by issue. An issue that comes twice has the last word.
fn changed<'a, T: 'a, R>(
    issues: &[(i64, &'a IssueWrite)],
    kept: impl Fn(&'a IssueWrite) -> &'a Kept<T>,
    row: impl Fn(i64, &'a IssueWrite, &'a T) -> Result<R, StoreError>,
) -> Result<Changed<R>, StoreError> {
    let changes: BTreeMap<i64, (&IssueWrite, Option<&T>)> = issues
        .iter()
        .filter(|&&(_, write)| kept(write).is_changed())
        .map(|&(id, write)| (id, (write, kept(write).get())))
        .collect();
    let mut changed = Changed {
        put: Vec::new(),
        gone: Vec::new(),
    };
    for (id, (write, value)) in changes {
        match value {
            Some(value) => changed.put.push(row(id, write, value)?),
            None => changed.gone.push(id),
        }
    }
    Ok(changed)
}

fn inbox_row(issue_id: i64, _: &IssueWrite, entry: &InboxEntry) -> Result<InboxRow, StoreError> {
    let details = entry.details.as_ref().map(InboxDetails::to_json);
    Ok(InboxRow {
        issue_id,
        reason: InboxReason::number(entry.reason),
        details: details.map(|details| details.to_string()),
        since: Stamp::of(entry.since),
    })
}

fn snooze_row(issue_id: i64, _: &IssueWrite, snooze: &Snooze) -> Result<SnoozeRow, StoreError> {
    Ok(SnoozeRow {
        issue_id,
        until: snooze.until.map(Stamp::of),
        count: snooze.count,
        window: snooze.window,
        user_count: snooze.user_count,
        user_window: snooze.user_window,
        times_seen: snooze.times_seen,
        users_seen: snooze.users_seen,
        actor: snooze.actor,
    })
}

fn resolution_row<'a>(
    issue_id: i64,
    write: &IssueWrite,
    resolution: &'a Resolution,
) -> Result<ResolutionRow<'a>, StoreError> {
    Ok(ResolutionRow {
        issue_id,
        project_id: write.state.issue.project_id.0,
        id: storable(&resolution.id),
        kind: resolution.kind.map(ResolutionKind::number),
        status: resolution.status.number(),
        release: storable(&resolution.release),
        current_release_version: resolution.current_release_version.as_deref().map(storable),
    })
}

fn forecast_row(
    issue_id: i64,
    _: &IssueWrite,
    forecast: &Forecast,
) -> Result<ForecastRow, StoreError> {
    Ok(ForecastRow {
        issue_id,
        limits: json(&forecast.values)?,
        made_at: Stamp::of(forecast.made_at),
    })
}

fn activity_row(issue_id: i64, activity: &Activity) -> Result<ActivityRow<'_>, StoreError> {
    Ok(ActivityRow {
        issue_id,
        kind: activity.kind.number(),
        actor: activity.actor,
        ident: activity.ident.as_deref().map(storable),
        data: json(&activity.data)?,
        at: Stamp::of(activity.at),
    })
}

fn note_row<'a>(issue_id: i64, ident: &'a str, note: &Note) -> Result<ActivityRow<'a>, StoreError> {
    Ok(ActivityRow {
        issue_id,
        kind: ActivityKind::Note.number(),
        actor: note.actor,
        ident: Some(storable(ident)),
        data: json(&serde_json::json!({ "text": note.text }))?,
        at: Stamp::of(note.at),
    })
}

fn history_row(issue_id: i64, line: &History) -> HistoryRow<'_> {
    HistoryRow {
        issue_id,
        kind: line.kind.number(),
        actor: line.actor,
        release: line.release.as_deref().map(storable),
        at: Stamp::of(line.at),
    }
}

fn marks(effects: &Effects) -> Vec<(i64, Cow<'_, str>)> {
    let marks: BTreeSet<_> = effects
        .marks
        .iter()
        .map(|(project, message)| (project.0, storable(message)))
        .collect();
    marks.into_iter().collect()
}

/// One row a key: what several writes add to it together, with the latest end they give.
fn counters(effects: &Effects) -> Vec<CounterRow<'_>> {
    let mut sums: BTreeMap<Cow<'_, str>, (i64, DateTime<Utc>)> = BTreeMap::new();
    for write in &effects.counters {
        let (add, end) = sums
            .entry(storable(&write.key))
            .or_insert((0, write.expires_at));
        *add = add.saturating_add(write.add);
        *end = write.expires_at.max(*end);
    }
    sums.into_iter()
        .map(|(key, (add, end))| CounterRow {
            key,
            add,
            expires_at: Stamp::of(end),
        })
        .collect()
}

/// Refuses a status and substatus that do not go together, before anything is written (group-states spec, section
/// 1.3, G1).
pub(super) fn refuse_invalid_status(effects: &Effects) -> Result<(), StoreError> {
    let invalid = effects
        .issues
        .iter()
        .map(|write| &write.state.issue)
        .find(|issue| !issue.status.allows(issue.substatus));
    let Some(issue) = invalid else {
        return Ok(());
    };
    Err(StoreError::InvalidStatus {
        issue: issue.id.map_or_else(
            || format!("a new issue of project {}", issue.project_id),
            |id| format!("issue {id}"),
        ),
        status: issue.status.as_str(),
        substatus: issue
            .substatus
            .map_or("none", |substatus| substatus.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CounterWrite;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds)
    }

    #[test]
    fn writes_to_one_counter_become_one_row() {
        let write = |key: &str, add, end| CounterWrite {
            key: key.to_owned(),
            add,
            expires_at: at(end),
        };
        let effects = Effects {
            counters: vec![
                write("b", 1, 3610),
                write("a", 2, 50),
                write("b", 4, 20),
                write("a", 3, 70),
                write("a", 1, 60),
            ],
            now: Some(at(10)),
            ..Effects::default()
        };
        let rows: Vec<_> = counters(&effects)
            .into_iter()
            .map(|row| (row.key.into_owned(), row.add, row.expires_at.0))
            .collect();
        assert_eq!(
            rows,
            [("a".to_owned(), 6, at(70)), ("b".to_owned(), 5, at(3610)),]
        );
    }
}
