//! Whatever is done, taking it back from the last thing on gives the first state back.

use super::desk::Desk;
use picket_tests::fresh::Fresh;
use picket_tests::service;
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
        Just(json!({"status": "resolved", "statusDetails": {
            "inCommit": {"repository": "web", "commit": "abc"}
        }})),
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

/// An entry of the journal that stands, and the place of what it took back.
struct Standing {
    entry: i64,
    undoes: Option<usize>,
}

async fn play(desk: &mut Desk, deeds: &[Deed]) {
    let before = desk.rows().await;
    let mut done: Vec<Standing> = Vec::new();
    for deed in deeds {
        desk.wait(7);
        let (made, undoes) = match deed {
            Deed::Update(issues, body) => {
                let answer = desk.try_update(issues, body.clone()).await.unwrap();
                (answer.journal.into_iter().collect(), None)
            }
            Deed::Delete(issues) => (desk.delete(issues).await.journal, None),
            Deed::UndoLast => match done.last() {
                Some(last) => {
                    let entry = desk.undo(last.entry).await.entry;
                    (entry.into_iter().collect(), Some(done.len() - 1))
                }
                None => (Vec::new(), None),
            },
        };
        done.extend(made.into_iter().map(|entry| Standing { entry, undoes }));
    }
    while let Some(last) = done.pop() {
        desk.wait(7);
        let report = desk.undo(last.entry).await;
        assert!(report.changed_since.is_empty(), "{report:?}");
        // What it had taken back stands again, under the entry that this made.
        if let (Some(place), Some(again)) = (last.undoes, report.entry) {
            done[place].entry = again;
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
    play_any(&Fresh::Memory, 40);
}

#[test]
fn any_sequence_is_taken_back_from_its_end_on_postgres() {
    if let Some(server) = service::postgres() {
        play_any(&Fresh::Postgres(server), 6);
    }
}

fn play_any(place: &Fresh, cases: u32) {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let mut runner = TestRunner::new(Config {
        cases: asked.and_then(|count| count.parse().ok()).unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let deeds = proptest::collection::vec(deed(), 1..12);
    let ran = runner.run(&deeds, |deeds| {
        runtime.block_on(Desk::play(place, async |desk: &mut Desk| {
            play(desk, &deeds).await;
        }));
        Ok(())
    });
    ran.unwrap();
}
