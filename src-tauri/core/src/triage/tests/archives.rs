//! Archiving by hand (group-states spec, section 3, rows 15 to 17, G7 and G9).

use super::*;
use crate::triage::ArchiveUntil;

const COUNT_OF_THREE: ArchiveUntil = ArchiveUntil {
    minutes: None,
    count: Some(3),
    window: None,
    user_count: None,
    user_window: None,
};

/// Everything an issue can have beside it.
fn encumbered(mut state: IssueState) -> IssueState {
    state = in_inbox(state, InboxReason::New);
    let snooze = Snooze {
        until: Some(ago(TimeDelta::days(-2))),
        ..Snooze::default()
    };
    state = snoozed(state, snooze);
    state.resolution = Kept::loaded(Some(in_release("api@2.0.0")));
    state
}

fn ignored_with(set: &[(&str, Value)]) -> Value {
    let keys = [
        "ignoreCount",
        "ignoreDuration",
        "ignoreUntil",
        "ignoreUserCount",
        "ignoreUserWindow",
        "ignoreWindow",
        "ignoreUntilEscalating",
    ];
    let mut data = Map::from_iter(keys.map(|key| (key.to_owned(), Value::Null)));
    for (key, value) in set {
        assert!(data.insert((*key).to_owned(), value.clone()).is_some());
    }
    Value::Object(data)
}

fn asked(substatus: Substatus) -> (IssueChange, &'static str, Value) {
    match substatus {
        Substatus::Forever => (
            IssueChange::ArchiveForever,
            "archived_forever",
            ignored_with(&[]),
        ),
        Substatus::UntilEscalating => (
            IssueChange::ArchiveUntilEscalating,
            "archived_until_escalating",
            ignored_with(&[("ignoreUntilEscalating", json!(true))]),
        ),
        _ => (
            IssueChange::ArchiveUntil(COUNT_OF_THREE),
            "archived_until_condition_met",
            ignored_with(&[("ignoreCount", json!(3))]),
        ),
    }
}

const KINDS: [Substatus; 3] = [
    Substatus::Forever,
    Substatus::UntilEscalating,
    Substatus::UntilConditionMet,
];

#[test]
fn an_archive_clears_what_it_makes_pointless() {
    for kind in KINDS {
        let (change, line, data) = asked(kind);
        for state in shown_states() {
            if state.issue.substatus == Some(kind) {
                continue;
            }
            let mut state = encumbered(state);
            assert_eq!(ask(&mut state, &change), Ok(true));
            assert_eq!(pair(&state), (IssueStatus::Ignored, Some(kind)));
            assert_eq!(activities(&state), [("SET_IGNORED", data.clone())]);
            assert_eq!(history(&state), [line]);
            assert_eq!((inbox(&state), state.resolution.get()), (None, None));
            assert_eq!(
                state.snooze.get().is_some(),
                kind == Substatus::UntilConditionMet
            );
            assert_eq!(state.activities[0].actor, Some(3));
        }
    }
}

#[test]
fn the_same_archive_again_says_nothing_but_clears_all_the_same() {
    for kind in KINDS {
        let (change, ..) = asked(kind);
        let mut state = encumbered(archived(kind));
        assert_eq!(ask(&mut state, &change), Ok(true));
        assert!(state.activities.is_empty() && state.history.is_empty());
        assert_eq!((inbox(&state), state.resolution.get()), (None, None));
        let until = state.snooze.get().and_then(|snooze| snooze.until);
        assert_eq!(until, None, "the old row is gone");
    }
    let mut bare = archived(Substatus::Forever);
    assert_eq!(ask(&mut bare, &IssueChange::ArchiveForever), Ok(false));
}

