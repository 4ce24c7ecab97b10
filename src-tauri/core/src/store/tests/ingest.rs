//! Writing batches.

use super::support::*;
use crate::model::{
    EventBody, EventId, GroupHash, Issue, IssueId, IssueState, IssueStatus, Level, Priority,
    ProjectId,
};
use crate::search::Plan;
use crate::store::{
    BatchState, DeadLetterWrite, Effects, EventWrite, IngestStore, IssueEnvironmentWrite,
    IssueReleaseWrite, IssueWrite, LoadPlan, OffsetAdvance, OutcomeGrouping, QueryStore,
    ReleaseWrite, Slot, Store, StoreError, StoredOffset,
};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const RELEASE: &str = "app@1.0";

fn plan() -> LoadPlan {
    LoadPlan {
        projects: vec![SHOP],
        hashes: vec![(SHOP, GroupHash::of("a")), (SHOP, GroupHash::of("unknown"))],
        releases: vec![(SHOP, RELEASE.to_owned()), (SHOP, "app@9".to_owned())],
        ..LoadPlan::default()
    }
}

fn first_batch() -> Effects {
    let mut first = issue(SHOP, "crash", at(0));
    first.first_release = Some(RELEASE.to_owned());
    first
        .data
        .insert("deep".to_owned(), json!({"ö": [1, 2.5, null]}));
    Effects {
        issues: vec![opening(first, "a")],
        occurrences: vec![
            occurrence(1, Some(Slot(0)), at(0)),
            occurrence(2, None, at(1)),
        ],
        environments: vec![(SHOP, "prod".to_owned())],
        releases: vec![ReleaseWrite {
            project_id: SHOP,
            version: RELEASE.to_owned(),
            date_added: at(0),
            new_groups: 1,
            new_issues: vec![("prod".to_owned(), 1)],
        }],
        issue_environments: vec![IssueEnvironmentWrite {
            slot: Slot(0),
            environment: "prod".to_owned(),
            first_release: Some(RELEASE.to_owned()),
            first_seen: at(5),
        }],
        issue_releases: vec![IssueReleaseWrite {
            slot: Slot(0),
            release: RELEASE.to_owned(),
            environment: "prod".to_owned(),
            first_seen: at(0),
            last_seen: at(0),
        }],
        now: Some(at(5)),
        ..Effects::default()
    }
}

/// An issue with nothing beside it, as it was read.
fn unchanged(state: &BatchState, issue: &Issue) -> IssueState {
    let read = issue.id.and_then(|id| state.issues.get(&id));
    let loaded_content = read.and_then(|read| read.loaded_content);
    assert!(loaded_content.is_some(), "{issue:?}");
    IssueState {
        loaded_content,
        ..IssueState::stored(issue.clone())
    }
}

