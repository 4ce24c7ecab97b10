//! Transactions that come one after the other, each of which reads what the next one starts from.

use super::support::*;
use crate::model::{GroupHash, IssueId, ProjectId};
use crate::store::backend::Backend;
use crate::store::{
    Ahead, BatchState, Effects, IngestStore, LoadPlan, Store, TriageStore, Turn, Wanted,
};
use futures_util::future::join;

fn naming(ids: &[IssueId]) -> LoadPlan {
    LoadPlan {
        issues: ids.to_vec(),
        now: Some(at(0)),
        ..LoadPlan::default()
    }
}

/// One more occurrence of every issue that was loaded.
fn seen_again(mut state: BatchState) -> Effects {
    let mut issues: Vec<_> = state.issues.drain().collect();
    issues.sort_by_key(|(id, _)| *id);
    let again = issues.into_iter().map(|(_, mut issue)| {
        issue.issue.times_seen += 1;
        touching(issue)
    });
    Effects {
        issues: again.collect(),
        now: Some(at(0)),
        ..Effects::default()
    }
}

/// Issues that were loaded, in the order of their ids, and what to write of them.
type Counted = (Vec<IssueId>, Effects);

fn counted(state: BatchState) -> Counted {
    let mut found: Vec<_> = state.issues.keys().copied().collect();
    found.sort_unstable();
    (found, seen_again(state))
}

fn counting(plan: &LoadPlan) -> Wanted<'_, Counted> {
    Wanted {
        plan,
        work: &counted,
    }
}

/// Counts the issues of `this` once more, and works on those of `next`.
async fn turn(
    store: &Store,
    this: &[IssueId],
    ahead: Option<Ahead<Counted>>,
    next: &[IssueId],
) -> Option<Ahead<Counted>> {
    let (plan, next) = (naming(this), naming(next));
    let turn = Turn {
        this: counting(&plan),
        ahead,
        next: Some(counting(&next)),
    };
    let decide = |(found, effects): Counted| {
        assert_eq!(found, this);
        effects
    };
    store.apply_turn(turn, &decide).await.unwrap().1
}

async fn four_issues(store: &Store) -> Vec<IssueId> {
    let titles = ["a", "b", "c", "d"];
    let issues = titles.map(|title| issue(SHOP, title, at(0)));
    open_issues(store, issues.to_vec()).await
}

async fn times_seen(store: &Store) -> Vec<String> {
    lines(
        store,
        "SELECT CAST(times_seen AS TEXT) FROM issue ORDER BY id",
    )
    .await
}

pub async fn each_turn_has_the_issues_it_named(store: &Store) {
    let ids = four_issues(store).await;
    let mut read = None;
    for (this, next) in [(0..2, 2..4), (2..4, 0..2), (0..2, 0..0)] {
        read = turn(store, &ids[this], read, &ids[next]).await;
    }
    assert_eq!(times_seen(store).await, ["3", "3", "2", "2"]);
}

/// What is read under the lock of all writers is what stands; where others write as well, it is read again. In memory no
/// second connection can read.
pub async fn a_turn_starts_from_what_was_read_for_it(store: &Store) {
    let ids = four_issues(store).await;
    let read = turn(store, &ids[..2], None, &ids[2..]).await;
    let is_alone = matches!(&store.backend, Backend::Sqlite(sqlite) if sqlite.reads_beside());
    assert_eq!(read.is_some(), is_alone);
    // Behind the back of the store, which does not count it.
    execute(store, "UPDATE issue SET times_seen = 70 WHERE id > 2").await;
    turn(store, &ids[2..], read, &[]).await;
    let expected = if is_alone { "2" } else { "71" };
    assert_eq!(times_seen(store).await, ["2", "2", expected, expected]);
}

pub async fn what_was_written_between_two_turns_is_kept(store: &Store) {
    let ids = four_issues(store).await;
    let read = turn(store, &ids[..2], None, &ids[2..]).await;
    change(store, ids[3], |known| known.issue.times_seen = 40).await;
    turn(store, &ids[2..], read, &[]).await;
    assert_eq!(times_seen(store).await, ["2", "2", "2", "41"]);
}

/// A turn that failed leaves nothing that the one after it could take for true.
pub async fn a_turn_that_fails_reads_nothing_ahead(store: &Store) {
    let ids = four_issues(store).await;
    let (plan, next) = (naming(&ids[..2]), naming(&ids[2..]));
    let turn_of = || Turn {
        this: counting(&plan),
        ahead: None,
        next: Some(counting(&next)),
    };
    let unfit = |(_, mut effects): Counted| {
        effects.issues[0].state.issue.substatus = None;
        effects
    };
    assert!(store.apply_turn(turn_of(), &unfit).await.is_err());
    assert_eq!(times_seen(store).await, ["1", "1", "1", "1"]);
    // What cannot be read ahead is told by the turn that needs it, not by the one before.
    let missing = LoadPlan {
        projects: vec![ProjectId(99)],
        ..naming(&ids[2..])
    };
    let turn = Turn {
        next: Some(counting(&missing)),
        ..turn_of()
    };
    let (_, ahead) = store
        .apply_turn(turn, &|(_, effects): Counted| effects)
        .await
        .unwrap();
    assert!(ahead.is_none());
    let created = lines(store, "SELECT slug FROM project WHERE id = 99").await;
    assert_eq!(created, [""; 0]);
    assert_eq!(times_seen(store).await, ["2", "2", "1", "1"]);
}

pub async fn batches_between_turns_lose_nothing(store: &Store) {
    const ROUNDS: i64 = 30;
    let ids = four_issues(store).await;
    let hashes = ["a", "b", "c", "d"].map(|title| (SHOP, GroupHash::of(title)));
    let mut batch = LoadPlan {
        projects: vec![SHOP],
        hashes: hashes.to_vec(),
        ..LoadPlan::default()
    };
    batch.hashes.sort();
    let turns = async {
        let mut read = None;
        for _ in 0..ROUNDS {
            read = turn(store, &ids[..2], read, &ids[2..]).await;
            read = turn(store, &ids[2..], read, &ids[..2]).await;
        }
    };
    let batches = async {
        for _ in 0..ROUNDS {
            store
                .ingest("demo", &[], &batch, &seen_again)
                .await
                .unwrap();
        }
    };
    join(turns, batches).await;
    let all = (1 + 2 * ROUNDS).to_string();
    assert_eq!(times_seen(store).await, vec![all; 4]);
}
