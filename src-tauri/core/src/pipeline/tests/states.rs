//! What a batch does to the state of its issues, one message after another (occurrences spec, sections 13 to 15).

use super::*;
use crate::model::{
    Forecast, InboxReason, IssueStatus, Kept, Resolution, ResolutionKind, ResolutionStatus,
    Sightings, Snooze, StoredActivity,
};
use crate::store::ProjectState;

/// Archives until it escalates.
const WATCH: (i64, Option<i64>) = (2, Some(1));

fn seen_now(n: u32, fingerprint: &str) -> Value {
    with(message(n, fingerprint), |m| {
        m["event"]["timestamp"] = json!(now().to_rfc3339());
    })
}

fn unpruned(messages: &[Value], state: BatchState) -> Effects {
    let rules = FoldRules {
        prune_status_changes: false,
        ..rules()
    };
    folded_by(&rules, &items(messages), &StoredEvents::new(), state)
}

#[test]
fn an_issue_is_new_archived_and_escalating_in_one_batch() {
    let watch = status_change(100, "a", WATCH.0, WATCH.1);
    let mut messages = vec![seen_now(1, "a"), watch];
    messages.extend((2..=10).map(|n| seen_now(n, "a")));
    let effects = unpruned(&messages, BatchState::default());
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::UntilEscalating));
    assert_eq!(state.issue.times_seen, 10, "ten are no surprise");

    messages.push(seen_now(11, "a"));
    let effects = unpruned(&messages, BatchState::default());
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Escalating));
    assert_eq!(
        activities(state),
        ["SET_IGNORED", "SET_ESCALATING", "SET_PRIORITY"]
    );
    let inbox = state.inbox.get().map(|entry| entry.reason);
    assert_eq!(
        inbox,
        Some(InboxReason::Escalating),
        "the first row went with the archive"
    );
}

#[test]
fn sightings_before_an_archive_count_after_it() {
    let mut issue = opened("a");
    issue.sightings = Some(Sightings {
        this_hour: 7,
        ..Sightings::default()
    });
    let messages = [
        seen_now(1, "a"),
        seen_now(2, "a"),
        status_change(3, "a", WATCH.0, WATCH.1),
        seen_now(4, "a"),
        seen_now(5, "a"),
    ];
    let effects = unpruned(&messages, leading_to("a", issue));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Escalating));
    assert_eq!(state.activities[1].data["forecast"], 10);

    let hash = (ProjectId(1), GroupHash::of("a"));
    let asked = plan(
        &items(&messages),
        &StoredEvents::new(),
        Mode::Batched,
        now(),
    );
    assert_eq!(asked.counted_hashes, [hash]);
}

#[test]
fn feedback_that_reaches_no_inbox_counts_all_the_same() {
    let feedback = |n, source: &str| {
        with(seen_now(n, "a"), |m| {
            m["type"] = json!(6001);
            m["evidence_data"] = json!({ "source": source });
        })
    };
    let first = folded(&[feedback(900, "elsewhere")], BatchState::default());
    let mut issue = IssueState::new(first.issues[0].state.issue.clone());
    issue.issue.status = IssueStatus::Ignored;
    issue.issue.substatus = Some(Substatus::UntilEscalating);
    issue.sightings = Some(Sightings::default());
    issue.forecast = Kept::loaded(Some(Forecast {
        values: vec![2; 14],
        made_at: now(),
    }));
    let quiet = [1, 2, 3].map(|n| feedback(n, "elsewhere"));
    let effects = folded(&quiet, leading_to("a", issue.clone()));
    assert_eq!(effects.issues[0].state.issue.status, IssueStatus::Ignored);

    let [one, two, _] = quiet;
    let heard = [one, two, feedback(3, "new_feedback_envelope")];
    let effects = folded(&heard, leading_to("a", issue));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Escalating));
}

#[test]
fn feedback_follows_the_project_and_the_spam_filter() {
    let feedback = |source: &str, is_spam: Value| {
        with(message(1, "a"), |m| {
            m["type"] = json!(6001);
            m["evidence_data"] = json!({ "source": source, "is_spam": is_spam });
        })
    };
    let substatus = |message: Value, wants_reports: bool, filters: bool| {
        let mut rules = rules();
        if filters {
            let filter = "organizations:user-feedback-spam-filter-actions".to_owned();
            Arc::make_mut(&mut rules.features).insert(filter);
        }
        let mut project = ProjectState::default();
        project.rules.feedback_in_inbox = wants_reports;
        let state = BatchState {
            projects: [(ProjectId(1), project)].into(),
            ..BatchState::default()
        };
        let items = items(&[message]);
        let effects = folded_by(&rules, &items, &StoredEvents::new(), state);
        effects.issues[0].state.issue.substatus.unwrap()
    };
    let (new, ongoing) = (Substatus::New, Substatus::Ongoing);
    let reports = [
        "crash_report_embed_form",
        "user_report_envelope",
        "user_report_sentry_django_endpoint",
        "update_user_reports_task",
    ];
    for source in reports {
        assert_eq!(substatus(feedback(source, json!(false)), true, true), new);
        assert_eq!(
            substatus(feedback(source, json!(false)), false, true),
            ongoing
        );
    }
    let direct = "new_feedback_envelope";
    assert_eq!(substatus(feedback(direct, json!(true)), false, false), new);
    assert_eq!(
        substatus(feedback(direct, json!(true)), true, true),
        ongoing
    );
    assert_eq!(substatus(feedback(direct, json!("true")), true, true), new);
}

