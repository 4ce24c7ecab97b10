//! Batches and people at the same issues at once. In SQLite they queue; on PostgreSQL they meet.

use super::support::*;
use crate::model::{
    Activity, ActivityKind, GroupHash, History, HistoryKind, IssueId, IssueStatus, ProjectId,
    RejectReason, Resolution, ResolutionKind, ResolutionStatus, Substatus,
};
use crate::store::TriageStore;
use crate::store::backend::Backend;
use crate::store::{
    BatchState, BesidePlan, DeadLetterWrite, Decide, Effects, IngestStore, IssueWrite, LoadPlan,
    Store, StoreError,
};
use futures_util::future::{join, join_all};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Barrier;

const ISSUES: usize = 6;

fn titles() -> Vec<String> {
    (0..ISSUES).map(|n| format!("i{n}")).collect()
}

fn hashes(titles: &[String]) -> Vec<(ProjectId, GroupHash)> {
    let mut hashes: Vec<_> = titles
        .iter()
        .map(|title| (SHOP, GroupHash::of(title)))
        .collect();
    hashes.sort();
    hashes
}

/// As the pipeline does: one more occurrence of each.
fn seen_again(plan: &LoadPlan, mut state: BatchState) -> Effects {
    let issues = plan.hashes.iter().map(|key| {
        let known = state.hashes.get(key).and_then(|id| state.issues.remove(id));
        match known {
            Some(mut known) => {
                known.issue.times_seen += 1;
                touching(known)
            }
            None => IssueWrite {
                new_hash: Some(key.1),
                ..opening(issue(key.0, &key.1.to_string(), at(0)), "")
            },
        }
    });
    Effects {
        issues: issues.collect(),
        now: Some(at(0)),
        ..Effects::default()
    }
}

/// As a person does: another count, to see that none is lost, and lines that point to each other.
fn triaged(ids: &[IssueId], mut state: BatchState) -> Effects {
    let issues = ids.iter().map(|id| {
        let mut issue = state.issues.remove(id).unwrap();
        issue.issue.times_seen += 1;
        let kinds = [HistoryKind::Assigned, HistoryKind::Unassigned];
        issue.history = kinds
            .map(|kind| History {
                kind,
                actor: None,
                release: None,
                at: at(0),
            })
            .to_vec();
        issue.activities = vec![Activity {
            kind: ActivityKind::Note,
            actor: None,
            ident: None,
            data: Value::Null,
            at: at(0),
        }];
        touching(issue)
    });
    Effects {
        issues: issues.collect(),
        now: Some(at(0)),
        ..Effects::default()
    }
}

pub async fn batches_and_people_lose_nothing_of_each_other(store: &Store) {
    const ROUNDS: usize = 10;
    let titles = titles();
    let issues = titles.iter().map(|title| issue(SHOP, title, at(0)));
    let mut ids = open_issues(store, issues.collect()).await;
    let batch = LoadPlan {
        projects: vec![SHOP],
        hashes: hashes(&titles),
        ..LoadPlan::default()
    };
    ids.reverse();
    let naming = LoadPlan {
        issues: ids.clone(),
        ..LoadPlan::default()
    };
    let count = |state: BatchState| seen_again(&batch, state);
    let triage = |state: BatchState| triaged(&ids, state);
    for _ in 0..ROUNDS {
        let batches = (0..2).map(|_| store.ingest("demo", &[], &batch, &count));
        let people = (0..2).map(|_| store.apply(&naming, &triage));
        let (batches, people) = join(join_all(batches), join_all(people)).await;
        for commit in batches.into_iter().chain(people) {
            commit.unwrap();
        }
    }
    let of_each = |n: usize| i64::try_from(ROUNDS * n).unwrap();
    let issues = i64::try_from(ISSUES).unwrap();
    for (sql, expected) in [
        ("SELECT min(times_seen) FROM issue", of_each(4) + 1),
        ("SELECT max(times_seen) FROM issue", of_each(4) + 1),
        ("SELECT count(*) FROM issue", issues),
        ("SELECT count(*) FROM activity", of_each(2) * issues),
        ("SELECT count(*) FROM issue_history", of_each(4) * issues),
        // Every line but the first of an issue undoes the one before it.
        (
            "SELECT count(*) FROM issue_history AS h JOIN issue_history AS p ON p.id = h.previous_id
                AND p.issue_id = h.issue_id AND p.kind <> h.kind
             WHERE NOT EXISTS (SELECT 1 FROM issue_history AS b
                WHERE b.issue_id = h.issue_id AND b.id > p.id AND b.id < h.id)",
            (of_each(4) - 1) * issues,
        ),
    ] {
        assert_eq!(number(store, sql).await, expected, "{sql}");
    }
}

