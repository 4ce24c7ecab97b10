//! The activity feed of an issue as a list shows it (group-states spec, section 1.6).

use crate::model::{ActivityKind, Priority};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// One entry of the activity feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityEntry {
    /// What happened.
    pub kind: ActivityKind,
    /// What it refers to, such as the id of a resolution.
    pub ident: Option<String>,
    /// The user who did it; nothing for the system.
    pub user: Option<i64>,
    /// Its particulars, in a form of each kind's own; null without any.
    pub data: Value,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl ActivityEntry {
    /// The entry that ends every complete list: the issue was seen for the first time at `at`, the `first_seen` of
    /// the issue, with this priority.
    #[must_use]
    pub fn first_seen(initial_priority: Option<Priority>, at: DateTime<Utc>) -> Self {
        Self {
            kind: ActivityKind::FirstSeen,
            ident: None,
            user: None,
            data: json!({ "priority": initial_priority.map(Priority::as_str) }),
            at,
        }
    }

    /// Whether a reader learns nothing from this entry beside `other`. Notes are a person's words and always count.
    fn repeats(&self, other: &Self) -> bool {
        self.kind != ActivityKind::Note
            && self.kind == other.kind
            && self.ident == other.ident
            && self.user == other.user
            && self.data == other.data
    }
}

/// How many stored entries, newest first, have to be read for a list of `n`: twice as many, since repetitions are left
/// out.
#[must_use]
pub fn entries_to_read(n: usize) -> usize {
    n.saturating_mul(2)
}

/// The newest `n` entries of a feed, newest first.
///
/// `read` are the stored entries, newest first; those beyond [`entries_to_read`] are ignored. An entry that says the
/// same as the one read just before it, at whatever time, is left out; of a run of repetitions the newest stays.
/// `first_seen` follows the stored entries, so a list that is full without it does not have it.
#[must_use]
pub fn newest(
    read: impl IntoIterator<Item = ActivityEntry>,
    n: usize,
    first_seen: ActivityEntry,
) -> Vec<ActivityEntry> {
    let mut list: Vec<ActivityEntry> = Vec::new();
    for entry in read.into_iter().take(entries_to_read(n)) {
        // The last one kept stands for the last one read: a dropped entry equals what it was dropped for.
        if !list.last().is_some_and(|before| entry.repeats(before)) {
            list.push(entry);
        }
    }
    list.push(first_seen);
    list.truncate(n);
    list
}

#[cfg(test)]
mod tests {
    use super::{ActivityEntry, entries_to_read, newest};
    use crate::model::{ActivityKind, Priority};
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn entry(kind: ActivityKind, minute: i64) -> ActivityEntry {
        ActivityEntry {
            kind,
            ident: None,
            user: None,
            data: Value::Null,
            at: at(minute),
        }
    }

    fn opened() -> ActivityEntry {
        ActivityEntry::first_seen(Some(Priority::Medium), at(0))
    }

    fn kinds_and_minutes(list: &[ActivityEntry]) -> Vec<(&'static str, i64)> {
        list.iter()
            .map(|entry| (entry.kind.as_str(), entry.at.timestamp() / 60))
            .collect()
    }

    #[test]
    fn the_first_entry_of_an_issue_tells_its_priority() {
        let entry = opened();
        assert_eq!(entry.kind, ActivityKind::FirstSeen);
        assert_eq!(entry.data, json!({"priority": "medium"}));
        assert_eq!((entry.ident, entry.user, entry.at), (None, None, at(0)));
        let unknown = ActivityEntry::first_seen(None, at(4));
        assert_eq!(unknown.data, json!({"priority": null}));
    }

    #[test]
    fn a_list_with_room_ends_with_the_first_sight() {
        let read = vec![
            entry(ActivityKind::SetResolved, 9),
            entry(ActivityKind::Assigned, 5),
        ];
        assert_eq!(
            kinds_and_minutes(&newest(read, 3, opened())),
            [("SET_RESOLVED", 9), ("ASSIGNED", 5), ("FIRST_SEEN", 0)]
        );
        assert_eq!(newest(Vec::new(), 3, opened()), [opened()]);
    }

