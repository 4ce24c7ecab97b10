//! Which entries of an issue's feed a list shows (group-states spec, section 1.6).

use super::StoreError;
use super::column::Stamp;
use crate::model::{ActivityKind, Priority};
use serde_json::{Value, json};
use sqlx::FromRow;

/// The columns of [`ActivityRecord`], from the tables called `a` (activity) and `m` (member).
macro_rules! activity_columns {
    () => {
        "a.kind, a.actor, m.username AS actor_name, a.ident, a.data, a.at"
    };
}
pub(super) use activity_columns;

/// A stored entry.
#[derive(Debug, Clone, FromRow)]
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
    /// The entry that no store holds: when the issue was seen first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the issue's data is no JSON.
    pub(super) fn first_seen(at: Stamp, issue_data: &str) -> Result<Self, StoreError> {
        let data: Value = serde_json::from_str(issue_data)
            .map_err(|error| StoreError::Corrupt(format!("the data of an issue: {error}")))?;
        let priority = data["metadata"]["initial_priority"]
            .as_i64()
            .and_then(|number| Priority::from_number(i16::try_from(number).ok()?));
        Ok(Self {
            kind: ActivityKind::FirstSeen.number(),
            actor: None,
            actor_name: None,
            ident: None,
            data: json!({"priority": priority.map(Priority::as_str)}).to_string(),
            at,
        })
    }

    fn says_the_same_as(&self, other: &Self) -> bool {
        (self.kind, self.actor, &self.ident, &self.data)
            == (other.kind, other.actor, &other.ident, &other.data)
    }
}

/// How many of the newest entries to read for a list of `limit`: repeated ones are left out of it.
pub(super) fn read_ahead(limit: u32) -> i64 {
    i64::from(limit) * 2
}

/// The list of at most `limit` entries from those that were read, newest first.
///
/// An entry that says the same as the one read just before it is left out, unless it is a note. The first sighting
/// comes last and is what a full list does without.
pub(super) fn listed(
    read: Vec<ActivityRecord>,
    first_seen: ActivityRecord,
    limit: u32,
) -> Vec<ActivityRecord> {
    let note = ActivityKind::Note.number();
    let repeats: Vec<bool> = std::iter::once(false)
        .chain(read.windows(2).map(|pair| match pair {
            [before, entry] => entry.kind != note && entry.says_the_same_as(before),
            _ => false,
        }))
        .collect();
    let mut list: Vec<_> = read
        .into_iter()
        .zip(repeats)
        .filter_map(|(entry, is_repeat)| (!is_repeat).then_some(entry))
        .chain([first_seen])
        .collect();
    list.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn entry(kind: ActivityKind, data: &str, at: i64) -> ActivityRecord {
        ActivityRecord {
            kind: kind.number(),
            actor: None,
            actor_name: None,
            ident: None,
            data: data.to_owned(),
            at: Stamp(DateTime::from_timestamp(at, 0).unwrap()),
        }
    }

    fn times(read: Vec<ActivityRecord>, limit: u32) -> Vec<i64> {
        let first = entry(ActivityKind::FirstSeen, "null", 0);
        let list = listed(read, first, limit);
        list.iter().map(|entry| entry.at.0.timestamp()).collect()
    }

    #[test]
    fn repeated_entries_are_left_out_unless_they_are_notes() {
        use ActivityKind::{Note, SetResolved, SetUnresolved};
        let by_ana = ActivityRecord {
            actor: Some(7),
            ..entry(SetResolved, "{}", 5)
        };
        let of_a_release = ActivityRecord {
            ident: Some("r".to_owned()),
            ..entry(SetResolved, "{}", 4)
        };
        let read = vec![
            entry(SetResolved, "{}", 9),
            entry(SetResolved, "{}", 8),
            entry(SetResolved, "{}", 7),
            entry(SetResolved, "null", 6),
            by_ana,
            of_a_release,
            entry(Note, "\"a\"", 3),
            entry(Note, "\"a\"", 2),
            entry(SetUnresolved, "{}", 1),
        ];
        assert_eq!(times(read, 20), [9, 6, 5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn the_first_sighting_falls_off_a_full_list() {
        use ActivityKind::{SetResolved, SetUnresolved};
        let read = || vec![entry(SetResolved, "{}", 2), entry(SetUnresolved, "{}", 1)];
        assert_eq!(times(read(), 3), [2, 1, 0]);
        assert_eq!(times(read(), 2), [2, 1]);
        assert_eq!(times(read(), 1), [2]);
        assert_eq!(times(read(), 0), [0; 0]);
        assert_eq!(times(Vec::new(), 1), [0]);
    }

    #[test]
    fn the_first_sighting_says_the_initial_priority() {
        let at = Stamp(DateTime::UNIX_EPOCH);
        let said = |data: &str| ActivityRecord::first_seen(at, data).unwrap().data;
        assert_eq!(
            said(r#"{"metadata":{"initial_priority":75}}"#),
            r#"{"priority":"high"}"#
        );
        for unknown in ["{}", r#"{"metadata":{"initial_priority":80}}"#] {
            assert_eq!(said(unknown), r#"{"priority":null}"#, "{unknown}");
        }
        assert!(ActivityRecord::first_seen(at, "{").is_err());
    }
}
