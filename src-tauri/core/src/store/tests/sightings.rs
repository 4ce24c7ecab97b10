//! What is counted for archived issues, at the edges of its spans.

use super::support::*;
use crate::model::{
    Forecast, GroupHash, IssueId, IssueState, IssueStatus, Sightings, Snooze, Substatus,
};
use crate::store::{Effects, IssueWrite, LoadPlan, OccurrenceWrite, Slot, Store};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};

/// Half past twelve, and a microsecond, so that no edge is a whole second by chance.
fn now() -> DateTime<Utc> {
    at(1800) + TimeDelta::microseconds(1)
}

/// `micros` after `from`.
fn after(from: DateTime<Utc>, micros: i64) -> DateTime<Utc> {
    from + TimeDelta::microseconds(micros)
}

fn archived(title: &str, substatus: Substatus) -> IssueWrite {
    let mut opened = opening(issue(SHOP, title, at(0)), title);
    opened.state.issue.status = IssueStatus::Ignored;
    opened.state.issue.substatus = Some(substatus);
    opened
}

/// Stores issues, and an occurrence of each at each of the times.
async fn store_seen(store: &Store, issues: Vec<IssueWrite>, times: &[DateTime<Utc>]) {
    let mut occurrences = Vec::new();
    for place in 0..issues.len() {
        for &time in times {
            let number = u32::try_from(occurrences.len()).unwrap();
            occurrences.push(occurrence(number, Some(Slot(place)), time));
        }
    }
    // Stored, but in no issue.
    occurrences.push(occurrence(100_000, None, now()));
    let effects = Effects {
        issues,
        occurrences,
        ..Effects::default()
    };
    store_effects(store, &effects).await;
}

async fn load_by_hash(store: &Store, titles: &[&str]) -> HashMap<IssueId, Box<IssueState>> {
    load_plan(store, &by_hash(titles)).await.issues
}

fn by_hash(titles: &[&str]) -> LoadPlan {
    LoadPlan {
        now: Some(now()),
        hashes: titles
            .iter()
            .map(|title| (SHOP, GroupHash::of(title)))
            .collect(),
        ..LoadPlan::default()
    }
}

pub async fn spans_end_where_they_should(store: &Store) {
    let hour = at(0);
    let week = now() - TimeDelta::hours(168);
    let window = now() - TimeDelta::minutes(10);
    let mut snoozed = archived("snoozed", Substatus::UntilEscalating);
    snoozed.state.snooze.set(Snooze {
        count: Some(9),
        window: Some(10),
        ..Snooze::default()
    });
    let times = [
        after(now(), 1),
        now(),
        after(now(), -1),
        window,
        after(window, -1),
        hour,
        after(hour, -1),
        week,
        after(week, -1),
    ];
    let watched = archived("watched", Substatus::UntilEscalating);
    store_seen(store, vec![snoozed, watched], &times).await;

    let issues = load_by_hash(store, &["snoozed", "watched"]).await;
    let expected = Sightings {
        // now, just before it, the two around the start of the window, the start of the hour.
        this_hour: 5,
        week: BTreeMap::from([
            // The week begins in the middle of an hour.
            (hour - TimeDelta::hours(168), 1),
            (hour - TimeDelta::hours(1), 1),
            // All of this hour but the one that is now.
            (hour, 4),
        ]),
        in_window: 3,
        users: HashMap::new(),
    };
    assert_eq!(issues[&IssueId(1)].sightings, Some(expected.clone()));
    let without_window = Sightings {
        in_window: 0,
        ..expected
    };
    assert_eq!(issues[&IssueId(2)].sightings, Some(without_window));
}