#[test]
fn a_type_that_is_not_followed_up_stays_ongoing() {
    let mut rules = rules();
    let ingest = "organizations:profile-file-io-main-thread-ingest".to_owned();
    Arc::make_mut(&mut rules.features).insert(ingest);
    let mut settings = settings();
    settings.features = Arc::clone(&rules.features);
    let processor = crate::pipeline::Processor::new(Arc::new(NoStore), settings);
    let message = with(message(1, "a"), |m| m["type"] = json!(2001));
    let records = items(&[message]).into_iter().map(|item| item.record);
    let items = processor.decode(records.collect(), now());
    let state = BatchState::default();
    let effects = folded_by(&rules, &items, &StoredEvents::new(), state);
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Ongoing));
    assert!(state.inbox.get().is_none());
}

#[test]
fn messages_change_a_state_in_their_order() {
    let messages = [
        status_change(1, "a", 1, None),
        message(2, "a"),
        status_change(3, "a", 1, None),
        status_change(4, "a", 1, None),
    ];
    let effects = unpruned(&messages, leading_to("a", opened("a")));
    assert_eq!(count(&effects, Ending::StatusChanged), 2);
    assert_eq!(count(&effects, Ending::Unchanged), 1);
    let state = &effects.issues[0].state;
    assert_eq!(
        activities(state),
        ["SET_RESOLVED", "SET_REGRESSION", "SET_RESOLVED"]
    );
    assert_eq!(state.issue.status, IssueStatus::Resolved);
    assert!(state.inbox.get().is_none());

    let effects = folded(&messages, leading_to("a", opened("a")));
    let state = &effects.issues[0].state;
    assert_eq!(
        activities(state),
        ["SET_RESOLVED"],
        "the last one at the end"
    );
}

#[test]
fn a_regression_enters_the_inbox_and_ends_a_snooze_on_the_way() {
    let resolved = || {
        let mut issue = opened("a");
        issue.issue.status = IssueStatus::Resolved;
        issue.issue.substatus = None;
        issue
    };
    let effects = folded(&[message(1, "a")], leading_to("a", resolved()));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Regressed));
    let inbox = state.inbox.get().map(|entry| entry.reason);
    assert_eq!(inbox, Some(InboxReason::Regression));

    let mut snoozed = resolved();
    snoozed.snooze = Kept::loaded(Some(Snooze {
        count: Some(2),
        times_seen: Some(0),
        ..Snooze::default()
    }));
    snoozed.sightings = Some(Sightings::default());
    let effects = folded(&[message(1, "a")], leading_to("a", snoozed));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Regressed));
    assert!(state.inbox.get().is_none() && state.snooze.get().is_none());
    let mismatch = measured(&effects, "post_process.process_snoozes.mismatch_status");
    assert_eq!(mismatch, Some(1));
}

#[test]
fn an_archive_ends_with_the_occurrence_that_meets_its_count() {
    let mut issue = opened("a");
    issue.issue.status = IssueStatus::Ignored;
    issue.issue.substatus = Some(Substatus::UntilConditionMet);
    issue.snooze = Kept::loaded(Some(Snooze {
        count: Some(3),
        times_seen: Some(1),
        ..Snooze::default()
    }));
    issue.sightings = Some(Sightings::default());
    let two = [message(1, "a"), message(2, "a")];
    let effects = folded(&two, leading_to("a", issue.clone()));
    assert!(activities(&effects.issues[0].state).is_empty());
    let [one, two] = two;
    let effects = folded(&[one, two, message(3, "a")], leading_to("a", issue));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Escalating));
    assert_eq!(state.issue.times_seen, 4);
}

/// Resolved in the release after `r1`, which is ten days old.
fn waiting(id: i64) -> IssueState {
    let mut issue = opened("a");
    issue.issue.id = Some(IssueId(id));
    issue.issue.status = IssueStatus::Resolved;
    issue.issue.substatus = None;
    issue.resolution = Kept::loaded(Some(Resolution {
        id: "r-1".to_owned(),
        kind: Some(ResolutionKind::InNextRelease),
        status: ResolutionStatus::Pending,
        release: "r1".to_owned(),
        release_added: now() - TimeDelta::days(10),
        current_release_version: None,
        announced: Some(StoredActivity {
            id: 50,
            data: json!({ "version": "" }),
        }),
    }));
    issue
}