    #[test]
    fn the_first_sight_falls_off_a_full_list() {
        let read = vec![
            entry(ActivityKind::SetResolved, 9),
            entry(ActivityKind::Assigned, 5),
            entry(ActivityKind::SetUnresolved, 3),
        ];
        assert_eq!(
            kinds_and_minutes(&newest(read, 2, opened())),
            [("SET_RESOLVED", 9), ("ASSIGNED", 5)]
        );
    }

    #[test]
    fn a_run_of_repetitions_leaves_its_newest() {
        let read = vec![
            entry(ActivityKind::SetResolved, 9),
            entry(ActivityKind::SetResolved, 8),
            entry(ActivityKind::SetResolved, 7),
            entry(ActivityKind::SetUnresolved, 6),
            entry(ActivityKind::SetResolved, 5),
        ];
        assert_eq!(
            kinds_and_minutes(&newest(read, 10, opened())),
            [
                ("SET_RESOLVED", 9),
                ("SET_UNRESOLVED", 6),
                ("SET_RESOLVED", 5),
                ("FIRST_SEEN", 0)
            ]
        );
    }

    #[test]
    fn notes_are_never_repetitions() {
        let note = |minute| ActivityEntry {
            user: Some(3),
            data: json!({"text": "again"}),
            ..entry(ActivityKind::Note, minute)
        };
        assert_eq!(
            kinds_and_minutes(&newest(vec![note(2), note(1)], 5, opened())),
            [("NOTE", 2), ("NOTE", 1), ("FIRST_SEEN", 0)]
        );
    }

    #[test]
    fn a_difference_in_ident_user_or_data_is_no_repetition() {
        let base = entry(ActivityKind::SetResolvedInRelease, 9);
        for other in [
            ActivityEntry {
                ident: Some("17".to_owned()),
                ..base.clone()
            },
            ActivityEntry {
                user: Some(17),
                ..base.clone()
            },
            ActivityEntry {
                data: json!({"version": "web@4.2"}),
                ..base.clone()
            },
        ] {
            let list = newest(vec![base.clone(), other.clone()], 5, opened());
            assert_eq!(list, [base.clone(), other, opened()]);
        }
    }

    #[test]
    fn no_more_than_twice_the_wanted_entries_count() {
        let mut read = vec![entry(ActivityKind::SetIgnored, 9); 4];
        read.push(entry(ActivityKind::Assigned, 5));
        assert_eq!(
            kinds_and_minutes(&newest(read.clone(), 2, opened())),
            [("SET_IGNORED", 9), ("FIRST_SEEN", 0)]
        );
        assert_eq!(
            kinds_and_minutes(&newest(read, 3, opened())),
            [("SET_IGNORED", 9), ("ASSIGNED", 5), ("FIRST_SEEN", 0)]
        );
    }

    #[test]
    fn the_smallest_and_the_largest_list() {
        assert_eq!(
            newest(vec![entry(ActivityKind::Merge, 4)], 0, opened()),
            Vec::new()
        );
        assert_eq!(entries_to_read(usize::MAX), usize::MAX);
        let list = newest(vec![entry(ActivityKind::Merge, 4)], usize::MAX, opened());
        assert_eq!(kinds_and_minutes(&list), [("MERGE", 4), ("FIRST_SEEN", 0)]);
    }

    fn any_feed() -> impl Strategy<Value = Vec<ActivityEntry>> {
        let kind = prop::sample::select(vec![
            ActivityKind::Note,
            ActivityKind::SetResolved,
            ActivityKind::Assigned,
        ]);
        proptest::collection::vec((kind, proptest::option::of(0..2_i64)), 0..30).prop_map(|feed| {
            (1..=30)
                .rev()
                .zip(feed)
                .map(|(minute, (kind, user))| ActivityEntry {
                    user,
                    ..entry(kind, minute)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_left_out_is_exactly_what_was_just_said(feed in any_feed(), n in 0..20_usize) {
            // The rule in its other form: each entry of the read ones against its neighbour as read.
            let read = &feed[..feed.len().min(2 * n)];
            let mut expected: Vec<ActivityEntry> = Vec::new();
            for (index, entry) in read.iter().enumerate() {
                let said = index > 0
                    && entry.kind != ActivityKind::Note
                    && (read[index - 1].kind, read[index - 1].user) == (entry.kind, entry.user);
                if !said {
                    expected.push(entry.clone());
                }
            }
            expected.push(opened());
            expected.truncate(n);
            prop_assert_eq!(newest(feed, n, opened()), expected);
        }
    }
}
