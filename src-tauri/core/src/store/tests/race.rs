//! Two writers.

use super::support::*;
use crate::model::GroupHash;
use crate::store::{BatchState, Effects, IngestStore, IssueWrite, LoadPlan, Store};

/// As the pipeline does: adds to the issue of the hash, or opens one.
fn count_into(hash: &str, state: &BatchState) -> Effects {
    let key = (SHOP, GroupHash::of(hash));
    let write = match state.hashes.get(&key) {
        Some(id) => {
            let mut known = state.issues[id].clone();
            known.times_seen += 1;
            IssueWrite { issue: known, new_hash: None, hours: vec![(NOON, 1)] }
        }
        None => opening(issue(SHOP, hash, at(0)), hash),
    };
    Effects { issues: vec![write], now: Some(at(0)), ..Effects::default() }
}

pub async fn one_new_hash_in_two_batches_makes_one_issue(store: &Store) {
    const ROUNDS: usize = 12;
    const WRITERS: usize = 4;
    for round in 0..ROUNDS {
        let hash = format!("contested {round}");
        // Another hash each, before and after the contested one, so that the writers lock several rows.
        let plans: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let mut hashes = vec![GroupHash::of(&hash), GroupHash::of(&format!("own {round} {writer}"))];
                hashes.sort();
                let hashes = hashes.into_iter().map(|hash| (SHOP, hash)).collect();
                LoadPlan { projects: vec![SHOP], hashes, releases: Vec::new() }
            })
            .collect();
        let fold = |state: BatchState| count_into(&hash, &state);
        let writers = plans.iter().map(|plan| store.ingest("demo", &[], plan, &fold));
        let commits = futures_util::future::join_all(writers).await;
        let mut revisions: Vec<_> = commits.into_iter().map(|commit| commit.unwrap().revision).collect();
        revisions.sort_unstable();
        revisions.dedup();
        assert_eq!(revisions.len(), WRITERS, "each commit has a revision of its own");

        let state = load(store, &[(SHOP, GroupHash::of(&hash))]).await;
        let times_seen: Vec<_> = state.issues.values().map(|issue| issue.times_seen).collect();
        assert_eq!(times_seen, [i64::try_from(WRITERS).unwrap()]);
    }
    let issues = number(store, "SELECT count(*) FROM issue").await;
    assert_eq!(issues, i64::try_from(ROUNDS).unwrap());
    assert_eq!(number(store, "SELECT max(short_id) FROM issue").await, issues, "no gaps");
    assert_eq!(number(store, "SELECT count(*) FROM grouphash").await, issues);
}