pub async fn a_batch_is_read_back_as_it_was_written(store: &Store) {
    let effects = first_batch();
    assert_eq!(
        store_batch(store, &plan(), |_| effects.clone())
            .await
            .revision,
        1
    );

    let state = load_plan(store, &plan()).await;
    let id = state.hashes[&(SHOP, GroupHash::of("a"))];
    assert_eq!(state.hashes.len(), 1, "an unknown hash leads nowhere");
    let mut expected = effects.issues[0].state.issue.clone();
    expected.id = Some(id);
    assert_eq!(
        state.issues,
        HashMap::from([(id, unchanged(&state, &expected).into())])
    );
    assert_eq!(
        state.issue_environments,
        HashSet::from([(id, "prod".to_owned())])
    );
    let release = (id, RELEASE.to_owned(), "prod".to_owned());
    assert_eq!(
        state.issue_releases,
        HashMap::from([(release.clone(), at(0))])
    );
    assert_eq!(
        state.releases,
        HashMap::from([((SHOP, RELEASE.to_owned()), at(0))])
    );

    // The update replaces the whole state.
    expected.status = IssueStatus::Resolved;
    expected.substatus = None;
    expected.level = Level::Fatal;
    expected.priority = Some(Priority::High);
    expected.message = "another".to_owned();
    expected.culprit = String::new();
    expected.times_seen = 3;
    expected.first_seen = at(-60);
    expected.last_seen = at(90);
    expected.active_at = at(90);
    expected.data.insert("title".to_owned(), json!("changed"));
    let update = Effects {
        issues: vec![IssueWrite {
            state: IssueState::new(expected.clone()).into(),
            new_hash: None,
            hours: vec![(NOON, 2)],
        }],
        issue_environments: vec![IssueEnvironmentWrite {
            slot: Slot(0),
            environment: String::new(),
            first_release: None,
            first_seen: at(90),
        }],
        issue_releases: vec![IssueReleaseWrite {
            slot: Slot(0),
            release: RELEASE.to_owned(),
            environment: "prod".to_owned(),
            first_seen: at(90),
            last_seen: at(90),
        }],
        releases: vec![ReleaseWrite {
            project_id: SHOP,
            version: RELEASE.to_owned(),
            date_added: at(90),
            new_groups: 2,
            new_issues: vec![("prod".to_owned(), 4)],
        }],
        environments: vec![(SHOP, "prod".to_owned()), (SHOP, String::new())],
        now: Some(at(95)),
        ..Effects::default()
    };
    store_effects(store, &update).await;

    let state = load_plan(store, &plan()).await;
    assert_eq!(
        state.issues,
        HashMap::from([(id, unchanged(&state, &expected).into())])
    );
    assert_eq!(state.issue_environments.len(), 2);
    assert_eq!(state.issue_releases, HashMap::from([(release, at(90))]));
    assert_eq!(
        number(store, "SELECT new_groups FROM project_release").await,
        3
    );
    assert_eq!(
        number(store, "SELECT new_issues FROM project_release_environment").await,
        5
    );
    assert_eq!(
        number(store, "SELECT count(*) FROM project_environment").await,
        2
    );
    assert_eq!(number(store, "SELECT count FROM issue_bucket").await, 3);
}

