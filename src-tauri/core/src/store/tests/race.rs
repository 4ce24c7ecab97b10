//! Several writers at once. In SQLite they queue; on PostgreSQL they meet.

use super::support::*;
use crate::limits::CounterWrite;
use crate::model::{GroupHash, RejectReason};
use crate::store::{
    BatchState, DeadLetterWrite, Effects, Ending, IngestStore, IssueWrite, LoadPlan, ReleaseWrite,
    Store,
};

const WRITERS: usize = 4;

/// As the pipeline does: for each hash of the plan, adds to its issue or opens one.
fn count_into(plan: &LoadPlan, state: &BatchState) -> Effects {
    let issues = plan.hashes.iter().map(|key| match state.hashes.get(key) {
        Some(id) => {
            let mut known = state.issues[id].clone();
            known.issue.times_seen += 1;
            IssueWrite {
                state: known,
                new_hash: None,
                hours: vec![(NOON, 1)],
            }
        }
        None => IssueWrite {
            new_hash: Some(key.1),
            ..opening(issue(key.0, &key.1.to_string(), at(0)), "")
        },
    });
    Effects {
        issues: issues.collect(),
        now: Some(at(0)),
        ..Effects::default()
    }
}

/// Stores a batch for each plan, all at once, and answers the revisions.
async fn all_at_once(store: &Store, plans: &[LoadPlan]) -> Vec<i64> {
    let folds: Vec<_> = plans
        .iter()
        .map(|plan| move |state: BatchState| count_into(plan, &state))
        .collect();
    let writers = plans
        .iter()
        .zip(&folds)
        .map(|(plan, fold)| store.ingest("demo", &[], plan, fold));
    let commits = futures_util::future::join_all(writers).await;
    commits
        .into_iter()
        .map(|commit| commit.unwrap().revision)
        .collect()
}

fn plan(hashes: &[String]) -> LoadPlan {
    let mut hashes: Vec<_> = hashes
        .iter()
        .map(|hash| (SHOP, GroupHash::of(hash)))
        .collect();
    hashes.sort();
    LoadPlan {
        projects: vec![SHOP],
        hashes,
        ..LoadPlan::default()
    }
}

pub async fn one_new_hash_in_two_batches_makes_one_issue(store: &Store) {
    const ROUNDS: usize = 12;
    for round in 0..ROUNDS {
        // One hash that all writers have, and one that each has alone.
        let contested = format!("contested {round}");
        let plans: Vec<_> = (0..WRITERS)
            .map(|writer| plan(&[contested.clone(), format!("own {round} {writer}")]))
            .collect();
        let mut revisions = all_at_once(store, &plans).await;
        revisions.sort_unstable();
        revisions.dedup();
        assert_eq!(
            revisions.len(),
            WRITERS,
            "each commit has a revision of its own"
        );

        let state = load(store, &[(SHOP, GroupHash::of(&contested))]).await;
        let times_seen: Vec<_> = state
            .issues
            .values()
            .map(|issue| issue.issue.times_seen)
            .collect();
        assert_eq!(times_seen, [i64::try_from(WRITERS).unwrap()]);
    }
    let issues = number(store, "SELECT count(*) FROM issue").await;
    assert_eq!(issues, i64::try_from(ROUNDS * (WRITERS + 1)).unwrap());
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

pub async fn issues_opened_at_once_are_numbered_without_gaps(store: &Store) {
    const ROUNDS: usize = 12;
    for round in 0..ROUNDS {
        let plans: Vec<_> = (0..WRITERS)
            .map(|writer| plan(&[format!("{round} {writer}")]))
            .collect();
        all_at_once(store, &plans).await;
    }
    let issues = i64::try_from(ROUNDS * WRITERS).unwrap();
    for sql in [
        "SELECT count(DISTINCT short_id) FROM issue",
        "SELECT max(short_id) FROM issue",
        "SELECT last_number FROM short_id_counter",
    ] {
        assert_eq!(number(store, sql).await, issues, "{sql}");
    }
}

pub async fn two_hashes_of_one_issue_lose_no_count(store: &Store) {
    const ROUNDS: usize = 12;
    let hashes: Vec<_> = (0..WRITERS)
        .map(|writer| format!("hash {writer}"))
        .collect();
    all_at_once(store, &[plan(&hashes)]).await;
    // As after a merge.
    execute(store, "UPDATE grouphash SET issue_id = 1").await;
    let plans: Vec<_> = hashes
        .iter()
        .map(|hash| plan(std::slice::from_ref(hash)))
        .collect();
    for _ in 0..ROUNDS {
        all_at_once(store, &plans).await;
    }
    let counted = number(store, "SELECT times_seen FROM issue WHERE id = 1").await;
    assert_eq!(counted, i64::try_from(ROUNDS * WRITERS).unwrap() + 1);
}

/// The same numbers for every writer, in an order of its own.
fn numbers(writer: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..200).collect();
    numbers.rotate_left(writer * 37);
    if writer % 2 == 1 {
        numbers.reverse();
    }
    numbers
}

