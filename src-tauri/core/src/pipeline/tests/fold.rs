//! What a batch becomes, without a store: messages in, effects out.

use super::*;
use crate::decode::{EventPath, Message};
use crate::model::Verdict;
use crate::pipeline::batch::advances;

#[test]
fn a_first_occurrence_opens_an_issue() {
    let effects = folded(&[message(1, "full")], BatchState::default());
    assert_eq!(count(&effects, Ending::Created), 1);
    let write = &effects.issues[0];
    let issue = &write.state.issue;
    assert_eq!(write.new_hash, Some(GroupHash::of("full")));
    assert_eq!(
        (issue.title(), issue.subtitle()),
        ("Queue is full", "orders dropped")
    );
    assert_eq!(issue.message, "Queue is full orders dropped orders.push");
    assert_eq!(
        (issue.times_seen, issue.substatus, issue.priority),
        (1, Some(Substatus::New), Some(Priority::Low))
    );
    assert_eq!(issue.first_seen, now() - TimeDelta::minutes(1));
    assert_eq!(
        (issue.active_at, issue.last_seen),
        (issue.first_seen, issue.first_seen)
    );
    assert_eq!(issue.data["metadata"]["initial_priority"], 25);
    assert_eq!(issue.data["last_received"], "2026-03-02T11:59:00.000000Z");
    assert_eq!(write.hours, [(hour_of(issue.first_seen), 1)]);
    assert_eq!((effects.events.len(), effects.occurrences.len()), (1, 1));
    assert_eq!(effects.occurrences[0].slot, Some(Slot(0)));
}

fn hour_of(time: DateTime<Utc>) -> i32 {
    i32::try_from(time.timestamp() / 3600).unwrap()
}

#[test]
fn occurrences_of_one_fingerprint_join_inside_a_batch_and_across_batches() {
    let first = folded(
        &[message(1, "full"), message(2, "full"), message(3, "other")],
        BatchState::default(),
    );
    assert_eq!(
        (
            count(&first, Ending::Created),
            count(&first, Ending::Updated)
        ),
        (2, 1)
    );
    assert_eq!(first.issues[0].state.issue.times_seen, 2);

    let later = with(message(4, "full"), |m| {
        m["event"]["timestamp"] = json!("2026-03-02T11:00:00Z");
        m["level"] = json!("fatal");
        m["issue_title"] = json!("Queue overflows");
        m["culprit"] = json!("");
        m["initial_issue_priority"] = json!(75);
    });
    let second = folded(&[later], stored(&first));
    let issue = &second.issues[0].state.issue;
    assert_eq!(issue.id, Some(IssueId(1)));
    assert_eq!((issue.times_seen, issue.title()), (3, "Queue overflows"));
    assert_eq!(
        issue.first_seen,
        now() - TimeDelta::hours(1),
        "an older event moves first_seen back"
    );
    assert_eq!(
        issue.last_seen,
        now() - TimeDelta::minutes(1),
        "and leaves last_seen"
    );
    assert_eq!(
        (issue.level.as_str(), issue.culprit.as_str()),
        ("fatal", "")
    );
    assert_eq!(
        issue.priority,
        Some(Priority::Low),
        "priority is set only on creation"
    );
    assert_eq!(issue.data["metadata"]["initial_priority"], 75);
}

#[test]
fn a_placeholder_title_does_not_replace_a_real_one() {
    let error = with(message(2, "full"), |m| m["issue_title"] = json!("Error"));
    let effects = folded(&[message(1, "full"), error.clone()], BatchState::default());
    assert_eq!(effects.issues[0].state.issue.title(), "Queue is full");
    let effects = folded(&[error, message(1, "full")], BatchState::default());
    assert_eq!(effects.issues[0].state.issue.title(), "Queue is full");
}