pub async fn issues_are_deleted_while_batches_run(store: &Store) {
    const ROUNDS: usize = 12;
    let titles = titles();
    let batch = LoadPlan {
        projects: vec![SHOP],
        hashes: hashes(&titles),
        ..LoadPlan::default()
    };
    let count = |state: BatchState| seen_again(&batch, state);
    store.ingest("demo", &[], &batch, &count).await.unwrap();
    for _ in 0..ROUNDS {
        let mut alive: Vec<_> = load(store, &batch.hashes)
            .await
            .hashes
            .into_values()
            .collect();
        alive.sort();
        alive.reverse();
        let naming = LoadPlan {
            issues: alive.clone(),
            beside: BesidePlan {
                hashes: true,
                ..BesidePlan::default()
            },
            ..LoadPlan::default()
        };
        let delete = |mut state: BatchState| {
            let issues = alive.iter().map(|id| {
                let mut issue = state.issues.remove(id).unwrap();
                issue.issue.status = IssueStatus::PendingDeletion;
                issue.issue.substatus = None;
                issue.gives_up_hashes = true;
                touching(issue)
            });
            Effects {
                issues: issues.collect(),
                ..Effects::default()
            }
        };
        let batches = (0..3).map(|_| store.ingest("demo", &[], &batch, &count));
        let (batches, deleted) = join(join_all(batches), store.apply(&naming, &delete)).await;
        deleted.unwrap();
        for commit in batches {
            commit.unwrap();
        }
    }
    // Each occurrence is in one issue, deleted or not, and each hash leads to one that is not.
    let total = i64::try_from(ISSUES * (1 + 3 * ROUNDS)).unwrap();
    assert_eq!(
        number(store, "SELECT sum(times_seen) FROM issue").await,
        total
    );
    let alive =
        "SELECT count(*) FROM grouphash AS h JOIN issue AS i ON i.id = h.issue_id AND i.status = 0";
    let alive = number(store, alive).await;
    assert_eq!(number(store, "SELECT count(*) FROM grouphash").await, alive);
    assert_eq!(
        number(store, "SELECT count(*) FROM issue WHERE status = 0").await,
        alive
    );
}

/// Creates a release and settles the issues that wait for it.
fn releasing(plan: &LoadPlan, state: BatchState) -> Effects {
    let (project, version) = plan.new_releases[0].clone();
    let settled = state.issues.into_values().map(|mut issue| {
        if let Some(mut resolution) = issue.resolution.clear() {
            resolution.status = ResolutionStatus::Resolved;
            resolution.release.clone_from(&version);
            issue.resolution.set(resolution);
        }
        touching(issue)
    });
    Effects {
        issues: settled.collect(),
        releases: vec![release(project, &version, at(0))],
        ..Effects::default()
    }
}

/// Resolves an issue in the release after the newest one.
fn resolving(id: IssueId, mut state: BatchState) -> Effects {
    let mut issue = state.issues.remove(&id).unwrap();
    let releases = &state.projects[&SHOP].newest_releases;
    issue.issue.status = IssueStatus::Resolved;
    issue.issue.substatus = None::<Substatus>;
    issue.resolution.set(Resolution {
        id: "r".to_owned(),
        kind: Some(ResolutionKind::InNextRelease),
        status: ResolutionStatus::Pending,
        release: releases
            .first()
            .map(|(version, _)| version.clone())
            .unwrap_or_default(),
        release_added: at(0),
        current_release_version: None,
        announced: None,
    });
    Effects {
        issues: vec![touching(issue)],
        ..Effects::default()
    }
}

pub async fn no_issue_misses_the_release_it_waits_for(store: &Store) {
    const ROUNDS: usize = 25;
    open_issues(store, vec![issue(SHOP, "a", at(0))]).await;
    let id = IssueId(1);
    let naming = LoadPlan {
        issues: vec![id],
        all_releases: true,
        ..LoadPlan::default()
    };
    for round in 0..ROUNDS {
        let plan = creating(&format!("n{round:02}"));
        let create = |state: BatchState| releasing(&plan, state);
        let resolve = |state: BatchState| resolving(id, state);
        let (created, resolved) = join(
            store.ingest("demo", &[], &plan, &create),
            store.apply(&naming, &resolve),
        )
        .await;
        created.unwrap();
        resolved.unwrap();
        // It either saw the release, or the release saw it.
        let state = loaded(store, id).await;
        let resolution = state.resolution.get().unwrap();
        assert_eq!(resolution.release, format!("n{round:02}"));
    }
}

