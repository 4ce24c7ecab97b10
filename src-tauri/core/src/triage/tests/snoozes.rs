//! When an archive with conditions ends (group-states spec, sections 4 and 4.1).

use super::*;

fn sightings(in_window: u64, users: &[(&str, i64)]) -> Option<Sightings> {
    let users = users
        .iter()
        .map(|(user, minutes)| ((*user).to_owned(), ago(TimeDelta::minutes(*minutes))));
    Some(Sightings {
        in_window,
        users: users.collect(),
        ..Sightings::default()
    })
}

/// Whether one more occurrence ends it.
fn ends(snooze: &Snooze, counted: Option<Sightings>, reached: &Reached<'_>) -> bool {
    let mut state = snoozed(archived(Substatus::UntilConditionMet), snooze.clone());
    state.sightings = counted;
    occur(&mut state, reached);
    let is_over = state.snooze.get().is_none();
    assert_eq!(state.issue.status == IssueStatus::Unresolved, is_over);
    is_over
}

#[test]
fn a_time_ends_it_when_it_has_come() {
    let until = |until| Snooze {
        until: Some(until),
        ..Snooze::default()
    };
    assert!(ends(
        &until(ago(TimeDelta::microseconds(1))),
        None,
        &reached()
    ));
    assert!(ends(&until(now()), None, &reached()));
    assert!(!ends(
        &until(now() + TimeDelta::microseconds(1)),
        None,
        &reached()
    ));
}

#[test]
fn a_count_ends_it_with_the_occurrence_that_reaches_it() {
    // With this one the issue was seen 41 times.
    let count = |times_seen| Snooze {
        count: Some(3),
        times_seen,
        ..Snooze::default()
    };
    assert!(!ends(&count(Some(39)), None, &reached()));
    assert!(ends(&count(Some(38)), None, &reached()));
    assert!(ends(&count(None), None, &reached()));
}

#[test]
fn a_window_counts_what_lies_in_it() {
    let snooze = Snooze {
        count: Some(3),
        window: Some(10),
        times_seen: None,
        ..Snooze::default()
    };
    let at = |time| Reached { time, ..reached() };
    let ends = |before, time| ends(&snooze, sightings(before, &[]), &at(time));
    let edge = ago(TimeDelta::minutes(10));
    assert!(ends(2, now()));
    assert!(!ends(1, now()));
    assert!(ends(2, edge));
    assert!(!ends(2, edge - TimeDelta::microseconds(1)));
    assert!(!ends(2, now() + TimeDelta::microseconds(1)));
}

#[test]
fn a_window_without_beginning_takes_in_everything() {
    let snooze = Snooze {
        count: Some(2),
        window: Some(i64::MAX),
        ..Snooze::default()
    };
    assert!(ends(&snooze, sightings(1, &[]), &reached()));
}

#[test]
fn users_are_counted_from_those_there_were() {
    let snooze = |users_seen| Snooze {
        user_count: Some(2),
        users_seen,
        ..Snooze::default()
    };
    let by = |user| Reached {
        user: Some(user),
        ..reached()
    };
    let known = || sightings(0, &[("a", 9_000), ("b", 3)]);
    assert!(!ends(&snooze(Some(2)), known(), &by("c")));
    assert!(ends(&snooze(Some(1)), known(), &by("c")));
    assert!(!ends(&snooze(Some(1)), known(), &by("b")), "nobody new");
    assert!(
        !ends(&snooze(Some(1)), known(), &reached()),
        "nobody at all"
    );
    assert!(ends(&snooze(None), known(), &reached()));
}

#[test]
fn users_of_a_window_are_those_seen_in_it() {
    let snooze = Snooze {
        user_count: Some(2),
        user_window: Some(10),
        users_seen: None,
        ..Snooze::default()
    };
    let by = |user, minutes| Reached {
        user: Some(user),
        time: ago(TimeDelta::minutes(minutes)),
        ..reached()
    };
    let known = || sightings(0, &[("a", 10), ("b", 11)]);
    assert!(ends(&snooze, known(), &by("c", 10)));
    assert!(ends(&snooze, known(), &by("b", 0)), "seen again");
    assert!(!ends(&snooze, known(), &by("a", 0)));
    assert!(!ends(&snooze, known(), &by("c", 11)));
    assert!(!ends(&snooze, known(), &by("c", -1)), "not yet");
}

