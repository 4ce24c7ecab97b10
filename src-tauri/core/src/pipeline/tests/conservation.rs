//! Each record ends as exactly one thing, and how records are batched does not matter (architecture, section 4).

use super::{count, folded_by, folded_with, items, message, now, rules, status_change, with};
use crate::decode::Mode;
use crate::pipeline::batch::{BatchItem, advances};
use crate::pipeline::fold::{FoldRules, StoredEvents};
use crate::pipeline::plan::{plan, referred_events};
use crate::search::Plan;
use crate::store::{Access, BatchState, Effects, Ending, IngestStore, QueryStore, Store, Tally};
use crate::view::IssueOrder;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Anything a topic may hold: good, bad, of another category, light, referring, not for us, and status changes.
/// Messages of different fingerprints share neither ids nor events: which of them comes first would depend on the
/// batch.
fn any_message() -> impl Strategy<Value = Value> {
    let seconds = prop_oneof![3 => Just(0), 1 => 0..600_i64];
    let pair = prop::sample::select(vec![
        (1, None),
        (2, Some(1)),
        (2, Some(5)),
        (2, None),
        (0, Some(2)),
        (0, Some(3)),
        (4, None),
    ]);
    let kind = (0..11_u8, seconds, pair);
    (0..60_u32, 0..5_u32, 0..20_u32, kind).prop_map(|(n, problem, event, (kind, seconds, pair))| {
        let fingerprint = format!("problem {problem}");
        if kind >= 9 {
            return status_change(8 * n + problem, &fingerprint, pair.0, pair.1);
        }
        let base = with(message(8 * n + problem, &fingerprint), |m| {
            let time = now() - chrono::TimeDelta::seconds(seconds);
            let event_id = json!(format!("{:032x}", 0x9000 + 8 * event + problem));
            m["issue_title"] = json!(fingerprint);
            m["event_id"] = event_id.clone();
            m["event"]["event_id"] = event_id;
            m["event"]["timestamp"] = json!(time.to_rfc3339());
            m["event"]["release"] = json!("shop@1.0");
        });
        with(base, |m| match kind {
            0 => m["type"] = json!(4001),
            1 => m["type"] = json!(300),
            2 => {
                m["fingerprint"] = json!([]);
                m["id"] = json!(format!("{:032x}", 0x5000 + n));
            }
            3 => m["is_buffered_spans"] = json!(true),
            4 => {
                m.as_object_mut().unwrap().remove("event");
            }
            5 => m["payload_type"] = json!("snapshot"),
            _ => {}
        })
    })
}

/// Counts, times and state of an issue.
type Standing = (f64, f64, f64, String, Option<String>, String);

/// What a store says after it has taken `messages` in batches of these sizes (the last size repeats).
async fn stored(messages: &[Value], sizes: &[usize]) -> (Tally, BTreeMap<String, Standing>, u64) {
    let store = Store::open("sqlite::memory:", Access::ReadWrite)
        .await
        .unwrap();
    store
        .claim_partition("test", "ingest-occurrences", 0, 0)
        .await
        .unwrap();
    let mut tally = Tally::default();
    // What is pruned depends on where a batch ends.
    let rules = FoldRules {
        prune_status_changes: false,
        ..rules()
    };
    let mut rest = items(messages);
    let mut starts = BTreeMap::from([((std::sync::Arc::from("ingest-occurrences"), 0), 0)]);
    let mut sizes = sizes
        .iter()
        .copied()
        .chain(std::iter::repeat(*sizes.last().unwrap()));
    while !rest.is_empty() {
        let later = rest.split_off(sizes.next().unwrap().min(rest.len()));
        let batch = std::mem::replace(&mut rest, later);
        let known = known_events(&store, &batch).await;
        let moves = advances(&batch, &mut starts);
        let decide = |state| folded_by(&rules, &batch, &known, state);
        let plan = plan(&batch, &known, Mode::Batched, now());
        let commit = store.ingest("test", &moves, &plan, &decide).await.unwrap();
        assert_eq!(commit.tally.records(), batch.len() as u64);
        tally.add(&commit.tally);
    }
    let snapshot = store
        .issue_snapshot(
            &Plan::everything(),
            IssueOrder::default(),
            chrono::DateTime::UNIX_EPOCH,
        )
        .await
        .unwrap();
    let ids: Vec<_> = snapshot.ids.iter().map(|id| id.parse().unwrap()).collect();
    let rows = store.issue_rows(&ids, now()).await.unwrap().into_iter();
    // By fingerprint, which is the title: the numbers of issues follow the order of the buckets.
    let issues = rows.map(|row| {
        let seen = (row.times_seen, row.first_seen, row.last_seen);
        let state = (row.status, row.substatus, row.priority);
        (
            row.title,
            (seen.0, seen.1, seen.2, state.0, state.1, state.2),
        )
    });
    let occurrences = store.summary().await.unwrap().occurrences;
    (tally, issues.collect(), occurrences)
}

async fn known_events(store: &Store, batch: &[BatchItem]) -> StoredEvents {
    let bodies = store
        .load_events(&referred_events(batch))
        .await
        .unwrap()
        .into_iter();
    bodies
        .map(|((project, event), body)| {
            let event_read = crate::decode::read_stored_event(project, event, &body).unwrap();
            ((project, event), event_read)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_of_any_size_end_the_same_and_account_for_every_record(
        messages in prop::collection::vec(any_message(), 1..60),
        sizes in prop::collection::vec(1..20_usize, 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (one, many) = runtime.block_on(async {
            (stored(&messages, &[messages.len()]).await, stored(&messages, &sizes).await)
        });
        prop_assert_eq!(one.0.records(), messages.len() as u64);
        let seen: f64 = one.1.values().map(|issue| issue.0).sum();
        let created = one.0.0.get(&Ending::Created).copied().unwrap_or(0);
        let updated = one.0.0.get(&Ending::Updated).copied().unwrap_or(0);
        prop_assert_eq!(one.1.len() as u64, created);
        prop_assert_eq!(seen, f64::from(u32::try_from(created + updated).unwrap()));
        prop_assert_eq!(one, many);
    }
}

#[test]
fn repeating_a_fold_gives_the_same_effects() {
    let batch = items(&[message(1, "a"), message(2, "b"), message(3, "a"), json!({})]);
    let once = |_: ()| folded_with(&batch, &StoredEvents::new(), BatchState::default());
    let (first, second): (Effects, Effects) = (once(()), once(()));
    assert_eq!(first.issues, second.issues);
    assert_eq!(first.occurrences, second.occurrences);
    assert_eq!(first.tally, second.tally);
    assert_eq!(count(&first, Ending::Created), 2);
}