#[test]
fn a_snooze_row_remembers_what_its_conditions_are_measured_from() {
    let row = |until| {
        let mut state = unresolved(Substatus::Ongoing);
        let users = ["a", "b"].map(|user| (user.to_owned(), now()));
        state.sightings = Some(Sightings {
            users: users.into(),
            ..Sightings::default()
        });
        ask(&mut state, &IssueChange::ArchiveUntil(until)).unwrap();
        state.snooze.get().cloned()
    };
    let none = ArchiveUntil::default();
    let snooze = Snooze {
        actor: Some(3),
        ..Snooze::default()
    };

    let minutes = ArchiveUntil {
        minutes: Some(30),
        ..none
    };
    let until = Some(now() + TimeDelta::minutes(30));
    assert_eq!(
        row(minutes),
        Some(Snooze {
            until,
            ..snooze.clone()
        })
    );

    let expected = Snooze {
        count: Some(3),
        times_seen: Some(40),
        ..snooze.clone()
    };
    assert_eq!(row(COUNT_OF_THREE), Some(expected));

    let window = ArchiveUntil {
        window: Some(60),
        ..COUNT_OF_THREE
    };
    let expected = Snooze {
        count: Some(3),
        window: Some(60),
        ..snooze.clone()
    };
    assert_eq!(
        row(window),
        Some(expected),
        "what is counted anew is not recorded"
    );

    let users = ArchiveUntil {
        user_count: Some(5),
        ..none
    };
    let expected = Snooze {
        user_count: Some(5),
        users_seen: Some(2),
        ..snooze.clone()
    };
    assert_eq!(row(users), Some(expected));

    let user_window = ArchiveUntil {
        user_window: Some(60),
        ..users
    };
    let expected = Snooze {
        user_count: Some(5),
        user_window: Some(60),
        ..snooze
    };
    assert_eq!(row(user_window), Some(expected));
}

#[test]
fn zeros_and_windows_alone_are_no_conditions() {
    let empty = ArchiveUntil {
        minutes: Some(0),
        count: Some(0),
        window: Some(60),
        user_count: Some(0),
        user_window: Some(60),
    };
    let mut state = encumbered(unresolved(Substatus::Ongoing));
    assert_eq!(ask(&mut state, &IssueChange::ArchiveUntil(empty)), Ok(true));
    assert_eq!(
        pair(&state),
        (IssueStatus::Ignored, Some(Substatus::UntilConditionMet))
    );
    assert_eq!(state.snooze.get(), None, "and the old row is gone");
    let windows = [("ignoreWindow", json!(60)), ("ignoreUserWindow", json!(60))];
    assert_eq!(
        activities(&state),
        [("SET_IGNORED", ignored_with(&windows))]
    );
}

#[test]
fn the_activity_names_every_condition() {
    let all = ArchiveUntil {
        minutes: Some(90),
        count: Some(7),
        window: Some(10),
        user_count: Some(2),
        user_window: Some(20),
    };
    let mut state = unresolved(Substatus::New);
    ask(&mut state, &IssueChange::ArchiveUntil(all)).unwrap();
    let data = ignored_with(&[
        ("ignoreCount", json!(7)),
        ("ignoreDuration", json!(90)),
        ("ignoreUntil", json!("2026-03-04T14:00:00.000000Z")),
        ("ignoreUserCount", json!(2)),
        ("ignoreUserWindow", json!(20)),
        ("ignoreWindow", json!(10)),
    ]);
    assert_eq!(activities(&state), [("SET_IGNORED", data)]);
}

#[test]
fn archiving_until_escalating_makes_a_forecast() {
    let hour = |hours| ago(TimeDelta::minutes(30) + TimeDelta::hours(hours));
    let mut state = unresolved(Substatus::Ongoing);
    state.sightings = Some(Sightings {
        week: [(hour(3), 2), (hour(1), 4)].into(),
        ..Sightings::default()
    });
    assert_eq!(
        ask(&mut state, &IssueChange::ArchiveUntilEscalating),
        Ok(true)
    );
    assert_eq!(
        state.forecast.get(),
        Some(&Forecast {
            values: vec![40; 14],
            made_at: now(),
        })
    );

    let mut quiet = unresolved(Substatus::Ongoing);
    quiet.sightings = Some(Sightings::default());
    ask(&mut quiet, &IssueChange::ArchiveUntilEscalating).unwrap();
    assert_eq!(
        quiet.forecast.get(),
        None,
        "there is nothing to forecast from"
    );

    let mut never = state;
    never.forecast = Kept::default();
    never.issue.group_type = NEVER_ESCALATES;
    ask(&mut never, &IssueChange::ArchiveUntilEscalating).unwrap();
    assert_eq!(never.forecast.get(), None);
}
