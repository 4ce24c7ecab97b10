//! Transactions of people and the clock; what is hidden; what waits for a release.

use super::support::*;
use crate::model::{
    Activity, ActivityKind, Assignee, GroupHash, History, HistoryKind, IssueId, IssueState,
    IssueStatus, Priority, ProjectId, ProjectRules, Resolution, ResolutionKind, ResolutionStatus,
    Substatus,
};
use crate::search::{Condition, IssueTest, Plan};
use crate::store::TriageStore;
use crate::store::{
    BatchState, Effects, Held, IngestStore, IssueEnvironmentWrite, IssueReleaseWrite, LoadPlan,
    OffsetAdvance, ProjectState, QueryStore, Slot, Store, StoreError,
};
use crate::view::{IssueOrder, IssueSort, OccurrencePosition};
use serde_json::json;
use std::collections::{HashMap, HashSet};

fn naming(ids: &[i64]) -> LoadPlan {
    LoadPlan {
        issues: ids.iter().copied().map(IssueId).collect(),
        now: Some(at(0)),
        ..LoadPlan::default()
    }
}

pub async fn issues_are_changed_by_their_ids(store: &Store) {
    open_issues(
        store,
        vec![issue(SHOP, "a", at(0)), issue(FORGE, "b", at(0))],
    )
    .await;
    let seen = Effects {
        issues: vec![touching(loaded(store, IssueId(1)).await)],
        issue_environments: vec![IssueEnvironmentWrite {
            slot: Slot(0),
            environment: "prod".to_owned(),
            first_release: None,
            first_seen: at(0),
        }],
        ..Effects::default()
    };
    store_effects(store, &seen).await;
    execute(
        store,
        "UPDATE project SET resolve_age_hours = 5, feedback_in_inbox = (1 = 0) WHERE id = 2",
    )
    .await;
    let revision = store.summary().await.unwrap().revision;

    let commit = store
        .apply(&naming(&[1, 2, 77]), &|mut state: BatchState| {
            let found: HashSet<_> = state.issues.keys().copied().collect();
            assert_eq!(found, HashSet::from([IssueId(1), IssueId(2)]));
            assert!(state.hashes.is_empty());
            let environments = HashSet::from([(IssueId(1), "prod".to_owned())]);
            assert_eq!(state.issue_environments, environments);
            let rules = ProjectRules {
                resolve_age_hours: Some(5),
                feedback_in_inbox: false,
            };
            let forge = ProjectState {
                rules,
                newest_releases: Vec::new(),
                ..ProjectState::default()
            };
            let projects = HashMap::from([(SHOP, ProjectState::default()), (FORGE, forge)]);
            assert_eq!(state.projects, projects);
            let mut second = state.issues.remove(&IssueId(2)).unwrap();
            second.issue.status = IssueStatus::Resolved;
            second.issue.substatus = None;
            Effects {
                issues: vec![touching(second)],
                ..Effects::default()
            }
        })
        .await
        .unwrap();
    assert_eq!(commit.revision, revision + 1);
    let resolved = of_status(IssueStatus::Resolved);
    assert_eq!(matching(store, &resolved).await, ["2"]);
    let since = store
        .issue_changes(&resolved, &Held::of(revision, 0))
        .await
        .unwrap();
    assert_eq!(since.added, 1.0);
    assert_eq!(number(store, "SELECT count(*) FROM grouphash").await, 2);
}

pub async fn records_need_a_source(store: &Store) {
    let effects = Effects {
        occurrences: vec![occurrence(1, None, at(0))],
        environments: vec![(SHOP, "prod".to_owned())],
        ..Effects::default()
    };
    let refused = store.apply(&naming(&[]), &|_| effects.clone()).await;
    assert!(
        matches!(refused, Err(StoreError::Corrupt(_))),
        "{refused:?}"
    );
    assert_eq!(store.summary().await.unwrap().revision, 0);
    assert_eq!(
        number(store, "SELECT count(*) FROM project_environment").await,
        0
    );
}

