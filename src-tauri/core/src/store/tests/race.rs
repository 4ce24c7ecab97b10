//! Two writers.

use super::support::*;
use crate::model::GroupHash;
use crate::store::{
    BatchState, DeadLetterWrite, Effects, Ending, IngestStore, IssueWrite, LoadPlan, ReleaseWrite,
    Store,
};

/// As the pipeline does: adds to the issue of the hash, or opens one.
fn count_into(hash: &str, state: &BatchState) -> Effects {
    let key = (SHOP, GroupHash::of(hash));
    let write = match state.hashes.get(&key) {
        Some(id) => {
            let mut known = state.issues[id].clone();
            known.times_seen += 1;
            IssueWrite {
                issue: known,
                new_hash: None,
                hours: vec![(NOON, 1)],
            }
        }
        None => opening(issue(SHOP, hash, at(0)), hash),
    };
    Effects {
        issues: vec![write],
        now: Some(at(0)),
        ..Effects::default()
    }
}

pub async fn one_new_hash_in_two_batches_makes_one_issue(store: &Store) {
    const ROUNDS: usize = 12;
    const WRITERS: usize = 4;
    for round in 0..ROUNDS {
        let hash = format!("contested {round}");
        // Another hash each, before and after the contested one, so that the writers lock several rows.
        let plans: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let mut hashes = vec![
                    GroupHash::of(&hash),
                    GroupHash::of(&format!("own {round} {writer}")),
                ];
                hashes.sort();
                let hashes = hashes.into_iter().map(|hash| (SHOP, hash)).collect();
                LoadPlan {
                    projects: vec![SHOP],
                    hashes,
                    releases: Vec::new(),
                }
            })
            .collect();
        let fold = |state: BatchState| count_into(&hash, &state);
        let writers = plans
            .iter()
            .map(|plan| store.ingest("demo", &[], plan, &fold));
        let commits = futures_util::future::join_all(writers).await;
        let mut revisions: Vec<_> = commits
            .into_iter()
            .map(|commit| commit.unwrap().revision)
            .collect();
        revisions.sort_unstable();
        revisions.dedup();
        assert_eq!(
            revisions.len(),
            WRITERS,
            "each commit has a revision of its own"
        );

        let state = load(store, &[(SHOP, GroupHash::of(&hash))]).await;
        let times_seen: Vec<_> = state
            .issues
            .values()
            .map(|issue| issue.times_seen)
            .collect();
        assert_eq!(times_seen, [i64::try_from(WRITERS).unwrap()]);
    }
    let issues = number(store, "SELECT count(*) FROM issue").await;
    assert_eq!(issues, i64::try_from(ROUNDS).unwrap());
    assert_eq!(
        number(store, "SELECT max(short_id) FROM issue").await,
        issues,
        "no gaps"
    );
    assert_eq!(
        number(store, "SELECT count(*) FROM grouphash").await,
        issues
    );
}

/// The same rows as every other writer's, in an order of its own.
fn in_another_order(writer: usize) -> Effects {
    const ROWS: u32 = 40;
    let mut numbers: Vec<u32> = (0..ROWS).collect();
    numbers.rotate_left(writer * 7);
    if writer % 2 == 1 {
        numbers.reverse();
    }
    let name = |number: &u32| format!("n{number}");
    Effects {
        occurrences: numbers
            .iter()
            .map(|&number| occurrence(number, None, at(0)))
            .collect(),
        events: numbers
            .iter()
            .map(|&number| super::ingest::event(SHOP, number.into(), "{}"))
            .collect(),
        environments: numbers.iter().map(|number| (SHOP, name(number))).collect(),
        releases: numbers
            .iter()
            .map(|number| ReleaseWrite {
                project_id: SHOP,
                version: name(number),
                date_added: at(0),
                new_groups: number % 2,
                new_issues: vec![(name(number), 1)],
            })
            .collect(),
        dead_letters: numbers
            .iter()
            .map(|&number| DeadLetterWrite {
                topic: "t".into(),
                partition: 0,
                offset: number.into(),
                key: None,
                headers: Vec::new(),
                payload: b"{".as_slice().into(),
                reason: crate::model::RejectReason::InvalidJson,
                detail: String::new(),
            })
            .collect(),
        outcomes: vec![(SHOP, Ending::Updated, 1), (FORGE, Ending::Created, 1)],
        now: Some(at(0)),
        ..Effects::default()
    }
}

pub async fn writers_of_the_same_rows_never_wait_in_a_circle(store: &Store) {
    const ROUNDS: usize = 8;
    const WRITERS: usize = 6;
    let plan = LoadPlan::default();
    for _ in 0..ROUNDS {
        let folds: Vec<_> = (0..WRITERS)
            .map(|writer| move |_: BatchState| in_another_order(writer))
            .collect();
        let writers = folds
            .iter()
            .map(|fold| store.ingest("demo", &[], &plan, fold));
        for commit in futures_util::future::join_all(writers).await {
            commit.unwrap();
        }
    }
    let batches = i64::try_from(ROUNDS * WRITERS).unwrap();
    assert_eq!(number(store, "SELECT count(*) FROM occurrence").await, 40);
    assert_eq!(
        number(store, "SELECT min(attempts) FROM dead_letter").await,
        batches
    );
    assert_eq!(
        number(store, "SELECT max(new_groups) FROM project_release").await,
        batches
    );
    assert_eq!(
        number(
            store,
            "SELECT min(new_issues) FROM project_release_environment"
        )
        .await,
        batches
    );
    assert_eq!(
        number(store, "SELECT min(quantity) FROM outcome_bucket").await,
        batches
    );
}
