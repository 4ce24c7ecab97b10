//! Which messages open an issue and which end before that (occurrences spec, sections 5, 8, 10 and 11).

use super::*;
use crate::model::ProjectId;

const THRESHOLD: &str = "noise_reduction.should_create_group.threshold";
const NOISE: Ending = Ending::Dropped(DropReason::NoiseReduction);
const LIMITED: Ending = Ending::Dropped(DropReason::RateLimited);

fn of_type(n: u32, fingerprint: &str, group_type: u16) -> Value {
    with(message(n, fingerprint), |m| m["type"] = json!(group_type))
}

fn counted(effects: &Effects, name: &str) -> Vec<(Vec<(&'static str, String)>, u64)> {
    let counters = effects.measures.counters.iter();
    counters
        .filter(|(measure, _)| measure.name == name)
        .map(|(measure, amount)| (measure.tags.clone(), *amount))
        .collect()
}

#[test]
fn noise_is_stored_and_opens_nothing() {
    let noisy = |n| of_type(n, "a", 1006);
    let effects = folded(
        &[noisy(1), noisy(2), noisy(3), noisy(4)],
        BatchState::default(),
    );
    assert_eq!(count(&effects, NOISE), 2);
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(count(&effects, Ending::Updated), 1);
    assert_eq!((effects.occurrences.len(), effects.events.len()), (4, 4));
    let slots: Vec<_> = effects.occurrences.iter().map(|row| row.slot).collect();
    assert_eq!(slots, [None, None, Some(Slot(0)), Some(Slot(0))]);
    assert_eq!(effects.issues[0].state.issue.times_seen, 2);

    let over = |is_over: &str| {
        vec![
            ("over_threshold", is_over.to_owned()),
            ("group_type", "performance_n_plus_one_db_queries".to_owned()),
        ]
    };
    let expected = [(over("false"), 2), (over("true"), 1)];
    assert_eq!(counted(&effects, THRESHOLD), expected);
    assert_eq!(
        measured(&effects, "issues.issue.dropped.noise_reduction"),
        Some(2)
    );
}

#[test]
fn a_type_without_noise_is_not_measured() {
    let effects = folded(&[of_type(1, "a", 1010)], BatchState::default());
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(measured(&effects, THRESHOLD), None);
}

#[test]
fn a_quota_ends_and_noise_is_asked_first() {
    let plain = |n: u32| message(n, &format!("plain {n}"));
    let noisy = |n| of_type(n, "noisy", 1006);
    let mut messages: Vec<Value> = (1..=6).map(plain).collect();
    messages.extend([noisy(7), noisy(8)]);
    let effects = folded(&messages, BatchState::default());
    assert_eq!(count(&effects, Ending::Created), 5);
    assert_eq!((count(&effects, LIMITED), count(&effects, NOISE)), (1, 2));
    assert_eq!(
        measured(&effects, "issues.issue.dropped.rate_limiting"),
        Some(1)
    );
    assert_eq!(effects.occurrences.len(), 8);
}

#[test]
fn a_refused_issue_passes_as_no_noise_the_next_time() {
    let counters = Counters::default();
    let fold = |messages: &[Value], now: DateTime<Utc>| {
        let rules = FoldRules { now, ..rules() };
        let state = BatchState::default();
        folded_on(
            &counters,
            &rules,
            &items(messages),
            &StoredEvents::new(),
            state,
        )
    };
    let noisy = |n, fingerprint: &str| of_type(n, fingerprint, 1006);
    let fill: Vec<Value> = (1..=5)
        .flat_map(|problem| {
            let fingerprint = format!("fill {problem}");
            (0..3).map(move |n| (10 * problem + n, fingerprint.clone()))
        })
        .map(|(n, fingerprint)| noisy(n, &fingerprint))
        .collect();
    assert_eq!(count(&fold(&fill, now()), Ending::Created), 5);
    let more = fold(&[noisy(91, "a"), noisy(92, "a"), noisy(93, "a")], now());
    assert_eq!((count(&more, NOISE), count(&more, LIMITED)), (2, 1));
    let later = fold(&[noisy(94, "a")], now() + TimeDelta::hours(1));
    assert_eq!(count(&later, Ending::Created), 1);
}

#[test]
fn an_issue_that_is_there_costs_nothing() {
    let messages: Vec<Value> = (1..=9).map(|n| message(n, "a")).collect();
    let effects = folded(&messages, leading_to("a", opened("a")));
    assert_eq!(count(&effects, Ending::Updated), 9);
}

#[test]
fn without_counters_everything_may_open_an_issue() {
    let off = Counters::Off;
    let messages: Vec<Value> = (1..=7)
        .map(|n| of_type(n, &format!("noisy {n}"), 1006))
        .collect();
    let state = BatchState::default();
    let effects = folded_on(
        &off,
        &rules(),
        &items(&messages),
        &StoredEvents::new(),
        state,
    );
    assert_eq!(count(&effects, Ending::Created), 7);
}

#[test]
fn what_is_switched_off_leaves_nothing_behind() {
    let effects = folded(&[of_type(1, "a", 2001)], BatchState::default());
    let disabled = Ending::Dropped(DropReason::FeatureDisabled);
    assert_eq!(count(&effects, disabled), 1);
    assert!(effects.occurrences.is_empty() && effects.events.is_empty());
    assert!(effects.environments.is_empty());
    assert_eq!(
        measured(&effects, "occurrence_ingest.dropped_feature_disabled"),
        Some(1)
    );
}

#[test]
fn an_environment_appears_with_what_is_stored_in_it() {
    let noisy = |n, environment: &str, is_light: bool| {
        with(of_type(n, "a", 1006), |m| {
            m["event"]["environment"] = json!(environment);
            m["is_buffered_spans"] = json!(is_light);
        })
    };
    let dropped = folded(
        &[noisy(1, "stored", false), noisy(2, "light", true)],
        BatchState::default(),
    );
    assert_eq!(count(&dropped, NOISE), 2);
    assert_eq!(dropped.environments, [(ProjectId(1), "stored".to_owned())]);
    let joined = folded(&[noisy(3, "light", true)], leading_to("a", opened("a")));
    assert_eq!(joined.environments, [(ProjectId(1), "light".to_owned())]);
}

#[test]
fn an_opened_issue_is_counted_with_its_tags() {
    let named = with(message(1, "a"), |m| {
        m["event"]["sdk"] = json!({ "name": "sentry.python.django", "version": "2.1.0" });
    });
    let light = with(message(2, "b"), |m| {
        m["is_buffered_spans"] = json!(true);
        m["event"]["platform"] = json!("genesis");
    });
    let effects = folded(&[named, light], BatchState::default());
    let tags = |platform: &str, sdk: &str| {
        vec![
            ("platform", platform.to_owned()),
            ("type", "2007".to_owned()),
            ("sdk", sdk.to_owned()),
        ]
    };
    let created = counted(&effects, "group.created");
    assert!(
        created.contains(&(tags("genesis", "other"), 1)),
        "{created:?}"
    );
    assert!(
        created.contains(&(tags("python", "sentry.python"), 1)),
        "{created:?}"
    );
}

#[test]
fn status_changes_of_two_projects_stay_apart() {
    let elsewhere = with(status_change(1, "a", 1, None), |m| {
        m["project_id"] = json!(2);
    });
    let effects = folded(
        &[elsewhere, status_change(2, "a", 2, Some(5))],
        leading_to("a", opened("a")),
    );
    let not_found = Ending::Dropped(DropReason::StatusChangeGroupNotFound);
    assert_eq!(count(&effects, not_found), 1);
    assert_eq!(count(&effects, Ending::StatusChanged), 1);
    assert_eq!(activities(&effects.issues[0].state), ["SET_IGNORED"]);
    let outcomes = effects.outcomes;
    assert!(outcomes.contains(&(ProjectId(2), not_found, 1)));
    assert!(outcomes.contains(&(ProjectId(1), Ending::StatusChanged, 1)));
}

#[test]
fn a_new_issue_is_handed_to_whom_its_first_message_names() {
    use crate::model::{Assignee, Directory, Team};
    let directory = Arc::new(Directory {
        users: Vec::new(),
        teams: vec![Team {
            id: 4,
            slug: "core".to_owned(),
            ..Team::default()
        }],
    });
    let mut settings = settings();
    settings.directory = Arc::clone(&directory);
    let processor = crate::pipeline::Processor::new(Arc::new(NoStore), settings);
    let named = |n| with(message(n, "a"), |m| m["assignee"] = json!("team:4"));
    let records = items(&[named(1), named(2)])
        .into_iter()
        .map(|item| item.record);
    let items = processor.decode(records.collect(), now());
    let rules = FoldRules {
        directory,
        ..rules()
    };
    let known = StoredEvents::new();
    let effects = folded_by(&rules, &items, &known, BatchState::default());
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.assignee, Some(Assignee::Team(4)));
    assert_eq!(activities(state), ["ASSIGNED"]);
    assert_eq!(measured(&effects, "group.assignee.change"), Some(1));

    let later = folded_by(&rules, &items, &known, leading_to("a", opened("a")));
    assert_eq!(later.issues[0].state.issue.assignee, None);
    assert_eq!(measured(&later, "group.assignee.change"), None);
}