#[test]
fn any_condition_is_enough_and_none_is_none() {
    let both = Snooze {
        until: Some(now() + TimeDelta::days(1)),
        count: Some(1),
        times_seen: Some(40),
        ..Snooze::default()
    };
    assert!(ends(&both, None, &reached()));
    assert!(!ends(
        &Snooze::default(),
        sightings(99, &[("a", 1)]),
        &reached()
    ));
}

/// A row whose condition every occurrence meets.
fn lapsed(until: Option<DateTime<Utc>>) -> Snooze {
    Snooze {
        until,
        count: Some(1),
        ..Snooze::default()
    }
}

#[test]
fn what_was_archived_for_a_count_escalates() {
    let substatuses = [
        None,
        Some(Substatus::UntilConditionMet),
        Some(Substatus::Forever),
    ];
    for substatus in substatuses {
        let mut state = snoozed(standing(IssueStatus::Ignored, substatus), lapsed(None));
        let measures = occur(&mut state, &reached());
        assert_eq!(measures, Measures::default());
        let escalating = (IssueStatus::Unresolved, Some(Substatus::Escalating));
        assert_eq!(pair(&state), escalating);
        let details = json!({
            "until": null, "count": 1, "window": null, "user_count": null, "user_window": null,
        });
        let data = json!({ "event_id": event_text(), "expired_snooze": details });
        assert_eq!(
            activities(&state),
            [
                ("SET_ESCALATING", data),
                (
                    "SET_PRIORITY",
                    json!({ "priority": "medium", "reason": "escalating" })
                ),
            ]
        );
        assert_eq!(history(&state), ["escalating", "priority_medium"]);
        let entry = state.inbox.get().unwrap();
        assert_eq!(entry.reason, InboxReason::Escalating);
        assert_eq!(entry.details.unwrap().to_json(), details);
    }
}

#[test]
fn what_was_archived_until_a_time_is_ongoing_whichever_condition_was_met() {
    for until in [ago(TimeDelta::days(1)), now() + TimeDelta::days(1)] {
        let archived = archived(Substatus::UntilConditionMet);
        let mut state = snoozed(archived, lapsed(Some(until)));
        occur(&mut state, &reached());
        let ongoing = (IssueStatus::Unresolved, Some(Substatus::Ongoing));
        assert_eq!(pair(&state), ongoing);
        let data = json!({ "event_id": event_text() });
        assert_eq!(activities(&state), [("SET_UNRESOLVED", data)]);
        assert_eq!(history(&state), ["ongoing"]);
        let entry = state.inbox.get().unwrap();
        assert_eq!(entry.reason, InboxReason::Ongoing);
        assert_eq!(entry.details.unwrap().until, Some(until));
        assert_eq!(state.issue.priority, Some(Priority::Low));
    }
}

const MISMATCH: &str = "post_process.process_snoozes.mismatch_status";

#[test]
fn a_row_on_an_issue_that_is_not_archived_is_noted_and_ends() {
    let regression = Reached {
        is_regression: true,
        ..reached()
    };
    let past = Some(ago(TimeDelta::days(1)));
    for (start, snooze) in [
        (unresolved(Substatus::Regressed), lapsed(None)),
        (unresolved(Substatus::Regressed), lapsed(past)),
        (resolved(), lapsed(None)),
        (standing(IssueStatus::PendingMerge, None), lapsed(past)),
    ] {
        let before = pair(&start);
        let mut state = snoozed(start, snooze);
        let measures = occur(&mut state, &regression);
        assert_eq!(measures.value(MISMATCH), Some(1));
        assert_eq!((pair(&state), state.snooze.get()), (before, None));
        assert!(state.activities.is_empty());
        assert_eq!(inbox(&state), None, "not even for the regression");
    }

    let mut back = snoozed(resolved(), lapsed(past));
    assert_eq!(occur(&mut back, &reached()).value(MISMATCH), Some(1));
    assert_eq!(
        pair(&back),
        (IssueStatus::Unresolved, Some(Substatus::Ongoing))
    );
    assert_eq!(inbox(&back), Some(InboxReason::Ongoing));
}

#[test]
fn a_row_that_holds_lets_a_regression_into_the_inbox() {
    let regression = Reached {
        is_regression: true,
        ..reached()
    };
    let holds = Snooze {
        until: Some(now() + TimeDelta::days(1)),
        ..Snooze::default()
    };
    let mut state = snoozed(unresolved(Substatus::Regressed), holds);
    assert_eq!(occur(&mut state, &regression).value(MISMATCH), Some(1));
    assert!(state.snooze.get().is_some());
    assert_eq!(inbox(&state), Some(InboxReason::Regression));
}