#[test]
fn another_category_is_dropped_but_stays_stored() {
    let cron = |n| with(message(n, "full"), |m| m["type"] = json!(4001));
    let in_batch = folded(&[message(1, "full"), cron(2)], BatchState::default());
    assert_eq!(
        count(&in_batch, Ending::Dropped(DropReason::CategoryMismatch)),
        1
    );
    assert_eq!(in_batch.issues[0].state.issue.times_seen, 1);
    assert_eq!(in_batch.occurrences[1].slot, None);
    assert_eq!(in_batch.events.len(), 2);

    let loaded = folded(&[cron(3)], stored(&in_batch));
    assert!(
        loaded.issues.is_empty(),
        "an issue that no occurrence joined is not written"
    );
    assert_eq!(loaded.occurrences.len(), 1);
}

#[test]
fn the_type_of_an_issue_is_the_one_it_was_opened_with() {
    let other = with(message(2, "full"), |m| m["type"] = json!(1001));
    let effects = folded(&[message(1, "full"), other], BatchState::default());
    assert_eq!(
        (
            effects.issues[0].state.issue.group_type,
            effects.issues[0].state.issue.times_seen
        ),
        (2007, 2)
    );
}

#[test]
fn only_the_first_fingerprint_part_decides() {
    let parts = |n, parts: Value| with(message(n, ""), |m| m["fingerprint"] = parts);
    let effects = folded(
        &[
            parts(1, json!(["a", "b"])),
            parts(2, json!(["b"])),
            parts(3, json!("a")),
        ],
        BatchState::default(),
    );
    assert_eq!(
        (
            count(&effects, Ending::Created),
            count(&effects, Ending::Updated)
        ),
        (2, 1)
    );
}

#[test]
fn a_look_up_sees_events_of_its_own_batch_and_of_the_store() {
    let without_event = |n: u32, event: u32| {
        with(message(n, "full"), |m| {
            m["event_id"] = json!(format!("{:032x}", 0x1000 + event));
            m.as_object_mut().unwrap().remove("event");
        })
    };
    let messages = [without_event(9, 1), message(1, "full"), without_event(2, 1)];
    let effects = folded(&messages, BatchState::default());
    assert_eq!(
        count(
            &effects,
            Ending::DeadLettered(RejectReason::EventLookupFailed)
        ),
        1,
        "it came too early"
    );
    assert_eq!(
        (
            count(&effects, Ending::Created),
            count(&effects, Ending::Updated)
        ),
        (1, 1)
    );
    assert_eq!(effects.occurrences.len(), 2);

    let Verdict::Keep(Message::Occurrence(carrier)) = items(&messages).remove(1).decoded.verdict
    else {
        panic!("the message that carries the event")
    };
    let EventPath::Inline(event) = carrier.event else {
        panic!("an event that is stored")
    };
    let known = StoredEvents::from([((ProjectId(1), event.event_id), *event)]);
    let effects = folded_with(&items(&[without_event(3, 1)]), &known, stored(&effects));
    assert_eq!(count(&effects, Ending::Updated), 1);
}

#[test]
fn environments_and_releases_are_counted_once_each() {
    let seen = |n, seconds: i64| {
        with(message(n, "full"), |m| {
            m["event"]["release"] = json!("shop@1.0.0");
            m["event"]["environment"] = json!("prod");
            let time = now() - TimeDelta::minutes(10) + TimeDelta::seconds(seconds);
            m["event"]["timestamp"] = json!(time.to_rfc3339());
        })
    };
    let first = folded(&[seen(1, 0), seen(2, 30)], BatchState::default());
    assert_eq!(
        first.issues[0].state.issue.first_release.as_deref(),
        Some("shop@1.0.0")
    );
    assert_eq!(first.environments, [(ProjectId(1), "prod".to_owned())]);
    assert_eq!(first.issue_environments.len(), 1);
    assert_eq!(first.releases.len(), 1);
    assert_eq!(
        (
            first.releases[0].new_groups,
            &first.releases[0].new_issues[..]
        ),
        (1, &[("prod".to_owned(), 1)][..])
    );
    assert_eq!(first.issue_releases.len(), 1);
    assert_eq!(
        first.issue_releases[0].last_seen,
        now() - TimeDelta::minutes(10),
        "30 s later does not move it"
    );

    let second = folded(&[seen(3, 60)], stored(&first));
    assert!(second.issue_releases.is_empty(), "nor does a minute");
    let third = folded(&[seen(4, 61)], stored(&first));
    assert_eq!(
        third.issue_releases[0].last_seen,
        now() - TimeDelta::minutes(10) + TimeDelta::seconds(61)
    );
    assert!(third.issue_environments.is_empty());
    assert_eq!(third.releases[0].new_groups, 0);
}