/// As the store loads it: the issue waits, and no message of the batch is about it.
fn somebody_waits() -> BatchState {
    let project = ProjectState {
        newest_releases: vec![("r1".to_owned(), now() - TimeDelta::days(10))],
        ..ProjectState::default()
    };
    BatchState {
        issues: [(IssueId(5), waiting(5).into())].into(),
        projects: [(ProjectId(1), project)].into(),
        releases: [((ProjectId(1), "r1".to_owned()), now() - TimeDelta::days(10))].into(),
        ..BatchState::default()
    }
}

fn in_release(n: u32, release: &str, is_light: bool) -> Value {
    with(message(n, "other"), |m| {
        m["event"]["release"] = json!(release);
        m["is_buffered_spans"] = json!(is_light);
    })
}

fn settled(effects: &Effects) -> Option<String> {
    let issues = effects.issues.iter().map(|write| &write.state);
    let resolution = issues.filter_map(|state| state.resolution.get()).next()?;
    (resolution.status == ResolutionStatus::Resolved).then(|| resolution.release.clone())
}

#[test]
fn a_release_that_a_batch_brings_settles_what_waits() {
    let effects = folded(&[in_release(1, "r2", false)], somebody_waits());
    assert_eq!(settled(&effects).as_deref(), Some("r2"));
    let state = &effects.issues[1].state;
    assert_eq!(state.issue.id, Some(IssueId(5)));
    assert_eq!(state.corrected[0].data, json!({ "version": "r2" }));
    assert_eq!(
        state.resolution.get().unwrap().release_added,
        now() - TimeDelta::minutes(1)
    );
    assert!(state.activities.is_empty());
    assert_eq!(effects.issues[1].hours, []);
}

#[test]
fn a_release_that_was_there_or_is_only_named_settles_nothing() {
    let mut known = somebody_waits();
    let r2 = (ProjectId(1), "r2".to_owned());
    known.releases.insert(r2, now() - TimeDelta::days(1));
    let effects = folded(&[in_release(1, "r2", false)], known);
    assert_eq!(effects.issues.len(), 1, "nobody is touched");

    let effects = folded(&[in_release(1, "r2", true)], somebody_waits());
    assert_eq!(effects.issues.len(), 1);
    assert!(effects.releases.is_empty());
    assert_eq!(effects.issues[0].state.issue.first_release, None);

    let elsewhere = with(in_release(1, "r2", false), |m| {
        m["project_id"] = json!(2);
        m["event"]["project_id"] = json!(2);
    });
    let effects = folded(&[elsewhere], somebody_waits());
    assert_eq!(effects.issues.len(), 1);
}

#[test]
fn of_several_new_releases_the_first_one_settles() {
    let at = |n, release: &str, seconds| {
        with(in_release(n, release, false), |m| {
            let time = now() - TimeDelta::seconds(seconds);
            m["event"]["timestamp"] = json!(time.to_rfc3339());
        })
    };
    let messages = [at(1, "r3", 10), at(2, "r2", 20), at(3, "r4", 5)];
    let effects = folded(&messages, somebody_waits());
    assert_eq!(settled(&effects).as_deref(), Some("r2"));
}

#[test]
fn an_event_of_the_release_that_settles_brings_its_issue_back() {
    let mut state = somebody_waits();
    let hash = (ProjectId(1), GroupHash::of("other"));
    state.hashes.insert(hash, IssueId(5));
    let effects = folded(&[in_release(1, "r2", false)], state);
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.substatus, Some(Substatus::Regressed));
    assert!(state.resolution.get().is_none());
    let data = &state.activities[0].data;
    assert_eq!(
        (&data["version"], &data["resolved_in_version"]),
        (&json!("r2"), &json!("r2"))
    );
    assert_eq!(data["follows_semver"], json!(false));

    let mut state = somebody_waits();
    state.hashes.insert(hash, IssueId(5));
    let effects = folded(&[in_release(1, "r1", true)], state);
    let state = &effects.issues[0].state;
    assert_eq!(
        state.issue.status,
        IssueStatus::Resolved,
        "it waits for another one"
    );
    let next = measured(&effects, "groupresolution.has_resolution.in_next_release");
    assert_eq!(next, Some(1));
}

#[test]
fn a_hidden_issue_only_counts() {
    let mut hidden = opened("a");
    hidden.issue.status = IssueStatus::PendingMerge;
    hidden.issue.substatus = None;
    let effects = folded(&[message(1, "a")], leading_to("a", hidden));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.status, IssueStatus::PendingMerge);
    assert_eq!(state.issue.times_seen, 2);
    assert!(state.activities.is_empty() && state.inbox.get().is_none());
}