pub async fn an_invalid_pair_is_refused_and_nothing_written(store: &Store) {
    let ids = open_issues(store, vec![issue(SHOP, "a", at(0))]).await;
    let before = store.summary().await.unwrap();
    store.claim_partition("demo", "t", 0, 5).await.unwrap();
    let advance = OffsetAdvance {
        topic: "t".into(),
        partition: 0,
        from: 5,
        to: 9,
    };
    let known = loaded(store, ids[0]).await;
    let before = crate::store::StoreSummary {
        revision: before.revision + 1,
        bytes: 0,
        ..before
    };
    for (status, substatus, said) in [
        (
            IssueStatus::Unresolved,
            None,
            "unresolved with the substatus none",
        ),
        (
            IssueStatus::Resolved,
            Some(Substatus::Ongoing),
            "resolved with the substatus ongoing",
        ),
        (
            IssueStatus::Ignored,
            Some(Substatus::New),
            "ignored with the substatus new",
        ),
        (
            IssueStatus::PendingDeletion,
            Some(Substatus::Forever),
            "pending_deletion with the substatus archived_forever",
        ),
    ] {
        let mut changed = known.clone();
        changed.issue.status = status;
        changed.issue.substatus = substatus;
        let mut opened = opening(issue(FORGE, "b", at(0)), "b");
        opened.state.issue.status = status;
        opened.state.issue.substatus = substatus;
        let valid = opening(issue(SHOP, "valid", at(0)), "valid");
        for (write, who) in [
            (touching(changed), "issue 1"),
            (opened, "a new issue of project 2"),
        ] {
            let effects = Effects {
                issues: vec![valid.clone(), write],
                occurrences: vec![occurrence(1, Some(Slot(0)), at(0))],
                ..Effects::default()
            };
            let refused = store
                .ingest(
                    "demo",
                    std::slice::from_ref(&advance),
                    &naming(&[1]),
                    &|_| effects.clone(),
                )
                .await;
            let Err(error @ StoreError::InvalidStatus { .. }) = refused else {
                panic!("{refused:?}");
            };
            assert_eq!(error.to_string(), format!("{who} cannot be {said}"));
            assert!(!error.is_transient());
        }
    }
    let after = store.summary().await.unwrap();
    assert_eq!(crate::store::StoreSummary { bytes: 0, ..after }, before);
    assert_eq!(store.offsets("demo").await.unwrap()[0].next_offset, 5);
    assert_eq!(loaded(store, ids[0]).await, known);
}

pub async fn given_up_hashes_lead_nowhere(store: &Store) {
    let ids = open_issues(
        store,
        vec![issue(SHOP, "a", at(0)), issue(SHOP, "b", at(0))],
    )
    .await;
    change(store, ids[0], |issue| {
        issue.issue.status = IssueStatus::PendingDeletion;
        issue.issue.substatus = None;
        issue.gives_up_hashes = true;
    })
    .await;
    let (a, b) = ((SHOP, GroupHash::of("a")), (SHOP, GroupHash::of("b")));
    let state = load(store, &[a, b]).await;
    assert_eq!(state.hashes, HashMap::from([(b, ids[1])]));

    // The next occurrence opens a new issue; the old one is still there to name.
    let again = open_issues(store, vec![issue(SHOP, "a", at(9))]).await;
    assert!(!ids.contains(&again[0]));
    assert_eq!(load(store, &[a, b]).await.hashes[&a], again[0]);
    let old = loaded(store, ids[0]).await.issue;
    assert_eq!(old.status, IssueStatus::PendingDeletion);

    // In one batch as well: given up by one issue and taken by another.
    let plan = LoadPlan {
        hashes: vec![b],
        ..LoadPlan::default()
    };
    store_batch(store, &plan, |mut state| {
        let mut old = state.issues.remove(&ids[1]).unwrap();
        old.issue.status = IssueStatus::DeletionInProgress;
        old.issue.substatus = None;
        old.gives_up_hashes = true;
        Effects {
            issues: vec![opening(issue(SHOP, "new b", at(1)), "b"), touching(old)],
            ..Effects::default()
        }
    })
    .await;
    let state = load(store, &[a, b]).await;
    assert_eq!(state.issues[&state.hashes[&b]].issue.title(), "new b");
}

