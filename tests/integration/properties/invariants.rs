//! What holds after every step: each record is accounted for once, no issue stands as none can, and nothing is counted
//! that was not seen.

use super::generate;
use super::{block_on, cases};
use crate::acceptance::world::config;
use picket_core::decode::Mode;
use picket_core::model::{IssueId, ProjectRules};
use picket_core::search::Plan;
use picket_core::store::{Access, Ending, LoadPlan, OutcomeGrouping, QueryStore, Store};
use picket_core::triage::IssueChange;
use picket_core::view::IssueOrder;
use picket_tests::scenario::{Play, Step};
use proptest::prelude::*;
use std::sync::Arc;

/// Anything that can happen, one thing after another.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let change = prop_oneof![
        12 => generate::change(),
        1 => Just(IssueChange::ResolveInNextRelease),
        1 => Just(IssueChange::Delete),
    ];
    let part = prop_oneof![
        4 => generate::messages(12).prop_map(|messages| {
            messages.iter().map(generate::step).chain([Step::Flush]).collect::<Vec<_>>()
        }),
        5 => generate::action(change).prop_map(|step| vec![step]),
        2 => generate::advance().prop_map(|step| vec![step]),
        1 => generate::task().prop_map(|step| vec![step]),
        1 => generate::garbage().prop_map(|bytes| vec![Step::Message(bytes)]),
    ];
    prop::collection::vec(part, 1..24).prop_map(|parts| parts.concat())
}

/// The issues that can be seen, as transactions see them.
async fn issues(play: &Play) -> Vec<picket_core::model::Issue> {
    let everything = Plan::everything();
    let snapshot = play.store().issue_snapshot(
        &everything,
        IssueOrder::default(),
        chrono::DateTime::UNIX_EPOCH,
    );
    let ids = snapshot.await.unwrap().ids;
    let mut ids: Vec<IssueId> = ids.iter().map(|id| id.parse().unwrap()).collect();
    ids.sort_unstable();
    let plan = LoadPlan {
        now: Some(play.now()),
        issues: ids,
        ..LoadPlan::default()
    };
    let loaded = play.load(&plan).await.unwrap();
    loaded
        .issues
        .into_values()
        .map(|state| state.issue)
        .collect()
}

async fn hold(steps: &[Step], mode: Mode, prunes: bool) {
    let mut config = config();
    config.mode = mode;
    config.prune_status_changes = prunes;
    config.projects[0].rules = ProjectRules {
        resolve_age_hours: Some(1),
        ..ProjectRules::default()
    };
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    let mut play = Play::start(Arc::new(store), &config).await.unwrap();
    let (mut sent, mut deleted) = (0, false);
    for step in steps {
        let result = play.step(step).await;
        match step {
            Step::Act(action) => deleted |= format!("{action:?}").contains("Delete"),
            // Storing a batch also checks that each of its records was accounted for.
            Step::Message(_) => {
                sent += 1;
                result.unwrap();
            }
            Step::Flush | Step::Advance(_) => result.unwrap(),
        }
        for issue in issues(&play).await {
            assert!(
                issue.status.allows(issue.substatus) && !issue.status.is_hidden(),
                "{issue:?} after {step:?}"
            );
            assert!(
                issue.first_seen <= issue.last_seen && issue.times_seen >= 1,
                "{issue:?}"
            );
        }
    }
    play.flush().await.unwrap();
    assert_eq!(play.tally().records(), sent);
    let outcomes = play
        .store()
        .outcomes(OutcomeGrouping::Reason)
        .await
        .unwrap();
    let counted: f64 = outcomes.iter().map(|row| row.quantity).sum();
    assert_eq!(counted, sent as f64, "{outcomes:?}");
    let of = |ending| play.tally().0.get(&ending).copied().unwrap_or(0);
    let reached = of(Ending::Created) + of(Ending::Updated);
    if !deleted {
        let seen: i64 = issues(&play)
            .await
            .iter()
            .map(|issue| issue.times_seen)
            .sum();
        assert_eq!(seen, i64::try_from(reached).unwrap());
    }
    play.store().close().await;
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn every_record_is_accounted_for_and_every_state_is_legal(
        steps in steps(),
        is_serial in any::<bool>(),
        prunes in any::<bool>(),
    ) {
        let mode = if is_serial { Mode::Serial } else { Mode::Batched };
        block_on(hold(&steps, mode, prunes));
    }
}