#[test]
fn a_light_event_uses_a_release_only_where_it_exists() {
    let light = |n| {
        with(message(n, "full"), |m| {
            m["is_buffered_spans"] = json!(true);
            m["event"]["release"] = json!("shop@1.0.0");
        })
    };
    let effects = folded(&[light(1)], BatchState::default());
    assert!(effects.releases.is_empty() && effects.events.is_empty());
    assert_eq!(effects.issues[0].state.issue.first_release, None);
    assert_eq!(effects.issues[0].state.issue.data["type"], "default");

    let mut state = BatchState::default();
    state
        .releases
        .insert((ProjectId(1), "shop@1.0.0".to_owned()), now());
    let effects = folded(&[light(2)], state);
    assert_eq!(
        effects.issues[0].state.issue.first_release.as_deref(),
        Some("shop@1.0.0")
    );
}

#[test]
fn bad_records_become_dead_letters_with_their_bytes() {
    let bad = json!({ "id": "hi" });
    let effects = folded(&[bad.clone(), message(1, "full")], BatchState::default());
    assert_eq!(effects.tally.records(), 2);
    let letter = &effects.dead_letters[0];
    assert_eq!(
        (letter.offset, letter.reason),
        (0, RejectReason::InvalidPayload)
    );
    assert_eq!(*letter.payload, *bad.to_string().into_bytes());
}

#[test]
fn feedback_from_people_is_new_and_other_feedback_is_ongoing() {
    let feedback = |n, source: &str| {
        with(message(n, source), |m| {
            m["type"] = json!(6001);
            m["evidence_data"] = json!({ "source": source, "name": "Ada", "message": "It broke" });
        })
    };
    let effects = folded(
        &[
            feedback(1, "new_feedback_envelope"),
            feedback(2, "elsewhere"),
        ],
        BatchState::default(),
    );
    assert_eq!(
        effects.issues[0].state.issue.substatus,
        Some(Substatus::New)
    );
    assert_eq!(
        effects.issues[1].state.issue.substatus,
        Some(Substatus::Ongoing)
    );
    assert_eq!(
        effects.issues[0].state.issue.data["metadata"]["name"],
        "Ada"
    );
    assert_eq!(
        effects.issues[0].state.issue.data["metadata"]["contact_email"],
        Value::Null
    );
}

#[test]
fn the_plan_names_what_the_batch_touches_once() {
    let messages = [message(1, "b"), message(2, "a"), message(3, "a"), json!({})];
    let plan = plan(
        &items(&messages),
        &StoredEvents::new(),
        Mode::Batched,
        now(),
    );
    assert_eq!(plan.projects, [ProjectId(1)]);
    let mut hashes = vec![
        (ProjectId(1), GroupHash::of("a")),
        (ProjectId(1), GroupHash::of("b")),
    ];
    hashes.sort_unstable();
    assert_eq!(plan.hashes, hashes);
}

#[test]
fn parts_of_a_batch_move_their_offsets_one_behind_the_other() {
    let mut items = items(&[message(1, "a"), message(2, "a"), message(3, "a")]);
    items[2].record.offset = 9;
    let topic: Arc<str> = Arc::from("ingest-occurrences");
    let mut starts = BTreeMap::from([((Arc::clone(&topic), 0), 0)]);
    let first = advances(&items[..1], &mut starts);
    let second = advances(&items[1..], &mut starts);
    assert_eq!((first[0].from, first[0].to), (0, 1));
    assert_eq!(
        (second[0].from, second[0].to),
        (1, 10),
        "a hole in the offsets is passed over"
    );
}
