//! What happened to an issue, from its rows.

use super::StoreError;
use super::assemble::millis;
use super::column::Stamp;
use crate::model::{ActivityKind, Assignee, Priority};
use crate::triage::{self, ActivityEntry};
use crate::view::Activity;
use serde_json::Value;
use sqlx::FromRow;
use std::collections::HashMap;

/// The columns of [`ActivityRecord`], from the tables called `a` (activity) and `m` (member).
macro_rules! activity_columns {
    () => {
        "a.kind, a.actor, m.username AS actor_name, a.ident, a.data, a.at"
    };
}
pub(super) use activity_columns;

/// A stored entry.
#[derive(Debug, FromRow)]
pub(super) struct ActivityRecord {
    pub kind: i16,
    pub actor: Option<i64>,
    /// Nothing where the actor is no longer known.
    pub actor_name: Option<String>,
    pub ident: Option<String>,
    pub data: String,
    pub at: Stamp,
}

impl ActivityRecord {
    /// Nothing, and a warning, for a kind that this program does not know.
    fn into_entry(self) -> Result<Option<ActivityEntry>, StoreError> {
        let Some(kind) = ActivityKind::from_number(self.kind) else {
            tracing::warn!(
                kind = self.kind,
                "an activity of an unknown kind is not shown"
            );
            return Ok(None);
        };
        Ok(Some(ActivityEntry {
            kind,
            ident: self.ident,
            user: self.actor,
            data: serde_json::from_str(&self.data).map_err(|error| {
                StoreError::Corrupt(format!("the data of an activity: {error}"))
            })?,
            at: self.at.0,
        }))
    }
}

/// When an issue was first seen, and its data.
#[derive(Debug, FromRow)]
pub(super) struct FirstSeenRecord {
    pub first_seen: Stamp,
    pub data: String,
}

impl FirstSeenRecord {
    fn into_entry(self) -> Result<ActivityEntry, StoreError> {
        let data: Value = serde_json::from_str(&self.data)
            .map_err(|error| StoreError::Corrupt(format!("the data of an issue: {error}")))?;
        let priority = data["metadata"]["initial_priority"]
            .as_i64()
            .and_then(|number| Priority::from_number(i16::try_from(number).ok()?));
        Ok(ActivityEntry::first_seen(priority, self.first_seen.0))
    }
}

/// How many of the newest entries to read for a list of `limit`.
pub(super) fn to_read(limit: u32) -> i64 {
    let entries = triage::entries_to_read(whole(limit));
    i64::try_from(entries).unwrap_or(i64::MAX)
}

fn whole(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The list of at most `limit` entries from those that were read, newest first.
///
/// # Errors
/// [`StoreError::Corrupt`] where the data of an entry or of the issue is no JSON.
pub(super) fn list(
    read: Vec<ActivityRecord>,
    first_seen: FirstSeenRecord,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    let names = names(&read);
    let list = triage::newest(entries(read)?, whole(limit), first_seen.into_entry()?);
    Ok(shown(list, &names))
}

/// Every note that was read, in the same order.
///
/// # Errors
/// As [`list`].
pub(super) fn notes(read: Vec<ActivityRecord>) -> Result<Vec<Activity>, StoreError> {
    let names = names(&read);
    Ok(shown(entries(read)?, &names))
}

fn names(read: &[ActivityRecord]) -> HashMap<i64, String> {
    read.iter()
        .filter_map(|record| Some((record.actor?, record.actor_name.clone()?)))
        .collect()
}

fn entries(read: Vec<ActivityRecord>) -> Result<Vec<ActivityEntry>, StoreError> {
    read.into_iter()
        .filter_map(|record| record.into_entry().transpose())
        .collect()
}

fn shown(list: Vec<ActivityEntry>, names: &HashMap<i64, String>) -> Vec<Activity> {
    list.into_iter()
        .map(|entry| Activity {
            kind: entry.kind.as_str().to_owned(),
            at: millis(entry.at),
            actor: entry.user.map(|id| match names.get(&id) {
                Some(name) => name.clone(),
                None => Assignee::User(id).to_string(),
            }),
            data: entry.data.to_string(),
        })
        .collect()
}