/// One kind of row at a time: the first table that two writers meet in lets them queue for all that follow.
fn kinds() -> Vec<fn(&[u32]) -> Effects> {
    vec![
        |numbers| Effects {
            occurrences: numbers
                .iter()
                .map(|&n| occurrence(n, None, at(0)))
                .collect(),
            ..Effects::default()
        },
        |numbers| Effects {
            events: numbers
                .iter()
                .map(|&n| super::ingest::event(SHOP, n.into(), "{}"))
                .collect(),
            ..Effects::default()
        },
        |numbers| Effects {
            environments: numbers.iter().map(|n| (SHOP, format!("n{n}"))).collect(),
            ..Effects::default()
        },
        |numbers| Effects {
            releases: numbers.iter().map(|&n| numbered_release(n)).collect(),
            ..Effects::default()
        },
        |numbers| Effects {
            dead_letters: numbers.iter().map(|&n| dead_letter(n)).collect(),
            ..Effects::default()
        },
        |numbers| Effects {
            marks: numbers.iter().map(|n| (SHOP, format!("n{n}"))).collect(),
            now: Some(at(0)),
            ..Effects::default()
        },
        |numbers| Effects {
            counters: numbers.iter().map(|&n| counter(n)).collect(),
            now: Some(at(0)),
            ..Effects::default()
        },
        |_| Effects {
            outcomes: vec![(SHOP, Ending::Updated, 1), (FORGE, Ending::Created, 1)],
            ..Effects::default()
        },
    ]
}

/// Every other one moves its end.
fn counter(number: u32) -> CounterWrite {
    CounterWrite {
        key: format!("n{number}"),
        add: 1,
        expires_at: at(60),
    }
}

fn numbered_release(number: u32) -> ReleaseWrite {
    ReleaseWrite {
        project_id: SHOP,
        version: format!("n{number}"),
        date_added: at(0),
        new_groups: number % 2,
        new_issues: vec![(format!("n{number}"), 1)],
    }
}

fn dead_letter(number: u32) -> DeadLetterWrite {
    DeadLetterWrite {
        topic: "t".into(),
        partition: 0,
        offset: number.into(),
        key: None,
        headers: Vec::new(),
        payload: b"{".as_slice().into(),
        reason: RejectReason::InvalidJson,
        detail: String::new(),
    }
}

pub async fn writers_of_the_same_rows_never_wait_in_a_circle(store: &Store) {
    const ROUNDS: usize = 4;
    let nothing_planned = LoadPlan::default();
    for kind in kinds() {
        for _ in 0..ROUNDS {
            let folds: Vec<_> = (0..WRITERS)
                .map(|writer| move |_: BatchState| kind(&numbers(writer)))
                .collect();
            let writers = folds
                .iter()
                .map(|fold| store.ingest("demo", &[], &nothing_planned, fold));
            for commit in futures_util::future::join_all(writers).await {
                commit.unwrap();
            }
        }
    }
    let batches = i64::try_from(ROUNDS * WRITERS).unwrap();
    for (sql, expected) in [
        ("SELECT count(*) FROM occurrence", 200),
        ("SELECT count(*) FROM event", 200),
        ("SELECT count(*) FROM project_environment", 200),
        ("SELECT count(*) FROM message_mark", 200),
        ("SELECT min(count) FROM counter", batches),
        ("SELECT min(attempts) FROM dead_letter", batches),
        ("SELECT max(new_groups) FROM project_release", batches),
        (
            "SELECT min(new_issues) FROM project_release_environment",
            batches,
        ),
        ("SELECT min(quantity) FROM outcome_bucket", batches),
    ] {
        assert_eq!(number(store, sql).await, expected, "{sql}");
    }
}
