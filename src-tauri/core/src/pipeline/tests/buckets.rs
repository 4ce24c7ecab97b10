//! In which order the messages of a batch are processed (occurrences spec, sections 2.2 and 2.3).

use super::*;
use crate::model::ProjectId;
use crate::pipeline::buckets::Buckets;
use std::collections::HashSet;

const DROPPED: &str = "occurrence_consumer.process_occurrence_group.dropped_status_changes";
const CHECKED_IN: &str = "occurrence_consumer.checkin.parallel_batch_count";
const GROUPS: &str = "occurrence_consumer.checkin.parallel_batch_groups";

fn resolve(n: u32, fingerprint: &str) -> Value {
    status_change(n, fingerprint, 1, None)
}

fn sorted(items: &[BatchItem]) -> Buckets {
    rules().buckets(items, &HashSet::new())
}

fn of(messages: &[Value]) -> Buckets {
    sorted(&items(messages))
}

#[test]
fn messages_of_a_project_and_fingerprint_stay_in_order() {
    let elsewhere = with(message(4, "a"), |m| {
        m["project_id"] = json!(2);
        m["event"]["project_id"] = json!(2);
    });
    let messages = [message(1, "b"), message(2, "a"), message(3, "b"), elsewhere];
    let buckets = of(&messages);
    assert_eq!(buckets.order, [vec![0, 2], vec![1], vec![3]]);
    assert_eq!(buckets.measures.value(CHECKED_IN), Some(4));
    assert_eq!(buckets.measures.value(GROUPS), Some(3));
    assert_eq!(
        buckets.measures.value(DROPPED),
        None,
        "there was nothing to prune"
    );
}

#[test]
fn a_text_is_its_own_first_part_and_what_is_none_shares_a_bucket() {
    let part = |n, fingerprint: Value| with(message(n, ""), |m| m["fingerprint"] = fingerprint);
    let buckets = of(&[
        part(1, json!("a")),
        part(2, json!(["a", "b"])),
        part(3, Value::Null),
        part(4, json!([])),
        part(5, json!([7])),
        part(6, json!("")),
        part(7, json!([""])),
        part(8, json!(["0cc175b9c0f1b6a831c399e269772661"])),
    ]);
    assert_eq!(buckets.order, [vec![0, 1], vec![2, 3, 4, 5, 6], vec![7]]);
}

#[test]
fn what_has_no_place_stands_alone_and_costs_nobody_else_anything() {
    let without = with(message(2, "a"), |m| {
        m.as_object_mut().unwrap().remove("fingerprint");
    });
    let messages = [json!([]), without.clone(), message(1, "a")];
    let buckets = of(&messages);
    assert_eq!(buckets.order, [vec![2], vec![0], vec![1]]);
    assert_eq!(buckets.measures.value(CHECKED_IN), Some(3));
    assert_eq!(buckets.measures.value(GROUPS), Some(1));

    let effects = folded(&messages, BatchState::default());
    let invalid = Ending::DeadLettered(RejectReason::InvalidPayload);
    assert_eq!(count(&effects, Ending::Created), 1);
    assert_eq!(count(&effects, invalid), 2);
    let change = with(resolve(4, "a"), |m| {
        m.as_object_mut().unwrap().remove("fingerprint");
    });
    let odd = with(without, |m| m["payload_type"] = json!("snapshot"));
    let effects = folded(&[change, odd], BatchState::default());
    assert_eq!(count(&effects, invalid), 2, "whatever it says it is");
}

#[test]
fn of_several_status_changes_the_last_one_comes_last() {
    let buckets = of(&[
        resolve(1, "a"),
        message(2, "a"),
        resolve(3, "b"),
        resolve(4, "a"),
        message(5, "a"),
        resolve(6, "a"),
    ]);
    assert_eq!(buckets.order, [vec![1, 4, 5], vec![2]]);
    assert_eq!(buckets.pruned, [0, 3]);
    assert_eq!(buckets.measures.value(DROPPED), Some(2));
}

#[test]
fn a_single_status_change_is_counted_as_none_and_comes_last() {
    let buckets = of(&[resolve(1, "a"), message(2, "a")]);
    assert_eq!(buckets.order, [vec![1, 0]]);
    assert!(buckets.pruned.is_empty());
    assert_eq!(buckets.measures.value(DROPPED), Some(0));
}