pub async fn offsets_move_with_the_data_and_fence_late_writers(store: &Store) {
    assert_eq!(
        store.claim_partition("cluster", "t", 0, 100).await.unwrap(),
        100
    );
    assert_eq!(
        store.claim_partition("cluster", "t", 1, 7).await.unwrap(),
        7
    );
    assert_eq!(
        store.claim_partition("cluster", "t", 0, 999).await.unwrap(),
        100,
        "claimed before"
    );
    assert_eq!(
        store.claim_partition("another", "t", 0, 5).await.unwrap(),
        5,
        "another source"
    );

    let batch = [advance(1, 7, 9), advance(0, 100, 150)];
    let effects = first_batch();
    store
        .ingest("cluster", &batch, &plan(), &|_| effects.clone())
        .await
        .unwrap();
    let expected = [stored(0, 150), stored(1, 9)];
    assert_eq!(store.offsets("cluster").await.unwrap(), expected);
    assert_eq!(store.offsets("another").await.unwrap(), [stored(0, 5)]);
    assert!(store.offsets("nobody").await.unwrap().is_empty());

    let before = store.summary().await.unwrap();
    for late in [
        vec![advance(1, 9, 12), advance(0, 100, 150)],
        vec![advance(8, 0, 1)],
    ] {
        let refused = store
            .ingest("cluster", &late, &plan(), &|_| {
                panic!("a fenced batch is not folded")
            })
            .await;
        assert!(
            matches!(refused, Err(StoreError::Fenced { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(store.offsets("cluster").await.unwrap(), expected);
    assert_eq!(store.summary().await.unwrap().revision, before.revision);
}

fn advance(partition: i32, from: i64, to: i64) -> OffsetAdvance {
    OffsetAdvance {
        topic: "t".into(),
        partition,
        from,
        to,
    }
}

fn stored(partition: i32, next_offset: i64) -> StoredOffset {
    StoredOffset {
        topic: "t".to_owned(),
        partition,
        next_offset,
    }
}

pub async fn a_failed_batch_leaves_nothing(store: &Store) {
    store.claim_partition("cluster", "t", 0, 0).await.unwrap();
    let mut broken = first_batch();
    broken
        .occurrences
        .push(occurrence(3, Some(Slot(17)), at(0)));
    let failed = store
        .ingest("cluster", &[advance(0, 0, 3)], &plan(), &|_| broken.clone())
        .await;
    assert!(matches!(failed, Err(StoreError::Corrupt(_))), "{failed:?}");
    nothing_was_written(store).await;
}

pub async fn a_fold_that_panics_leaves_nothing(store: &Store) {
    store.claim_partition("cluster", "t", 0, 0).await.unwrap();
    let batch = [advance(0, 0, 3)];
    let plan = plan();
    let fold = |_: BatchState| -> Effects { panic!("as if the program ended here") };
    let ended = std::panic::AssertUnwindSafe(store.ingest("cluster", &batch, &plan, &fold));
    assert!(futures_util::FutureExt::catch_unwind(ended).await.is_err());
    nothing_was_written(store).await;
    store_batch(store, &plan, |_| first_batch()).await;
}

async fn nothing_was_written(store: &Store) {
    let summary = store.summary().await.unwrap();
    assert_eq!(
        (
            summary.issues,
            summary.occurrences,
            summary.events,
            summary.revision
        ),
        (0, 0, 0, 0)
    );
    assert_eq!(store.offsets("cluster").await.unwrap(), [stored(0, 0)]);
    assert!(store.projects().await.unwrap().is_empty());
    assert_eq!(number(store, "SELECT count(*) FROM grouphash").await, 0);
    assert_eq!(number(store, "SELECT count(*) FROM issue_bucket").await, 0);
}

pub async fn short_ids_count_per_project(store: &Store) {
    let opened = vec![
        issue(SHOP, "one", at(0)),
        issue(FORGE, "two", at(0)),
        issue(SHOP, "three", at(0)),
        issue(SHOP, "four", at(0)),
    ];
    let ids = open_issues(store, opened).await;
    let named = store.issue_rows(&ids, at(0)).await.unwrap();
    let names: Vec<_> = named.iter().map(|row| row.short_id.as_str()).collect();
    assert_eq!(
        names,
        ["PROJECT-1-1", "PROJECT-2-1", "PROJECT-1-2", "PROJECT-1-3"]
    );
    let slugs: Vec<_> = store
        .projects()
        .await
        .unwrap()
        .into_iter()
        .map(|project| project.slug)
        .collect();
    assert_eq!(slugs, ["project-1", "project-2"]);
    assert!(
        ids.windows(2).all(|pair| pair[0] < pair[1]),
        "ids follow the order of appearance: {ids:?}"
    );

    open_issues(store, vec![issue(SHOP, "five", at(1))]).await;
    let id = store
        .issue_by_short_id("Project-1", 4)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        store.issue_rows(&[id], at(0)).await.unwrap()[0].title,
        "five"
    );
    assert_eq!(store.issue_by_short_id("project-1", 5).await.unwrap(), None);
    assert_eq!(store.issue_by_short_id("project-9", 1).await.unwrap(), None);
}

pub async fn a_short_id_counter_that_fell_behind_heals(store: &Store) {
    open_issues(
        store,
        (1..=10)
            .map(|n| issue(SHOP, &format!("old {n}"), at(n)))
            .collect(),
    )
    .await;
    execute(
        store,
        "UPDATE short_id_counter SET last_number = 4 WHERE project_id = 1",
    )
    .await;
    open_issues(
        store,
        vec![issue(SHOP, "new", at(20)), issue(SHOP, "newer", at(21))],
    )
    .await;
    assert!(
        store
            .issue_by_short_id("project-1", 11)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        store
            .issue_by_short_id("project-1", 12)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        number(store, "SELECT last_number FROM short_id_counter").await,
        12
    );
    assert_eq!(store.summary().await.unwrap().issues, 12);
}

pub async fn a_hash_without_an_issue_is_free(store: &Store) {
    // Planned, but the batch opens no issue for it.
    load(store, &[(SHOP, GroupHash::of("a"))]).await;
    assert_eq!(number(store, "SELECT count(*) FROM grouphash").await, 0);

    let row = "INSERT INTO grouphash (project_id, hash, issue_id)";
    let hash = GroupHash::of("a").to_string();
    // Neither a row without an issue nor one whose issue is gone leads anywhere.
    for issue_id in ["NULL", "4711"] {
        execute(store, "DELETE FROM grouphash").await;
        let value = match store.backend() {
            crate::store::backend::Backend::Sqlite(_) => format!("x'{hash}'"),
            crate::store::backend::Backend::Postgres(_) => format!("'{hash}'"),
        };
        execute(store, &format!("{row} VALUES (1, {value}, {issue_id})")).await;
        let state = load(store, &[(SHOP, GroupHash::of("a"))]).await;
        assert!(state.hashes.is_empty(), "{:?}", state.hashes);
    }
    store_batch(store, &plan(), |_| first_batch()).await;
    assert_eq!(
        load(store, &[(SHOP, GroupHash::of("a"))])
            .await
            .issues
            .len(),
        1
    );
}

pub async fn characters_a_database_refuses_do_not_stop_a_batch(store: &Store) {
    let odd = "a\0b".to_owned();
    let mut effects = first_batch();
    effects.issues[0].state.issue.message = odd.clone();
    effects.issues[0].state.issue.culprit = odd.clone();
    effects.issues[0].state.issue.platform = odd.clone();
    effects.issues[0].state.issue.data = json!({"type": "default", "title": odd})
        .as_object()
        .unwrap()
        .clone();
    effects.environments = vec![(SHOP, odd.clone()), (SHOP, "a\u{fffd}b".to_owned())];
    effects.issue_environments[0].environment = odd.clone();
    effects.issue_releases[0].release = odd.clone();
    effects.issue_releases.push(IssueReleaseWrite {
        release: "a\u{fffd}b".to_owned(),
        ..effects.issue_releases[0].clone()
    });
    effects.releases[0].version = odd.clone();
    effects.occurrences[0].environment = odd.clone();
    effects.occurrences[0].release = Some(odd.clone());
    effects.occurrences[0].light_tags = vec![(odd.clone(), odd.clone())];
    effects.dead_letters = vec![DeadLetterWrite {
        topic: "t".into(),
        partition: 0,
        offset: 1,
        key: None,
        headers: vec![(odd.clone(), vec![0, 255])],
        payload: b"\0\xff".as_slice().into(),
        reason: crate::model::RejectReason::InvalidJson,
        detail: odd.clone(),
    }];
    store_batch(store, &plan(), |_| effects.clone()).await;
    let found = matching(store, &Plan::everything()).await;
    let id: IssueId = found[0].parse().unwrap();
    assert_eq!(
        store.issue_rows(&[id], at(0)).await.unwrap()[0].title,
        "a\u{fffd}b"
    );
}

pub async fn events_are_found_by_project_and_id(store: &Store) {
    let mut effects = Effects::default();
    for (project, id, text) in [
        (SHOP, 1, "{\"n\":1}"),
        (FORGE, 1, "{\"n\":2}"),
        (SHOP, 2, "{\"n\":3}"),
    ] {
        effects.events.push(event(project, id, text));
    }
    store_effects(store, &effects).await;
    store_effects(
        store,
        &Effects {
            events: vec![event(SHOP, 2, "{\"n\":4}")],
            ..Effects::default()
        },
    )
    .await;

    let id = |number| EventId(Uuid::from_u128(number));
    let found = store
        .load_events(&[(SHOP, id(2)), (FORGE, id(1)), (FORGE, id(2))])
        .await
        .unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(
        crate::decode::decompress(&found[&(SHOP, id(2))], 100).unwrap(),
        b"{\"n\":4}"
    );
    assert!(store.load_events(&[]).await.unwrap().is_empty());
    let bodies = store.event_bodies(id(1)).await.unwrap();
    assert_eq!(
        bodies,
        [
            (SHOP, "{\"n\":1}".to_owned()),
            (FORGE, "{\"n\":2}".to_owned())
        ]
    );
}

pub fn event(project_id: ProjectId, id: u128, json: &str) -> EventWrite {
    EventWrite {
        project_id,
        event_id: EventId(Uuid::from_u128(id)),
        event_type: "generic".to_owned(),
        event_time: at(0),
        body: EventBody {
            compressed: crate::decode::compress(json.as_bytes()),
            json_bytes: json.len(),
        },
    }
}

pub async fn a_gap_is_skipped_and_counted(store: &Store) {
    store.claim_partition("cluster", "t", 0, 10).await.unwrap();
    store
        .skip_gap("cluster", &advance(0, 10, 25), at(0))
        .await
        .unwrap();
    assert_eq!(store.offsets("cluster").await.unwrap(), [stored(0, 25)]);
    let counted = store.outcomes(OutcomeGrouping::Reason).await.unwrap();
    assert_eq!(
        (counted[0].group.as_str(), counted[0].quantity),
        ("offset_gap", 15.0)
    );

    // A topic that was created anew starts below what was read of its predecessor.
    store
        .skip_gap("cluster", &advance(0, 25, 0), at(0))
        .await
        .unwrap();
    assert_eq!(store.offsets("cluster").await.unwrap(), [stored(0, 0)]);
    assert_eq!(
        store.outcomes(OutcomeGrouping::Reason).await.unwrap(),
        counted
    );

    let late = store.skip_gap("cluster", &advance(0, 25, 30), at(0)).await;
    assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");
}

pub async fn big_batches_are_stored_whole(store: &Store) {
    // Not a power of two, and more than fits one statement.
    const COUNT: u32 = 779;
    let mut effects = Effects {
        now: Some(at(0)),
        ..Effects::default()
    };
    for n in 0..COUNT {
        let place = Slot(effects.issues.len());
        effects.issues.push(opening(
            issue(SHOP, &format!("issue {n}"), at(i64::from(n))),
            &format!("hash {n}"),
        ));
        effects
            .occurrences
            .push(occurrence(n, Some(place), at(i64::from(n))));
        effects.events.push(event(SHOP, u128::from(n), "{}"));
    }
    store_effects(store, &effects).await;
    let summary = store.summary().await.unwrap();
    let counts = (summary.issues, summary.occurrences, summary.events);
    assert_eq!(counts, (COUNT.into(), COUNT.into(), COUNT.into()));

    // All of them are touched by the next batch, and every row gets its own new state.
    let hashes: Vec<_> = (0..COUNT)
        .map(|n| (SHOP, GroupHash::of(&format!("hash {n}"))))
        .collect();
    let plan = LoadPlan {
        hashes: hashes.clone(),
        ..LoadPlan::default()
    };
    store_batch(store, &plan, |state| {
        let touched = hashes.iter().enumerate().map(|(n, hash)| {
            let mut known = state.issues[&state.hashes[hash]].clone();
            known.issue.times_seen += i64::try_from(n).unwrap();
            IssueWrite {
                state: known,
                new_hash: None,
                hours: vec![(NOON, 1)],
            }
        });
        Effects {
            issues: touched.collect(),
            ..Effects::default()
        }
    })
    .await;
    let state = load(store, &hashes).await;
    for (n, hash) in hashes.iter().enumerate() {
        assert_eq!(
            state.issues[&state.hashes[hash]].issue.times_seen,
            i64::try_from(n).unwrap() + 1
        );
    }
}