pub async fn nothing_is_counted_that_nobody_asks_for(store: &Store) {
    let mut snoozed = archived("snoozed", Substatus::UntilConditionMet);
    // Longer than there are times.
    snoozed.state.snooze.set(Snooze {
        count: Some(9),
        window: Some(i64::MAX),
        ..Snooze::default()
    });
    let forecast = |made_at| Forecast {
        values: vec![4; 14],
        made_at,
    };
    let mut fresh = archived("fresh", Substatus::UntilEscalating);
    let fortnight = now() - TimeDelta::days(14);
    fresh.state.forecast.set(forecast(after(fortnight, 1)));
    let mut stale = archived("stale", Substatus::UntilEscalating);
    stale.state.forecast.set(forecast(fortnight));
    let issues = vec![
        opening(issue(SHOP, "open", at(0)), "open"),
        archived("forever", Substatus::Forever),
        snoozed,
        fresh,
        stale,
    ];
    store_seen(store, issues, &[at(0), at(60), at(-86_400)]).await;

    let titles = ["open", "forever", "snoozed", "fresh", "stale"];
    // Per issue: this hour, hours of the week, in the window.
    let counts = |issues: &HashMap<IssueId, Box<IssueState>>| -> Vec<Option<(u64, usize, u64)>> {
        let of = |id: i64| {
            let counted = issues[&IssueId(id)].sightings.as_ref()?;
            Some((counted.this_hour, counted.week.len(), counted.in_window))
        };
        (1..=5).map(of).collect()
    };
    let by_hash_alone = [
        None,
        None,
        Some((2, 0, 3)),
        Some((2, 0, 0)),
        Some((2, 2, 0)),
    ];
    assert_eq!(
        counts(&load_by_hash(store, &titles).await),
        by_hash_alone,
        "a forecast comes only of an issue that is archived until it escalates and has none"
    );

    let named = LoadPlan {
        now: Some(now()),
        issues: (1..=5).map(IssueId).collect(),
        ..LoadPlan::default()
    };
    let mut expected = by_hash_alone;
    expected[3] = Some((2, 2, 0));
    assert_eq!(counts(&load_plan(store, &named).await.issues), expected);

    let counted = LoadPlan {
        counted_issues: vec![IssueId(1), IssueId(3)],
        ..named
    };
    expected[0] = Some((2, 2, 0));
    expected[2] = Some((2, 2, 3));
    assert_eq!(counts(&load_plan(store, &counted).await.issues), expected);

    let counted = LoadPlan {
        counted_hashes: vec![(SHOP, GroupHash::of("forever")), (SHOP, GroupHash::of("x"))],
        ..by_hash(&titles)
    };
    let mut expected = by_hash_alone;
    expected[1] = Some((2, 2, 0));
    assert_eq!(counts(&load_plan(store, &counted).await.issues), expected);
}

pub async fn users_are_known_by_the_newest_time(store: &Store) {
    let with_users = |title: &str| {
        let mut snoozed = archived(title, Substatus::UntilConditionMet);
        snoozed.state.snooze.set(Snooze {
            user_count: Some(2),
            ..Snooze::default()
        });
        snoozed
    };
    let seen = |number, place, user: Option<&str>, time| OccurrenceWrite {
        user: user.map(str::to_owned),
        ..occurrence(number, Some(Slot(place)), time)
    };
    let mut without_count = with_users("without");
    without_count.state.snooze.set(Snooze {
        count: Some(2),
        ..Snooze::default()
    });
    let effects = Effects {
        issues: vec![
            with_users("with"),
            with_users("another"),
            without_count,
            opening(issue(SHOP, "open", at(0)), "open"),
        ],
        occurrences: vec![
            seen(1, 0, Some("id:1"), at(10)),
            seen(2, 0, Some("id:1"), at(30)),
            seen(3, 0, Some("id:1"), after(now(), 1)),
            seen(4, 0, Some("id:2"), now()),
            seen(5, 0, Some("id:3"), after(now(), 1)),
            seen(6, 0, None, at(0)),
            seen(7, 0, Some("ID:1"), at(-40_000_000)),
            seen(8, 1, Some("id:1"), at(20)),
            seen(9, 2, Some("id:1"), at(20)),
            seen(10, 3, Some("id:1"), at(20)),
        ],
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let issues = load_by_hash(store, &["with", "another", "without"]).await;
    let users = |id: i64| {
        issues[&IssueId(id)]
            .sightings
            .as_ref()
            .unwrap()
            .users
            .clone()
    };
    let known = |pairs: &[(&str, DateTime<Utc>)]| -> HashMap<String, DateTime<Utc>> {
        let pairs = pairs.iter();
        pairs
            .map(|(user, time)| ((*user).to_owned(), *time))
            .collect()
    };
    assert_eq!(
        users(1),
        known(&[("id:1", at(30)), ("id:2", now()), ("ID:1", at(-40_000_000))])
    );
    assert_eq!(users(2), known(&[("id:1", at(20))]));
    assert_eq!(users(3), known(&[]));

    // Whoever archives an issue may want to know them beforehand.
    let archiving = LoadPlan {
        now: Some(now()),
        issues: vec![IssueId(3), IssueId(4)],
        counted_issues: vec![IssueId(3), IssueId(99)],
        ..LoadPlan::default()
    };
    let state = load_plan(store, &archiving).await;
    let users = &state.issues[&IssueId(3)].sightings.as_ref().unwrap().users;
    assert_eq!(*users, known(&[("id:1", at(20))]));
    assert_eq!(state.issues[&IssueId(4)].sightings, None);
}