/// Many issues that stand alike are written by other statements than few.
pub async fn issues_stand_as_they_are_changed_however_many_there_are(store: &Store) {
    const MANY: usize = 60;
    let new = (0..MANY).map(|n| issue(SHOP, &format!("i{n}"), at(0)));
    let ids = open_issues(store, new.collect()).await;
    let changed = |mut state: IssueState, turn: usize| {
        let place = usize::try_from(state.issue.id.unwrap().0).unwrap();
        let (kind, issue) = (place % 3, &mut state.issue);
        match (turn, kind) {
            // Most are resolved, some are handed over, and a few are each like no other.
            (0, _) if place > 50 => issue.resolved_at = Some(at(i64::try_from(place).unwrap())),
            (0, 0) => issue.assignee = Some(Assignee::User(7)),
            (0, _) => {
                issue.status = IssueStatus::Resolved;
                issue.substatus = None;
                issue.resolved_at = Some(at(5));
            }
            (_, 0) => issue.assignee = Some(Assignee::Team(3)),
            (_, 1) => {
                issue.priority = Some(Priority::High);
                issue.priority_locked_at = Some(at(9));
            }
            _ => {
                issue.resolved_at = None;
                issue.assignee = None;
            }
        }
        let line = |kind, at| History {
            kind,
            actor: Some(7),
            release: None,
            at,
        };
        let log = |kind, at| Activity {
            kind,
            actor: None,
            ident: None,
            data: json!({ "place": place % 2 }),
            at,
        };
        state.history = vec![
            line(HistoryKind::Resolved, at(1)),
            line(HistoryKind::Ongoing, at(2)),
        ];
        state.activities = vec![
            log(ActivityKind::SetResolved, at(1)),
            log(ActivityKind::SetUnresolved, at(2)),
        ];
        state
    };
    let plan = LoadPlan {
        issues: ids.clone(),
        without_content: true,
        now: Some(at(0)),
        ..LoadPlan::default()
    };
    for turn in 0..2 {
        let before: Vec<IssueState> = load_issues(store, &ids).await;
        let decide = |mut state: BatchState| {
            let issues = ids.iter().map(|id| state.issues.remove(id).unwrap());
            Effects {
                issues: issues
                    .map(|state| touching(changed(*state, turn)))
                    .collect(),
                now: Some(at(0)),
                ..Effects::default()
            }
        };
        store.apply(&plan, &decide).await.unwrap();
        let after = load_issues(store, &ids).await;
        for (before, after) in before.into_iter().zip(after) {
            assert_eq!(after.issue, changed(before, turn).issue);
        }
    }
    // Of each issue in the order it happened, each line with the newest one before it that it undoes.
    let linked = "SELECT count(*) FROM issue_history AS h WHERE h.previous_id = \
        (SELECT max(p.id) FROM issue_history AS p WHERE p.issue_id = h.issue_id AND p.id < h.id)";
    assert_eq!(
        number(store, linked).await,
        i64::try_from(3 * MANY).unwrap()
    );
    let in_order = "SELECT count(*) FROM activity AS a JOIN activity AS b \
        ON b.issue_id = a.issue_id AND b.id > a.id AND b.at < a.at";
    assert_eq!(number(store, in_order).await, i64::try_from(MANY).unwrap());
}

pub async fn what_an_issue_says_is_written_only_when_it_changes(store: &Store) {
    let ids = open_issues(store, vec![issue(SHOP, "crash", at(0))]).await;
    // Only a write of the content would mend this.
    execute(store, "UPDATE issue_content SET title = 'as marked'").await;
    let title = "SELECT c.title FROM issue AS i JOIN issue_content AS c ON c.issue_id = i.id";
    change(store, ids[0], |state| state.issue.times_seen += 1).await;
    assert_eq!(lines(store, title).await, ["as marked"]);
    assert_eq!(number(store, "SELECT times_seen FROM issue").await, 2);

    change(store, ids[0], |state| {
        state.issue.culprit = "elsewhere".to_owned();
    })
    .await;
    assert_eq!(lines(store, title).await, ["crash"]);
    assert_eq!(
        lines(store, "SELECT culprit FROM issue_content").await,
        ["elsewhere"]
    );
}