fn creating(version: &str) -> LoadPlan {
    let new = vec![(SHOP, version.to_owned())];
    LoadPlan {
        projects: vec![SHOP],
        releases: new.clone(),
        new_releases: new,
        ..LoadPlan::default()
    }
}

/// Goes on once everybody is here.
struct Together<'a> {
    everybody: &'a Barrier,
    plan: &'a LoadPlan,
}

impl Decide for Together<'_> {
    async fn decide(&self, state: BatchState) -> Result<Effects, StoreError> {
        self.everybody.wait().await;
        Ok(releasing(self.plan, state))
    }
}

pub async fn batches_that_create_different_releases_meet(store: &Store) {
    if let Backend::Sqlite(_) = store.backend() {
        // One writes at a time.
        return;
    }
    open_issues(store, vec![issue(SHOP, "a", at(0))]).await;
    let (everybody, plans) = (Barrier::new(2), ["1.0", "2.0"].map(creating));
    let batches = plans.iter().map(|plan| async {
        let decide = Together {
            everybody: &everybody,
            plan,
        };
        store.ingest("demo", &[], plan, &decide).await.unwrap();
    });
    let met = tokio::time::timeout(Duration::from_secs(20), join_all(batches));
    met.await.expect("neither waits for the other's commit");
}

pub async fn a_release_is_created_once(store: &Store) {
    const ROUNDS: usize = 10;
    open_issues(store, vec![issue(SHOP, "a", at(0))]).await;
    let creators = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let plan = creating(&format!("n{round}"));
        let create = |state: BatchState| {
            if state.releases.is_empty() {
                creators.fetch_add(1, Ordering::Relaxed);
            }
            releasing(&plan, state)
        };
        let batches = (0..4).map(|_| store.ingest("demo", &[], &plan, &create));
        for batch in join_all(batches).await {
            batch.unwrap();
        }
    }
    assert_eq!(creators.into_inner(), ROUNDS, "the others find it");
}

pub async fn dead_letters_are_tried_again_while_they_come(store: &Store) {
    const ROUNDS: usize = 20;
    const LETTERS: i64 = 40;
    let letter = |offset| DeadLetterWrite {
        topic: "t".into(),
        partition: 0,
        offset,
        key: None,
        headers: Vec::new(),
        payload: b"{".as_slice().into(),
        reason: RejectReason::InvalidJson,
        detail: String::new(),
    };
    // The numbers of the rows and their places in the partition run in opposite directions.
    for offset in (0..LETTERS).rev() {
        let one = Effects {
            dead_letters: vec![letter(offset)],
            ..Effects::default()
        };
        store_effects(store, &one).await;
    }
    // Every writer opens an issue of its own, so that it also numbers one.
    let plans = |round: usize, who: &str| -> Vec<LoadPlan> {
        let titles = (0..2).map(|writer| format!("{who} {round} {writer}"));
        titles
            .map(|title| LoadPlan {
                projects: vec![SHOP],
                hashes: hashes(&[title]),
                ..LoadPlan::default()
            })
            .collect()
    };
    for round in 0..ROUNDS {
        let coming = plans(round, "comes");
        let set_aside: Vec<_> = coming
            .iter()
            .map(|plan| {
                move |state: BatchState| Effects {
                    dead_letters: (0..LETTERS).map(letter).collect(),
                    ..seen_again(plan, state)
                }
            })
            .collect();
        let mut trying = plans(round, "tried");
        for plan in &mut trying {
            plan.dead_letters = (1..=LETTERS).collect();
        }
        let try_again: Vec<_> = trying
            .iter()
            .map(|plan| {
                move |state: BatchState| Effects {
                    replayed: state.dead_letters.iter().copied().collect(),
                    ..seen_again(plan, state)
                }
            })
            .collect();
        let came = coming
            .iter()
            .zip(&set_aside)
            .map(|(plan, decide)| store.ingest("demo", &[], plan, decide));
        let tried = trying
            .iter()
            .zip(&try_again)
            .map(|(plan, decide)| store.apply(plan, decide));
        let (came, tried) = join(join_all(came), join_all(tried)).await;
        for commit in came.into_iter().chain(tried) {
            commit.unwrap();
        }
    }
    let issues = i64::try_from(4 * ROUNDS).unwrap();
    assert_eq!(
        number(store, "SELECT max(short_id) FROM issue").await,
        issues
    );
    // Each time one came it was an attempt, and so was each time one that was new was tried.
    let came = i64::try_from(2 * ROUNDS).unwrap() + 1;
    let fewest = number(store, "SELECT min(attempts) FROM dead_letter").await;
    assert!(fewest > came, "{fewest}");
    let letters = number(store, "SELECT count(*) FROM dead_letter").await;
    assert_eq!(letters, LETTERS);
}
