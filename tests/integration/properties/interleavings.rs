//! Messages of different buckets do not depend on each other: whatever order a batch has them in, and whether it is one
//! batch or many, the issues are the same (occurrences spec, section 2.2).

use super::generate::{self, Bucket, Sent};
use super::{block_on, cases};
use crate::acceptance::world::config;
use picket_core::model::{IssueState, ProjectRules};
use picket_core::store::{Access, Journal, LoadPlan, QueryStore, Store};
use picket_core::triage::IssueChange;
use picket_tests::scenario::{Action, Config, Play, Step};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is played before the batch, so that it meets issues in every state.
#[derive(Debug, Clone)]
struct Before {
    messages: Vec<Sent>,
    actions: Vec<Step>,
    more: Vec<Sent>,
}

fn before() -> impl Strategy<Value = Before> {
    let change = prop_oneof![8 => generate::change(), 1 => Just(IssueChange::ResolveInNextRelease)];
    let action =
        prop_oneof![5 => generate::action(change), 1 => generate::advance(), 1 => generate::task()];
    (
        generate::messages(24),
        prop::collection::vec(action, 0..12),
        generate::messages(6),
    )
        .prop_map(|(messages, actions, more)| Before {
            messages,
            actions,
            more,
        })
}

/// A batch in another order that keeps the order inside its buckets.
fn reordered(messages: &[Sent], picks: &[usize]) -> Vec<Sent> {
    let mut waiting: BTreeMap<Bucket, Vec<&Sent>> = BTreeMap::new();
    for message in messages.iter().rev() {
        waiting.entry(message.bucket).or_default().push(message);
    }
    let mut order = Vec::with_capacity(messages.len());
    let mut picks = picks.iter().cycle();
    while !waiting.is_empty() {
        let place = picks.next().copied().unwrap_or(0) % waiting.len();
        let bucket = *waiting.keys().nth(place).unwrap();
        let queue = waiting.get_mut(&bucket).unwrap();
        order.extend(queue.pop().cloned());
        if queue.is_empty() {
            waiting.remove(&bucket);
        }
    }
    order
}

/// All that is known of an issue, but for its numbers.
#[derive(Debug, PartialEq)]
struct Known {
    state: IssueState,
    journal: Journal,
    environments: Vec<String>,
    occurrences: f64,
}

#[derive(Debug, PartialEq)]
struct End {
    issues: BTreeMap<(i64, String), Known>,
    dropped: BTreeMap<String, u64>,
    stored: (u64, u64),
    counters: BTreeMap<String, u64>,
}

/// How the messages in the end are taken in.
#[derive(Debug, Clone, Copy)]
enum Taken {
    /// As one batch.
    Together,
    /// Each as a batch of its own.
    Apart,
}

async fn end(config: &Config, before: &Before, batch: &[Sent], taken: Taken) -> End {
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    let mut play = Play::start(Arc::new(store), config).await.unwrap();
    let whole = |messages: &[Sent]| messages.iter().map(generate::step).collect::<Vec<_>>();
    play.steps(&whole(&before.messages)).await.unwrap();
    for step in &before.actions {
        // An action on an issue that is not there, or in a release that is not, changes nothing.
        let _ = play.step(step).await;
    }
    play.steps(&whole(&before.more)).await.unwrap();
    play.forget_counts();
    match taken {
        Taken::Together => play.steps(&whole(batch)).await.unwrap(),
        Taken::Apart => {
            for message in batch {
                let alone = std::slice::from_ref(message);
                play.steps(&whole(alone)).await.unwrap();
            }
        }
    }

    let actual = play.actual().await.unwrap();
    let mut issues = BTreeMap::new();
    for issue in actual.issues {
        let hash = issue.fingerprint_hash.unwrap();
        let key = (
            picket_core::model::ProjectId(issue.project_id),
            hash.parse().unwrap(),
        );
        let plan = LoadPlan {
            now: Some(play.now()),
            hashes: vec![key],
            counted_hashes: vec![key],
            ..LoadPlan::default()
        };
        let mut loaded = play.load(&plan).await.unwrap();
        let id = loaded.hashes[&key];
        let mut state = loaded.issues.remove(&id).unwrap();
        state.issue.id = None;
        if let Some(announced) = state.resolution.get().and_then(|row| row.announced.clone()) {
            // Its number follows the order of arrival.
            let mut row = state.resolution.clear().unwrap();
            row.announced = Some(picket_core::model::StoredActivity { id: 0, ..announced });
            state.resolution.set(row);
        }
        let detail = play
            .store()
            .issue_detail(id, play.now())
            .await
            .unwrap()
            .unwrap();
        let known = Known {
            state: *state,
            journal: play.store().journal(id).await.unwrap(),
            environments: detail.environments,
            occurrences: detail.stored_occurrences,
        };
        issues.insert((issue.project_id, hash), known);
    }
    play.store().close().await;
    End {
        issues,
        dropped: actual.dropped,
        stored: (actual.events_stored, actual.occurrences_stored),
        counters: actual.counters,
    }
}

/// Waiting for the next release is settled by whatever release comes first, in any bucket.
fn waits_for_a_release(before: &Before) -> bool {
    before.actions.iter().any(|step| {
        matches!(
            step,
            Step::Act(Action::Change {
                change: IssueChange::ResolveInNextRelease,
                ..
            })
        )
    })
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_batch_ends_the_same_in_every_order_of_its_buckets(
        before in before(),
        batch in generate::messages(40),
        picks in prop::collection::vec(any::<usize>(), 1..40),
        prunes in any::<bool>(),
        resolves_by_age in any::<bool>(),
    ) {
        let mut config = config();
        config.prune_status_changes = prunes;
        if resolves_by_age {
            config.projects[0].rules = ProjectRules { resolve_age_hours: Some(2), ..ProjectRules::default() };
        }
        let other = reordered(&batch, &picks);
        let (one, two) = block_on(async {
            let one = end(&config, &before, &batch, Taken::Together).await;
            (one, end(&config, &before, &other, Taken::Together).await)
        });
        prop_assert_eq!(&one, &two, "reordered: {:?}", other);

        // One message a batch: what is folded in memory is what would be stored and read again.
        config.prune_status_changes = false;
        if !waits_for_a_release(&before) {
            let whole = block_on(end(&config, &before, &batch, Taken::Together));
            let single = block_on(end(&config, &before, &batch, Taken::Apart));
            prop_assert_eq!(&whole.issues, &single.issues);
            prop_assert_eq!(&whole.dropped, &single.dropped);
            prop_assert_eq!(whole.stored, single.stored);
        }
    }
}
