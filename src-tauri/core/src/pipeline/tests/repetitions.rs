//! Which messages are recognised when they come again (occurrences spec, section 2.4).

use super::*;
use crate::store::MessageKey;
use std::collections::HashSet;

const DUPLICATE: Ending = Ending::Dropped(DropReason::Duplicate);

fn key(id: &str) -> MessageKey {
    (ProjectId(1), id.to_owned())
}

fn hex(n: u32) -> String {
    format!("{n:032x}")
}

/// Two copies of a message in one batch, none of which is pruned.
fn twice(message: &Value, state: BatchState) -> Effects {
    let rules = FoldRules {
        prune_status_changes: false,
        ..rules()
    };
    let items = items(&[message.clone(), message.clone()]);
    folded_by(&rules, &items, &StoredEvents::new(), state)
}

/// The first copy ends so and is marked, the second is recognised.
fn assert_marked(effects: &Effects, ending: Ending, id: &str) {
    assert_eq!((count(effects, ending), count(effects, DUPLICATE)), (1, 1));
    assert_eq!(effects.marks, [key(id)]);
}

/// Both copies end so, and neither is marked.
fn assert_unmarked(effects: &Effects, ending: Ending) {
    assert_eq!(count(effects, ending), 2, "{:?}", effects.tally);
    assert!(effects.marks.is_empty());
}

#[test]
fn a_stored_occurrence_is_its_own_mark() {
    let effects = twice(&message(1, "a"), BatchState::default());
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(count(&effects, DUPLICATE), 1);
    assert!(effects.marks.is_empty());
    assert_eq!(effects.issues[0].state.issue.times_seen, 1);
    assert_eq!(effects.occurrences.len(), 1);
    assert_eq!(measured(&effects, "occurrence_ingest.messages"), Some(1));
}

#[test]
fn an_occurrence_that_is_dropped_after_it_was_stored_is_marked_too() {
    let noisy = with(message(1, "a"), |m| m["type"] = json!(1001));
    let effects = twice(&noisy, BatchState::default());
    let ending = Ending::Dropped(DropReason::NoiseReduction);
    assert_eq!(
        (count(&effects, ending), count(&effects, DUPLICATE)),
        (1, 1)
    );
    assert_eq!((effects.occurrences.len(), effects.marks.len()), (1, 0));

    let other = with(message(1, "a"), |m| m["type"] = json!(4001));
    let effects = twice(&other, leading_to("a", opened("a")));
    let ending = Ending::Dropped(DropReason::CategoryMismatch);
    assert_eq!(
        (count(&effects, ending), count(&effects, DUPLICATE)),
        (1, 1)
    );
}

#[test]
fn an_orderly_end_is_marked() {
    let off = with(message(1, "a"), |m| m["type"] = json!(2001));
    let effects = twice(&off, BatchState::default());
    assert_marked(
        &effects,
        Ending::Dropped(DropReason::FeatureDisabled),
        &hex(1),
    );

    let odd = with(message(2, "a"), |m| m["payload_type"] = json!("snapshot"));
    let effects = twice(&odd, BatchState::default());
    let unknown = Ending::DeadLettered(RejectReason::InvalidPayloadType);
    assert_marked(&effects, unknown, &hex(2));
    let name = "occurrence_consumer._process_message.dropped_invalid_payload_type";
    assert_eq!(measured(&effects, name), Some(1));
}

#[test]
fn a_status_change_that_was_carried_out_or_refused_is_marked() {
    let change = |status, substatus| status_change(1, "a", status, substatus);
    let at = |status, substatus| twice(&change(status, substatus), leading_to("a", opened("a")));
    assert_marked(&at(1, None), Ending::StatusChanged, &hex(1));
    assert_marked(&at(0, Some(7)), Ending::Unchanged, &hex(1));
    let invalid = Ending::Dropped(DropReason::StatusChangeInvalid);
    for (status, substatus) in [
        (2, None),
        (1, Some(3)),
        (4, Some(1)),
        (0, Some(1)),
        (2, Some(9)),
    ] {
        assert_marked(&at(status, substatus), invalid, &hex(1));
    }
    let not_found = Ending::Dropped(DropReason::StatusChangeGroupNotFound);
    for status in [1, 3] {
        let effects = twice(&change(status, None), BatchState::default());
        assert_marked(&effects, not_found, &hex(1));
        let name = "occurrence_ingest.status_change.dropped_group_not_found";
        assert_eq!(measured(&effects, name), Some(1));
        assert_eq!(
            measured(&effects, "occurrence_ingest.grouphash.not_found"),
            Some(1)
        );
    }
}

