//! Whatever is done, taking it back from the last thing on gives the first state back.

use super::desk::Desk;
use picket_core::store::ActionStore;
use picket_tests::fresh::Fresh;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// Something that is done to some issues.
#[derive(Debug, Clone)]
enum Deed {
    Update(Vec<i64>, Value),
    Delete(Vec<i64>),
    /// Takes back what was done last, and so does it again later.
    UndoLast,
}

fn issues() -> impl Strategy<Value = Vec<i64>> {
    proptest::sample::subsequence(vec![1, 2, 3, 4, 5, 6, 10], 1..=5)
}

fn body() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"status": "resolved"})),
        Just(json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}})),
        Just(json!({"status": "resolvedInNextRelease", "priority": "low"})),
        Just(json!({"status": "ignored"})),
        Just(json!({"status": "ignored", "ignoreCount": 3})),
        Just(json!({"substatus": "archived_until_escalating"})),
        Just(json!({"status": "unresolved", "inbox": true})),
        Just(json!({"priority": "high", "hasSeen": true})),
        Just(json!({"assignedTo": "ben"})),
        Just(json!({"assignedTo": "team:5"})),
        Just(json!({"assignedTo": null})),
        Just(json!({"isBookmarked": true})),
        Just(json!({"isBookmarked": false, "isSubscribed": true})),
        Just(json!({"isPublic": true})),
        Just(json!({"isPublic": false})),
        Just(json!({"inbox": false})),
        Just(json!({"merge": true})),
        Just(json!({"merge": true, "status": "resolved"})),
        Just(json!({"discard": true})),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (issues(), body()).prop_map(|(issues, body)| Deed::Update(issues, body)),
        2 => issues().prop_map(Deed::Delete),
        1 => Just(Deed::UndoLast),
    ]
}

async fn play(desk: &mut Desk, deeds: &[Deed]) {
    let before = desk.rows().await;
    let mut entries: Vec<i64> = Vec::new();
    for deed in deeds {
        desk.wait(7);
        let made = match deed {
            Deed::Update(issues, body) => {
                let answer = desk.try_update(issues, body.clone()).await.unwrap();
                answer.journal.into_iter().collect()
            }
            Deed::Delete(issues) => desk.delete(issues).await.journal,
            Deed::UndoLast => match entries.last() {
                Some(last) => desk.undo(*last).await.entry.into_iter().collect(),
                None => Vec::new(),
            },
        };
        entries.extend(made);
    }
    while let Some(entry) = entries.pop() {
        desk.wait(7);
        let undoes = desk
            .store
            .journal_entry(entry)
            .await
            .unwrap()
            .unwrap()
            .undoes;
        let report = desk.undo(entry).await;
        assert!(report.changed_since.is_empty(), "{report:?}");
        // What was taken back stands again, under the entry that did so.
        let first = entries.iter_mut().find(|earlier| Some(**earlier) == undoes);
        if let (Some(first), Some(again)) = (first, report.entry) {
            *first = again;
        }
    }
    let after = desk.rows().await;
    let lost: Vec<_> = before.difference(&after).collect();
    let gained: Vec<_> = after.difference(&before).collect();
    assert!(
        lost.is_empty() && gained.is_empty(),
        "{lost:#?}\n{gained:#?}"
    );
}

#[test]
fn any_sequence_is_taken_back_from_its_end() {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let mut runner = TestRunner::new(Config {
        cases: asked.and_then(|count| count.parse().ok()).unwrap_or(40),
        failure_persistence: None,
        ..Config::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let deeds = proptest::collection::vec(deed(), 1..12);
    let ran = runner.run(&deeds, |deeds| {
        runtime.block_on(Desk::play(&Fresh::Memory, async |desk: &mut Desk| {
            play(desk, &deeds).await;
        }));
        Ok(())
    });
    ran.unwrap();
}