async fn load_issues(store: &Store, ids: &[IssueId]) -> Vec<IssueState> {
    let mut states = Vec::new();
    for id in ids {
        states.push(loaded(store, *id).await);
    }
    states
}

pub async fn hidden_issues_are_in_no_list(store: &Store) {
    let effects = Effects {
        issues: ["a", "b", "c", "d"]
            .map(|title| opening(issue(SHOP, title, at(0)), title))
            .to_vec(),
        occurrences: (0..4)
            .map(|n| occurrence(n, Some(Slot(n as usize)), at(0)))
            .collect(),
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let everything = Plan::everything();
    let newest = OccurrencePosition::Newest;
    let snapshot = store
        .issue_snapshot(&everything, IssueOrder::default(), at(0))
        .await
        .unwrap();
    assert_eq!(snapshot.total, 4.0);
    assert!(
        store
            .occurrence(IssueId(2), &newest)
            .await
            .unwrap()
            .is_some()
    );
    for (id, status) in [
        (2, IssueStatus::PendingDeletion),
        (3, IssueStatus::DeletionInProgress),
        (4, IssueStatus::PendingMerge),
    ] {
        change(store, IssueId(id), |issue| {
            issue.issue.status = status;
            issue.issue.substatus = None;
        })
        .await;
    }

    for sort in [IssueSort::LastSeen, IssueSort::FirstSeen, IssueSort::Events] {
        let left = store
            .issue_snapshot(&everything, sort.into(), at(0))
            .await
            .unwrap();
        assert_eq!((left.ids, left.total), (vec!["1".to_owned()], 1.0));
    }
    let other_than = |status| asking(of_status(status).condition.negated());
    for (plan, found) in [
        (other_than(IssueStatus::Resolved), 1),
        (other_than(IssueStatus::Unresolved), 0),
        (asking(Condition::Issue(IssueTest::Project(vec![1]))), 1),
    ] {
        assert_eq!(matching(store, &plan).await.len(), found, "{plan:?}");
    }
    let revision = snapshot.revision.parse().unwrap();
    let changes = store
        .issue_changes(&everything, &Held::of(revision, 4))
        .await
        .unwrap();
    let moved = (changes.added, changes.changed, changes.left);
    assert_eq!(moved, (0.0, 0.0, 3.0));
    let ids: Vec<_> = (1..=4).map(IssueId).collect();
    let rows = store.issue_rows(&ids, at(0)).await.unwrap();
    assert_eq!(rows.len(), 1);
    for (&id, number) in ids.iter().zip(1..) {
        let is_shown = id == IssueId(1);
        let detail = store.issue_detail(id, at(0)).await.unwrap();
        assert_eq!(detail.is_some(), is_shown, "{id}");
        let named = store.issue_by_short_id("project-1", number).await.unwrap();
        assert_eq!(named.is_some(), is_shown, "{id}");
        for position in [
            newest.clone(),
            OccurrencePosition::Oldest,
            OccurrencePosition::Exact(format!("{:032x}", number - 1)),
        ] {
            let found = store.occurrence(id, &position).await.unwrap();
            assert_eq!(found.is_some(), is_shown, "{id} {position:?}");
        }
    }
    // The pipeline still finds them.
    let state = load(store, &[(SHOP, GroupHash::of("b"))]).await;
    assert_eq!(
        state.issues[&IssueId(2)].issue.status,
        IssueStatus::PendingDeletion
    );
}

fn waiting(release: &str, status: ResolutionStatus) -> Resolution {
    Resolution {
        id: "r".to_owned(),
        kind: Some(ResolutionKind::InNextRelease),
        status,
        release: release.to_owned(),
        release_added: at(0),
        current_release_version: None,
        announced: None,
    }
}

pub async fn issues_that_wait_are_loaded_for_a_new_release_only(store: &Store) {
    let resolved = |project: ProjectId, title: &str, status| {
        let mut opened = opening(issue(project, title, at(0)), title);
        opened.state.issue.status = IssueStatus::Resolved;
        opened.state.issue.substatus = None;
        opened.state.resolution.set(waiting("app@1", status));
        opened
    };
    let effects = Effects {
        issues: vec![
            resolved(SHOP, "waits", ResolutionStatus::Pending),
            resolved(SHOP, "is settled", ResolutionStatus::Resolved),
            resolved(FORGE, "waits elsewhere", ResolutionStatus::Pending),
            opening(issue(SHOP, "open", at(0)), "open"),
        ],
        releases: vec![release(SHOP, "app@1", at(10))],
        ..Effects::default()
    };
    store_effects(store, &effects).await;

    let plan = |version: &str, is_new: bool| {
        let release = vec![(SHOP, version.to_owned())];
        LoadPlan {
            projects: vec![SHOP],
            new_releases: if is_new { release.clone() } else { Vec::new() },
            releases: release,
            ..LoadPlan::default()
        }
    };
    let state = load_plan(store, &plan("app@2", true)).await;
    assert_eq!(state.issues.keys().collect::<Vec<_>>(), [&IssueId(1)]);
    let kept = state.issues[&IssueId(1)].resolution.get().unwrap();
    assert_eq!(
        (kept.status, kept.release_added),
        (ResolutionStatus::Pending, at(10))
    );
    // The release it names is known by its date, though nobody has planned it.
    let known = HashMap::from([((SHOP, "app@1".to_owned()), at(10))]);
    assert_eq!(state.releases, known);
    assert_eq!(
        state.projects[&SHOP].newest_releases,
        [("app@1".to_owned(), at(10))]
    );
    for nothing_new in [plan("app@1", true), plan("app@2", false)] {
        let state = load_plan(store, &nothing_new).await;
        assert!(state.issues.is_empty(), "{nothing_new:?}");
    }
}

pub async fn releases_come_newest_first(store: &Store) {
    let mut resolved = opening(issue(SHOP, "resolved", at(0)), "resolved");
    resolved
        .state
        .resolution
        .set(waiting("n00", ResolutionStatus::Pending));
    let sighting = |slot, version: &str| IssueReleaseWrite {
        slot: Slot(slot),
        release: version.to_owned(),
        environment: "prod".to_owned(),
        first_seen: at(0),
        last_seen: at(3),
    };
    let mut releases: Vec<_> = (0..11)
        .map(|n| release(SHOP, &format!("n{n:02}"), at(n)))
        .collect();
    // As old as the newest. Of these the greater text is newer, whatever a dictionary says.
    releases.push(release(SHOP, "a", at(10)));
    releases.push(release(SHOP, "Z", at(10)));
    let effects = Effects {
        issues: vec![
            resolved,
            opening(issue(FORGE, "open", at(0)), "open"),
            opening(issue(SHOP, "other", at(0)), "other"),
        ],
        releases,
        issue_releases: vec![sighting(0, "n01"), sighting(0, "n02"), sighting(1, "f")],
        ..Effects::default()
    };
    store_effects(store, &effects).await;
    let versions = |state: &BatchState, project| -> Vec<String> {
        let releases = &state.projects[&project].newest_releases;
        releases
            .iter()
            .map(|(version, _)| version.clone())
            .collect()
    };
    let ten = [
        "n10", "a", "Z", "n09", "n08", "n07", "n06", "n05", "n04", "n03",
    ];

    let state = load_plan(store, &naming(&[1, 2])).await;
    assert_eq!(versions(&state, SHOP), ten);
    assert!(versions(&state, FORGE).is_empty());
    assert!(state.issue_releases.is_empty());
    let state = load_plan(store, &naming(&[3])).await;
    assert!(versions(&state, SHOP).is_empty(), "nothing is resolved");

    let all = LoadPlan {
        all_releases: true,
        ..naming(&[2, 3])
    };
    let state = load_plan(store, &all).await;
    assert_eq!(versions(&state, SHOP)[..10], ten);
    assert_eq!(versions(&state, SHOP).len(), 13);
    let seen = (IssueId(2), "f".to_owned(), "prod".to_owned());
    assert_eq!(state.issue_releases, HashMap::from([(seen, at(3))]));
}