#[test]
fn what_failed_is_tried_again() {
    let invalid = with(message(1, "a"), |m| m["issue_title"] = json!(4));
    let invalid = twice(&invalid, BatchState::default());
    assert_unmarked(&invalid, Ending::DeadLettered(RejectReason::InvalidPayload));

    let unknown = with(message(1, "a"), |m| m["type"] = json!(300));
    let unknown = twice(&unknown, BatchState::default());
    assert_unmarked(
        &unknown,
        Ending::DeadLettered(RejectReason::UnknownGroupType),
    );

    let alone = with(message(1, "a"), |m| {
        m.as_object_mut().unwrap().remove("event");
    });
    let alone = twice(&alone, BatchState::default());
    assert_unmarked(
        &alone,
        Ending::DeadLettered(RejectReason::EventLookupFailed),
    );

    let lacking = with(status_change(1, "a", 1, None), |m| {
        m.as_object_mut().unwrap().remove("new_status");
    });
    let lacking = twice(&lacking, leading_to("a", opened("a")));
    assert_unmarked(&lacking, Ending::DeadLettered(RejectReason::InvalidPayload));

    let unsupported = status_change(1, "a", 3, None);
    let effects = twice(&unsupported, leading_to("a", opened("a")));
    assert_unmarked(&effects, Ending::Dropped(DropReason::StatusChangeInvalid));
}

#[test]
fn a_hidden_issue_is_as_it_was_asked_to_be() {
    let mut merged = opened("a");
    merged.issue.status = crate::model::IssueStatus::PendingMerge;
    merged.issue.substatus = None;
    let effects = twice(&status_change(1, "a", 5, None), leading_to("a", merged));
    assert_marked(&effects, Ending::Unchanged, &hex(1));
}

#[test]
fn the_ways_to_write_an_id_are_one_and_projects_are_several() {
    let id = "0c6d75ac-3969-41e0-bc4b-33c2ff7f3657";
    let ways = [
        id.to_owned(),
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
    ];
    let change = |id: &str| with(status_change(1, "a", 1, None), |m| m["id"] = json!(id));
    let messages: Vec<Value> = ways.iter().map(|id| change(id)).collect();
    let rules = FoldRules {
        prune_status_changes: false,
        ..rules()
    };
    let known = StoredEvents::new();
    let fold =
        |messages: &[Value]| folded_by(&rules, &items(messages), &known, BatchState::default());
    assert_eq!(count(&fold(&messages), DUPLICATE), 4);
    let elsewhere = with(change(id), |m| m["project_id"] = json!(2));
    assert_eq!(count(&fold(&[change(id), elsewhere]), DUPLICATE), 0);
    let words = fold(&[change("Monday"), change("monday"), change("monday")]);
    assert_eq!(
        count(&words, DUPLICATE),
        1,
        "what is no UUID counts as it is"
    );
    assert_eq!(words.marks, [key("Monday"), key("monday")]);
}

#[test]
fn without_an_id_nothing_is_recognised() {
    for id in [None, Some(Value::Null), Some(json!(5))] {
        let change = with(status_change(1, "a", 1, None), |m| match &id {
            Some(id) => m["id"] = id.clone(),
            None => drop(m.as_object_mut().unwrap().remove("id")),
        });
        let effects = twice(&change, leading_to("a", opened("a")));
        assert_eq!(count(&effects, Ending::StatusChanged), 1);
        assert_eq!(count(&effects, Ending::Unchanged), 1);
        assert!(effects.marks.is_empty());
    }
}

#[test]
fn a_message_without_a_project_is_recognised_by_its_id() {
    let odd = with(message(1, "a"), |m| {
        m["payload_type"] = json!("snapshot");
        m.as_object_mut().unwrap().remove("project_id");
    });
    let effects = twice(&odd, BatchState::default());
    assert_eq!(count(&effects, DUPLICATE), 1);
    assert_eq!(effects.marks, [(ProjectId(0), hex(1))]);
}