#[test]
fn only_the_exact_word_makes_a_status_change() {
    let odd = |n, word: Value| with(resolve(n, "a"), |m| m["payload_type"] = word);
    let buckets = of(&[
        odd(1, json!("Status_change")),
        odd(2, Value::Null),
        resolve(3, "a"),
        odd(4, json!(["status_change"])),
    ]);
    assert_eq!(buckets.order, [vec![0, 1, 3, 2]]);
}

#[test]
fn pruning_needs_the_setting_the_project_and_the_mode() {
    let items = items(&[resolve(1, "a"), resolve(2, "a"), message(3, "a")]);
    let untouched = |rules: FoldRules| {
        let buckets = rules.buckets(&items, &HashSet::new());
        assert!(buckets.pruned.is_empty());
        assert_eq!(buckets.measures.value(DROPPED), None);
        assert_eq!(buckets.order, [vec![0, 1, 2]]);
        buckets
    };
    untouched(FoldRules {
        prune_status_changes: false,
        ..rules()
    });
    let others = ProjectPolicy::Known(Arc::new([ProjectId(2)].into()));
    untouched(FoldRules {
        projects: others,
        ..rules()
    });
    let serial = untouched(FoldRules {
        mode: Mode::Serial,
        ..rules()
    });
    assert_eq!(serial.measures.value(CHECKED_IN), None);

    let known = ProjectPolicy::Known(Arc::new([ProjectId(1)].into()));
    let rules = FoldRules {
        projects: known,
        ..rules()
    };
    let pruned = rules.buckets(&items, &HashSet::new()).pruned;
    assert_eq!(pruned, [0]);
}

#[test]
fn serial_messages_are_taken_as_they_come() {
    let items = items(&[message(1, "a"), json!([]), resolve(2, "b"), message(3, "a")]);
    let rules = FoldRules {
        mode: Mode::Serial,
        ..rules()
    };
    let buckets = rules.buckets(&items, &HashSet::new());
    assert_eq!(buckets.order, [vec![0, 1, 2, 3]]);
}

#[test]
fn a_dead_letter_that_is_dealt_with_prunes_nothing() {
    let mut items = items(&[resolve(1, "a"), message(2, "a"), resolve(3, "a")]);
    for (item, letter) in items.iter_mut().zip([11, 12, 13]) {
        item.dead_letter = Some(letter);
    }
    let buckets = rules().buckets(&items, &[11, 12].into());
    assert_eq!(buckets.order, [vec![1, 0]]);
    assert!(buckets.pruned.is_empty());
    assert_eq!(buckets.measures.value(CHECKED_IN), Some(2));
}

#[test]
fn a_pruned_change_is_counted_and_not_looked_at() {
    let invalid = with(resolve(1, "a"), |m| m["new_status"] = json!("resolved"));
    let messages = [
        invalid,
        resolve(2, "a"),
        message(3, "a"),
        message(4, "a"),
        status_change(5, "a", 2, Some(5)),
    ];
    let effects = folded(&messages, BatchState::default());
    assert_eq!(
        count(&effects, Ending::Dropped(DropReason::StatusChangePruned)),
        2
    );
    assert_eq!(count(&effects, Ending::StatusChanged), 1);
    assert_eq!(effects.tally.records(), 5);
    assert!(effects.dead_letters.is_empty());
    assert_eq!(effects.marks, [(ProjectId(1), format!("{:032x}", 5))]);
    let counted = measured(&effects, "occurrence_ingest.status_change.messages");
    assert_eq!(counted, Some(1));
    let state = &effects.issues[0].state;
    assert_eq!(state.issue.times_seen, 2);
    assert_eq!(activities(state), ["SET_IGNORED"]);
}

#[test]
fn where_the_last_change_was_processed_before_none_of_them_is() {
    let mut state = leading_to("a", opened("a"));
    state
        .recent_messages
        .insert((ProjectId(1), format!("{:032x}", 2)));
    let effects = folded(&[resolve(1, "a"), resolve(2, "a")], state);
    assert_eq!(
        count(&effects, Ending::Dropped(DropReason::StatusChangePruned)),
        1
    );
    assert_eq!(count(&effects, Ending::Dropped(DropReason::Duplicate)), 1);
    assert!(effects.issues.is_empty() && effects.marks.is_empty());
}
