//! Whatever happens in whatever order, an issue stays in a state that there is.

use super::*;
use crate::model::{Assignee, EscalationThreshold, ProjectRules};
use crate::triage::{
    ArchiveUntil, EARLY_ESCALATION, EarlyEscalation, Sighting, StatusChanged, Task, carry_out,
    change_status, regress, repoint,
};
use proptest::prelude::*;

/// Something that happens to an issue.
#[derive(Debug, Clone)]
enum Step {
    Asked {
        change: IssueChange,
        actor: Option<i64>,
        alone: bool,
    },
    Sent {
        status: i64,
        substatus: Option<i64>,
    },
    Seen {
        minutes_ago: i64,
        user: Option<&'static str>,
        release: Option<&'static str>,
        early: bool,
    },
    Task(Task),
    Appeared(&'static str),
}

const RELEASES: [(&str, i64); 3] = [("api@3.0.0", 2), ("api@2.0.0", 6), ("api@1.0.0", 20)];

fn any_conditions() -> impl Strategy<Value = ArchiveUntil> {
    let few = || proptest::option::of(0..4_u32);
    let minutes = || proptest::option::of(prop::sample::select(vec![0, 10, 9_000_u32]));
    (minutes(), few(), minutes(), few(), minutes()).prop_map(
        |(duration, count, window, user_count, user_window)| ArchiveUntil {
            minutes: duration,
            count,
            window,
            user_count,
            user_window,
        },
    )
}

fn any_change() -> impl Strategy<Value = IssueChange> {
    let priority = prop::sample::select(vec![Priority::Low, Priority::Medium, Priority::High]);
    let version = prop::sample::select(vec!["api@1.0.0", "api@3.0.0", "api@7.0.0"]);
    let assignee = prop::sample::select(vec![
        None,
        Some(Assignee::User(3)),
        Some(Assignee::User(4)),
        Some(Assignee::Team(9)),
    ]);
    prop_oneof![
        Just(IssueChange::Resolve),
        version.prop_map(|version| IssueChange::ResolveInRelease(version.to_owned())),
        Just(IssueChange::ResolveInNextRelease),
        Just(IssueChange::ArchiveForever),
        Just(IssueChange::ArchiveUntilEscalating),
        any_conditions().prop_map(IssueChange::ArchiveUntil),
        Just(IssueChange::Unresolve),
        priority.prop_map(IssueChange::SetPriority),
        assignee.prop_map(IssueChange::Assign),
        Just(IssueChange::MarkReviewed),
        Just(IssueChange::AddToInbox),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let actor = prop::sample::select(vec![None, Some(3)]);
    let asked = (any_change(), actor, any::<bool>());
    let asked = asked.prop_map(|(change, actor, alone)| Step::Asked {
        change,
        actor,
        alone,
    });
    let sent = (-1..6_i64, proptest::option::of(0..9_i64));
    let sent = sent.prop_map(|(status, substatus)| Step::Sent { status, substatus });
    let user = proptest::option::of(prop::sample::select(vec!["a", "b", "c"]));
    let release = prop::sample::select(vec!["api@1.0.0", "api@2.0.0", "api@3.0.0"]);
    let seen = (
        -2..600_i64,
        user,
        proptest::option::of(release),
        any::<bool>(),
    );
    let seen = seen.prop_map(|(minutes_ago, user, release, early)| Step::Seen {
        minutes_ago,
        user,
        release,
        early,
    });
    let task = prop::sample::select(vec![
        Task::Settle(Substatus::New),
        Task::Settle(Substatus::Regressed),
        Task::Settle(Substatus::Escalating),
        Task::Wake,
        Task::ResolveQuiet,
        Task::Forecast,
    ]);
    let delete = Just(Step::Asked {
        change: IssueChange::Delete,
        actor: Some(3),
        alone: true,
    });
    prop_oneof![
        8 => asked,
        4 => sent,
        12 => seen,
        3 => task.prop_map(Step::Task),
        1 => Just(Step::Appeared("api@4.0.0")),
        1 => delete,
    ]
}

/// A project with early escalation, in which hardly anything happens.
fn slow_project(at: DateTime<Utc>) -> Option<EarlyEscalation> {
    let threshold = EscalationThreshold {
        events_per_hour: 0.01,
        measured_at: at,
    };
    EarlyEscalation::of(&[EARLY_ESCALATION.to_owned()].into(), Some(threshold), at)
}

/// Carries a step out, and says whether it claims to have changed nothing.
fn take(state: &mut IssueState, step: &Step, at: DateTime<Utc>, releases: &Releases) -> bool {
    let rules = ProjectRules {
        resolve_age_hours: Some(4),
        ..ProjectRules::default()
    };
    let system = Cause::system(at);
    match step {
        Step::Asked {
            change,
            actor,
            alone,
        } => {
            let around = Surroundings {
                cause: Cause {
                    now: at,
                    actor: *actor,
                },
                directory: &directory(),
                releases: releases.of_project(),
                seen_in: &[("api@2.0.0", ago(TimeDelta::hours(5)))],
                alone: *alone,
                secret: "s",
            };
            change_issue(state, change, &around) != Ok(true)
        }
        Step::Sent { status, substatus } => {
            change_status(state, *status, *substatus, system) != StatusChanged::Yes
        }
        Step::Seen {
            minutes_ago,
            user,
            release,
            early,
        } => {
            let time = at - TimeDelta::minutes(*minutes_ago);
            state.issue.times_seen += 1;
            state.issue.first_seen = state.issue.first_seen.min(time);
            state.issue.last_seen = state.issue.last_seen.max(time);
            let mut measures = Measures::default();
            let event_id = event();
            let sighting = Sighting {
                event_id,
                time,
                release: *release,
            };
            let of_project = releases.of_project();
            let reached = Reached {
                event_id,
                time,
                user: *user,
                is_new: false,
                is_regression: regress(state, &sighting, rules, &of_project, &mut measures, system),
            };
            crate::triage::count_sighting(state, &reached, at);
            let early = early.then(|| slow_project(at)).flatten();
            crate::triage::post_process(state, &reached, early, &mut measures, system);
            false
        }
        Step::Task(task) => !carry_out(state, *task, rules, system),
        Step::Appeared(version) => !repoint(state, version, at),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_order_of_steps_leaves_a_legal_state(
        start in 0..9_usize,
        group_type in prop::sample::select(vec![PLAIN, 1]),
        first_seen in 0..40_i64,
        steps in prop::collection::vec((any_step(), 0..4_000_i64), 1..40),
    ) {
        let mut state = shown_states().swap_remove(start);
        state.sightings = Some(Sightings::default());
        state.issue.group_type = group_type;
        state.issue.first_seen = ago(TimeDelta::hours(first_seen));
        let releases = Releases::of(&RELEASES);
        let mut at = now();
        for (step, minutes) in &steps {
            at += TimeDelta::minutes(*minutes);
            let before = state.clone();
            let says_nothing = take(&mut state, step, at, &releases);

            prop_assert!(state.issue.status.allows(state.issue.substatus), "{step:?}");
            if says_nothing {
                prop_assert_eq!(&state, &before, "{:?}", step);
            }
            if before.issue.status.is_hidden() {
                prop_assert_eq!(pair(&state), pair(&before), "{:?}", step);
                prop_assert_eq!(state.activities.len(), before.activities.len());
            }
            // A row of the inbox is there as it came, or gone.
            if let (Some(earlier), Some(later)) = (before.inbox.get(), state.inbox.get()) {
                prop_assert_eq!(earlier, later, "{:?}", step);
            }
            if before.inbox.get().is_none() && let Some(entry) = state.inbox.get() {
                prop_assert_eq!(entry.since, at);
            }
            // Whoever changes the status says so, but for the deletion and the first occurrence.
            if pair(&state) != pair(&before) && !state.issue.status.is_hidden() {
                let told = &state.history[before.history.len()..];
                prop_assert!(!told.is_empty(), "{:?}", step);
                prop_assert!(state.activities.len() > before.activities.len());
            }
            if before.issue.priority_locked_at.is_some() {
                let asked = matches!(step, Step::Asked { change: IssueChange::SetPriority(_), .. });
                prop_assert!(asked || state.issue.priority == before.issue.priority);
            }
            let is_waiting = state.snooze.get().is_some();
            let is_resolved_by_hand = matches!(
                step,
                Step::Asked { change: IssueChange::Resolve | IssueChange::Unresolve, .. }
            );
            prop_assert!(!(is_resolved_by_hand && !before.issue.status.is_hidden() && is_waiting));
        }
    }
}