#[test]
fn an_occurrence_and_a_status_change_share_their_ids() {
    let messages = [message(1, "a"), status_change(1, "a", 1, None)];
    let effects = folded(&messages, BatchState::default());
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(count(&effects, DUPLICATE), 1);
}

#[test]
fn what_was_processed_before_this_batch_is_asked_of_the_store() {
    let items = items(&[message(2, "a"), message(1, "a"), json!([])]);
    let known = StoredEvents::new();
    let asked = plan(&items, &known, Mode::Batched, now()).messages;
    assert_eq!(asked, [key(&hex(1)), key(&hex(2))]);
    assert!(
        plan(&items, &known, Mode::Serial, now())
            .messages
            .is_empty()
    );

    let mut state = BatchState::default();
    state.recent_messages.insert(key(&hex(2)));
    let effects = folded_with(&items, &known, state);
    assert_eq!(count(&effects, DUPLICATE), 1);
    assert_eq!(effects.issues[0].state.issue.times_seen, 1);
}

#[test]
fn serial_messages_are_never_repetitions() {
    let rules = FoldRules {
        mode: Mode::Serial,
        ..rules()
    };
    let items = items(&[message(1, "a"), message(1, "a")]);
    let state = BatchState {
        recent_messages: [key(&hex(1))].into(),
        ..BatchState::default()
    };
    let effects = folded_by(&rules, &items, &StoredEvents::new(), state);
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(count(&effects, Ending::Updated), 1);
    assert_eq!(
        effects.occurrences.len(),
        1,
        "the later one takes its place"
    );
    assert!(effects.marks.is_empty());
}

/// The messages as dead letters 1, 2, … of which only `open` are still there.
fn tried_again(messages: &[Value], open: &[i64], recent: &[MessageKey]) -> Effects {
    let mut items = items(messages);
    for (item, letter) in items.iter_mut().zip(1..) {
        item.dead_letter = Some(letter);
    }
    let state = BatchState {
        dead_letters: open.iter().copied().collect(),
        recent_messages: recent.iter().cloned().collect::<HashSet<_>>(),
        ..BatchState::default()
    };
    folded_with(&items, &StoredEvents::new(), state)
}

#[test]
fn a_dead_letter_becomes_what_it_says_or_stays_one() {
    let messages = [
        message(1, "a"),
        with(message(2, "a"), |m| m["type"] = json!(300)),
        status_change(3, "b", 1, None),
    ];
    let effects = tried_again(&messages, &[1, 2, 3], &[]);
    assert_eq!(effects.tally.records(), 3);
    assert_eq!(effects.replayed, [1, 3]);
    assert_eq!(effects.dead_letters.len(), 1);
    assert_eq!(effects.dead_letters[0].offset, 1);
}

#[test]
fn a_dead_letter_that_is_dealt_with_is_left_out() {
    let messages = [message(1, "a"), json!({ "id": 1 }), message(3, "a")];
    let effects = tried_again(&messages, &[3], &[]);
    assert_eq!(effects.tally.records(), 1);
    assert_eq!(effects.replayed, [3]);
    assert!(effects.dead_letters.is_empty());
    assert_eq!(effects.issues[0].state.issue.times_seen, 1);
}

#[test]
fn a_dead_letter_that_was_sent_again_is_dealt_with() {
    let effects = tried_again(&[message(1, "a")], &[1], &[key(&hex(1))]);
    assert_eq!(count(&effects, DUPLICATE), 1);
    assert_eq!(effects.replayed, [1]);
}

#[test]
fn a_dead_letter_is_not_its_own_repetition() {
    let odd = with(message(1, "a"), |m| m["payload_type"] = json!("snapshot"));
    let effects = tried_again(&[odd], &[1], &[key(&hex(1))]);
    let unknown = Ending::DeadLettered(RejectReason::InvalidPayloadType);
    assert_eq!(count(&effects, unknown), 1);
    assert!(effects.replayed.is_empty());
    assert_eq!(effects.dead_letters.len(), 1);
}
